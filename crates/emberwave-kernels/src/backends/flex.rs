//! The processor: Burn's `flex` backend.

use std::sync::Arc;

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;
use burn_flex::FlexTensor;

use crate::config::TraceConfig;
use crate::cpu::{self, HostTensor, HostTensors};
use crate::ops::{TraceOps, TraceTensors};
use crate::topology::Topology;

impl TraceOps for Flex {
    fn trace_map(
        tensors: TraceTensors<Self>,
        topology: Arc<Topology>,
        config: Arc<TraceConfig>,
    ) -> FloatTensor<Self> {
        let tensors = TraceTensors::<Self> {
            vertices: tensors.vertices.to_contiguous(),
            materials: tensors.materials.to_contiguous(),
            wavenumber: tensors.wavenumber.to_contiguous(),
            sources: tensors.sources.to_contiguous(),
            ports: tensors.ports.to_contiguous(),
            precoding: tensors.precoding.to_contiguous(),
            surface: tensors.surface.to_contiguous(),
        };
        let host = HostTensors {
            vertices: host(&tensors.vertices),
            materials: host(&tensors.materials),
            wavenumber: host(&tensors.wavenumber),
            sources: host(&tensors.sources),
            ports: host(&tensors.ports),
            precoding: host(&tensors.precoding),
            surface: host(&tensors.surface),
        };
        let (values, shape) = cpu::trace_map(&host, &topology, &config);
        FlexTensor::from_data(TensorData::new(values, shape))
    }
}

fn host(tensor: &FlexTensor) -> HostTensor<'_> {
    let values = tensor.as_slice::<f32>().expect("the fused kernel computes in f32");
    HostTensor { values, shape: tensor.layout().shape().as_slice() }
}
