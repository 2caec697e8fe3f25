//! One error for everything a program does with emberwave.

use emberwave_scene::SceneError;
use emberwave_solvers::{CoverageError, MeasurementError, SolveError};
use emberwave_viz::{ExportError, ImportError};
use thiserror::Error;

/// Anything that can go wrong between a scene file and a saved map. Every message is one line.
///
/// The errors are boxed, so that a [`Result`] stays as small as its value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The scene.
    #[error(transparent)]
    Scene(Box<SceneError>),
    /// The solve.
    #[error(transparent)]
    Solve(Box<SolveError>),
    /// Saving a result.
    #[error(transparent)]
    Export(Box<ExportError>),
    /// Reading a result.
    #[error(transparent)]
    Import(Box<ImportError>),
    /// Reading measurements.
    #[error(transparent)]
    Measurement(Box<MeasurementError>),
    /// Saving or loading a coverage.
    #[error(transparent)]
    Coverage(Box<CoverageError>),
}

impl From<SceneError> for Error {
    fn from(error: SceneError) -> Self {
        Self::Scene(Box::new(error))
    }
}

impl From<SolveError> for Error {
    fn from(error: SolveError) -> Self {
        Self::Solve(Box::new(error))
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        Self::Export(Box::new(error))
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        Self::Import(Box::new(error))
    }
}

impl From<MeasurementError> for Error {
    fn from(error: MeasurementError) -> Self {
        Self::Measurement(Box::new(error))
    }
}

impl From<CoverageError> for Error {
    fn from(error: CoverageError) -> Self {
        Self::Coverage(Box::new(error))
    }
}

/// A result with emberwave's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;
