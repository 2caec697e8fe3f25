//! A radio map and the quantities derived from it.

use std::sync::Arc;

use burn::tensor::{Bool, Tensor, TensorData};
use emberwave_kernels::Topology;
use emberwave_physics::units::SMALLEST_LINEAR;
use emberwave_scene::{MeasurementPlane, SceneTensors};

use super::accuracy::Accuracy;
use super::statistics::Statistics;

/// Noise \[W\] that a receiver has at the least, so that ratios stay finite at 0 K.
const MIN_NOISE_POWER: f64 = 1e-30;

/// Largest ratio of a signal to the noise alone, so that it stays finite for any power.
const MAX_SNR: f64 = 1e30;

/// Path gains from every transmitter to every cell, `[num_tx, num_cells_y, num_cells_x]`, and what follows from them.
///
/// Cells that no path reaches hold 0 and are not [`covered`](Self::covered); no value is ever NaN or infinite.
#[derive(Clone, Debug)]
pub struct RadioMap {
    pub(super) path_gain: Tensor<3>,
    pub(super) power: Tensor<1>,
    pub(super) tx_positions: Tensor<2>,
    pub(super) noise_power: f64,
    pub(super) plane: MeasurementPlane,
    pub(super) tx_names: Vec<String>,
    pub(super) vertices: Tensor<2>,
    pub(super) topology: Arc<Topology>,
    pub(super) statistics: Statistics,
    pub(super) accuracy: Accuracy,
}

impl RadioMap {
    pub(super) fn new(
        path_gain: Tensor<3>,
        statistics: Statistics,
        scene: SceneTensors,
        plane: MeasurementPlane,
    ) -> Self {
        let num_tx = scene.antennas.len();
        Self {
            path_gain,
            power: scene.power,
            tx_positions: scene.sources.slice([0..num_tx, 0..3]),
            noise_power: scene.noise_power,
            plane,
            tx_names: scene.tx_names,
            vertices: scene.vertices,
            topology: scene.topology,
            statistics,
            accuracy: Accuracy::default(),
        }
    }

    /// Path gain, linear, `[num_tx, num_cells_y, num_cells_x]`: the mean over a cell of the power received by an
    /// isotropic dual-polarised antenna over the transmitted power.
    #[must_use]
    pub fn path_gain(&self) -> Tensor<3> {
        self.path_gain.clone()
    }

    /// Path gain \[dB\]; cells that are not covered hold the value of the smallest power told apart from 0.
    #[must_use]
    pub fn path_gain_db(&self) -> Tensor<3> {
        decibels(self.path_gain())
    }

    /// Received signal strength \[W\]: path gain times transmit power.
    #[must_use]
    pub fn rss(&self) -> Tensor<3> {
        self.path_gain() * self.power.clone().reshape([-1, 1, 1])
    }

    /// Signal to interference and noise, linear:
    /// $$ \mathrm{SINR}_t = \frac{\mathrm{RSS}_t}{k_B T B + \sum_{t' \ne t} \mathrm{RSS}_{t'}} $$
    /// The interference is added up over the *other* transmitters, which stays right where the own signal dominates.
    #[must_use]
    pub fn sinr(&self) -> Tensor<3> {
        let rss = self.rss();
        let [num_tx, num_y, num_x] = rss.dims();
        let device = rss.device();
        let others = Tensor::<2>::ones([num_tx, num_tx], &device) - Tensor::<2>::eye(num_tx, &device);
        // Powers are scaled to the noise, so that nothing underflows in f32.
        let noise = self.noise_power.max(MIN_NOISE_POWER);
        let relative = rss.div_scalar(noise).clamp_max(MAX_SNR).reshape([num_tx, num_y * num_x]);
        let interference = others.matmul(relative.clone());
        (relative / interference.add_scalar(1.0)).reshape([num_tx, num_y, num_x])
    }

    /// Which cells a path reaches.
    #[must_use]
    pub fn covered(&self) -> Tensor<3, Bool> {
        self.path_gain().greater_elem(0.0)
    }

    /// Centres of the cells \[m\], `[num_cells_y, num_cells_x, 3]`.
    #[must_use]
    pub fn cell_centers(&self) -> Tensor<3> {
        let [num_x, num_y] = self.plane.num_cells();
        let centers = (0..num_y).flat_map(|y| (0..num_x).flat_map(move |x| self.plane.cell_center(x, y)));
        let values: Vec<f32> = centers.map(|coordinate| coordinate as f32).collect();
        Tensor::from_data(TensorData::new(values, [num_y, num_x, 3]), &self.path_gain.device())
    }

    /// Positions of the transmitters \[m\], `[num_tx, 3]`.
    #[must_use]
    pub fn tx_positions(&self) -> Tensor<2> {
        self.tx_positions.clone()
    }

    /// Names of the transmitters.
    #[must_use]
    pub fn tx_names(&self) -> &[String] {
        &self.tx_names
    }

    /// The scene's vertices \[m\], `[num_vertices, 3]`, and triangles, for drawing the map over its buildings.
    #[must_use]
    pub fn geometry(&self) -> (Tensor<2>, &Topology) {
        (self.vertices.clone(), &self.topology)
    }

    /// Where the map was measured.
    #[must_use]
    pub fn measurement_plane(&self) -> &MeasurementPlane {
        &self.plane
    }

    /// Power of the thermal noise \[W\].
    #[must_use]
    pub fn noise_power(&self) -> f64 {
        self.noise_power
    }
}

/// 10·log₁₀, bounded below.
fn decibels(linear: Tensor<3>) -> Tensor<3> {
    linear.clamp_min(SMALLEST_LINEAR).log().mul_scalar(10.0 / std::f64::consts::LN_10)
}
