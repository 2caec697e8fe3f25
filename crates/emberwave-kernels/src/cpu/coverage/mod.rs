//! Evaluating a coverage: what a ray to the centroid of every fragment brings there.
//!
//! Fragments are taken in tiles ([`tiles`]), and there sequence by sequence, so that what they meet is looked up once for
//! all. They are seen from their image source ([`patches`]), given the fields that the antenna radiates towards them, and
//! led through the sequence interaction by interaction ([`follow`], [`slots`]), which keep what the way back needs. Derivatives
//! by materials alone are those of what each fragment leaves, found at once ([`slopes`]); those by anything else
//! go on to directions and places ([`moving`]), borders ([`borders`]) and from these to the tensors ([`motion`]); [`pass`]
//! puts all of it together.

mod borders;
mod buffers;
mod follow;
mod gradients;
mod motion;
mod moving;
mod pass;
mod patches;
mod slopes;
mod slots;
mod tiles;

use std::iter;
use std::sync::OnceLock;
use std::time::Instant;

use super::job::{self, SlabMaterial};
use super::source::Source;
use super::{HostTensors, split};
use crate::config::TraceConfig;
use crate::coverage::{Coverage, Piece, TransmitterCoverage};
use crate::ops::Evaluated;
use buffers::MapBuffers;
pub(crate) use buffers::SharedBuffers;
pub(crate) use gradients::coverage_map_backward;
pub(super) use pass::MotionPass;
pub use slopes::KeptSlopes;
use slopes::TileSlopes;
use slots::ForwardSlot;
use tiles::{FragmentBatch, Tiles};

/// All that the evaluation of one map reads.
struct CoverageJob<'a> {
    coverage: &'a Coverage,
    transmitter: &'a TransmitterCoverage,
    tiles: Tiles,
    materials: Vec<SlabMaterial>,
    source: Source<'a>,
    /// 1/λ.
    wavelengths_per_metre: f32,
    /// Whether statistics are wanted.
    detailed: bool,
}

impl<'a> CoverageJob<'a> {
    /// Of one transmitter's part.
    fn new(
        tensors: &HostTensors<'a>,
        coverage: &'a Coverage,
        part: &'a TransmitterCoverage,
        config: &TraceConfig,
        at: [usize; 3],
    ) -> Self {
        let [frequency, transmitter, _] = at;
        let wavenumber = tensors.wavenumber.values[frequency];
        Self {
            coverage,
            transmitter: part,
            tiles: Tiles::new(part),
            materials: job::materials(tensors.materials.at(&[frequency]), wavenumber),
            source: tensors.source(&config.antennas[transmitter], at),
            wavelengths_per_metre: wavenumber / std::f32::consts::TAU,
            detailed: config.channels.any(),
        }
    }

    /// The fragments of a tile, as many of one sequence on one plane at a time as there are in a batch.
    fn runs(&self, tile: u64) -> impl Iterator<Item = FragmentBatch> {
        let pieces = &self.transmitter.pieces;
        self.tiles.batches(tile).iter().flat_map(move |batch| {
            let mut first = batch.range.start;
            iter::from_fn(move || {
                let rest = &pieces[first..batch.range.end];
                let range = first..first + self.run_length(rest)?;
                first = range.end;
                Some(FragmentBatch { depth: batch.depth, range })
            })
        })
    }

    /// How many of the first fragments have sequence and plane in common.
    fn run_length(&self, pieces: &[Piece]) -> Option<usize> {
        let head = pieces.first()?;
        let run = &pieces[..pieces.partition_point(|piece| piece.sequence == head.sequence)];
        if self.coverage.frames.len() == 1 {
            return Some(run.len());
        }
        let frame = self.coverage.frame_index(head.cell);
        Some(run.iter().take_while(|piece| self.coverage.frame_index(piece.cell) == frame).count())
    }

    /// What derivatives by Re η, Im η, d/λ and S are multiplied with to be those by a material's row.
    fn material_scales(&self) -> [f64; 4] {
        [1.0, 1.0, f64::from(self.wavelengths_per_metre), 1.0]
    }

    /// Number of interactions of a sequence.
    fn depth_of(&self, sequence: u32) -> u32 {
        self.transmitter.first_of_depth.partition_point(|&first| first <= sequence) as u32 - 1
    }
}

/// Most fragments, over all maps, whose slopes are kept: some hundred megabytes.
const MOST_KEPT: usize = 16 << 20;

/// Values and shape of the map; see [`coverage_map`](crate::coverage_map). Fills what is to be kept if there is room.
pub(crate) fn coverage_map(
    tensors: &HostTensors<'_>,
    Evaluated { coverage, kept }: &Evaluated,
    config: &TraceConfig,
) -> (Vec<f32>, Vec<usize>) {
    let start = Instant::now();
    let counts = tensors.num_maps();
    let (num_maps, cells, channels) =
        (counts.iter().product::<usize>(), config.num_cells(), config.channels.count());
    let mut values = vec![0.0; channels * num_maps * cells];
    let kept = kept.as_ref().filter(|_| coverage.num_fragments() * num_maps <= MOST_KEPT);
    let mut slopes = Vec::new();
    coverage.buffers.lend(cells, |buffers| {
        for index in 0..num_maps {
            let at = split(index, counts);
            let job = CoverageJob::new(tensors, coverage, &coverage.transmitters[at[1]], config, at);
            let of_map = slopes::places(kept.map_or(0, |_| job.tiles.count()));
            buffers.sum.open(cells, config.channels);
            buffers.evaluate(&job, &of_map);
            buffers.sum.write(&mut values[index * cells..], num_maps * cells, 1.0);
            slopes.push(of_map);
        }
    });
    if let Some(kept) = kept {
        kept.keep(slopes);
    }
    if let Some(monitor) = &config.monitor {
        monitor.add_kernel_time(start.elapsed());
    }
    let [frequencies, transmitters, beams] = counts;
    (values, vec![channels, frequencies, transmitters, beams, cells])
}

impl MapBuffers {
    /// Adds up the map of a job, whose tiles leave their slopes where there are places for them.
    fn evaluate(&mut self, job: &CoverageJob<'_>, slopes: &[OnceLock<TileSlopes>]) {
        let Self { sum, rounds, of_threads } = self;
        let layout = sum.layout();
        rounds.set_num_tiles(job.tiles.count());
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| {
                of_threads
                    .lend(|buffers| slot.evaluate(job, buffers, tile, layout, slopes.get(tile as usize)))
            },
            |slots| sum.add(slots.iter().map(ForwardSlot::deposits)),
        );
    }
}

#[cfg(test)]
mod tests;
