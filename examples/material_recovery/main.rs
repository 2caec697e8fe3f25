//! Recovers the permittivity and conductivity of a wall from a radio map, by gradient descent.

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Tensor;
use emberwave::prelude::*;

const SCENE: &str = "assets/scenes/street_canyon/street_canyon.xml";
const MATERIAL: &str = "brick";
const STEPS: u32 = 100;

/// A street canyon with a transmitter in a gap between two brick blocks: what arrives in the street was reflected by them.
fn canyon(device: &Device) -> Result<Scene> {
    let transmitter = Transmitter::new("tx", [-22.0, 25.0, 5.0]).with_power_dbm(30.0);
    Ok(Scene::load(SCENE, device)?.with_frequency(3.5e9).with_transmitter(transmitter))
}

/// ε_r and σ [S/m] of the material.
fn properties(scene: &Scene) -> Result<(f64, f64)> {
    let materials = scene.current_materials()?;
    let material = materials.iter().find(|material| material.name == MATERIAL).expect("the street has brick");
    Ok(material.properties(scene.frequency())?)
}

fn main() -> Result<()> {
    let plane = MeasurementPlane::new([-22.0, 0.0, 1.5], [80.0, 20.0], [5.0, 5.0]);
    let solver = RadioMapSolverConfig::new()
        .with_samples_per_tx(500_000)
        .with_max_depth(5)
        .with_refraction(false) // what enters a building does not come back
        .with_measurement_surface(plane)
        .init();

    // The measurement: the true scene, with rays of its own.
    let truth = canyon(&Device::default())?;
    let (true_eps, true_sigma) = properties(&truth)?;
    let measured = solver.clone().with_seed(1).solve(&truth)?;

    // The start: a wrong wall, lossy enough to have no echo from its back. Only its ε_r and σ are learned.
    let device = Device::default().autodiff();
    let covered = Tensor::<3>::from_data(measured.covered().float().into_data(), &device);
    let measured = Tensor::<3>::from_data(measured.path_gain_db().into_data(), &device);
    let mut scene = canyon(&device)?;
    let mut wall =
        scene.materials().iter().find(|m| m.name == MATERIAL).expect("the street has brick").clone();
    wall.permittivity = Permittivity::Constant { relative_permittivity: 6.0, conductivity: 0.2 };
    scene = scene.with_material(wall)?.train_materials_named([MATERIAL])?.constrained();

    let mut optimiser = AdamConfig::new().init();
    println!("step   loss [dB²]    ε_r   σ [S/m]");
    for step in 0..=STEPS {
        // New rays in every step: their noise averages out over the steps.
        let map = solver.clone().with_seed(100 + u64::from(step)).solve(&scene)?;
        let both = covered.clone() * map.covered().float();
        let error = (map.path_gain_db() - measured.clone()) * both.clone();
        let loss = error.square().sum() / both.sum();
        if step % 10 == 0 {
            let (eps, sigma) = properties(&scene)?;
            println!("{step:4}   {:10.4}   {eps:4.2}   {sigma:7.4}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &scene);
        let rate = 0.2 * 0.97_f64.powi(step as i32);
        scene = optimiser.step(rate, scene, gradients);
    }
    println!("true                {true_eps:4.2}   {true_sigma:7.4}");
    Ok(())
}
