//! Progress and cancelling, chunk by chunk.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use emberwave::prelude::*;
use emberwave::solvers::SolveError;

use crate::common::world::config;
use crate::scenes::corner;

const RAYS: u64 = 100_000;

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 10.0], [2.0, 2.0]);
    config(RAYS, 2, plane).with_execution(Execution::Wavefront)
}

/// What a solve reports, if the callback ends it after so many reports.
fn reports(last: usize) -> (Vec<Progress>, Result<RadioMap, SolveError>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let monitor = Monitor::with_callback(move |progress| {
        let mut seen = sink.lock().expect("no panic");
        seen.push(progress);
        if seen.len() < last { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let result = options().init().with_monitor(Arc::new(monitor)).solve(&corner());
    let seen = seen.lock().expect("no panic").clone();
    (seen, result)
}

#[test]
fn progress_rises_to_the_rays_of_all_transmitters() {
    let (seen, result) = reports(usize::MAX);
    result.expect("the scene can be solved");
    assert!(seen.windows(2).all(|pair| pair[0].rays_done < pair[1].rays_done), "{seen:?}");
    assert!(seen.iter().all(|progress| progress.rays_total == 2 * RAYS), "{seen:?}");
    assert_eq!(seen.last().map(|progress| progress.rays_done), Some(2 * RAYS));
    assert!(seen.len() > 4, "{seen:?}");
}

#[test]
fn the_callback_ends_a_trace_between_chunks() {
    let (seen, result) = reports(2);
    assert!(matches!(result, Err(SolveError::Cancelled)));
    assert_eq!(seen.len(), 2);
}
