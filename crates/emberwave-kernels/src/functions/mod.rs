//! The public face of the operations: plain tensors in, plain tensors out.

mod coverage_map;
mod trace_choices;
mod trace_map;

pub use coverage_map::coverage_map;
pub use trace_choices::{CHOICE_COLUMNS, RayRange, trace_choices};
pub use trace_map::trace_map;
