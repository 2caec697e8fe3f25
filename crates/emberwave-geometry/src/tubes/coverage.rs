//! From a transmitter to the list of what its paths cover.

use glam::Vec3;
use rayon::prelude::*;

use super::borders::BorderLister;
use super::chain::Chains;
use super::estimate::Estimate;
use super::footprint::Projector;
use super::layer::Layer;
use super::next::carry_on;
use super::options::TubeOptions;
use super::raster::Rasterizer;
use super::sequence::Sequence;
use super::split::Middles;
use super::surface::Surface;
use super::tag::TagLists;
use super::tube::{Piece, Vertex, launch};
use super::world::World;
use crate::Border;

/// Tubes projected by one task: fixed, so that results do not depend on the number of threads.
const CHUNK: usize = 64;

/// A part of a cell that the paths of a sequence reach.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fragment {
    /// Index of the sequence.
    pub sequence: u32,
    /// Index of the cell.
    pub cell: u32,
    /// Covered part of the cell, in (0, 1].
    pub area: f32,
    /// Centroid of the covered part, in cells along x and y of its surface.
    pub centroid: [f32; 2],
}

/// What the paths of a transmitter cover, sequence by sequence.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Sequences, parents before children; the first is the empty one.
    pub sequences: Vec<Sequence>,
    /// Parts of cells, sorted by sequence.
    pub fragments: Vec<Fragment>,
    /// Where these end, sorted by sequence, if [`TubeOptions::borders`] asks for it.
    pub borders: Vec<Border>,
    /// What it took.
    pub effort: Effort,
}

/// What a coverage took to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Ray queries.
    pub rays: usize,
    /// Tubes that were divided.
    pub divided: usize,
    /// Tubes whose next plane was found, over all depths.
    pub pieces: usize,
}

/// A transmitter as far as tubes need it.
#[derive(Clone, Copy)]
pub struct Emitter<'a> {
    /// Where it is \[m\].
    pub position: Vec3,
    /// Radiated power towards a direction, over that of an isotropic transmitter; only weighs tubes.
    pub power: &'a (dyn Fn(Vec3) -> f32 + Sync),
}

impl World<'_> {
    /// Finds which part of every cell a transmitter reaches along which sequence of planes.
    #[must_use]
    pub fn trace_coverage(&self, emitter: &Emitter<'_>, options: &TubeOptions) -> Coverage {
        // Within the thread pool, where the many short parallel loops do not have to wake it up.
        rayon::join(|| self.trace_layers(emitter, options), || ()).0
    }

    fn trace_layers(&self, emitter: &Emitter<'_>, options: &TubeOptions) -> Coverage {
        let options = &options.for_branches().for_surfaces(self.surfaces);
        let mut coverage =
            Coverage { sequences: vec![Sequence::root(emitter.position)], ..Coverage::default() };
        let num_cells = self.surfaces.iter().map(Surface::count).sum::<usize>();
        let is_wanted = options.rough > 0.0 || options.negligible > 0.0;
        let mut estimate = Estimate::new(if is_wanted { num_cells } else { 0 }, options.dynamic_range_db);
        coverage.fragments.reserve(num_cells);
        let (mut lists, mut tags, mut chains) = (Vec::new(), TagLists::default(), Chains::default());
        let (mut vertices, mut tubes) = launch(options.grid, options.seed, emitter.power);
        for depth in 0..=options.max_depth {
            let mut layer = Layer {
                world: *self,
                options,
                estimate: &estimate,
                segments: (options.max_depth - depth) as usize + 1,
                sequences: &coverage.sequences,
                vertices,
                chains: &mut chains,
                pieces: Vec::new(),
                middles: Middles::default(),
                tags: &mut tags,
                effort: &mut coverage.effort,
            };
            layer.divide(tubes);
            let Layer { vertices: traced, pieces, .. } = layer;
            coverage.effort.pieces += pieces.len();
            if depth > 0 || options.los {
                let tags = options.borders.then_some(&tags);
                self.deposit(&mut coverage, (&pieces, &traced, tags), &mut estimate, &mut lists);
            }
            estimate.settle();
            if depth == options.max_depth {
                break;
            }
            let traced = (&traced[..], &chains);
            (vertices, tubes) = carry_on(self, &mut coverage.sequences, &pieces, traced, &estimate, options);
        }
        coverage
    }

    /// Lists what the pieces cover, and where that ends if there are tags, and adds a guess of their power to the
    /// estimate.
    fn deposit(
        &self,
        coverage: &mut Coverage,
        (pieces, vertices, tags): (&[Piece], &[Vertex], Option<&TagLists>),
        estimate: &mut Estimate,
        lists: &mut Vec<Deposits>,
    ) {
        let is_estimated = estimate.is_wanted();
        let sequences = &coverage.sequences;
        let chunks = pieces.chunks(CHUNK).len();
        if lists.len() < chunks {
            lists.resize_with(chunks, Deposits::default);
        }
        lists.par_iter_mut().zip(pieces.par_chunks(CHUNK)).for_each(|(list, pieces)| {
            list.clear();
            for piece in pieces {
                list.add(self, piece, sequences, (vertices, tags));
            }
        });
        append(&mut coverage.fragments, &lists[..chunks]);
        for list in &lists[..chunks] {
            coverage.borders.extend_from_slice(&list.border_lister.borders);
            if is_estimated {
                list.add_to(estimate);
            }
        }
    }
}

/// Appends the fragments of lists.
fn append(fragments: &mut Vec<Fragment>, lists: &[Deposits]) {
    let mut count = 0;
    let ends: Vec<usize> = lists
        .iter()
        .map(|list| {
            count += list.fragments.len();
            count
        })
        .collect();
    let copied =
        (0..count).into_par_iter().with_min_len(4096).map_with(&[][..], |rest: &mut &[Fragment], at| {
            if rest.is_empty() {
                let list = ends.partition_point(|&end| end <= at);
                let own = &lists[list].fragments;
                *rest = &own[at + own.len() - ends[list]..];
            }
            let first = rest[0];
            *rest = &rest[1..];
            first
        });
    fragments.par_extend(copied);
}

/// What the pieces of a chunk cover.
#[derive(Default)]
struct Deposits {
    projector: Projector,
    rasterizer: Rasterizer,
    border_lister: BorderLister,
    fragments: Vec<Fragment>,
    /// Power over squared distance \[1/m²\] of the fragments up to a number.
    gains: Vec<(usize, f32)>,
}

impl Deposits {
    fn clear(&mut self) {
        self.border_lister.borders.clear();
        self.fragments.clear();
        self.gains.clear();
    }

    fn add(
        &mut self,
        world: &World<'_>,
        piece: &Piece,
        sequences: &[Sequence],
        (vertices, tags): (&[Vertex], Option<&TagLists>),
    ) {
        let number = piece.tube.sequence;
        let sequence = &sequences[number as usize];
        let corner = |&corner: &u32| vertices[corner as usize].direction;
        for surface in world.surfaces {
            let launch = piece.tube.corners().iter().map(corner);
            if !self.projector.project(surface, sequence, piece.letter, world.planes, launch) {
                continue;
            }
            let fragments = &mut self.fragments;
            self.rasterizer.cover(&self.projector.polygon, surface.num_cells, |indices, area, centroid| {
                let (cell, centroid) = (surface.cell(indices), centroid.to_array());
                fragments.push(Fragment { sequence: number, cell, area, centroid });
            });
            if let Some(tags) = tags {
                let directions = piece.tube.corners().iter().map(corner);
                self.border_lister.add(world.planes, surface, (sequence, piece), directions, tags);
            }
            let power = vertices[piece.tube.corners()[0] as usize].power;
            self.gains.push((self.fragments.len(), power / self.projector.range_squared));
        }
    }

    fn add_to(&self, estimate: &mut Estimate) {
        let mut first = 0;
        for &(end, gain) in &self.gains {
            for fragment in &self.fragments[first..end] {
                estimate.add(fragment.cell, gain * fragment.area);
            }
            first = end;
        }
    }
}
