//! Reading the file of a mesh.

use std::{fs, io, path::Path};

use thiserror::Error;

use crate::{
    gzip::{self, GzipError},
    obj::ObjError,
    ply::PlyError,
};

/// Why the file of a mesh could not be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MeshFileError {
    /// The system refused it.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is a folder, a pipe or a device.
    #[error("is not a regular file")]
    NotAFile,
    /// It is compressed and cannot be decompressed.
    #[error(transparent)]
    Gzip(#[from] GzipError),
    /// It is not a good PLY file.
    #[error(transparent)]
    Ply(#[from] PlyError),
    /// It is not a good OBJ file.
    #[error(transparent)]
    Obj(#[from] ObjError),
}

/// The bytes of a regular file, decompressed where it is gzip.
///
/// Pipes and devices are refused first, because reading them may never end.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, MeshFileError> {
    if !fs::metadata(path)?.is_file() {
        return Err(MeshFileError::NotAFile);
    }
    Ok(gzip::decompressed(fs::read(path)?)?)
}
