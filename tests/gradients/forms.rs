//! The fused adjoint against the derivatives of the tensor form, for every input.

use emberwave::prelude::*;

use crate::quadrature::{World, scenes};
use crate::truth::{config, solved};

const NAMES: [&str; 5] = ["vertices", "materials", "sources", "surface", "wavenumber"];

/// Largest difference of the two gradients by each input, over its largest element, unless that is next to nothing.
fn differences(world: &World, config: &RadioMapSolverConfig) -> Vec<f64> {
    let weights = scenes::weights(world);
    let (fused_value, fused) = solved(world, config, &weights);
    let wavefront = config.clone().with_execution(Execution::Wavefront);
    let (value, tensors) = solved(world, &wavefront, &weights);
    // Tubes by triangles are others than those by planes.
    assert!((fused_value - value).abs() < 2e-2 * value.abs(), "{fused_value} {value}");
    let parts = fused.iter().zip(&tensors);
    let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let difference = |(fused, tensors): (&Vec<f64>, &Vec<f64>)| {
        let apart: Vec<f64> = fused.iter().zip(tensors).map(|(a, b)| a - b).collect();
        largest(&apart) / largest(tensors).max(1e-8 * value)
    };
    parts.map(difference).collect()
}

fn check(name: &str, world: &World, config: &RadioMapSolverConfig) {
    for (what, difference) in NAMES.iter().zip(differences(world, config)) {
        println!("{name:40} {what:12} {difference:.1e}");
        assert!(difference < 1e-3, "{name}, {what}: {difference}");
    }
}

#[test]
fn tubes() {
    for case in scenes::all() {
        let config = config(&case.world).with_reconstruction(Reconstruction::Tubes);
        check(case.name, &case.world, &config);
        check(&format!("{}, fields", case.name), &case.world, &config.with_visibility_gradient(false));
    }
}

#[test]
fn rays() {
    for case in scenes::all() {
        let config =
            config(&case.world).with_samples_per_tx(20_000).with_reconstruction(Reconstruction::Cell);
        check(case.name, &case.world, &config);
        let reflected = case.world.clone().with_refraction(false);
        let roulette = config.with_refraction(false).with_rr_depth(1).with_rr_prob(0.6);
        check(&format!("{}, roulette", case.name), &reflected, &roulette);
    }
}
