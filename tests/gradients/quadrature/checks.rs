//! Checks of the quadrature against closed forms, laws of symmetry and single points.

use emberwave_physics::{AntennaPattern, Polarization};

use super::brute_force::power_at;
use super::gradient::derivative;
use super::scenes::{self, Case};
use super::{Param, Plane, Quadrature, Slab, Source, World, gradient, map, map_by, objective};

fn source(position: [f64; 3], pattern: AntennaPattern) -> Source {
    Source { position, orientation: [0.0; 3], pattern, polarization: Polarization::V }
}

fn assert_close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance * a.abs().max(b.abs()), "{what}: {a} and {b}");
}

fn assert_maps_close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).enumerate().for_each(|(i, (a, b))| assert_close(*a, *b, tolerance, &format!("cell {i}")));
}

/// Simpson's rule.
fn simpson(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let n = 2000;
    let h = (high - low) / n as f64;
    let weight = |i: usize| if i == 0 || i == n { 1.0 } else { 2.0 + 2.0 * (i % 2) as f64 };
    (0..=n).map(|i| weight(i) * f(low + h * i as f64)).sum::<f64>() * h / 3.0
}

/// A floor (or ceiling) that reaches beyond everything.
fn add_floor(world: &mut World, z: f64, half: f64, slab: Slab) -> [usize; 4] {
    world.add_quad([[-half, -half, z], [half, -half, z], [half, half, z], [-half, half, z]], slab)
}

#[test]
fn free_space_is_the_integral_of_the_inverse_square() {
    let plane = Plane::horizontal([-3.0, 5.0], [-1.0, 3.0], 1.0, [8, 4]);
    let world = World::new(source([0.2, 0.3, 3.5], AntennaPattern::Isotropic), plane).with_depth(0);
    let exact = |cell: usize| {
        let [x, y, _] = plane.cell_center(cell);
        let line = |y: f64| {
            let height = (2.5f64.powi(2) + (y - 0.3).powi(2)).sqrt();
            (((x + 0.5 - 0.2) / height).atan() - ((x - 0.5 - 0.2) / height).atan()) / height
        };
        simpson(y - 0.5, y + 0.5, line)
    };
    assert_maps_close(&map(&world), &(0..32).map(exact).collect::<Vec<_>>(), 2e-7);
    assert_maps_close(
        &map_by(&world, &Quadrature::new(8, 2)),
        &(0..32).map(exact).collect::<Vec<_>>(),
        1e-12,
    );
}

#[test]
fn a_perfect_mirror_is_an_image_source() {
    let plane = Plane::horizontal([-2.0, 2.0], [-2.0, 2.0], 1.0, [4, 4]);
    let mut mirror = World::new(source([0.3, 0.1, 2.5], AntennaPattern::Dipole), plane).with_depth(1);
    add_floor(&mut mirror, 0.0, 1e3, Slab::new(1.0, 1e14, 0.1));
    mirror.los = false;
    let image = World::new(source([0.3, 0.1, -2.5], AntennaPattern::Dipole), plane).with_depth(0);
    assert_maps_close(&map(&mirror), &map(&image), 1e-5);
}

#[test]
fn a_lossless_slab_divides_the_power() {
    let below = Plane::horizontal([-2.0, 2.0], [-2.0, 2.0], -1.5, [4, 4]);
    let tx = source([0.3, 0.1, 2.5], AntennaPattern::Dipole);
    let free = map(&World::new(tx, below).with_depth(0));
    let mut behind = World::new(tx, below).with_depth(1);
    add_floor(&mut behind, 0.0, 1e3, Slab::new(4.0, 0.0, 0.13));
    let mut before = behind.clone();
    before.plane.corner[2] = 1.5;
    before.los = false;
    let sum: Vec<f64> = map(&behind).iter().zip(map(&before)).map(|(t, r)| t + r).collect();
    assert_maps_close(&sum, &free, 1e-8);
    behind.refraction = false;
    assert!(map(&behind).iter().all(|g| *g == 0.0));
}

#[test]
fn the_derivative_of_a_shadow_is_the_integral_along_its_border() {
    let plane = Plane::horizontal([-4.0, 4.0], [-4.0, 4.0], 0.0, [16, 16]);
    let tx = source([0.3, -0.4, 6.0], AntennaPattern::Isotropic);
    let mut world = World::new(tx, plane).with_depth(0).with_refraction(false);
    let screen = [[0.2, -30.0, 3.0], [40.0, -30.0, 3.0], [40.0, 30.0, 3.0], [0.2, 30.0, 3.0]];
    let screen = world.add_quad(screen, Slab::METAL);
    // The border is at 2 · 0.2 − 0.3 and moves twice as fast as the edge.
    let distance = (36.0 + (0.1f64 - 0.3).powi(2)).sqrt();
    let along = ((4.0f64 + 0.4) / distance).atan() - ((-4.0f64 + 0.4) / distance).atan();
    let exact = 2.0 * along / distance / (0.5 * 0.5);
    let param = Param::Shift { vertices: screen.to_vec(), direction: [1.0, 0.0, 0.0] };
    for h in [1e-2, 1e-3, 1e-4] {
        let found = gradient(&world, &param, h, &|_| 1.0);
        assert_close(found.value, exact, 1e-9, "derivative");
    }
}

#[test]
fn single_points_agree_with_the_image_method() {
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    for Case { name, world, .. } in scenes::all() {
        let points = if name == "facets" { 15 } else { 60 };
        for (depth, refraction) in [(0, true), (1, false), (1, true), (2, false), (2, true)] {
            let world = world.clone().with_depth(depth).with_refraction(refraction);
            for _ in 0..points {
                let [nx, ny] = world.plane.cells.map(|n| n as f64);
                let center = world.plane.point([nx * random(), ny * random()]);
                let mut small = world.clone();
                let corner = [center[0] - 5e-6, center[1] - 5e-6, center[2]];
                small.plane =
                    Plane { corner, edge_x: [1e-5, 0.0, 0.0], edge_y: [0.0, 1e-5, 0.0], cells: [1, 1] };
                let what = format!("{name}, depth {depth}, refraction {refraction}, at {center:?}");
                assert_close(map(&small)[0], power_at(&world, center), 1e-8, &what);
            }
        }
    }
}

#[test]
fn cells_add_up() {
    for Case { name, world, .. } in scenes::all() {
        let rule = Quadrature::new(6, 2);
        let cells = map_by(&world, &rule);
        let mut whole = world.clone();
        whole.plane.cells = [1, 1];
        let mean = cells.iter().sum::<f64>() / cells.len() as f64;
        assert_close(map_by(&whole, &Quadrature::new(8, 16))[0], mean, 1e-9, name);
    }
}

#[test]
fn moving_everything_changes_nothing() {
    for Case { name, world, .. } in scenes::all() {
        let weights = scenes::weights(&world);
        let weight = |i: usize| weights[i];
        for axis in 0..3 {
            let mut direction = [0.0; 3];
            direction[axis] = 1.0;
            let vertices = (0..world.vertices.len()).collect();
            let parts =
                [Param::Position(axis), Param::Shift { vertices, direction }, Param::PlaneShift(direction)]
                    .map(|param| gradient(&world, &param, 1e-4, &weight).value);
            let size = parts.iter().fold(0.0f64, |size, part| size.max(part.abs()));
            let sum: f64 = parts.iter().sum();
            assert!(sum.abs() < 1e-5 * size, "{name}: {parts:?} along {axis}");
        }
    }
}

#[test]
fn lengths_and_wavelength_scale_together() {
    for Case { name, world, .. } in scenes::all() {
        let mut double = world.clone();
        double.vertices.iter_mut().for_each(|v| *v = v.map(|x| 2.0 * x));
        double.materials.iter_mut().for_each(|m| {
            m.thickness *= 2.0;
            m.conductivity /= 2.0;
        });
        double.frequency /= 2.0;
        double.transmitter.position = world.transmitter.position.map(|x| 2.0 * x);
        double.plane.corner = world.plane.corner.map(|x| 2.0 * x);
        double.plane.edge_x = world.plane.edge_x.map(|x| 2.0 * x);
        double.plane.edge_y = world.plane.edge_y.map(|x| 2.0 * x);
        let (a, b) = (objective(&world, &|_| 1.0), objective(&double, &|_| 1.0));
        assert_close(a, 4.0 * b, 1e-7, name);
    }
}

#[test]
fn a_symmetric_world_has_a_symmetric_map_and_no_derivative_across() {
    let plane = Plane::horizontal([-2.0, 6.0], [-4.0, 4.0], 1.5, [16, 16]);
    let mut world = World::new(source([1.2, 0.0, 4.0], AntennaPattern::Dipole), plane);
    add_floor(&mut world, 0.0, 10.0, Slab::CONCRETE);
    let wall = [[-4.0, -2.12, 0.0], [-4.0, 2.12, 0.0], [-4.0, 2.12, 3.03], [-4.0, -2.12, 3.03]];
    world.add_quad(wall, Slab::GLASS);
    let cells = map(&world);
    let mirrored: Vec<f64> = (0..256).map(|i| cells[(15 - i / 16) * 16 + i % 16]).collect();
    assert_maps_close(&cells, &mirrored, 1e-8);
    let across = gradient(&world, &Param::Position(1), 1e-4, &|_| 1.0).value;
    let along = gradient(&world, &Param::Position(0), 1e-4, &|_| 1.0).value;
    assert!(across.abs() < 1e-6 * along.abs(), "{across} and {along}");
}

#[test]
fn derivatives_depend_on_neither_the_step_nor_the_rule() {
    let rules = [Quadrature::default(), Quadrature::new(5, 2)];
    for Case { name, world, params } in scenes::all() {
        let weights = scenes::weights(&world);
        let loss = |rule: &Quadrature, world: &World| -> f64 {
            map_by(world, rule).iter().zip(&weights).map(|(g, w)| g * w).sum()
        };
        let level = loss(&rules[0], &world);
        for (param_name, param) in params {
            let h = param.step(&world);
            let [a, b] = [0, 1].map(|i| derivative(&param, h, &world, &|w| loss(&rules[i], w)));
            // Per relative step for what is relative, per metre or radian otherwise.
            let floor = 1e-6 * level * 1e-4 / h;
            let near = |x: f64, y: f64| (x - y).abs() < 1e-3 * x.abs() + floor;
            assert!(near(a.coarse, a.fine) && near(a.value, b.value), "{name}, {param_name}: {a:?}, {b:?}");
        }
    }
}
