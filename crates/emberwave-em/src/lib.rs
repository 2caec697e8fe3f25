//! The physics of emberwave as Burn tensor functions: every formula of `emberwave-physics` for a batch of rays.
//!
//! Only plain tensor operations are used, so Burn differentiates all of it on every backend. Together with the ray
//! queries these functions make the wavefront form of the tracer, which is the oracle of the fused kernels, and into
//! which users put their own materials and antennas.
//!
//! | module | noun | mirrors |
//! |---|---|---|
//! | [`itu`] | ε_r and σ of building materials by frequency | `emberwave_physics::itu` |
//! | [`slab`] | reflection and transmission coefficients | `emberwave_physics::slab` |
//! | [`field`], [`interaction`] | polarised fields, reflection, transmission, event probabilities | `emberwave_physics::interaction` |
//! | [`antenna`], [`pattern`], [`radiation`] | patterns, tables, polarisations, the radiated field in the world | `emberwave_physics::{antenna, radiation}` |
//! | [`direction`], [`rotation`] | spherical angles, rotation matrices | `emberwave_physics::orientation` |
//! | [`units`] | decibels, wavelengths | `emberwave_physics::units` |
//! | [`real`], [`complex`], [`vector`] | guarded elementary functions, complex numbers, vectors | |
//!
//! Conventions: those of `emberwave-physics`: SI units, radians, z up, time factor e^{+jωt} (a wave along k has
//! phase e^{−jk·x}), permittivity η = ε_r − jσ/(ωε₀), square roots with Im ≤ 0. A batch of n rays has scalars `[n]`
//! and vectors `[n, 3]`. The element type is that of the arguments (f32 or f64, all alike in a call).
//!
//! Derivatives are of first order. NaN is never a value: singular points are masked before a division or a root, and
//! have the sub-gradient 0 there.

pub mod antenna;
pub mod complex;
pub mod direction;
pub mod field;
pub mod interaction;
pub mod itu;
pub mod pattern;
pub mod radiation;
pub mod real;
pub mod rotation;
pub mod slab;
pub mod units;
pub mod vector;

pub use antenna::antenna_field;
pub use complex::ComplexTensor;
pub use direction::{DirectionTensor, spherical_angles};
pub use field::FieldTensor;
pub use interaction::{EventProbabilitiesTensor, IncidenceTensor, event_probabilities, reflect_direction};
pub use itu::itu_properties;
pub use pattern::{PatternTensor, table_field};
pub use radiation::{RadiatorTensor, radiate};
pub use rotation::{look_at, rotation_matrices, rotation_matrix};
pub use slab::{SlabTensor, complex_permittivity, half_space_coefficients, slab_coefficients};
