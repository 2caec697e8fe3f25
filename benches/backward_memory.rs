//! Peak memory and time of a map of rays and of its derivatives by the materials, or with `places` by the transmitter's position and all
//! vertices: memory does not depend on the number of rays.
//!
//!     cargo bench --bench backward_memory -- [places] [SCENE.xml X,Y,Z]
//!
//! Without arguments: munich where Sionna RT's scenes lie in `../shared/scenes`, and otherwise the city district of
//! `assets`. 500 m × 500 m with cells of 1 m, depth 5, the fused kernel. Each number of rays runs in a process of its
//! own, whose highest resident memory (`VmHWM`, Linux) is read before the solve, after it, and after the backward pass.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use burn::tensor::{Gradients, Tensor};
use emberwave::prelude::*;

/// Rays per process.
const RAYS: [u64; 3] = [100_000, 1_000_000, 10_000_000];

/// Asks for derivatives by places.
const PLACES: &str = "places";

/// Names the argument that asks for one measurement.
const ONE: &str = "rays=";

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let (rays, scene): (Vec<String>, _) =
        arguments.into_iter().partition(|argument| argument.starts_with(ONE));
    match rays.first() {
        Some(rays) => measure(rays[ONE.len()..].parse().expect("a number of rays"), &scene),
        None => compare(&scene),
    }
}

/// Starts a process per number of rays.
fn compare(scene: &[String]) {
    println!("{} threads, {}", rayon::current_num_threads(), common::processor());
    println!("| scene | rays | scene alone | + map | + backward | map | map + backward |");
    println!("|---|---|---|---|---|---|---|");
    let program = std::env::current_exe().expect("the program knows where it is");
    for rays in RAYS {
        let status = Command::new(&program).arg(format!("{ONE}{rays}")).args(scene).status();
        assert!(status.expect("the program starts").success(), "{rays} rays failed");
    }
}

/// One solve and one backward pass, timed, after a small one that starts threads and builds the tree.
fn measure(rays: u64, arguments: &[String]) {
    let (places, scene) = match arguments {
        [first, scene @ ..] if first == PLACES => (true, scene),
        scene => (false, scene),
    };
    let (path, tx) = chosen(scene);
    let scene = Scene::load(&path, &Device::default().autodiff()).expect("the scene loads");
    let scene = scene.with_transmitter(Transmitter::new("tx", tx));
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [500.0, 500.0], [1.0, 1.0]);
    let config = RadioMapSolverConfig::new().with_max_depth(5).with_measurement_surface(plane);
    let tensors = scene.tensors().expect("the scene is valid");
    let solve = |rays| {
        let leaves = Leaves::of(&tensors, places);
        let solver =
            config.clone().with_samples_per_tx(rays).with_reconstruction(Reconstruction::Cell).init();
        let map = solver.solve_tensors(leaves.put_into(&tensors));
        (map.expect("the scene can be solved"), leaves)
    };
    std::hint::black_box(solve(1024));
    let before = peak_mib();
    let start = Instant::now();
    let (map, leaves) = solve(rays);
    let (forward, after_map) = (start.elapsed().as_secs_f64(), peak_mib());
    let gradients = map.path_gain().sum().backward();
    let derivatives = leaves.gradient(&gradients);
    let both = start.elapsed().as_secs_f64();
    assert!(derivatives.iter().any(|derivative| *derivative != 0.0), "the gradient is 0");
    println!(
        "| {} | {:.0e} | {before:.0} MiB | {after_map:.0} MiB | {:.0} MiB | {forward:.3} s | {both:.3} s |",
        path.file_stem().unwrap_or_default().to_string_lossy(),
        rays as f64,
        peak_mib(),
    );
}

/// What derivatives are taken by.
struct Leaves {
    materials: Tensor<3>,
    sources: Tensor<2>,
    vertices: Tensor<2>,
}

impl Leaves {
    fn of(tensors: &SceneTensors, places: bool) -> Self {
        let mut leaves = Self {
            materials: tensors.materials.clone().detach(),
            sources: tensors.sources.clone().detach(),
            vertices: tensors.vertices.clone().detach(),
        };
        if places {
            leaves.sources = leaves.sources.require_grad();
            leaves.vertices = leaves.vertices.require_grad();
        } else {
            leaves.materials = leaves.materials.require_grad();
        }
        leaves
    }

    fn put_into(&self, tensors: &SceneTensors) -> SceneTensors {
        let tensors = tensors.clone().with_materials(self.materials.clone());
        tensors.with_sources(self.sources.clone()).with_vertices(self.vertices.clone())
    }

    fn gradient(&self, gradients: &Gradients) -> Vec<f32> {
        let of_vertices = self.vertices.grad(gradients).map(|gradient| gradient.into_data());
        let of_materials = || self.materials.grad(gradients).map(|gradient| gradient.into_data());
        of_vertices.or_else(of_materials).expect("a leaf has a gradient").iter().collect()
    }
}

/// The scene asked for, or the default.
fn chosen(arguments: &[String]) -> (PathBuf, [f64; 3]) {
    if let [path, place, ..] = arguments {
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("`{text}` is not a number"));
        let place: Vec<f64> = place.split(',').map(number).collect();
        return (path.into(), place.try_into().expect("three coordinates"));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let munich = root.join("../shared/scenes/munich/munich.xml");
    if munich.exists() {
        (munich, [8.5, 21.0, 30.0])
    } else {
        (root.join("assets/scenes/district/district.xml"), [0.0, 0.0, 30.0])
    }
}

/// Highest resident memory of this process so far \[MiB\]; 0 where the operating system does not tell.
fn peak_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kibibytes.unwrap_or(0.0) / 1024.0
}
