//! The processor: Burn's `flex` backend.

use std::sync::Arc;

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::TensorData;
use burn_flex::FlexTensor;

use crate::config::TraceConfig;
use crate::cpu::{self, HostTensor, HostTensors, MapGradient};
use crate::functions::RayRange;
use crate::gradients::{Gradients, Wanted};
use crate::ops::{Evaluated, TraceOps, TraceTensors};
use crate::topology::Topology;

impl TraceOps for Flex {
    fn trace_map(
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let tensors = contiguous(tensors);
        let (values, shape) = cpu::trace_map(&host_tensors(&tensors), &topology, &config);
        FlexTensor::from_data(TensorData::new(values, shape))
    }

    fn trace_map_backward(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
        wanted: Wanted,
    ) -> FloatTensor<Self> {
        let (gradient, output) = (gradient.to_contiguous(), output.to_contiguous());
        let tensors = contiguous(tensors);
        let host_tensors = host_tensors(&tensors);
        let map = MapGradient { gradient: host(&gradient), output: host(&output) };
        packed(&cpu::trace_map_backward(map, &host_tensors, &topology, &config, wanted), wanted)
    }

    fn trace_choices(
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
        rays: RayRange,
    ) -> IntTensor<Self> {
        let tensors = contiguous(tensors);
        let (values, shape) = cpu::trace_choices(&host_tensors(&tensors), &topology, &config, rays);
        FlexTensor::from_data(TensorData::new(values, shape))
    }

    fn coverage_map(
        tensors: TraceTensors<Self>,
        _topology: Arc<Topology>,
        evaluated: Evaluated,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let tensors = contiguous(tensors);
        let (values, shape) = cpu::coverage_map(&host_tensors(&tensors), &evaluated, &config);
        FlexTensor::from_data(TensorData::new(values, shape))
    }

    fn coverage_map_backward(
        gradient: FloatTensor<Self>,
        output: FloatTensor<Self>,
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        evaluated: Evaluated,
        config: Arc<TraceConfig>,
        wanted: Wanted,
    ) -> FloatTensor<Self> {
        let (gradient, output) = (gradient.to_contiguous(), output.to_contiguous());
        let tensors = contiguous(tensors);
        let host_tensors = host_tensors(&tensors);
        let map = MapGradient { gradient: host(&gradient), output: host(&output) };
        let gradients =
            cpu::coverage_map_backward(map, &host_tensors, &topology, &evaluated, &config, wanted);
        packed(&gradients, wanted)
    }
}

fn packed(gradients: &Gradients, wanted: Wanted) -> FlexTensor {
    let values = gradients.pack(wanted);
    let shape = [values.len()];
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn contiguous(tensors: TraceTensors<Flex>) -> TraceTensors<Flex> {
    tensors.map(|tensor| tensor.to_contiguous())
}

fn host_tensors(tensors: &TraceTensors<Flex>) -> HostTensors<'_> {
    HostTensors {
        vertices: host(&tensors.vertices),
        materials: host(&tensors.materials),
        wavenumber: host(&tensors.wavenumber),
        sources: host(&tensors.sources),
        pattern_tables: host(&tensors.pattern_tables),
        ports: host(&tensors.ports),
        precoding: host(&tensors.precoding),
        surface: host(&tensors.surface),
    }
}

fn host(tensor: &FlexTensor) -> HostTensor<'_> {
    let values = tensor.as_slice::<f32>().expect("the fused kernel computes in f32");
    HostTensor { values, shape: tensor.layout().shape().as_slice() }
}
