//! OBJ files: vertices, faces, groups and the names of materials, read by the crate `tobj`.
//!
//! `tobj` 4.0.5 names no line, knows materials only through their MTL files, does not join lines that end in `\`, and overflows
//! on hostile indices of normals. So each file is first checked and reduced to what a radio surface needs (the private
//! module `filter`), which is also where messages get their lines; `tobj` reads what is left.

mod error;
mod filter;

use std::path::Path;

use emberwave_geometry::TriangleMesh;
use glam::Vec3;
use tobj::{LoadOptions, Material, Mesh};

pub use error::{ObjError, ObjFault};

use crate::mesh_file::{self, MeshFileError};
use filter::{Filtered, Label};

/// A part of an OBJ file: the faces of one group that have one material.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjPart {
    /// Name after `o` or `g`, empty if there is none.
    pub name: String,
    /// Name after `usemtl`, if there is one.
    pub material: Option<String>,
    /// Line of the `usemtl`, or of the group where there is none; counted from 1, 0 before the first of both.
    pub line: usize,
    /// Its faces and the vertices they use.
    pub mesh: TriangleMesh,
}

/// Reads the mesh of an OBJ file.
///
/// All groups and objects become one mesh, polygons become fans of triangles; normals, texture coordinates, materials
/// and lines are passed over. Vertices are in the order in which faces first name them.
///
/// # Errors
///
/// If the file cannot be read or is not a good OBJ file.
pub fn read_obj(path: impl AsRef<Path>) -> Result<TriangleMesh, MeshFileError> {
    Ok(parse_obj(&mesh_file::read_bytes(path.as_ref())?)?)
}

/// The mesh in the bytes of an OBJ file; see [`read_obj`].
///
/// ```
/// # fn main() -> Result<(), emberwave_formats::obj::ObjError> {
/// let mesh = emberwave_formats::obj::parse_obj(b"v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1/1 2/2 3/3 -1")?;
/// assert_eq!(mesh.triangles, [[0, 1, 2], [0, 2, 3]]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If a vertex or a face is malformed.
pub fn parse_obj(bytes: &[u8]) -> Result<TriangleMesh, ObjError> {
    let parts = parts_of(&Filtered::new(bytes, false)?)?;
    Ok(parts.into_iter().next().map(|part| part.mesh).unwrap_or_default())
}

/// The groups of an OBJ file, split by material, in the order of the file; parts without faces are left out.
///
/// ```
/// # use emberwave_formats::obj::{ObjError, parse_obj_parts};
/// # fn main() -> Result<(), ObjError> {
/// let parts = parse_obj_parts(b"v 0 0 0\nv 1 0 0\nv 1 1 0\no wall\nusemtl itu_brick\nf 1 2 3\nusemtl itu_glass\nf 3 2 1")?;
/// assert_eq!((parts[0].name.as_str(), parts[0].material.as_deref()), ("wall", Some("itu_brick")));
/// assert_eq!((parts[1].name.as_str(), parts[1].line), ("wall", 7));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If a vertex, a face or a `usemtl` is malformed.
pub fn parse_obj_parts(bytes: &[u8]) -> Result<Vec<ObjPart>, ObjError> {
    parts_of(&Filtered::new(bytes, true)?)
}

fn parts_of(filtered: &Filtered) -> Result<Vec<ObjPart>, ObjError> {
    let refused = |error| ObjError { line: filtered.last_line, fault: ObjFault::Refused(error) };
    let options = LoadOptions { triangulate: true, ..LoadOptions::default() };
    let named = |index: usize| Material { name: index.to_string(), ..Material::default() };
    let catalogue = |_: &Path| {
        let count = filtered.materials.len();
        Ok(((0..count).map(named).collect(), (0..count).map(|index| (index.to_string(), index)).collect()))
    };
    let (models, _) =
        tobj::load_obj_buf(&mut filtered.text.as_bytes(), &options, catalogue).map_err(refused)?;
    let part = |model: tobj::Model| {
        let group = model.name.parse().ok().and_then(|index: usize| filtered.groups.get(index));
        let material = model.mesh.material_id.and_then(|index| filtered.materials.get(index));
        ObjPart {
            name: group.map(|group| group.name.clone()).unwrap_or_default(),
            material: material.map(|material| material.name.clone()),
            line: material.or(group).map_or(0, |label: &Label| label.line),
            mesh: triangles_of(&model.mesh),
        }
    };
    Ok(models.into_iter().map(part).filter(|part| !part.mesh.triangles.is_empty()).collect())
}

fn triangles_of(mesh: &Mesh) -> TriangleMesh {
    TriangleMesh {
        vertices: mesh.positions.as_chunks().0.iter().copied().map(Vec3::from_array).collect(),
        triangles: mesh.indices.as_chunks().0.to_vec(),
    }
}
