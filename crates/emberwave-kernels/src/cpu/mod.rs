//! The fused kernel of the processor.
//!
//! Rays are launched tile by tile ([`launch`]), carried from interaction to interaction in batches ([`propagate`],
//! [`interact`]), and what they leave on the measurement surface is listed per tile ([`deposit`]) and added to the
//! map in the order of the tiles ([`accumulate`]), so that the result is the same bits for any number of threads.

mod accumulate;
mod batch;
mod deposit;
mod interact;
mod job;
mod launch;
mod propagate;
mod source;

use std::ops::ControlFlow;
use std::time::Instant;

use rayon::prelude::*;

use crate::config::TraceConfig;
use crate::topology::Topology;
use accumulate::MapSum;
use deposit::Deposits;
use job::MapJob;
use propagate::Workspace;

/// Contiguous f32 values and their shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostTensor<'a> {
    pub values: &'a [f32],
    pub shape: &'a [usize],
}

impl<'a> HostTensor<'a> {
    /// The sub-tensor at `indices` along the leading dimensions.
    fn at(&self, indices: &[usize]) -> &'a [f32] {
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
    pub ports: HostTensor<'a>,
    pub precoding: HostTensor<'a>,
    pub surface: HostTensor<'a>,
}

/// Tiles traced between two rounds of adding to the map, per thread.
const TILES_PER_ROUND: usize = 16;

/// Values and shape of the map; see [`trace_map`](crate::trace_map).
pub(crate) fn trace_map(
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
) -> (Vec<f32>, Vec<usize>) {
    let (frequencies, num_tx) = (tensors.wavenumber.shape[0], config.antennas.len());
    let (beams, cells) = (tensors.precoding.shape[1], config.num_cells());
    let acceleration = topology.acceleration(tensors.vertices.values);
    let start = Instant::now();
    let mut values = vec![0.0; frequencies * num_tx * beams * cells];
    let mut sum = MapSum::new(cells);
    let mut rounds = Rounds::new(config, (frequencies * num_tx * beams) as u64);
    let per_ray = 1.0 / config.samples_per_tx as f64;
    for (slot, map) in values.chunks_mut(cells.max(1)).enumerate() {
        let (frequency, transmitter, beam) = (slot / beams / num_tx, slot / beams % num_tx, slot % beams);
        let job = MapJob::new(tensors, &acceleration, config, frequency, transmitter, beam);
        sum.clear();
        if rounds.trace(&job, &mut sum).is_break() {
            break;
        }
        sum.write(map, per_ray);
    }
    if let Some(monitor) = &config.monitor {
        monitor.add_kernel_time(start.elapsed());
    }
    (values, vec![1, frequencies, num_tx, beams, cells])
}

/// Traces all tiles of one map after another, with workspaces that are kept from map to map.
struct Rounds<'a> {
    config: &'a TraceConfig,
    rays_total: u64,
    slots: Vec<(Workspace, Deposits)>,
}

impl<'a> Rounds<'a> {
    fn new(config: &'a TraceConfig, num_maps: u64) -> Self {
        let tiles = launch::num_tiles(config.samples_per_tx);
        let slots = (TILES_PER_ROUND * rayon::current_num_threads()).min(tiles as usize);
        let slots = (0..slots).map(|_| Default::default()).collect();
        Self { config, rays_total: num_maps.saturating_mul(config.samples_per_tx), slots }
    }

    fn trace(&mut self, job: &MapJob<'_>, sum: &mut MapSum) -> ControlFlow<()> {
        let tiles = launch::num_tiles(self.config.samples_per_tx);
        let mut first = 0;
        while first < tiles {
            let round = (tiles - first).min(self.slots.len() as u64) as usize;
            let queries = self.slots[..round]
                .par_iter_mut()
                .enumerate()
                .map(|(offset, (workspace, deposits))| {
                    let queries = workspace.trace_tile(job, first + offset as u64, deposits);
                    deposits.sort_into(sum.layout());
                    queries
                })
                .sum();
            sum.add(self.slots[..round].iter().map(|(_, deposits)| deposits));
            let rays = launch::rays_in_tiles(self.config.samples_per_tx, first, round as u64);
            if let Some(monitor) = &self.config.monitor {
                monitor.advance(rays, queries, self.rays_total)?;
            }
            first += round as u64;
        }
        ControlFlow::Continue(())
    }
}
