//! Why a scene could not be read.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::{
    ITU_CLASSES,
    location::{Location, OneLine},
    mesh_file::MeshFileError,
};

/// Why a scene could not be read: one line that names the file, the line in it and the id.
///
/// ```
/// # use emberwave_formats::{Location, SceneError};
/// let error = SceneError::UnknownMaterial {
///     location: Location { file: std::path::Path::new("street.xml").into(), line: 14 },
///     shape: "wall-3".into(),
///     material: "granite".into(),
///     defined: vec!["brick".into(), "glass".into()],
/// };
/// assert_eq!(
///     error.to_string(),
///     "street.xml:14: shape `wall-3` refers to material `granite`, which is not defined (defined: brick, glass)",
/// );
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SceneError {
    /// The scene file itself cannot be read.
    #[error("{}: cannot be read: {source}", OneLine(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is not well-formed XML, not a scene, or beyond the limits of the reader.
    #[error("{location}: {message}")]
    Syntax {
        /// Where.
        location: Location,
        /// What is wrong.
        message: String,
    },
    /// An attribute or a property that is needed is not there.
    #[error("{location}: {owner} has no {missing}")]
    Missing {
        /// Where its owner is.
        location: Location,
        /// What it is missing from, as in "shape `wall-3`".
        owner: String,
        /// What is missing, as in "attribute `id`".
        missing: String,
    },
    /// A value is malformed or out of its range.
    #[error("{location}: {owner}: `{name}` is `{value}`, expected {expected}")]
    Value {
        /// Where the value stands.
        location: Location,
        /// What it belongs to, as in "material `glass`".
        owner: String,
        /// The name of the value.
        name: String,
        /// What was written.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A property is given twice.
    #[error("{location}: {owner}: `{name}` was already given in line {first}")]
    Repeated {
        /// Where the second one is.
        location: Location,
        /// What it belongs to.
        owner: String,
        /// The name of the property.
        name: String,
        /// Line of the first one.
        first: usize,
    },
    /// Two things carry the same id, or ids that give the same name.
    #[error("{location}: id `{id}` is already used by {by} in line {first}")]
    DuplicateId {
        /// Where the second one is.
        location: Location,
        /// The id.
        id: String,
        /// What has it, as in "shape `mesh-wall`".
        by: String,
        /// Line of the first one.
        first: usize,
    },
    /// A shape names a material that no `bsdf` defines.
    #[error(
        "{location}: shape `{shape}` refers to material `{material}`, which is not defined ({})",
        defined_list(defined)
    )]
    UnknownMaterial {
        /// Where the reference is.
        location: Location,
        /// Id of the shape.
        shape: String,
        /// The id it refers to.
        material: String,
        /// The ids that are defined.
        defined: Vec<String>,
    },
    /// A shape has no material.
    #[error("{location}: shape `{shape}` has no material: add `<ref id=\"...\"/>` or a `bsdf`")]
    NoMaterial {
        /// Where the shape is.
        location: Location,
        /// Its id.
        shape: String,
    },
    /// A shape uses a material that says nothing about radio.
    #[error(
        "{location}: material `{material}` is a `{kind}`, used by shape `{shape}`, and says nothing about radio: {advice}"
    )]
    NotARadioMaterial {
        /// Where the material is defined.
        location: Location,
        /// Its id.
        material: String,
        /// The type of its `bsdf`.
        kind: String,
        /// The first shape that uses it.
        shape: String,
        /// How to name it.
        advice: String,
    },
    /// A group of an OBJ file has a material that says nothing about radio.
    #[error("{location}: material `{material}` says nothing about radio: {advice}")]
    NotAnItuMaterial {
        /// Where it is used first.
        location: Location,
        /// Its name.
        material: String,
        /// How to name it.
        advice: String,
    },
    /// A material names a class that ITU-R P.2040 does not have.
    #[error("{location}: material `{material}`: `{class}` is not an ITU class (known: {})", ITU_CLASSES.join(", "))]
    UnknownClass {
        /// Where the material is.
        location: Location,
        /// Its id.
        material: String,
        /// The class it names.
        class: String,
    },
    /// Something that emberwave does not read yet.
    #[error("{location}: {owner}: {what} is not supported yet (supported: {supported})")]
    Unsupported {
        /// Where it is.
        location: Location,
        /// What has it, as in "shape `wall-3`".
        owner: String,
        /// What it is, as in "type `hair`".
        what: String,
        /// What could be used in its place.
        supported: String,
    },
    /// A mesh that is a scene by itself cannot be read or is wrong.
    #[error("{}: {source}", OneLine(path))]
    MeshScene {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<MeshFileError>,
    },
    /// The file of a mesh cannot be read or is wrong.
    #[error("{location}: shape `{shape}`: {}: {source}", OneLine(path))]
    Mesh {
        /// Where the shape is.
        location: Location,
        /// Its id.
        shape: String,
        /// The file of the mesh.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<MeshFileError>,
    },
}

/// "defined: a, b" with a bound on its length: a scene may define thousands of materials.
fn defined_list(defined: &[String]) -> String {
    const SHOWN: usize = 20;
    match defined.len() {
        0 => "none is".to_owned(),
        count if count > SHOWN => {
            format!("defined: {}, and {} more", defined[..SHOWN].join(", "), count - SHOWN)
        }
        _ => format!("defined: {}", defined.join(", ")),
    }
}
