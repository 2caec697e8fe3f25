//! One implementation of the operations per backend.

mod autodiff;
mod flex;
