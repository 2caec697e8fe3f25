//! Which transmitter serves a cell.

use burn::tensor::Tensor;
use emberwave::prelude::*;

use crate::worlds::{map_from, values};

fn map() -> RadioMap {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [4.0, 1.0], [1.0, 1.0]);
    // Transmitter 1 sends ten times the power of transmitter 0.
    let gain = [[[3e-9_f32, 20e-9, 0.0, 10e-9]], [[1e-9, 1e-9, 0.0, 1e-9]]];
    map_from(Tensor::from_data(gain, &Device::default()), plane)
}

#[test]
fn the_strongest_signal_serves_and_the_first_of_equals() {
    let map = map();
    let server = map.tx_association().try_into_vec_as::<i64>().expect("readable");
    assert_eq!(map.tx_association().dims(), [1, 4]);
    assert_eq!(server, [1, 0, -1, 0]);
    let by_gain = map.tx_association_by(map.path_gain()).try_into_vec_as::<i64>().expect("readable");
    assert_eq!(by_gain, [0, 0, -1, 0]);
}

#[test]
fn the_best_server_has_the_largest_value() {
    let map = map();
    assert_eq!(values(map.best_server(map.rss())), [10e-9, 20e-9, 0.0, 10e-9]);
    let decibels = values(map.best_server(map.path_gain_db()));
    assert!((decibels[0] + 85.228_79).abs() < 1e-4 && decibels[2] == 0.0, "{decibels:?}");
}
