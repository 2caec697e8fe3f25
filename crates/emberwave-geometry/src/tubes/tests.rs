use glam::Vec3;

use super::*;
use crate::Bvh;

/// A mesh and all that belongs to it.
struct Place {
    bvh: Bvh,
    planes: PlaneSet,
    powers: PowerTable,
}

impl Place {
    fn new(quads: &[[Vec3; 4]]) -> Self {
        let vertices = quads.concat();
        let triangles: Vec<[u32; 3]> = (0..quads.len() as u32)
            .flat_map(|quad| [[0, 1, 2], [0, 2, 3]].map(|triangle| triangle.map(|corner| 4 * quad + corner)))
            .collect();
        Self {
            bvh: Bvh::build(&vertices, &triangles),
            planes: PlaneSet::cluster(&vertices, &triangles, &vec![0; triangles.len()]),
            powers: PowerTable::new(1, |_, _| [0.5, 0.5]),
        }
    }

    fn coverage(&self, surface: Surface, position: Vec3, options: &TubeOptions) -> Coverage {
        let surfaces = [surface];
        let world = World {
            bvh: &self.bvh,
            planes: &self.planes,
            powers: &self.powers,
            surfaces: &surfaces,
            buffers: &TubeBuffers::default(),
        };
        world.trace_coverage(&Emitter { position, power: &|_| 1.0, worth: None }, options)
    }
}

/// Covered area of every cell by paths with a number of interactions, in cells.
fn areas(coverage: &Coverage, num_cells: usize, depth: u32) -> Vec<f64> {
    let mut areas = vec![0.0; num_cells];
    for fragment in &coverage.fragments {
        if coverage.sequences[fragment.sequence as usize].depth == depth {
            areas[fragment.cell as usize] += f64::from(fragment.area);
        }
    }
    areas
}

fn quad(corner: [f32; 3], x: [f32; 3], y: [f32; 3]) -> [Vec3; 4] {
    let [corner, x, y] = [corner, x, y].map(Vec3::from);
    [corner, corner + x, corner + x + y, corner + y]
}

fn cuboid(low: Vec3, high: Vec3) -> Vec<[Vec3; 4]> {
    let size = high - low;
    let (x, y, z) = (Vec3::X * size.x, Vec3::Y * size.y, Vec3::Z * size.z);
    let side = |corner: Vec3, a: Vec3, b: Vec3| [corner, corner + a, corner + a + b, corner + b];
    vec![
        side(low, x, y),
        side(low, x, z),
        side(low, y, z),
        side(low + z, x, y),
        side(low + y, x, z),
        side(low + x, y, z),
    ]
}

fn specular(max_depth: u32, grid: u32) -> TubeOptions {
    TubeOptions {
        max_depth,
        transmission: false,
        grid,
        leaf: 0.01,
        negligible: Negligible::NOTHING,
        rough: 0.0,
        most_tubes: usize::MAX,
        ..TubeOptions::for_target_error(0.3, 4)
    }
}

fn assert_all_near(values: &[f64], expected: f64, tolerance: f64) {
    for (cell, value) in values.iter().enumerate() {
        assert!((value - expected).abs() < tolerance, "cell {cell}: {value} instead of {expected}");
    }
}

#[test]
fn without_obstacles_every_cell_is_covered_once() {
    let far = Place::new(&[quad([900.0, 900.0, 900.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])]);
    let surface = Surface::new(Vec3::new(-20.0, -30.0, 1.0), Vec3::X * 70.0, Vec3::Y * 60.0, [35, 20], 0);
    for grid in [4, 17] {
        let coverage = far.coverage(surface, Vec3::new(3.0, 2.0, 9.0), &specular(0, grid));
        assert_all_near(&areas(&coverage, 700, 0), 1.0, 1e-3);
    }
}

#[test]
fn a_box_room_shows_every_cell_as_many_images_as_it_has() {
    let room = Place::new(&cuboid(Vec3::ZERO, Vec3::new(6.0, 4.0, 3.0)));
    let surface = Surface::new(Vec3::new(0.0, 0.0, 1.1), Vec3::X * 6.0, Vec3::Y * 4.0, [12, 8], 0);
    let coverage = room.coverage(surface, Vec3::new(1.7, 2.9, 2.2), &specular(3, 32));
    for (depth, images) in [1.0, 6.0, 18.0, 38.0].into_iter().enumerate() {
        let areas = areas(&coverage, 96, depth as u32);
        assert_all_near(&areas, images, if depth < 3 { 2e-3 } else { 1e-2 } * images);
    }
}

#[test]
fn sequences_lead_to_what_is_covered_and_come_after_their_parents() {
    let room = Place::new(&cuboid(Vec3::ZERO, Vec3::new(6.0, 4.0, 3.0)));
    let surface = Surface::new(Vec3::new(0.0, 0.0, 1.1), Vec3::X, Vec3::Y, [2, 2], 0);
    let coverage = room.coverage(surface, Vec3::new(1.7, 2.9, 2.2), &specular(3, 8));
    let mut leads = vec![false; coverage.sequences.len()];
    coverage.fragments.iter().for_each(|fragment| leads[fragment.sequence as usize] = true);
    for (index, sequence) in coverage.sequences.iter().enumerate().skip(1).rev() {
        assert!(leads[index], "sequence {index} leads nowhere");
        let parent = sequence.parent as usize;
        assert!(parent < index && coverage.sequences[parent].depth + 1 == sequence.depth);
        leads[parent] = true;
    }
    assert!(coverage.fragments.is_sorted_by_key(|fragment| fragment.sequence));
}

#[test]
fn the_shadow_of_a_screen_has_straight_exact_borders() {
    // Seen from 8 m above the floor, a screen at half the height has a shadow twice its size.
    let screen = Place::new(&[quad([2.0, 1.0, 4.0], [3.0, 0.0, 0.0], [0.0, 2.0, 0.0])]);
    let surface = Surface::new(Vec3::new(-10.0, -10.0, 0.0), Vec3::X * 30.0, Vec3::Y * 30.0, [60, 60], 0);
    let coverage = screen.coverage(surface, Vec3::new(0.0, 0.0, 8.0), &specular(0, 9));
    let lit = areas(&coverage, 3600, 0);
    let total: f64 = lit.iter().sum();
    assert!((total - (3600.0 - 24.0 * 4.0)).abs() < 0.02, "{total}");
    // The shadow runs from (4, 2) to (10, 6); cells are half a metre.
    let cell = |x: f32, y: f32| lit[((y + 10.0) * 2.0) as usize * 60 + ((x + 10.0) * 2.0) as usize];
    assert!(cell(4.2, 2.2) < 1e-3 && cell(9.8, 5.8) < 1e-3);
    assert!(cell(3.8, 2.2) > 0.999 && cell(10.2, 5.8) > 0.999);
}

#[test]
fn a_wall_mirrors_and_lets_through_what_it_covers() {
    let wall = Place::new(&[quad([10.0, -50.0, -50.0], [0.0, 100.0, 0.0], [0.0, 0.0, 100.0])]);
    let surface = Surface::new(Vec3::new(0.0, -5.0, 0.0), Vec3::X * 20.0, Vec3::Y * 10.0, [20, 10], 0);
    let options = TubeOptions { transmission: true, ..specular(1, 12) };
    let coverage = wall.coverage(surface, Vec3::new(4.0, 0.0, 6.0), &options);
    let (direct, once) = (areas(&coverage, 200, 0), areas(&coverage, 200, 1));
    for cell in 0..200 {
        let before = cell % 20 < 10;
        assert!((direct[cell] - f64::from(u8::from(before))).abs() < 1e-3, "direct, cell {cell}");
        assert!((once[cell] - 1.0).abs() < 1e-3, "once, cell {cell}: {}", once[cell]);
    }
}

#[test]
fn conservative_tubes_find_a_pole_that_hides_between_corners() {
    let pole = Place::new(&cuboid(Vec3::new(30.0, 3.0, 0.0), Vec3::new(30.1, 3.1, 5.0)));
    let surface = Surface::new(Vec3::new(20.0, -5.0, 1.0), Vec3::X * 40.0, Vec3::Y * 20.0, [160, 80], 0);
    let lit = |conservative: bool| {
        let options = TubeOptions { conservative, ..specular(0, 8) };
        let coverage = pole.coverage(surface, Vec3::new(0.0, 0.0, 6.0), &options);
        areas(&coverage, 160 * 80, 0).iter().sum::<f64>()
    };
    // Seen from 6 m up the shadow of the pole's top lies at five times its distance, beyond the last cell; the pole is
    // atan(3.1/30) − atan(3/30.1) wide, so its shadow between 30.2 and 60.3 m covers 4.98 m², in cells of 0.0625 m².
    let (expected, all) = (4.98 / 0.0625, 160.0 * 80.0);
    assert!(all - lit(false) < 0.5 * expected, "the test is too easy");
    let found = all - lit(true);
    assert!((found - expected).abs() < 0.1 * expected, "{found} of {expected} cells");
}

/// The wall stands before the upper edge of a slope from which no path comes to the surface.
#[test]
fn a_wall_among_dark_things_is_found_from_every_grid() {
    let slope = quad([18.0, -10.0, 1.0], [2.4, 0.0, 4.2], [0.0, 20.0, 0.0]);
    let wall = quad([20.0, -0.5, 5.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
    let place = Place::new(&[slope, wall]);
    let surface = Surface::new(Vec3::new(-11.0, -2.0, 0.0), Vec3::X * 12.0, Vec3::Y * 4.0, [12, 4], 0);
    let lit = |dark_leaf: f32, seed: u64| {
        let options = TubeOptions { los: false, dark_leaf, seed, ..specular(1, 16) };
        let coverage = place.coverage(surface, Vec3::new(0.0, 0.0, 10.0), &options);
        areas(&coverage, 48, 1).iter().sum::<f64>()
    };
    // Its image lights what is up to 10 m from the emitter, 2 to 2.5 m wide.
    let found = |dark_leaf: f32| (0..16).filter(|&seed| lit(dark_leaf, seed) > 0.9 * 22.5).count();
    assert_eq!(found(0.2), 16);
    assert!(found(f32::INFINITY) < 8, "{} without", found(f32::INFINITY));
}

/// Behind the surface lie a hundred planes; before it there is nothing.
#[test]
fn what_is_met_behind_the_surface_divides_no_tubes() {
    let tile = |at: u32| {
        let [x, y] = [at % 10, at / 10].map(|index| 10.0 * index as f32 - 50.0);
        quad([x, y, -1.0 - 0.1 * (at % 7) as f32], [10.0, 0.0, 0.0], [0.0, 10.0, 0.0])
    };
    let tiles: Vec<[Vec3; 4]> = (0..100).map(tile).collect();
    let surface = Surface::new(Vec3::new(-20.0, -20.0, 0.0), Vec3::X * 40.0, Vec3::Y * 40.0, [40, 40], 0);
    let coverage = Place::new(&tiles).coverage(surface, Vec3::new(1.0, 2.0, 60.0), &specular(0, 8));
    assert_all_near(&areas(&coverage, 1600, 0), 1.0, 1e-3);
    assert_eq!(coverage.effort.divided, 0);
}

/// Two roofs hide all of the surface but a strip, and no path comes from them to it.
#[test]
fn a_gap_between_dark_roofs_is_found_from_every_grid() {
    let roofs = [
        quad([-60.0, -60.0, 5.0], [60.0, 0.0, 0.0], [0.0, 120.0, 0.0]),
        quad([0.5, -60.0, 5.2], [60.0, 0.0, 0.0], [0.0, 120.0, 0.0]),
    ];
    let place = Place::new(&roofs);
    let surface = Surface::new(Vec3::new(-10.0, -10.0, 0.0), Vec3::X * 20.0, Vec3::Y * 20.0, [20, 20], 0);
    for seed in 0..16 {
        let options = TubeOptions { seed, ..specular(0, 8) };
        let coverage = place.coverage(surface, Vec3::new(-1.0, 0.0, 10.0), &options);
        let lit = areas(&coverage, 400, 0).iter().sum::<f64>();
        // Seen from 10 m up the edges' shadows lie at x = −1 + 1·10/5 and −1 + 1.5·10/4.8.
        let expected = 20.0 * (1.5 / 0.48 - 2.0);
        assert!((lit - expected).abs() < 1e-2 * expected, "seed {seed}: {lit} instead of {expected}");
    }
}

/// More interactions than are looked ahead.
#[test]
fn two_mirrors_show_two_images_for_every_number_of_interactions() {
    let mirror = |x: f32| quad([x, -50.0, -50.0], [0.0, 100.0, 0.0], [0.0, 0.0, 100.0]);
    let place = Place::new(&[mirror(0.0), mirror(10.0)]);
    let surface = Surface::new(Vec3::new(2.0, -1.0, 0.0), Vec3::X * 3.0, Vec3::Y * 2.0, [3, 2], 0);
    let coverage = place.coverage(surface, Vec3::new(6.0, 0.5, 4.0), &specular(12, 16));
    for depth in 1..=12 {
        assert_all_near(&areas(&coverage, 6, depth), 2.0, 5e-3);
    }
}

#[test]
fn coverage_does_not_depend_on_the_number_of_threads() {
    let room = Place::new(&cuboid(Vec3::ZERO, Vec3::new(6.0, 4.0, 3.0)));
    let surface = Surface::new(Vec3::new(0.0, 0.0, 1.1), Vec3::X * 6.0, Vec3::Y * 4.0, [12, 8], 0);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
        let options = TubeOptions { transmission: true, ..specular(2, 16) };
        pool.install(|| room.coverage(surface, Vec3::new(1.7, 2.9, 2.2), &options).fragments)
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn two_triangles_of_a_wall_are_one_plane_and_a_corner_is_two() {
    let planes = |quads: &[[Vec3; 4]]| Place::new(quads).planes;
    let wall = quad([0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, 3.0]);
    assert_eq!(planes(&[wall]).planes().len(), 1);
    assert_eq!(planes(&[wall]).outline_of(0).len(), 4);
    let next = quad([4.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, 3.0]);
    assert_eq!(planes(&[wall, next]).planes().len(), 1);
    assert_eq!(planes(&[wall, next]).outline_of(0).len(), 6);
    let other = quad([4.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 3.0]);
    assert_eq!(planes(&[wall, other]).planes().len(), 2);
}

/// A dome of flat facets that bulges down, with pairs of triangles that are all but in one plane.
fn dome() -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let (quads, half, radius) = (12_u32, 2.375_f32, 10.0_f32);
    let place = |index: u32| half * (2.0 * index as f32 / quads as f32 - 1.0);
    let depth = |x: f32, y: f32| (radius * radius - x * x - y * y).sqrt();
    let vertex = |at: u32| {
        let (x, y) = (place(at % (quads + 1)), place(at / (quads + 1)));
        Vec3::new(x, y, 8.0 + depth(half, half) - depth(x, y))
    };
    let quad = |at: u32| {
        let (i, j) = (at % quads, at / quads);
        let a = j * (quads + 1) + i;
        let (b, c, d) = (a + 1, a + quads + 2, a + quads + 1);
        if (i < quads / 2) == (j < quads / 2) { [[a, b, c], [a, c, d]] } else { [[a, b, d], [b, c, d]] }
    };
    let vertices = (0..(quads + 1) * (quads + 1)).map(vertex).collect();
    (vertices, (0..quads * quads).flat_map(quad).collect())
}

#[test]
fn planes_that_are_not_quite_flat_reflect_all_that_reaches_them() {
    let (vertices, triangles) = dome();
    let materials = vec![0; triangles.len()];
    let bvh = Bvh::build(&vertices, &triangles);
    let powers = PowerTable::new(1, |_, _| [1.0, 0.0]);
    let surfaces = [Surface::new(Vec3::new(4.0, -2.0, 1.0), Vec3::X * 4.0, Vec3::Y * 4.0, [16, 16], 0)];
    let power = |_: Vec3| 1.0;
    let emitter = Emitter { position: Vec3::new(-6.0, -1.0, 2.0), power: &power, worth: None };
    let options = TubeOptions {
        max_depth: 1,
        los: false,
        transmission: false,
        ..TubeOptions::for_target_error(0.3, 4)
    };
    let area = |planes: &PlaneSet| {
        let world = World {
            bvh: &bvh,
            planes,
            powers: &powers,
            surfaces: &surfaces,
            buffers: &TubeBuffers::default(),
        };
        let covered = world.trace_coverage(&emitter, &options).fragments;
        covered.iter().map(|fragment| f64::from(fragment.area)).sum::<f64>()
    };
    let joined = PlaneSet::cluster(&vertices, &triangles, &materials);
    assert!(joined.planes().len() < triangles.len(), "some are joined");
    let (found, alone) = (area(&joined), area(&PlaneSet::separate(&vertices, &triangles, &materials)));
    // Four million rays give 75.89 cells.
    assert!((found - 75.9).abs() < 0.05 && (alone - 75.9).abs() < 0.05, "{found} {alone}");
}

#[test]
fn power_that_ends_is_that_of_the_face_of_a_cube() {
    let floor = Place::new(&[quad([-10.0, -10.0, 0.0], [20.0, 0.0, 0.0], [0.0, 20.0, 0.0])]);
    let surface = Surface::new(Vec3::new(-15.0, -15.0, 1.5), Vec3::X * 30.0, Vec3::Y * 30.0, [30, 30], 0);
    for (transmission, share) in [(false, 0.5), (true, 1.0)] {
        let options = TubeOptions { transmission, accounts: true, ..specular(0, 32) };
        let PowerAccount { drawn, ended } =
            floor.coverage(surface, Vec3::new(0.0, 0.0, 10.0), &options).account;
        assert_eq!(drawn, 0.0);
        assert!((ended / (share / 6.0) - 1.0).abs() < 2e-3, "{ended}");
    }
}
