//! The generated scenes, one file each. A new scene is a new file here and a line in [`all`].

mod box_room;
mod curved_reflector;
mod district;
mod floor;
mod office;
mod street;
mod street_canyon;
mod two_wall_reflector;
mod wedge;

use crate::scene_model::SceneModel;

/// Every scene.
pub fn all() -> Vec<SceneModel> {
    vec![
        box_room::scene(),
        curved_reflector::scene(),
        district::scene(),
        floor::scene(),
        office::scene(),
        street::scene(),
        street_canyon::scene(),
        two_wall_reflector::scene(),
        wedge::scene(),
    ]
}
