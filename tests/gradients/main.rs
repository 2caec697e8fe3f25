//! Gradients of maps against finite differences.

#[path = "../common/mod.rs"]
mod common;

mod burn_habits;
mod calibration;
mod materials;
mod scene_module;
mod training;
