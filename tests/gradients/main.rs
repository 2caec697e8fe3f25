//! Gradients of maps against finite differences.

#[path = "../common/mod.rs"]
mod common;

mod materials;
mod scene_module;
mod training;
