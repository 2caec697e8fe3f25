//! A radio map in parts: for files, for maps that come from elsewhere, for tests.

use std::sync::Arc;

use burn::tensor::Tensor;
use emberwave_kernels::Topology;
use emberwave_scene::MeasurementPlane;

use super::RadioMap;
use super::accuracy::Accuracy;
use super::statistics::{Directions, Statistics};
use crate::error::SolveError;

/// Everything that a [`RadioMap`] holds.
#[derive(Clone, Debug)]
pub struct RadioMapParts {
    /// Path gain, linear, `[num_tx, num_cells_y, num_cells_x]`.
    pub path_gain: Tensor<3>,
    /// Transmit powers \[W\], `[num_tx]`.
    pub power: Tensor<1>,
    /// Positions of the transmitters \[m\], `[num_tx, 3]`.
    pub tx_positions: Tensor<2>,
    /// Names of the transmitters.
    pub tx_names: Vec<String>,
    /// Power of the thermal noise \[W\].
    pub noise_power: f64,
    /// Where the map lies.
    pub plane: MeasurementPlane,
    /// Vertices of the scene \[m\], `[num_vertices, 3]`; no rows where it is not known.
    pub vertices: Tensor<2>,
    /// Triangles of the scene.
    pub topology: Arc<Topology>,
    /// Mean \[s\] and variance \[s²\] of the delay, each `[num_tx, num_cells_y, num_cells_x]`.
    pub delay: Option<(Tensor<3>, Tensor<3>)>,
    /// Mean direction of arrival, `[num_tx, num_cells_y, num_cells_x, 3]`, and the mean squared distance from it.
    pub arrival: Option<(Tensor<4>, Tensor<3>)>,
    /// The same of departure.
    pub departure: Option<(Tensor<4>, Tensor<3>)>,
    /// Estimated relative error of the path gain, `[num_tx, num_cells_y, num_cells_x]`.
    pub relative_error: Option<Tensor<3>>,
    /// Mean of the estimated errors of the cells \[dB\].
    pub reached_error_db: Option<f64>,
}

impl RadioMap {
    /// Puts a map together.
    ///
    /// # Errors
    ///
    /// If shapes do not fit each other, the plane is not one that can be measured on, or the noise is not a finite
    /// number from 0 on.
    pub fn from_parts(parts: RadioMapParts) -> Result<Self, SolveError> {
        parts.validate()?;
        let directions = |(mean, variance)| Directions { mean, variance };
        Ok(Self {
            path_gain: parts.path_gain,
            power: parts.power,
            tx_positions: parts.tx_positions,
            noise_power: parts.noise_power,
            plane: parts.plane,
            tx_names: parts.tx_names,
            vertices: parts.vertices,
            topology: parts.topology,
            statistics: Statistics {
                delay: parts.delay,
                arrival: parts.arrival.map(directions),
                departure: parts.departure.map(directions),
            },
            accuracy: Accuracy { relative_error: parts.relative_error, reached_db: parts.reached_error_db },
        })
    }

    /// Takes the map apart.
    #[must_use]
    pub fn into_parts(self) -> RadioMapParts {
        let pair = |directions: Directions| (directions.mean, directions.variance);
        RadioMapParts {
            path_gain: self.path_gain,
            power: self.power,
            tx_positions: self.tx_positions,
            tx_names: self.tx_names,
            noise_power: self.noise_power,
            plane: self.plane,
            vertices: self.vertices,
            topology: self.topology,
            delay: self.statistics.delay,
            arrival: self.statistics.arrival.map(pair),
            departure: self.statistics.departure.map(pair),
            relative_error: self.accuracy.relative_error,
            reached_error_db: self.accuracy.reached_db,
        }
    }
}

impl RadioMapParts {
    fn validate(&self) -> Result<(), SolveError> {
        self.plane.validate()?;
        let [num_x, num_y] = self.plane.num_cells();
        let num_tx = self.tx_names.len();
        shaped("path_gain", self.path_gain.dims(), [num_tx, num_y, num_x])?;
        shaped("power", self.power.dims(), [num_tx])?;
        shaped("tx_positions", self.tx_positions.dims(), [num_tx, 3])?;
        shaped("vertices", self.vertices.dims(), [self.topology.num_vertices(), 3])?;
        if let Some((mean, variance)) = &self.delay {
            shaped("mean_delay", mean.dims(), [num_tx, num_y, num_x])?;
            shaped("delay_variance", variance.dims(), [num_tx, num_y, num_x])?;
        }
        for (mean, variance) in [&self.arrival, &self.departure].into_iter().flatten() {
            shaped("mean_direction", mean.dims(), [num_tx, num_y, num_x, 3])?;
            shaped("direction_variance", variance.dims(), [num_tx, num_y, num_x])?;
        }
        if let Some(error) = &self.relative_error {
            shaped("relative_error", error.dims(), [num_tx, num_y, num_x])?;
        }
        at_least_0("noise_power", "[W]", self.noise_power)?;
        at_least_0("reached_error_db", "[dB]", self.reached_error_db.unwrap_or_default())
    }
}

fn at_least_0(part: &'static str, unit: &str, value: f64) -> Result<(), SolveError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    let expected = format!("finite and at least 0 {unit}");
    Err(SolveError::Parts { part, expected, value: value.to_string() })
}

fn shaped<const D: usize>(
    part: &'static str,
    found: [usize; D],
    expected: [usize; D],
) -> Result<(), SolveError> {
    if found == expected {
        return Ok(());
    }
    let expected = format!("of shape {expected:?}");
    Err(SolveError::Parts { part, expected, value: format!("of shape {found:?}") })
}
