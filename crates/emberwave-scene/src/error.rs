//! What can be wrong with a scene.

use std::path::PathBuf;

use emberwave_physics::PhysicsError;
use thiserror::Error;

/// A scene that cannot be loaded or solved. Every message is one line.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SceneError {
    /// A scene file is wrong.
    #[error(transparent)]
    Format(#[from] emberwave_formats::SceneError),
    /// A material has no value at the scene's frequency.
    #[error("material `{material}`: {source}")]
    Material {
        /// Name of the material.
        material: String,
        /// What is wrong.
        source: PhysicsError,
    },
    /// A number is outside its range.
    #[error("{subject}: {field} must be {expected}, but is {value}")]
    OutOfRange {
        /// What the number belongs to.
        subject: String,
        /// Name of the number.
        field: &'static str,
        /// The range it must lie in.
        expected: &'static str,
        /// The number.
        value: String,
    },
    /// A name that nothing in the scene has.
    #[error("the scene has no {kind} `{name}` (it has: {known})")]
    Unknown {
        /// Kind of thing.
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// All names there are.
        known: String,
    },
    /// Two things of one kind have the same name.
    #[error("two {kind}s are called `{name}`")]
    Duplicate {
        /// Kind of thing.
        kind: &'static str,
        /// Their name.
        name: String,
    },
    /// A file of parameters that cannot be written, read or used.
    #[error("parameters in {path}: {reason}")]
    Parameters {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// Farthest from the origin that anything may be \[m\]; beyond, single precision cannot tell a metre.
pub(crate) const MAX_COORDINATE: f64 = 1e7;

/// Returns the error unless `valid`.
pub(crate) fn require(
    valid: bool,
    subject: impl FnOnce() -> String,
    field: &'static str,
    expected: &'static str,
    value: impl std::fmt::Debug,
) -> Result<(), SceneError> {
    if valid {
        return Ok(());
    }
    Err(SceneError::OutOfRange { subject: subject(), field, expected, value: format!("{value:?}") })
}
