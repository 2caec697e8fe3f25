//! The physics of emberwave on scalars: materials, Fresnel slabs, polarised interactions, antennas.
//!
//! Every formula is written once as a plain function over the scalar [`Real`], which is `f32` (the ray loop), `f64`
//! (the oracle) or [`Dual`] (forward-mode derivatives), and what is differentiated has a hand-written adjoint
//! beside it that is tested against dual numbers. Nothing here allocates, knows a scene or depends on Burn.
//!
//! | module | noun |
//! |---|---|
//! | [`itu`] | electrical properties of building materials, ITU-R P.2040 |
//! | [`slab`] | reflection and transmission coefficients |
//! | [`interaction`] | reflection and transmission of a polarised field, event probabilities |
//! | [`antenna`], [`radiation`] | patterns, polarisations, the radiated field in the world |
//! | [`orientation`], [`rotator`] | rotations, spherical angles, changes of polarisation basis |
//! | [`real`], [`dual`], [`complex`], [`vector`], [`fast_math`] | numbers |
//! | [`constants`], [`units`] | constants, decibels |
//!
//! Conventions: SI units, radians, z up, time factor e^{+jωt} (a wave along k has phase e^{−jk·x}), permittivity
//! η = ε_r − jσ/(ωε₀), square roots with Im ≤ 0.

pub mod antenna;
pub mod bending;
pub mod complex;
pub mod constants;
pub mod dual;
pub mod error;
pub mod fast_math;
pub mod interaction;
pub mod itu;
pub mod jet;
pub mod orientation;
pub mod radiation;
pub mod real;
pub mod rotator;
pub mod slab;
pub mod units;
pub mod vector;

pub use antenna::{
    AntennaPattern, PATTERN_COLUMNS, PatternCell, PatternGrid, Polarization, PolarizationModel, Slant,
    antenna_field, slanted,
};
pub use bending::Bending;
pub use complex::Complex;
pub use dual::Dual;
pub use error::PhysicsError;
pub use interaction::{
    EnabledEvents, EventProbabilities, Field, Incidence, event_probabilities, reflect_direction,
};
pub use itu::{ElectricalProperties, ItuClass, ItuEdition, ItuRow, OutOfRange, itu_properties};
pub use jet::Jet;
pub use orientation::{SphericalDirection, look_at, rotation_matrix, spherical_angles};
pub use radiation::Radiator;
pub use real::Real;
pub use slab::{
    SlabCoefficients, SlabEvaluation, SlabGradient, SlabWaves, complex_permittivity, half_space_coefficients,
    slab_adjoint, slab_coefficients, slab_propagation, slab_root,
};
pub use vector::{Mat3, Vec3};
