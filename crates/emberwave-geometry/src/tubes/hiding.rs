//! Looking for things that hide between the corners of a tube.

use glam::Vec3;

use super::polygon::{Corners, MOST_CORNERS, solid_angle};
use super::sequence::{Letter, MISS, Sequence};
use super::world::World;
use crate::{HalfSpace, MOST_HALF_SPACES};

/// What reaches over a plane by less than this touches it only \[m\].
const SKIN: f32 = 1e-2;

/// What reaches into a tube by less than this share of the way to its middle touches its border only.
const BORDER: f32 = 0.04;

/// Tubes of a smaller solid angle hide nothing that matters \[sr\].
const SMALLEST: f32 = 1e-8;

impl World<'_> {
    /// Whether a triangle reaches into the segment after `sequence` up to the plane of `letter`, within a tube given by
    /// the launch directions of its corners.
    pub(super) fn hides(
        &self,
        sequence: &Sequence,
        letter: Letter,
        launch: impl Iterator<Item = Vec3>,
    ) -> bool {
        let mut directions: Corners<Vec3, MOST_CORNERS> = Corners::default();
        for direction in launch {
            directions.push(sequence.world_from_launch * direction);
        }
        if directions.len() < 3 || solid_angle(directions.as_slice()) < SMALLEST {
            return false;
        }
        let middle: Vec3 = directions.as_slice().iter().sum::<Vec3>() / directions.len() as f32;
        for direction in directions.as_mut_slice() {
            *direction = direction.lerp(middle, BORDER);
        }
        let directions = directions.as_slice();
        let mut region: Corners<Option<HalfSpace>, MOST_HALF_SPACES> = Corners::default();
        let mut keep = |normal: Vec3, height: f32| {
            let offset = normal.dot(sequence.source) + height;
            region.push(Some(HalfSpace { normal, offset }));
        };
        for (at, &direction) in directions.iter().enumerate() {
            let side = direction.cross(directions[(at + 1) % directions.len()]).normalize_or_zero();
            keep(if side.dot(middle) < 0.0 { -side } else { side }, 0.0);
        }
        if sequence.depth > 0 {
            keep(sequence.exit_normal, sequence.exit_height + SKIN);
        }
        if letter != MISS {
            let (normal, height) = self.planes.seen_from(letter, sequence.source);
            keep(-normal, -height + SKIN);
        }
        let of_border = |triangle: u32| {
            let plane = self.planes.plane_from_triangle()[triangle as usize];
            (letter != MISS && plane == letter >> 1) || (sequence.depth > 0 && plane == sequence.letter >> 1)
        };
        let region: Vec<HalfSpace> = region.as_slice().iter().flatten().copied().collect();
        self.bvh.reaches_into(&region, of_border)
    }
}
