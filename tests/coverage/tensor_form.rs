//! A coverage evaluated by tensor operations: the second form, equal to the fused one, and differentiable in more.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use burn::tensor::{DType, Device, FloatDType, Int, Tensor, TensorData};
use emberwave::em::{ComplexTensor, rotation_matrices};
use emberwave::prelude::*;
use emberwave::solvers::{AntennaFunction, MaterialFunction, MaterialQuery, SolveError};
use glam::DVec3;

use crate::common::world::{Slab, World};
use crate::worlds::{FREQUENCY, tubes, values};

/// A closed room with a screen in it, two directional antennas, one of two polarisations and one horizontal.
fn scene() -> Scene {
    let concrete = Slab::CONCRETE.with_scattering(0.3);
    let plaster = Slab::new(3.0, 0.02, 0.05).with_scattering(0.5);
    let tx = |name: &str, position| Transmitter::new(name, position).with_pattern(AntennaPattern::Tr38901);
    World::new()
        .room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], concrete)
        .quad([[1.0, -1.0, 0.5], [1.0, 2.0, 0.5], [1.0, 2.0, 3.0], [1.0, -1.0, 3.0]], plaster)
        .scene()
        .with_frequency(FREQUENCY)
        .with_transmitter(
            tx("a", [-2.6, -0.7, 2.3]).with_polarization(Polarization::VH).with_look_at([4.0, 1.0, 1.0]),
        )
        .with_transmitter(
            tx("b", [3.0, 1.2, 2.8]).with_polarization(Polarization::H).with_look_at([0.0, 0.0, 0.5]),
        )
}

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.5, 0.5, 1.4], [7.0, 5.0], [0.5, 0.5]);
    tubes(3, plane.with_orientation([0.2, 0.1, -0.05])).with_target_error_db(Some(0.3))
}

fn with_statistics() -> RadioMapSolverConfig {
    options().with_delays(true).with_directions_of_arrival(true).with_directions_of_departure(true)
}

fn tensor_form(config: RadioMapSolverConfig) -> RadioMapSolver {
    config.with_execution(Execution::Wavefront).init()
}

/// The scene's tensors with its materials on a device and in an element type.
fn tensors(device: &Device, dtype: FloatDType) -> SceneTensors {
    let tensors = scene().tensors().expect("the scene is valid");
    let materials: Tensor<3> = Tensor::from_data(tensors.materials.clone().into_data(), (device, DType::F32));
    tensors.with_materials(materials.cast(dtype))
}

fn doubles<const D: usize>(tensor: &Tensor<D>, device: &Device) -> Tensor<D> {
    let data = TensorData::new(values(tensor.clone()), tensor.dims());
    Tensor::from_data(data, (device, DType::F64))
}

#[test]
fn values_are_those_of_the_fused_form() {
    let fused = with_statistics().init();
    let coverage = fused.trace_coverage(&scene()).expect("in range");
    let map = |solver: &RadioMapSolver, dtype| {
        solver.evaluate(&coverage, tensors(&Device::default(), dtype)).expect("it fits")
    };
    let expected = map(&fused, FloatDType::F32);
    let gains = values(expected.path_gain());
    let brightest = gains.iter().fold(0.0, |a: f64, &b| a.max(b));
    assert!(gains.iter().all(|&gain| gain > 0.0));
    for dtype in [FloatDType::F32, FloatDType::F64] {
        let found = map(&tensor_form(with_statistics()), dtype);
        for (cell, (a, b)) in gains.iter().zip(values(found.path_gain())).enumerate() {
            let tolerance = 1e-5 * a.max(1e-4 * brightest);
            assert!((a - b).abs() <= tolerance, "cell {cell}: fused {a}, tensors {b} ({dtype:?})");
        }
        for (quantity, (a, b)) in statistics(&expected).iter().zip(statistics(&found)).enumerate() {
            for (cell, (a, b)) in a.iter().zip(b).enumerate() {
                let tolerance = 1e-4 * a.abs().max(1.0);
                assert!((a - b).abs() <= tolerance, "quantity {quantity}, {cell}: {a} and {b}");
            }
        }
    }
}

fn statistics(map: &RadioMap) -> Vec<Vec<f64>> {
    let times = [map.mean_delay(), map.rms_delay_spread()].map(|time| time.expect("asked for") * 1e9);
    let means = [map.mean_direction_of_arrival(), map.mean_direction_of_departure()];
    let spreads = [map.direction_spread_of_arrival(), map.direction_spread_of_departure()];
    let means = means.into_iter().map(|mean| values(mean.expect("asked for")));
    let spreads = spreads.into_iter().map(|spread| values(spread.expect("asked for")));
    times.into_iter().map(values).chain(means).chain(spreads).collect()
}

/// A loss that weighs every cell and quantity differently.
fn loss(map: &RadioMap) -> Tensor<1> {
    let gain = map.path_gain().mul_scalar(1e6);
    let count = gain.shape().num_elements() as i64;
    let weights = Tensor::<1, Int>::arange(0..count, &gain.device()).float();
    let dtype = if gain.dtype() == DType::F64 { FloatDType::F64 } else { FloatDType::F32 };
    let weights = weights.cast(dtype).mul_scalar(0.7).sin().add_scalar(1.5).reshape(gain.dims());
    let loss = (gain * weights.clone()).sum();
    let spreads = [
        map.rms_delay_spread().map(|spread| spread.mul_scalar(1e8)),
        map.direction_spread_of_arrival(),
        map.direction_spread_of_departure(),
    ];
    spreads.into_iter().flatten().fold(loss, |loss, spread| loss + (spread * weights.clone()).sum())
}

#[test]
fn gradients_by_materials_are_those_of_the_fused_form() {
    for config in [options(), with_statistics()] {
        let fused = config.clone().init();
        let coverage = fused.trace_coverage(&scene()).expect("in range");
        let gradient = |solver: &RadioMapSolver, dtype| {
            let tensors = tensors(&Device::default().autodiff(), dtype);
            let materials = tensors.materials.clone().require_grad();
            let map = solver.evaluate(&coverage, tensors.with_materials(materials.clone())).expect("it fits");
            values(materials.grad(&loss(&map).backward()).expect("the materials have a gradient"))
        };
        let expected = gradient(&fused, FloatDType::F32);
        let found = gradient(&tensor_form(config), FloatDType::F64);
        for (entry, (a, b)) in expected.iter().zip(&found).enumerate() {
            let (material, column) = (entry / 8, entry % 8);
            let largest = expected.iter().skip(column).step_by(8).fold(0.0, |a: f64, b| a.max(b.abs()));
            assert!(largest > 0.0 || column > 3, "column {column} matters");
            assert!((a - b).abs() <= 1e-4 * largest, "{material}, {column}: fused {a}, tensors {b}");
        }
    }
}

/// Compares derivatives of the loss, in f64, with central differences in some elements.
fn assert_derivatives<const D: usize>(
    leaf: Tensor<D>,
    step: f64,
    with: impl Fn(SceneTensors, Tensor<D>) -> SceneTensors,
) {
    let solver = tensor_form(with_statistics());
    let coverage = solver.trace_coverage(&scene()).expect("in range");
    let device = Device::default().autodiff();
    let value = |leaf: Tensor<D>| {
        let tensors = with(tensors(&device, FloatDType::F64), leaf);
        loss(&solver.evaluate(&coverage, tensors).expect("it fits"))
    };
    let leaf = doubles(&leaf, &device).require_grad();
    let found = values(leaf.grad(&value(leaf.clone()).backward()).expect("it has a gradient"));
    let at = values(leaf.clone());
    let shifted = |element: usize, by: f64| {
        let mut at = at.clone();
        at[element] += by;
        let leaf = Tensor::from_data(TensorData::new(at, leaf.dims()), (&device, DType::F64));
        value(leaf).into_scalar::<f64>()
    };
    let differences = |element| (shifted(element, step) - shifted(element, -step)) / (2.0 * step);
    let expected: Vec<f64> = (0..at.len()).map(differences).collect();
    let largest = expected.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
    println!("{found:?}\n{expected:?}");
    assert!(largest > 1e-2);
    for (a, b) in found.iter().zip(&expected) {
        assert!((a - b).abs() <= 1e-3 * largest, "{a} where finite differences give {b}");
    }
}

#[test]
fn derivatives_by_the_wavenumber_match_finite_differences() {
    let wavenumber = tensors(&Device::default(), FloatDType::F32).wavenumber;
    assert_derivatives(wavenumber, 1e-3, |mut tensors, wavenumber| {
        tensors.wavenumber = wavenumber;
        tensors
    });
}

#[test]
fn derivatives_by_orientations_match_finite_differences() {
    let of = |tx: &Transmitter| tx.orientation;
    let orientations: Vec<f64> = scene().transmitters().iter().flat_map(of).collect();
    let orientations = Tensor::from_data(TensorData::new(orientations, [2, 3]), &Device::default());
    assert_derivatives(orientations, 1e-4, |tensors, orientations: Tensor<2>| {
        let positions = doubles(&tensors.sources, &orientations.device()).narrow(1, 0, 3);
        let rotations = rotation_matrices(orientations).reshape([2, 9]);
        tensors.with_sources(Tensor::cat(vec![positions, rotations], 1))
    });
}

#[test]
fn derivatives_by_port_weights_match_finite_differences() {
    let precoding = tensors(&Device::default(), FloatDType::F32).precoding;
    assert_derivatives(precoding, 1e-4, |mut tensors, precoding| {
        tensors.precoding = precoding;
        tensors
    });
}

/// Coordinates of a triangle's corners.
fn corners(scene: &Scene, triangle: usize) -> [DVec3; 3] {
    let tensors = scene.tensors().expect("valid");
    let vertices = values(tensors.vertices);
    tensors.topology.triangles()[triangle].map(|vertex| DVec3::from_slice(&vertices[3 * vertex as usize..]))
}

#[test]
fn a_function_in_place_of_materials_gives_their_map_and_is_asked_where_paths_meet_walls() {
    let solver = tensor_form(options());
    let coverage = solver.trace_coverage(&scene()).expect("in range");
    let tensors = || tensors(&Device::default(), FloatDType::F64);
    let table: Tensor<2> = tensors().materials.squeeze_dim(0);
    let queries = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&queries);
    let constant: MaterialFunction = Arc::new(move |query: MaterialQuery| {
        let places = values(query.positions);
        let triangles = query.triangles.into_data().iter::<i64>().collect::<Vec<_>>();
        sink.lock().expect("no panic").push((places, triangles));
        table.clone().select(0, query.materials)
    });
    let map =
        |solver: &RadioMapSolver| values(solver.evaluate(&coverage, tensors()).expect("it fits").path_gain());
    assert_eq!(map(&solver.clone().with_material_function(constant)), map(&solver));
    let triangles: Vec<_> = (0..14).map(|triangle| corners(&scene(), triangle)).collect();
    let (mut count, mut beside) = (0, 0);
    for (places, asked) in queries.lock().expect("no panic").iter() {
        for (place, &triangle) in places.chunks_exact(3).map(DVec3::from_slice).zip(asked) {
            let [a, b, c] = triangles[triangle as usize];
            let normal = (b - a).cross(c - a);
            let part = |from: DVec3, to: DVec3| {
                (to - from).cross(place - from).dot(normal) / normal.length_squared()
            };
            assert!((place - a).dot(normal.normalize()).abs() < 1e-4, "{place} is off {triangle}");
            count += 1;
            beside += usize::from(part(a, b).min(part(b, c)).min(part(c, a)) < -1e-3);
        }
    }
    println!("{beside} of {count} places are beside their triangle");
    assert_eq!(count as u64, coverage.num_interactions());
    assert!(100 * beside < count);
}

#[test]
fn a_function_in_place_of_antennas_radiates() {
    let solver = tensor_form(options());
    let scene = scene().without_transmitters().with_transmitter(Transmitter::new("tx", [-2.6, -0.7, 2.3]));
    let isotropic: AntennaFunction = Arc::new(|_: usize, local: Tensor<2>| {
        let zero = ComplexTensor::from_real(local.narrow(1, 0, 1).squeeze_dim::<1>(1).mul_scalar(0.0));
        let one = ComplexTensor::new(zero.re.clone().add_scalar(1.0), zero.im.clone());
        [one, zero]
    });
    let expected = values(solver.solve(&scene).expect("in range").path_gain());
    let found = solver.with_antenna_function(isotropic).solve(&scene).expect("in range");
    for (a, b) in expected.iter().zip(values(found.path_gain())) {
        assert!((a - b).abs() <= 1e-5 * a, "{a} and {b}");
    }
}

#[test]
fn a_monitor_ends_an_evaluation() {
    let coverage = options().init().trace_coverage(&scene()).expect("in range");
    let cancelling = Monitor::with_callback(|_| ControlFlow::Break(()));
    let solver = tensor_form(options()).with_monitor(Arc::new(cancelling));
    let result = solver.evaluate(&coverage, tensors(&Device::default(), FloatDType::F32));
    assert!(matches!(result, Err(SolveError::Cancelled)));
}

#[test]
fn line_of_sight_without_walls_is_equal() {
    let scene =
        World::new().scene().with_frequency(FREQUENCY).with_transmitter(Transmitter::new("tx", [0.0; 3]));
    // Its middle cell holds the transmitter: paths of millimetres, whose lengths have fewer digits in f32.
    let plane = MeasurementPlane::new([0.0; 3], [5.0, 3.0], [1.0, 1.0]);
    let config = tubes(2, plane.with_orientation([0.3, 0.2, 0.1]));
    let map = |solver: RadioMapSolver| values(solver.solve(&scene).expect("in range").path_gain());
    for (a, b) in map(config.clone().init()).iter().zip(map(tensor_form(config))) {
        assert!((a - b).abs() <= 1e-4 * a, "fused {a}, tensors {b}");
    }
}

#[test]
fn surfaces_that_only_scatter_have_finite_gradients() {
    let floor = World::new().floor(0.0, 30.0, Slab::CONCRETE.with_scattering(1.0)).scene();
    let scene = floor.with_frequency(FREQUENCY).with_transmitter(Transmitter::new("tx", [1.0, 0.0, 5.0]));
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [6.0, 4.0], [2.0, 2.0]);
    let tensors = scene.tensors().expect("valid");
    let materials = Tensor::from_data(tensors.materials.clone().into_data(), &Device::default().autodiff());
    let materials: Tensor<3> = materials.require_grad();
    let solver = tensor_form(tubes(1, plane));
    let map = solver.solve_tensors(tensors.with_materials(materials.clone())).expect("in range");
    let gradient = values(materials.grad(&loss(&map).backward()).expect("the materials have a gradient"));
    assert!(gradient.iter().all(|slope| slope.is_finite()), "{gradient:?}");
}
