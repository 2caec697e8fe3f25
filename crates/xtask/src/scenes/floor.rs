//! `floor`: one flat sheet under free space, for the two-ray law.

use crate::scene_model::SceneModel;
use crate::shapes::{ground, rectangle};

/// 200 m by 200 m of concrete at z = 0, centred at the origin.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("floor", "A flat floor under free space.").with_material("concrete", 0.1);
    scene.sheet("floor", "concrete", ground(&rectangle([-100.0, -100.0], [100.0, 100.0]), 0.0));
    scene
}
