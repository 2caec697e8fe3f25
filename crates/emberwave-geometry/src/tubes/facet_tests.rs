//! Reflections in a curved ceiling of small facets against exact polygons.

use glam::{DVec2, Vec3};

use super::border_tests::{Change, Scene};
use super::*;
use crate::Border;

/// Step of the differences \[m\].
const STEP: f32 = 1e-3;

/// 6 × 2 quadrilaterals of a cylinder above a map of 6 m × 6 m that is turned by 0.2.
fn facets(with_screen: bool) -> Scene {
    let point = |i: u32, j: u32| {
        let angle = (-104.0 + 16.0 * i as f32 / 6.0).to_radians();
        Vec3::new(4.0 + 5.0 * angle.cos(), -1.5 + 1.5 * j as f32, 12.0 + 5.0 * angle.sin())
    };
    let mut vertices: Vec<Vec3> = (0..7).flat_map(|i| (0..3).map(move |j| point(i, j))).collect();
    let of_quad = |(i, j): (u32, u32)| {
        let corner = 3 * i + j;
        [[corner, corner + 3, corner + 4], [corner, corner + 4, corner + 1]]
    };
    let quads = (0..6).flat_map(|i| (0..2).map(move |j| (i, j)));
    let mut triangles: Vec<[u32; 3]> = quads.flat_map(of_quad).collect();
    if with_screen {
        let corners = [[2.0, -3.0, 0.0], [2.0, 3.0, 0.0], [2.0, 3.0, 5.0], [2.0, -3.0, 5.3]];
        vertices.extend(corners.map(Vec3::from));
        triangles.extend([[21, 22, 23], [21, 23, 24]]);
    }
    let x = Vec3::new(0.2_f32.cos(), 0.2_f32.sin(), 0.0) * 6.0;
    let y = Vec3::Z.cross(x);
    let surface = Surface::new(Vec3::new(6.05, 0.0, 1.0) - 0.5 * (x + y), x, y, [16, 16], 0);
    Scene { vertices, triangles, emitter: Vec3::new(0.0, 0.1, 2.0), surface, is_merged: false }
}

fn options() -> TubeOptions {
    TubeOptions { max_depth: 1, transmission: false, borders: true, ..TubeOptions::for_target_error(0.3, 4) }
}

/// Area of the map that each facet lights \[m²\], where nothing is in the way.
fn exact_areas(scene: &Scene) -> Vec<f64> {
    let surface = &scene.surface;
    let footprint = |triangle: u32| {
        let corners = scene.corners(triangle);
        let source = scene.mirrored(scene.emitter.as_dvec3(), [(triangle, Interaction::Reflection)].iter());
        let mut polygon: Vec<DVec2> = Vec::new();
        for corner in corners {
            let along = corner - source;
            let at = source + along * ((f64::from(surface.corner.z) - source.z) / along.z)
                - surface.corner.as_dvec3();
            let [x, y] = [surface.edge_x, surface.edge_y].map(|edge| edge.as_dvec3());
            polygon.push(DVec2::new(at.dot(x) / x.length(), at.dot(y) / y.length()));
        }
        for (axis, low) in [(0, true), (0, false), (1, true), (1, false)] {
            polygon = cut(&polygon, |p| if low { p[axis] } else { 6.0 - p[axis] });
        }
        let next = polygon.iter().cycle().skip(1);
        0.5 * polygon.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum::<f64>().abs()
    };
    (0..24).map(footprint).collect()
}

fn cut(polygon: &[DVec2], height: impl Fn(DVec2) -> f64) -> Vec<DVec2> {
    let mut kept = Vec::new();
    for (at, &from) in polygon.iter().enumerate() {
        let to = polygon[(at + 1) % polygon.len()];
        let (a, b) = (height(from), height(to));
        if a >= 0.0 {
            kept.push(from);
        }
        if (a >= 0.0) != (b >= 0.0) {
            kept.push(from.lerp(to, a / (a - b)));
        }
    }
    kept
}

/// Lit area by the last facet of the path \[m²\], after one interaction.
fn areas(scene: &Scene, coverage: &Coverage) -> Vec<f64> {
    let mut areas = vec![0.0; 24];
    for fragment in &coverage.fragments {
        let sequence = &coverage.sequences[fragment.sequence as usize];
        if sequence.depth == 1 && sequence.letter >> 1 < 24 {
            areas[(sequence.letter >> 1) as usize] += f64::from(fragment.area * scene.surface.cell_area());
        }
    }
    areas
}

/// By how much the lit area of each facet grows with a change, by its borders \[m²\].
fn growths(scene: &Scene, coverage: &Coverage, change: Change) -> Vec<f64> {
    let mut sums = vec![0.0; 24];
    let add = |border: &Border| {
        let walls = scene.walls(coverage, border.sequence);
        if walls.len() == 1 && walls[0].0 < 24 {
            sums[walls[0].0 as usize] += scene.growth(border, &walls, change);
        }
    };
    coverage.borders.iter().for_each(add);
    sums
}

#[test]
fn every_facet_lights_its_polygon() {
    let scene = facets(false);
    let exact = exact_areas(&scene);
    for seed in 0..3 {
        let coverage = scene.coverage(&TubeOptions { seed, ..options() });
        let found = areas(&scene, &coverage);
        println!("{:?}", coverage.effort);
        for (facet, (area, exact)) in found.iter().zip(&exact).enumerate() {
            println!("facet {facet}: {area:.5} m², exactly {exact:.5} m², {:.2e}", area / exact - 1.0);
        }
        for (area, exact) in found.iter().zip(&exact) {
            assert!((area - exact).abs() < 1e-3 * exact + 1e-4, "{area} instead of {exact}");
        }
    }
}

#[test]
fn every_facet_moves_its_polygon() {
    let scene = facets(false);
    let mut changes = vec![Change::Emitter(Vec3::X), Change::Emitter(Vec3::Y), Change::Emitter(Vec3::Z)];
    changes.extend([4, 7, 10, 11, 13, 16].map(|vertex| Change::Vertex(vertex, Vec3::new(0.3, 0.5, 0.8))));
    let coverage = scene.coverage(&options());
    let mut worst: f64 = 0.0;
    for change in changes {
        let [more, less] = [STEP, -STEP].map(|by| exact_areas(&scene.moved(change, by)));
        let exact: Vec<f64> = more.iter().zip(&less).map(|(a, b)| (a - b) * 0.5 / f64::from(STEP)).collect();
        let found = growths(&scene, &coverage, change);
        let size: f64 = exact.iter().map(|x| x.abs()).sum();
        let error: f64 = exact.iter().zip(&found).map(|(a, b)| (a - b).abs()).sum();
        let [total, exact_total] = [&found, &exact].map(|list| list.iter().sum::<f64>());
        println!(
            "{change:?}: error {:.2e} of {size:.3}; total {total:.4}, exactly {exact_total:.4}",
            error / size
        );
        worst = worst.max(error / size);
    }
    assert!(worst < 0.015, "{worst}");
}

#[test]
fn a_screen_hides_parts_of_facets() {
    let scene = facets(true);
    let fine = TubeOptions { leaf: 1e-3, most_levels: 20, conservative: true, grid: 24, ..options() };
    let [found, exact] = [options(), fine].map(|options| areas(&scene, &scene.coverage(&options)));
    let lit: f64 = exact_areas(&scene).iter().sum();
    let [sum, exact_sum] = [&found, &exact].map(|list| list.iter().sum::<f64>());
    assert!(exact_sum < 0.95 * lit && exact_sum > 0.05 * lit, "{exact_sum} of {lit}");
    assert!((sum - exact_sum).abs() < 1e-3 * exact_sum, "{sum} instead of {exact_sum}");
    for (area, exact) in found.iter().zip(&exact) {
        assert!((area - exact).abs() < 1e-3 * exact + 2e-4, "{area} instead of {exact}");
    }
}
