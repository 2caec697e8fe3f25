//! The guide: what the numbers mean, how they are made, how to work with them, where they end, how to add to them.
//!
//! | page | tells |
//! |---|---|
//! | [`conventions`] | axes, angles, time, polarisation, layout of maps, units |
//! | [`primer`] | what is computed, and how |
//! | [`tutorial`] | from a scene to a map, pictures, numbers, trained materials, and replaced tensors |
//! | [`limits`] | what is not modelled, and what follows from it |
//! | [`extending`] | where a pattern, a material, a shape or a quantity is added |
//!
//! All code on these pages is run by the tests.

#[doc = include_str!("conventions.md")]
pub mod conventions {}

#[doc = include_str!("primer.md")]
pub mod primer {}

#[doc = include_str!("tutorial.md")]
pub mod tutorial {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("extending.md")]
pub mod extending {}
