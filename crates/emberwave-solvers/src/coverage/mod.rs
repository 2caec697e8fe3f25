//! Coverages that are kept, to be evaluated again for other materials, antennas, powers and frequencies.

mod error;
mod file;
mod rows;

use std::collections::HashSet;
use std::sync::Arc;

use emberwave_kernels::{Events, TraceConfig, TraceInputs};

pub use error::CoverageError;

use crate::error::SolveError;

/// Which pieces of which cells every transmitter reaches, and along which sequence of planes: geometry without fields.
///
/// Made by [`RadioMapSolver::trace_coverage`](crate::RadioMapSolver::trace_coverage), evaluated by
/// [`RadioMapSolver::evaluate`](crate::RadioMapSolver::evaluate). It belongs to the vertices, the positions of the
/// transmitters, the measurement surface, and the events and their largest number. A copy shares the lists.
///
/// Materials at the time of tracing guide where tubes are divided, and sequences that add little are followed with a
/// probability and weigh more. So it stays right for any other materials, and gets coarse only for paths that were faint
/// when it was traced.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    pub(crate) lists: Arc<emberwave_kernels::Coverage>,
    pub(crate) events: Events,
    pub(crate) max_depth: u32,
}

impl Coverage {
    /// Number of transmitters.
    #[must_use]
    pub fn num_transmitters(&self) -> usize {
        self.lists.num_transmitters()
    }

    /// Number of pieces of cells, over all transmitters: what an evaluation takes time for.
    #[must_use]
    pub fn num_fragments(&self) -> usize {
        self.lists.num_fragments()
    }

    /// Number of sequences of planes, over all transmitters.
    #[must_use]
    pub fn num_sequences(&self) -> usize {
        self.lists.num_sequences()
    }

    /// Number of interactions on the ways to all pieces.
    #[must_use]
    pub fn num_interactions(&self) -> u64 {
        self.lists.num_interactions()
    }

    /// What of it lies in some cells, given by their numbers y·num_cells_x + x; maps of it hold 0 elsewhere.
    ///
    /// Evaluating it takes time for these cells alone, so a loss over a hundredth of a map costs about a hundredth.
    #[must_use]
    pub fn at_cells(&self, cells: impl IntoIterator<Item = usize>) -> Self {
        let cells: HashSet<usize> = cells.into_iter().collect();
        Self { lists: Arc::new(self.lists.at_cells(|cell| cells.contains(&cell))), ..*self }
    }

    /// Refuses a scene or options that it was not traced for.
    pub(crate) fn check(&self, inputs: &TraceInputs, config: &TraceConfig) -> Result<(), SolveError> {
        let of_options = || {
            let same = (self.events, self.max_depth) == (config.events, config.max_depth);
            (!same).then(|| "it was traced for other events or another max_depth".to_owned())
        };
        match of_options().or_else(|| self.lists.misfit(inputs, config)) {
            Some(what) => Err(SolveError::Coverage { what }),
            None => Ok(()),
        }
    }
}
