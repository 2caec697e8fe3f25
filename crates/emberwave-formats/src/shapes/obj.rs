//! `<shape type="obj">`: a mesh in an OBJ file.

use super::MeshSource;
use crate::{SceneError, SceneWarning, obj::read_obj, read::Properties};

pub(super) fn read(
    properties: &mut Properties<'_>,
    _warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    super::from_file(properties, |path| read_obj(path))
}
