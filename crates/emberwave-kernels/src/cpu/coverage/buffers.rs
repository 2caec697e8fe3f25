//! Memory that coverages are evaluated in, kept from map to map.

use std::fmt;
use std::sync::Arc;

use emberwave_geometry::Spares;

use super::super::accumulate::MapSum;
use super::super::rounds::Rounds;
use super::slopes::Buffers;
use super::slots::ForwardSlot;

/// Larger maps \[cells\] leave no memory behind.
const MOST_CELLS: usize = 4_000_000;

/// What the evaluation of a map is done in.
pub(super) struct MapBuffers {
    pub sum: MapSum,
    pub rounds: Rounds<'static, ForwardSlot>,
    pub of_threads: Spares<Buffers>,
}

impl Default for MapBuffers {
    fn default() -> Self {
        Self { sum: MapSum::default(), rounds: Rounds::unwatched(), of_threads: Spares::default() }
    }
}

/// Buffers that evaluations of coverages of a scene share, so that the next one does not have to ask the operating system for
/// memory again.
#[derive(Clone, Default)]
pub(crate) struct SharedBuffers(Arc<Spares<MapBuffers>>);

impl SharedBuffers {
    /// Lets a function work with buffers for maps of so many cells.
    pub(super) fn lend<R>(&self, num_cells: usize, work: impl FnOnce(&mut MapBuffers) -> R) -> R {
        self.0.lend_if(num_cells <= MOST_CELLS, work)
    }
}

impl fmt::Debug for SharedBuffers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedBuffers")
    }
}

/// What is in them does not matter.
impl PartialEq for SharedBuffers {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
