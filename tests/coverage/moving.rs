//! Coverages that follow their transmitters.

use burn::tensor::{DType, Device, Tensor, TensorData};
use emberwave::prelude::*;

use crate::common::world::{Slab, World};
use crate::worlds::{FREQUENCY, tubes, values};

const POSITION: [f64; 3] = [-2.6, -0.7, 2.3];

/// A closed room: whatever moves, every image source lights all that it did, so no border counts.
fn scene(position: [f64; 3]) -> Scene {
    let room = World::new().room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::CONCRETE);
    let transmitter = Transmitter::new("tx", position).with_pattern(AntennaPattern::Dipole);
    room.scene().with_frequency(FREQUENCY).with_transmitter(transmitter)
}

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.5, 0.5, 1.4], [7.0, 5.0], [1.0, 1.0]);
    tubes(1, plane.with_orientation([0.2, 0.1, -0.05])).with_target_error_db(Some(0.2))
}

fn loss(gains: impl Iterator<Item = f64>) -> f64 {
    gains.enumerate().map(|(cell, gain)| 1e6 * gain * (0.7 * cell as f64).sin()).sum()
}

#[test]
fn derivatives_by_a_position_are_those_of_maps_traced_anew() {
    let solver = options().with_execution(Execution::Wavefront).init();
    let coverage = solver.trace_coverage(&scene(POSITION)).expect("in range");
    let tensors = scene(POSITION).tensors().expect("valid");
    let device = Device::default().autodiff();
    let sources: Tensor<2> =
        Tensor::from_data(TensorData::new(values(tensors.sources.clone()), [1, 12]), (&device, DType::F64));
    let sources = sources.require_grad();
    let materials = Tensor::from_data(
        TensorData::new(values(tensors.materials.clone()), tensors.materials.dims()),
        (&device, DType::F64),
    );
    let tensors = tensors.with_sources(sources.clone()).with_materials(materials);
    let gains = solver.evaluate(&coverage, tensors).expect("it fits").path_gain();
    let count = gains.shape().num_elements();
    let weights = (0..count).map(|cell| 1e6 * (0.7 * cell as f64).sin()).collect::<Vec<_>>();
    let weights = Tensor::from_data(TensorData::new(weights, gains.dims()), (&device, DType::F64));
    let found = values(sources.grad(&(gains * weights).sum().backward()).expect("it has a gradient"));
    let traced = |axis: usize, by: f64| {
        let mut position = POSITION;
        position[axis] += by;
        let map = options().init().solve(&scene(position)).expect("in range");
        loss(values(map.path_gain()).into_iter())
    };
    let expected = [0, 1, 2].map(|axis| (traced(axis, 0.05) - traced(axis, -0.05)) / 0.1);
    println!("{:?} and {expected:?}", &found[..3]);
    let largest = expected.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= 0.02 * largest, "{a} where maps give {b}");
    }
}
