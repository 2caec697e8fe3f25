use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use emberwave_physics::{AntennaPattern, PolarizationModel};

use super::super::{HostTensor, MapGradient};
use super::*;
use crate::config::{Antenna, Channels, Events, Motion, PlaneGrid};
use crate::gradients::Wanted;
use crate::inputs::TraceInputs;
use crate::topology::Topology;
use crate::{TubeOptions, trace_coverage};

fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::default())
}

/// A floor of one material and a wall of another.
fn inputs() -> TraceInputs {
    let floor = [-30.0, -30.0, 0.0, 30.0, -30.0, 0.0, 30.0, 30.0, 0.0, -30.0, 30.0, 0.0];
    let wall = [8.0, -30.0, 0.0, 8.0, 30.0, 0.0, 8.0, 30.0, 20.0, 8.0, -30.0, 20.0];
    let materials = [5.0, -0.4, 0.1, 0.2, 0.0, 0.0, 0.0, 0.0, 3.0, -0.1, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0];
    let source = [-3.0, 1.0, 6.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    TraceInputs {
        vertices: tensor(&[floor, wall].concat(), [8, 3]),
        materials: tensor(&materials, [1, 2, 8]),
        wavenumber: tensor(&[73.0], [1]),
        sources: tensor(&source, [1, 12]),
        pattern_tables: tensor(&[], [0, 2, 1, 4]),
        ports: tensor(&[0.0; 3], [1, 1, 3]),
        precoding: tensor(&[1.0, 0.0], [1, 1, 1, 2]),
        surface: tensor(&[-4.0, -4.0, 1.5, 8.0, 0.0, 0.0, 0.0, 6.0, 0.0], [1, 3, 3]),
        topology: Arc::new(Topology::new(
            vec![[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]],
            vec![0, 0, 1, 1],
            8,
        )),
    }
}

fn config() -> TraceConfig {
    TraceConfig {
        events: Events { los: true, specular_reflection: true, refraction: true },
        max_depth: 3,
        roulette: None,
        stop_threshold: None,
        samples_per_tx: 1,
        seed: 7,
        antennas: vec![Antenna {
            pattern: AntennaPattern::Dipole.into(),
            model: PolarizationModel::Two,
            slants: vec![0.0],
        }],
        planes: vec![PlaneGrid { num_cells_x: 40, num_cells_y: 30 }],
        channels: Channels { delay: true, ..Channels::default() },
        motion: Motion::default(),
        monitor: None,
    }
}

#[test]
fn slopes_that_were_kept_are_those_that_are_found_anew() {
    let (inputs, config) = (inputs(), config());
    let coverage = Arc::new(trace_coverage(&inputs, &config, &TubeOptions::for_target_error(0.3, 4)));
    let host = inputs.to_host();
    let tensors = host.as_host();
    let kept = Some(Arc::<KeptSlopes>::default());
    let keeping = Evaluated { coverage: Arc::clone(&coverage), kept };
    let (values, shape) = coverage_map(&tensors, &keeping, &config);
    let forgetting = Evaluated { coverage, kept: None };
    assert_eq!(coverage_map(&tensors, &forgetting, &config).0, values);
    let gradient: Vec<f32> = (0..values.len()).map(|index| 1e6 * (index % 7) as f32).collect();
    let host_of = |values| HostTensor { values, shape: shape.as_slice() };
    let map = MapGradient { gradient: host_of(gradient.as_slice()), output: host_of(values.as_slice()) };
    let wanted = Wanted { materials: true, ..Wanted::default() };
    let by_materials = |evaluated: &Evaluated| {
        coverage_map_backward(map, &tensors, &inputs.topology, evaluated, &config, wanted).materials
    };
    let found = by_materials(&keeping);
    assert_eq!(found, by_materials(&forgetting));
    assert!(found.iter().flat_map(|row| &row[..3]).all(|&by| by != 0.0), "{found:?}");
}
