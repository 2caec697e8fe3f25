//! Time of a map with its derivatives beside that of the map alone, and how the derivatives of rays scatter.
//!
//!     cargo bench --bench gradients -- [scenes=SCENE.xml:X,Y,Z;…] [runs=5] [rays=10000000] [target=0.3] [borders=off] [only=cell|tubes] [loss=sum]
//!
//! At the end steps by all materials are timed beside those of Sionna RT, where it is installed (`benches/sionna`).
//!
//! Without arguments munich and etoile where Sionna RT's scenes lie in `../shared/scenes`, and otherwise the city district
//! of `assets`. `borders=off` leaves the motion of borders out. The loss is the sum of
//! the logarithms of all cells, which of a noisy map is noisy itself; `loss=sum` takes the power in all of them instead. 500 m × 500 m with cells of 1 m, depth 5, the fused kernel; medians.

mod common;

use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::{Gradients, Tensor};
use common::sionna;
use emberwave::prelude::*;

/// What a derivative is wanted by.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Nothing,
    Materials,
    /// Position of the transmitter and all vertices.
    Places,
}

/// Leaves of a solve.
struct Leaves {
    materials: Tensor<3>,
    sources: Tensor<2>,
    vertices: Tensor<2>,
}

fn main() {
    let argument = |name: &str| {
        let name = format!("{name}=");
        std::env::args().find_map(|argument| argument.strip_prefix(&name).map(str::to_owned))
    };
    let runs = argument("runs").map_or(5, |text| text.parse().expect("a number of runs"));
    let rays = argument("rays").map_or(10_000_000, |text| text.parse().expect("a number of rays"));
    let target = argument("target").map_or(0.3, |text| text.parse().expect("an error in dB"));
    let only = argument("only");
    let is_linear = argument("loss").is_some_and(|text| text == "sum");
    let borders = argument("borders").is_none_or(|text| text != "off");
    println!("{} threads, {}", rayon::current_num_threads(), common::processor());
    println!("| scene | paths | reconstruction | map | + by materials | + by position and vertices |");
    println!("|---|---|---|---|---|---|");
    for (path, tx) in scenes(argument("scenes")) {
        for refraction in [false, true] {
            let base = config(refraction).with_visibility_gradient(borders);
            let cell = base.clone().with_samples_per_tx(rays).with_reconstruction(Reconstruction::Cell);
            let tubes = base.with_target_error_db(Some(target)).with_reconstruction(Reconstruction::Tubes);
            let wanted = |config: &RadioMapSolverConfig| {
                only.as_deref().is_none_or(|only| only == config.reconstruction.name())
            };
            for config in [cell, tubes].into_iter().filter(wanted) {
                report(&path, tx, &config, (runs, is_linear));
            }
        }
    }
    println!("\nA step by all materials with {PEER_RAYS} rays, with refraction:");
    for (path, tx) in scenes(argument("scenes")) {
        report_peer(&path, tx, runs);
    }
}

/// Rays of the steps that are compared with Sionna RT's, whose memory grows with them.
const PEER_RAYS: u64 = 1_000_000;

/// The time of a step by all materials beside that of Sionna RT, where it is installed.
fn report_peer(path: &Path, tx: [f64; 3], runs: u64) {
    let case = sionna::Case { scene: path, tx, samples: PEER_RAYS, max_depth: 5 };
    let scene = Scene::load(path, &Device::default().autodiff()).expect("the scene loads");
    let tensors = scene.with_transmitter(Transmitter::new("tx", tx)).tensors().expect("the scene is valid");
    let config = config(true).with_samples_per_tx(PEER_RAYS).with_reconstruction(Reconstruction::Cell);
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..=runs {
        let start = Instant::now();
        let (gradients, leaves) =
            solved(&tensors, &config, By::Materials, false).expect("a gradient was wanted");
        std::hint::black_box(leaves.materials.grad(&gradients).expect("tracked").into_data());
        times.push(start.elapsed().as_secs_f64());
    }
    let (first, own) = (times.remove(0), median(times));
    print!("    {}: {own:.3} s, the first {first:.3} s", case.name());
    match sionna::warm_with_gradient(&case, runs as usize) {
        Some(sionna::Peer { seconds, first_seconds, .. }) => println!(
            "; Sionna RT {seconds:.2} s, the first {first_seconds:.1} s: {:.0} times as long",
            seconds / own
        ),
        None => println!("; Sionna RT is left out: EMBERWAVE_SIONNA_PYTHON is not set"),
    }
}

fn config(refraction: bool) -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [500.0, 500.0], [1.0, 1.0]);
    RadioMapSolverConfig::new().with_max_depth(5).with_refraction(refraction).with_measurement_surface(plane)
}

fn scenes(argument: Option<String>) -> Vec<(PathBuf, [f64; 3])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = |name: &str| root.join(format!("../shared/scenes/{name}/{name}.xml"));
    if let Some(text) = argument {
        let one = |one: &str| {
            let (path, place) = one.split_once(':').expect("SCENE.xml:X,Y,Z");
            let place: Vec<f64> = place.split(',').map(|x| x.parse().expect("a coordinate")).collect();
            (PathBuf::from(path), [place[0], place[1], place[2]])
        };
        text.split(';').map(one).collect()
    } else if shared("munich").exists() {
        vec![(shared("munich"), [8.5, 21.0, 30.0]), (shared("etoile"), [68.5, 33.0, 30.0])]
    } else {
        vec![(root.join("assets/scenes/district/district.xml"), [0.0, 0.0, 30.0])]
    }
}

fn report(path: &Path, tx: [f64; 3], config: &RadioMapSolverConfig, (runs, is_linear): (u64, bool)) {
    let scene = Scene::load(path, &Device::default().autodiff()).expect("the scene loads");
    let tensors = scene.with_transmitter(Transmitter::new("tx", tx)).tensors().expect("the scene is valid");
    let mut gradients = Vec::new();
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let _ = solved(&tensors, config, By::Nothing, is_linear);
    for run in 0..runs {
        let config = config.clone().with_seed(run);
        for (by, times) in [By::Nothing, By::Materials, By::Places].into_iter().zip(&mut times) {
            let start = Instant::now();
            let found = solved(&tensors, &config, by, is_linear);
            times.push(start.elapsed().as_secs_f64());
            if let (By::Places, Some((grads, leaves))) = (by, found) {
                gradients.push(directions(&grads, &leaves));
            }
        }
    }
    let [map, materials, places] = times.map(median);
    println!(
        "| {} | {} | {:?} | {map:.3} s | {materials:.3} s, {:.2} | {places:.3} s, {:.2} |",
        path.file_stem().unwrap_or_default().to_string_lossy(),
        if config.refraction { "with refraction" } else { "reflection" },
        config.reconstruction,
        materials / map,
        places / map,
    );
    scatter(&gradients);
}

/// The loss's gradient, if one is wanted.
fn solved(
    tensors: &SceneTensors,
    config: &RadioMapSolverConfig,
    by: By,
    is_linear: bool,
) -> Option<(Gradients, Leaves)> {
    let leaf = |wanted: bool| wanted && by != By::Nothing;
    let mut leaves = Leaves {
        materials: tensors.materials.clone().detach(),
        sources: tensors.sources.clone().detach(),
        vertices: tensors.vertices.clone().detach(),
    };
    if leaf(by == By::Materials) {
        leaves.materials = leaves.materials.require_grad();
    }
    if leaf(by == By::Places) {
        leaves.sources = leaves.sources.require_grad();
        leaves.vertices = leaves.vertices.require_grad();
    }
    let tensors = tensors
        .clone()
        .with_materials(leaves.materials.clone())
        .with_sources(leaves.sources.clone())
        .with_vertices(leaves.vertices.clone());
    let map = config.clone().init().solve_tensors(tensors).expect("the scene can be solved");
    if by == By::Nothing {
        std::hint::black_box(map.path_gain().into_data());
        return None;
    }
    // The logarithm saturates far below what cells have, so that no few of them decide.
    let scaled = map.path_gain() * 1e10;
    let loss = if is_linear { scaled.sum() } else { (scaled + 1.0).log().sum() };
    Some((loss.backward(), leaves))
}

/// Derivatives by the transmitter's position and by the size of the scene.
fn directions(grads: &Gradients, leaves: &Leaves) -> [f64; 4] {
    let sources = leaves.sources.grad(grads).expect("tracked").into_data();
    let vertices = leaves.vertices.grad(grads).expect("tracked") * leaves.vertices.clone().inner();
    let by_position: Vec<f64> = sources.iter::<f64>().take(3).collect();
    let by_size = f64::from(vertices.sum().into_scalar::<f32>());
    [by_position[0], by_position[1], by_position[2], by_size]
}

fn scatter(gradients: &[[f64; 4]]) {
    let count = gradients.len() as f64;
    for (index, name) in ["x", "y", "z", "size of the scene"].into_iter().enumerate() {
        let of = || gradients.iter().map(move |gradient| gradient[index]);
        let mean = of().sum::<f64>() / count;
        let spread = (of().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        println!("    by {name}: {mean:.4e}, scatter of one run {:.1} %", 100.0 * spread / mean.abs());
    }
    let mean = [0, 1, 2].map(|axis| gradients.iter().map(|gradient| gradient[axis]).sum::<f64>() / count);
    let length = mean.iter().map(|x| x * x).sum::<f64>().sqrt();
    let apart = |gradient: &[f64; 4]| (0..3).map(|axis| (gradient[axis] - mean[axis]).powi(2)).sum::<f64>();
    let spread = (gradients.iter().map(apart).sum::<f64>() / (count - 1.0)).sqrt();
    println!("    by position: {length:.4e}, scatter of one run {:.1} %", 100.0 * spread / length);
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
