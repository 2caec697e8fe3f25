//! Derivatives by the materials: `[num_frequencies, num_materials, 8]`, of which the first four columns matter.

use burn::tensor::{Device, Tensor, TensorData};
use emberwave::prelude::*;

use crate::common::world::{Slab, World};

/// Columns of the material tensor and steps of the central difference.
const COLUMNS: [(&str, usize, f32); 4] =
    [("eta_re", 0, 2e-2), ("eta_im", 1, 2e-2), ("thickness", 2, 2e-4), ("scattering", 3, 1e-2)];

/// A floor and a wall of different lossy slabs.
fn world() -> World {
    let floor = Slab::new(4.0, 0.05, 0.06).with_scattering(0.3);
    let wall = Slab::new(6.0, 0.12, 0.09).with_scattering(0.5);
    World::new().floor(0.0, 30.0, floor).wall_at_x(9.0, 30.0, wall)
}

fn tensors(device: &Device) -> SceneTensors {
    let tx = Transmitter::new("tx", [-4.0, 1.0, 5.0]).with_polarization(Polarization::Cross);
    let second = Transmitter::new("other", [2.0, -3.0, 7.0]).with_pattern(AntennaPattern::Tr38901);
    let scene = world().scene().with_transmitter(tx).with_transmitter(second);
    let tensors = scene.tensors().expect("the scene is valid");
    let materials = tensors.materials.clone().into_data();
    tensors.with_materials(Tensor::from_data(materials, device))
}

fn config(samples: u64) -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 12.0], [3.0, 3.0]);
    let tilted = plane.with_orientation([0.2, 0.3, -0.1]);
    RadioMapSolverConfig::new().with_samples_per_tx(samples).with_measurement_surface(tilted)
}

/// A loss that weighs every cell and quantity differently.
fn loss(map: &RadioMap) -> Tensor<1> {
    // Near 0, so that single precision resolves small changes.
    let decibels = map.path_gain_db() + 85.0;
    let weights = Tensor::arange(0..decibels.shape().num_elements() as i64, &decibels.device()).float();
    let weights = (weights * 0.7).sin().reshape(decibels.dims()) + 1.5;
    let covered = map.covered().float();
    let mut loss = (decibels * weights.clone() * covered.clone()).sum();
    if let Some(spread) = map.rms_delay_spread() {
        loss = loss + (spread * 1e9 * weights.clone() * covered.clone()).sum() * 30.0;
    }
    for spread in
        [map.direction_spread_of_arrival(), map.direction_spread_of_departure()].into_iter().flatten()
    {
        loss = loss + (spread * weights.clone() * covered.clone()).sum() * 100.0;
    }
    if let Some(mean) = map.mean_direction_of_arrival() {
        loss = loss + mean.slice([0..2, 0..4, 0..4, 2..3]).sum() * 50.0;
    }
    loss
}

fn value(config: &RadioMapSolverConfig, tensors: SceneTensors) -> f64 {
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    f64::from(loss(&map).into_scalar::<f32>())
}

/// The gradient by the materials, `[num_materials, 8]` flattened.
fn gradient(config: &RadioMapSolverConfig) -> Vec<f64> {
    let tensors = tensors(&Device::default().autodiff());
    let materials = tensors.materials.clone().require_grad();
    let tensors = tensors.with_materials(materials.clone());
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    let grads = loss(&map).backward();
    let gradient = materials.grad(&grads).expect("the materials have a gradient");
    gradient.into_data().iter::<f64>().collect()
}

fn central_difference(config: &RadioMapSolverConfig, material: usize, column: usize, step: f32) -> f64 {
    let device = Device::default();
    let shifted = |by: f32| {
        let tensors = tensors(&device);
        let mut data: Vec<f32> = tensors.materials.clone().into_data().iter::<f32>().collect();
        data[material * 8 + column] += by;
        let shape = tensors.materials.dims();
        value(config, tensors.with_materials(Tensor::from_data(TensorData::new(data, shape), &device)))
    };
    (shifted(step) - shifted(-step)) / (2.0 * f64::from(step))
}

/// With a single kind of event nothing is drawn, so finite differences with the same rays are exact up to rounding and
/// the curvature over a step.
fn assert_gradient_matches(config: &RadioMapSolverConfig) {
    let gradient = gradient(config);
    let largest: Vec<f64> = (0..4).map(|c| gradient[c].abs().max(gradient[8 + c].abs())).collect();
    for material in 0..2 {
        for (name, column, step) in COLUMNS {
            let expected = central_difference(config, material, column, step);
            let found = gradient[material * 8 + column];
            let tolerance = 0.01 * expected.abs() + 2e-3 * largest[column];
            assert!(
                (found - expected).abs() <= tolerance,
                "material {material}, {name}: {found} where finite differences give {expected}"
            );
        }
    }
}

#[test]
fn reflection_gradients_match_finite_differences() {
    assert_gradient_matches(&config(200_000).with_refraction(false).with_max_depth(3));
}

#[test]
fn transmission_gradients_match_finite_differences() {
    assert_gradient_matches(&config(200_000).with_specular_reflection(false).with_max_depth(3));
}

#[test]
fn gradients_of_statistics_match_finite_differences() {
    let config = config(200_000).with_refraction(false).with_max_depth(2);
    let config = config.with_delays(true).with_directions_of_arrival(true).with_directions_of_departure(true);
    assert_gradient_matches(&config);
}

/// Mean and standard error of a gradient entry over seeds.
fn over_seeds(config: &RadioMapSolverConfig, seeds: std::ops::Range<u64>) -> Vec<(f64, f64)> {
    let runs: Vec<Vec<f64>> = seeds.map(|seed| gradient_of_power(&config.clone().with_seed(seed))).collect();
    let count = runs.len() as f64;
    (0..runs[0].len())
        .map(|entry| {
            let mean = runs.iter().map(|run| run[entry]).sum::<f64>() / count;
            let squares = runs.iter().map(|run| (run[entry] - mean).powi(2)).sum::<f64>();
            (mean, (squares / (count * (count - 1.0))).sqrt())
        })
        .collect()
}

/// The gradient of the total power, whose estimate has the right mean for any number of rays.
fn gradient_of_power(config: &RadioMapSolverConfig) -> Vec<f64> {
    let tensors = tensors(&Device::default().autodiff());
    let materials = tensors.materials.clone().require_grad();
    let tensors = tensors.with_materials(materials.clone());
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    let grads = (map.path_gain().sum() * 1e6).backward();
    materials.grad(&grads).expect("the materials have a gradient").into_data().iter::<f64>().collect()
}

#[test]
fn roulette_keeps_the_mean_of_the_gradient() {
    let config = config(50_000).with_max_depth(4);
    let plain = over_seeds(&config, 0..24);
    let roulette = over_seeds(&config.clone().with_rr_depth(1).with_rr_prob(0.9), 100..124);
    for (entry, ((a, error_a), (b, error_b))) in plain.iter().zip(&roulette).enumerate() {
        let error = error_a.hypot(*error_b);
        assert!((a - b).abs() <= 4.5 * error, "entry {entry}: {a} and {b} with a standard error of {error}");
    }
    assert!(plain[0].0.abs() > 10.0 * plain[0].1, "the gradient is well above its error");
}

#[test]
fn drawn_events_keep_the_mean_of_the_gradient() {
    // Events drawn from both kinds against finite differences of the mean power, both over many seeds.
    let config = config(100_000).with_max_depth(3);
    let found = over_seeds(&config, 0..16);
    let device = Device::default();
    let power = |material: usize, column: usize, by: f32, seed: u64| {
        let tensors = tensors(&device);
        let mut data: Vec<f32> = tensors.materials.clone().into_data().iter::<f32>().collect();
        data[material * 8 + column] += by;
        let shape = tensors.materials.dims();
        let tensors = tensors.with_materials(Tensor::from_data(TensorData::new(data, shape), &device));
        let map =
            config.clone().with_seed(seed).init().solve_tensors(tensors).expect("the scene can be solved");
        f64::from((map.path_gain().sum() * 1e6).into_scalar::<f32>())
    };
    for (material, column, step) in [(0, 0, 0.1_f32), (1, 0, 0.1), (0, 3, 0.05), (1, 3, 0.05)] {
        let slope = |seed: u64, step: f32| {
            let difference = power(material, column, step, seed) - power(material, column, -step, seed);
            difference / (2.0 * f64::from(step))
        };
        // Richardson's combination, free of the slab's curvature.
        let slopes: Vec<f64> =
            (200..216).map(|seed| (4.0 * slope(seed, step) - slope(seed, 2.0 * step)) / 3.0).collect();
        let mean = slopes.iter().sum::<f64>() / 16.0;
        let error = (slopes.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (16.0 * 15.0)).sqrt();
        let (gradient, own_error) = found[material * 8 + column];
        let tolerance = 4.5 * error.hypot(own_error) + 0.01 * mean.abs();
        assert!(
            (gradient - mean).abs() <= tolerance,
            "material {material}, column {column}: {gradient} and {mean}"
        );
    }
}

#[test]
fn any_number_of_threads_gives_the_same_gradient() {
    let config = config(60_000).with_max_depth(4).with_rr_depth(2);
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
        pool.install(|| gradient(&config))
    };
    let one = with_threads(1);
    assert_eq!(one, with_threads(2));
    assert_eq!(one, with_threads(5));
}
