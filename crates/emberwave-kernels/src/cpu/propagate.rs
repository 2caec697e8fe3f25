//! Carrying the rays of a tile from launch to their last interaction.

use super::batch::{BATCH_SIZE, Batch};
use super::deposit::{Crossings, Deposits, add_surface_length};
use super::interact::Surfaces;
use super::job::MapJob;
use super::launch::{TileOrder, rays_in_tiles, tile_size};

/// Buffers for the rays of one tile.
#[derive(Debug)]
pub(super) struct Workspace {
    order: TileOrder,
    pub batch: Box<Batch>,
    pub surfaces: Box<Surfaces>,
    pub crossings: Box<Crossings>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            order: TileOrder::default(),
            batch: Batch::new(),
            surfaces: Surfaces::new(),
            crossings: Crossings::new(),
        }
    }
}

impl Workspace {
    /// Traces one tile; returns the number of ray queries made.
    pub fn trace_tile(&mut self, job: &MapJob<'_>, tile: u64, deposits: &mut Deposits) -> u64 {
        deposits.clear();
        self.for_each_batch(job, tile, |workspace| workspace.propagate(job, deposits))
    }

    /// Launches the rays of a tile batch by batch and adds up what `carry` returns.
    pub fn for_each_batch(
        &mut self,
        job: &MapJob<'_>,
        tile: u64,
        mut carry: impl FnMut(&mut Self) -> u64,
    ) -> u64 {
        let num_rays = job.lattice.num_rays();
        let first = tile * tile_size(num_rays);
        let length = rays_in_tiles(num_rays, tile, 1) as usize;
        self.order.sort(length, num_rays, |offset| job.lattice.azimuth_bits(first + offset as u64));
        let mut queries = 0;
        for batch in 0..length.div_ceil(BATCH_SIZE) {
            let range = batch * BATCH_SIZE..length.min((batch + 1) * BATCH_SIZE);
            job.source.launch(&job.lattice, first, &self.order.offsets[range], &mut self.batch);
            queries += carry(self);
        }
        queries
    }

    fn propagate(&mut self, job: &MapJob<'_>, deposits: &mut Deposits) -> u64 {
        let mut queries = 0;
        for depth in 0..=job.config.max_depth {
            if self.batch.len == 0 {
                break;
            }
            queries += self.find_hits(job, depth);
            if depth > 0 || job.config.events.los {
                self.crossings.deposit(job, &self.batch, deposits);
                self.advance_surface_length(job);
            }
            if depth < job.config.max_depth {
                self.surfaces.interact(job, depth, &mut self.batch, None);
            }
        }
        queries
    }

    /// Counts the way to the measurement surface, where a stop threshold needs it.
    pub fn advance_surface_length(&mut self, job: &MapJob<'_>) {
        if job.config.stop_threshold.is_some() {
            add_surface_length(&job.planes, &mut self.batch);
        }
    }

    /// Finds what every ray hits; after the last interaction only on the way to the measurement surface. Returns the
    /// number of queries.
    pub fn find_hits(&mut self, job: &MapJob<'_>, depth: u32) -> u64 {
        let queries = if depth == job.config.max_depth {
            self.crossings.limit_to_planes(&job.planes, &mut self.batch)
        } else {
            self.batch.distance.fill(f32::INFINITY);
            self.batch.len as u64
        };
        let (rays, hits) = self.batch.streams();
        job.acceleration.bvh.closest_hits(&rays, hits);
        queries
    }
}
