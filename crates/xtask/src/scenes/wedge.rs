//! `wedge`: a right-angled edge long enough to look endless, for diffraction.

use crate::scene_model::SceneModel;
use crate::shapes::raised_box;

/// Half the length of the edge, and the length of the faces beside it (m).
const REACH: f64 = 50.0;

/// The edge is the z axis; the wedge fills x < 0, y < 0 between its faces x = 0 and y = 0.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("wedge", "A metal wedge with a right angle.").with_material("metal", 0.1);
    let outline = [[0.0, 0.0], [-REACH, 0.0], [0.0, -REACH]];
    scene.body("wedge", ["metal"; 2], raised_box(&outline, -REACH, REACH));
    scene
}
