//! Why a solve was refused or ended early.

use emberwave_scene::SceneError;
use thiserror::Error;

/// A solve that gave no result. Every message is one line.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SolveError {
    /// The scene cannot be solved.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// Nothing sends.
    #[error("the scene has no transmitter")]
    NoTransmitter,
    /// An option is outside its range.
    #[error("solver: {option} must be {expected}, but is {value}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// The range it must lie in.
        expected: &'static str,
        /// Its value.
        value: String,
    },
    /// The map would not fit.
    #[error(
        "a map of {cells} cells for {transmitters} transmitters needs about {needed_mib} MiB, but {available_mib} MiB are available"
    )]
    Memory {
        /// Number of cells.
        cells: usize,
        /// Number of transmitters.
        transmitters: usize,
        /// What it takes.
        needed_mib: u64,
        /// What there is.
        available_mib: u64,
    },
    /// The tensors of the wavefront form would not fit.
    #[error(
        "the wavefront form of {rays} rays for {transmitters} transmitters needs about {needed_mib} MiB, but {available_mib} MiB are available: take fewer rays or the fused form"
    )]
    WavefrontMemory {
        /// Rays per transmitter.
        rays: u64,
        /// Number of transmitters.
        transmitters: usize,
        /// What it takes.
        needed_mib: u64,
        /// What there is.
        available_mib: u64,
    },
    /// The tensors of a coverage's wavefront form would not fit.
    #[error(
        "the wavefront form of {fragments} fragments needs about {needed_mib} MiB, but {available_mib} MiB are available: take larger cells, a larger target error or the fused form"
    )]
    CoverageMemory {
        /// Fragments of all transmitters.
        fragments: usize,
        /// What it takes.
        needed_mib: u64,
        /// What there is.
        available_mib: u64,
    },
    /// A coverage that was traced for something else.
    #[error("the coverage does not fit: {what}")]
    Coverage {
        /// What differs.
        what: String,
    },
    /// Parts that do not make up a map.
    #[error("radio map: {part} must be {expected}, but is {value}")]
    Parts {
        /// Name of the part.
        part: &'static str,
        /// What it has to be.
        expected: String,
        /// What it is.
        value: String,
    },
    /// The monitor's callback ended the solve.
    #[error("the solve was cancelled")]
    Cancelled,
}
