//! Gradients of maps against finite differences.

#[path = "../common/mod.rs"]
mod common;

mod burn_habits;
mod calibration;
mod finite;
mod forms;
mod frequency;
mod materials;
mod pattern_tables;
mod quadrature;
mod scene_module;
mod training;
mod truth;
