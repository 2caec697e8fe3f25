//! The radio-map solver.

use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use emberwave_kernels::{
    Monitor, Motion, PlaneGrid, TraceConfig, TraceInputs, TubeOptions, coverage_map, trace_borders,
    trace_coverage, trace_rays,
};
use emberwave_physics::units::linear_from_db;
use emberwave_scene::{MeasurementPlane, MeasurementSurface, Scene, SceneTensors};

use super::statistics::Statistics;
use super::wavefront::{AntennaFunction, CoverageWavefront, CustomParts, MaterialFunction, cast};
use super::{Execution, RadioMap, RadioMapSolverConfig, Reconstruction};
use crate::coverage::Coverage;
use crate::error::SolveError;
use crate::memory;

/// Bytes that a map needs per cell and transmitter: in f32, with the copies that derived quantities and files take.
const BYTES_PER_VALUE: u64 = 48;

/// Bytes that estimating errors takes per cell and transmitter: means, squares, variances and a map, in f64.
const BYTES_PER_ESTIMATE: u64 = 40;

/// Bytes that a map needs per cell: the running sum in f64, the cell's centre, a picture.
const BYTES_PER_CELL: u64 = 40;

/// Computes radio maps by shooting and bouncing rays, or by adaptive ray tubes ([`Reconstruction::Tubes`]).
///
/// The path gain of a cell is $$ g_i = \frac{1}{|C_i|} \int_{C_i} \sum_n |a_n(s)|^2 \, ds, $$ the mean over the cell of
/// the power that an ideal, isotropic, dual-polarised antenna receives over all paths, added incoherently. The estimate
/// by rays is unbiased (unless a stop threshold is set) and its error falls with the root of the number of rays that cross
/// a cell. Paths are combinations of line of sight, specular reflections and transmissions through slabs that keep
/// direction and position; walls are single surfaces with a thickness.
///
/// A solver is cheap to keep and to clone; the scene keeps its acceleration structure from solve to solve.
#[derive(Clone, Debug)]
pub struct RadioMapSolver {
    config: RadioMapSolverConfig,
    monitor: Option<Arc<Monitor>>,
    custom: CustomParts,
}

/// A map to be made, checked.
pub(super) struct Task {
    pub plane: MeasurementPlane,
    pub inputs: TraceInputs,
    pub config: Arc<TraceConfig>,
}

impl RadioMapSolver {
    pub(super) fn new(config: RadioMapSolverConfig) -> Self {
        Self { config, monitor: None, custom: CustomParts::default() }
    }

    /// The solver's options.
    #[must_use]
    pub fn config(&self) -> &RadioMapSolverConfig {
        &self.config
    }

    /// Reports progress to, and can be cancelled by, a monitor.
    #[must_use]
    pub fn with_monitor(mut self, monitor: Arc<Monitor>) -> Self {
        self.monitor = Some(monitor);
        self
    }

    /// Takes the materials of interactions from a function; needs [`Execution::Wavefront`].
    ///
    /// Rays are still sent where the scene's own materials send them, so the estimate stays unbiased as long as these
    /// reflect and transmit wherever the function's do. The fragments of a coverage ask once per interaction, at the way
    /// to the fragment's centroid.
    #[must_use]
    pub fn with_material_function(mut self, material: MaterialFunction) -> Self {
        self.custom.material = Some(material);
        self
    }

    /// Takes the fields that transmitters radiate from a function; needs [`Execution::Wavefront`].
    #[must_use]
    pub fn with_antenna_function(mut self, antenna: AntennaFunction) -> Self {
        self.custom.antenna = Some(antenna);
        self
    }

    /// The same solver with another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// The map of a scene.
    ///
    /// # Errors
    ///
    /// If the scene or an option is out of range, nothing sends, the map would not fit in memory, or the monitor
    /// cancelled.
    pub fn solve(&self, scene: &Scene) -> Result<RadioMap, SolveError> {
        self.solve_tensors(scene.tensors()?)
    }

    /// The map of a scene given as tensors.
    ///
    /// # Errors
    ///
    /// As [`Self::solve`].
    pub fn solve_tensors(&self, tensors: SceneTensors) -> Result<RadioMap, SolveError> {
        self.solve_in_stages(&tensors, None)
    }

    /// Finds which pieces of cells a scene's transmitters reach along which sequences of planes, by adaptive ray tubes.
    ///
    /// What takes the time of a map; [`Self::evaluate`] makes maps of it. Constant to a derivative.
    ///
    /// # Errors
    ///
    /// As [`Self::solve`], and if the reconstruction is not [`Reconstruction::Tubes`].
    pub fn trace_coverage(&self, scene: &Scene) -> Result<Coverage, SolveError> {
        self.trace_coverage_of(&scene.tensors()?)
    }

    /// The coverage of a scene given as tensors.
    ///
    /// # Errors
    ///
    /// As [`Self::trace_coverage`].
    pub fn trace_coverage_of(&self, tensors: &SceneTensors) -> Result<Coverage, SolveError> {
        self.check_tubes()?;
        let Task { inputs, config, .. } = self.prepare(tensors)?;
        let lists = trace_coverage(&inputs, &config, &self.config.tube_options(1.0));
        self.check_cancelled()?;
        Ok(Coverage { lists: Arc::new(lists), events: config.events, max_depth: config.max_depth })
    }

    /// The map of a coverage with the materials, frequency, antennas, orientations and powers of `tensors`: the field of
    /// every fragment by the image method, no ray is traced.
    ///
    /// $$ g_i = \left(\frac{\lambda}{4\pi}\right)^2 \sum_{f \in C_i} w_f \, a_f \, \frac{\lVert \tilde E_f \rVert^2}{r_f^2} $$
    ///
    /// with the covered part a of the cell, the unfolded length r \[m\], the range-free field Ẽ after all interactions, and
    /// the weight w of sampled sequences, 1 otherwise. Differentiable in everything: by
    /// materials, frequency, orientations, ports and powers without tracing; by positions, vertices and the measurement
    /// surface the way back traces once more, with borders ([`RadioMapSolverConfig::visibility_gradient`]). It has no
    /// error estimate: that takes a second coverage.
    ///
    /// # Errors
    ///
    /// As [`Self::solve`], and if the coverage was traced for other vertices, positions, another measurement surface,
    /// other events or another depth.
    pub fn evaluate(&self, coverage: &Coverage, tensors: SceneTensors) -> Result<RadioMap, SolveError> {
        self.check_tubes()?;
        let task = self.prepare(&tensors)?;
        coverage.check(&task.inputs, &task.config)?;
        let (inputs, config) = (task.inputs.clone(), Arc::clone(&task.config));
        let evaluated = self.channels_of(&coverage.lists, inputs, config)?;
        Ok(self.map(evaluated, &tensors, &task))
    }

    /// The channels of a coverage, fused or as tensor operations.
    pub(super) fn channels_of(
        &self,
        coverage: &Arc<emberwave_kernels::Coverage>,
        inputs: TraceInputs,
        config: Arc<TraceConfig>,
    ) -> Result<Tensor<5>, SolveError> {
        match self.config.execution {
            Execution::Fused => Ok(coverage_map(inputs, Arc::clone(coverage), config)),
            Execution::Wavefront => {
                let moving = self.moving_coverage(&inputs, &config);
                let coverage = moving.as_ref().unwrap_or(coverage);
                CoverageWavefront::new(inputs, coverage, config, &self.custom).evaluate()
            }
        }
    }

    /// The coverage that derivatives by positions need, if there are any: with borders, and by triangles for vertices.
    pub(super) fn moving_coverage(
        &self,
        inputs: &TraceInputs,
        config: &TraceConfig,
    ) -> Option<emberwave_kernels::Coverage> {
        let by_vertex = inputs.vertices.is_tracked();
        let Motion { borders, tubes, .. } = config.motion;
        let tubes = tubes.filter(|_| self.config.chosen_reconstruction() == Reconstruction::Tubes);
        inputs.moves().then(|| match tubes {
            Some(options) => trace_borders(inputs, config, &TubeOptions { borders, ..options }, by_vertex),
            None => trace_rays(inputs, config, by_vertex),
        })
    }

    /// Checks everything that can be refused before work starts, and gathers what the kernels read.
    pub(super) fn prepare(&self, tensors: &SceneTensors) -> Result<Task, SolveError> {
        self.config.validate()?;
        self.check_custom_parts()?;
        let plane = self.plane(tensors)?;
        self.check_size(tensors, &plane)?;
        for warning in self.gradient_warnings(tensors) {
            log::warn!("{warning}");
        }
        let config = Arc::new(self.trace_config(tensors, &plane));
        let inputs = TraceInputs {
            vertices: tensors.vertices.clone(),
            materials: tensors.materials.clone(),
            wavenumber: tensors.wavenumber.clone(),
            sources: tensors.sources.clone(),
            pattern_tables: tensors.pattern_tables.clone(),
            ports: tensors.ports.clone(),
            precoding: tensors.precoding.clone(),
            surface: match &tensors.surface {
                Some(surface) => surface.clone(),
                None => surface_tensor(&plane, &tensors.wavenumber),
            },
            topology: Arc::clone(&tensors.topology),
        };
        Ok(Task { plane, inputs, config })
    }

    pub(super) fn custom(&self) -> &CustomParts {
        &self.custom
    }

    pub(super) fn check_cancelled(&self) -> Result<(), SolveError> {
        match &self.monitor {
            Some(monitor) if monitor.is_cancelled() => Err(SolveError::Cancelled),
            _ => Ok(()),
        }
    }

    fn check_tubes(&self) -> Result<(), SolveError> {
        match self.config.chosen_reconstruction() {
            Reconstruction::Tubes => Ok(()),
            other => Err(SolveError::Option {
                option: "reconstruction",
                expected: "tubes for a coverage",
                value: other.name().to_owned(),
            }),
        }
    }

    /// The map from the channels that a kernel gives.
    pub(super) fn map(&self, traced: Tensor<5>, tensors: &SceneTensors, task: &Task) -> RadioMap {
        let plane = task.plane;
        let [num_x, num_y] = plane.num_cells();
        let num_channels = self.config.channels().count();
        let channels = traced.reshape([num_channels, tensors.antennas.len(), num_y, num_x]);
        // (λ/4π)²·4π/A = π/(k²A)
        let wavenumber = cast(tensors.wavenumber.clone(), channels.dtype());
        let power = cast(tensors.power.clone(), channels.dtype());
        let tensors = SceneTensors { power, ..tensors.clone() };
        let scale = wavenumber.powi_scalar(-2).mul_scalar(std::f64::consts::PI / plane.cell_area());
        let path_gain = channels.clone().narrow(0, 0, 1).squeeze_dim(0) * scale.reshape([1, 1, 1]);
        let statistics = Statistics::new(channels, self.config.channels());
        RadioMap::new(path_gain, statistics, tensors, plane)
    }

    /// Functions need the tracer that calls them, and termination that does not depend on the fields they change.
    fn check_custom_parts(&self) -> Result<(), SolveError> {
        let refuse = |option, expected, value: String| Err(SolveError::Option { option, expected, value });
        let config = &self.config;
        if !self.custom.any() {
            Ok(())
        } else if config.execution != Execution::Wavefront {
            refuse(
                "execution",
                "wavefront for custom materials and antennas",
                format!("{:?}", config.execution),
            )
        } else if config.rr_depth >= 0 {
            refuse("rr_depth", "-1 (off) for custom materials and antennas", config.rr_depth.to_string())
        } else if let Some(threshold) = config.stop_threshold_db {
            refuse("stop_threshold_db", "none for custom materials and antennas", threshold.to_string())
        } else {
            Ok(())
        }
    }

    fn plane(&self, tensors: &SceneTensors) -> Result<MeasurementPlane, SolveError> {
        let plane = match &self.config.measurement_surface {
            Some(MeasurementSurface::Plane(plane)) => *plane,
            _ => MeasurementPlane::over(tensors.bounds),
        };
        plane.validate()?;
        let Some(surface) = &tensors.surface else { return Ok(plane) };
        let rows: Vec<f64> = surface.clone().into_data().iter::<f64>().collect();
        let row = |row: usize| [0, 1, 2].map(|axis| rows[3 * row + axis]);
        Ok(MeasurementPlane::from_corner_and_edges([row(0), row(1), row(2)], plane.num_cells())?)
    }

    fn check_size(&self, tensors: &SceneTensors, plane: &MeasurementPlane) -> Result<(), SolveError> {
        let transmitters = tensors.antennas.len();
        if transmitters == 0 {
            return Err(SolveError::NoTransmitter);
        }
        let cells: usize = plane.num_cells().iter().product();
        let per_value = BYTES_PER_VALUE + if self.config.wants_scatter() { BYTES_PER_ESTIMATE } else { 0 };
        let needed = cells as u64 * (per_value * transmitters as u64 + BYTES_PER_CELL);
        match memory::available() {
            Some(available) if needed > available => Err(SolveError::Memory {
                cells,
                transmitters,
                needed_mib: needed >> 20,
                available_mib: available >> 20,
            }),
            _ => Ok(()),
        }
    }

    fn trace_config(&self, tensors: &SceneTensors, plane: &MeasurementPlane) -> TraceConfig {
        let [num_x, num_y] = plane.num_cells();
        TraceConfig {
            events: self.config.events(),
            max_depth: self.config.max_depth,
            roulette: self.config.roulette(),
            stop_threshold: self.config.stop_threshold_db.map(|db| linear_from_db(db) as f32),
            samples_per_tx: self.config.samples_per_tx,
            seed: self.config.seed,
            antennas: tensors.antennas.clone(),
            channels: self.config.channels(),
            planes: vec![PlaneGrid { num_cells_x: num_x as u32, num_cells_y: num_y as u32 }],
            motion: self.config.motion(),
            monitor: self.monitor.clone(),
        }
    }
}

pub(super) fn middle(tensors: &SceneTensors) -> [f64; 3] {
    tensors.bounds.center().to_array().map(f64::from)
}

/// The plane as the kernel reads it, `[1, 3, 3]`, on the device of `like`.
fn surface_tensor(plane: &MeasurementPlane, like: &Tensor<1>) -> Tensor<3> {
    let rows = plane.corner_and_edges().into_iter().flatten().map(|x| x as f32).collect();
    Tensor::from_data(TensorData::new::<f32, _>(rows, [1, 3, 3]), &like.device())
}
