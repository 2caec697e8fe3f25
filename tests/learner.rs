//! A calibration in the learner of burn-train. Needs the feature `train`: `cargo test --features train --test learner`.

#[path = "common/mod.rs"]
mod common;

use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::lr_scheduler::constant::ConstantLr;
use burn::module::Module;
use burn::optim::AdamConfig;
use burn::tensor::Device;
use burn::train::logger::InMemoryMetricLogger;
use burn::train::metric::LossMetric;
use burn::train::{Learner, SupervisedTraining};
use common::world::{Slab, World};
use emberwave::prelude::*;
use emberwave::solvers::CellBatcher;

fn room(epsilon: f64) -> Scene {
    let world = World::new().room([-4.0, -3.0, 0.0], [4.0, 3.0, 3.0], Slab::new(epsilon, 0.05, 0.1));
    world.scene().with_transmitter(Transmitter::new("tx", [1.0, 0.5, 2.0])).train()
}

fn loader(cells: Vec<MeasuredCell>, device: &Device) -> Arc<dyn DataLoader<CellBatch>> {
    let loader = DataLoaderBuilder::new(CellBatcher).batch_size(12).shuffle(7).set_device(device.clone());
    loader.build(InMemDataset::new(cells))
}

fn permittivity(scene: &Scene) -> f64 {
    scene.current_materials().expect("valid")[0].properties(3.5e9).expect("a constant").0
}

#[test]
fn the_learner_trains_a_scene_with_metrics_and_checkpoints() {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.0], [6.0, 4.0], [1.0, 1.0]);
    let solver = RadioMapSolverConfig::new().with_max_depth(2).with_measurement_surface(plane).init();
    let truth = solver.solve(&room(5.0)).expect("the scene can be solved");
    let cells = MeasuredCell::of_map(&truth);
    let scene = room(5.3).train_materials().constrained();
    let coverage = solver.trace_coverage(&scene).expect("the scene can be traced");
    let device = scene.device();
    let calibration = Calibration::new(scene, solver, coverage);
    let before = permittivity(&calibration.model);

    let directory = tempfile::tempdir().expect("a directory");
    let train = |epochs: usize, checkpointing: bool| {
        let training = SupervisedTraining::new(
            directory.path(),
            loader(cells.clone(), &device),
            loader(cells.clone(), &device),
        )
        .metric_train_numeric(LossMetric::new())
        .metric_valid_numeric(LossMetric::new())
        .with_metric_logger(InMemoryMetricLogger::new())
        .with_application_logger(None)
        .with_default_checkpointers()
        .num_epochs(epochs);
        if checkpointing { training.gradient_checkpointing() } else { training }
    };
    let learner = || Learner::new(calibration.clone(), AdamConfig::new().init(), ConstantLr::new(0.02));
    let result = train(10, false).launch(learner());
    assert!(result.error.is_none(), "{:?}", result.error);
    let after = permittivity(&result.model.model);
    assert!((after - 5.0).abs() < 0.5 * (before - 5.0).abs(), "ε_r {before} → {after}");

    // A second learner continues where a checkpoint of the first ended, with gradient checkpointing.
    let result = train(12, true).checkpoint(10).launch(learner());
    assert!(result.error.is_none(), "{:?}", result.error);
    let resumed = permittivity(&result.model.model);
    assert!((resumed - 5.0).abs() < (after - 5.0).abs() + 0.1, "ε_r {after} → {resumed}");
}
