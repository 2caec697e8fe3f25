//! Functions in place of materials and antennas, and gradients that only the wavefront form has.

use std::sync::Arc;

use burn::tensor::{DType, Device, FloatDType, Tensor};
use emberwave::prelude::*;
use emberwave::solvers::{MaterialFunction, MaterialQuery};

use crate::common::world::config;
use crate::scenes::{corner, tensors};

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 10.0], [2.0, 2.0]);
    config(30_000, 2, plane).with_execution(Execution::Wavefront)
}

fn gains(map: &RadioMap) -> Vec<f64> {
    map.path_gain().into_data().iter::<f64>().collect()
}

#[test]
fn a_material_function_that_changes_nothing_changes_nothing() {
    let same: MaterialFunction = Arc::new(|query: MaterialQuery| query.rows);
    let solver = options().init();
    let expected = gains(&solver.solve(&corner()).expect("the scene can be solved"));
    let found = solver.with_material_function(same).solve(&corner()).expect("the scene can be solved");
    assert_eq!(gains(&found), expected);
}

#[test]
fn a_material_function_has_gradients() {
    let device = Device::default().autodiff();
    let slope = Tensor::<1>::from_data([0.02], &device).require_grad();
    let value = |slope: Tensor<1>| {
        // A permittivity that grows across the scene.
        let material: MaterialFunction = Arc::new(move |query: MaterialQuery| {
            let x = query.positions.narrow(1, 0, 1).add_scalar(30.0);
            let eta = query.rows.clone().narrow(1, 0, 1) + x * slope.clone().unsqueeze_dim(0);
            Tensor::cat(vec![eta, query.rows.narrow(1, 1, 7)], 1)
        });
        let tensors = tensors(&corner(), &device, FloatDType::F64);
        let map = options().init().with_material_function(material).solve_tensors(tensors);
        map.expect("the scene can be solved").path_gain().sum().mul_scalar(1e6)
    };
    let slope = slope.cast(FloatDType::F64).detach().require_grad();
    let gradients = value(slope.clone()).backward();
    let found = slope.grad(&gradients).expect("the slope has a gradient").into_scalar::<f64>();
    let at = |by: f64| value(slope.clone().detach().add_scalar(by)).into_scalar::<f64>();
    let expected = (at(1e-4) - at(-1e-4)) / 2e-4;
    assert!((found - expected).abs() <= 1e-5 * expected.abs(), "{found} and {expected}");
    assert!(expected.abs() > 1e-6);
}

#[test]
fn functions_need_the_wavefront_form() {
    let same: MaterialFunction = Arc::new(|query: MaterialQuery| query.rows);
    let solver = options().with_execution(Execution::Fused).init().with_material_function(same);
    let error = solver.solve(&corner()).expect_err("the fused kernel calls no functions");
    assert!(error.to_string().contains("execution must be wavefront"), "{error}");
}

#[test]
fn an_antenna_function_radiates() {
    use emberwave::em::ComplexTensor;
    let isotropic = |_: usize, local: Tensor<2>| {
        let zero = ComplexTensor::from_real(local.narrow(1, 0, 1).squeeze_dim::<1>(1).mul_scalar(0.0));
        let one = ComplexTensor::new(zero.re.clone().add_scalar(1.0), zero.im.clone());
        [one, zero]
    };
    let tx = Transmitter::new("tx", [-4.0, 1.0, 5.0]).with_pattern(AntennaPattern::Isotropic);
    let scene = corner().without_transmitters().with_transmitter(tx);
    let expected = gains(&options().init().solve(&scene).expect("the scene can be solved"));
    let solver = options().init().with_antenna_function(Arc::new(isotropic));
    let found = gains(&solver.solve(&scene).expect("the scene can be solved"));
    for (a, b) in expected.iter().zip(&found) {
        assert!((a - b).abs() <= 1e-5 * a, "{a} and {b}");
    }
}

fn tracked<const D: usize>(tensor: Tensor<D>, device: &Device) -> Tensor<D> {
    let data = tensor.cast(FloatDType::F64).into_data();
    Tensor::from_data(data, (device, DType::F64)).require_grad()
}

/// What the fused kernel has no derivatives by: sources and port weights.
#[test]
fn every_input_has_gradients() {
    let device = Device::default().autodiff();
    // A single kind of event, so that nothing is drawn and differences of the same rays are exact.
    let config = options().with_refraction(false);
    let value = |tensors: SceneTensors| {
        let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
        // Whole maps, because a ray may move from cell to cell.
        map.path_gain().sum().mul_scalar(1e6)
    };
    let base = || tensors(&corner(), &device, FloatDType::F64);
    let weights = tracked(base().precoding, &device);
    let sources = tracked(base().sources, &device);
    let with = |weights: Tensor<4>, sources: Tensor<2>| {
        let mut tensors = base().with_sources(sources);
        tensors.precoding = weights;
        value(tensors)
    };
    let gradients = with(weights.clone(), sources.clone()).backward();
    let by_weights = weights.grad(&gradients).expect("the weights have a gradient");
    let by_sources = sources.grad(&gradients).expect("the sources have a gradient");
    let along = |by: f64| {
        let scaled = |t: Tensor<4>| t.detach().mul_scalar(1.0 + by);
        with(scaled(weights.clone()), sources.clone().detach()).into_scalar::<f64>()
    };
    let expected = (along(1e-4) - along(-1e-4)) / 2e-4;
    let found = (by_weights * weights.clone().detach().inner()).sum().into_scalar::<f64>();
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "weights: {found} and {expected}");
    // Nine columns of the rotation, along the first transmitter's own turn about z.
    let turned = |by: f64| {
        let (sin, cos) = by.sin_cos();
        let turn = Tensor::<2>::from_data([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]], &device);
        let place = sources.clone().detach().narrow(1, 0, 3);
        let rotation = sources.clone().detach().narrow(1, 3, 9).reshape([2, 3, 3]);
        let turned = turn.cast(FloatDType::F64).unsqueeze_dim::<3>(0).expand([2, 3, 3]).matmul(rotation);
        Tensor::cat(vec![place, turned.reshape([2, 9])], 1)
    };
    let at = |by: f64| with(weights.clone().detach(), turned(by)).into_scalar::<f64>();
    let expected = (at(1e-3) - at(-1e-3)) / 2e-3;
    let tangent = (turned(1e-3) - turned(-1e-3)).div_scalar(2e-3).inner();
    let found = (by_sources * tangent).sum().into_scalar::<f64>();
    assert!((found - expected).abs() <= 1e-3 * expected.abs(), "sources: {found} and {expected}");
    assert!(expected.abs() > 1e-4);
}
