//! The operation that lists what the rays of a radio map decided.

use std::sync::Arc;

use burn::backend::Dispatch;
use burn::tensor::{Int, Tensor};

use crate::config::TraceConfig;
use crate::inputs::TraceInputs;
use crate::ops::TraceOps;
use crate::topology::Topology;

/// Columns of [`trace_choices`]: triangle, event, cell.
pub const CHOICE_COLUMNS: usize = 3;

/// Some rays of one transmitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RayRange {
    /// Index of the transmitter.
    pub transmitter: usize,
    /// First ray on the launch lattice.
    pub first: u64,
    /// Number of rays.
    pub count: usize,
}

/// The discrete choices of the rays that [`trace_map`](crate::trace_map) shoots, `[count, max_depth + 1, 3]`: for each
/// segment of a path
///
/// 0. the triangle at its end, or −1 (on the last segment nothing is looked for),
/// 1. what happened there: 0 the ray ended, 1 it was reflected, 2 it went through,
/// 2. the cell that the segment crosses, or −1.
///
/// They are those of the first frequency and the first beam, bit for bit the choices of the fused kernel. Constant to a
/// derivative.
///
/// # Panics
///
/// As [`trace_map`](crate::trace_map); also if the measurement surface has several planes, or the range has rays that
/// are not launched.
#[must_use]
pub fn trace_choices(inputs: TraceInputs, config: Arc<TraceConfig>, rays: RayRange) -> Tensor<3, Int> {
    inputs.check_shapes(&config);
    assert!(rays.first + rays.count as u64 <= config.samples_per_tx, "the rays are not launched");
    assert!(rays.transmitter < config.antennas.len(), "there is no such transmitter");
    let (tensors, topology): (_, Arc<Topology>) = inputs.into_tensors();
    Tensor::from_dispatch(Dispatch::trace_choices(tensors, topology, config, rays))
}
