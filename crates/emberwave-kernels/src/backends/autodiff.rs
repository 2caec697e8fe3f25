//! The operations under automatic differentiation.

use std::sync::Arc;

use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::Shape;

use crate::config::TraceConfig;
use crate::coverage::Coverage;
use crate::functions::RayRange;
use crate::gradients::Wanted;
use crate::ops::{TraceOps, TraceTensors};
use crate::topology::Topology;

/// The backward pass of `trace_map`.
#[derive(Debug)]
struct TraceMapBackward;

/// What a backward pass keeps: handles of the inputs and the output.
#[derive(Clone, Debug)]
struct State<B: TraceOps> {
    tensors: TraceTensors<B>,
    output: FloatTensor<B>,
    topology: Arc<Topology>,
    config: Arc<TraceConfig>,
}

impl<B: TraceOps> Backward<B, 7> for TraceMapBackward {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, 7>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let parents = ops.parents.each_ref().map(|parent| parent.as_ref().map(|node| node.id));
        let gradient = grads.consume::<B>(&ops.node);
        let State { tensors, output, topology, config } = ops.state;
        let shapes = shapes(&tensors);
        let wanted = Wanted::from_flags(parents.map(|parent| parent.is_some()));
        let packed = B::trace_map_backward(gradient, output, tensors, topology, config, wanted);
        register::<B>(grads, parents, shapes, &packed);
    }
}

/// The backward pass of `coverage_map`.
#[derive(Debug)]
struct CoverageMapBackward;

impl<B: TraceOps> Backward<B, 7> for CoverageMapBackward {
    type State = (State<B>, Arc<Coverage>);

    fn backward(self, ops: Ops<Self::State, 7>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let parents = ops.parents.each_ref().map(|parent| parent.as_ref().map(|node| node.id));
        let gradient = grads.consume::<B>(&ops.node);
        let (State { tensors, output, topology, config }, coverage) = ops.state;
        let shapes = shapes(&tensors);
        let wanted = Wanted::from_flags(parents.map(|parent| parent.is_some()));
        let packed = B::coverage_map_backward(gradient, output, tensors, topology, coverage, config, wanted);
        register::<B>(grads, parents, shapes, &packed);
    }
}

/// The shapes of the tensors, in their order.
fn shapes<B: TraceOps>(tensors: &TraceTensors<B>) -> [Shape; 7] {
    tensors.each().map(TensorMetadata::shape)
}

/// Gives every node that is wanted its part of the derivatives.
fn register<B: Backend>(
    grads: &mut Gradients,
    parents: [Option<NodeId>; 7],
    shapes: [Shape; 7],
    packed: &FloatTensor<B>,
) {
    let mut first = 0;
    for (node, shape) in parents.into_iter().zip(shapes) {
        let Some(node) = node else { continue };
        let end = first + shape.num_elements();
        let part = B::float_slice(packed.clone(), &[(first..end).into()]);
        grads.register::<B>(node, B::float_reshape(part, shape));
        first = end;
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
        let nodes = tensors.each().map(|tensor| tensor.node());
        let inner = inner(tensors);
        let output = B::trace_map(inner.clone(), Arc::clone(&topology), Arc::clone(&config));
        match TraceMapBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let state =
                    State { tensors: inner, output: output.clone(), topology, config: quiet(&config) };
                prep.finish(state, output)
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
        _wanted: Wanted,
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
        topology: Arc<Topology>,
        coverage: Arc<Coverage>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let nodes = tensors.each().map(|tensor| tensor.node());
        let inner = inner(tensors);
        let output =
            B::coverage_map(inner.clone(), Arc::clone(&topology), Arc::clone(&coverage), Arc::clone(&config));
        match CoverageMapBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let state =
                    State { tensors: inner, output: output.clone(), topology, config: quiet(&config) };
                prep.finish((state, coverage), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }

    fn coverage_map_backward(
        _gradient: FloatTensor<Self>,
        _output: FloatTensor<Self>,
        _tensors: TraceTensors<Self>,
        _topology: Arc<Topology>,
        _coverage: Arc<Coverage>,
        _config: Arc<TraceConfig>,
        _wanted: Wanted,
    ) -> FloatTensor<Self> {
        panic!("Burn differentiates once: the backward pass of a map has no derivative")
    }
}

/// The configuration without its monitor: progress and cancelling belong to the forward pass.
fn quiet(config: &TraceConfig) -> Arc<TraceConfig> {
    Arc::new(TraceConfig { monitor: None, ..config.clone() })
}
