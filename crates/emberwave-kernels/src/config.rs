//! What a trace does, apart from the numbers it may be differentiated in.

use std::sync::Arc;

use emberwave_geometry::tubes::TubeOptions;
use emberwave_physics::{AntennaPattern, PolarizationModel};

use crate::monitor::Monitor;

/// Which parts of the field a map holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Events {
    /// Line of sight: deposits before the first interaction.
    pub los: bool,
    /// Specular reflection.
    pub specular_reflection: bool,
    /// Transmission straight through a slab.
    pub refraction: bool,
}

/// Random termination of weak rays, which keeps every mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RussianRoulette {
    /// First interaction after which a ray may end.
    pub depth: u32,
    /// Largest probability of going on, in (0, 1].
    pub probability: f32,
}

/// What an element radiates without slant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A named pattern.
    Named(AntennaPattern),
    /// A table, by its index in [`TraceInputs::pattern_tables`](crate::TraceInputs::pattern_tables).
    Table(usize),
}

impl From<AntennaPattern> for Pattern {
    fn from(pattern: AntennaPattern) -> Self {
        Self::Named(pattern)
    }
}

/// An antenna: one pattern, one slant per port.
#[derive(Clone, Debug, PartialEq)]
pub struct Antenna {
    /// Field over directions.
    pub pattern: Pattern,
    /// How a slant turns the field.
    pub model: PolarizationModel,
    /// Slant of each port \[rad\]; 0 is vertical.
    pub slants: Vec<f32>,
}

/// A rectangular grid of cells; where it lies is a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneGrid {
    /// Cells along the local x axis.
    pub num_cells_x: u32,
    /// Cells along the local y axis.
    pub num_cells_y: u32,
}

impl PlaneGrid {
    /// Number of cells.
    #[must_use]
    pub fn num_cells(&self) -> usize {
        self.num_cells_x as usize * self.num_cells_y as usize
    }
}

/// Which statistics a map holds beside the power; each takes its channels after channel 0, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// Mean delay \[s\] and its variance \[s²\]: two channels.
    pub delay: bool,
    /// Mean direction of arrival (towards where the wave comes from) and the mean squared distance of the directions
    /// from it: three channels and one.
    pub arrival: bool,
    /// The same for the direction of departure from the transmitter.
    pub departure: bool,
}

impl Channels {
    /// Number of channels, the power included.
    #[must_use]
    pub fn count(self) -> usize {
        1 + 2 * usize::from(self.delay) + 4 * usize::from(self.arrival) + 4 * usize::from(self.departure)
    }

    /// Whether anything but power is asked for.
    #[must_use]
    pub fn any(self) -> bool {
        self.count() > 1
    }
}

/// How derivatives by positions of transmitters, vertices and the measurement surface are found.
///
/// The part of the fields is that of fixed points of the surface: what reaches them, and how it changes. To it comes the
/// motion of the borders of what is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// Whether borders count: without them the derivative is that of the fields alone.
    pub borders: bool,
    /// Tubes that find borders on the way back, and for maps of tubes also what is reached. With none, maps of rays search
    /// borders by lines of rays, and those of tubes take the tubes of the usual target error.
    pub tubes: Option<TubeOptions>,
    /// Seed of the rays on the way back; that of the way forward where there is none. With the same seed the derivative
    /// of a loss that is not linear in the map is biased, as errors of both ways go together.
    pub seed: Option<u64>,
}

impl Default for Motion {
    /// Borders by lines of rays, the same seed.
    fn default() -> Self {
        Self { borders: true, tubes: None, seed: None }
    }
}

/// Options of [`trace_map`](crate::trace_map).
#[derive(Clone, Debug)]
pub struct TraceConfig {
    /// Enabled kinds of path.
    pub events: Events,
    /// Largest number of interactions; 0 is line of sight alone.
    pub max_depth: u32,
    /// Random termination, if wanted.
    pub roulette: Option<RussianRoulette>,
    /// Rays end after an interaction when ‖Ẽ‖² (λ/4πr)² \[linear\] falls to this or below, with r the added length of the
    /// segments up to where they crossed the measurement surface (Sionna RT 2.2.0's rule: segments that end on a surface
    /// of the scene do not count). Biases the map low.
    pub stop_threshold: Option<f32>,
    /// Rays launched per transmitter.
    pub samples_per_tx: u64,
    /// Chooses the lattice's orientation and every random event.
    pub seed: u64,
    /// One per transmitter.
    pub antennas: Vec<Antenna>,
    /// One per plane of the measurement surface.
    pub planes: Vec<PlaneGrid>,
    /// Statistics beside the power.
    pub channels: Channels,
    /// How a derivative by positions finds what is reached.
    pub motion: Motion,
    /// Told of progress, and able to end the trace.
    pub monitor: Option<Arc<Monitor>>,
}

impl TraceConfig {
    /// Number of cells over all planes.
    #[must_use]
    pub fn num_cells(&self) -> usize {
        self.planes.iter().map(PlaneGrid::num_cells).sum()
    }
}
