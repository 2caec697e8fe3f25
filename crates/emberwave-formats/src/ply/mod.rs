//! PLY files: ascii, and binary of either byte order.
//!
//! An own reader rather than the crate `serde-ply`, for four reasons seen in the source of 0.2.2: it refuses an ascii
//! file whose last line has no line break, it walks 2⁶⁴ rows of an element that declares no properties, it allocates
//! one list per face, and it refuses comments that are not UTF-8, which old exporters write. Here every count in a header is
//! compared with the bytes that are left before anything is allocated, so that the work is linear in the length of
//! the file whatever the file says.

mod ascii;
mod binary;
mod body;
mod error;
mod header;
mod scalar;

use std::path::Path;

use emberwave_geometry::TriangleMesh;

pub use error::PlyError;

use crate::mesh_file::{self, MeshFileError};
use header::{Encoding, Header};

/// Reads the mesh of a PLY file.
///
/// Polygons become fans of triangles. Only positions and faces are kept: normals, texture coordinates, colours and
/// elements other than `vertex` and `face` are passed over. Vertices that coincide are not merged.
///
/// # Errors
///
/// If the file cannot be read or is not a good PLY file.
pub fn read_ply(path: impl AsRef<Path>) -> Result<TriangleMesh, MeshFileError> {
    Ok(parse_ply(&mesh_file::read_bytes(path.as_ref())?)?)
}

/// The mesh in the bytes of a PLY file; see [`read_ply`].
///
/// ```
/// # use emberwave_formats::ply::{PlyError, parse_ply};
/// # fn main() -> Result<(), PlyError> {
/// let square = b"ply
/// format ascii 1.0
/// element vertex 4
/// property float x
/// property float y
/// property float z
/// element face 1
/// property list uchar int vertex_indices
/// end_header
/// 0 0 0
/// 1 0 0
/// 1 1 0
/// 0 1 0
/// 4 0 1 2 3";
/// let mesh = parse_ply(square)?;
/// assert_eq!(mesh.triangles, [[0, 1, 2], [0, 2, 3]]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If the bytes are not a good PLY file: see the variants of [`PlyError`].
pub fn parse_ply(bytes: &[u8]) -> Result<TriangleMesh, PlyError> {
    let header = Header::parse(bytes)?;
    let body = &bytes[header.length..];
    match header.encoding {
        Encoding::Ascii => body::read_mesh(&header, &mut ascii::AsciiSource::new(body)),
        Encoding::LittleEndian => body::read_mesh(&header, &mut binary::BinarySource::<false>::new(body)),
        Encoding::BigEndian => body::read_mesh(&header, &mut binary::BinarySource::<true>::new(body)),
    }
}
