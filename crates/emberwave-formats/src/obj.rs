//! OBJ files, as far as a surface needs them: `v` and `f` lines.
//!
//! An own reader rather than the crate `tobj`: radio needs two of the format's thirty statements, and a message should name the line.

use std::path::Path;

use emberwave_geometry::TriangleMesh;
use glam::Vec3;
use thiserror::Error;

use crate::mesh_file::{self, MeshFileError};

/// Why bytes are not a good OBJ file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct ObjError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: ObjFault,
}

/// What can be wrong with a line of an OBJ file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ObjFault {
    /// A vertex without three finite coordinates.
    #[error("a vertex needs three finite numbers")]
    Vertex,
    /// A face with fewer than three corners.
    #[error("a face needs at least three corners")]
    FewCorners,
    /// A corner that is not a vertex number, or that names a vertex which does not come before it.
    #[error("a corner must name a vertex that comes before it")]
    Corner,
}

/// Reads the mesh of an OBJ file.
///
/// All groups and objects become one mesh, polygons become fans of triangles; normals, texture coordinates, materials
/// and lines are passed over.
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
    let mut mesh = TriangleMesh::default();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        // Names of materials and comments may be in any encoding; numbers are ascii.
        let line = String::from_utf8_lossy(line);
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_ascii_whitespace();
        let outcome = match words.next() {
            Some("v") => vertex(words).map(|vertex| mesh.vertices.push(vertex)),
            Some("f") => add_face(&mut mesh, words),
            _ => Ok(()),
        };
        outcome.map_err(|fault| ObjError { line: index + 1, fault })?;
    }
    Ok(mesh)
}

/// A position; weights and colours may follow it.
fn vertex<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Vec3, ObjFault> {
    let mut coordinate = || words.next().and_then(|word| word.parse().ok()).ok_or(ObjFault::Vertex);
    let position = Vec3::new(coordinate()?, coordinate()?, coordinate()?);
    if position.is_finite() { Ok(position) } else { Err(ObjFault::Vertex) }
}

fn add_face<'a>(mesh: &mut TriangleMesh, words: impl Iterator<Item = &'a str>) -> Result<(), ObjFault> {
    let count = mesh.vertices.len();
    let corners: Vec<u32> = words.map(|word| corner(word, count)).collect::<Result<_, _>>()?;
    let [first, rest @ ..] = &corners[..] else { return Err(ObjFault::FewCorners) };
    if rest.len() < 2 {
        return Err(ObjFault::FewCorners);
    }
    mesh.triangles.extend(rest.windows(2).map(|pair| [*first, pair[0], pair[1]]));
    Ok(())
}

/// The vertex of a corner such as `7`, `7/1/3` or `-1`, which is the last vertex so far.
fn corner(word: &str, count: usize) -> Result<u32, ObjFault> {
    let number: i64 = word.split('/').next().and_then(|word| word.parse().ok()).ok_or(ObjFault::Corner)?;
    let index = if number < 0 { number.checked_add_unsigned(count as u64) } else { number.checked_sub(1) };
    index
        .and_then(|index| u32::try_from(index).ok())
        .filter(|index| (*index as usize) < count)
        .ok_or(ObjFault::Corner)
}
