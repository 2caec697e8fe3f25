//! What tubes run into.

use glam::Vec3;

use super::buffers::TubeBuffers;
use super::planes::PlaneSet;
use super::power::PowerTable;
use super::sequence::{Interaction, Letter, Sequence};
use super::surface::Surface;
use crate::{Bvh, START_OFFSET};

/// Everything that a transmitter's tubes meet.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The triangles, for ray queries.
    pub bvh: &'a Bvh,
    /// The same triangles, joined into planes.
    pub planes: &'a PlaneSet,
    /// What their materials let through.
    pub powers: &'a PowerTable,
    /// Where to measure.
    pub surfaces: &'a [Surface],
    /// Memory to work in.
    pub buffers: &'a TubeBuffers,
}

/// A plane as a path meets it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting {
    pub letter: Letter,
    pub normal: Vec3,
    pub offset: f32,
    pub material: u32,
    /// How far from the plane its triangles may be \[m\].
    pub clearance: f32,
    /// Of the direction and the normal.
    pub cosine: f32,
}

impl World<'_> {
    /// The area of a cell in the mean over all \[m²\].
    pub(super) fn mean_cell_area(&self) -> f32 {
        let cells: usize = self.surfaces.iter().map(Surface::count).sum();
        self.surfaces.iter().map(Surface::area).sum::<f32>() / cells.max(1) as f32
    }

    /// The plane of a triangle that is hit.
    #[inline]
    pub(super) fn meeting(&self, triangle: u32, along: Vec3) -> Meeting {
        self.meet_plane(self.planes.plane_from_triangle()[triangle as usize], along)
    }

    #[inline]
    pub(super) fn meet_plane(&self, plane: u32, along: Vec3) -> Meeting {
        let of_plane = &self.planes.planes()[plane as usize];
        let normal = of_plane.normal.as_vec3();
        let cosine = normal.dot(along);
        Meeting {
            letter: plane << 1 | u32::from(cosine > 0.0),
            normal,
            offset: of_plane.offset as f32,
            material: of_plane.material,
            clearance: of_plane.unevenness as f32,
            cosine,
        }
    }

    /// The share of the power launched along `direction` that a sequence carries on by an interaction with the plane of
    /// a letter.
    #[inline]
    pub(super) fn share_of_power(
        &self,
        sequence: &Sequence,
        direction: Vec3,
        letter: Letter,
        interaction: Interaction,
    ) -> f32 {
        let plane = self.meet_plane(letter >> 1, sequence.world_from_launch * direction);
        self.powers.at(plane.material, plane.cosine)[interaction as usize]
    }
}

impl Meeting {
    /// Where a path goes on: the point on the plane, a little off on the side where it was or on the other.
    #[inline]
    pub fn leave(&self, point: Vec3, through: bool) -> Vec3 {
        let largest = point.abs().max_element().max(1.0);
        let away = START_OFFSET * largest + self.clearance;
        let side = if (self.cosine > 0.0) == through { away } else { -away };
        point + self.normal * (side - (self.normal.dot(point) - self.offset))
    }
}

impl Sequence {
    /// Where a path of this sequence leaves the last plane (a little off it), for a unit direction in the world.
    #[inline]
    pub(super) fn start(&self, along: Vec3) -> Vec3 {
        if self.depth == 0 {
            return self.source;
        }
        let point = self.source + along * (self.exit_height / self.exit_normal.dot(along));
        let largest = point.abs().max_element().max(1.0);
        let height = (point - self.source).dot(self.exit_normal) - self.exit_height;
        point + self.exit_normal * (START_OFFSET * largest + self.exit_clearance - height)
    }
}
