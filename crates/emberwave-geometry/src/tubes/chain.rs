//! Looking ahead: what a direction meets if it is reflected everywhere, and where it comes by a measurement surface.

use glam::Vec3;

use super::estimate::Estimate;
use super::rays::{CHUNK, Rays};
use super::sequence::{Letter, MISS, Sequence};
use super::world::World;
use crate::Hit;

/// How many letters ahead a chain knows, as many as `sides` has bits for. Tubes whose paths come by no surface so far are
/// not followed, so what only longer paths bring is missed.
pub(super) const CHAIN: usize = 8;

/// The share of the power that is taken to come through walls in the way, where nothing better is known.
const THROUGH_WALLS: f32 = 0.01;

/// The share that comes through one.
const THROUGH_A_WALL: f32 = 0.1;

/// The letters that follow a direction if it is reflected everywhere, and what it brings to the surfaces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    letters: [Letter; CHAIN],
    /// The cell that each segment crosses, or would cross without walls; [`MISS`] where none.
    cells: [u32; CHAIN],
    /// Power over squared distance there \[1/m²\]; less where walls are in the way.
    gains: [f32; CHAIN],
    /// The area there that a unit of solid angle covers \[m²/sr\].
    areas: [f32; CHAIN],
    /// Segments that cross a surface before they hit, one bit each; wider than [`CHAIN`], so that shifts by all of them are none
    /// too many.
    crossings: u16,
    /// Segments that would cross one behind what they hit.
    lines: u16,
    /// Segments that start in front of a surface, eight bits for each of the first four.
    sides: u32,
    /// Segments that there are.
    alive: u16,
    /// Number of letters that are known.
    known: u8,
}

/// What the chains of a tube's corners have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Together {
    any_side: u32,
    every_side: u32,
    alive: u16,
}

impl Together {
    pub const NONE: Self = Self { any_side: 0, every_side: u32::MAX, alive: 0xff };

    pub fn with(self, chain: View<'_>) -> Self {
        if !chain.is_known() {
            return self;
        }
        let (sides, alive) = (chain.sides(), chain.chain.alive >> chain.skip);
        Self {
            any_side: self.any_side | sides,
            every_side: self.every_side & sides,
            alive: self.alive & alive,
        }
    }

    /// Whether some segments start in front of a surface and some behind it, so that paths between cross it even if
    /// these do not.
    pub fn straddles(self) -> bool {
        let alive = u32::from(self.alive) * 0x0101_0101;
        (self.any_side & !self.every_side & alive) != 0
    }
}

impl Chain {
    const UNKNOWN: Self = Self {
        letters: [MISS; CHAIN],
        cells: [MISS; CHAIN],
        gains: [0.0; CHAIN],
        areas: [0.0; CHAIN],
        crossings: 0,
        lines: 0,
        sides: 0,
        alive: 0,
        known: 0,
    };
}

/// A chain from one of its letters on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ChainPart {
    /// Number of the chain; 0 if nothing is known.
    chain: u32,
    skip: u32,
}

impl ChainPart {
    pub const UNKNOWN: Self = Self { chain: 0, skip: 0 };

    /// What comes after the first letter.
    pub fn rest(self) -> Self {
        Self { skip: (self.skip + 1).min(CHAIN as u32), ..self }
    }
}

/// The chains of all vertices.
#[derive(Debug)]
pub(super) struct Chains {
    list: Vec<Chain>,
}

impl Default for Chains {
    fn default() -> Self {
        Self { list: vec![Chain::UNKNOWN] }
    }
}

impl Chains {
    /// Forgets all chains.
    pub fn clear(&mut self) {
        self.list.truncate(1);
    }

    /// A part of a chain.
    #[inline]
    pub fn at(&self, part: ChainPart) -> View<'_> {
        View { chain: &self.list[part.chain as usize], skip: part.skip }
    }
}

/// A part of a chain to look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    chain: &'a Chain,
    skip: u32,
}

impl View<'_> {
    pub fn is_known(self) -> bool {
        self.knows(1)
    }

    /// Whether at least so many letters are known.
    pub fn knows(self, letters: usize) -> bool {
        self.chain.known as usize >= letters + self.skip as usize
    }

    /// The first letter.
    pub fn letter(self) -> Letter {
        self.chain.letters.get(self.skip as usize).copied().unwrap_or(MISS)
    }

    fn sides(self) -> u32 {
        (self.chain.sides >> self.skip) & (0x0101_0101 * (0xff >> self.skip))
    }

    /// Whether it ever comes to a surface, or might through walls.
    pub fn matters(self) -> bool {
        self.arrivals() != 0
    }

    /// Segments that come to a surface or might through walls, one bit each.
    fn arrivals(self) -> u16 {
        (self.chain.crossings | self.chain.lines) >> self.skip << self.skip
    }

    /// The same one by one; nothing is brought by others.
    fn arriving(self) -> impl Iterator<Item = usize> {
        let mut left = self.arrivals();
        std::iter::from_fn(move || {
            let next = (left != 0).then(|| left.trailing_zeros() as usize % CHAIN);
            left &= left.wrapping_sub(1);
            next
        })
    }

    /// The largest share that it adds to what a cell has.
    pub fn importance(self, estimate: &Estimate) -> f32 {
        let share = |segment: usize| self.chain.gains[segment] / estimate.at(self.chain.cells[segment]);
        self.arriving().map(share).fold(0.0, f32::max)
    }

    /// The area that a unit of solid angle covers \[m²/sr\], over all segments.
    pub fn area(self) -> f32 {
        self.arriving().map(|segment| self.chain.areas[segment]).sum()
    }

    /// The largest angle at which the next segment sees a cell of such an area \[rad\], if it crosses a surface.
    pub fn cell_angle(self, cell_area: f32) -> f32 {
        let next = self.skip as usize;
        let crosses = self.chain.crossings >> next & 1 == 1;
        if crosses { (cell_area / self.chain.areas[next]).sqrt() } else { 0.0 }
    }

    /// The power over squared distance that it brings, times that area; where walls are in the way, if these are not
    /// many.
    pub fn power(self) -> f32 {
        let power = |segment: usize| {
            let is_reached = self.chain.crossings >> segment & 1 == 1;
            let likely = if is_reached { 1.0 } else { THROUGH_A_WALL / THROUGH_WALLS };
            likely * self.chain.gains[segment] * self.chain.areas[segment]
        };
        self.arriving().map(power).sum()
    }
}

/// How far to look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    /// Most segments to follow.
    pub segments: usize,
    /// Whether paths may go through what they hit.
    pub through_walls: bool,
}

/// A direction to be followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// Launch direction.
    pub direction: Vec3,
    pub sequence: u32,
    /// The plane to go through first, or [`MISS`].
    pub through: Letter,
    /// Power over that of an isotropic transmitter.
    pub power: f32,
}

/// What is carried along with the rays of a chunk.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    chain: u16,
    power: f32,
    length: f32,
}

/// Rays of a chunk and what they carry.
#[derive(Debug, Default)]
struct Followers {
    rays: Box<Rays>,
    loads: Vec<Load>,
}

/// Memory to follow directions in.
#[derive(Debug, Default)]
pub(super) struct FollowBuffers {
    now: Followers,
    next: Followers,
}

impl World<'_> {
    /// Finds the letters that follow and adds them to `chains`; returns the parts from the first letters on and the number
    /// of rays.
    pub(super) fn follow(
        &self,
        sequences: &[Sequence],
        starts: &[Start],
        Ahead { segments, through_walls }: Ahead,
        chains: &mut Chains,
    ) -> (impl Iterator<Item = (ChainPart, Letter)>, usize) {
        let known = segments.min(CHAIN);
        let first = chains.list.len();
        chains.list.resize(first + starts.len(), Chain { known: known as u8, ..Chain::UNKNOWN });
        let chunks = starts.chunks(CHUNK).zip(chains.list[first..].chunks_mut(CHUNK));
        let ahead = Ahead { segments: known, through_walls };
        let rays = self.buffers.followers.lend(|buffers| {
            chunks.map(|(starts, chains)| self.follow_chunk(sequences, starts, chains, ahead, buffers)).sum()
        });
        let numbered = (first as u32..).zip(&chains.list[first..]);
        (numbered.map(|(chain, known)| (ChainPart { chain, skip: 0 }, known.letters[0])), rays)
    }

    fn follow_chunk(
        &self,
        sequences: &[Sequence],
        starts: &[Start],
        chains: &mut [Chain],
        ahead: Ahead,
        buffers: &mut FollowBuffers,
    ) -> usize {
        let FollowBuffers { now, next } = buffers;
        now.rays.len = starts.len();
        now.loads.clear();
        for (ray, start) in starts.iter().enumerate() {
            let (from, along, power) = self.set_off(&sequences[start.sequence as usize], start);
            let length = (from - sequences[start.sequence as usize].source).length();
            now.loads.push(Load { chain: ray as u16, power, length });
            now.rays.set(ray, from, along);
        }
        let mut count = 0;
        for segment in 0..ahead.segments {
            count += now.rays.len;
            now.rays.trace(self);
            let walls = if ahead.through_walls { THROUGH_WALLS } else { 0.0 };
            self.note_crossings(now, chains, (segment, walls));
            self.reflect(now, next, chains, segment);
            std::mem::swap(now, next);
        }
        count
    }

    /// Where a direction starts, its direction in the world, and its power.
    fn set_off(&self, sequence: &Sequence, start: &Start) -> (Vec3, Vec3, f32) {
        let along = (sequence.world_from_launch * start.direction).normalize();
        if start.through == MISS {
            return (sequence.start(along), along, start.power);
        }
        let plane = self.meet_plane(start.through >> 1, along);
        let distance = (plane.offset - plane.normal.dot(sequence.source)) / plane.cosine;
        let [_, transmitted] = self.powers.at(plane.material, plane.cosine);
        (plane.leave(sequence.source + along * distance, true), along, start.power * transmitted)
    }

    fn note_crossings(
        &self,
        Followers { rays, loads }: &Followers,
        chains: &mut [Chain],
        (segment, walls): (usize, f32),
    ) {
        for (ray, load) in loads.iter().enumerate() {
            let chain = &mut chains[load.chain as usize];
            chain.alive |= 1 << segment;
            for (index, surface) in self.surfaces.iter().enumerate() {
                if index < 4 && surface.is_in_front(rays.origin(ray)) {
                    chain.sides |= 1 << (8 * index + segment);
                }
                let Some((distance, cell)) = surface.crossing(rays.origin(ray), rays.direction(ray)) else {
                    continue;
                };
                let reached = distance < rays.distance[ray];
                let range = load.length + distance;
                let share = if reached { 1.0 } else { walls };
                let gain = share * load.power / (range * range);
                if gain > chain.gains[segment] {
                    let cosine = surface.normal.dot(rays.direction(ray)).abs();
                    (chain.cells[segment], chain.gains[segment]) = (cell, gain);
                    chain.areas[segment] = range * range / cosine;
                }
                chain.crossings |= u16::from(reached) << segment;
                chain.lines |= u16::from(!reached && walls > 0.0) << segment;
            }
        }
    }

    /// Sends the rays that hit on their way and drops the others.
    fn reflect(&self, now: &Followers, next: &mut Followers, chains: &mut [Chain], segment: usize) {
        let Followers { rays, loads } = now;
        next.loads.clear();
        for ray in (0..rays.len).filter(|&ray| rays.triangle[ray] != Hit::MISS) {
            let (load, along) = (loads[ray], rays.direction(ray));
            let plane = self.meeting(rays.triangle[ray], along);
            chains[load.chain as usize].letters[segment] = plane.letter;
            let point = rays.origin(ray) + along * rays.distance[ray];
            let [share, _] = self.powers.at(plane.material, plane.cosine);
            let (power, length) = (load.power * share, load.length + rays.distance[ray]);
            let reflected = along - plane.normal * (2.0 * plane.cosine);
            next.rays.set(next.loads.len(), plane.leave(point, false), reflected);
            next.loads.push(Load { power, length, ..load });
        }
        next.rays.len = next.loads.len();
    }
}
