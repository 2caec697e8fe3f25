//! The operation that evaluates a coverage.

use std::sync::Arc;

use burn::backend::Dispatch;
use burn::tensor::Tensor;

use crate::config::TraceConfig;
use crate::coverage::Coverage;
use crate::inputs::TraceInputs;
use crate::ops::{Evaluated, TraceOps};

/// Evaluates the field of every fragment of a coverage by the image method and sums up the cells.
///
/// Returns `[channels, num_frequencies, num_tx, num_beams, num_cells]` with the channels, the order of cells and the
/// unit of [`trace_map`](crate::trace_map), to whose mean it tends as tubes get finer: channel 0 is
///
/// $$ G_i = \frac{A}{4\pi} \sum_{f \in C_i} w_f \, a_f \, \frac{\lVert \tilde E_f \rVert^2}{r_f^2} $$
///
/// with the area A of a cell \[m²\], the covered part a of fragment f, its unfolded length r from the image source to
/// the centroid \[m\], the range-free field Ẽ after all interactions, and the weight w of sampled sequences.
///
/// Materials, wavenumbers, rotations, pattern tables, ports and precoding are those of `inputs`; vertices,
/// positions and the surface are those that were traced. Differentiable in all of them: for the last three the way
/// back traces once more, with [`TraceConfig::motion`]. Results are bit-identical for any number of threads.
///
/// # Panics
///
/// If shapes do not fit each other, the configuration or the coverage ([`Coverage::misfit`] tells before), or tensors are
/// not f32.
#[must_use]
pub fn coverage_map(inputs: TraceInputs, coverage: Arc<Coverage>, config: Arc<TraceConfig>) -> Tensor<5> {
    inputs.check_shapes(&config);
    let [num_tx, _] = inputs.sources.dims();
    assert_eq!(coverage.num_transmitters(), num_tx, "the coverage must have a part per transmitter");
    assert!(
        coverage.frames.iter().map(|frame| frame.grid).eq(config.planes.iter().copied()),
        "the coverage must have the configuration's planes"
    );
    let num_materials = inputs.materials.dims()[1];
    assert!(
        coverage.walls.iter().all(|wall| (wall.material as usize) < num_materials),
        "the coverage must have no materials beside the tensor's"
    );
    let (tensors, topology) = inputs.into_tensors();
    Tensor::from_dispatch(Dispatch::coverage_map(
        tensors,
        topology,
        Evaluated { coverage, kept: None },
        config,
    ))
}
