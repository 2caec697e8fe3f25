//! Scenes that are trained, changed, constrained, saved and loaded.

use burn::module::{Module, ParamGroup};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor};
use emberwave::prelude::*;

use crate::common::world::{Slab, World};

fn canyon() -> Scene {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/street_canyon/street_canyon.xml");
    let scene = Scene::load(path, &Device::default().autodiff()).expect("the scene can be read");
    scene.with_transmitter(Transmitter::new("tx", [-5.0, 2.0, 8.0]))
}

fn room(epsilon: f64, sigma: f64) -> Scene {
    let world = World::new().room([-4.0, -3.0, 0.0], [4.0, 3.0, 3.0], Slab::new(epsilon, sigma, 0.1));
    world.scene().with_transmitter(Transmitter::new("tx", [1.0, 0.5, 2.0])).train()
}

fn config() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.0], [6.0, 4.0], [1.0, 1.0]);
    RadioMapSolverConfig::new().with_samples_per_tx(20_000).with_measurement_surface(plane)
}

fn solver() -> RadioMapSolver {
    config().init()
}

fn permittivities(scene: &Scene) -> Vec<f32> {
    scene.material_parameters().relative_permittivity.val().into_data().iter::<f32>().collect()
}

fn materials(scene: &Scene) -> Vec<f32> {
    scene.tensors().expect("the scene is valid").materials.into_data().iter::<f32>().collect()
}

fn law(scene: &Scene, frequency: f64) -> Vec<f32> {
    let eps = |material: &RadioMaterial| material.properties(frequency).expect("the law holds").0 as f32;
    scene.materials().iter().map(eps).collect()
}

/// A step of Adam down the sum of ε_r.
fn step_down(scene: Scene, rate: f64) -> Scene {
    let loss = scene.tensors().expect("the scene is valid").materials.narrow(2, 0, 1).sum();
    let gradients = GradientsParams::from_grads(loss.backward(), &scene);
    AdamConfig::new().init().step(rate, scene, gradients)
}

#[test]
fn steps_of_an_optimiser_reduce_the_loss() {
    // Rays that only are reflected stay where they are when materials change, so the loss has no noise.
    let solver = config().with_refraction(false).init();
    let target = solver.solve(&room(5.0, 0.05)).expect("the scene can be solved");
    let target = target.path_gain_db().detach();
    let mut scene = room(3.0, 0.01).train_materials().constrained();
    let mut optimiser = AdamConfig::new().init();
    let mut losses = Vec::new();
    for _ in 0..15 {
        let map = solver.solve(&scene).expect("the scene can be solved");
        let loss = (map.path_gain_db() - target.clone()).square().mean();
        losses.push(loss.clone().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(loss.backward(), &scene);
        scene = optimiser.step(0.1, scene, gradients);
    }
    let eps =
        scene.current_materials().expect("the scene is valid")[0].properties(3.5e9).expect("a constant").0;
    assert!(losses[14] < 0.3 * losses[0] && eps != 3.0, "{losses:?}, ε_r {eps}");
    assert_eq!(scene.materials(), room(3.0, 0.01).materials(), "the description stays");
}

#[test]
fn itu_materials_follow_the_frequency_unless_they_are_trained_or_changed() {
    let scene = canyon().with_frequency(3.5e9);
    let followed = scene.clone().with_frequency(1.2e9);
    assert_eq!(permittivities(&followed), law(&followed, 1.2e9));
    assert_eq!(materials(&followed), materials(&canyon().with_frequency(1.2e9)));
    let brick = scene.materials().iter().position(|m| m.name == "brick").expect("brick is there");

    let trained = scene.train_materials_named(["brick"]).expect("brick is there");
    let elsewhere = materials(&trained.clone().with_frequency(28e9));
    assert_eq!(elsewhere[8 * brick], law(&trained, 3.5e9)[brick], "trained");
    let others = |eps: &[f32]| (0..3).filter(|&m| m != brick).map(|m| eps[m]).collect::<Vec<_>>();
    let column: Vec<f32> = elsewhere.chunks(8).map(|row| row[0]).collect();
    assert_eq!(others(&column), others(&law(&trained, 28e9)));

    let changed = step_down(trained, 0.25).no_grad();
    let value = permittivities(&changed)[brick];
    let changed = changed.with_frequency(28e9);
    assert_eq!(permittivities(&changed)[brick], value, "changed");
    assert_eq!(others(&permittivities(&changed)), others(&law(&changed, 28e9)));
    assert_eq!(materials(&changed)[8 * brick], value);
}

#[test]
fn a_frequency_without_a_law_is_refused_and_left_again() {
    let scene = canyon().with_frequency(1e8);
    let refused = scene.validate().expect_err("concrete has no value at 100 MHz");
    assert!(refused.to_string().starts_with("material `"), "{refused}");
    assert_eq!(materials(&scene.with_frequency(3.5e9)), materials(&canyon()));
}

#[test]
fn materials_trained_out_of_range_are_refused_before_a_solve() {
    let scene = step_down(room(1.1, 0.01).train_materials(), 0.5);
    let refused = solver().solve(&scene).expect_err("no permittivity is below 1").to_string();
    assert!(
        refused.starts_with("material `slab-0`: relative_permittivity must be finite and at least 1"),
        "{refused}"
    );
}

#[test]
fn constrained_materials_stay_in_range() {
    let mut scene = room(1.1, 1e-4).train_materials().constrained().constrained();
    let start = permittivities(&scene)[0];
    assert!((start - 1.1).abs() < 1e-6, "{start}");
    for _ in 0..3 {
        scene = step_down(scene, 5.0);
    }
    let end = permittivities(&scene)[0];
    assert!((1.0..1.001).contains(&end), "{end}");
    solver().solve(&scene).expect("the scene can still be solved");
}

#[test]
fn constraining_leaves_extreme_values_as_they_are() {
    let scene = room(1.0, 1e7).train_materials().constrained();
    let found =
        scene.current_materials().expect("the scene is valid")[0].properties(3.5e9).expect("a constant");
    assert!((found.0 - 1.0).abs() < 1e-5 && (found.1 / 1e7 - 1.0).abs() < 1e-6, "{found:?}");
}

#[test]
fn parameters_survive_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("scene.bpk");
    let trained = step_down(canyon().train_materials().constrained(), 0.25);
    trained.save_parameters(&path).expect("the file is written");
    let again = canyon().load_parameters(&path).expect("the file is read");
    for (found, expected) in materials(&again).into_iter().zip(materials(&trained)) {
        assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} instead of {expected}");
    }
    assert_ne!(materials(&again), materials(&canyon()));
    let constrained =
        canyon().train_materials().constrained().load_parameters(&path).expect("the file is read");
    for (found, expected) in materials(&constrained).into_iter().zip(materials(&trained)) {
        assert!((found - expected).abs() <= 1e-5 * expected.abs(), "{found} instead of {expected}");
    }
    assert_eq!(std::fs::read_dir(directory.path()).expect("readable").count(), 1, "nothing is left beside");
}

#[test]
fn parameters_of_an_untouched_scene_stay_untouched_through_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("scene.bpk");
    canyon().save_file(&path).expect("the file is written");
    let again = canyon().load_parameters(&path).expect("the file is read");
    assert_eq!(materials(&again.clone().with_frequency(28e9)), materials(&canyon().with_frequency(28e9)));
    assert_eq!(again.current_transmitters().expect("valid"), canyon().transmitters());
    let without = canyon().without_transmitters();
    without.save_parameters(&path).expect("a scene without transmitters is written");
    without.load_parameters(&path).expect("and read");
}

#[test]
fn parameters_of_another_scene_are_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("scene.bpk");
    room(3.0, 0.1).save_parameters(&path).expect("the file is written");
    let refused = canyon().load_parameters(&path).expect_err("a room is no street").to_string();
    assert!(refused.contains("it is of another scene") && refused.contains("vertices"), "{refused}");
    assert_eq!(refused.lines().count(), 1);
    std::fs::write(&path, b"no record").expect("written");
    let refused = canyon().load_parameters(&path).expect_err("not a record").to_string();
    assert!(refused.starts_with("parameters in "), "{refused}");
    canyon().load_parameters(directory.path().join("none.bpk")).expect_err("no such file");

    canyon().train_materials().constrained().save_file(&path).expect("free numbers are written");
    let refused = canyon().load_parameters(&path).expect_err("free numbers are no values").to_string();
    assert!(refused.contains("within"), "{refused}");
}

#[test]
fn parameters_that_are_no_numbers_are_refused_before_a_solve() {
    for path in ["materials.conductivity", "transmitters.position", "vertices", "transmitters.power_dbm"] {
        let group = ParamGroup::from_path(path);
        let scene = room(3.0, 0.1).map(&mut Spoil { group, path: Vec::new() });
        let refused = solver().solve(&scene).expect_err("NaN is never a value").to_string();
        assert!(refused.contains("NaN"), "{refused}");
    }
}

/// Makes NaN of a parameter.
struct Spoil {
    group: ParamGroup,
    path: Vec<String>,
}

impl burn::module::ModuleMapper for Spoil {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(
        &mut self,
        parameter: burn::module::Param<Tensor<D>>,
    ) -> burn::module::Param<Tensor<D>> {
        if !self.group.matches(&parameter.id, Some(&self.path.join("."))) {
            return parameter;
        }
        parameter.map(|value| value * f32::NAN)
    }
}
