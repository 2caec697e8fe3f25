//! The operations under automatic differentiation.

use std::sync::Arc;

use burn::backend::AutodiffBackend;
use burn::backend::autodiff::{Autodiff, checkpoint::strategy::CheckpointStrategy};
use burn::backend::tensor::FloatTensor;

use crate::config::TraceConfig;
use crate::ops::{TraceOps, TraceTensors};
use crate::topology::Topology;

/// The map leaves as a constant: the fused kernel has no backward pass yet.
impl<B: TraceOps, C: CheckpointStrategy> TraceOps for Autodiff<B, C> {
    fn trace_map(
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let inner = TraceTensors {
            vertices: tensors.vertices.into_primitive(),
            materials: tensors.materials.into_primitive(),
            wavenumber: tensors.wavenumber.into_primitive(),
            sources: tensors.sources.into_primitive(),
            ports: tensors.ports.into_primitive(),
            precoding: tensors.precoding.into_primitive(),
            surface: tensors.surface.into_primitive(),
        };
        <Self as AutodiffBackend>::from_inner(B::trace_map(inner, topology, config))
    }
}
