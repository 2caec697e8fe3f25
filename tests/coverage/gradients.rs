//! Derivatives of a kept coverage's maps by the materials.

use burn::tensor::{Device, Tensor, TensorData};
use emberwave::prelude::*;

use crate::common::world::{Slab, World};
use crate::worlds::{FREQUENCY, tubes, values};

/// Columns of the material tensor and steps of the central difference.
const COLUMNS: [(&str, usize, f32); 4] =
    [("eta_re", 0, 2e-2), ("eta_im", 1, 2e-2), ("thickness", 2, 2e-4), ("scattering", 3, 1e-2)];

fn scene() -> Scene {
    let floor = Slab::new(4.0, 0.05, 0.06).with_scattering(0.3);
    let wall = Slab::new(6.0, 0.12, 0.09).with_scattering(0.5);
    let tx = Transmitter::new("tx", [-4.0, 1.0, 5.0]).with_polarization(Polarization::Cross);
    let second = Transmitter::new("other", [2.0, -3.0, 7.0]).with_pattern(AntennaPattern::Tr38901);
    let world = World::new().floor(0.0, 30.0, floor).wall_at_x(9.0, 30.0, wall);
    world.scene().with_frequency(FREQUENCY).with_transmitter(tx).with_transmitter(second)
}

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([5.0, 0.0, 1.5], [16.0, 12.0], [2.0, 2.0]);
    tubes(3, plane.with_orientation([0.2, 0.3, -0.1]))
}

/// A loss that weighs every cell and quantity differently.
fn loss(map: &RadioMap) -> Tensor<1> {
    let decibels = map.path_gain_db() + 75.0;
    let weights = Tensor::arange(0..decibels.shape().num_elements() as i64, &decibels.device()).float();
    let weights = (weights * 0.7).sin().reshape(decibels.dims()) + 1.5;
    let mut loss = (decibels * weights.clone() * map.covered().float()).sum();
    if let Some(spread) = map.rms_delay_spread() {
        loss = loss + (spread * 1e9 * weights.clone()).sum() * 30.0;
    }
    for spread in
        [map.direction_spread_of_arrival(), map.direction_spread_of_departure()].into_iter().flatten()
    {
        loss = loss + (spread * weights.clone()).sum() * 100.0;
    }
    loss
}

/// The scene's tensors with its materials, as a leaf, on a device.
fn tensors(device: &Device) -> SceneTensors {
    let tensors = scene().tensors().expect("the scene is valid");
    let materials = Tensor::from_data(tensors.materials.clone().into_data(), device);
    tensors.with_materials(materials)
}

fn gradient(loss: impl Fn(SceneTensors) -> Tensor<1>) -> Vec<f64> {
    let tensors = tensors(&Device::default().autodiff());
    let materials = tensors.materials.clone().require_grad();
    let grads = loss(tensors.with_materials(materials.clone())).backward();
    values(materials.grad(&grads).expect("the materials have a gradient"))
}

fn assert_gradient_matches(config: RadioMapSolverConfig) {
    let solver = config.init();
    let coverage = solver.trace_coverage(&scene()).expect("in range");
    let evaluate = |tensors| loss(&solver.evaluate(&coverage, tensors).expect("it fits"));
    let gradient = gradient(evaluate);
    let shifted = |material: usize, column: usize, by: f32| {
        let tensors = tensors(&Device::default());
        let mut data: Vec<f32> = tensors.materials.clone().into_data().iter::<f32>().collect();
        data[material * 8 + column] += by;
        let shape = tensors.materials.dims();
        let materials = Tensor::from_data(TensorData::new(data, shape), &Device::default());
        f64::from(evaluate(tensors.with_materials(materials)).into_scalar::<f32>())
    };
    for (name, column, step) in COLUMNS {
        let largest = gradient[column].abs().max(gradient[8 + column].abs());
        for material in 0..2 {
            let difference = shifted(material, column, step) - shifted(material, column, -step);
            let expected = difference / (2.0 * f64::from(step));
            let found = gradient[material * 8 + column];
            println!("material {material}, {name}: {found:.5} and {expected:.5}");
            assert!(
                (found - expected).abs() <= 0.01 * expected.abs() + 2e-3 * largest,
                "material {material}, {name}: {found} where finite differences give {expected}"
            );
        }
    }
}

#[test]
fn gradients_match_finite_differences() {
    assert_gradient_matches(options());
}

#[test]
fn gradients_of_statistics_match_finite_differences() {
    let config = options().with_delays(true).with_directions_of_arrival(true);
    assert_gradient_matches(config.with_directions_of_departure(true));
}

#[test]
fn gradients_are_those_of_rays() {
    let total = |map: &RadioMap| map.path_gain().sum() * 1e6;
    let tubes = options();
    let cell = tubes.clone().with_reconstruction(Reconstruction::Cell).with_target_error_db(None);
    let found = gradient(|tensors| total(&tubes.clone().init().solve_tensors(tensors).expect("in range")));
    let solver = cell.with_samples_per_tx(4_000_000).init();
    let expected = gradient(|tensors| total(&solver.solve_tensors(tensors).expect("in range")));
    for (column, (name, ..)) in COLUMNS.iter().enumerate() {
        let largest = expected[column].abs().max(expected[8 + column].abs());
        for at in [column, 8 + column] {
            let deviation = (found[at] - expected[at]).abs() / largest;
            println!("{name}: {:.4} and {:.4} by rays", found[at], expected[at]);
            assert!(deviation < 0.03, "{name}: {} where rays give {}", found[at], expected[at]);
        }
    }
}
