//! Where tubes cross a measurement plane.

use glam::{Vec2, Vec3};

use super::planes::PlaneSet;
use super::polygon::{Corners, MOST_CLIPPED, clip};
use super::sequence::{Letter, MISS, Sequence};
use super::surface::Surface;

/// What bounds the directions in which a segment crosses a surface.
pub(super) struct Bounds {
    /// Normal of the surface, away from the image source.
    pub normal: Vec3,
    /// Distance of the image source from the surface \[m\].
    pub height: f32,
    /// Least cosine of a unit direction and the normal that counts.
    pub least: f32,
    /// Directions on whose side the segment begins before the surface.
    pub exit: Option<Vec3>,
    /// Directions on whose side it ends behind the surface.
    pub end: Option<Vec3>,
}

impl Bounds {
    /// Those of the segment after `sequence`, as far as the plane of `letter`; none if the image source lies in the
    /// surface.
    pub fn new(surface: &Surface, sequence: &Sequence, letter: Letter, planes: &PlaneSet) -> Option<Self> {
        let height = surface.normal.dot(surface.corner - sequence.source);
        let (normal, height) =
            if height < 0.0 { (-surface.normal, -height) } else { (surface.normal, height) };
        if height <= 0.0 {
            return None;
        }
        let before = |letter: Letter| {
            let (hit, distance) = planes.seen_from(letter, sequence.source);
            normal * distance - hit * height
        };
        Some(Self {
            normal,
            height,
            least: height / surface.reach(sequence.source),
            exit: (sequence.depth > 0).then(|| sequence.exit_normal * height - normal * sequence.exit_height),
            end: (letter != MISS).then(|| before(letter)),
        })
    }
}

/// Projects tubes onto surfaces.
///
/// Everything that bounds a segment is a half-space of directions from the image source: a plane n·x = h lies before
/// another m·x = g along a direction d where h (m·d) < g (n·d), because both are met ahead. So a footprint is the tube's
/// polygon of directions, clipped by half-spaces through the image source and projected; its edges stay straight.
#[derive(Debug, Default)]
pub(super) struct Projector {
    directions: Corners<Vec3, MOST_CLIPPED>,
    scratch: Corners<Vec3, MOST_CLIPPED>,
    /// The footprint, in cells.
    pub polygon: Corners<Vec2, MOST_CLIPPED>,
    /// Squared length of the path to the last corner \[m²\].
    pub range_squared: f32,
}

impl Projector {
    /// Fills `polygon` with where the segment after `sequence`, as far as the plane of `letter`, crosses a surface;
    /// whether it does.
    pub fn project(
        &mut self,
        surface: &Surface,
        sequence: &Sequence,
        letter: Letter,
        planes: &PlaneSet,
        launch: impl Iterator<Item = Vec3>,
    ) -> bool {
        let bounds = Bounds::new(surface, sequence, letter, planes);
        bounds.is_some_and(|bounds| self.project_within(&bounds, surface, sequence, launch))
    }

    /// The same, within the bounds of that segment.
    pub fn project_within(
        &mut self,
        &Bounds { normal, height, least, exit, end }: &Bounds,
        surface: &Surface,
        sequence: &Sequence,
        launch: impl Iterator<Item = Vec3>,
    ) -> bool {
        self.polygon.clear();
        self.directions.clear();
        for direction in launch {
            self.directions.push(sequence.world_from_launch * direction);
        }
        self.keep(|d| normal.dot(d) - least * d.length());
        for face in [exit, end].into_iter().flatten() {
            self.keep(|d| face.dot(d));
        }
        if self.directions.len() < 3 {
            return false;
        }
        for &direction in self.directions.as_slice() {
            let path = direction * (height / normal.dot(direction));
            self.range_squared = path.length_squared();
            self.polygon.push(surface.cell_coordinates(sequence.source + path));
        }
        true
    }

    #[inline]
    fn keep(&mut self, height: impl Fn(Vec3) -> f32) {
        if self.directions.as_slice().iter().all(|&direction| height(direction) >= 0.0) {
            return;
        }
        clip(&self.directions, &mut self.scratch, height);
        std::mem::swap(&mut self.directions, &mut self.scratch);
    }
}
