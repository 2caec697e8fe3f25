//! `street`: a crossing of two streets with buildings of many kinds, the scene of the first example.
//!
//! The streets cross at the origin on a ground of 300 m by 250 m at z = 0. The air above the crossing is free; the
//! example's transmitter stands there, 20 m up.

use crate::scene_model::SceneModel;
use crate::shapes::{
    Footprint, Frame, Turn, courtyard, flat, gabled, ground, hipped, octagon, plate, pointed, raised_box,
    rectangle, stepped,
};

/// Half the size of the ground (m).
const HALF_SIZE: [f64; 2] = [150.0, 125.0];
/// Half the widths of the street along y and of the street along x (m).
const HALF_STREET: [f64; 2] = [9.0, 11.0];

/// The whole scene.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("street", "A crossing of two streets with buildings of many kinds.")
        .with_material("asphalt_concrete", 0.2)
        .with_material("concrete", 0.2)
        .with_material("brick", 0.25)
        .with_material("glass", 0.03)
        .with_material("marble", 0.1)
        .with_material("metal", 0.01)
        .with_material("wood", 0.05);
    pavement(&mut scene);
    north_east(&mut scene);
    north_west(&mut scene);
    south_east(&mut scene);
    south_west(&mut scene);
    street_furniture(&mut scene);
    scene
}

/// A cross of asphalt and the four blocks beside it.
fn pavement(scene: &mut SceneModel) {
    let ([x, y], [u, v]) = (HALF_SIZE, HALF_STREET);
    let cross = [
        [-u, -y],
        [u, -y],
        [u, -v],
        [x, -v],
        [x, v],
        [u, v],
        [u, y],
        [-u, y],
        [-u, v],
        [-x, v],
        [-x, -v],
        [-u, -v],
    ];
    scene.sheet("road", "asphalt_concrete", ground(&cross, 0.0));
    for (name, low, high) in [
        ("pavement-ne", [u, v], [x, y]),
        ("pavement-nw", [-x, v], [-u, y]),
        ("pavement-sw", [-x, -y], [-u, -v]),
        ("pavement-se", [u, -y], [x, -v]),
    ] {
        scene.sheet(name, "concrete", ground(&rectangle(low, high), 0.0));
    }
}

/// An L-shaped corner house, a house with a pitched roof, a glass tower, a metal warehouse and a turned house behind.
fn north_east(scene: &mut SceneModel) {
    let corner: Footprint =
        vec![[14.0, 16.0], [54.0, 16.0], [54.0, 34.0], [32.0, 34.0], [32.0, 62.0], [14.0, 62.0]];
    scene.body("corner-house", ["concrete"; 2], flat(&corner, 0.0, 22.0));
    let house = corners([58.0, 16.0], [86.0, 34.0]);
    scene.body("pitched-house", ["brick", "wood"], gabled(&house, 14.0, 6.0));
    scene.body(
        "glass-tower",
        ["glass", "concrete"],
        flat(&rectangle([93.0, 17.0], [115.0, 41.0]), 0.0, 48.0),
    );
    scene.body("warehouse", ["metal"; 2], flat(&rectangle([121.0, 18.0], [145.0, 50.0]), 0.0, 9.0));
    let place = Frame::at(84.0, 84.0).turned(Turn::of_half_tangent(0.125));
    let [a, b, c, d] = corners([-22.0, -8.0], [22.0, 8.0]).map(|corner| place.flat(corner));
    scene.body("turned-house", ["brick", "metal"], gabled(&[a, b, c, d], 11.0, 4.5));
}

/// A block around a courtyard, a house with a hip roof and a slab.
fn north_west(scene: &mut SceneModel) {
    let outer = rectangle([-76.0, 16.0], [-14.0, 78.0]);
    let inner = rectangle([-61.0, 31.0], [-29.0, 63.0]);
    scene.body("courtyard-block", ["marble", "concrete"], courtyard(&outer, &inner, 19.0));
    let house = corners([-112.0, 17.0], [-82.0, 35.0]);
    scene.body("hip-house", ["brick", "wood"], hipped(&house, 12.0, 5.0, 0.3));
    scene.body("slab", ["concrete"; 2], flat(&rectangle([-142.0, 40.0], [-124.0, 112.0]), 0.0, 29.0));
}

/// A tower on a podium, a brick house, and a church with its bell tower.
fn south_east(scene: &mut SceneModel) {
    let podium = rectangle([14.0, -58.0], [60.0, -16.0]);
    let tower = rectangle([20.0, -50.0], [42.0, -24.0]);
    scene.body("podium-tower", ["glass", "marble"], stepped(&podium, &tower, [8.0, 36.0]));
    scene.body("brick-house", ["brick"; 2], flat(&rectangle([70.0, -38.0], [98.0, -17.0]), 0.0, 17.0));
    scene.body("church", ["marble", "wood"], gabled(&corners([108.0, -96.0], [142.0, -80.0]), 10.0, 9.0));
    scene.body(
        "bell-tower",
        ["marble", "metal"],
        pointed(&corners([100.0, -91.0], [106.0, -85.0]), 28.0, 9.0),
    );
}

/// A brick corner block, a long L, a wooden hall.
fn south_west(scene: &mut SceneModel) {
    scene.body(
        "corner-block",
        ["brick", "concrete"],
        flat(&rectangle([-52.0, -46.0], [-14.0, -16.0]), 0.0, 20.0),
    );
    let long: Footprint = vec![
        [-140.0, -17.0],
        [-140.0, -84.0],
        [-122.0, -84.0],
        [-122.0, -34.0],
        [-66.0, -34.0],
        [-66.0, -17.0],
    ];
    scene.body("long-house", ["concrete", "metal"], flat(&long, 0.0, 25.0));
    scene.body("hall", ["wood", "metal"], gabled(&corners([-88.0, -112.0], [-34.0, -84.0]), 7.0, 5.0));
}

/// Free-standing things: a kiosk, two buses, a shelter of glass and an advertising wall.
fn street_furniture(scene: &mut SceneModel) {
    scene.body("kiosk", ["wood", "metal"], flat(&octagon([-12.0, 13.5], 1.5), 0.0, 3.0));
    scene.body("bus-a", ["metal"; 2], raised_box(&rectangle([-46.0, -7.5], [-34.0, -5.0]), 0.375, 3.25));
    scene.body("bus-b", ["metal"; 2], raised_box(&rectangle([4.0, 48.0], [6.5, 66.0]), 0.375, 3.25));
    let shelter = [[-40.0, -12.5, 0.0], [-36.0, -12.5, 0.0], [-36.0, -12.5, 2.5], [-40.0, -12.5, 2.5]];
    scene.sheet("shelter", "glass", plate(&shelter));
    let wall = [[62.0, 13.0, 1.0], [66.0, 14.0, 1.0], [66.0, 14.0, 4.0], [62.0, 13.0, 4.0]];
    scene.sheet("advertising", "metal", plate(&wall));
}

/// The corners of a rectangle whose first side runs along x.
fn corners([x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) -> [[f64; 2]; 4] {
    [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
}

#[cfg(test)]
mod tests {
    use super::scene;

    /// A ray straight up from (0, 0, 20) and a box around that point meet nothing.
    #[test]
    fn air_above_the_crossing_is_free() {
        for object in &scene().objects {
            let vertices = object.mesh.vertices();
            let clear = object.mesh.triangles().iter().all(|triangle| {
                let corners = triangle.map(|vertex| vertices[vertex as usize]);
                let beside = |axis: usize, half: f32| {
                    corners.iter().all(|corner| corner[axis] > half)
                        || corners.iter().all(|corner| corner[axis] < -half)
                };
                corners.iter().all(|corner| corner[2] < 4.0) || beside(0, 9.0) || beside(1, 11.0)
            });
            assert!(clear, "{} reaches into the crossing", object.id);
        }
    }
}
