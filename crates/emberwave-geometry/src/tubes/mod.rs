//! Adaptive ray tubes: which part of which cell is reached along which sequence of planes.
//!
//! A transmitter's directions are divided into tubes whose corners are traced. Where all corners of a tube meet the same
//! plane the whole tube is taken to, and its footprint on a measurement plane is an exact polygon (`footprint`); where
//! they do not, the tube is cut along the great circles that mesh edges are when seen from the (image) source, or divided
//! (`resolve`, `crossing`, `split`). Interaction by interaction all tubes are carried on together (`domain`, `layer`,
//! `next`); they branch into reflected and transmitted ones. What they leave is a list of covered parts of cells
//! ([`Coverage`]): geometry only, from which fields are computed for any materials, antennas and frequencies.
//!
//! What it may miss: things so small that they hide between the corners of a tube.

mod account;
mod afterwards;
mod borders;
mod buffers;
mod candidate;
mod chain;
mod coverage;
mod crossing;
mod deposit;
mod domain;
mod draw;
mod estimate;
mod fan;
mod footprint;
mod gather;
mod groups;
mod hiding;
mod importance;
mod insert;
mod joints;
mod judge;
mod layer;
mod next;
mod options;
mod pieces;
mod plan;
mod planes;
mod polygon;
mod power;
mod raster;
mod rays;
mod resolve;
mod sequence;
mod split;
mod surface;
mod surprises;
mod tag;
mod tube;
mod world;

pub use account::PowerAccount;
pub use buffers::TubeBuffers;
pub use coverage::{Coverage, Effort, Emitter, Fragment};
pub use options::{Negligible, TubeOptions};
pub use planes::{OutlineEdge, Plane, PlaneSet};
pub use power::PowerTable;
pub(crate) use sequence::mirror;
pub use sequence::{Interaction, Letter, MISS, Sequence, leading_to};
pub use surface::Surface;
pub use world::World;

#[cfg(test)]
mod border_tests;
#[cfg(test)]
mod facet_tests;
#[cfg(test)]
mod tests;
