//! Carrying the rays of a tile from launch to their last interaction.

use emberwave_geometry::{Hit, Ray};
use emberwave_physics::Field;

use super::deposit::{Deposit, Deposits};
use super::interact::interact;
use super::job::MapJob;
use super::launch::{TileOrder, rays_in_tiles, tile_size};

/// Rays carried together; they stay in the first-level caches.
const BATCH_SIZE: usize = 512;

/// What a ray carries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// Index on the launch lattice, which addresses the random numbers.
    pub index: u64,
    /// Range-free field: the field times the unfolded length.
    pub field: Field<f32>,
    /// Unfolded length so far \[m\].
    pub length: f32,
}

/// Buffers for the rays of one tile.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    order: TileOrder,
    rays: Vec<Ray>,
    hits: Vec<Hit>,
    paths: Vec<Path>,
}

impl Workspace {
    /// Traces one tile; returns the number of ray queries made.
    pub fn trace_tile(&mut self, job: &MapJob<'_>, tile: u64, deposits: &mut Deposits) -> u64 {
        let num_rays = job.lattice.num_rays();
        let first = tile * tile_size(num_rays);
        let length = rays_in_tiles(num_rays, tile, 1) as usize;
        deposits.clear();
        self.order.sort(length, |offset| job.lattice.azimuth_bits(first + offset as u64));
        let mut queries = 0;
        for batch in 0..length.div_ceil(BATCH_SIZE) {
            let range = batch * BATCH_SIZE..length.min((batch + 1) * BATCH_SIZE);
            self.launch(job, first, range);
            queries += self.propagate(job, deposits);
        }
        queries
    }

    fn launch(&mut self, job: &MapJob<'_>, first: u64, range: std::ops::Range<usize>) {
        self.rays.clear();
        self.paths.clear();
        for &offset in &self.order.offsets[range] {
            let index = first + u64::from(offset);
            let direction = job.lattice.direction(index);
            self.rays.push(Ray::new(job.source.position, direction));
            self.paths.push(Path { index, field: job.source.field(direction), length: 0.0 });
        }
    }

    fn propagate(&mut self, job: &MapJob<'_>, deposits: &mut Deposits) -> u64 {
        let mut queries = 0;
        for depth in 0..=job.config.max_depth {
            if self.rays.is_empty() {
                break;
            }
            queries += self.rays.len() as u64;
            self.hits.resize(self.rays.len(), Hit { distance: 0.0, triangle: Hit::MISS });
            job.acceleration.bvh.closest_hits(&self.rays, &mut self.hits);
            if depth > 0 || job.config.events.los {
                self.deposit(job, deposits);
            }
            if depth < job.config.max_depth {
                self.interact(job, depth);
            }
        }
        queries
    }

    fn deposit(&self, job: &MapJob<'_>, deposits: &mut Deposits) {
        for ((ray, hit), path) in self.rays.iter().zip(&self.hits).zip(&self.paths) {
            for plane in &job.planes {
                if let Some(crossing) = plane.crossing(ray.origin, ray.direction, hit.distance) {
                    let value = path.field.norm_sqr() / crossing.cosine;
                    deposits.push(Deposit { cell: crossing.cell, value });
                }
            }
        }
    }

    /// Lets every ray interact where it hit, and keeps those that go on.
    fn interact(&mut self, job: &MapJob<'_>, depth: u32) {
        let mut alive = 0;
        for i in 0..self.rays.len() {
            let (mut ray, mut path) = (self.rays[i], self.paths[i]);
            if self.hits[i].is_hit() && interact(job, depth, &self.hits[i], &mut ray, &mut path) {
                self.rays[alive] = ray;
                self.paths[alive] = path;
                alive += 1;
            }
        }
        self.rays.truncate(alive);
        self.paths.truncate(alive);
    }
}
