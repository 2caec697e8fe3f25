//! What pieces cover.

use std::ops::Range;

use super::borders::BorderLister;
use super::coverage::Fragment;
use super::footprint::{Bounds, Projector};
use super::layer::Stage;
use super::raster::Rasterizer;
use super::surface::Surface;
use super::tag::TagLists;
use super::tube::{Piece, Vertex};

/// What pieces cover of cells that look larger than this \[rad\] is kept apart: the field is not the same in all of them.
pub(super) const NEAR: f32 = 1.0 / 32.0;

/// What the pieces of a domain cover.
#[derive(Debug, Default)]
pub(super) struct Deposits {
    projector: Projector,
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
        rasterizer: &mut Rasterizer,
    ) {
        for of_sequence in pieces.chunk_by(|one, other| one.tube.sequence == other.tube.sequence) {
            let (first, sequence) = (self.fragments.len(), of_sequence[0].tube.sequence);
            let power = |piece: &Piece| vertices[piece.tube.corners()[0] as usize].power;
            let power = of_sequence.iter().map(power).sum::<f32>() / of_sequence.len() as f32;
            for surface in stage.world.surfaces {
                let lister = Lister { stage, surface, sequence, power };
                for alike in of_sequence.chunk_by(|one, other| one.letter == other.letter) {
                    let before = &stage.sequences[sequence as usize];
                    let bounds = Bounds::new(surface, before, alike[0].letter, stage.world.planes);
                    let Some(bounds) = bounds else { continue };
                    for piece in alike {
                        self.add_piece(&lister, (&bounds, piece), vertices, tags, rasterizer);
                    }
                }
                lister.list(rasterizer, &mut self.fragments);
            }
            if self.fragments.len() > first {
                self.runs.push((sequence, first..self.fragments.len()));
            }
        }
    }

    /// Adds the area and the borders of a piece's footprint.
    fn add_piece(
        &mut self,
        lister: &Lister<'_>,
        (bounds, piece): (&Bounds, &Piece),
        vertices: &[Vertex],
        tags: Option<&TagLists>,
        rasterizer: &mut Rasterizer,
    ) {
        let &Lister { stage, surface, sequence, .. } = lister;
        let (planes, sequence) = (stage.world.planes, &stage.sequences[sequence as usize]);
        let launch = || piece.tube.corners().iter().map(|&corner| vertices[corner as usize].direction);
        if !self.projector.project_within(bounds, surface, sequence, launch()) {
            return;
        }
        if stage.options.areas || stage.wants_estimate() {
            self.add_area(lister, rasterizer);
        }
        if let Some(tags) = tags {
            self.border_lister.add(planes, surface, (sequence, piece), launch(), tags);
        }
    }
}

impl Deposits {
    /// Hands the footprint that was projected to the rasterizer, and lists it by itself where its cells look large.
    fn add_area(&mut self, lister: &Lister<'_>, rasterizer: &mut Rasterizer) {
        let surface = lister.surface;
        let is_near = surface.cell_area() > NEAR * NEAR * self.projector.range_squared;
        if is_near {
            lister.list(rasterizer, &mut self.fragments);
        }
        rasterizer.add(&self.projector.polygon, surface.num_cells);
        if is_near {
            lister.list(rasterizer, &mut self.fragments);
        }
    }
}

/// Lists what the pieces of a sequence cover of a surface.
struct Lister<'a> {
    stage: &'a Stage<'a>,
    surface: &'a Surface,
    sequence: u32,
    /// About what its pieces have over an isotropic transmitter.
    power: f32,
}

impl Lister<'_> {
    fn list(&self, rasterizer: &mut Rasterizer, fragments: &mut Vec<Fragment>) {
        let Self { stage, surface, sequence, power } = *self;
        let source = stage.sequences[sequence as usize].source;
        rasterizer.cover(surface.num_cells, |run| {
            let (cell, area) = (surface.cell(run.first), run.area);
            let columns = (0..run.count).map(|column| (cell + column, column as f32));
            if stage.wants_estimate() {
                let path = surface.point(run.centroid) - source;
                for (cell, column) in columns.clone() {
                    let range_squared = (path + surface.step_x() * column).length_squared();
                    stage.estimate.raise(cell, power * area / range_squared);
                }
            }
            if stage.options.areas {
                let [x, y] = run.centroid.to_array();
                let fragment = |(cell, column)| Fragment { sequence, cell, area, centroid: [x + column, y] };
                fragments.extend(columns.map(fragment));
            }
        });
    }
}
