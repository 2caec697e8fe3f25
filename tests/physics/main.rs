//! The laws of radio propagation, against closed forms in f64 that share no code with the solver.
//!
//! Monte-Carlo results are compared over independently seeded runs with the standard errors that these runs show; see
//! `common/statistics.rs`.

#[path = "../common/mod.rs"]
mod common;

mod box_images;
mod determinism;
mod energy;
mod errors;
mod free_space;
mod ground;
mod invariance;
mod leaks;
mod options;
mod pattern_tables;
mod sinr;
mod spreads;
mod transmission;
