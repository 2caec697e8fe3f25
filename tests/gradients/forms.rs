//! The fused adjoint against the derivatives of the tensor form, for every input.

use emberwave::prelude::*;

use crate::common::tables::elliptic;
use crate::quadrature::{World, scenes};
use crate::truth::{config, solved_with};

const NAMES: [&str; 6] = ["vertices", "materials", "sources", "surface", "wavenumber", "table"];

/// Largest difference of the two gradients by each input, over its largest element, unless that is next to nothing.
fn differences(world: &World, table: Option<&PatternTable>, config: &RadioMapSolverConfig) -> Vec<f64> {
    let weights = scenes::weights(world);
    let (fused_value, fused) = solved_with(world, table, config, &weights);
    let wavefront = config.clone().with_execution(Execution::Wavefront);
    let (value, tensors) = solved_with(world, table, &wavefront, &weights);
    // Tubes by triangles are others than those by planes.
    assert!((fused_value - value).abs() < 2e-2 * value.abs(), "{fused_value} {value}");
    let parts = fused.iter().zip(&tensors);
    assert_eq!(fused.len(), NAMES.len());
    let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let difference = |(fused, tensors): (&Vec<f64>, &Vec<f64>)| {
        let apart: Vec<f64> = fused.iter().zip(tensors).map(|(a, b)| a - b).collect();
        largest(&apart) / largest(tensors).max(1e-8 * value)
    };
    parts.map(difference).collect()
}

fn check(name: &str, world: &World, config: &RadioMapSolverConfig) {
    check_with(name, world, None, config);
}

fn check_with(name: &str, world: &World, table: Option<&PatternTable>, config: &RadioMapSolverConfig) {
    for (what, difference) in NAMES.iter().zip(differences(world, table, config)) {
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
        let lines = config.clone().with_border_search(BorderSearch::Lines);
        check(&format!("{}, lines", case.name), &case.world, &lines);
        let reflected = case.world.clone().with_refraction(false);
        let roulette = config.with_refraction(false).with_rr_depth(1).with_rr_prob(0.6);
        check(&format!("{}, roulette", case.name), &reflected, &roulette);
    }
}

#[test]
fn tabulated_antennas() {
    let table = Some(elliptic([13, 24]));
    for case in [scenes::half_plane(), scenes::floor_and_wall(), scenes::facets()] {
        let mut world = case.world.clone();
        world.transmitter.polarization = Polarization::Cross;
        let config = config(&world);
        // The wavenumber's derivative has the map as a factor, and so what tubes by triangles have for it.
        let tubes = config.clone().with_reconstruction(Reconstruction::Tubes).with_target_error_db(Some(0.2));
        let rays = config.with_samples_per_tx(20_000).with_reconstruction(Reconstruction::Cell);
        for (how, config) in [("tubes", &tubes), ("rays", &rays)] {
            check_with(&format!("{}, {how}", case.name), &world, table.as_ref(), config);
            let still = config.clone().with_visibility_gradient(false);
            check_with(&format!("{}, {how}, fields", case.name), &world, table.as_ref(), &still);
        }
    }
}
