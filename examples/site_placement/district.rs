//! The district, what counts as covered, and how much of it is.

use burn::tensor::{Tensor, TensorData};
use emberwave::geometry::{Bvh, Ray};
use emberwave::physics::units::watt_from_dbm;
use emberwave::prelude::*;
use glam::Vec3;

use crate::sites::{RANGE, sources};

const SCENE: &str = "assets/scenes/district/district.xml";
const FREQUENCY: f64 = 3.5e9;
/// Power of each site \[dBm\].
const POWER_DBM: f64 = 20.0;
/// RSS from which a place counts as covered \[dBm\].
pub const THRESHOLD_DBM: f64 = -70.0;
/// Height of the receivers \[m\].
pub const RECEIVERS: f64 = 1.5;
const MAX_DEPTH: u32 = 1;

/// A window of the district, seen in cells of one size.
#[derive(Clone, Debug)]
pub struct District {
    tensors: SceneTensors,
    solver: RadioMapSolver,
    /// 1 where a cell is outdoors, 0 elsewhere, `[num_cells_y, num_cells_x]`.
    outdoor: Tensor<2>,
}

impl District {
    /// Reads the scene for maps with square cells of a size \[m\] and a mean error \[dB\].
    pub fn load(num_sites: usize, (cell, target_error_db): (f64, f64), device: &Device) -> Result<Self> {
        let site = |index: usize| {
            Transmitter::new(format!("site {index}"), [0.0, 0.0, 100.0])
                .with_pattern(AntennaPattern::Tr38901)
                .with_power_dbm(POWER_DBM)
        };
        let scene = Scene::load(SCENE, device)?.with_frequency(FREQUENCY);
        let scene = (0..num_sites).map(site).fold(scene, Scene::with_transmitter);
        let plane =
            MeasurementPlane::new([0.0, 0.0, RECEIVERS], RANGE.map(|[low, high]| high - low), [cell; 2]);
        let solver = RadioMapSolverConfig::new()
            .with_max_depth(MAX_DEPTH)
            .with_refraction(false) // what enters a building does not come back
            .with_target_error_db(Some(target_error_db))
            .with_measurement_surface(plane)
            .init();
        Ok(Self { tensors: scene.tensors()?, solver, outdoor: outdoor(&scene, &plane, device) })
    }

    /// With derivatives of the fields alone, or also of the motion of shadow borders.
    pub fn with_visibility_gradient(mut self, visibility_gradient: bool) -> Self {
        self.solver = self.solver.config().clone().with_visibility_gradient(visibility_gradient).init();
        self
    }

    /// The map of sites, `[num_sites, 4]`.
    pub fn map(&self, placed: Tensor<2>) -> Result<RadioMap> {
        Ok(self.solver.solve_tensors(self.tensors.clone().with_sources(sources(placed)))?)
    }

    /// P/(P + P₀), with the sum P of the received powers and the threshold P₀, `[num_cells_y, num_cells_x]`.
    ///
    /// It is the logistic function of the level above the threshold over 10/ln 10 = 4.3 dB; the sum stands for the best
    /// server, from which it differs little unless two are equally good.
    pub fn covered(&self, map: &RadioMap) -> Tensor<2> {
        let relative = (map.rss() / watt_from_dbm(THRESHOLD_DBM)).sum_dim(0).squeeze_dim::<2>(0);
        relative.clone() / (relative + 1.0)
    }

    /// The mean of [`Self::covered`] over the outdoor cells.
    pub fn soft_coverage(&self, map: &RadioMap) -> Tensor<1> {
        (self.covered(map) * self.outdoor.clone()).sum() / self.outdoor.clone().sum()
    }

    /// The share of the outdoor cells in which the best server reaches the threshold.
    pub fn coverage(&self, map: &RadioMap) -> f64 {
        let best = map.best_server(map.rss());
        let covered = best.greater_equal_elem(watt_from_dbm(THRESHOLD_DBM)).float() * self.outdoor.clone();
        f64::from((covered.sum() / self.outdoor.clone().sum()).into_scalar::<f32>())
    }

    /// Which cells are outdoors, `[num_cells_y, num_cells_x]`.
    pub fn outdoor(&self) -> Tensor<2> {
        self.outdoor.clone()
    }
}

/// The cells whose centre and corners see the sky.
fn outdoor(scene: &Scene, plane: &MeasurementPlane, device: &Device) -> Tensor<2> {
    let coordinates: Vec<f32> = scene.vertices().into_data().iter::<f32>().collect();
    let vertices: Vec<Vec3> = coordinates.chunks_exact(3).map(Vec3::from_slice).collect();
    let bvh = Bvh::build(&vertices, scene.topology().triangles());
    let [num_x, num_y] = plane.num_cells();
    let half = plane.cell_size.map(|size| 0.5 * size as f32);
    let offsets = [[0.0, 0.0], [-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]];
    let sees_the_sky = |x: usize, y: usize| {
        let center = Vec3::from_array(plane.cell_center(x, y).map(|x| x as f32));
        let place = |[x, y]: [f32; 2]| center + Vec3::new(x * half[0], y * half[1], 0.0);
        offsets.iter().all(|&offset| !bvh.closest_hit(&Ray::new(place(offset), Vec3::Z)).is_hit())
    };
    let cells = (0..num_y).flat_map(|y| (0..num_x).map(move |x| (x, y)));
    let values: Vec<f32> = cells.map(|(x, y)| f32::from(u8::from(sees_the_sky(x, y)))).collect();
    Tensor::from_data(TensorData::new(values, [num_y, num_x]), device)
}
