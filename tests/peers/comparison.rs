//! Two Monte-Carlo estimates of one map.

use ndarray::{Array3, ArrayView3, Axis};

use crate::case::Case;
use crate::common::world::solve_runs;

/// Independent runs of ours per case.
pub const RUNS: u64 = 16;

/// Largest difference of a transmitter's total power \[dB\].
const TOTAL_TOLERANCE_DB: f64 = 0.05;

/// Cells are compared where the combined relative standard error is below this,
const COMPARABLE_ERROR: f64 = 0.05;

/// and agree within so many standard errors,
const AGREEMENT: f64 = 4.0;

/// which at least this share must.
const AGREEING_SHARE: f64 = 0.99;

/// Means over runs and their standard errors, `[tx, y, x]`.
pub struct Estimate {
    pub mean: Array3<f64>,
    pub error: Array3<f64>,
}

impl Estimate {
    /// What the peer found.
    pub fn of_peer(case: &Case) -> Self {
        Self { mean: case.array("path_gain").mapv(f64::from), error: case.array("sem").mapv(f64::from) }
    }

    /// What maps of independent runs show.
    pub fn of_runs(runs: &[Vec<f32>], shape: (usize, usize, usize)) -> Self {
        let (mut mean, mut square) = (Array3::zeros(shape), Array3::zeros(shape));
        let count = runs.len() as f64;
        let view = |run: &Vec<f32>| {
            ArrayView3::from_shape(shape, run).expect("the map has the peer's shape").mapv(f64::from)
        };
        for run in runs {
            mean += &(view(run) / count);
        }
        for run in runs {
            square += &(view(run) - &mean).mapv(|x| x * x / (count * (count - 1.0)));
        }
        Self { mean, error: square.mapv(f64::sqrt) }
    }
}

/// Solves a case with so many rays in each of [`RUNS`] runs and requires the peer's map.
pub fn assert_peer_agrees(id: &str, samples: u64) {
    let Some(case) = Case::load(id) else { return };
    let peer = Estimate::of_peer(&case);
    let runs = solve_runs(&case.scene(), &case.config(samples), 0..RUNS);
    let ours = Estimate::of_runs(&runs, peer.mean.dim());
    assert_totals_agree(&ours, &peer);
    assert_cells_agree(&ours, &peer);
}

pub fn assert_totals_agree(ours: &Estimate, peer: &Estimate) {
    for (tx, (a, b)) in ours.mean.axis_iter(Axis(0)).zip(peer.mean.axis_iter(Axis(0))).enumerate() {
        let difference = 10.0 * (a.sum() / b.sum()).log10();
        println!("transmitter {tx}: total {difference:+.4} dB");
        assert!(difference.abs() <= TOTAL_TOLERANCE_DB, "transmitter {tx}: total {difference:+.4} dB");
    }
}

pub fn assert_cells_agree(ours: &Estimate, peer: &Estimate) {
    let (mut compared, mut agreeing, mut worst) = (0_usize, 0_usize, (0.0_f64, (0, 0, 0)));
    for (index, &mean) in ours.mean.indexed_iter() {
        let error = ours.error[index].hypot(peer.error[index]);
        let is_comparable = error < COMPARABLE_ERROR * peer.mean[index];
        if !is_comparable {
            continue;
        }
        let deviation = (mean - peer.mean[index]) / error;
        compared += 1;
        agreeing += usize::from(deviation.abs() <= AGREEMENT);
        if deviation.abs() > worst.0.abs() {
            worst = (deviation, index);
        }
    }
    let share = agreeing as f64 / compared as f64;
    let (deviation, index) = worst;
    let message = format!(
        "{agreeing} of {compared} cells ({:.3} %) agree; the worst, {index:?}, is {deviation:+.1} standard errors off: {:e} for {:e}",
        100.0 * share,
        ours.mean[index],
        peer.mean[index],
    );
    println!("{message}");
    assert!(compared > 0 && share >= AGREEING_SHARE, "{message}");
}
