//! Options of the radio-map solver.

use std::str::FromStr;

use emberwave_kernels::{Channels, Events, Motion, RussianRoulette, TubeOptions};
use emberwave_scene::MeasurementSurface;
use serde::{Deserialize, Serialize};

use super::RadioMapSolver;
use super::plan::LATTICES;
use crate::error::SolveError;

/// How what rays leave becomes values of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Reconstruction {
    /// [`Self::Tubes`], unless an option asks for rays, as [`RadioMapSolverConfig::chosen_reconstruction`] tells.
    #[default]
    Auto,
    /// Every crossing counts in the cell it hits: unbiased for every material and event, speckled where rays are few.
    /// Differentiable in everything; [`BorderSearch`] tells how borders are found.
    Cell,
    /// Adaptive ray tubes: the exact polygons in which bundles of paths that meet the same planes cross the cells, with the
    /// field at the centroid of each piece (image method). For planar reflection and transmission, without speckle and
    /// many times faster at equal error; things so small that they hide between the corners of a tube may be missed.
    /// [`RadioMapSolverConfig::target_error_db`] sets how fine tubes are. Differentiable in everything; by
    /// positions, vertices and the measurement surface tubes are traced once more on the way back, with their borders.
    Tubes,
}

impl Reconstruction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Cell, Self::Tubes];

    /// Its name on the command line and in run files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cell => "cell",
            Self::Tubes => "tubes",
        }
    }
}

impl FromStr for Reconstruction {
    type Err = SolveError;

    fn from_str(name: &str) -> Result<Self, SolveError> {
        let unknown = || SolveError::Option {
            option: "reconstruction",
            expected: "auto, cell or tubes",
            value: format!("`{name}`"),
        };
        Self::ALL.into_iter().find(|reconstruction| reconstruction.name() == name).ok_or_else(unknown)
    }
}

/// How [`Reconstruction::Cell`] finds the shadow and beam borders whose motion is part of derivatives by positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum BorderSearch {
    /// By adaptive ray tubes, the same ones whatever the rays: the more precise by far. Things so small that they hide between
    /// the corners of a tube may be missed.
    #[default]
    Tubes,
    /// Where lines of rays, about a seventh as many as the map has, cross them: in the mean every border that is wider than
    /// a step of a line. The time grows with the rays alone, which pays where these are few and the scene is large.
    Lines,
}

/// Rays that nobody asked for.
const DEFAULT_SAMPLES_PER_TX: u64 = 1_000_000;

/// Mean error \[dB\] that tubes are made for if nothing is said.
const DEFAULT_TARGET_ERROR_DB: f64 = 0.3;

/// How a map is traced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Execution {
    /// The whole path of a ray in one kernel, in f32: fast, with memory that does not grow with the number of rays.
    /// Differentiable in every input, by a reverse sweep that traces again.
    #[default]
    Fused,
    /// The same rays, or fragments of a [`Coverage`](crate::Coverage), as tensor operations, in the element type of the
    /// materials (f32 or f64), for the first frequency and beam. Burn differentiates it by every input, and materials and antennas can be replaced by functions; derivatives take memory for every
    /// ray or fragment.
    Wavefront,
}

/// Options of the [`RadioMapSolver`], under Sionna RT's names and with its defaults.
///
/// ```
/// # use emberwave_solvers::RadioMapSolverConfig;
/// let config = RadioMapSolverConfig::new().with_max_depth(5).with_samples_per_tx(100_000);
/// assert_eq!((config.max_depth, config.seed, config.rr_prob), (5, 42, 0.95));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RadioMapSolverConfig {
    /// Rays launched per transmitter; 10⁶. The most that are launched where a target error is set; tubes take as many as
    /// they need, and any other number than the default asks for rays in place of tubes.
    pub samples_per_tx: u64,
    /// Largest number of interactions, 0 for line of sight alone; 3.
    pub max_depth: u32,
    /// Line of sight; on.
    pub los: bool,
    /// Specular reflection; on.
    pub specular_reflection: bool,
    /// Transmission through slabs; on.
    pub refraction: bool,
    /// Chooses the orientation of the launch lattice and of the grid of tubes, and all random events; 42.
    pub seed: u64,
    /// First interaction from which Russian roulette may end a ray; −1 is never, the default.
    pub rr_depth: i32,
    /// Largest probability with which roulette lets a ray go on, in (0, 1]; 0.95.
    pub rr_prob: f64,
    /// Rays whose gain \[dB\] has fallen to this after an interaction end, which biases the map low; none. As in Sionna
    /// RT 2.2.0, the length that enters the gain is that of the segments up to where they crossed the measurement
    /// surface, so a ray that has not crossed it yet never ends.
    pub stop_threshold_db: Option<f64>,
    /// How deposits become cell values; tubes, unless an option asks for rays.
    pub reconstruction: Reconstruction,
    /// The mean error of a cell \[dB\] that is good enough.
    ///
    /// [`Reconstruction::Tubes`] are divided as finely as maps of cities needed for it with so many interactions, and less finely
    /// after the first where what tubes before it light shows that the scene is open; the error is not looked at. With
    /// up to five interactions it was smaller than asked for at all 22 sites of five scenes that were measured, mostly about
    /// half of it, and the total over the map at most some hundredths of a decibel off; with eight it was up to a third larger
    /// at 0.3 dB. 0.3 if not set.
    /// [`Reconstruction::Cell`] launches rays in rounds that double them until the estimated error
    /// ([`RadioMap::reached_error_db`](super::RadioMap::reached_error_db)) is at most this or `samples_per_tx` rays are
    /// launched, whichever comes first; not set, the default, it launches all of them at once. Every cell that a ray has
    /// reached counts, so where some are hardly ever reached the mean falls slowly, and the budget decides.
    pub target_error_db: Option<f64>,
    /// Whether tubes are searched for thin things that hide between their corners; off. Takes several times as long.
    pub conservative: bool,
    /// Error estimates of every cell: [`RadioMap::relative_error`](super::RadioMap::relative_error) and
    /// [`RadioMap::reached_error_db`](super::RadioMap::reached_error_db); off.
    ///
    /// [`Reconstruction::Cell`] then launches its rays as 32 independent lattices, whose mean is the map: on average it is
    /// as right, but noisier than the map of a single lattice of as many rays. [`Reconstruction::Tubes`] also trace the
    /// next coarser tubes, which takes about half as long again.
    pub error_estimate: bool,
    /// Delays: [`RadioMap::rms_delay_spread`](super::RadioMap::rms_delay_spread) and the mean; off.
    pub delays: bool,
    /// Mean direction and direction spread of arrival; off.
    pub directions_of_arrival: bool,
    /// Mean direction and direction spread of departure; off.
    pub directions_of_departure: bool,
    /// Whether derivatives by positions of transmitters, vertices and the measurement surface hold the motion of shadow and
    /// beam borders; on. Without it they are those of the fields alone, and may have the wrong sign.
    pub visibility_gradient: bool,
    /// How maps of rays find these borders on the way back.
    pub border_search: BorderSearch,
    /// Seed of rays on the way back, which are those of the way forward if it is not set, the default. With the same
    /// rays the derivative of a loss that is not linear in the map is biased, because the errors of both go together.
    pub backward_seed: Option<u64>,
    /// How the map is traced.
    pub execution: Execution,
    /// Where to measure; by default a horizontal plane over the whole scene at z = 1.5 m with cells of 10 m.
    pub measurement_surface: Option<MeasurementSurface>,
}

impl Default for RadioMapSolverConfig {
    fn default() -> Self {
        Self {
            samples_per_tx: DEFAULT_SAMPLES_PER_TX,
            max_depth: 3,
            los: true,
            specular_reflection: true,
            refraction: true,
            seed: 42,
            rr_depth: -1,
            rr_prob: 0.95,
            stop_threshold_db: None,
            reconstruction: Reconstruction::default(),
            target_error_db: None,
            conservative: false,
            error_estimate: false,
            delays: false,
            directions_of_arrival: false,
            directions_of_departure: false,
            visibility_gradient: true,
            border_search: BorderSearch::default(),
            backward_seed: None,
            execution: Execution::default(),
            measurement_surface: None,
        }
    }
}

impl RadioMapSolverConfig {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of rays per transmitter, and asks for rays where nothing else was asked for.
    #[must_use]
    pub fn with_samples_per_tx(mut self, samples_per_tx: u64) -> Self {
        self.samples_per_tx = samples_per_tx;
        if self.reconstruction == Reconstruction::Auto {
            self.reconstruction = Reconstruction::Cell;
        }
        self
    }

    /// Sets the largest number of interactions.
    #[must_use]
    pub fn with_max_depth(mut self, max_depth: u32) -> Self {
        self.max_depth = max_depth;
        self
    }

    /// Switches line of sight.
    #[must_use]
    pub fn with_los(mut self, los: bool) -> Self {
        self.los = los;
        self
    }

    /// Switches specular reflection.
    #[must_use]
    pub fn with_specular_reflection(mut self, specular_reflection: bool) -> Self {
        self.specular_reflection = specular_reflection;
        self
    }

    /// Switches transmission through slabs.
    #[must_use]
    pub fn with_refraction(mut self, refraction: bool) -> Self {
        self.refraction = refraction;
        self
    }

    /// Sets the seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets from which interaction on roulette may end a ray; −1 is never.
    #[must_use]
    pub fn with_rr_depth(mut self, rr_depth: i32) -> Self {
        self.rr_depth = rr_depth;
        self
    }

    /// Sets the largest probability with which roulette lets a ray go on.
    #[must_use]
    pub fn with_rr_prob(mut self, rr_prob: f64) -> Self {
        self.rr_prob = rr_prob;
        self
    }

    /// Sets the path gain \[dB\] at which rays end.
    #[must_use]
    pub fn with_stop_threshold_db(mut self, stop_threshold_db: Option<f64>) -> Self {
        self.stop_threshold_db = stop_threshold_db;
        self
    }

    /// Sets how deposits become cell values.
    #[must_use]
    pub fn with_reconstruction(mut self, reconstruction: Reconstruction) -> Self {
        self.reconstruction = reconstruction;
        self
    }

    /// Sets the mean error of a cell \[dB\] that is good enough.
    #[must_use]
    pub fn with_target_error_db(mut self, target_error_db: Option<f64>) -> Self {
        self.target_error_db = target_error_db;
        self
    }

    /// Switches the search for thin things that hide in tubes.
    #[must_use]
    pub fn with_conservative(mut self, conservative: bool) -> Self {
        self.conservative = conservative;
        self
    }

    /// Switches the error estimates of every cell.
    #[must_use]
    pub fn with_error_estimate(mut self, error_estimate: bool) -> Self {
        self.error_estimate = error_estimate;
        self
    }

    /// Switches the statistics of delays.
    #[must_use]
    pub fn with_delays(mut self, delays: bool) -> Self {
        self.delays = delays;
        self
    }

    /// Switches the statistics of directions of arrival.
    #[must_use]
    pub fn with_directions_of_arrival(mut self, directions_of_arrival: bool) -> Self {
        self.directions_of_arrival = directions_of_arrival;
        self
    }

    /// Switches the statistics of directions of departure.
    #[must_use]
    pub fn with_directions_of_departure(mut self, directions_of_departure: bool) -> Self {
        self.directions_of_departure = directions_of_departure;
        self
    }

    /// Switches the motion of borders in derivatives by positions.
    #[must_use]
    pub fn with_visibility_gradient(mut self, visibility_gradient: bool) -> Self {
        self.visibility_gradient = visibility_gradient;
        self
    }

    /// Sets how maps of rays find borders.
    #[must_use]
    pub fn with_border_search(mut self, border_search: BorderSearch) -> Self {
        self.border_search = border_search;
        self
    }

    /// Sets the seed of rays on the way back.
    #[must_use]
    pub fn with_backward_seed(mut self, backward_seed: Option<u64>) -> Self {
        self.backward_seed = backward_seed;
        self
    }

    /// Sets how the map is traced.
    #[must_use]
    pub fn with_execution(mut self, execution: Execution) -> Self {
        self.execution = execution;
        self
    }

    /// Sets where to measure.
    #[must_use]
    pub fn with_measurement_surface(mut self, surface: impl Into<MeasurementSurface>) -> Self {
        self.measurement_surface = Some(surface.into());
        self
    }

    /// The solver with these options.
    #[must_use]
    pub fn init(self) -> RadioMapSolver {
        RadioMapSolver::new(self)
    }

    /// Refuses options outside their ranges.
    ///
    /// # Errors
    ///
    /// If one is.
    pub fn validate(&self) -> Result<(), SolveError> {
        require(self.samples_per_tx > 0, "samples_per_tx", "at least 1", &self.samples_per_tx)?;
        require(self.max_depth <= 1 << 16, "max_depth", "at most 65536", &self.max_depth)?;
        require(self.rr_depth >= -1, "rr_depth", "-1 (off) or more", &self.rr_depth)?;
        require(
            self.rr_prob > 0.0 && self.rr_prob <= 1.0,
            "rr_prob",
            "above 0 and at most 1",
            &self.rr_prob,
        )?;
        let threshold = self.stop_threshold_db.unwrap_or(0.0);
        require(threshold.is_finite(), "stop_threshold_db", "finite", &threshold)?;
        self.validate_reconstruction()?;
        if let Some(MeasurementSurface::Plane(plane)) = &self.measurement_surface {
            plane.validate()?;
        }
        Ok(())
    }

    /// Refuses what a reconstruction does not do.
    fn validate_reconstruction(&self) -> Result<(), SolveError> {
        let target = self.target_error_db.unwrap_or(DEFAULT_TARGET_ERROR_DB);
        require(target.is_finite() && target > 0.0, "target_error_db", "finite and above 0", &target)?;
        if self.chosen_reconstruction() == Reconstruction::Cell {
            let enough = !self.wants_scatter() || self.samples_per_tx >= LATTICES;
            let expected = "at least 32 for error estimates";
            return require(enough, "samples_per_tx", expected, &self.samples_per_tx);
        }
        require(self.rr_depth < 0, "rr_depth", "-1 (off) for tubes", &self.rr_depth)?;
        let threshold = self.stop_threshold_db;
        require(threshold.is_none(), "stop_threshold_db", "none for tubes", &threshold.unwrap_or_default())
    }

    /// What [`Reconstruction::Auto`] comes to: [`Reconstruction::Cell`] where an option asks for rays (a number of them
    /// other than the default, Russian roulette, a stop threshold, the wavefront form) and [`Reconstruction::Tubes`]
    /// otherwise; anything else is itself.
    #[must_use]
    pub fn chosen_reconstruction(&self) -> Reconstruction {
        let asks_for_rays = self.samples_per_tx != DEFAULT_SAMPLES_PER_TX
            || self.rr_depth >= 0
            || self.stop_threshold_db.is_some()
            || self.execution == Execution::Wavefront;
        match self.reconstruction {
            Reconstruction::Auto if asks_for_rays => Reconstruction::Cell,
            Reconstruction::Auto => Reconstruction::Tubes,
            chosen => chosen,
        }
    }

    /// Whether rays are launched as independent lattices whose scatter tells the error.
    pub(super) fn wants_scatter(&self) -> bool {
        self.chosen_reconstruction() == Reconstruction::Cell
            && (self.error_estimate || self.target_error_db.is_some())
    }

    /// How finely tubes are divided for a multiple of the target error; what paths do comes from the configuration of
    /// the trace.
    pub(super) fn tube_options(&self, factor: f64) -> TubeOptions {
        let target = factor * self.target_error_db.unwrap_or(DEFAULT_TARGET_ERROR_DB);
        let options = TubeOptions::for_target_error(target, self.max_depth);
        if self.conservative { options.conservative() } else { options }
    }

    /// How derivatives by positions are found.
    pub(super) fn motion(&self) -> Motion {
        let tubes = match (self.chosen_reconstruction(), self.border_search) {
            (Reconstruction::Tubes, _) => Some(self.tube_options(1.0).for_motion()),
            (_, BorderSearch::Tubes) => Some(TubeOptions::for_borders(self.refraction)),
            (_, BorderSearch::Lines) => None,
        };
        Motion { borders: self.visibility_gradient, tubes, seed: self.backward_seed }
    }

    pub(super) fn events(&self) -> Events {
        Events { los: self.los, specular_reflection: self.specular_reflection, refraction: self.refraction }
    }

    pub(super) fn channels(&self) -> Channels {
        Channels {
            delay: self.delays,
            arrival: self.directions_of_arrival,
            departure: self.directions_of_departure,
        }
    }

    pub(super) fn roulette(&self) -> Option<RussianRoulette> {
        let depth = u32::try_from(self.rr_depth).ok()?;
        Some(RussianRoulette { depth, probability: self.rr_prob as f32 })
    }
}

fn require(
    valid: bool,
    option: &'static str,
    expected: &'static str,
    value: &dyn ToString,
) -> Result<(), SolveError> {
    if valid { Ok(()) } else { Err(SolveError::Option { option, expected, value: value.to_string() }) }
}
