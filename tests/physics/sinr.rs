//! Signal strength and the ratio of signal to interference and noise.

use emberwave::prelude::*;

use crate::common::world::{Slab, World, config};

const BOLTZMANN: f64 = 1.380_649e-23;

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([0.0, 0.0, 1.5], [20.0, 10.0], [1.0, 1.0])
}

fn scene(powers_dbm: &[f64]) -> Scene {
    let place = |index: usize| [-8.0 + 7.0 * index as f64, 1.0, 6.0];
    let scene = World::new().floor(0.0, 50.0, Slab::CONCRETE).scene();
    powers_dbm.iter().enumerate().fold(scene, |scene, (index, &power)| {
        scene.with_transmitter(Transmitter::new(format!("tx{index}"), place(index)).with_power_dbm(power))
    })
}

fn solve(scene: &Scene) -> RadioMap {
    config(50_000, 1, plane()).init().solve(scene).expect("the solve is in range")
}

fn values(tensor: burn::tensor::Tensor<3>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("maps are f32")
}

/// The ratios in f64, interference added up over the others.
fn expected_sinr(rss: &[f32], num_tx: usize, noise: f64) -> Vec<f64> {
    let cells = rss.len() / num_tx;
    let at = |tx: usize, cell: usize| f64::from(rss[tx * cells + cell]);
    let ratio = |tx: usize, cell: usize| {
        let others: f64 = (0..num_tx).filter(|&other| other != tx).map(|other| at(other, cell)).sum();
        at(tx, cell) / (others + noise)
    };
    (0..num_tx)
        .flat_map(|tx| (0..cells).map(move |cell| (tx, cell)))
        .map(|(tx, cell)| ratio(tx, cell))
        .collect()
}

fn assert_sinr(powers_dbm: &[f64]) {
    let scene = scene(powers_dbm);
    let map = solve(&scene);
    let expected = expected_sinr(&values(map.rss()), powers_dbm.len(), scene.noise_power());
    for (sinr, expected) in values(map.sinr()).iter().zip(expected) {
        assert!((f64::from(*sinr) / expected - 1.0).abs() < 1e-5, "{sinr:e} for {expected:e}");
    }
}

#[test]
fn noise_is_boltzmann_times_temperature_times_bandwidth() {
    let scene = scene(&[44.0]).with_temperature(321.0).with_bandwidth(2e7);
    assert!((scene.noise_power() / (BOLTZMANN * 321.0 * 2e7) - 1.0).abs() < 1e-12);
    assert!((solve(&scene).noise_power() / scene.noise_power() - 1.0).abs() < 1e-12);
}

#[test]
fn interference_is_the_sum_over_the_others() {
    assert_sinr(&[44.0, 40.0, 37.0]);
}

#[test]
fn interference_below_the_own_signal_by_ten_to_the_eight_is_not_lost() {
    assert_sinr(&[124.0, 40.0, 37.0]);
}

#[test]
fn a_single_transmitter_has_only_noise_against_it() {
    assert_sinr(&[44.0]);
}

#[test]
fn signal_strength_is_gain_times_power() {
    let map = solve(&scene(&[30.0, 20.0]));
    let (gain, rss) = (values(map.path_gain()), values(map.rss()));
    let cells = gain.len() / 2;
    for (cell, (gain, rss)) in gain.iter().zip(&rss).enumerate() {
        let power = if cell < cells { 1.0 } else { 0.1 };
        assert!((rss / gain / power - 1.0).abs() < 1e-6);
    }
}

#[test]
fn covered_is_where_something_arrives() {
    // A screen hides a part of the plane.
    let screen = [[2.0, -50.0, 0.0], [2.0, 50.0, 0.0], [2.0, 50.0, 50.0], [2.0, -50.0, 50.0]];
    let scene = World::new().quad(screen, Slab::METAL).scene();
    let map = solve(&scene.with_transmitter(Transmitter::new("tx", [-8.0, 1.0, 6.0])));
    let covered: Vec<bool> = map.covered().into_data().try_to_vec().expect("a mask");
    let gains = values(map.path_gain());
    assert!(covered.iter().zip(&gains).all(|(covered, gain)| *covered == (*gain > 0.0)));
    assert!(covered.contains(&true) && covered.contains(&false));
}

#[test]
fn nothing_is_ever_nan_or_infinite() {
    for temperature in [0.0, 293.0] {
        for powers in [vec![44.0], vec![-300.0, 44.0], vec![200.0, 44.0], vec![300.0, 300.0]] {
            let map = solve(&scene(&powers).with_temperature(temperature));
            let all = [map.path_gain(), map.path_gain_db(), map.rss(), map.sinr()];
            for (quantity, tensor) in all.into_iter().enumerate() {
                let finite = values(tensor).iter().all(|x| x.is_finite());
                assert!(finite, "quantity {quantity}, {powers:?} dBm, {temperature} K");
            }
        }
    }
}
