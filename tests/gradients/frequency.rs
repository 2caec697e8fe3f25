//! Derivatives by the frequency, with the materials that follow it.

use burn::tensor::{DType, Device, Tensor};
use emberwave::prelude::*;

const FREQUENCY: f64 = 3.5e9;

/// A street of thin slabs: two of ITU classes with steep laws, and a constant with losses.
fn scene(device: &Device) -> Scene {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/street_canyon/street_canyon.xml");
    let mut scene = Scene::load(path, device).expect("the scene can be read").with_frequency(FREQUENCY);
    let itu = |class: &str| Permittivity::Itu { class: class.to_owned() };
    let constant = Permittivity::Constant { relative_permittivity: 3.7, conductivity: 0.6 };
    let slabs = [(itu("wet_ground"), 0.01), (itu("medium_dry_ground"), 0.02), (constant, 0.03)];
    let materials = scene.materials().to_vec();
    for (material, (permittivity, thickness)) in materials.into_iter().zip(slabs) {
        let material = RadioMaterial { permittivity, thickness, ..material };
        scene = scene.with_material(material).expect("in range");
    }
    scene.with_transmitter(Transmitter::new("tx", [-5.0, 2.0, 8.0]).with_polarization(Polarization::VH))
}

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [60.0, 16.0], [4.0, 4.0]);
    RadioMapSolverConfig::new().with_max_depth(2).with_los(false).with_measurement_surface(plane)
}

/// Logarithms near 0, which keep the digits of differences, against their mean, in which the common factor λ² is lost; all
/// weighed differently.
fn loss(map: &RadioMap) -> Tensor<1> {
    let gains = (map.path_gain() * 1e8 + 1e-6).log();
    let weights = Tensor::arange(0..gains.shape().num_elements() as i64, &gains.device()).float();
    let weights = (weights * 0.7).sin().reshape(gains.dims()) + 1.5;
    let mean = gains.clone().mean().reshape([1, 1, 1]);
    ((gains - mean) * weights).sum()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

fn frequency(device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data([FREQUENCY], (device, dtype)).require_grad()
}

/// The derivative by the logarithm of the frequency, and central differences of whole scenes.
fn assert_slope_matches(solve: impl Fn(SceneTensors) -> RadioMap) {
    let device = Device::default().autodiff();
    let frequency = frequency(&device, DType::F32);
    let tensors = scene(&device).tensors_at(frequency.clone()).expect("valid");
    let gradients = loss(&solve(tensors)).backward();
    let found = values(frequency.grad(&gradients).expect("it has a gradient"))[0] * FREQUENCY;
    let step = 4e-3;
    let at = |by: f64| {
        let scene = scene(&Device::default()).with_frequency(FREQUENCY * (1.0 + by));
        values(loss(&solve(scene.tensors().expect("valid"))))[0]
    };
    let expected = (at(step) - at(-step)) / (2.0 * step);
    // What the wavenumber alone has.
    let tensors = scene(&device).tensors().expect("valid");
    let wavenumber = tensors.wavenumber.clone().require_grad();
    let gradients = loss(&solve(tensors.with_wavenumber(wavenumber.clone()))).backward();
    let slope = values(wavenumber.grad(&gradients).expect("it has a gradient"))[0];
    let alone = slope * values(wavenumber)[0];
    println!("{found:.4} and {expected:.4}, {alone:.4} without materials");
    assert!((found - expected).abs() < 5e-3 * expected.abs(), "{found} {expected}");
    assert!((alone - expected).abs() > 5e-2 * expected.abs(), "materials must matter: {alone} {expected}");
}

#[test]
fn derivatives_of_a_kept_coverage_match_differences_of_whole_scenes() {
    let solver = options().with_reconstruction(Reconstruction::Tubes).init();
    let coverage = solver.trace_coverage(&scene(&Device::default())).expect("in range");
    assert_slope_matches(|tensors| solver.evaluate(&coverage, tensors).expect("it fits"));
}

#[test]
fn derivatives_of_rays_match_differences_of_whole_scenes() {
    // With one kind of event nothing is drawn that would depend on the frequency.
    let solver = options().with_refraction(false).with_samples_per_tx(100_000).init();
    assert_slope_matches(|tensors| solver.solve_tensors(tensors).expect("in range"));
}

#[test]
fn values_are_those_of_the_scene_at_the_frequency() {
    let device = Device::default().autodiff();
    let at = scene(&device).with_frequency(7e9);
    let expected = at.tensors().expect("valid");
    for dtype in [DType::F32, DType::F64] {
        let frequency = Tensor::<1>::from_data([7e9], (&device, dtype));
        for frequency in [frequency.clone(), frequency.require_grad()] {
            let found = scene(&device).tensors_at(frequency).expect("valid");
            assert_eq!(values(found.materials), values(expected.materials.clone()));
            assert_eq!(values(found.wavenumber), values(expected.wavenumber.clone()));
        }
    }
}

#[test]
fn trained_materials_are_constants_that_keep_their_gradients() {
    let device = Device::default().autodiff();
    let scene = scene(&device).train_materials();
    let frequency = frequency(&device, DType::F64);
    let tensors = scene.tensors_at(frequency.clone()).expect("valid");
    let weights = Tensor::<3>::from_data([[[1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]], &device);
    let gradients = (tensors.materials * weights).sum().backward();
    let found = values(frequency.grad(&gradients).expect("it has a gradient"))[0];
    // Only the losses change: dη″/df = −η″/f.
    let rows = values(scene.tensors().expect("valid").materials);
    let expected: f64 = rows.chunks_exact(8).map(|row| -row[1] / FREQUENCY).sum();
    assert!((found / expected - 1.0).abs() < 1e-5, "{found} {expected}");
    let sigma = &scene.material_parameters().conductivity;
    let by_sigma = values(sigma.val().grad(&gradients).expect("materials keep their gradients"));
    assert!(by_sigma.iter().all(|slope| *slope < 0.0));
}

#[test]
fn what_is_no_frequency_is_refused_in_a_line() {
    let device = Device::default();
    let refused = |values: &[f32]| {
        let frequency = Tensor::<1>::from_data(values, &device);
        scene(&device).tensors_at(frequency).expect_err("refused").to_string()
    };
    assert_eq!(refused(&[-1.0]), "scene: frequency must be positive and finite [Hz], but is -1.0");
    assert!(refused(&[3e9, 4e9]).starts_with("scene: frequency must be one number [Hz]"));
    assert!(refused(&[f32::NAN]).contains("NaN"));
    assert!(refused(&[3e2]).starts_with("material `"));
}
