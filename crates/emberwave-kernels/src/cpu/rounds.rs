//! Tracing tiles in rounds, with buffers that are kept from round to round and map to map.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::launch::{num_tiles, rays_in_tiles};
use crate::config::TraceConfig;
use crate::monitor::Monitor;

/// Tiles traced between two rounds of collecting, per thread.
const TILES_PER_ROUND: usize = 16;

/// What is told of progress in rays.
struct Watch<'a> {
    monitor: &'a Monitor,
    num_rays: u64,
    rays_total: u64,
}

/// Traces the tiles of one map after another; `S` is what a tile needs and leaves.
pub(super) struct Rounds<'a, S> {
    num_tiles: u64,
    watch: Option<Watch<'a>>,
    slots: Vec<S>,
}

impl<'a, S: Default + Send> Rounds<'a, S> {
    /// For the tiles into which a launch of rays is divided.
    pub fn new(config: &'a TraceConfig, num_maps: usize) -> Self {
        let num_rays = config.samples_per_tx;
        let rays_total = num_rays.saturating_mul(num_maps as u64);
        let watch = config.monitor.as_deref().map(|monitor| Watch { monitor, num_rays, rays_total });
        Self { num_tiles: num_tiles(num_rays), watch, slots: Vec::new() }
    }

    /// For work of another kind, of which nobody is told.
    pub fn unwatched() -> Self {
        Self { num_tiles: 0, watch: None, slots: Vec::new() }
    }

    /// Sets the number of tiles of the maps to come.
    pub fn set_num_tiles(&mut self, num_tiles: u64) {
        self.num_tiles = num_tiles;
    }

    /// Lets `trace` work on every tile of a map, which returns the number of its ray queries, and `collect` on what
    /// the tiles of a round left, in the order of the tiles.
    pub fn trace(
        &mut self,
        trace: impl Fn(&mut S, u64) -> u64 + Sync,
        mut collect: impl FnMut(&[S]),
    ) -> ControlFlow<()> {
        let tiles = self.num_tiles;
        let wanted = (TILES_PER_ROUND * rayon::current_num_threads()) as u64;
        let num_slots = self.slots.len().max(wanted.min(tiles) as usize);
        self.slots.resize_with(num_slots, S::default);
        let mut first = 0;
        while first < tiles {
            let round = (tiles - first).min(wanted);
            let slots = &mut self.slots[..round as usize];
            let of_slot = |(offset, slot): (usize, &mut S)| trace(slot, first + offset as u64);
            let queries = slots.par_iter_mut().enumerate().map(of_slot).sum();
            collect(slots);
            if let Some(Watch { monitor, num_rays, rays_total }) = &self.watch {
                monitor.advance(rays_in_tiles(*num_rays, first, round), queries, *rays_total)?;
            }
            first += round;
        }
        ControlFlow::Continue(())
    }
}
