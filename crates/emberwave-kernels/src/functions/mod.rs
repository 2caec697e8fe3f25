//! The public face of the operations: plain tensors in, plain tensors out.

mod trace_map;

pub use trace_map::trace_map;
