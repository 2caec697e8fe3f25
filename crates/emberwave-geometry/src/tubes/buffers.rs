//! Memory that is kept from trace to trace.

use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, PoisonError};

use super::chain::FollowBuffers;
use super::coverage::Fragment;
use super::domain::Domain;
use super::raster::Rasterizer;
use super::rays::Rays;
use crate::Spares;

/// Traces with more pieces than this leave no memory behind.
const MOST_PIECES: usize = 400_000;

/// Longer lists of fragments are not kept.
const MOST_FRAGMENTS: usize = 4_000_000;

/// What more cells than this have is not kept.
const MOST_CELLS: usize = 4_000_000;

/// Lists that tubes grow in, kept so that the next trace does not have to ask the operating system for them again.
#[derive(Debug, Default)]
pub struct TubeBuffers {
    domains: Mutex<Vec<Vec<Domain>>>,
    pub(super) rasterizers: Spares<Rasterizer>,
    pub(super) rays: Spares<Box<Rays>>,
    pub(super) followers: Spares<FollowBuffers>,
    fragments: Mutex<Vec<Vec<Fragment>>>,
    gains: Spares<Vec<AtomicU32>>,
}

impl TubeBuffers {
    /// Lends memory for what so many cells have.
    pub(super) fn lend_gains<R>(&self, num_cells: usize, work: impl FnOnce(&mut Vec<AtomicU32>) -> R) -> R {
        self.gains.lend_if(num_cells <= MOST_CELLS, work)
    }

    /// Keeps the fragments of a coverage that is needed no more, for the next.
    pub fn keep_fragments(&self, fragments: Vec<Fragment>) {
        let mut kept = self.fragments.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_empty() && fragments.capacity() <= MOST_FRAGMENTS {
            kept.push(fragments);
        }
    }

    /// An empty list with room for so many fragments.
    pub(super) fn take_fragments(&self, count: usize) -> Vec<Fragment> {
        let kept = self.fragments.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut fragments = kept.unwrap_or_default();
        fragments.clear();
        fragments.reserve(count);
        fragments
    }

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
}
