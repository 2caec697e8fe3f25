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
use crate::functions::RayRange;
use crate::gradients::Wanted;
use crate::ops::{Evaluated, TraceOps, TraceTensors};
use crate::topology::Topology;

/// The backward pass of `trace_map` and `coverage_map`.
#[derive(Debug)]
struct MapBackward;

/// What a backward pass keeps: handles of the inputs and the output.
#[derive(Clone, Debug)]
struct State<B: TraceOps> {
    tensors: TraceTensors<B>,
    output: FloatTensor<B>,
    topology: Arc<Topology>,
    config: Arc<TraceConfig>,
    /// Nothing where rays were traced.
    evaluated: Option<Evaluated>,
}

impl<B: TraceOps> Backward<B, 8> for MapBackward {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, 8>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let parents = ops.parents.each_ref().map(|parent| parent.as_ref().map(|node| node.id));
        let gradient = grads.consume::<B>(&ops.node);
        let State { tensors, output, topology, config, evaluated } = ops.state;
        let shapes = shapes(&tensors);
        let wanted = Wanted::from_flags(parents.map(|parent| parent.is_some()));
        let packed = match evaluated {
            Some(evaluated) => {
                B::coverage_map_backward(gradient, output, tensors, topology, evaluated, config, wanted)
            }
            None => B::trace_map_backward(gradient, output, tensors, topology, config, wanted),
        };
        register::<B>(grads, parents, shapes, &packed);
    }
}

/// A map in the graph of its tensors.
fn tracked<B: TraceOps, C: CheckpointStrategy>(
    tensors: TraceTensors<Autodiff<B, C>>,
    topology: Arc<Topology>,
    config: Arc<TraceConfig>,
    evaluated: Option<Evaluated>,
    map: impl FnOnce(TraceTensors<B>) -> FloatTensor<B>,
) -> FloatTensor<Autodiff<B, C>> {
    let nodes = tensors.each().map(|tensor| tensor.node());
    let tensors = inner(tensors);
    let output = map(tensors.clone());
    match MapBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => {
            // Progress and cancelling belong to the forward pass.
            let config = Arc::new(TraceConfig { monitor: None, ..TraceConfig::clone(&config) });
            prep.finish(State { tensors, output: output.clone(), topology, config, evaluated }, output)
        }
        OpsKind::UnTracked(prep) => prep.finish(output),
    }
}

/// The shapes of the tensors, in their order.
fn shapes<B: TraceOps>(tensors: &TraceTensors<B>) -> [Shape; 8] {
    tensors.each().map(TensorMetadata::shape)
}

/// Gives every node that is wanted its part of the derivatives.
fn register<B: Backend>(
    grads: &mut Gradients,
    parents: [Option<NodeId>; 8],
    shapes: [Shape; 8],
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
        tracked(tensors, Arc::clone(&topology), Arc::clone(&config), None, |tensors| {
            B::trace_map(tensors, topology, config)
        })
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
        evaluated: Evaluated,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let wanted = Wanted::from_flags(tensors.each().map(|tensor| tensor.is_tracked()));
        let keeps = wanted.materials && wanted.only_materials();
        let evaluated = Evaluated { kept: keeps.then(Arc::default), ..evaluated };
        let kept = Some(evaluated.clone());
        tracked(tensors, Arc::clone(&topology), Arc::clone(&config), kept, |tensors| {
            B::coverage_map(tensors, topology, evaluated, config)
        })
    }

    fn coverage_map_backward(
        _gradient: FloatTensor<Self>,
        _output: FloatTensor<Self>,
        _tensors: TraceTensors<Self>,
        _topology: Arc<Topology>,
        _evaluated: Evaluated,
        _config: Arc<TraceConfig>,
        _wanted: Wanted,
    ) -> FloatTensor<Self> {
        panic!("Burn differentiates once: the backward pass of a map has no derivative")
    }
}
