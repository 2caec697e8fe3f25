//! Equal maps and equal gradients for every option.

use burn::tensor::{Device, FloatDType};
use emberwave::prelude::*;

use crate::common::tables::elliptic;
use crate::common::world::{Slab, World, config};
use crate::scenes::{corner, gradient, path_gain, room, street, tensors};

fn flat() -> MeasurementPlane {
    MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 10.0], [2.0, 2.0])
}

fn tilted() -> MeasurementPlane {
    flat().with_orientation([0.2, 0.3, -0.1])
}

/// Values of well-lit cells within 10⁻⁵, and gradients within 10⁻⁴ of the largest entry by the same quantity.
fn assert_equal(scene: &Scene, config: &RadioMapSolverConfig) {
    let wavefront = config.clone().with_execution(Execution::Wavefront);
    assert_equal_values(scene, config, &wavefront);
    let fused = gradient(config, scene, FloatDType::F32);
    let found = gradient(&wavefront, scene, FloatDType::F64);
    let largest = |column: usize| fused.iter().skip(column).step_by(8).fold(0.0, |a: f64, b| a.max(b.abs()));
    for (entry, (a, b)) in fused.iter().zip(&found).enumerate() {
        let tolerance = 1e-4 * largest(entry % 8);
        assert!((a - b).abs() <= tolerance, "{}, {}: fused {a}, wavefront {b}", entry / 8, entry % 8);
    }
}

fn assert_equal_values(scene: &Scene, config: &RadioMapSolverConfig, wavefront: &RadioMapSolverConfig) {
    let fused = path_gain(config, tensors(scene, &Device::default(), FloatDType::F32));
    let brightest = fused.iter().fold(0.0, |a: f64, &b| a.max(b));
    assert!(brightest > 0.0);
    for dtype in [FloatDType::F32, FloatDType::F64] {
        let found = path_gain(wavefront, tensors(scene, &Device::default(), dtype));
        for (cell, (a, b)) in fused.iter().zip(&found).enumerate() {
            let tolerance = 1e-5 * a.max(1e-4 * brightest);
            assert!((a - b).abs() <= tolerance, "cell {cell}: fused {a}, wavefront {b} ({dtype:?})");
        }
    }
}

#[test]
fn line_of_sight_is_equal() {
    let config = config(40_000, 0, tilted());
    assert_equal_values(&corner(), &config, &config.clone().with_execution(Execution::Wavefront));
}

#[test]
fn specular_reflection_is_equal() {
    assert_equal(&corner(), &config(40_000, 3, tilted()).with_refraction(false));
    assert_equal(&room(), &config(20_000, 4, flat()).with_refraction(false).with_los(false));
}

#[test]
fn refraction_is_equal() {
    assert_equal(&corner(), &config(40_000, 3, tilted()).with_specular_reflection(false));
    assert_equal(&room(), &config(20_000, 4, flat()).with_specular_reflection(false));
}

#[test]
fn both_events_are_equal() {
    assert_equal(&corner(), &config(40_000, 3, tilted()));
    assert_equal(&room(), &config(20_000, 4, tilted()));
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [60.0, 20.0], [5.0, 5.0]);
    assert_equal(&street(), &config(50_000, 3, plane));
}

#[test]
fn tabulated_antennas_are_equal() {
    let world = World::new().floor(0.0, 30.0, Slab::CONCRETE).wall_at_x(9.0, 30.0, Slab::CONCRETE);
    for model in PolarizationModel::ALL {
        let tx = |name: &str, position| Transmitter::new(name, position).with_polarization_model(model);
        let cross = tx("a", [-4.0, 1.0, 5.0]).with_polarization(Polarization::Cross);
        let plain = tx("b", [2.0, -3.0, 7.0]).with_orientation([0.4, -0.3, 0.2]);
        let scene = world
            .scene()
            .with_transmitter(cross.with_pattern(elliptic([9, 16])))
            .with_transmitter(plain.with_pattern(elliptic([9, 16])));
        assert_equal(&scene, &config(40_000, 2, tilted()));
    }
}

#[test]
fn metal_is_equal() {
    let world = World::new().floor(0.0, 30.0, Slab::METAL).wall_at_x(9.0, 30.0, Slab::CONCRETE);
    let tx = Transmitter::new("tx", [-4.0, 1.0, 5.0]).with_polarization_model(PolarizationModel::One);
    let tx = tx.with_polarization(Polarization::Cross);
    assert_equal(&world.scene().with_transmitter(tx), &config(40_000, 3, tilted()));
}

#[test]
fn roulette_is_equal() {
    assert_equal(&corner(), &config(40_000, 4, tilted()).with_rr_depth(1).with_rr_prob(0.9));
    assert_equal(&room(), &config(20_000, 5, flat()).with_rr_depth(2).with_rr_prob(0.8));
}

#[test]
fn a_stop_threshold_is_equal() {
    assert_equal(&room(), &config(20_000, 5, flat()).with_stop_threshold_db(Some(-75.0)));
}

#[test]
fn statistics_are_equal() {
    let config = config(40_000, 3, tilted()).with_delays(true);
    let config = config.with_directions_of_arrival(true).with_directions_of_departure(true);
    let solve =
        |config: RadioMapSolverConfig| config.init().solve(&corner()).expect("the scene can be solved");
    let fused = solve(config.clone());
    let wavefront = solve(config.with_execution(Execution::Wavefront));
    let spreads = |map: &RadioMap| {
        let nanoseconds = map.rms_delay_spread().map(|spread| spread * 1e9);
        let means = [map.mean_direction_of_arrival(), map.mean_direction_of_departure()];
        let spreads = [nanoseconds, map.direction_spread_of_arrival(), map.direction_spread_of_departure()];
        let values = |data: burn::tensor::TensorData| data.iter::<f64>().collect::<Vec<_>>();
        let spreads = spreads.into_iter().map(|t| values(t.expect("asked for").into_data()));
        let means = means.into_iter().map(|t| values(t.expect("asked for").into_data()));
        spreads.chain(means).collect::<Vec<_>>()
    };
    for (quantity, (a, b)) in spreads(&fused).iter().zip(&spreads(&wavefront)).enumerate() {
        for (cell, (a, b)) in a.iter().zip(b).enumerate() {
            assert!((a - b).abs() <= 1e-4 * a.abs().max(1.0), "quantity {quantity}, {cell}: {a} and {b}");
        }
    }
}
