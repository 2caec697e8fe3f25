//! What the solver's options may and may not change.

use emberwave::prelude::*;

use crate::common::statistics::Runs;
use crate::common::world::{Slab, World, config, path_gain};

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [1.0, 1.0])
}

/// A room whose walls let some power out.
fn room(slab: Slab) -> Scene {
    World::new()
        .room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], slab)
        .scene()
        .with_transmitter(Transmitter::new("tx", [0.6, -0.7, 2.3]))
}

fn concrete_room() -> Scene {
    room(Slab::CONCRETE)
}

/// `a` = `b` for every cell, to the rounding of f32 sums.
fn assert_equal(a: &[f32], b: &[f32]) {
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 4.0 * f32::EPSILON * a.max(*b), "{a:e} for {b:e}");
    }
}

#[test]
fn roulette_keeps_every_mean() {
    let options = config(60_000, 6, plane());
    let without = Runs::new(&concrete_room(), &options, 0..32);
    for (depth, probability) in [(1, 0.8), (3, 0.95), (0, 0.5)] {
        let options = options.clone().with_rr_depth(depth).with_rr_prob(probability);
        Runs::new(&concrete_room(), &options, 100..132).assert_same_mean(&without);
    }
}

#[test]
fn stop_threshold_only_lowers() {
    let options = config(100_000, 6, plane());
    let mut before = path_gain(&concrete_room(), &options);
    for threshold in [-200.0, -80.0, -60.0, -50.0] {
        let options = options.clone().with_stop_threshold_db(Some(threshold));
        let gains = path_gain(&concrete_room(), &options);
        assert!(gains.iter().zip(&before).all(|(a, b)| a <= b), "{threshold} dB");
        if threshold == -200.0 {
            assert_eq!(gains, before);
        }
        before = gains;
    }
}

#[test]
fn line_of_sight_is_never_stopped() {
    let options = config(100_000, 6, plane());
    let stopped = path_gain(&concrete_room(), &options.clone().with_stop_threshold_db(Some(0.0)));
    let los = path_gain(&concrete_room(), &options.with_max_depth(0));
    assert!(stopped.iter().zip(&los).all(|(a, b)| a >= b));
}

#[test]
fn depth_zero_is_line_of_sight() {
    let options = config(100_000, 0, plane());
    let los = path_gain(&concrete_room(), &options);
    let alone = options.with_max_depth(4).with_specular_reflection(false).with_refraction(false);
    assert_eq!(los, path_gain(&concrete_room(), &alone));
}

#[test]
fn line_of_sight_and_the_rest_add_up_to_all() {
    let options = config(100_000, 3, plane());
    let rest = path_gain(&concrete_room(), &options.clone().with_los(false));
    let los = path_gain(&concrete_room(), &options.clone().with_max_depth(0));
    let sum: Vec<f32> = rest.iter().zip(&los).map(|(a, b)| a + b).collect();
    assert_equal(&path_gain(&concrete_room(), &options), &sum);
}

#[test]
fn depths_add_up_without_loss() {
    let maps: Vec<Vec<f32>> =
        (0..5).map(|depth| path_gain(&concrete_room(), &config(100_000, depth, plane()))).collect();
    for pair in maps.windows(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(a, b)| a <= b));
    }
}

#[test]
fn scattering_takes_its_share_of_the_specular_power() {
    let s = 0.6;
    let options = config(100_000, 1, plane()).with_los(false).with_refraction(false);
    let smooth = path_gain(&concrete_room(), &options);
    let rough = path_gain(&room(Slab::CONCRETE.with_scattering(s)), &options);
    for (rough, smooth) in rough.iter().zip(&smooth) {
        // Each deposit is rounded on its own, so f32 sees some roundings of the field.
        assert!((rough / smooth / (1.0 - s * s) as f32 - 1.0).abs() < 1e-5);
    }
}

#[test]
fn scattering_scales_sampled_reflections_in_the_mean() {
    let s: f64 = 0.6;
    let options = config(60_000, 1, plane()).with_los(false);
    let smooth = Runs::new(&concrete_room(), &options, 0..32);
    let rough = Runs::new(&room(Slab::CONCRETE.with_scattering(s)), &options, 100..132);
    rough.assert_same_mean(&smooth.scaled(1.0 - s * s));
}

#[test]
fn fully_rough_walls_reflect_nothing_specular() {
    let options = config(100_000, 3, plane()).with_los(false).with_refraction(false);
    let gains = path_gain(&room(Slab::CONCRETE.with_scattering(1.0)), &options);
    assert!(gains.iter().all(|g| *g == 0.0));
}
