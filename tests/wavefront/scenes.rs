//! Scenes that both tracers solve, and how their maps and gradients are compared.

use burn::tensor::{DType, Device, FloatDType, Tensor};
use emberwave::prelude::*;

use crate::common::world::{Slab, World};

/// A lossy floor and wall under two transmitters, one of two polarisations.
pub fn corner() -> Scene {
    let floor = Slab::new(4.0, 0.05, 0.06).with_scattering(0.3);
    let wall = Slab::new(6.0, 0.12, 0.09).with_scattering(0.5);
    let world = World::new().floor(0.0, 30.0, floor).wall_at_x(9.0, 30.0, wall);
    let tx = Transmitter::new("tx", [-4.0, 1.0, 5.0]).with_polarization(Polarization::Cross);
    let second = Transmitter::new("other", [2.0, -3.0, 7.0]).with_pattern(AntennaPattern::Tr38901);
    world.scene().with_transmitter(tx).with_transmitter(second)
}

/// A closed room with a wall through it.
pub fn room() -> Scene {
    let glass = Slab::new(6.27, 0.02, 0.01);
    let world =
        World::new().room([-6.0, -5.0, 0.0], [7.0, 5.5, 3.0], Slab::CONCRETE).wall_at_x(2.0, 4.0, glass);
    let tx = Transmitter::new("tx", [-2.0, 1.0, 2.2]).with_pattern(AntennaPattern::Dipole);
    world.scene().with_transmitter(tx)
}

/// The street of the repository's own scenes.
pub fn street() -> Scene {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/street_canyon/street_canyon.xml");
    let scene = Scene::load(path, &Device::default()).expect("the scene can be read");
    let tx = Transmitter::new("tx", [-5.0, 2.0, 8.0]).with_polarization(Polarization::VH);
    scene.with_transmitter(tx)
}

/// The tensors of a scene on another device, in f64 if wanted.
pub fn tensors(scene: &Scene, device: &Device, dtype: FloatDType) -> SceneTensors {
    let tensors = scene.tensors().expect("the scene is valid");
    let materials = tensors.materials.clone().into_data();
    let materials: Tensor<3> = Tensor::from_data(materials, (device, DType::F32));
    let materials = materials.cast(dtype);
    tensors.with_materials(materials)
}

pub fn path_gain(config: &RadioMapSolverConfig, tensors: SceneTensors) -> Vec<f64> {
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    map.path_gain().into_data().iter::<f64>().collect()
}

/// Derivatives by the materials of a loss that weighs every cell differently.
pub fn gradient(config: &RadioMapSolverConfig, scene: &Scene, dtype: FloatDType) -> Vec<f64> {
    let tensors = tensors(scene, &Device::default().autodiff(), dtype);
    let materials = tensors.materials.clone().require_grad();
    let tensors = tensors.with_materials(materials.clone());
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    let gain = map.path_gain().mul_scalar(1e6);
    let count = gain.shape().num_elements() as i64;
    let weights = Tensor::<1, burn::tensor::Int>::arange(0..count, &gain.device()).float().cast(dtype);
    let weights = weights.mul_scalar(0.7).sin().add_scalar(1.5).reshape(gain.dims());
    let gradients = (gain * weights).sum().backward();
    let of_materials = materials.grad(&gradients).expect("the materials have a gradient");
    of_materials.into_data().iter::<f64>().collect()
}
