//! What a scene file says, in plain host types.

use std::path::PathBuf;

use emberwave_geometry::{Aabb, TriangleMesh};

use crate::{MaterialDescription, SceneWarning};

/// A scene as its files describe it: objects, materials and what was ignored.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneDescription {
    /// The XML file as it was given to [`load_scene`](crate::load_scene).
    pub path: PathBuf,
    /// Objects in the order of the document.
    pub objects: Vec<ObjectDescription>,
    /// The materials that objects use, in the order of their definitions.
    pub materials: Vec<MaterialDescription>,
    /// What was read but has no effect, or not the one that might be expected.
    pub warnings: Vec<SceneWarning>,
}

impl SceneDescription {
    /// The smallest axis-aligned box around all vertices \[m\]; empty if there are none.
    #[must_use]
    pub fn bounds(&self) -> Aabb {
        self.objects.iter().fold(Aabb::EMPTY, |bounds, object| bounds.union(object.mesh.bounds()))
    }

    /// Number of triangles of all objects.
    #[must_use]
    pub fn num_triangles(&self) -> usize {
        self.objects.iter().map(|object| object.mesh.triangles.len()).sum()
    }

    /// Number of vertices of all objects, as the files store them: vertices that coincide are not merged.
    #[must_use]
    pub fn num_vertices(&self) -> usize {
        self.objects.iter().map(|object| object.mesh.vertices.len()).sum()
    }
}

/// One object of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectDescription {
    /// The id of its `shape`, as written.
    pub id: String,
    /// Its surface in world coordinates \[m\].
    pub mesh: TriangleMesh,
    /// Index into [`SceneDescription::materials`].
    pub material: usize,
}

impl ObjectDescription {
    /// The name that Sionna gives to the object: the id without the `mesh-` that Blender's exporter puts before it.
    ///
    /// ```
    /// # use emberwave_formats::ObjectDescription;
    /// let object = ObjectDescription { id: "mesh-roof".into(), mesh: Default::default(), material: 0 };
    /// assert_eq!(object.name(), "roof");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        object_name(&self.id)
    }
}

/// The name of the object whose shape has this id.
pub(crate) fn object_name(id: &str) -> &str {
    id.strip_prefix("mesh-").unwrap_or(id)
}
