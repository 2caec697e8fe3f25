//! What pieces cover.

use std::ops::Range;

use super::borders::BorderLister;
use super::coverage::Fragment;
use super::footprint::Projector;
use super::layer::Stage;
use super::merge::Merger;
use super::raster::Rasterizer;
use super::tag::TagLists;
use super::tube::{Piece, Vertex};

/// Fragments of cells that look larger than this \[rad\] are kept apart: the field is not the same in all of them.
const NEAR: f32 = 1.0 / 32.0;

/// What the pieces of a domain cover.
#[derive(Debug, Default)]
pub(super) struct Deposits {
    projector: Projector,
    rasterizer: Rasterizer,
    pub border_lister: BorderLister,
    fragments: Vec<Fragment>,
    /// Which of the fragments belong to which sequence, where these change.
    runs: Vec<(u32, Range<usize>)>,
}

impl Deposits {
    pub fn clear(&mut self) {
        self.border_lister.borders.clear();
        self.fragments.clear();
        self.runs.clear();
    }

    /// The fragments of sequences, which may come more than once.
    pub fn by_sequence(&self) -> impl Iterator<Item = (u32, &[Fragment])> {
        self.runs.iter().map(|(sequence, range)| (*sequence, &self.fragments[range.clone()]))
    }

    /// Lists the fragments of pieces sorted by sequence, their borders if there are tags, and raises the estimate by a guess
    /// of their power.
    pub fn add(
        &mut self,
        stage: &Stage<'_>,
        (pieces, vertices): (&[Piece], &[Vertex]),
        tags: Option<&TagLists>,
        merger: &mut Merger,
    ) {
        for of_sequence in pieces.chunk_by(|one, other| one.tube.sequence == other.tube.sequence) {
            let first = self.fragments.len();
            merger.start();
            for piece in of_sequence {
                self.add_piece(stage, (piece, vertices), tags, merger);
            }
            if self.fragments.len() > first {
                self.runs.push((of_sequence[0].tube.sequence, first..self.fragments.len()));
            }
        }
    }

    fn add_piece(
        &mut self,
        stage: &Stage<'_>,
        (piece, vertices): (&Piece, &[Vertex]),
        tags: Option<&TagLists>,
        merger: &mut Merger,
    ) {
        let Stage { world, estimate, .. } = stage;
        let number = piece.tube.sequence;
        let sequence = &stage.sequences[number as usize];
        let corner = |&corner: &u32| vertices[corner as usize].direction;
        let is_estimated = estimate.is_wanted();
        for surface in world.surfaces {
            let launch = piece.tube.corners().iter().map(corner);
            if !self.projector.project(surface, sequence, piece.letter, world.planes, launch) {
                continue;
            }
            let gain = vertices[piece.tube.corners()[0] as usize].power / self.projector.range_squared;
            let is_far = surface.cell_area() < NEAR * NEAR * self.projector.range_squared;
            let fragments = &mut self.fragments;
            self.rasterizer.cover(&self.projector.polygon, surface.num_cells, |indices, area, centroid| {
                let (cell, centroid) = (surface.cell(indices), centroid.to_array());
                let fragment = Fragment { sequence: number, cell, area, centroid };
                if is_far {
                    merger.add(fragments, fragment)
                } else {
                    fragments.push(fragment)
                }
                if is_estimated {
                    estimate.raise(cell, gain * area);
                }
            });
            if let Some(tags) = tags {
                let directions = piece.tube.corners().iter().map(corner);
                self.border_lister.add(world.planes, surface, (sequence, piece), directions, tags);
            }
        }
    }
}
