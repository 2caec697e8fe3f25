//! Values between the centres of cells against closed forms.

use std::f64::consts::FRAC_PI_2;

use burn::tensor::Tensor;
use emberwave::prelude::*;

use crate::worlds::{map_from, map_of, plane, points, values};

/// Points within the outermost centres of the plane.
const WITHIN: [[f32; 3]; 5] =
    [[11.0, 20.5, 1.5], [12.0, 21.0, 1.5], [15.3, 21.7, 1.4], [17.0, 22.5, 1.9], [13.0, 22.0, 1.5]];

fn ramp(tx: usize, [x, y, _]: [f64; 3]) -> f64 {
    0.25 * (tx + 1) as f64 * (x - 3.0) + 0.5 * y
}

#[test]
fn a_linear_ramp_is_reproduced() {
    let map = map_of(plane(), 2, ramp);
    let samples = map.sample_at(points(WITHIN, &Device::default()), Interpolation::Linear);
    assert_eq!(samples.path_gain().dims(), [2, 5]);
    for (index, value) in values(samples.path_gain()).into_iter().enumerate() {
        let expected = ramp(index / 5, WITHIN[index % 5].map(f64::from));
        assert!((f64::from(value) - expected).abs() < 2e-6 * expected, "{index}: {value} {expected}");
    }
    let (gain, rss) = (values(samples.path_gain()), values(samples.rss()));
    assert!((5..10).all(|index| rss[index] == 10.0 * gain[index]), "powers of 1 W and 10 W");
    assert!((values(samples.rss_dbm())[5] - (10.0 * gain[5].log10() + 40.0)).abs() < 1e-4);
}

#[test]
fn a_ramp_in_decibels_is_reproduced_in_decibels() {
    let map = map_of(plane(), 1, |tx, point| 10_f64.powf(-6.0 - 0.1 * ramp(tx, point)));
    let samples = map.sample_at(points(WITHIN, &Device::default()), Interpolation::Decibel);
    for (value, point) in values(samples.path_gain_db()).into_iter().zip(WITHIN) {
        let expected = -60.0 - ramp(0, point.map(f64::from));
        assert!((f64::from(value) - expected).abs() < 1e-4, "{value} {expected}");
    }
}

#[test]
fn a_turned_plane_is_sampled_in_its_own_axes() {
    let turned = MeasurementPlane::new([5.0, 6.0, 7.0], [6.0, 4.0], [1.0, 2.0]).with_orientation([
        0.3,
        0.2,
        FRAC_PI_2 - 0.1,
    ]);
    let ramp = |_, [x, y, z]: [f64; 3]| 50.0 + x + 2.0 * y - z;
    let map = map_of(turned, 1, ramp);
    let [axis_x, axis_y] = turned.axes();
    let point = [0, 1, 2].map(|i| turned.center[i] + 1.3 * axis_x[i] - 0.4 * axis_y[i]);
    let samples = map.sample_at(points([point.map(|x| x as f32)], &Device::default()), Interpolation::Linear);
    let found = f64::from(values(samples.path_gain())[0]);
    assert!((found - ramp(0, point)).abs() < 1e-4, "{found} {}", ramp(0, point));
}

#[test]
fn the_border_continues_the_outermost_cells() {
    let map = map_of(plane(), 1, ramp);
    let at_border = points([[10.0, 20.0, 1.5], [18.0, 23.0, 1.5]], &Device::default());
    let found = values(map.sample_at(at_border, Interpolation::Linear).path_gain());
    let [first, last] = [[11.0, 20.5, 0.0], [17.0, 22.5, 0.0]].map(|center| ramp(0, center) as f32);
    assert!((found[0] - first).abs() < 1e-5 && (found[1] - last).abs() < 1e-5, "{found:?}");
}

#[test]
fn points_off_the_map_are_not_covered() {
    let map = map_of(plane(), 2, |_, _| 1e-9);
    let (nan, infinity) = (f32::NAN, f32::INFINITY);
    let outside = [
        [9.9, 21.0, 1.5],
        [18.1, 21.0, 1.5],
        [14.0, 19.9, 1.5],
        [14.0, 21.0, 2.1],
        [14.0, 21.0, 0.9],
        [nan, 21.0, 1.5],
        [14.0, infinity, 1.5],
        [14.0, 21.0, 1.5],
    ];
    for interpolation in [Interpolation::Linear, Interpolation::Decibel] {
        let samples = map.sample_at(points(outside, &Device::default()), interpolation);
        let inside = samples.inside().try_into_vec_as::<bool>().expect("readable");
        assert_eq!(inside, [false, false, false, false, false, false, false, true]);
        let covered = samples.covered().try_into_vec_as::<bool>().expect("readable");
        assert_eq!(covered, [inside.clone(), inside].concat());
        let found = values(samples.path_gain());
        assert!(found[..7].iter().all(|&gain| gain == 0.0), "{found:?}");
        assert!((found[7] / 1e-9 - 1.0).abs() < 1e-5, "{found:?}");
        assert!(values(samples.path_gain_db()).iter().all(|level| level.is_finite()));
    }
}

#[test]
fn uncovered_neighbours_do_not_drag_decibels_down() {
    let map = map_of(plane(), 1, |_, [x, _, _]| if x < 14.0 { 1e-9 } else { 0.0 });
    let between = || points([[13.5, 21.5, 1.5], [16.0, 21.5, 1.5]], &Device::default());
    let found = values(map.sample_at(between(), Interpolation::Decibel).path_gain());
    assert!((found[0] / 1e-9 - 1.0).abs() < 1e-5 && found[1] == 0.0, "{found:?}");
    let linear = values(map.sample_at(between(), Interpolation::Linear).path_gain());
    assert!((linear[0] / 0.75e-9 - 1.0).abs() < 1e-5 && linear[1] == 0.0, "{linear:?}");
}

#[test]
fn maps_of_one_cell_are_flat() {
    let single = MeasurementPlane::new([0.0, 0.0, 1.5], [1.0, 1.0], [1.0, 1.0]);
    let map = map_of(single, 1, |_, _| 3.0);
    let corners = points([[-0.5, -0.5, 1.5], [0.5, 0.5, 1.5], [0.1, -0.3, 1.5]], &Device::default());
    assert_eq!(values(map.sample_at(corners, Interpolation::Linear).path_gain()), [3.0, 3.0, 3.0]);
}

/// Sum of squares of the samples, of values of the order of 1.
fn loss(gain: Tensor<3>, at: Tensor<2>, interpolation: Interpolation) -> Tensor<1> {
    let samples = map_from(gain, plane()).sample_at(at, interpolation);
    samples.path_gain().powi_scalar(2).sum()
}

const BASE: [[[f32; 4]; 3]; 1] = [[[1.0, 2.0, 1.5, 0.7], [0.4, 0.0, 2.5, 1.1], [3.0, 1.3, 0.9, 2.2]]];

#[test]
fn gradients_in_the_values_equal_finite_differences() {
    let device = Device::default().autodiff();
    let at = [[11.5, 20.7, 1.5], [14.2, 21.1, 1.5], [15.9, 22.9, 1.5], [99.0, 0.0, 1.5_f32]];
    for interpolation in [Interpolation::Linear, Interpolation::Decibel] {
        let gain = Tensor::<3>::from_data(BASE, &device).require_grad();
        let gradients = loss(gain.clone(), points(at, &device), interpolation).backward();
        let gradient = values(gain.grad(&gradients).expect("tracked"));
        for (cell, &derivative) in gradient.iter().enumerate() {
            let (y, x) = (cell / 4, cell % 4);
            if BASE[0][y][x] == 0.0 && interpolation == Interpolation::Decibel {
                assert_eq!(derivative, 0.0, "an uncovered cell has no part in it");
                continue;
            }
            let shifted = |step: f32| {
                let mut moved = BASE;
                moved[0][y][x] += step;
                let plain = Device::default();
                values(loss(Tensor::from_data(moved, &plain), points(at, &plain), interpolation))[0]
            };
            let difference = (shifted(4e-3) - shifted(-4e-3)) / 8e-3;
            assert!(
                (derivative - difference).abs() < 5e-3,
                "{interpolation:?} {cell}: {derivative} {difference}"
            );
        }
    }
}

#[test]
fn gradients_in_the_points_are_those_of_the_ramp() {
    let device = Device::default().autodiff();
    let map = map_of(plane(), 1, ramp);
    let map = map_from(Tensor::from_data(map.path_gain().into_data(), &device), plane());
    let at = points(WITHIN, &device).require_grad();
    let gradients = map.sample_at(at.clone(), Interpolation::Linear).path_gain().sum().backward();
    for point in values(at.grad(&gradients).expect("tracked")).chunks(3).skip(1).take(2) {
        assert!(
            (point[0] - 0.25).abs() < 1e-5 && (point[1] - 0.5).abs() < 1e-5 && point[2] == 0.0,
            "{point:?}"
        );
    }
}
