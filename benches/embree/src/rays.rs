//! The rays that both libraries are asked about: those of the kernel, in its order.

use emberwave_geometry::{Bvh, CounterRng, FibonacciLattice, Hit, HitStream, RayStream, TriangleMesh};
use glam::Vec3;

/// The kernel's own order of rays.
#[path = "../../../crates/emberwave-kernels/src/cpu/launch.rs"]
mod launch;

/// Rays that the kernel carries together.
pub const BATCH_SIZE: usize = 512;

/// Reflected rays start this far from the surface, as a fraction of the largest coordinate: as in the kernel.
const OFFSET: f32 = 16.0 * f32::EPSILON;

/// Many rays, coordinate by coordinate.
#[derive(Clone, Debug, Default)]
pub struct Rays {
    origin: [Vec<f32>; 3],
    direction: [Vec<f32>; 3],
}

/// What rays hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    pub distance: Vec<f32>,
    pub triangle: Vec<u32>,
}

impl Rays {
    /// The rays of one transmitter, tile after tile in the order in which the kernel launches them.
    pub fn launch(position: Vec3, num_rays: u64) -> Self {
        let lattice = FibonacciLattice::new(num_rays, &CounterRng::new(42, 0));
        let mut order = launch::TileOrder::default();
        let mut rays = Self::default();
        for tile in 0..launch::num_tiles(num_rays) {
            let first = tile * launch::tile_size(num_rays);
            let length = launch::rays_in_tiles(num_rays, tile, 1) as usize;
            order.sort(length, num_rays, |offset| lattice.azimuth_bits(first + offset as u64));
            for &offset in &order.offsets {
                rays.push(position, lattice.direction(first + u64::from(offset)));
            }
        }
        rays
    }

    /// The rays that go on from where these hit, reflected as by a mirror; neighbours stay neighbours.
    pub fn reflected(&self, mesh: &TriangleMesh, bvh: &Bvh) -> Self {
        let mut hits = Hits::none(self.len());
        find_part(self, 0, hits.stream(), bvh);
        let mut reflected = Self::default();
        for (index, (&distance, &triangle)) in hits.distance.iter().zip(&hits.triangle).enumerate() {
            if triangle == Hit::MISS {
                continue;
            }
            let [a, b, c] = mesh.corners(triangle as usize).map(Vec3::as_dvec3);
            let exact_normal = (b - a).cross(c - a).normalize();
            let (normal, plane) = (exact_normal.as_vec3(), exact_normal.dot(a) as f32);
            let k = at(&self.direction, index);
            let point = at(&self.origin, index) + k * distance;
            let along = k.dot(normal);
            let side = if along > 0.0 { -OFFSET } else { OFFSET };
            let shift = side * point.abs().max_element().max(1.0) - (point.dot(normal) - plane);
            reflected.push(point + normal * shift, (k - 2.0 * along * normal).normalize());
        }
        reflected
    }

    pub fn len(&self) -> usize {
        self.origin[0].len()
    }

    /// The rays of a range.
    pub fn stream(&self, range: std::ops::Range<usize>) -> RayStream<'_> {
        RayStream {
            origin: self.origin.each_ref().map(|column| &column[range.clone()]),
            direction: self.direction.each_ref().map(|column| &column[range.clone()]),
        }
    }

    fn push(&mut self, origin: Vec3, direction: Vec3) {
        for axis in 0..3 {
            self.origin[axis].push(origin[axis]);
            self.direction[axis].push(direction[axis]);
        }
    }
}

impl Hits {
    pub fn none(num_rays: usize) -> Self {
        Self { distance: vec![f32::INFINITY; num_rays], triangle: vec![Hit::MISS; num_rays] }
    }

    pub fn stream(&mut self) -> HitStream<'_> {
        HitStream { distance: &mut self.distance, triangle: &mut self.triangle }
    }
}

/// Finds the hits of the rays from `first` on, as many as there are places, batch by batch as the kernel does.
pub fn find_part(rays: &Rays, first: usize, hits: HitStream<'_>, bvh: &Bvh) {
    let batches = hits.distance.chunks_mut(BATCH_SIZE).zip(hits.triangle.chunks_mut(BATCH_SIZE));
    for (batch, (distance, triangle)) in batches.enumerate() {
        distance.fill(f32::INFINITY);
        let start = first + batch * BATCH_SIZE;
        bvh.closest_hits(&rays.stream(start..start + distance.len()), HitStream { distance, triangle });
    }
}

fn at(columns: &[Vec<f32>; 3], index: usize) -> Vec3 {
    Vec3::new(columns[0][index], columns[1][index], columns[2][index])
}
