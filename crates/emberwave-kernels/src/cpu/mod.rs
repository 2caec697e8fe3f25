//! The fused kernel of the processor.
//!
//! Rays are launched tile by tile ([`launch`]), carried from interaction to interaction in batches ([`propagate`],
//! [`interact`]), and what they leave on the measurement surface is listed per tile ([`deposit`]) and added to the
//! map in the order of the tiles ([`accumulate`]), so that the result is the same bits for any number of threads.
//! On the way back a batch is traced again with a record of each interaction ([`tape`]) and then swept in reverse
//! ([`backward`]); [`choices`] hands out what the rays decided, and [`gather`] makes a coverage of what they left, where
//! derivatives by positions are wanted. [`coverage`] evaluates what ray tubes found in the same
//! batches, with the same interactions.

mod accumulate;
mod backward;
mod batch;
mod borders;
mod choices;
mod coverage;
mod deposit;
mod gather;
mod interact;
mod job;
mod launch;
mod propagate;
mod rounds;
mod sequences;
mod source;
mod source_back;
mod statistics;
mod tape;

use std::f32::consts::PI;
use std::time::Instant;

use crate::config::{Antenna, TraceConfig};
use crate::coverage::Frame;
use crate::gradients::{Gradients, Wanted};
use crate::topology::Topology;
use accumulate::{Layout, MapSum};
use backward::BackwardSlot;
pub(crate) use choices::trace_choices;
pub use coverage::KeptSlopes;
pub(crate) use coverage::SharedBuffers;
pub(crate) use coverage::{coverage_map, coverage_map_backward};
use deposit::Deposits;
pub(crate) use gather::ray_coverage;
use job::MapJob;
use propagate::Workspace;
use rounds::Rounds;
pub(crate) use source::Source;
use source::{Element, Sender};
use statistics::MapCotangent;

/// Contiguous f32 values and their shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostTensor<'a> {
    pub values: &'a [f32],
    pub shape: &'a [usize],
}

impl<'a> HostTensor<'a> {
    /// The sub-tensor at `indices` along the leading dimensions.
    pub fn at(&self, indices: &[usize]) -> &'a [f32] {
        let (leading, rest) = self.shape.split_at(indices.len());
        let length: usize = rest.iter().product();
        let position =
            indices.iter().zip(leading).fold(0, |position, (&index, &size)| position * size + index);
        &self.values[position * length..(position + 1) * length]
    }
}

/// [`TraceInputs`](crate::TraceInputs) as slices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostTensors<'a> {
    pub vertices: HostTensor<'a>,
    pub materials: HostTensor<'a>,
    pub wavenumber: HostTensor<'a>,
    pub sources: HostTensor<'a>,
    pub pattern_tables: HostTensor<'a>,
    pub ports: HostTensor<'a>,
    pub precoding: HostTensor<'a>,
    pub surface: HostTensor<'a>,
}

impl<'a> HostTensors<'a> {
    /// A transmitter with the weights of one beam, at one frequency.
    pub fn source(&self, antenna: &Antenna, [frequency, transmitter, beam]: [usize; 3]) -> Source<'a> {
        Source::new(&Sender {
            row: self.sources.at(&[transmitter]),
            antenna,
            element: Element::new(antenna.pattern, self.pattern_tables),
            offsets: self.ports.at(&[transmitter]),
            weights: self.precoding.at(&[transmitter, beam]),
            wavenumber: self.wavenumber.values[frequency],
        })
    }

    /// Frequencies, transmitters and beams: one map each.
    fn num_maps(&self) -> [usize; 3] {
        [self.wavenumber.shape[0], self.sources.shape[0], self.precoding.shape[1]]
    }
}

/// Frequency, transmitter and beam of map number `map`.
fn split(map: usize, [_, transmitters, beams]: [usize; 3]) -> [usize; 3] {
    [map / beams / transmitters, map / beams % transmitters, map % beams]
}

/// The derivatives of a loss by all maps, and the maps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MapGradient<'a> {
    pub gradient: HostTensor<'a>,
    pub output: HostTensor<'a>,
}

impl MapGradient<'_> {
    /// Those of map number `index` of so many.
    fn of(&self, index: usize, counts: [usize; 3], config: &TraceConfig) -> OneMapGradient {
        let (num_maps, cells) = (counts.iter().product::<usize>(), config.num_cells());
        let of_map = |values: &[f32]| {
            let channel = |channel: usize| &values[(channel * num_maps + index) * cells..][..cells];
            (0..config.channels.count()).map(channel).collect::<Vec<_>>().concat()
        };
        OneMapGradient { gradient: of_map(self.gradient.values), output: of_map(self.output.values) }
    }
}

impl MapGradient<'_> {
    /// What a unit of power over squared distance is worth to the loss in every cell \[m²\], by transmitter, if what the
    /// mean cell has is worth 1.
    fn worth(&self, counts: [usize; 3], config: &TraceConfig, frames: &[Frame]) -> Vec<Vec<f32>> {
        let num_cells = config.num_cells();
        let mut worth = vec![vec![0.0; num_cells]; counts[1]];
        let mut totals = vec![(0.0_f64, 0_u32); counts[1]];
        for index in 0..counts.iter().product() {
            let transmitter = split(index, counts)[1];
            let of_map = self.of(index, counts, config);
            let cotangent = of_map.as_cotangent(config, 1.0);
            for (cell, worth) in worth[transmitter].iter_mut().enumerate() {
                let by_power = cotangent.size_of_power(cell);
                *worth += by_power;
                let whole = f64::from(by_power * of_map.output[cell]);
                if whole > 0.0 {
                    totals[transmitter].0 += whole;
                    totals[transmitter].1 += 1;
                }
            }
        }
        for (worth, (total, count)) in worth.iter_mut().zip(totals) {
            let scale = if total > 0.0 { (f64::from(count) / total) as f32 } else { 0.0 };
            for frame in frames {
                let first = frame.first_cell as usize;
                let of_plane = &mut worth[first..first + frame.grid.num_cells()];
                of_plane.iter_mut().for_each(|worth| *worth *= scale * frame.cell_area * (0.25 / PI));
            }
        }
        worth
    }
}

/// The derivatives of a loss by one map and the map itself, `[channels][cells]`.
struct OneMapGradient {
    gradient: Vec<f32>,
    output: Vec<f32>,
}

impl OneMapGradient {
    /// `per_deposit` is what a deposit of 1 adds to the map.
    fn as_cotangent(&self, config: &TraceConfig, per_deposit: f64) -> MapCotangent<'_> {
        MapCotangent {
            gradient: &self.gradient,
            map: &self.output,
            channels: config.channels,
            num_cells: config.num_cells(),
            per_ray: per_deposit as f32,
        }
    }
}

/// Values and shape of the map; see [`trace_map`](crate::trace_map).
pub(crate) fn trace_map(
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
) -> (Vec<f32>, Vec<usize>) {
    let acceleration = topology.acceleration(tensors.vertices.values);
    let start = Instant::now();
    let counts = tensors.num_maps();
    let (num_maps, cells, channels) =
        (counts.iter().product::<usize>(), config.num_cells(), config.channels.count());
    let mut values = vec![0.0; channels * num_maps * cells];
    let mut sum = MapSum::default();
    let mut rounds = Rounds::<ForwardSlot>::new(config, num_maps);
    for index in 0..num_maps {
        let job = MapJob::new(tensors, &acceleration, config, split(index, counts));
        sum.open(cells, config.channels);
        let layout = sum.layout();
        let flow = rounds.trace(
            |slot, tile| slot.trace(&job, tile, layout),
            |slots| sum.add(slots.iter().map(|slot| &slot.deposits)),
        );
        if flow.is_break() {
            break;
        }
        sum.write(&mut values[index * cells..], num_maps * cells, 1.0 / config.samples_per_tx as f64);
    }
    if let Some(monitor) = &config.monitor {
        monitor.add_kernel_time(start.elapsed());
    }
    let [frequencies, transmitters, beams] = counts;
    (values, vec![channels, frequencies, transmitters, beams, cells])
}

/// Derivatives of a loss by the tensors, given those by the map's values; see
/// [`TraceOps::trace_map_backward`](crate::TraceOps::trace_map_backward).
pub(crate) fn trace_map_backward(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    wanted: Wanted,
) -> Gradients {
    let seed = config.motion.seed.unwrap_or(config.seed);
    let config = &TraceConfig { seed, monitor: None, ..config.clone() };
    if !wanted.only_materials() {
        return gather::gradients(map, tensors, topology, config, wanted);
    }
    let mut gradients = Gradients::zeros(tensors);
    let acceleration = topology.acceleration(tensors.vertices.values);
    let counts = tensors.num_maps();
    let num_maps = counts.iter().product();
    let num_materials = tensors.materials.shape[1];
    let mut rounds = Rounds::<BackwardSlot>::new(config, num_maps);
    for index in 0..num_maps {
        let at = split(index, counts);
        let job = MapJob::new(tensors, &acceleration, config, at);
        let of_map = map.of(index, counts, config);
        let cotangent = of_map.as_cotangent(config, 1.0 / config.samples_per_tx as f64);
        let of_frequency = &mut gradients.materials[at[0] * num_materials..][..num_materials];
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| slot.trace(&job, tile, &cotangent),
            |slots| slots.iter().for_each(|slot| slot.add_to(of_frequency)),
        );
    }
    gradients
}

/// What one tile needs on the way forward.
#[derive(Debug, Default)]
struct ForwardSlot {
    workspace: Workspace,
    deposits: Deposits,
}

impl ForwardSlot {
    fn trace(&mut self, job: &MapJob<'_>, tile: u64, layout: Layout) -> u64 {
        let queries = self.workspace.trace_tile(job, tile, &mut self.deposits);
        self.deposits.sort_into(layout);
        queries
    }
}
