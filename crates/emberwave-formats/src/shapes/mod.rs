//! Kinds of shapes. A kind is one file with a `read` function, and one line in [`KINDS`].

mod cube;
mod disk;
mod obj;
mod ply;
mod rectangle;
mod sphere;

use std::path::{Path, PathBuf};

use emberwave_geometry::TriangleMesh;

use crate::{MeshFileError, SceneError, SceneWarning, read::Properties};

/// Makes a mesh in object coordinates. It runs in parallel with others, so it owns what it needs.
pub(crate) type MeshSource = Box<dyn FnOnce() -> Result<TriangleMesh, SceneError> + Send>;

type Read = fn(&mut Properties<'_>, &mut Vec<SceneWarning>) -> Result<MeshSource, SceneError>;

const KINDS: [(&str, Read); 6] = [
    ("cube", cube::read),
    ("disk", disk::read),
    ("obj", obj::read),
    ("ply", ply::read),
    ("rectangle", rectangle::read),
    ("sphere", sphere::read),
];

/// What makes the mesh of the shape with these properties.
pub(crate) fn read(
    properties: &mut Properties<'_>,
    warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    let kind = properties.node().required("type", properties.owner())?;
    match KINDS.iter().find(|(name, _)| *name == kind) {
        Some((_, read)) => read(properties, warnings),
        None => Err(SceneError::Unsupported {
            location: properties.node().location(),
            owner: properties.owner().to_owned(),
            what: format!("type `{kind}`"),
            supported: KINDS.map(|(name, _)| name).join(", "),
        }),
    }
}

/// A mesh that needs no file.
fn ready(mesh: TriangleMesh) -> MeshSource {
    Box::new(move || Ok(mesh))
}

/// A mesh in the file that the property `filename` names, relative to the file that says so.
fn from_file(
    properties: &mut Properties<'_>,
    read: impl FnOnce(&Path) -> Result<TriangleMesh, MeshFileError> + Send + 'static,
) -> Result<MeshSource, SceneError> {
    let (filename, node) = properties.required_text("filename")?;
    let path: PathBuf = node.file.parent().unwrap_or(Path::new("")).join(filename);
    let location = node.location();
    let shape = properties.node().attribute("id").unwrap_or_default().to_owned();
    Ok(Box::new(move || {
        read(&path).map_err(|source| SceneError::Mesh { location, shape, path, source: Box::new(source) })
    }))
}
