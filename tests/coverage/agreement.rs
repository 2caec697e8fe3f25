//! Tubes and point deposits estimate the same map.

use burn::tensor::Tensor;
use emberwave::prelude::*;

use crate::common::statistics::Runs;
use crate::worlds::{FREQUENCY, ground, room, room_plane, tubes, two_transmitters, values};

/// Cells whose relative standard error is above this are not well lit.
const WELL_LIT: f64 = 0.05;

/// Deviation that cells are allowed beside four standard errors \[dB\], and the part of them that may exceed it.
const ALLOWED_DB: f64 = 0.1;
const OUTLIERS: f64 = 0.01;

fn decibels(ratio: f64) -> f64 {
    10.0 * ratio.log10()
}

/// Requires the total, and nearly every well-lit cell, to be that of rays, of which there are `samples` in each of 16 runs.
fn assert_agrees(scene: &Scene, tubes: &RadioMapSolverConfig, samples: u64) {
    let cell = tubes.clone().with_reconstruction(Reconstruction::Cell).with_target_error_db(None);
    let runs = Runs::new(scene, &cell.with_samples_per_tx(samples), 0..16);
    let map = values(tubes.clone().init().solve(scene).expect("the solve is in range").path_gain());
    let (mut compared, mut outliers, mut squares) = (0_usize, 0_usize, 0.0);
    for (index, &found) in map.iter().enumerate() {
        let cell = runs.cell(index);
        if cell.mean <= 0.0 || cell.relative_error() > WELL_LIT {
            continue;
        }
        compared += 1;
        let deviation = decibels(found.max(1e-30) / cell.mean);
        squares += deviation * deviation;
        let allowed = ALLOWED_DB + decibels(1.0 + 4.0 * cell.relative_error());
        if deviation.abs() > allowed {
            outliers += 1;
            println!("cell {index}: {deviation:+.3} dB where {allowed:.3} dB are allowed");
        }
    }
    let (found, total) = (map.iter().sum::<f64>(), runs.total());
    let of_total = decibels(found / total.mean);
    let allowed = 0.02 + decibels(1.0 + 4.0 * total.relative_error());
    let rms = (squares / compared as f64).sqrt();
    println!(
        "{compared} of {} cells, {outliers} outliers, rms {rms:.4} dB, total {of_total:+.4} dB of {allowed:.4}",
        map.len()
    );
    assert!(2 * compared >= map.len(), "only {compared} of {} cells are well lit", map.len());
    assert!(outliers as f64 <= OUTLIERS * compared as f64, "{outliers} of {compared} cells deviate");
    assert!(of_total.abs() <= allowed, "the total deviates by {of_total:+.4} dB");
}

#[test]
fn two_ray_ground_agrees_with_rays() {
    let tx = Transmitter::new("tx", [-1.0, 0.5, 4.0]).with_polarization(Polarization::H);
    let plane = MeasurementPlane::new([6.0, 0.0, 1.5], [10.0, 8.0], [1.0, 1.0]);
    assert_agrees(&ground().with_transmitter(tx), &tubes(2, plane), 100_000);
}

#[test]
fn a_room_with_three_interactions_agrees_with_rays_for_every_transmitter() {
    assert_agrees(&two_transmitters(room()), &tubes(3, room_plane()), 200_000);
}

#[test]
fn a_tilted_plane_agrees_with_rays() {
    let plane =
        MeasurementPlane::new([0.5, 0.5, 1.6], [4.0, 3.0], [0.25, 0.25]).with_orientation([0.6, 0.4, -0.3]);
    assert_agrees(&two_transmitters(room()), &tubes(2, plane), 200_000);
}

fn street_canyon() -> Scene {
    let tx = Transmitter::new("tx", [-20.0, 2.0, 12.0])
        .with_pattern(AntennaPattern::Tr38901)
        .with_polarization(Polarization::Cross)
        .with_look_at([10.0, 0.0, 1.5]);
    Scene::load("assets/scenes/street_canyon/street_canyon.xml", &Device::default())
        .expect("the scene is there")
        .with_frequency(FREQUENCY)
        .with_transmitter(tx)
}

#[test]
fn a_street_canyon_agrees_with_rays() {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [120.0, 18.0], [2.0, 2.0]);
    assert_agrees(&street_canyon(), &tubes(3, plane), 1_000_000);
}

/// Mean over the cells of a quantity, weighted with power: robust against single paths that rays miss.
fn weighted(map: &RadioMap, quantity: Tensor<3>) -> f64 {
    let power = map.path_gain();
    let [num_tx, y, x] = power.dims();
    let rows = |tensor: Tensor<3>| tensor.reshape([num_tx, y * x]);
    let total = rows(power.clone()).sum_dim(1);
    let mean = rows(power * quantity).sum_dim(1) / total;
    values(mean).into_iter().sum()
}

#[test]
fn statistics_agree_with_rays() {
    let tubes = tubes(3, room_plane())
        .with_target_error_db(Some(0.05))
        .with_delays(true)
        .with_directions_of_arrival(true)
        .with_directions_of_departure(true);
    let cell = tubes.clone().with_reconstruction(Reconstruction::Cell).with_target_error_db(None);
    let scene = two_transmitters(room());
    let solve = |config: &RadioMapSolverConfig| config.clone().init().solve(&scene).expect("in range");
    let maps = [solve(&tubes), solve(&cell.with_samples_per_tx(3_000_000))];
    let of =
        |quantity: &dyn Fn(&RadioMap) -> Tensor<3>| maps.each_ref().map(|map| weighted(map, quantity(map)));
    let along = |directions: Tensor<4>, axis: usize| directions.narrow(3, axis, 1).squeeze_dim::<3>(3);
    let quantities: [(&str, [f64; 2], f64); 7] = [
        ("mean delay [ns]", of(&|map| map.mean_delay().expect("asked for") * 1e9), 0.02),
        ("delay spread [ns]", of(&|map| map.rms_delay_spread().expect("asked for") * 1e9), 0.05),
        ("spread of arrival", of(&|map| map.direction_spread_of_arrival().expect("asked for")), 0.01),
        ("spread of departure", of(&|map| map.direction_spread_of_departure().expect("asked for")), 0.01),
        ("arrival x", of(&|map| along(map.mean_direction_of_arrival().expect("asked for"), 0)), 0.01),
        ("arrival z", of(&|map| along(map.mean_direction_of_arrival().expect("asked for"), 2)), 0.01),
        ("departure y", of(&|map| along(map.mean_direction_of_departure().expect("asked for"), 1)), 0.01),
    ];
    for (name, [found, expected], tolerance) in quantities {
        println!("{name}: {found:.5} and {expected:.5} by rays");
        assert!((found - expected).abs() < tolerance, "{name}: {found} where rays give {expected}");
    }
}
