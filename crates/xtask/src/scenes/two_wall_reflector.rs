//! `two_wall_reflector`: two metal walls at a right angle; whatever enters the corner comes back parallel after two
//! reflections.

use crate::scene_model::SceneModel;
use crate::shapes::plate;

const LENGTH: f64 = 10.0;
const HEIGHT: f64 = 6.0;

/// Walls in the planes x = 0 and y = 0, from z = 0 up, fronts towards the quadrant x > 0, y > 0; nothing else.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("two_wall_reflector", "Two metal walls at a right angle.")
        .with_material("metal", 0.01);
    let (l, h) = (LENGTH, HEIGHT);
    let in_x = plate(&[[0.0, 0.0, 0.0], [0.0, l, 0.0], [0.0, l, h], [0.0, 0.0, h]]);
    let in_y = plate(&[[l, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, h], [l, 0.0, h]]);
    scene.sheet("wall-x", "metal", in_x);
    scene.sheet("wall-y", "metal", in_y);
    scene
}
