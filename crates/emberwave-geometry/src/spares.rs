//! Buffers that threads borrow.

use std::sync::{Mutex, PoisonError};

/// Buffers that are lent: as many as there are threads, and not one per task, stay in the caches.
#[derive(Debug, Default)]
pub struct Spares<T>(Mutex<Vec<T>>);

impl<T: Default> Spares<T> {
    /// Lets a function work with buffers that nobody else has now.
    pub fn lend<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let spare = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut buffers = spare.unwrap_or_default();
        let result = work(&mut buffers);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
        result
    }

    /// The same, or with buffers that are not kept.
    pub fn lend_if<R>(&self, is_kept: bool, work: impl FnOnce(&mut T) -> R) -> R {
        if is_kept { self.lend(work) } else { work(&mut T::default()) }
    }
}
