//! What can be wrong with an OBJ file.

use thiserror::Error;

/// Why bytes are not a good OBJ file.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("line {line}: {fault}")]
pub struct ObjError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: ObjFault,
}

/// What can be wrong with a line of an OBJ file.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
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
    /// `usemtl` without a name.
    #[error("`usemtl` needs the name of a material")]
    NoMaterialName,
    /// The crate `tobj` refuses what passed the checks above.
    #[error("the file is refused: {0}")]
    Refused(tobj::LoadError),
}
