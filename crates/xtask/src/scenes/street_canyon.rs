//! `street_canyon`: one street between two rows of blocks, the classic small outdoor scene.

use crate::scene_model::SceneModel;
use crate::shapes::{flat, ground, rectangle};

/// x from, x to, height (m) of the blocks on the north side of the street.
const NORTH: [[f64; 3]; 3] = [[-66.0, -26.0, 21.0], [-18.0, 16.0, 28.0], [24.0, 66.0, 18.0]];
/// The same for the south side; its gaps do not face those of the north side.
const SOUTH: [[f64; 3]; 3] = [[-66.0, -34.0, 17.0], [-26.0, 24.0, 24.0], [34.0, 66.0, 31.0]];
/// Half the width of the street, and the depth of the blocks (m).
const HALF_WIDTH: f64 = 10.0;
const DEPTH: f64 = 22.0;

/// The street runs along x through the origin, on a ground at z = 0.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("street_canyon", "A street between two rows of blocks.")
        .with_material("concrete", 0.1)
        .with_material("brick", 0.2)
        .with_material("marble", 0.1);
    scene.sheet("ground", "concrete", ground(&rectangle([-80.0, -45.0], [80.0, 45.0]), 0.0));
    for (index, [x0, x1, height]) in NORTH.into_iter().enumerate() {
        let outline = rectangle([x0, HALF_WIDTH], [x1, HALF_WIDTH + DEPTH]);
        scene.body(&format!("north-{index}"), ["brick"; 2], flat(&outline, 0.0, height));
    }
    for (index, [x0, x1, height]) in SOUTH.into_iter().enumerate() {
        let outline = rectangle([x0, -HALF_WIDTH - DEPTH], [x1, -HALF_WIDTH]);
        scene.body(&format!("south-{index}"), ["marble"; 2], flat(&outline, 0.0, height));
    }
    scene
}
