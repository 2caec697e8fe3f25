//! Maps by adaptive ray tubes: against closed forms, against the point deposits of rays, and kept to be evaluated again.

#[path = "../common/mod.rs"]
mod common;

mod agreement;
mod closed_forms;
mod determinism;
mod files;
mod gradients;
mod misfits;
mod moving;
mod pattern_tables;
mod tensor_form;
mod worlds;
