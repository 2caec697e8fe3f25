//! A scene that is trained on measured cells through a kept coverage.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use emberwave::prelude::*;

use crate::common::world::{Slab, World};

fn room(epsilon: f64) -> Scene {
    let world = World::new().room([-4.0, -3.0, 0.0], [4.0, 3.0, 3.0], Slab::new(epsilon, 0.05, 0.1));
    world.scene().with_transmitter(Transmitter::new("tx", [1.0, 0.5, 2.0])).train()
}

fn solver() -> RadioMapSolver {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.0], [6.0, 4.0], [0.5, 0.5]);
    RadioMapSolverConfig::new().with_max_depth(2).with_measurement_surface(plane).init()
}

fn every_tenth(map: &RadioMap) -> Vec<MeasuredCell> {
    MeasuredCell::of_map(map).into_iter().step_by(10).collect()
}

#[test]
fn a_calibration_finds_the_permittivity_from_a_tenth_of_the_cells() {
    let cells = every_tenth(&solver().solve(&room(5.0)).expect("the scene can be solved"));
    for loss in [CalibrationLoss::Smape, CalibrationLoss::SquaredDecibels] {
        // In the same trough of the loss: the echo inside the wall makes many.
        let scene = room(5.2).train_materials().constrained();
        let coverage = solver().trace_coverage(&scene).expect("the scene can be traced");
        let coverage = coverage.at_cells(cells.iter().map(|measured| measured.cell));
        let batch = CellBatch::new(&cells, &scene.device()).expect("the cells are in range");
        let mut calibration = Calibration::new(scene, solver(), coverage).with_loss(loss);
        let mut optimiser = AdamConfig::new().init();
        for step in 0..150 {
            let output = calibration.forward(&batch).expect("the scene is valid");
            let gradients = GradientsParams::from_grads(output.loss.backward(), &calibration);
            calibration = optimiser.step(0.02 * 0.97_f64.powi(step), calibration, gradients);
        }
        let materials = calibration.model.current_materials().expect("valid");
        let (epsilon, sigma) = materials[0].properties(3.5e9).expect("a constant");
        assert!((epsilon - 5.0).abs() < 0.03 && (sigma - 0.05).abs() < 0.01, "{loss:?}: {epsilon}, {sigma}");
    }
}

#[test]
fn a_coverage_of_some_cells_has_the_values_and_gradients_of_the_whole_there() {
    let scene = room(4.0).train_materials();
    let coverage = solver().trace_coverage(&scene).expect("the scene can be traced");
    let cells = every_tenth(&solver().solve(&room(5.0)).expect("the scene can be solved"));
    let some = coverage.at_cells(cells.iter().map(|measured| measured.cell));
    assert!(5 * some.num_fragments() < coverage.num_fragments());
    let batch = CellBatch::new(&cells, &scene.device()).expect("the cells are in range");
    let [whole, some] = [coverage, some].map(|coverage| {
        let calibration = Calibration::new(scene.clone(), solver(), coverage);
        let output = calibration.forward(&batch).expect("the scene is valid");
        let gradients = GradientsParams::from_grads(output.loss.backward(), &calibration);
        let id = scene.material_parameters().relative_permittivity.id;
        let gradient = gradients.get::<1>(id).expect("it is trained").into_scalar::<f32>();
        (values(output.predicted), gradient)
    });
    assert!(whole.0.iter().zip(&some.0).all(|(a, b)| (a - b).abs() <= 1e-6 * a));
    assert!((whole.1 - some.1).abs() < 1e-5 * whole.1.abs(), "{} {}", whole.1, some.1);
}

#[test]
fn a_perfect_model_has_no_loss_and_a_validation_no_gradient() {
    let map = solver().solve(&room(5.0)).expect("the scene can be solved");
    let scene = room(5.0).train_materials();
    let coverage = solver().trace_coverage(&scene).expect("the scene can be traced");
    let calibration = Calibration::new(scene, solver(), coverage).valid();
    let device = calibration.model.device();
    let batch = CellBatch::new(&MeasuredCell::of_map(&map), &device).expect("the cells are in range");
    let output = calibration.forward(&batch).expect("the scene is valid");
    assert!(!output.loss.is_tracked());
    assert!(output.loss.into_scalar::<f32>() < 1e-5);
}

#[test]
fn cells_that_no_map_has_are_refused() {
    let device = Device::default();
    let cell = |transmitter, cell, path_gain| MeasuredCell { transmitter, cell, path_gain };
    let refused = |cells: &[MeasuredCell]| CellBatch::new(cells, &device).expect_err("refused").to_string();
    assert_eq!(refused(&[]), "radio map: measured cells must be at least one, but is none");
    let expected = "radio map: measured cells must be finite path gains above 0, but is ";
    assert_eq!(refused(&[cell(0, 1, 1e-9), cell(0, 2, 0.0)]), format!("{expected}0"));
    assert_eq!(refused(&[cell(0, 1, f32::NAN)]), format!("{expected}NaN"));

    let map = solver().solve(&room(5.0)).expect("the scene can be solved");
    let batch = CellBatch::new(&[cell(0, 96, 1e-9)], &device).expect("a cell of some map");
    let refused = batch.of(&map).expect_err("there are 96 cells").to_string();
    assert!(refused.contains("1 transmitters and 96 cells") && refused.contains("cell 96"), "{refused}");
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
