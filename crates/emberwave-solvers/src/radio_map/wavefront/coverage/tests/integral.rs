//! The light that a screen leaves of a source, as an integral.

use emberwave_physics::AntennaPattern;
use glam::DVec3;

use super::super::super::CustomParts;
use super::case::{Case, Placement};

/// Parts of the lit half, and of its border, along each axis.
const PARTS: u32 = 32;

/// A source 4 m above a floor and a screen between them, 2 m above it, that covers x > 1 m: its shadow is x > 2 m, half of a
/// cell of 2 m by 2 m.
fn screen() -> (Case, Placement) {
    let step = 1.0 / PARTS as f32;
    let middle = |index: u32| (index as f32 + 0.5) * step;
    let fragment = |index: u32| {
        let (x, y) = (0.5 * middle(index % PARTS), middle(index / PARTS));
        ([0, 0], [0.5 * step * step, x, y])
    };
    let case = Case {
        pattern: AntennaPattern::Isotropic,
        center: [0.0; 3],
        triangles: vec![[0, 1, 2]],
        materials: vec![0],
        steps: vec![[0, 0]],
        weights: vec![1.0],
        grid: [1, 1],
        cell_area: 4.0,
        fragments: (0..PARTS * PARTS).map(fragment).collect(),
        borders: (0..PARTS).map(|index| ([0, 0, 0, 0, 1], [0.5, middle(index), 0.0, step])).collect(),
    };
    let placement = Placement {
        source: DVec3::new(0.0, 0.0, 4.0),
        surface: [[1.0, -1.0, 0.0], [2.0, 0.0, 0.0], [0.0, 2.0, 0.0]].map(DVec3::from),
        vertices: [[1.0, -9.0, 2.0], [1.0, 9.0, 2.0], [9.0, 0.0, 2.0]].map(DVec3::from).to_vec(),
    };
    (case, placement)
}

/// ∫ 1/(4πr²) over the lit part of the cell, for a screen with an edge along y.
fn light([source_x, source_z, edge_x, edge_z, floor_x, floor_z]: [f64; 6]) -> f64 {
    let shadow = source_x + (edge_x - source_x) * (source_z - floor_z) / (source_z - edge_z);
    let (first, last, height) = (floor_x, shadow, source_z - floor_z);
    let along = |x: f64| {
        let depth = (height * height + (x - source_x).powi(2)).sqrt();
        2.0 * (1.0 / depth).atan() / depth
    };
    let count = 1000;
    let step = (last - first) / f64::from(count);
    let simpson = |index: i32| [1.0, 4.0, 1.0][index as usize % 3];
    let part = |index: i32| {
        let start = first + step * f64::from(index);
        (0..3).map(|node| simpson(node) * along(start + 0.5 * step * f64::from(node))).sum::<f64>() * step
            / 6.0
    };
    (0..count).map(part).sum::<f64>() / (4.0 * std::f64::consts::PI)
}

#[test]
fn derivatives_of_the_light_beside_a_shadow_are_those_of_the_integral() {
    let (case, at) = screen();
    let mut weights = vec![0.0; 11];
    weights[0] = 1.0;
    let (map, found) = case.evaluate(&at, &weights, &CustomParts::default());
    let numbers = [0.0, 4.0, 1.0, 2.0, 1.0, 0.0];
    assert!((map[0] - light(numbers)).abs() <= 1e-4 * map[0], "{} and {}", map[0], light(numbers));
    let coordinate = |point: usize, axis: usize| found[3 * point + axis];
    let both = |axis: usize| coordinate(4, axis) + coordinate(5, axis);
    let found = [coordinate(0, 0), coordinate(0, 2), both(0), both(2), coordinate(1, 0), coordinate(1, 2)];
    for (number, found) in found.into_iter().enumerate() {
        let light = |by: f64| {
            let mut moved = numbers;
            moved[number] += by;
            light(moved)
        };
        let expected = (light(1e-4) - light(-1e-4)) / 2e-4;
        println!("{number}: {found} and {expected}");
        assert!(
            (found - expected).abs() <= 1e-5 * 2.0 * (expected.abs() + 0.015),
            "{number}: {found} and {expected}"
        );
    }
}
