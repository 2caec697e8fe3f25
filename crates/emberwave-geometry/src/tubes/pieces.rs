//! Parts of tubes that are cut.

use glam::Vec3;

use super::crossing::Crossing;
use super::polygon::{Corners, MOST_CORNERS};
use super::sequence::Letter;
use super::split::place;
use super::tag::Tags;

/// Edges without a crossing.
pub(super) const NONE: u32 = u32::MAX;

/// A corner of a new tube.
#[derive(Clone, Copy, Debug)]
pub(super) enum NewCorner {
    Known(u32),
    /// On the border, near a direction inside.
    Border {
        direction: Vec3,
        inside: Vec3,
    },
}

impl Default for NewCorner {
    fn default() -> Self {
        Self::Known(NONE)
    }
}

/// A part of a tube with one letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPiece {
    pub letter: Letter,
    pub corners: Corners<NewCorner, MOST_CORNERS>,
    /// Of the edges that begin at the corners; none where no tags are wanted.
    pub tags: Tags,
}

impl NewPiece {
    /// A part without corners.
    pub fn new(letter: Letter) -> Self {
        Self { letter, corners: Corners::default(), tags: Tags::default() }
    }
}

/// The crossings on the edges of mixed tubes.
#[derive(Debug, Default)]
pub(super) struct Crossings {
    pub found: Vec<Crossing>,
    /// The edge that each is on, by its ends; sorted, but for those that are added to others.
    pub edges: Vec<(u32, u32)>,
    /// The crossing on each edge of each tube.
    pub of_edge: Vec<u32>,
    /// The first of the vertices on each crossing: there are two, one on either side.
    pub vertices: Vec<u32>,
}

impl Crossings {
    /// The crossings on the edges of a tube, [`NONE`] where there is none.
    pub fn of_tube(&self, index: usize) -> &[u32] {
        &self.of_edge[place(index, 0)..place(index + 1, 0)]
    }

    /// The vertex on a crossing: on the side of the end with the smaller number, or on the other.
    pub fn vertex(&self, crossing: u32, is_other: bool) -> u32 {
        self.vertices[crossing as usize] + u32::from(is_other)
    }
}
