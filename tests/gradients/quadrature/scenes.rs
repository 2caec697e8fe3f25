//! Small scenes whose maps have moving shadow borders and moving borders of reflections.

use emberwave_physics::{AntennaPattern, Polarization};

use super::gradient::Param;
use super::world::{Plane, Slab, Source, Vec3, World};

/// A world of depth 2 with everything on, and what to differentiate in it.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: &'static str,
    pub world: World,
    pub params: Vec<(String, Param)>,
}

/// All scenes.
pub fn all() -> Vec<Case> {
    vec![half_plane(), floor_and_wall(), screen(), canyon(), facets()]
}

/// Smooth weights with no symmetry; 0 for the cells that are closer than one cell to a triangle.
pub fn weights(world: &World) -> Vec<f64> {
    let weight = |(cell, clear): (usize, bool)| {
        let (x, y) = (cell % world.plane.cells[0], cell / world.plane.cells[0]);
        let smooth = 1.0 + 0.5 * (0.5 * x as f64 + 0.4).sin() * (0.35 * y as f64 - 0.3).cos();
        if clear { smooth } else { 0.0 }
    };
    world.clear_cells().into_iter().enumerate().map(weight).collect()
}

/// A short dipole, a little turned.
fn source(position: Vec3) -> Source {
    Source {
        position,
        orientation: [0.3, 0.15, -0.1],
        pattern: AntennaPattern::Dipole,
        polarization: Polarization::V,
    }
}

/// The parameters that every scene has, one object and one of its vertices.
fn params(world: &World, object: &[usize], shift: Vec3, vertex: usize) -> Vec<(String, Param)> {
    let mut params = Vec::new();
    for (axis, name) in ["x", "y", "z"].into_iter().enumerate() {
        params.push((format!("tx {name}"), Param::Position(axis)));
    }
    for (axis, name) in ["yaw", "pitch", "roll"].into_iter().enumerate() {
        params.push((name.to_owned(), Param::Orientation(axis)));
    }
    for (axis, name) in ["x", "y", "z"].into_iter().enumerate() {
        params.push((format!("vertex {name}"), Param::Vertex { vertex, axis }));
    }
    params.push(("object".to_owned(), Param::Shift { vertices: object.to_vec(), direction: shift }));
    params.push(("plane z".to_owned(), Param::PlaneShift([0.0, 0.0, 1.0])));
    params.push(("plane x".to_owned(), Param::PlaneShift([1.0, 0.0, 0.0])));
    params.push(("tilt".to_owned(), Param::PlaneTilt(0)));
    for material in 0..world.materials.len() {
        params.push((format!("permittivity {material}"), Param::Permittivity(material)));
        params.push((format!("conductivity {material}"), Param::Conductivity(material)));
        params.push((format!("thickness {material}"), Param::Thickness(material)));
    }
    params.push(("frequency".to_owned(), Param::Frequency));
    params
}

fn case(name: &'static str, world: World, object: &[usize], shift: Vec3, vertex: usize) -> Case {
    let params = params(&world, object, shift, vertex);
    Case { name, world, params }
}

/// A horizontal screen with one edge above the map, a little askew: half of the map is in its shadow.
pub fn half_plane() -> Case {
    let plane = Plane::horizontal([-4.0, 4.0], [-4.0, 4.0], 0.0, [16, 16]);
    let mut world = World::new(source([0.3, -0.4, 6.0]), plane);
    let corners = [[0.21, -30.0, 3.0], [40.0, -30.0, 3.0], [40.0, 30.0, 3.0], [0.93, 30.0, 3.0]];
    let screen = world.add_quad(corners, Slab::GLASS);
    case("half plane", world, &screen, [1.0, 0.0, 0.0], screen[3])
}

/// A large floor and a small wall, two reflectors.
pub fn floor_and_wall() -> Case {
    let plane = Plane::horizontal([-2.0, 6.0], [-4.0, 4.0], 1.5, [16, 16]);
    let mut world = World::new(source([1.2, 0.4, 4.0]), plane);
    let floor = [[-10.0, -10.0, 0.0], [10.0, -10.0, 0.0], [10.0, 10.0, 0.0], [-10.0, 10.0, 0.0]];
    world.add_quad(floor, Slab::CONCRETE);
    let wall = [[-4.0, -1.53, 0.0], [-4.0, 2.12, 0.0], [-4.0, 2.12, 3.03], [-4.0, -1.53, 3.03]];
    let wall = world.add_quad(wall, Slab::GLASS);
    case("floor and wall", world, &wall, [0.6, 0.8, 0.0], wall[2])
}

/// A small tilted screen that throws its whole shadow on the map, and a second one below its edge.
pub fn screen() -> Case {
    let plane = Plane::horizontal([-4.0, 4.0], [-4.0, 4.0], 0.0, [16, 16]);
    let mut world = World::new(source([0.3, -0.4, 6.0]), plane);
    let corners = [[-0.6, -0.9, 2.8], [1.1, -0.7, 3.1], [0.9, 0.8, 3.5], [-0.8, 0.6, 3.2]];
    let screen = world.add_quad(corners, Slab::GLASS);
    let corners = [[0.2, -1.1, 1.6], [2.3, -0.9, 1.7], [2.2, 1.4, 1.9], [0.3, 1.2, 1.8]];
    world.add_quad(corners, Slab::CONCRETE);
    case("screen", world, &screen, [0.8, 0.6, 0.0], screen[1])
}

/// A ground with two walls that end, one of them low, with the transmitter high above the map.
pub fn canyon() -> Case {
    let plane = Plane::horizontal([-4.0, 4.0], [-3.0, 9.0], 1.5, [16, 16]);
    let mut world = World::new(source([0.7, -3.1, 6.0]), plane);
    let ground = [[-6.0, -12.0, 0.0], [6.0, -12.0, 0.0], [6.0, 12.0, 0.0], [-6.0, 12.0, 0.0]];
    world.add_quad(ground, Slab::CONCRETE);
    let wall = |x: f64, z: f64| [[x, -8.1, 0.0], [x, 7.9, 0.0], [x, 7.9, z], [x, -8.1, z]];
    world.add_quad(wall(-5.0, 9.0), Slab::GLASS);
    let wall = world.add_quad(wall(5.0, 4.1), Slab::GLASS);
    case("canyon", world, &wall, [0.8, 0.6, 0.0], wall[2])
}

/// A ceiling of 6 × 2 facets of a cylinder that lights a map behind a screen.
///
/// The map is turned, because the borders of the beams that are parallel to the axis of the cylinder would
/// give the objective kinks where they pass a border of cells.
pub fn facets() -> Case {
    let plane = Plane::horizontal([3.05, 9.05], [-3.0, 3.0], 1.0, [16, 16]);
    let mut world = World::new(source([0.0, 0.1, 2.0]), plane);
    let screen = [[2.0, -3.0, 0.0], [2.0, 3.0, 0.0], [2.0, 3.0, 5.0], [2.0, -3.0, 5.3]];
    world.add_quad(screen, Slab::CONCRETE);
    let first = world.vertices.len();
    let point = |i: usize, j: usize| {
        let angle = (-104.0 + 16.0 * i as f64 / 6.0).to_radians();
        [4.0 + 5.0 * angle.cos(), -1.5 + 1.5 * j as f64, 12.0 + 5.0 * angle.sin()]
    };
    world.vertices.extend((0..7).flat_map(|i| (0..3).map(move |j| point(i, j))));
    let material = world.material(Slab::METAL);
    for i in 0..6 {
        for j in 0..2 {
            let corner = first + 3 * i + j;
            world.triangles.push([corner, corner + 3, corner + 4]);
            world.triangles.push([corner, corner + 4, corner + 1]);
            world.material_of.extend([material; 2]);
        }
    }
    let facets: Vec<usize> = (first..world.vertices.len()).collect();
    let world = Param::PlaneTilt(2).apply(&world, 0.2);
    case("facets", world, &facets, [0.6, 0.0, 0.8], first + 11)
}
