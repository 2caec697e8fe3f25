//! Sionna RT 2.2.0's radio maps against ours, for every case of `../shared/reference` that this solver computes.
//!
//! The criteria: the total power of each transmitter agrees within 0.05 dB, and at least 99 % of the cells whose
//! combined relative standard error is below 5 % agree within 4 standard errors. Both sides' errors come from
//! independent runs.

#[path = "../common/mod.rs"]
mod common;

mod case;
mod comparison;
mod radio_maps;
mod sinr;
