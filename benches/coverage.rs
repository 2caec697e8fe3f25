//! What kept coverage saves: maps for other materials and frequencies and their gradients, beside fresh solves.
//!
//!     cargo bench --bench coverage -- [TARGET_DB]
//!
//! Munich and étoile where Sionna RT's scenes lie in `../shared/scenes`, else the district of `assets`; 500 m × 500 m at
//! z = 1.5 m with cells of 1 m, depth 5. Every time is the median of five. The last column is the time of a map with cells
//! of 0.25 m over that with 1 m.

mod common;

use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::module::Module;
use emberwave::prelude::*;

const REPEATS: usize = 5;

fn main() {
    // Cargo passes `--bench` on.
    let target: f64 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(0.3);
    println!("{} threads, {}, target {target} dB\n", rayon::current_num_threads(), common::processor());
    println!(
        "| scene | paths | solve | evaluate | of a solve | 16 frequencies | forward + backward | 0.25 m : 1 m |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (path, position) in sites() {
        for refraction in [false, true] {
            report(&path, position, refraction, target);
        }
    }
}

fn sites() -> Vec<(PathBuf, [f64; 3])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let peers = [("munich", [8.5, 21.0, 30.0]), ("etoile", [68.5, 33.0, 30.0])]
        .map(|(name, tx)| (root.join(format!("../shared/scenes/{name}/{name}.xml")), tx));
    if peers.iter().all(|(path, _)| path.exists()) {
        return peers.into();
    }
    vec![(root.join("assets/scenes/district/district.xml"), [0.0, 0.0, 30.0])]
}

fn report(path: &Path, position: [f64; 3], refraction: bool, target: f64) {
    let scene = Scene::load(path, &Device::default().autodiff()).expect("the scene loads");
    let scene = scene.with_transmitter(Transmitter::new("tx", position));
    let at_target = solver(1.0, refraction, target);
    let fresh = median(|| drop(at_target.solve(&scene.clone().no_grad()).expect("a map")));
    let coverage = at_target.trace_coverage(&scene).expect("a coverage");
    let still = || scene.clone().no_grad();
    let evaluate = |scene: &Scene| {
        let tensors = scene.tensors().expect("tensors");
        at_target.evaluate(&coverage, tensors).expect("a map").path_gain()
    };
    let again = median(|| drop(evaluate(&still())));
    let frequencies = median(|| {
        for step in 0..16 {
            drop(evaluate(&still().with_frequency(3.0e9 + 6.25e7 * f64::from(step))));
        }
    });
    let trained = scene.clone().train_materials();
    let step = median(|| drop(evaluate(&trained).sum().backward()));
    let coarse = timed(&solver(1.0, refraction, 0.5), &still());
    let fine = timed(&solver(0.25, refraction, 0.5), &still());
    println!(
        "| {} | {} | {:.1} ms | {:.1} ms | {:.2} | {:.2} solves | {:.2} solves | {:.1} |",
        path.file_stem().unwrap_or_default().display(),
        if refraction { "reflection, refraction" } else { "reflection" },
        1e3 * fresh,
        1e3 * again,
        again / fresh,
        frequencies / fresh,
        step / fresh,
        fine / coarse,
    );
}

fn timed(solver: &RadioMapSolver, scene: &Scene) -> f64 {
    median(|| drop(solver.solve(scene).expect("a map")))
}

fn solver(cell_size: f64, refraction: bool, target: f64) -> RadioMapSolver {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [500.0, 500.0], [cell_size, cell_size]);
    let config = RadioMapSolverConfig::new().with_max_depth(5).with_refraction(refraction);
    let config = config.with_reconstruction(Reconstruction::Tubes).with_target_error_db(Some(target));
    config.with_measurement_surface(plane).init()
}

/// Seconds that a call takes, after one that does not count.
fn median(mut call: impl FnMut()) -> f64 {
    call();
    let mut times = [0.0; REPEATS];
    for time in &mut times {
        let start = Instant::now();
        call();
        *time = start.elapsed().as_secs_f64();
    }
    times.sort_by(f64::total_cmp);
    times[REPEATS / 2]
}
