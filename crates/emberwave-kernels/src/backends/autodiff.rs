//! The operations under automatic differentiation.

use std::sync::Arc;

use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};

use crate::config::TraceConfig;
use crate::coverage::Coverage;
use crate::functions::RayRange;
use crate::ops::{TraceOps, TraceTensors};
use crate::topology::Topology;

/// The backward pass of `trace_map`; its only parent so far is the tensor of materials.
#[derive(Debug)]
struct TraceMapBackward;

/// What the backward pass keeps: handles of the inputs and the output.
type State<B> = (TraceTensors<B>, FloatTensor<B>, Arc<Topology>, Arc<TraceConfig>);

impl<B: TraceOps> Backward<B, 1> for TraceMapBackward {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let [materials] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (tensors, output, topology, config) = ops.state;
        if let Some(node) = materials {
            grads.register::<B>(node.id, B::trace_map_backward(gradient, output, tensors, topology, config));
        }
    }
}

/// The backward pass of `coverage_map`.
#[derive(Debug)]
struct CoverageMapBackward;

impl<B: TraceOps> Backward<B, 1> for CoverageMapBackward {
    type State = (TraceTensors<B>, FloatTensor<B>, Arc<Coverage>, Arc<TraceConfig>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let [materials] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (tensors, output, coverage, config) = ops.state;
        if let Some(node) = materials {
            grads.register::<B>(
                node.id,
                B::coverage_map_backward(gradient, output, tensors, coverage, config),
            );
        }
    }
}

/// The tensors without their places in the graph.
fn inner<B: TraceOps, C: CheckpointStrategy>(tensors: TraceTensors<Autodiff<B, C>>) -> TraceTensors<B> {
    tensors.map(|tensor| tensor.into_primitive())
}

impl<B: TraceOps, C: CheckpointStrategy> TraceOps for Autodiff<B, C> {
    fn trace_map(
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let materials = tensors.materials.node();
        let inner = inner(tensors);
        let output = B::trace_map(inner.clone(), Arc::clone(&topology), Arc::clone(&config));
        match TraceMapBackward.prepare::<C>([materials]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                // Progress and cancelling belong to the forward pass.
                let config = Arc::new(TraceConfig { monitor: None, ..TraceConfig::clone(&config) });
                prep.finish((inner, output.clone(), topology, config), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }

    fn trace_map_backward(
        _gradient: FloatTensor<Self>,
        _output: FloatTensor<Self>,
        _tensors: TraceTensors<Self>,
        _topology: Arc<Topology>,
        _config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        panic!("Burn differentiates once: the backward pass of a map has no derivative")
    }

    fn trace_choices(
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
        rays: RayRange,
    ) -> IntTensor<Self> {
        B::trace_choices(inner(tensors), topology, config, rays)
    }

    fn coverage_map(
        tensors: TraceTensors<Self>,
        coverage: Arc<Coverage>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let materials = tensors.materials.node();
        let inner = inner(tensors);
        let output = B::coverage_map(inner.clone(), Arc::clone(&coverage), Arc::clone(&config));
        match CoverageMapBackward.prepare::<C>([materials]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((inner, output.clone(), coverage, config), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }

    fn coverage_map_backward(
        _gradient: FloatTensor<Self>,
        _output: FloatTensor<Self>,
        _tensors: TraceTensors<Self>,
        _coverage: Arc<Coverage>,
        _config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        panic!("Burn differentiates once: the backward pass of a map has no derivative")
    }
}
