//! Learning what a scene is made of from a measured map.

mod cells;
mod loss;
#[cfg(feature = "train")]
mod train;

use burn::module::Module;
use burn::tensor::Tensor;
use emberwave_scene::{Scene, SceneError, SceneTensors};

pub use cells::{CellBatch, MeasuredCell};
pub use loss::CalibrationLoss;
#[cfg(feature = "train")]
pub use train::CellBatcher;

use crate::coverage::Coverage;
use crate::error::SolveError;
use crate::radio_map::{RadioMap, RadioMapSolver};

/// What is trained: a module that gives a solver its tensors.
///
/// A [`Scene`] is one. Another one holds a scene and replaces some of its tensors by what its own parameters say, for example
/// materials that a network predicts.
pub trait CalibrationModel: Module {
    /// The tensors that a solver reads, with gradients to the module's parameters.
    ///
    /// # Errors
    ///
    /// If the scene or a parameter is out of range.
    fn tensors(&self) -> Result<SceneTensors, SceneError>;
}

impl CalibrationModel for Scene {
    fn tensors(&self) -> Result<SceneTensors, SceneError> {
        Self::tensors(self)
    }
}

/// A model together with a kept [`Coverage`], compared with measured cells.
///
/// It is a Burn [`Module`] with the model's parameters under `model`, so optimisers, records and groups of parameters take it
/// as they take the model. A step traces no ray. With the feature `train` it has the training and the inference step
/// of Burn's learner (`burn::train`), whose metrics, terminal view and checkpoints then work.
///
/// Positions and vertices stay what the coverage was traced for.
#[derive(Module, Debug)]
pub struct Calibration<M> {
    /// What is trained.
    pub model: M,
    #[module(skip)]
    solver: RadioMapSolver,
    #[module(skip)]
    coverage: Coverage,
    #[module(skip)]
    loss: CalibrationLoss,
}

/// A loss and what it compares.
#[derive(Clone, Debug)]
pub struct CalibrationOutput {
    /// The loss, `[1]`.
    pub loss: Tensor<1>,
    /// Path gains of the model, linear, `[num_cells]`.
    pub predicted: Tensor<1>,
    /// Measured path gains, linear, `[num_cells]`.
    pub measured: Tensor<1>,
}

impl<M: CalibrationModel> Calibration<M> {
    /// A model in front of a coverage that `solver` has traced for its scene, with the [loss](CalibrationLoss) SMAPE.
    ///
    /// A coverage [restricted](Coverage::at_cells) to the measured cells makes steps cheap.
    pub fn new(model: M, solver: RadioMapSolver, coverage: Coverage) -> Self {
        Self { model, solver, coverage, loss: CalibrationLoss::default() }
    }

    /// Sets the loss.
    #[must_use]
    pub fn with_loss(mut self, loss: CalibrationLoss) -> Self {
        self.loss = loss;
        self
    }

    /// The map that the model predicts.
    ///
    /// # Errors
    ///
    /// As [`RadioMapSolver::evaluate`].
    pub fn predict(&self) -> Result<RadioMap, SolveError> {
        self.predict_with(self.model.tensors()?)
    }

    /// The map of other tensors than the model's, for example of the materials that somebody believes in.
    ///
    /// # Errors
    ///
    /// As [`RadioMapSolver::evaluate`].
    pub fn predict_with(&self, tensors: SceneTensors) -> Result<RadioMap, SolveError> {
        self.solver.evaluate(&self.coverage, tensors)
    }

    /// The loss over measured cells; differentiable in the model's parameters.
    ///
    /// # Errors
    ///
    /// As [`Self::predict`], and if a cell is not on the map.
    pub fn forward(&self, batch: &CellBatch) -> Result<CalibrationOutput, SolveError> {
        let predicted = batch.of(&self.predict()?)?;
        // By its values: moving a tensor keeps its autodiff settings, and a learner may have given the model others.
        let measured = Tensor::from_data(batch.path_gain().into_data(), &predicted.device());
        let loss = self.loss.between(predicted.clone(), measured.clone());
        Ok(CalibrationOutput { loss, predicted, measured })
    }
}
