//! Derivatives by the entries of tabulated patterns, and tables as parameters of a scene.

use std::sync::Arc;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use emberwave::em::ComplexTensor;
use emberwave::prelude::*;
use emberwave::solvers::AntennaFunction;

use crate::common::tables::{elliptic, sampled};
use crate::common::world::{Slab, World};

const SHAPE: [usize; 2] = [7, 10];

/// Two transmitters with tables of their own, and one that shares.
fn scene(device: &Device) -> Scene {
    let (first, second) = (elliptic(SHAPE), sampled(AntennaPattern::Tr38901, SHAPE));
    let floor = Slab::new(4.0, 0.05, 0.06).with_scattering(0.3);
    let wall = Slab::new(6.0, 0.12, 0.09);
    let at = |name: &str, position| Transmitter::new(name, position).with_orientation([0.3, 0.2, -0.1]);
    let cross = at("a", [-4.0, 1.0, 5.0]).with_polarization(Polarization::Cross);
    let cross = cross.with_polarization_model(PolarizationModel::One);
    World::new()
        .floor(0.0, 30.0, floor)
        .wall_at_x(9.0, 30.0, wall)
        .scene_on(device)
        .with_transmitter(cross.with_pattern(first.clone()))
        .with_transmitter(at("b", [2.0, -3.0, 7.0]).with_pattern(second))
        .with_transmitter(at("c", [1.0, 4.0, 6.0]).with_pattern(first))
}

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 12.0], [2.0, 2.0]);
    RadioMapSolverConfig::new().with_max_depth(2).with_measurement_surface(plane)
}

/// Linear in the path gains, with weights of its own for every cell.
fn loss(map: &RadioMap) -> Tensor<1> {
    let gain = map.path_gain() * 1e6;
    let weights = Tensor::arange(0..gain.shape().num_elements() as i64, &gain.device()).float();
    let weights = (weights * 0.7).sin().reshape(gain.dims()) + 1.5;
    (gain * weights).sum()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// The derivatives by all entries, and central differences of some of them, which are exact as the loss is quadratic.
fn assert_gradient_matches(solve: impl Fn(SceneTensors) -> RadioMap) {
    let tensors = scene(&Device::default().autodiff()).tensors().expect("valid");
    let tables = tensors.pattern_tables.clone().require_grad();
    let map = solve(tensors.clone().with_pattern_tables(tables.clone()));
    let found = values(tables.grad(&loss(&map).backward()).expect("tables have a gradient"));
    let at = values(tables.clone());
    let shifted = |entry: usize, by: f64| {
        let mut at = at.clone();
        at[entry] += by;
        let at: Vec<f32> = at.into_iter().map(|x| x as f32).collect();
        let tables = Tensor::from_data(TensorData::new(at, tables.dims()), &Device::default().autodiff());
        values(loss(&solve(tensors.clone().with_pattern_tables(tables))))[0]
    };
    let largest = found.iter().fold(0.0_f64, |most, slope| most.max(slope.abs()));
    let mut checked = 0;
    for entry in (0..found.len()).step_by(3) {
        let step = 0.5;
        let expected = (shifted(entry, step) - shifted(entry, -step)) / (2.0 * step);
        checked += usize::from(expected.abs() > 1e-2 * largest);
        assert!((found[entry] - expected).abs() < 3e-4 * largest, "{entry}: {} {expected}", found[entry]);
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn derivatives_by_entries_match_differences_for_rays() {
    let solver = options().with_samples_per_tx(50_000).with_reconstruction(Reconstruction::Cell).init();
    assert_gradient_matches(|tensors| solver.solve_tensors(tensors).expect("in range"));
}

#[test]
fn derivatives_by_entries_match_differences_for_a_kept_coverage() {
    let solver = options().with_reconstruction(Reconstruction::Tubes).init();
    let coverage = solver.trace_coverage(&scene(&Device::default())).expect("in range");
    assert_gradient_matches(|tensors| solver.evaluate(&coverage, tensors).expect("it fits"));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let bits = |threads: usize, reconstruction| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let scene = scene(&Device::default().autodiff()).train_pattern_tables();
            let solver = options().with_samples_per_tx(60_000).with_reconstruction(reconstruction).init();
            let gradients = loss(&solver.solve(&scene).expect("in range")).backward();
            let gradients = GradientsParams::from_grads(gradients, &scene);
            let tables = scene.transmitter_parameters().pattern_tables.as_ref().expect("there are tables");
            let gradient = gradients.get::<4>(tables.id).expect("tables have a gradient").into_data();
            gradient.iter::<f32>().map(f32::to_bits).collect::<Vec<_>>()
        })
    };
    for reconstruction in [Reconstruction::Cell, Reconstruction::Tubes] {
        let one = bits(1, reconstruction);
        assert!(one.iter().any(|&bits| f32::from_bits(bits) != 0.0));
        assert!(bits(2, reconstruction) == one && bits(3, reconstruction) == one);
    }
}

#[test]
fn a_table_is_learned_from_a_map() {
    let device = Device::default().autodiff();
    let solver = options().with_reconstruction(Reconstruction::Tubes).init();
    let truth = solver.solve(&scene(&Device::default())).expect("in range");
    let truth = Tensor::<3>::from_data(truth.path_gain_db().into_data(), &device);
    let constant = PatternTable::from_gains_dbi(SHAPE, vec![0.0; 70]);
    let mut scene = scene(&device);
    let transmitters: Vec<_> = scene.transmitters().to_vec();
    scene = scene.without_transmitters();
    for tx in transmitters {
        scene = scene.with_transmitter(tx.with_pattern(constant.clone()));
    }
    scene = scene.train_pattern_tables();
    let coverage = solver.trace_coverage(&scene).expect("in range");
    let mut optimizer = AdamConfig::new().init();
    let mut losses = Vec::new();
    for _ in 0..60 {
        let map = solver.evaluate(&coverage, scene.tensors().expect("valid")).expect("it fits");
        let loss = (map.path_gain_db() - truth.clone()).square().mean();
        losses.push(values(loss.clone())[0]);
        let gradients = GradientsParams::from_grads(loss.backward(), &scene);
        scene = optimizer.step(0.05, scene, gradients);
    }
    println!("{} to {}", losses[0], losses[59]);
    assert!(losses[59] < 0.5 * losses[0]);
    let learned = scene.current_transmitters().expect("in range");
    assert!(learned[0].pattern != scene.transmitters()[0].pattern);
    assert_eq!(learned[0].pattern, learned[2].pattern);
}

#[test]
fn tables_are_saved_and_loaded_as_parameters() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("parameters.bpk");
    let trained = {
        let scene = scene(&Device::default().autodiff()).train_pattern_tables();
        let solver = options().with_reconstruction(Reconstruction::Tubes).init();
        let map = solver.solve(&scene).expect("in range");
        let gradients = GradientsParams::from_grads(loss(&map).backward(), &scene);
        assert_eq!(gradients.len(), 1);
        AdamConfig::new().init().step(0.1, scene, gradients)
    };
    trained.save_parameters(&path).expect("saved");
    let loaded = scene(&Device::default()).load_parameters(&path).expect("loaded");
    let tables = |scene: &Scene| values(scene.tensors().expect("valid").pattern_tables);
    assert_eq!(tables(&loaded), tables(&trained));
    assert_ne!(tables(&loaded), tables(&scene(&Device::default())));
    // Nothing is trained after no_grad, and a scene with other tables refuses the file.
    assert!(!trained.no_grad().tensors().expect("valid").pattern_tables.is_tracked());
    let named = Transmitter::new("a", [0.0, 0.0, 4.0]);
    let other = scene(&Device::default()).without_transmitters().with_transmitter(named);
    assert_eq!(other.load_parameters(&path).expect_err("refused").to_string().lines().count(), 1);
}

#[test]
fn positions_orientations_and_powers_are_trained_without_tables() {
    let scene = scene(&Device::default().autodiff()).train_transmitters();
    let tensors = scene.tensors().expect("valid");
    assert!(
        tensors.sources.is_tracked() && tensors.power.is_tracked() && !tensors.pattern_tables.is_tracked()
    );
}

#[test]
fn a_function_in_place_of_antennas_leaves_tables_without_a_gradient() {
    let tensors = scene(&Device::default().autodiff()).train_pattern_tables().tensors().expect("valid");
    let isotropic: AntennaFunction = Arc::new(|_: usize, local: Tensor<2>| {
        let one = ComplexTensor::from_real(local.narrow(1, 0, 1).squeeze_dim::<1>(1).ones_like());
        [one.clone(), one.mul_scalar(0.0)]
    });
    let solver = options().with_execution(Execution::Wavefront).init();
    assert!(solver.gradient_warnings(&tensors).is_empty());
    let warnings = solver.with_antenna_function(isotropic).gradient_warnings(&tensors);
    assert_eq!(warnings, ["the gradient by pattern tables is 0: a function stands in for antennas"]);
}
