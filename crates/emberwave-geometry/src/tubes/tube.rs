//! Tubes: polygons of launch directions whose corners are shared.

use glam::{DQuat, DVec3, EulerRot, Vec3};

use super::chain::{ChainPart, Chains};
use super::estimate::Estimate;
use super::polygon::{Corners, MOST_CORNERS};
use super::sequence::{Interaction, Letter, MISS};
use super::tag::TagLists;

/// A corner that tubes share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    /// Launch direction.
    pub direction: Vec3,
    /// Where to trace in its place: a little inside of the tubes it belongs to, where it lies on their border.
    pub probe: Vec3,
    pub sequence: u32,
    /// What follows.
    pub letter: Letter,
    /// What follows if it is reflected.
    pub chain: ChainPart,
    /// What follows if it goes through the next plane first.
    pub through: ChainPart,
    /// Power over that of an isotropic transmitter.
    pub power: f32,
}

impl Vertex {
    /// A corner of which nothing is known.
    pub fn new(direction: Vec3, sequence: u32, power: f32) -> Self {
        let (chain, through) = (ChainPart::UNKNOWN, ChainPart::UNKNOWN);
        Self { direction, probe: direction, sequence, letter: MISS, chain, through, power }
    }

    /// A corner on the border of tubes with a letter, which contain the direction `inside`.
    pub fn on_border(direction: Vec3, inside: &Self, letter: Letter) -> Self {
        let probe = direction.lerp(inside.direction, 1.0 / 64.0);
        Self { probe, letter, ..Self::new(direction, inside.sequence, inside.power) }
    }

    /// What follows after an interaction.
    pub fn after(&self, interaction: Interaction) -> ChainPart {
        match interaction {
            Interaction::Reflection => self.chain.rest(),
            Interaction::Transmission => self.through,
        }
    }

    /// Whether paths from here come by a surface.
    pub fn matters(&self, chains: &Chains) -> bool {
        chains.at(self.chain).matters() || chains.at(self.through).matters()
    }

    /// The largest share that paths from here add to what a cell has.
    pub fn importance(&self, chains: &Chains, estimate: &Estimate) -> f32 {
        chains.at(self.chain).importance(estimate).max(chains.at(self.through).importance(estimate))
    }
}

/// A bundle of directions with the same path so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tube {
    pub sequence: u32,
    pub corners: Corners<u32, MOST_CORNERS>,
    /// Number of the list of its edges' tags.
    pub tags: u32,
    /// How often it was divided since the last interaction.
    pub level: u8,
}

impl Tube {
    pub fn corners(&self) -> &[u32] {
        self.corners.as_slice()
    }

    /// Its edges as pairs of corners.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32)> {
        let corners = self.corners();
        (0..corners.len()).map(|at| (corners[at], corners[(at + 1) % corners.len()]))
    }
}

/// A tube whose next letter is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub tube: Tube,
    pub letter: Letter,
}

/// Tubes are listed in blocks of so many by so many, so that neighbours in the list are neighbours in space.
const BLOCK: u32 = 8;

/// The grid of tubes on the faces of a cube, of equal angles; its lines are great circles.
pub(super) fn launch(grid: u32, seed: u64, power: impl Fn(Vec3) -> f32) -> (Vec<Vertex>, Vec<Tube>) {
    let warp = |i: u32| (std::f64::consts::FRAC_PI_4 * (2.0 * f64::from(i) / f64::from(grid) - 1.0)).tan();
    let lines: Vec<f64> = (0..=grid).map(warp).collect();
    let turn = turn(seed);
    let (mut vertices, mut tubes) = (Vec::new(), Vec::new());
    for face in 0..6 {
        let first = vertices.len() as u32;
        for b in &lines {
            for a in &lines {
                let direction = (turn * on_face(face, *a, *b).normalize()).as_vec3();
                vertices.push(Vertex::new(direction, 0, power(direction)));
            }
        }
        for_each_in_blocks(grid, |i, j| {
            let at = first + j * (grid + 1) + i;
            let corners = Corners::from_slice(&[at, at + 1, at + grid + 2, at + grid + 1]);
            tubes.push(Tube { sequence: 0, corners, tags: TagLists::NO_TAGS, level: 0 });
        });
    }
    (vertices, tubes)
}

/// A rotation by which no line of the grid runs along walls.
fn turn(seed: u64) -> DQuat {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let angle = |offset: f64| std::f64::consts::TAU * (offset + seed as f64 * GOLDEN).fract();
    DQuat::from_euler(EulerRot::ZYZ, angle(0.05), angle(0.085), angle(0.123))
}

fn on_face(face: u32, a: f64, b: f64) -> DVec3 {
    match face {
        0 => DVec3::new(1.0, a, b),
        1 => DVec3::new(-1.0, b, a),
        2 => DVec3::new(b, 1.0, a),
        3 => DVec3::new(a, -1.0, b),
        4 => DVec3::new(a, b, 1.0),
        _ => DVec3::new(b, a, -1.0),
    }
}

fn for_each_in_blocks(grid: u32, mut visit: impl FnMut(u32, u32)) {
    let blocks = || (0..grid).step_by(BLOCK as usize);
    for (row, column) in blocks().flat_map(|row| blocks().map(move |column| (row, column))) {
        for j in row..(row + BLOCK).min(grid) {
            for i in column..(column + BLOCK).min(grid) {
                visit(i, j);
            }
        }
    }
}
