//! Maps that come one after the other while a solve refines them.

use std::ops::ControlFlow;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use emberwave_kernels::{TraceConfig, TubeOptions, trace_coverage, trace_map};
use emberwave_scene::{Scene, SceneTensors};

use super::accuracy::{Accuracy, Errors};
use super::plan::{Launch, Plan, derived_seed};
use super::running::{RunningMean, powers};
use super::solver::{Task, middle};
use super::wavefront::{CoverageWavefront, Wavefront};
use super::{Execution, RadioMap, RadioMapSolver, Reconstruction};
use crate::error::SolveError;

/// Target errors of the maps before the last, over that of the last.
const COARSER_TARGETS: [f64; 2] = [4.0, 2.0];

/// Who sees the maps before the last; nobody where only the last is wanted.
type OnMap<'a> = Option<&'a mut dyn FnMut(&RadioMap) -> ControlFlow<()>>;

impl RadioMapSolver {
    /// The map of a scene, and before it coarser ones: something to look at within milliseconds, which gets better while
    /// one looks.
    ///
    /// Every map is handed to `on_map`, the last one, too; it is also returned. `ControlFlow::Break` ends the solve, which
    /// then returns the map that was handed over.
    ///
    /// * [`Reconstruction::Cell`]: the mean of all rays so far, after rounds that double them until `samples_per_tx` or
    ///   the target error is reached. Each map is unbiased. Rounds are lattices of their own, so the last map is not that
    ///   of [`Self::solve`], and a little noisier.
    /// * [`Reconstruction::Tubes`]: tubes for four times and twice the target error where these are coarser, and for
    ///   the target. The last map is that of [`Self::solve`].
    ///
    /// # Errors
    ///
    /// As [`Self::solve`].
    pub fn solve_progressively(
        &self,
        scene: &Scene,
        on_map: impl FnMut(&RadioMap) -> ControlFlow<()>,
    ) -> Result<RadioMap, SolveError> {
        self.solve_tensors_progressively(scene.tensors()?, on_map)
    }

    /// The maps of a scene given as tensors.
    ///
    /// # Errors
    ///
    /// As [`Self::solve`].
    pub fn solve_tensors_progressively(
        &self,
        tensors: SceneTensors,
        mut on_map: impl FnMut(&RadioMap) -> ControlFlow<()>,
    ) -> Result<RadioMap, SolveError> {
        self.solve_in_stages(&tensors, Some(&mut on_map))
    }

    /// Solves, and shows every map where somebody wants to see it.
    pub(super) fn solve_in_stages(
        &self,
        tensors: &SceneTensors,
        on_map: OnMap<'_>,
    ) -> Result<RadioMap, SolveError> {
        let task = self.prepare(tensors)?;
        if self.config().chosen_reconstruction() == Reconstruction::Tubes {
            return self.refine_tubes(&task, tensors, on_map);
        }
        let config = self.config();
        let in_rounds = config.target_error_db.is_some() || on_map.is_some();
        let plan = Plan::new(config.samples_per_tx, in_rounds, config.wants_scatter());
        if config.execution == Execution::Wavefront {
            self.wavefront(&task, tensors, Arc::clone(&task.config)).check_memory()?;
        }
        if let Some(monitor) = task.config.monitor.as_ref().filter(|_| plan.num_launches() > 1) {
            monitor.expect_rays(Some(config.samples_per_tx.saturating_mul(tensors.antennas.len() as u64)));
        }
        let solved = self.add_rounds(&plan, &task, tensors, on_map);
        if let Some(monitor) = &task.config.monitor {
            monitor.expect_rays(None);
        }
        solved
    }

    /// The mean of rounds of rays, up to the target error or the last round.
    fn add_rounds(
        &self,
        plan: &Plan,
        task: &Task,
        tensors: &SceneTensors,
        mut on_map: OnMap<'_>,
    ) -> Result<RadioMap, SolveError> {
        let config = self.config();
        let mut mean = RunningMean::new(config.channels(), config.wants_scatter());
        let mut round = 0;
        loop {
            for launch in plan.launches(round, config.seed) {
                mean.add(self.trace_launch(task, tensors, launch)?, launch.rays);
            }
            mean.end_round(plan.rays(round));
            round += 1;
            let errors = mean.errors();
            let found = config.target_error_db.zip(errors.as_ref());
            let is_last =
                round == plan.num_rounds() || found.is_some_and(|(target, errors)| errors.mean_db <= target);
            if !is_last && on_map.is_none() {
                continue;
            }
            let channels = mean.channels().ok_or(SolveError::Cancelled)?;
            let map = self.map(channels, tensors, task).with_accuracy(errors, config.error_estimate);
            if show(&mut on_map, &map).is_break() || is_last {
                return Ok(map);
            }
        }
    }

    /// The channels of a lattice of rays.
    fn trace_launch(
        &self,
        task: &Task,
        tensors: &SceneTensors,
        launch: Launch,
    ) -> Result<Tensor<5>, SolveError> {
        let Launch { rays: samples_per_tx, seed } = launch;
        let config = Arc::new(TraceConfig { samples_per_tx, seed, ..TraceConfig::clone(&task.config) });
        let channels = match self.config().execution {
            Execution::Fused => trace_map(task.inputs.clone(), config),
            Execution::Wavefront => match self.moving_coverage(&task.inputs, &config) {
                Some(coverage) => {
                    let inputs = task.inputs.clone();
                    CoverageWavefront::new(inputs, &coverage, config, self.custom()).evaluate()?
                }
                None => self.wavefront(task, tensors, config).trace().ok_or(SolveError::Cancelled)?,
            },
        };
        self.check_cancelled()?;
        Ok(channels)
    }

    fn wavefront(&self, task: &Task, tensors: &SceneTensors, config: Arc<TraceConfig>) -> Wavefront<'_> {
        let center = if tensors.bounds.is_empty() { [0.0; 3] } else { middle(tensors) };
        Wavefront::new(task.inputs.clone(), center, config, self.custom())
    }

    /// Finer and finer tubes; each map is compared with the one before.
    fn refine_tubes(
        &self,
        task: &Task,
        tensors: &SceneTensors,
        mut on_map: OnMap<'_>,
    ) -> Result<RadioMap, SolveError> {
        let config = self.config();
        let (last, before) = (config.tube_options(1.0), self.coarser_tubes(on_map.is_some()));
        let first = before.first().unwrap_or(&last);
        let seed_of = |stage: usize| derived_seed(config.seed, stage as u64);
        let mut coarser = None;
        if config.error_estimate {
            coarser = Some(powers(&self.trace_tubes(task, &first.coarser(), seed_of(before.len()))?));
        }
        for (stage, options) in before.iter().enumerate() {
            let channels = self.trace_tubes(task, options, seed_of(stage))?;
            let errors = refined(&channels, &mut coarser);
            let map = self.map(channels, tensors, task).with_accuracy(errors, true);
            if show(&mut on_map, &map).is_break() {
                return Ok(map);
            }
        }
        let channels = self.trace_tubes(task, &last, config.seed)?;
        let errors = refined(&channels, &mut coarser);
        let map = self.map(channels, tensors, task).with_accuracy(errors, true);
        let _ = show(&mut on_map, &map); // There is nothing left to end.
        Ok(map)
    }

    /// Options of the maps before the last, where they differ.
    fn coarser_tubes(&self, are_wanted: bool) -> Vec<TubeOptions> {
        let last = self.config().tube_options(1.0);
        let mut options = COARSER_TARGETS.map(|factor| self.config().tube_options(factor)).to_vec();
        options.dedup();
        options.retain(|options| are_wanted && *options != last);
        options
    }

    fn trace_tubes(&self, task: &Task, options: &TubeOptions, seed: u64) -> Result<Tensor<5>, SolveError> {
        let config = Arc::new(TraceConfig { seed, ..TraceConfig::clone(&task.config) });
        let coverage = trace_coverage(&task.inputs, &config, options);
        self.check_cancelled()?;
        let coverage = Arc::new(coverage);
        let channels = self.channels_of(&coverage, task.inputs.clone(), config)?;
        if let Some(coverage) = Arc::into_inner(coverage) {
            task.inputs.topology.recycle(coverage);
        }
        self.check_cancelled()?;
        Ok(channels)
    }
}

fn show(on_map: &mut OnMap<'_>, map: &RadioMap) -> ControlFlow<()> {
    on_map.as_mut().map_or(ControlFlow::Continue(()), |on_map| on_map(map))
}

/// The errors of a map whose powers take the place of those of the coarser one; none where no errors are wanted.
fn refined(channels: &Tensor<5>, coarser: &mut Option<Vec<f64>>) -> Option<Errors> {
    let before = coarser.as_mut()?;
    let power = powers(channels);
    let errors = Errors::of_refinement(&power, before);
    *before = power;
    Some(errors)
}

impl RadioMap {
    /// With what is known of its errors; those of single cells only if they are wanted.
    fn with_accuracy(mut self, errors: Option<Errors>, with_cells: bool) -> Self {
        let (shape, device) = (self.path_gain.dims(), self.path_gain.device());
        let reached_db = errors.as_ref().map(|errors| errors.mean_db);
        let relative_error = errors
            .filter(|_| with_cells)
            .map(|errors| Tensor::from_data(TensorData::new(errors.relative, shape), &device));
        self.accuracy = Accuracy { relative_error, reached_db };
        self
    }
}
