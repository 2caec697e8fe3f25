//! The tracing operations of emberwave as Burn backend extensions.
//!
//! The only crate that names a backend. [`trace_map`] takes plain tensors and returns one; which implementation runs
//! is decided by the tensors' device. [`ops::TraceOps`] is the contract, [`backends`](self) hold one implementation
//! each, and [`cpu`](self) is the fused kernel of the processor: the whole path of a ray in one pass, with memory
//! that does not grow with the number of rays.
//!
//! [`trace_coverage`] finds by ray tubes which pieces of which cells are reached along which sequence of planes, and
//! [`coverage_map`] evaluates the field on them, as often as materials or antennas change.

mod backends;
mod config;
mod coverage;
mod cpu;
mod functions;
mod gradients;
mod inputs;
mod monitor;
mod ops;
mod topology;

pub use config::{Antenna, Channels, Events, Motion, Pattern, PlaneGrid, RussianRoulette, TraceConfig};
pub use coverage::{
    Coverage, CoverageParts, CoverageWalls, FACE, TransmitterParts, trace_borders, trace_coverage, trace_rays,
};
pub use cpu::KeptSlopes;
pub use emberwave_geometry::tubes::{Negligible, PowerAccount, TubeOptions};
pub use functions::{CHOICE_COLUMNS, RayRange, coverage_map, trace_choices, trace_map};
pub use gradients::Wanted;
pub use inputs::{MATERIAL_COLUMNS, SOURCE_COLUMNS, TraceInputs};
pub use monitor::{Monitor, Progress};
pub use ops::{Evaluated, TraceOps, TraceTensors};
pub use topology::Topology;
