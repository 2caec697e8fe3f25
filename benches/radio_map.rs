//! Radio maps of emberwave and Sionna RT 2.2.0, on the same machine in the same run.
//!
//!     EMBERWAVE_SIONNA_PYTHON=sionna-venv/bin/python cargo bench --bench radio_map -- [SCENE.xml X,Y,Z]...
//!
//! Without arguments: the city district of `assets`, and munich and etoile where Sionna RT's scenes lie in
//! `../shared/scenes`. Line of sight, specular reflection and refraction; 500 m × 500 m with cells of 1 m. Prints the
//! rates of rays for 10⁷ rays and their ratio, and the time from process start to the `.npz` for 10⁶ rays.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use common::sionna::{self, Case};
use emberwave::prelude::*;

/// Timed maps per case; the median counts.
const REPEAT: usize = 5;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let scenes = if arguments.is_empty() { default_scenes() } else { named_scenes(&arguments) };
    println!("{} threads, {}", rayon::current_num_threads(), common::processor());
    println!(
        "| scene | depth | rays | emberwave | Sionna RT | ratio | total gain |\n|---|---|---|---|---|---|---|"
    );
    for (scene, tx) in &scenes {
        for max_depth in [3, 5, 10] {
            compare_warm(&Case { scene, tx: *tx, samples: 10_000_000, max_depth });
        }
    }
    println!("\n| scene, from process start to .npz | emberwave | Sionna RT | share |\n|---|---|---|---|");
    for (scene, tx) in &scenes {
        compare_cold(&Case { scene, tx: *tx, samples: 1_000_000, max_depth: 5 });
    }
}

fn default_scenes() -> Vec<(PathBuf, [f64; 3])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let candidates = [
        ("assets/scenes/district/district.xml", [0.0, 0.0, 30.0]),
        ("../shared/scenes/munich/munich.xml", [8.5, 21.0, 30.0]),
        ("../shared/scenes/etoile/etoile.xml", [8.5, 21.0, 30.0]),
    ];
    let scenes = candidates.map(|(path, tx)| (root.join(path), tx));
    scenes.into_iter().filter(|(path, _)| path.exists()).collect()
}

fn named_scenes(arguments: &[String]) -> Vec<(PathBuf, [f64; 3])> {
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("`{text}` is not a number"));
    let pairs = arguments.chunks_exact(2);
    pairs
        .map(|pair| {
            let position: Vec<f64> = pair[1].split(',').map(number).collect();
            (PathBuf::from(&pair[0]), position.try_into().expect("three coordinates"))
        })
        .collect()
}

/// Times and total path gain of our maps.
fn emberwave(case: &Case<'_>) -> (f64, f64) {
    let scene = Scene::load(case.scene, &Device::default()).expect("the scene loads");
    let scene = scene.with_transmitter(Transmitter::new("tx", case.tx));
    let plane = MeasurementPlane::new(sionna::CENTER, sionna::SIZE, [1.0, 1.0]);
    let solver = RadioMapSolverConfig::new()
        .with_samples_per_tx(case.samples)
        .with_max_depth(case.max_depth)
        .with_measurement_surface(plane)
        .init();
    let mut total = 0.0;
    let mut times: Vec<f64> = (0..=REPEAT)
        .map(|_| {
            let start = Instant::now();
            let map = solver.solve(&scene).expect("the scene can be solved");
            let seconds = start.elapsed().as_secs_f64();
            total = map.path_gain().into_data().iter::<f64>().sum();
            seconds
        })
        .skip(1)
        .collect();
    times.sort_by(f64::total_cmp);
    (times[REPEAT / 2], total)
}

fn compare_warm(case: &Case<'_>) {
    let (ours, total) = emberwave(case);
    let rate = |seconds: f64| format!("{:.2} M rays/s", case.samples as f64 / seconds / 1e6);
    let (theirs, ratio, gain) = match sionna::warm(case, REPEAT) {
        Some(peer) => (
            rate(peer.seconds),
            format!("{:.2}", peer.seconds / ours),
            format!("{total:.4e}, peer {:.4e}", peer.total_gain),
        ),
        None => ("-".to_owned(), "-".to_owned(), format!("{total:.4e}")),
    };
    let name = case.name();
    println!(
        "| {name} | {} | {:.0e} | {} | {theirs} | {ratio} | {gain} |",
        case.max_depth,
        case.samples as f64,
        rate(ours)
    );
}

fn compare_cold(case: &Case<'_>) {
    let output = std::env::temp_dir().join(format!("emberwave-bench-{}.npz", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_emberwave"));
    let list = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    command.arg("map").arg(case.scene).args(["--quiet", "--cell-size", "1", "--tx", &list(&case.tx)]);
    command.args(["--center", &list(&sionna::CENTER), "--size", &list(&sionna::SIZE)]);
    command.args(["--samples", &case.samples.to_string(), "--max-depth", &case.max_depth.to_string()]);
    command.arg("--output").arg(&output);
    let mut times: Vec<f64> = (0..REPEAT)
        .map(|_| {
            let start = Instant::now();
            assert!(command.status().expect("the program starts").success(), "emberwave failed");
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let ours = times[REPEAT / 2];
    let (theirs, share) = match sionna::cold(case, &output, REPEAT) {
        Some(seconds) => (format!("{seconds:.2} s"), format!("{:.3}", ours / seconds)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    println!("| {} | {ours:.3} s | {theirs} | {share} |", case.name());
    std::fs::remove_file(&output).ok();
}
