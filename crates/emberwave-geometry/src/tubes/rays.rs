//! Ray queries for many directions at once.

use glam::Vec3;

use super::sequence::{Letter, MISS, Sequence};
use super::world::World;
use crate::{Hit, HitStream, RayStream};

/// Rays traced together.
pub(super) const CHUNK: usize = 256;

/// Rays of a chunk, coordinate by coordinate.
#[derive(Clone, Debug)]
pub(super) struct Rays {
    pub len: usize,
    origin: [[f32; CHUNK]; 3],
    direction: [[f32; CHUNK]; 3],
    pub distance: [f32; CHUNK],
    pub triangle: [u32; CHUNK],
}

impl Default for Rays {
    fn default() -> Self {
        let zero = [[0.0; CHUNK]; 3];
        Self { len: 0, origin: zero, direction: zero, distance: [0.0; CHUNK], triangle: [Hit::MISS; CHUNK] }
    }
}

impl Rays {
    #[inline]
    pub fn set(&mut self, ray: usize, origin: Vec3, direction: Vec3) {
        for axis in 0..3 {
            self.origin[axis][ray] = origin[axis];
            self.direction[axis][ray] = direction[axis];
        }
    }

    #[inline]
    pub fn origin(&self, ray: usize) -> Vec3 {
        Vec3::new(self.origin[0][ray], self.origin[1][ray], self.origin[2][ray])
    }

    #[inline]
    pub fn direction(&self, ray: usize) -> Vec3 {
        Vec3::new(self.direction[0][ray], self.direction[1][ray], self.direction[2][ray])
    }

    /// Finds what each ray hits.
    pub fn trace(&mut self, world: &World<'_>) {
        let len = self.len;
        self.distance[..len].fill(f32::INFINITY);
        let rays = RayStream {
            origin: self.origin.each_ref().map(|column| &column[..len]),
            direction: self.direction.each_ref().map(|column| &column[..len]),
        };
        let hits = HitStream { distance: &mut self.distance[..len], triangle: &mut self.triangle[..len] };
        world.bvh.closest_hits(&rays, hits);
    }
}

/// A direction within a sequence, and the letter that follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// Launch direction.
    pub direction: Vec3,
    pub sequence: u32,
    pub letter: Letter,
}

impl World<'_> {
    /// Finds the letter that follows for every probe.
    pub(super) fn trace(&self, sequences: &[Sequence], probes: &mut [Probe]) {
        self.buffers.rays.lend(|rays| {
            for chunk in probes.chunks_mut(CHUNK) {
                self.trace_chunk(sequences, chunk, rays);
            }
        });
    }

    /// Finds the letters for at most [`CHUNK`] probes.
    fn trace_chunk(&self, sequences: &[Sequence], probes: &mut [Probe], rays: &mut Rays) {
        rays.len = probes.len();
        for (ray, probe) in probes.iter().enumerate() {
            let sequence = &sequences[probe.sequence as usize];
            let along = (sequence.world_from_launch * probe.direction).normalize();
            rays.set(ray, sequence.start(along), along);
        }
        rays.trace(self);
        for (ray, probe) in probes.iter_mut().enumerate() {
            probe.letter = match rays.triangle[ray] {
                Hit::MISS => MISS,
                triangle => self.meeting(triangle, rays.direction(ray)).letter,
            };
        }
    }
}
