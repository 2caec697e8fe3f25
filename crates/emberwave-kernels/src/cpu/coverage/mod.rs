//! Evaluating a coverage: what a ray to the centroid of every fragment brings there.
//!
//! Fragments are taken in batches of as many interactions, in the order of their sequences ([`tiles`]). A batch is
//! seen from its image sources ([`patches`]), given the fields that the antenna radiates towards them, and led through
//! its sequences interaction by interaction ([`follow`]); on the way back each interaction leaves the record that a
//! traced ray leaves, so the reverse sweep is the same ([`backward`](super::backward)). Derivatives by anything but
//! materials take it on to directions and places ([`moving`]), borders ([`borders`]) and from these to the tensors
//! ([`motion`]); [`pass`] puts all of it together.

mod borders;
mod follow;
mod gradients;
mod motion;
mod moving;
mod pass;
mod patches;
mod slots;
mod tiles;

use std::time::Instant;

use super::accumulate::MapSum;
use super::job::{SlabMaterial, materials};
use super::rounds::Rounds;
use super::source::Source;
use super::{HostTensors, split};
use crate::config::TraceConfig;
use crate::coverage::{Coverage, TransmitterCoverage};
pub(crate) use gradients::coverage_map_backward;
pub(super) use pass::MotionPass;
use slots::ForwardSlot;
use tiles::Tiles;

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
            materials: materials(tensors.materials.at(&[frequency]), wavenumber),
            source: tensors.source(&config.antennas[transmitter], at),
            wavelengths_per_metre: wavenumber / std::f32::consts::TAU,
            detailed: config.channels.any(),
        }
    }

    /// Number of interactions of a sequence.
    fn depth_of(&self, sequence: u32) -> u32 {
        self.transmitter.first_of_depth.partition_point(|&first| first <= sequence) as u32 - 1
    }
}

/// Values and shape of the map; see [`coverage_map`](crate::coverage_map).
pub(crate) fn coverage_map(
    tensors: &HostTensors<'_>,
    coverage: &Coverage,
    config: &TraceConfig,
) -> (Vec<f32>, Vec<usize>) {
    let start = Instant::now();
    let counts = tensors.num_maps();
    let (num_maps, cells, channels) =
        (counts.iter().product::<usize>(), config.num_cells(), config.channels.count());
    let mut values = vec![0.0; channels * num_maps * cells];
    let mut sum = MapSum::new(cells, config.channels);
    let mut rounds = Rounds::<ForwardSlot>::unwatched();
    for index in 0..num_maps {
        let at = split(index, counts);
        let job = CoverageJob::new(tensors, coverage, &coverage.transmitters[at[1]], config, at);
        if index > 0 {
            sum.clear();
        }
        let layout = sum.layout();
        rounds.set_num_tiles(job.tiles.count());
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| slot.evaluate(&job, tile, layout),
            |slots| sum.add(slots.iter().map(ForwardSlot::deposits)),
        );
        sum.write(&mut values[index * cells..], num_maps * cells, 1.0);
    }
    if let Some(monitor) = &config.monitor {
        monitor.add_kernel_time(start.elapsed());
    }
    let [frequencies, transmitters, beams] = counts;
    (values, vec![channels, frequencies, transmitters, beams, cells])
}
