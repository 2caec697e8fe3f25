//! Memory that is kept from trace to trace.

use std::sync::{Mutex, PoisonError};

use super::domain::Domain;
use super::merge::Merger;

/// Traces with more pieces than this leave no memory behind.
const MOST_PIECES: usize = 400_000;

/// Lists that tubes grow in, kept so that the next trace does not have to ask the operating system for them again.
#[derive(Debug, Default)]
pub struct TubeBuffers {
    domains: Mutex<Vec<Vec<Domain>>>,
    mergers: Mutex<Vec<Merger>>,
}

impl TubeBuffers {
    /// So many domains, empty.
    pub(super) fn take_domains(&self, count: usize) -> Vec<Domain> {
        let kept = self.domains.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut domains = kept.unwrap_or_default();
        domains.resize_with(count, Domain::default);
        domains
    }

    /// Keeps domains that are needed no more.
    pub(super) fn keep_domains(&self, domains: Vec<Domain>) {
        let pieces: usize = domains.iter().map(|domain| domain.effort.pieces).sum();
        if pieces <= MOST_PIECES {
            self.domains.lock().unwrap_or_else(PoisonError::into_inner).push(domains);
        }
    }

    /// Lets a function work with a merger that nobody else has now.
    pub(super) fn lend_merger(&self, num_cells: usize, work: impl FnOnce(&mut Merger)) {
        let kept = self.mergers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut merger = kept.unwrap_or_default();
        merger.fit(num_cells);
        work(&mut merger);
        self.mergers.lock().unwrap_or_else(PoisonError::into_inner).push(merger);
    }
}
