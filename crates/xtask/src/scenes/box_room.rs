//! `box_room`: a closed room, for long chains of reflections and for reverberation.

use crate::scene_model::SceneModel;
use crate::shapes::{raised_box, rectangle};

/// 6 m by 5 m, 3 m high; floor at z = 0, centred at the origin. Floor and walls of concrete, ceiling of wood.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("box_room", "A closed room without openings.")
        .with_material("concrete", 0.2)
        .with_material("wood", 0.05);
    let outline = rectangle([-3.0, -2.5], [3.0, 2.5]);
    scene.body("room", ["concrete", "wood"], raised_box(&outline, 0.0, 3.0));
    scene
}
