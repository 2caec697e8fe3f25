//! Triangle meshes, ray queries, launch lattices and random numbers.
//!
//! The lowest floor of emberwave: plain host code without Burn, so that it builds and tests in seconds.
//! Coordinates are metres in a right-handed frame with z up; angles are radians.

mod border;
pub mod borders;
mod bvh;
mod lattice;
mod mesh;
mod random;
mod ray;
mod spares;
pub mod tubes;

pub use border::{Border, Bound};
pub use bvh::{Bvh, HalfSpace, MOST_HALF_SPACES};
pub use lattice::FibonacciLattice;
pub use mesh::{Aabb, TriangleMesh};
pub use random::CounterRng;
pub use ray::{Hit, HitStream, Ray, RayStream, START_OFFSET};
pub use spares::Spares;
