//! Tubes: polygons of launch directions whose corners are shared.

use std::ops::Range;

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
    /// Whether it lies on the border of its domain, so that another domain has it, too.
    pub is_on_rim: bool,
}

impl Vertex {
    /// A corner of which nothing is known.
    pub fn new(direction: Vec3, sequence: u32, power: f32) -> Self {
        let (chain, through) = (ChainPart::UNKNOWN, ChainPart::UNKNOWN);
        let probe = direction;
        Self { direction, probe, sequence, letter: MISS, chain, through, power, is_on_rim: false }
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

/// A patch has at least as many tubes along an edge as this, if there are.
const PATCH: u32 = 8;

/// A face has no more patches along an edge than this.
const MOST_PATCHES: u32 = 8;

/// A part of the grid of tubes, on one face of the launch cube.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    face: u32,
    columns: Range<u32>,
    rows: Range<u32>,
}

/// The patches of a grid.
pub(super) fn patches(grid: u32) -> impl Iterator<Item = Patch> {
    let along = (grid / PATCH).clamp(1, MOST_PATCHES);
    let part = move |at: u32| grid * at / along..grid * (at + 1) / along;
    (0..6 * along * along).map(move |index| Patch {
        face: index / (along * along),
        columns: part(index % along),
        rows: part(index / along % along),
    })
}

/// The tubes of a patch of the grid on the faces of a cube, of equal angles; its lines are great circles.
pub(super) fn launch(
    patch: &Patch,
    grid: u32,
    (seed, power): (u64, impl Fn(Vec3) -> f32),
    (vertices, tubes): (&mut Vec<Vertex>, &mut Vec<Tube>),
) {
    // Exact where faces meet, so that both have the same corners there.
    let line = |i: u32| match i {
        0 => -1.0,
        i if i == grid => 1.0,
        i => (std::f64::consts::FRAC_PI_4 * (2.0 * f64::from(i) / f64::from(grid) - 1.0)).tan(),
    };
    let lines = |range: &Range<u32>| (range.start..=range.end).map(line).collect::<Vec<f64>>();
    let (turn, columns, rows) = (turn(seed), lines(&patch.columns), lines(&patch.rows));
    vertices.clear();
    for (j, b) in rows.iter().enumerate() {
        for (i, a) in columns.iter().enumerate() {
            let direction = (turn * on_face(patch.face, *a, *b).normalize()).as_vec3();
            let is_on_rim = i % (columns.len() - 1) == 0 || j % (rows.len() - 1) == 0;
            vertices.push(Vertex { is_on_rim, ..Vertex::new(direction, 0, power(direction)) });
        }
    }
    tubes.clear();
    let [width, height] = [&patch.columns, &patch.rows].map(|range| range.len() as u32);
    for_each_in_blocks(width, height, |i, j| {
        let at = j * (width + 1) + i;
        let corners = [at, at + 1, at + width + 2, at + width + 1].into_iter().collect();
        tubes.push(Tube { sequence: 0, corners, tags: TagLists::NO_TAGS, level: 0 });
    });
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

fn for_each_in_blocks(width: u32, height: u32, mut visit: impl FnMut(u32, u32)) {
    let starts = |length: u32| (0..length).step_by(BLOCK as usize);
    for (row, column) in starts(height).flat_map(|row| starts(width).map(move |column| (row, column))) {
        for j in row..(row + BLOCK).min(height) {
            for i in column..(column + BLOCK).min(width) {
                visit(i, j);
            }
        }
    }
}
