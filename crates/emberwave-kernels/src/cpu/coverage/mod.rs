//! Evaluating a coverage: what a ray to the centroid of every fragment brings there.
//!
//! Fragments are taken in batches of as many interactions, in the order of their sequences ([`tiles`]). A batch is
//! seen from its image sources ([`patches`]), given the fields that the antenna radiates towards them, and led through
//! its sequences interaction by interaction ([`follow`]); on the way back each interaction leaves the record that a
//! traced ray leaves, so the reverse sweep is the same ([`backward`](super::backward)).

mod follow;
mod patches;
mod slots;
mod tiles;

use std::time::Instant;

use super::accumulate::MapSum;
use super::job::{SlabMaterial, materials};
use super::rounds::Rounds;
use super::source::Source;
use super::statistics::MapCotangent;
use super::{HostTensor, HostTensors, map_of, split};
use crate::config::TraceConfig;
use crate::coverage::{Coverage, TransmitterCoverage};
use crate::inputs::MATERIAL_COLUMNS;
use slots::{BackwardSlot, ForwardSlot};
use tiles::Tiles;

/// All that the evaluation of one map reads.
struct CoverageJob<'a> {
    coverage: &'a Coverage,
    transmitter: &'a TransmitterCoverage,
    tiles: Tiles,
    materials: Vec<SlabMaterial>,
    source: Source,
    /// 1/λ.
    wavelengths_per_metre: f32,
    /// Whether statistics are wanted.
    detailed: bool,
}

impl<'a> CoverageJob<'a> {
    fn new(
        tensors: &HostTensors<'_>,
        coverage: &'a Coverage,
        config: &TraceConfig,
        [frequency, transmitter, beam]: [usize; 3],
    ) -> Self {
        let wavenumber = tensors.wavenumber.values[frequency];
        let of_transmitter = &coverage.transmitters[transmitter];
        Self {
            coverage,
            transmitter: of_transmitter,
            tiles: Tiles::new(of_transmitter),
            materials: materials(tensors.materials.at(&[frequency]), wavenumber),
            source: Source::new(
                tensors.sources.at(&[transmitter]),
                &config.antennas[transmitter],
                tensors.ports.at(&[transmitter]),
                tensors.precoding.at(&[transmitter, beam]),
                wavenumber,
            ),
            wavelengths_per_metre: wavenumber / std::f32::consts::TAU,
            detailed: config.channels.any(),
        }
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
        let job = CoverageJob::new(tensors, coverage, config, split(index, counts));
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

/// Derivatives of a loss by the materials, given those by the map's values; see
/// [`TraceOps::coverage_map_backward`](crate::TraceOps::coverage_map_backward).
pub(crate) fn coverage_map_backward(
    gradient: HostTensor<'_>,
    output: HostTensor<'_>,
    tensors: &HostTensors<'_>,
    coverage: &Coverage,
    config: &TraceConfig,
) -> (Vec<f32>, Vec<usize>) {
    let counts = tensors.num_maps();
    let (num_maps, cells) = (counts.iter().product::<usize>(), config.num_cells());
    let num_materials = tensors.materials.shape[1];
    let mut sums = vec![[0.0_f64; MATERIAL_COLUMNS]; counts[0] * num_materials];
    let mut rounds = Rounds::<BackwardSlot>::unwatched();
    for index in 0..num_maps {
        let at = split(index, counts);
        let job = CoverageJob::new(tensors, coverage, config, at);
        let of_map = |values| map_of(values, config.channels.count(), num_maps, index, cells);
        let (gradient, map) = (of_map(gradient.values), of_map(output.values));
        let channels = config.channels;
        let cotangent =
            MapCotangent { gradient: &gradient, map: &map, channels, num_cells: cells, per_ray: 1.0 };
        let of_frequency = &mut sums[at[0] * num_materials..][..num_materials];
        rounds.set_num_tiles(job.tiles.count());
        let _ = rounds.trace(
            |slot, tile| slot.sweep(&job, tile, &cotangent),
            |slots| slots.iter().for_each(|slot| slot.add_to(of_frequency)),
        );
    }
    let values = sums.iter().flatten().map(|&sum| sum as f32).collect();
    (values, vec![counts[0], num_materials, MATERIAL_COLUMNS])
}
