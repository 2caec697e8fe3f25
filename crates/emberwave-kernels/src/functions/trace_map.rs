//! The radio-map operation.

use std::sync::Arc;

use burn::backend::Dispatch;
use burn::tensor::Tensor;

use crate::config::TraceConfig;
use crate::inputs::TraceInputs;
use crate::ops::TraceOps;

/// Shoots rays from every transmitter, lets them interact, and sums what they leave in the cells of the measurement
/// surface.
///
/// Returns `[channels, num_frequencies, num_tx, num_beams, num_cells]`, cells in the order of the planes, then y, then
/// x. Channel 0 is
///
/// $$ G_i = \frac{1}{N} \sum_{\text{crossings } h \in C_i} \frac{\lVert \tilde E_h \rVert^2}{\lvert\cos\theta_h\rvert} $$
///
/// with the range-free field Ẽ (field times unfolded length; path length cancels against the tube's cross-section),
/// N rays, and the angle θ between ray and surface normal. The path gain of a cell of area A is
/// 4π (λ/4π)² G_i / A; these factors stay outside as ordinary tensor operations. At every hit one of the enabled
/// events is drawn with a probability proportional to its power, and the field is divided by the probability's root,
/// so that G is an unbiased sum over all paths.
///
/// Results are bit-identical for any number of threads; memory does not depend on the number of rays.
///
/// # Panics
///
/// If shapes do not fit each other or the configuration, or tensors are not f32.
#[must_use]
pub fn trace_map(inputs: TraceInputs, config: Arc<TraceConfig>) -> Tensor<5> {
    inputs.check_shapes(&config);
    let (tensors, topology) = inputs.into_tensors();
    Tensor::from_dispatch(Dispatch::trace_map(tensors, topology, config))
}
