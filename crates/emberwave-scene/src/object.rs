//! Objects of a scene.

use std::ops::Range;

/// A named part of a scene: a run of its triangles with one material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneObject {
    /// Identifier from the scene file.
    pub id: String,
    /// Index of its material.
    pub material: usize,
    /// Its triangles among the scene's.
    pub triangles: Range<usize>,
    /// Its vertices among the scene's.
    pub vertices: Range<usize>,
}
