//! What Burn offers to every module works on a scene: rates by group, checkpointing of gradients.

use burn::lr_scheduler::module_lr_scheduler::ModuleLrSchedulerConfig;
use burn::module::ParamGroup;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Device;
use emberwave::prelude::*;

fn room(device: &Device) -> Scene {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/box_room/box_room.xml");
    let scene = Scene::load(path, device).expect("the scene can be read");
    scene.with_transmitter(Transmitter::new("tx", [1.0, 0.5, 2.0])).train_materials()
}

fn config() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.0], [4.0, 3.0], [1.0, 1.0]);
    RadioMapSolverConfig::new().with_max_depth(2).with_measurement_surface(plane)
}

/// The derivatives of a map by ε_r and σ.
fn gradients(solver: &RadioMapSolver, device: &Device) -> Vec<f64> {
    let scene = room(device);
    let map = solver.solve(&scene).expect("the scene can be solved");
    let gradients = GradientsParams::from_grads(map.path_gain_db().sum().backward(), &scene);
    let materials = scene.material_parameters();
    let of = |id| gradients.get::<1>(id).expect("the parameter has a gradient").into_data();
    let both = [&materials.relative_permittivity, &materials.conductivity].map(|parameter| of(parameter.id));
    both.iter().flat_map(|data| data.iter::<f64>()).collect()
}

#[test]
fn gradients_are_the_same_under_gradient_checkpointing() {
    let rays = config().with_samples_per_tx(5_000);
    let tubes = config().with_reconstruction(Reconstruction::Tubes);
    for config in [rays, tubes] {
        for execution in [Execution::Fused, Execution::Wavefront] {
            let solver = config.clone().with_execution(execution).init();
            let plain = gradients(&solver, &Device::default().autodiff());
            let checkpointed = gradients(&solver, &Device::default().autodiff().gradient_checkpointing());
            assert!(plain.iter().any(|&g| g != 0.0));
            for (found, expected) in checkpointed.iter().zip(&plain) {
                assert!(
                    (found - expected).abs() <= 1e-5 * expected.abs(),
                    "{execution:?}: {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn groups_of_parameters_have_rates_of_their_own() {
    let device = Device::default().autodiff();
    let scene = room(&device);
    let before = scene.current_materials().expect("valid")[0].properties(3.5e9).expect("a constant");
    let rates = ModuleLrSchedulerConfig::new(0.1.into())
        .with_group(ParamGroup::from_path("materials.conductivity"), 0.001)
        .init()
        .expect("the rates are in range")
        .step();
    let map = config().with_samples_per_tx(5_000).init().solve(&scene).expect("the scene can be solved");
    let gradients = GradientsParams::from_grads(map.path_gain_db().sum().backward(), &scene);
    let scene = AdamConfig::new().init().step(rates, scene, gradients);
    let after = scene.current_materials().expect("valid")[0].properties(3.5e9).expect("a constant");
    // The first step of Adam is as long as the rate, whatever the gradient.
    let steps = [(after.0 - before.0).abs() / 0.1, (after.1 - before.1).abs() / 0.001];
    assert!(steps.iter().all(|step| (step - 1.0).abs() < 1e-3), "{steps:?}");
}
