//! `<shape type="ply">`: a mesh in a PLY file.

use super::MeshSource;
use crate::{SceneError, SceneWarning, ply::read_ply, read::Properties};

pub(super) fn read(
    properties: &mut Properties<'_>,
    _warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    super::from_file(properties, |path| read_ply(path))
}
