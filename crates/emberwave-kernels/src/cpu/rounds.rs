//! Tracing tiles in rounds, with buffers that are kept from round to round and map to map.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::launch::{num_tiles, rays_in_tiles};
use crate::config::TraceConfig;

/// Tiles traced between two rounds of collecting, per thread.
const TILES_PER_ROUND: usize = 16;

/// Traces the tiles of one map after another; `S` is what a tile needs and leaves.
pub(super) struct Rounds<'a, S> {
    config: &'a TraceConfig,
    rays_total: u64,
    slots: Vec<S>,
}

impl<'a, S: Default + Send> Rounds<'a, S> {
    pub fn new(config: &'a TraceConfig, num_maps: usize) -> Self {
        let tiles = num_tiles(config.samples_per_tx);
        let wanted = (TILES_PER_ROUND * rayon::current_num_threads()) as u64;
        let slots = (0..wanted.min(tiles)).map(|_| S::default()).collect();
        Self { config, rays_total: config.samples_per_tx.saturating_mul(num_maps as u64), slots }
    }

    /// Lets `trace` work on every tile of a map, which returns the number of its ray queries, and `collect` on what
    /// the tiles of a round left, in the order of the tiles.
    pub fn trace(
        &mut self,
        trace: impl Fn(&mut S, u64) -> u64 + Sync,
        mut collect: impl FnMut(&[S]),
    ) -> ControlFlow<()> {
        let num_rays = self.config.samples_per_tx;
        let tiles = num_tiles(num_rays);
        let mut first = 0;
        while first < tiles {
            let round = (tiles - first).min(self.slots.len() as u64);
            let slots = &mut self.slots[..round as usize];
            let of_slot = |(offset, slot): (usize, &mut S)| trace(slot, first + offset as u64);
            let queries = slots.par_iter_mut().enumerate().map(of_slot).sum();
            collect(slots);
            if let Some(monitor) = &self.config.monitor {
                monitor.advance(rays_in_tiles(num_rays, first, round), queries, self.rays_total)?;
            }
            first += round;
        }
        ControlFlow::Continue(())
    }
}
