//! What a small solve costs beside the kernel: a program that asks for millions of maps should spend its time tracing.
//!
//!     cargo bench --bench small_solve
//!
//! The street canyon, 64 × 64 cells, 10⁵ rays, depth 3, called in a loop.

use std::sync::Arc;
use std::time::Instant;

use emberwave::prelude::*;

const CALLS: u32 = 200;

fn main() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/street_canyon/street_canyon.xml");
    let scene = Scene::load(path, &Device::default()).expect("the scene loads");
    let scene = scene.with_transmitter(Transmitter::new("tx", [-33.0, 11.0, 32.0]));
    let monitor = Arc::new(Monitor::new());
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [128.0, 128.0], [2.0, 2.0]);
    let config = RadioMapSolverConfig::new().with_samples_per_tx(100_000).with_measurement_surface(plane);
    let solver = config.init().with_monitor(Arc::clone(&monitor));
    let start = Instant::now();
    for _ in 0..CALLS {
        let map = solver.solve(&scene).expect("the scene can be solved");
        std::hint::black_box(map.path_gain());
    }
    let (total, kernel) = (start.elapsed().as_secs_f64(), monitor.kernel_time().as_secs_f64());
    let per_call = 1e3 / f64::from(CALLS);
    println!(
        "{:.3} ms per solve, {:.3} ms of it in the kernel: {:.1} %",
        total * per_call,
        kernel * per_call,
        100.0 * kernel / total
    );
}
