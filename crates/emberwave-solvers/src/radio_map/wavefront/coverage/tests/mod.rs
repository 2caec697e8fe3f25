//! Derivatives by positions, vertices and the surface, against finite differences of the same map by other means.

mod case;
mod integral;
mod reference;

use std::sync::Arc;

use burn::tensor::Tensor;
use emberwave_kernels::FACE;
use emberwave_physics::AntennaPattern;
use glam::DVec3;

use super::super::{CustomParts, MaterialQuery};
use case::{Case, Placement};

const GROUND: u32 = 0;
const WALL: u32 = 1;
const SCREEN: u32 = 2;

/// The sequences: line of sight; by the ground; by the wall; through the screen; ground and wall; screen and wall.
fn steps() -> Vec<[u32; 2]> {
    let reflect = |wall: u32| 2 * wall + 1;
    vec![
        [0, 0],
        [0, reflect(GROUND)],
        [0, reflect(WALL)],
        [0, 2 * SCREEN],
        [1, reflect(WALL)],
        [3, reflect(WALL)],
    ]
}

/// Two fragments of each sequence, one per cell.
fn fragments() -> Vec<([u32; 2], [f32; 3])> {
    let of = |index: u32| {
        let (sequence, cell) = (index / 2, index % 2);
        let at = |seed: f32| (seed * (index as f32 + 1.0)).sin().abs();
        ([sequence, cell], [0.2 + 0.7 * at(1.3), cell as f32 + at(2.1), at(0.7)])
    };
    (0..12).map(of).collect()
}

/// A ground, a wall and a screen, none of them along an axis, and a source before them.
fn world() -> (Case, Placement) {
    let case = Case {
        pattern: AntennaPattern::Tr38901,
        center: [0.5, -1.25, 2.0],
        triangles: vec![[0, 1, 2], [3, 4, 5], [6, 7, 8]],
        materials: vec![0, 1, 1],
        steps: steps(),
        weights: vec![1.0, 1.0, 1.25, 1.0, 1.0, 1.5],
        grid: [2, 1],
        cell_area: 5.25f64.sqrt() * 11.25f64.sqrt(),
        fragments: fragments(),
        borders: Vec::new(),
    };
    let vertices = [
        [[-20.0, -20.0, 0.1], [20.0, -20.0, -0.2], [0.0, 25.0, 0.15]],
        [[8.0, -20.0, -10.0], [8.5, 25.0, -10.0], [8.2, 0.0, 20.0]],
        [[3.0, -10.0, -5.0], [3.2, 10.0, -5.0], [3.1, 0.0, 12.0]],
    ];
    let placement = Placement {
        source: DVec3::new(-1.3, 0.4, 1.6),
        surface: [[4.0, -2.0, 1.5], [4.0, 2.0, 1.0], [-1.5, 3.0, 0.0]].map(DVec3::from),
        vertices: vertices.concat().into_iter().map(DVec3::from).collect(),
    };
    (case, placement)
}

/// Adds an edge whose shadow on the surface is a line, in the segment after some interactions of a sequence.
fn add_edge(case: &mut Case, at: &mut Placement, sequence: u32, interactions: u32, line: [f32; 4]) {
    let [x, y, along_x, along_y] = line.map(f64::from);
    let codes = case.codes(sequence);
    let mirrored = |point: DVec3, code: &u32| match code & 1 {
        1 => {
            let (normal, offset) = at.plane(case, code >> 1);
            point - 2.0 * (normal.dot(point) - offset) * normal
        }
        _ => point,
    };
    let (earlier, later) = codes.split_at(interactions as usize);
    let source = earlier.iter().fold(at.source, mirrored);
    let end = |along: f64, part: f64| {
        let point = at.point(case, [x + along * along_x, y + along * along_y]);
        source + (later.iter().rev().fold(point, mirrored) - source) * part
    };
    let ends = [end(-1.4, 0.37), end(2.2, 0.55)];
    let first = at.vertices.len() as u32;
    at.vertices.extend(ends);
    let cell = x as u32;
    case.borders.push(([sequence, cell, interactions, first, first + 1], line));
}

/// Adds a triangle whose plane meets the surface in a line.
fn add_face(case: &mut Case, at: &mut Placement, sequence: u32, line: [f32; 4]) {
    let [x, y, along_x, along_y] = line.map(f64::from);
    let first = at.vertices.len() as u32;
    let [start, end] = [-1.0, 2.0].map(|by| at.point(case, [x + by * along_x, y + by * along_y]));
    at.vertices.extend([start, end, start + DVec3::new(0.4, -0.7, 1.9)]);
    let triangle = case.triangles.len() as u32;
    case.triangles.push([first, first + 1, first + 2]);
    case.materials.push(0);
    case.borders.push(([sequence, x as u32, FACE, triangle, triangle], line));
}

/// What channels are multiplied with in a loss: different numbers, which make the quantities as large as each other.
fn weights(num_cells: usize) -> Vec<f64> {
    let scales = [1e2, 1e8, 1e16, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let of = |at: usize| scales[at / num_cells] * (1.0 + 0.7 * (1.7 * at as f64).sin());
    (0..scales.len() * num_cells).map(of).collect()
}

/// Compares values, and derivatives by all coordinates with differences of fourth order.
fn assert_derivatives(case: &Case, at: &Placement, weights: &[f64]) {
    let (map, found) = case.evaluate(at, weights, &CustomParts::default());
    for (channel, (a, b)) in map.iter().zip(reference::map(case, at, at)).enumerate() {
        assert!(b.is_nan() || (a - b).abs() <= 1e-12 * b.abs().max(1e-9), "value {channel}: {a} and {b}");
    }
    let numbers = at.numbers();
    let loss = |element: usize, by: f64| {
        let mut moved = numbers.clone();
        moved[element] += by;
        let map = reference::map(case, &Placement::from_numbers(&moved), at);
        weighted(&map, weights)
    };
    let step = 5e-4;
    let slope = |element: usize, by: f64| (loss(element, by) - loss(element, -by)) / (2.0 * by);
    let expected = |element| (4.0 * slope(element, step) - slope(element, 2.0 * step)) / 3.0;
    let expected: Vec<f64> = (0..numbers.len()).map(expected).collect();
    let largest = expected.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
    let errors = found.iter().zip(&expected).map(|(a, b)| (a - b).abs() / largest);
    let error = errors.fold(0.0, f64::max);
    println!("largest derivative {largest}, largest error {error:e} of it");
    assert!(error <= 1e-9, "{found:?}\nwhere differences give\n{expected:?}");
}

/// The same for the power that borders alone bring, and for all quantities of fragments and borders together.
fn assert_derivatives_of_borders(case: &Case, at: &Placement) {
    assert_derivatives(case, at, &weights(2));
    let alone = Case { fragments: Vec::new(), ..case.clone() };
    assert_derivatives(&alone, at, &weights_of_power());
}

/// Weights of power alone.
fn weights_of_power() -> Vec<f64> {
    weights(2).iter().enumerate().map(|(at, &weight)| if at < 2 { weight } else { 0.0 }).collect()
}

/// The sum of what has a weight; quantities of dark cells are not numbers.
fn weighted(map: &[f64], weights: &[f64]) -> f64 {
    map.iter().zip(weights).filter(|(_, weight)| **weight != 0.0).map(|(value, weight)| value * weight).sum()
}

#[test]
fn fields_move_with_source_vertices_and_surface() {
    let (case, at) = world();
    assert_derivatives(&case, &at, &weights(2));
}

#[test]
fn borders_of_edges_move_with_what_makes_them() {
    for (sequence, interactions) in [(0, 0), (1, 0), (1, 1), (3, 0), (3, 1), (4, 0), (4, 1), (4, 2), (5, 1)] {
        let (mut case, mut at) = world();
        add_edge(&mut case, &mut at, sequence, interactions, [1.375, 0.5, 0.25, 0.375]);
        add_edge(&mut case, &mut at, sequence, interactions, [0.25, 0.75, -0.5, 0.125]);
        print!("sequence {sequence} after {interactions}: ");
        assert_derivatives_of_borders(&case, &at);
    }
}

#[test]
fn borders_of_faces_move_with_what_makes_them() {
    for sequence in [0, 4] {
        let (mut case, mut at) = world();
        add_face(&mut case, &mut at, sequence, [1.375, 0.5, 0.25, 0.375]);
        add_face(&mut case, &mut at, sequence, [0.25, 0.75, -0.5, 0.125]);
        assert_derivatives_of_borders(&case, &at);
    }
}

#[test]
fn the_border_of_a_mirror_is_its_own_edge() {
    // The wall's edges end what it reflects: the edge lies in the wall, whose vertices move both.
    let (mut case, mut at) = world();
    let line = [1.375, 0.5, 0.25, 0.375];
    add_edge(&mut case, &mut at, 2, 0, line);
    let (normal, offset) = at.plane(&case, WALL);
    let first = at.vertices.len() - 2;
    for vertex in first..first + 2 {
        let path = at.vertices[vertex] - at.source;
        at.vertices[vertex] = at.source + path * ((offset - normal.dot(at.source)) / normal.dot(path));
    }
    at.vertices[3] = at.vertices[first];
    at.vertices[4] = at.vertices[first + 1];
    case.borders[0].0[3..].copy_from_slice(&[3, 4]);
    assert_derivatives_of_borders(&case, &at);
}

#[test]
fn borders_alone_leave_nothing_but_derivatives() {
    let (mut case, mut at) = world();
    add_edge(&mut case, &mut at, 1, 0, [1.375, 0.5, 0.25, 0.375]);
    case.fragments.clear();
    let weights = weights_of_power();
    let (map, _) = case.evaluate(&at, &weights, &CustomParts::default());
    assert!(map.iter().all(|&value| value == 0.0), "{map:?}");
    case.borders.iter_mut().for_each(|border| border.0[1] = 0);
    let (_, found) = case.evaluate(&at, &self::weights(2), &CustomParts::default());
    let (_, of_power) = case.evaluate(&at, &weights, &CustomParts::default());
    assert_eq!(found, of_power);
    assert!(found.iter().any(|&slope| slope != 0.0) && found.iter().all(|slope| slope.is_finite()));
}

#[test]
fn a_function_in_place_of_materials_is_asked_at_points_that_move() {
    // Permittivities that rise with the height of the hit, so that a shift of everything upwards changes them.
    let (case, at) = world();
    let rising = Arc::new(|query: MaterialQuery| {
        let columns = query.rows.dims()[1];
        let height = query.positions.narrow(1, 2, 1).mul_scalar(0.05);
        let others = query.rows.clone().narrow(1, 1, columns - 1);
        Tensor::cat(vec![query.rows.narrow(1, 0, 1) + height, others], 1)
    });
    let custom = CustomParts { material: Some(rising), antenna: None };
    let weights = weights_of_power();
    let (_, found) = case.evaluate(&at, &weights, &custom);
    let shift = DVec3::new(0.0, 0.0, 1e-3);
    let moved = |by: f64| Placement {
        source: at.source + shift * by,
        surface: [at.surface[0] + shift * by, at.surface[1], at.surface[2]],
        vertices: at.vertices.iter().map(|vertex| *vertex + shift * by).collect(),
    };
    let loss = |by: f64| weighted(&case.evaluate(&moved(by), &weights, &custom).0, &weights);
    let expected = (loss(1.0) - loss(-1.0)) / 2e-3;
    let places = std::iter::once(0).chain(std::iter::once(1)).chain(4..at.vertices.len() + 4);
    let found: f64 = places.map(|point| found[3 * point + 2]).sum();
    println!("{found} and {expected}");
    assert!(expected.abs() > 1e-4 && (found - expected).abs() <= 1e-6 * expected.abs());
}
