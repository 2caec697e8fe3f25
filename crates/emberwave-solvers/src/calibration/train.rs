//! The training steps of Burn's learner.

use burn::backend::ExecutionError;
use burn::data::dataloader::batcher::Batcher;
use burn::module::ModuleDisplay;
use burn::tensor::Device;
use burn::train::metric::{Adaptor, LossInput};
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};

use super::{Calibration, CalibrationModel, CalibrationOutput, CellBatch, MeasuredCell};

/// Puts measured cells into batches.
#[derive(Clone, Copy, Debug, Default)]
pub struct CellBatcher;

impl Batcher<MeasuredCell, CellBatch> for CellBatcher {
    /// # Panics
    ///
    /// As [`CellBatch::new`] refuses.
    fn batch(&self, items: Vec<MeasuredCell>, device: &Device) -> CellBatch {
        CellBatch::new(&items, device).unwrap_or_else(|refused| panic!("{refused}"))
    }
}

impl<M: CalibrationModel + ModuleDisplay> Calibration<M> {
    fn output(&self, batch: &CellBatch) -> CalibrationOutput {
        self.forward(batch).unwrap_or_else(|refused| panic!("{refused}"))
    }
}

impl<M: CalibrationModel + ModuleDisplay> TrainStep for Calibration<M> {
    type Input = CellBatch;
    type Output = CalibrationOutput;

    /// # Panics
    ///
    /// As [`Calibration::forward`] refuses: the learner's steps have no errors of their own.
    fn step(&self, batch: CellBatch) -> TrainOutput<CalibrationOutput> {
        let output = self.output(&batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl<M: CalibrationModel + ModuleDisplay> InferenceStep for Calibration<M> {
    type Input = CellBatch;
    type Output = CalibrationOutput;

    /// # Panics
    ///
    /// As [`Calibration::forward`] refuses.
    fn step(&self, batch: CellBatch) -> CalibrationOutput {
        self.output(&batch)
    }
}

impl ItemLazy for CalibrationOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.loss.device().flush()?;
        let [loss, predicted, measured] =
            [self.loss, self.predicted, self.measured].map(|tensor| tensor.without_autodiff());
        Ok(Self { loss, predicted, measured })
    }
}

impl Adaptor<LossInput> for CalibrationOutput {
    fn adapt(&self) -> LossInput {
        LossInput::new(self.loss.clone())
    }
}
