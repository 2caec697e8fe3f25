//! The tensor physics against the leaf functions of `emberwave-physics`, their adjoints and dual numbers, and the
//! numbers of Sionna RT 2.2.0 in `shared/reference` (skipped where they are not there).

mod antennas;
mod interactions;
mod numbers;
mod orientations;
mod pattern_tables;
mod reference;
mod slabs;
mod support;
