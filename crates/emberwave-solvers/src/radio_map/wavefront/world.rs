//! The scene as the wavefront form reads it: tensors of one element type, seen from the middle of the scene.

use std::sync::Arc;

use burn::tensor::{DType, FloatDType, Tensor, TensorData};
use emberwave_em::vector::{cross, dot, scale};
use emberwave_kernels::{Topology, TraceInputs};

/// Where the scene, its transmitters and the measurement plane are.
#[derive(Debug)]
pub(super) struct World {
    /// Where the origin of coordinates is moved to \[m\], `[1, 3]`.
    pub center: Tensor<2>,
    /// Unit normal of each triangle, `[triangles, 3]`.
    pub normals: Tensor<2>,
    /// A corner of each triangle \[m\], `[triangles, 3]`.
    pub corners: Tensor<2>,
    /// Positions of the transmitters \[m\], `[num_tx, 3]`.
    positions: Tensor<2>,
    /// Corner and unit normal of the plane, each `[1, 3]`.
    pub plane_corner: Tensor<2>,
    pub plane_normal: Tensor<2>,
}

impl World {
    /// From inputs of one element type.
    pub fn new(inputs: &TraceInputs, center: [f64; 3]) -> Self {
        let center = constant(center.to_vec(), 1, &inputs.materials);
        let vertices = inputs.vertices.clone() - center.clone();
        let [a, b, c] = [0, 1, 2].map(|corner| corner_of_triangles(&vertices, &inputs.topology, corner));
        let normals = unit(cross(b - a.clone(), c - a.clone()));
        let row = |at: usize| inputs.surface.clone().narrow(0, 0, 1).narrow(1, at, 1).squeeze_dim::<2>(0);
        Self {
            normals,
            corners: a,
            positions: inputs.sources.clone().narrow(1, 0, 3) - center.clone(),
            plane_corner: row(0) - center.clone(),
            plane_normal: unit(cross(row(1), row(2))),
            center,
        }
    }

    /// A transmitter's place \[m\], `[1, 3]`.
    pub fn position(&self, transmitter: usize) -> Tensor<2> {
        self.positions.clone().narrow(0, transmitter, 1)
    }
}

/// The inputs as f32 constants, which choices are made from.
pub(super) fn constants(inputs: &TraceInputs) -> TraceInputs {
    detached(in_type(inputs.clone(), DType::F32))
}

/// The inputs as constants to a derivative.
pub(super) fn detached(inputs: TraceInputs) -> TraceInputs {
    TraceInputs {
        vertices: inputs.vertices.detach(),
        materials: inputs.materials.detach(),
        wavenumber: inputs.wavenumber.detach(),
        sources: inputs.sources.detach(),
        pattern_tables: inputs.pattern_tables.detach(),
        ports: inputs.ports.detach(),
        precoding: inputs.precoding.detach(),
        surface: inputs.surface.detach(),
        topology: inputs.topology,
    }
}

/// The inputs in f64 or f32.
pub(super) fn in_type(inputs: TraceInputs, dtype: DType) -> TraceInputs {
    TraceInputs {
        vertices: cast(inputs.vertices, dtype),
        materials: cast(inputs.materials, dtype),
        wavenumber: cast(inputs.wavenumber, dtype),
        sources: cast(inputs.sources, dtype),
        pattern_tables: cast(inputs.pattern_tables, dtype),
        ports: cast(inputs.ports, dtype),
        precoding: cast(inputs.precoding, dtype),
        surface: cast(inputs.surface, dtype),
        topology: inputs.topology,
    }
}

/// The tensor in f64 or f32.
pub(in crate::radio_map) fn cast<const D: usize>(tensor: Tensor<D>, dtype: DType) -> Tensor<D> {
    if tensor.dtype() == dtype {
        return tensor;
    }
    tensor.cast(if dtype == DType::F64 { FloatDType::F64 } else { FloatDType::F32 })
}

/// Constant vectors, on the device and in the element type of another tensor.
pub(super) fn constant<const D: usize>(values: Vec<f64>, rows: usize, like: &Tensor<D>) -> Tensor<2> {
    let columns = values.len() / rows;
    Tensor::from_data(TensorData::new(values, [rows, columns]), (&like.device(), like.dtype()))
}

/// One of the corners of each triangle, `[triangles, 3]`.
pub(super) fn corner_of_triangles(
    vertices: &Tensor<2>,
    topology: &Arc<Topology>,
    corner: usize,
) -> Tensor<2> {
    let corners = topology.triangles().iter().map(|triangle| triangle[corner] as i32);
    vertices.clone().select(0, super::rays::indices(corners, &vertices.device()))
}

/// Vectors of length 1 `[n, 3]`; zero vectors stay.
pub(super) fn unit(vectors: Tensor<2>) -> Tensor<2> {
    let squares = dot(vectors.clone(), vectors.clone());
    let degenerate = squares.clone().lower_equal_scalar(0.0);
    scale(vectors, squares.mask_fill(degenerate, 1.0).sqrt().recip())
}
