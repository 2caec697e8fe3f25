//! The tracer made of tensor operations against the fused kernel.

#[path = "../common/mod.rs"]
mod common;

mod agreement;
mod custom;
mod memory;
mod progress;
mod scenes;
