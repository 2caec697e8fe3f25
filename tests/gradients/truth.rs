//! Derivatives of whole solves against exact quadrature, borders included.

use std::f64::consts::TAU;

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use emberwave::formats::{
    MaterialDescription, ObjectDescription, Permittivity, ScatteringPatternDescription, SceneDescription,
};
use emberwave::geometry::TriangleMesh;
use emberwave::prelude::*;
use emberwave_physics::constants::SPEED_OF_LIGHT;
use emberwave_physics::{complex_permittivity, rotation_matrix};

use crate::common::tables::sampled;
use crate::quadrature::gradient::{Derivative, Param, derivative};
use crate::quadrature::scenes::Case;
use crate::quadrature::{self, World, scenes};

/// Everything that a solve reads, in f64.
struct Inputs {
    vertices: Vec<f64>,
    materials: Vec<f64>,
    sources: Vec<f64>,
    surface: Vec<f64>,
    wavenumber: Vec<f64>,
}

impl Inputs {
    fn new(world: &World) -> Self {
        let row = |slab: &quadrature::Slab| {
            let eta = complex_permittivity(slab.permittivity, slab.conductivity, world.frequency);
            [eta.re, eta.im, slab.thickness, 0.0, 0.0, 0.0, 0.0, 0.0]
        };
        let rotation = rotation_matrix(world.transmitter.orientation);
        let plane = &world.plane;
        Self {
            vertices: world.vertices.concat(),
            materials: world.materials.iter().flat_map(row).collect(),
            sources: world.transmitter.position.into_iter().chain(rotation.into_iter().flatten()).collect(),
            surface: [plane.corner, plane.edge_x, plane.edge_y].concat(),
            wavenumber: vec![TAU * world.frequency / SPEED_OF_LIGHT],
        }
    }

    fn parts(&self) -> [&[f64]; 5] {
        [&self.vertices, &self.materials, &self.sources, &self.surface, &self.wavenumber]
    }
}

/// The scene of a world on a device, with a table in place of the transmitter's pattern if there is one.
fn scene(world: &World, table: Option<&PatternTable>, device: &Device) -> Scene {
    let material = |(index, slab): (usize, &quadrature::Slab)| MaterialDescription {
        name: format!("slab-{index}"),
        permittivity: Permittivity::Constant {
            relative_permittivity: slab.permittivity,
            conductivity: slab.conductivity,
        },
        thickness: slab.thickness,
        scattering_coefficient: 0.0,
        xpd_coefficient: 0.0,
        scattering_pattern: ScatteringPatternDescription::default(),
    };
    // One object with all vertices per material, so that vertices keep their numbers within it.
    let object = |material: usize| {
        let own = world.triangles.iter().zip(&world.material_of).filter(|(_, of)| **of == material);
        let mesh = TriangleMesh {
            vertices: world.vertices.iter().map(|v| v.map(|x| x as f32).into()).collect(),
            triangles: own.map(|(triangle, _)| triangle.map(|vertex| vertex as u32)).collect(),
        };
        ObjectDescription { id: format!("object-{material}"), mesh, material }
    };
    let description = SceneDescription {
        path: "in memory".into(),
        objects: (0..world.materials.len()).map(object).collect(),
        materials: world.materials.iter().enumerate().map(material).collect(),
        warnings: Vec::new(),
    };
    let source = &world.transmitter;
    let transmitter = Transmitter::new("tx", source.position)
        .with_orientation(source.orientation)
        .with_pattern(table.map_or(source.pattern.into(), |table| TransmitterPattern::from(table.clone())))
        .with_polarization(source.polarization);
    Scene::from_description(description, device)
        .expect("the world is in range")
        .with_frequency(world.frequency)
        .with_transmitter(transmitter)
}

pub fn config(world: &World) -> RadioMapSolverConfig {
    let plane = &world.plane;
    let rows = [plane.corner, plane.edge_x, plane.edge_y];
    let plane = MeasurementPlane::from_corner_and_edges(rows, plane.cells).expect("a rectangle");
    RadioMapSolverConfig::new()
        .with_max_depth(world.max_depth as u32)
        .with_refraction(world.refraction)
        .with_measurement_surface(plane)
}

fn leaf<const D: usize>(values: &[f64], shape: [usize; D], device: &Device) -> Tensor<D> {
    let values = values.iter().map(|&x| x as f32).collect::<Vec<_>>();
    Tensor::from_data(TensorData::new(values, shape), device).require_grad()
}

/// The gradient by a leaf; 0 where nothing depends on it.
fn gradient<const D: usize>(leaf: &Tensor<D>, grads: &Gradients) -> Vec<f64> {
    match leaf.grad(grads) {
        Some(gradient) => gradient.into_data().iter::<f64>().collect(),
        None => vec![0.0; leaf.shape().num_elements()],
    }
}

/// Σ w_i g_i over (λ₀/4π)², and its gradient by every input.
pub fn solved(world: &World, config: &RadioMapSolverConfig, weights: &[f64]) -> (f64, Vec<Vec<f64>>) {
    solved_with(world, None, config, weights)
}

/// The same with a table in place of the transmitter's pattern; the last gradient is that by its entries.
pub fn solved_with(
    world: &World,
    table: Option<&PatternTable>,
    config: &RadioMapSolverConfig,
    weights: &[f64],
) -> (f64, Vec<Vec<f64>>) {
    let device = Device::default().autodiff();
    let mut tensors = scene(world, table, &device).tensors().expect("the scene is valid");
    let tables = tensors.pattern_tables.clone();
    let tables = if table.is_some() { tables.require_grad() } else { tables };
    tensors.pattern_tables = tables.clone();
    let inputs = Inputs::new(world);
    // Every object has a copy of all vertices.
    let copies = world.materials.len();
    let vertices = leaf(&inputs.vertices, [world.vertices.len(), 3], &device);
    let materials = leaf(&inputs.materials, [1, copies, 8], &device);
    let sources = leaf(&inputs.sources, [1, 12], &device);
    let surface = leaf(&inputs.surface, [1, 3, 3], &device);
    let wavenumber = leaf(&inputs.wavenumber, [1], &device);
    let tensors = tensors
        .with_vertices(vertices.clone().repeat_dim(0, copies))
        .with_materials(materials.clone())
        .with_sources(sources.clone())
        .with_surface(surface.clone())
        .with_wavenumber(wavenumber.clone());
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    let scale = (2.0 * inputs.wavenumber[0]).powi(2);
    let weights: Vec<f32> = weights.iter().map(|w| (w * scale) as f32).collect();
    let shape = map.path_gain().dims();
    let weights = Tensor::from_data(TensorData::new(weights, shape), &device);
    let loss = (map.path_gain() * weights).sum();
    let grads = loss.backward();
    let parts = vec![
        gradient(&vertices, &grads),
        gradient(&materials, &grads),
        gradient(&sources, &grads),
        gradient(&surface, &grads),
        gradient(&wavenumber, &grads),
        gradient(&tables, &grads),
    ];
    (f64::from(loss.into_scalar::<f32>()), parts)
}

/// The derivative by a parameter, from the gradient by the inputs.
pub fn along(world: &World, param: &Param, gradient: &[Vec<f64>]) -> f64 {
    let h = param.step(world);
    let (ahead, behind) = (Inputs::new(&param.apply(world, h)), Inputs::new(&param.apply(world, -h)));
    let parts = ahead.parts().into_iter().zip(behind.parts()).zip(gradient);
    let part = |((ahead, behind), gradient): ((&[f64], &[f64]), &Vec<f64>)| {
        let terms = ahead.iter().zip(behind).zip(gradient);
        terms.map(|((ahead, behind), gradient)| (ahead - behind) / (2.0 * h) * gradient).sum::<f64>()
    };
    parts.map(part).sum()
}

/// The same from quadrature.
pub fn truth(world: &World, param: &Param, weights: &[f64]) -> Derivative {
    let frequency = world.frequency;
    let loss = |moved: &World| {
        let map = quadrature::map(moved);
        let sum: f64 = map.iter().zip(weights).map(|(g, w)| g * w).sum();
        sum * (frequency / moved.frequency).powi(2)
    };
    derivative(param, param.step(world), world, &loss)
}

/// What a derivative that nearly vanishes is measured against: a thousandth of the objective per metre, radian or whole
/// of a parameter.
fn smallest(world: &World, param: &Param, value: f64) -> f64 {
    let per_step = match param {
        Param::Permittivity(_) | Param::Conductivity(_) | Param::Thickness(_) | Param::Frequency => {
            1e4 * param.step(world)
        }
        _ => 1.0,
    };
    (1e-3 * value / per_step).max(f64::MIN_POSITIVE)
}

fn value_of(world: &World, weights: &[f64]) -> f64 {
    quadrature::map(world).iter().zip(weights).map(|(g, w)| g * w).sum()
}

/// The grid of tubes lies elsewhere for every seed, and so does what might hide between the corners of tubes.
const GRIDS: u64 = 6;

/// Single derivatives are held to the error that is allowed, their mean over grids to less.
fn assert_exact(world: &World, param: &Param, name: &str, gradients: &[Vec<Vec<f64>>]) {
    let weights = scenes::weights(world);
    let truth = truth(world, param, &weights).value;
    let scale = truth.abs().max(smallest(world, param, value_of(world, &weights)));
    let off = |gradient: &Vec<Vec<f64>>| (along(world, param, gradient) - truth) / scale;
    let off: Vec<f64> = gradients.iter().map(off).collect();
    let worst = off.iter().fold(0.0, |worst: f64, off| worst.max(off.abs()));
    let mean = off.iter().sum::<f64>() / off.len() as f64;
    println!("{name:34} {truth:14.6e} {mean:8.4} {worst:8.4}");
    assert!(mean.abs() < 0.02, "{name}: {mean} off in the mean");
    assert!(worst < 0.05, "{name}: {worst} off");
}

#[test]
fn tubes_are_exact() {
    for case in scenes::all() {
        for depth in 0..=2 {
            let world = case.world.clone().with_depth(depth);
            let weights = scenes::weights(&world);
            let gradient = |seed| solved(&world, &config(&world).with_seed(seed), &weights).1;
            let gradients: Vec<_> = (0..GRIDS).map(gradient).collect();
            for (name, param) in &case.params {
                assert_exact(&world, param, &format!("{} {depth} {name}", case.name), &gradients);
            }
        }
    }
}

/// A fine table of the transmitter's pattern has the pattern's derivatives, borders included.
#[test]
fn tubes_of_tabulated_antennas_are_exact() {
    for case in scenes::all() {
        let world = case.world.clone().with_depth(2);
        let table = sampled(world.transmitter.pattern, [181, 360]);
        let weights = scenes::weights(&world);
        let value = value_of(&world, &weights);
        let gradient = |seed| solved_with(&world, Some(&table), &config(&world).with_seed(seed), &weights).1;
        let gradients: Vec<_> = (0..GRIDS).map(gradient).collect();
        for (name, param) in &case.params {
            assert_exact(&world, param, &format!("{} {name}", case.name), &gradients);
        }
        // The map is a quadratic form of the table.
        let entries = table.fields().as_flattened().iter().zip(&gradients[0][5]);
        let twice: f64 = entries.map(|(entry, by)| f64::from(*entry) * by).sum();
        assert!((twice / (2.0 * value) - 1.0).abs() < 5e-3, "{}: {twice} {value}", case.name);
    }
}

/// Rotated lattices of a mean.
const RUNS: u64 = 64;

#[test]
fn rays_are_right_in_the_mean() {
    for case in scenes::all() {
        assert_mean_is_right(&case, &config(&case.world).with_samples_per_tx(100_000));
    }
}

#[test]
fn lines_of_rays_find_the_borders_that_tubes_find() {
    for case in scenes::all() {
        let config = config(&case.world).with_samples_per_tx(50_000).with_border_search(BorderSearch::Lines);
        assert_mean_is_right(&case, &config);
    }
}

fn assert_mean_is_right(case: &Case, config: &RadioMapSolverConfig) {
    let world = &case.world;
    let weights = scenes::weights(world);
    let value = value_of(world, &weights);
    let gradients: Vec<_> =
        (0..RUNS).map(|seed| solved(world, &config.clone().with_seed(seed), &weights).1).collect();
    for (name, param) in &case.params {
        let found: Vec<f64> = gradients.iter().map(|gradient| along(world, param, gradient)).collect();
        let mean = found.iter().sum::<f64>() / RUNS as f64;
        let variance = found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (RUNS - 1) as f64;
        let error = (variance / RUNS as f64).sqrt();
        let truth = truth(world, param, &weights).value;
        let scale = truth.abs().max(smallest(world, param, value));
        println!(
            "{:14} {name:16} {mean:14.6e} {truth:14.6e} {:8.4} se {:8.4}",
            case.name,
            mean / truth - 1.0,
            error / scale
        );
        assert!((mean - truth).abs() < (0.01 * scale).max(3.5 * error), "{} {name}", case.name);
    }
}
