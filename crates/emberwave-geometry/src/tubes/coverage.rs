//! From a transmitter to the list of what its paths cover.

use std::ops::AddAssign;

use glam::Vec3;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::account::{PowerAccount, ended};
use super::domain::{self, Domain};
use super::estimate::Estimate;
use super::gather::gather;
use super::layer::Stage;
use super::next::choose;
use super::options::TubeOptions;
use super::sequence::Sequence;
use super::surface::Surface;
use super::surprises::RimEdge;
use super::tube::{Patch, patches};
use super::world::World;
use crate::Border;

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
    /// Sequences that lead to fragments or borders, by their number of interactions; the first is the empty one.
    pub sequences: Vec<Sequence>,
    /// Parts of cells, sorted by sequence.
    pub fragments: Vec<Fragment>,
    /// Where these end, sorted by sequence, if [`TubeOptions::borders`] asks for it.
    pub borders: Vec<Border>,
    /// What it took.
    pub effort: Effort,
    /// The power that was not followed, if [`TubeOptions::accounts`] asks for it.
    pub account: PowerAccount,
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

impl AddAssign for Effort {
    fn add_assign(&mut self, other: Self) {
        self.rays += other.rays;
        self.divided += other.divided;
        self.pieces += other.pieces;
    }
}

/// A transmitter as far as tubes need it.
#[derive(Clone, Copy)]
pub struct Emitter<'a> {
    /// Where it is \[m\].
    pub position: Vec3,
    /// Radiated power towards a direction, over that of an isotropic transmitter; only weighs tubes.
    pub power: &'a (dyn Fn(Vec3) -> f32 + Sync),
    /// What a unit of power over squared distance is worth in every cell \[m²\], beside which tubes are negligible or not;
    /// without it, the inverse of what the cell has.
    pub worth: Option<&'a [f32]>,
}

impl World<'_> {
    /// Finds which part of every cell a transmitter reaches along which sequence of planes.
    #[must_use]
    pub fn trace_coverage(&self, emitter: &Emitter<'_>, options: &TubeOptions) -> Coverage {
        // Within the thread pool, where the many short parallel loops do not have to wake it up.
        rayon::join(|| self.trace_estimating(emitter, options), || ()).0
    }

    /// Traces all layers beside an estimate of what cells have.
    fn trace_estimating(&self, emitter: &Emitter<'_>, options: &TubeOptions) -> Coverage {
        let options = &options.for_branches().for_surfaces(self.surfaces);
        let is_wanted = options.rough > 0.0 || options.negligible.of_cells > 0.0;
        if let Some(worth) = emitter.worth.filter(|_| is_wanted) {
            return self.trace_layers(emitter, options, &mut Estimate::of_worth(worth));
        }
        let num_cells = if is_wanted { self.surfaces.iter().map(Surface::count).sum() } else { 0 };
        self.buffers.lend_gains(num_cells, |gains| {
            let mut estimate = Estimate::new(num_cells, options.dynamic_range_db, std::mem::take(gains));
            let coverage = self.trace_layers(emitter, options, &mut estimate);
            *gains = estimate.into_gains();
            coverage
        })
    }

    fn trace_layers(
        &self,
        emitter: &Emitter<'_>,
        options: &TubeOptions,
        estimate: &mut Estimate,
    ) -> Coverage {
        let mut options = *options;
        let mut sequences = vec![Sequence::root(emitter.position)];
        let patches: Vec<Patch> = patches(options.grid).collect();
        let mut domains = self.buffers.take_domains(patches.len());
        let mut account = PowerAccount::default();
        let patched = domains.par_iter_mut().zip(&patches).with_max_len(1);
        patched.for_each(|(domain, patch)| domain.launch(patch, options.grid, options.seed, emitter.power));
        for depth in 0..=options.max_depth {
            let stage = self.stage(&options, estimate, &sequences, depth);
            divide(&mut domains, &stage, depth > 0);
            domain::for_each(&mut domains, |domain| {
                if depth > 0 || options.los {
                    domain.deposit(&stage);
                }
                if depth < options.max_depth {
                    domain.group(&stage);
                }
            });
            estimate.settle(self.surfaces);
            if depth == 0 {
                options = options.for_openness(cells_per_tube(&domains, self.mean_cell_area(), estimate));
            }
            let stage = self.stage(&options, estimate, &sequences, depth);
            if depth < options.max_depth {
                let (born, drawn) = choose(&stage, &mut domains);
                sequences.extend(born);
                account.drawn += drawn;
            } else if options.accounts {
                account.ended = ended(&stage, &domains);
            }
        }
        let coverage = gather(sequences, &mut domains, self.buffers);
        self.buffers.keep_domains(domains);
        Coverage { account, ..coverage }
    }

    /// What the tubes of all domains have in common after `depth` interactions.
    fn stage<'a>(
        &'a self,
        options: &'a TubeOptions,
        estimate: &'a Estimate,
        sequences: &'a [Sequence],
        depth: u32,
    ) -> Stage<'a> {
        let segments = (options.max_depth - depth) as usize + 1;
        Stage { world: *self, options, cell_area: self.mean_cell_area(), estimate, segments, sequences }
    }
}

/// Cells (of 1 m² at most) that a tube lights in the mean.
fn cells_per_tube(domains: &[Domain], cell_area: f32, estimate: &Estimate) -> f32 {
    let tubes: usize = domains.iter().map(|domain| domain.pieces.len()).sum();
    cell_area.min(1.0) * estimate.num_lit() as f32 / tubes.max(1) as f32
}

/// Divides the tubes of all domains, those that their pieces go on as if they do, and again where one knows what hides in
/// another.
fn divide(domains: &mut [Domain], stage: &Stage<'_>, go_on: bool) {
    domain::for_each(domains, |domain| {
        if go_on {
            domain.go_on(stage);
        }
        domain.divide(stage);
    });
    loop {
        let surprises: FxHashSet<RimEdge> = domains.iter_mut().flat_map(Domain::take_rim_surprises).collect();
        if surprises.is_empty() {
            break;
        }
        domain::for_each(domains, |domain| domain.divide_again(stage, &surprises));
    }
    for domain in domains {
        domain.effort.pieces += domain.pieces.len();
    }
}
