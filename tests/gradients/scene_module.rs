//! A scene as a Burn module: what its parameters are worth, and where their gradients go.

use burn::module::{Module, Param, ParamGroup};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use emberwave::physics::constants::VACUUM_PERMITTIVITY;
use emberwave::prelude::*;

use crate::common::world::{Slab, World};

const MATERIALS: [&str; 4] = ["relative_permittivity", "conductivity", "thickness", "scattering_coefficient"];

/// A floor and a wall of different lossy slabs under a tilted transmitter.
fn scene() -> Scene {
    let floor = Slab::new(4.0, 0.05, 0.06).with_scattering(0.3);
    let wall = Slab::new(6.0, 0.12, 0.09).with_scattering(0.5);
    let tx = Transmitter::new("tx", [-4.0, 1.0, 5.0]).with_orientation([0.3, 0.2, -0.1]);
    let tx = tx.with_polarization(Polarization::Cross).with_pattern(AntennaPattern::Tr38901);
    let world = World::new().floor(0.0, 30.0, floor).wall_at_x(9.0, 30.0, wall);
    world.scene().with_transmitter(tx).with_transmitter(Transmitter::new("other", [2.0, -3.0, 7.0])).train()
}

fn street(device: &Device) -> Scene {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/street_canyon/street_canyon.xml");
    Scene::load(path, device).expect("the scene can be read")
}

fn solver() -> RadioMapSolver {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 12.0], [3.0, 3.0]);
    let config = RadioMapSolverConfig::new().with_samples_per_tx(100_000).with_refraction(false);
    config.with_measurement_surface(plane).init()
}

/// A loss near 0 that weighs every cell differently.
fn loss(map: &RadioMap) -> Tensor<1> {
    let decibels = map.path_gain_db() + 85.0;
    let weights = Tensor::arange(0..decibels.shape().num_elements() as i64, &decibels.device()).float();
    let weights = (weights * 0.7).sin().reshape(decibels.dims()) + 1.5;
    (decibels * weights).sum()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

fn gradient<const D: usize>(gradients: &GradientsParams, parameter: &Param<Tensor<D>>) -> Vec<f64> {
    values(gradients.get::<D>(parameter.id).expect("the parameter has a gradient"))
}

fn assert_close(found: f64, expected: f64, relative: f64, what: &str) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{what}: {found} instead of {expected}");
}

#[test]
fn gradients_of_material_parameters_follow_the_chain_rule() {
    let paths = MATERIALS.map(|name| format!("materials.{name}")).to_vec();
    let scene = scene().no_grad().set_require_grad_group(ParamGroup::from_paths(paths), true);
    let map = solver().solve(&scene).expect("the scene can be solved");
    let by_parameters = GradientsParams::from_grads(loss(&map).backward(), &scene);
    assert_eq!(by_parameters.len(), 4);

    let tensors = scene.tensors().expect("the scene is valid");
    let leaf = tensors.materials.clone().detach().require_grad();
    let map = solver().solve_tensors(tensors.with_materials(leaf.clone())).expect("the scene can be solved");
    let by_tensor = values(leaf.grad(&loss(&map).backward()).expect("the tensor has a gradient"));

    let parameters = scene.material_parameters();
    let columns = [
        (&parameters.relative_permittivity, 1.0),
        (&parameters.conductivity, -1.0 / (std::f64::consts::TAU * scene.frequency() * VACUUM_PERMITTIVITY)),
        (&parameters.thickness, 1.0),
        (&parameters.scattering_coefficient, 1.0),
    ];
    for (column, (parameter, slope)) in columns.into_iter().enumerate() {
        for (material, found) in gradient(&by_parameters, parameter).into_iter().enumerate() {
            assert_close(found, slope * by_tensor[8 * material + column], 1e-5, MATERIALS[column]);
        }
    }
}

#[test]
fn gradients_of_material_parameters_match_finite_differences() {
    let scene = scene().train_materials();
    let map = solver().solve(&scene).expect("the scene can be solved");
    let gradients = GradientsParams::from_grads(loss(&map).backward(), &scene);
    let by_eps = gradient(&gradients, &scene.material_parameters().relative_permittivity);
    let by_sigma = gradient(&gradients, &scene.material_parameters().conductivity);
    let value = |material: usize, eps: f64, sigma: f64| {
        let mut material = scene.materials()[material].clone();
        let Permittivity::Constant { relative_permittivity, conductivity } = &mut material.permittivity
        else {
            panic!("the slabs are constants");
        };
        (*relative_permittivity, *conductivity) = (*relative_permittivity + eps, *conductivity + sigma);
        let moved = scene.clone().no_grad().with_material(material).expect("the material is in range");
        f64::from(loss(&solver().solve(&moved).expect("the scene can be solved")).into_scalar::<f32>())
    };
    for material in 0..2 {
        let slope = (value(material, 0.02, 0.0) - value(material, -0.02, 0.0)) / 0.04;
        assert_close(by_eps[material], slope, 0.01, "relative permittivity");
        let slope = (value(material, 0.0, 0.004) - value(material, 0.0, -0.004)) / 0.008;
        assert_close(by_sigma[material], slope, 0.01, "conductivity");
    }
}

#[test]
fn gradients_of_transmitters_match_derivatives_of_what_the_solver_reads() {
    let scene = scene().train_transmitters();
    let weighed = |tensor: Tensor<2>| {
        let weights = Tensor::arange(0..24, &tensor.device()).float().reshape([2, 12]);
        (tensor * (weights * 0.3).cos()).sum()
    };
    let sources = |scene: &Scene| weighed(scene.tensors().expect("the scene is valid").sources);
    let gradients = GradientsParams::from_grads(sources(&scene).backward(), &scene);
    let by_orientation = gradient(&gradients, &scene.transmitter_parameters().orientation);
    let by_position = gradient(&gradients, &scene.transmitter_parameters().position);
    let moved = |axis: usize, by: f64| {
        let tx = scene.transmitters().to_vec();
        let mut turned = tx[0].clone();
        turned.orientation[axis] += by;
        let scene = scene.clone().without_transmitters();
        let scene = scene.with_transmitter(turned).with_transmitter(tx[1].clone());
        f64::from(sources(&scene).into_scalar::<f32>())
    };
    for axis in 0..3 {
        let slope = (moved(axis, 0.01) - moved(axis, -0.01)) / 0.02;
        assert_close(by_orientation[axis], slope, 1e-3, "orientation");
        assert_close(by_position[axis], (0.3 * axis as f64).cos(), 1e-6, "position");
    }
}

#[test]
fn a_decibel_of_power_is_a_decibel_of_received_power() {
    let scene = scene().train_transmitters();
    let map = solver().solve(&scene).expect("the scene can be solved");
    let rss = map.rss().sum_dims(&[1, 2]).reshape([2]);
    let gradients = GradientsParams::from_grads(rss.clone().sum().backward(), &scene);
    let found = gradient(&gradients, &scene.transmitter_parameters().power_dbm);
    for (found, rss) in found.into_iter().zip(values(rss)) {
        assert_close(found, rss * std::f64::consts::LN_10 / 10.0, 1e-5, "power");
    }
}

#[test]
fn orientations_and_vertices_receive_gradients_from_the_wavefront_form() {
    let config = solver().config().clone().with_samples_per_tx(2_000).with_execution(Execution::Wavefront);
    let solver = config.init();
    for scene in [scene().train_transmitters(), scene().train_vertices()] {
        let map = solver.solve(&scene).expect("the scene can be solved");
        let gradients = GradientsParams::from_grads((map.path_gain().sum() * 1e6).backward(), &scene);
        let found: Vec<f64> = match scene.vertex_parameter().is_require_grad() {
            true => gradient(&gradients, scene.vertex_parameter()),
            false => gradient(&gradients, &scene.transmitter_parameters().orientation),
        };
        assert!(found.iter().all(|g| g.is_finite()) && found.iter().any(|&g| g != 0.0), "{found:?}");
    }
}

#[test]
fn scenes_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&scene());
}

#[test]
fn what_is_trained_does_not_change_what_the_solver_reads() {
    let scene = scene();
    let plain = scene.tensors().expect("the scene is valid");
    let bits = |tensors: &SceneTensors| {
        let floats = [values(tensors.materials.clone()), values(tensors.sources.clone())];
        [floats.concat(), values(tensors.power.clone()), values(tensors.vertices.clone())].concat()
    };
    let id = scene.objects()[0].id.clone();
    let trained = [
        scene.clone().train_materials(),
        scene.clone().train_transmitters(),
        scene.clone().train_vertices(),
        scene.train_vertices_of(&id).expect("the object is there"),
    ];
    for scene in trained {
        assert_eq!(bits(&scene.tensors().expect("the scene is valid")), bits(&plain));
    }
}

#[test]
fn a_new_scene_and_one_without_gradients_train_nothing() {
    let device = Device::default().autodiff();
    for scene in [street(&device), street(&device).train_materials().no_grad()] {
        let scene = scene.with_transmitter(Transmitter::new("tx", [-5.0, 2.0, 8.0]));
        let tensors = scene.tensors().expect("the scene is valid");
        assert!(!tensors.materials.is_tracked() && !tensors.sources.is_tracked());
        assert!(!tensors.vertices.is_tracked() && !tensors.power.is_tracked());
    }
}

#[test]
fn training_materials_marks_only_permittivity_and_conductivity() {
    let scene = scene().train_transmitters().train_materials();
    let materials = scene.material_parameters();
    assert!(materials.relative_permittivity.is_require_grad() && materials.conductivity.is_require_grad());
    assert!(!materials.thickness.is_require_grad() && !materials.scattering_coefficient.is_require_grad());
    assert!(!materials.xpd_coefficient.is_require_grad() && !scene.vertex_parameter().is_require_grad());
    let transmitters = scene.transmitter_parameters();
    assert!(!transmitters.position.is_require_grad() && !transmitters.orientation.is_require_grad());
    assert!(!transmitters.power_dbm.is_require_grad());
}

#[test]
fn training_one_material_or_object_leaves_the_others_without_gradient() {
    let named = scene().train_materials_named(["slab-1"]).expect("the material is there");
    let map = solver().solve(&named).expect("the scene can be solved");
    let gradients = GradientsParams::from_grads(loss(&map).backward(), &named);
    let found = gradient(&gradients, &named.material_parameters().relative_permittivity);
    assert!(found[0] == 0.0 && found[1] != 0.0, "{found:?}");

    let moving = scene().train_vertices_of("quad-1").expect("the object is there");
    let vertices = moving.tensors().expect("the scene is valid").vertices;
    let gradients = GradientsParams::from_grads(vertices.sum().backward(), &moving);
    let found = gradient(&gradients, moving.vertex_parameter());
    assert_eq!(found, [vec![0.0; 12], vec![1.0; 12]].concat());
}

#[test]
fn names_that_are_not_there_are_refused() {
    let refused = scene().train_materials_named(["granite"]).expect_err("no such material");
    assert_eq!(refused.to_string(), "the scene has no material `granite` (it has: slab-0, slab-1)");
    let refused = scene().train_vertices_of("roof").expect_err("no such object");
    assert_eq!(refused.to_string(), "the scene has no object `roof` (it has: quad-0, quad-1)");
}
