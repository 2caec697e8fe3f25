//! Signal strengths and their ratios, for several transmitters.

use ndarray::{Array3, Axis};

use crate::case::Case;
use crate::comparison::{Estimate, RUNS, assert_cells_agree, assert_totals_agree};

const CASE: &str = "ssc_multi_sinr";

/// Rounding of the peer, which subtracts the own signal from a sum in f32.
const PEER_ROUNDING: f64 = 1e-6;

/// Signal over the others' and noise, in f64.
fn ratio(rss: &Array3<f64>, tx: usize, y: usize, x: usize, noise: f64) -> f64 {
    let others = (0..rss.dim().0).filter(|&other| other != tx).map(|other| rss[[other, y, x]]).sum::<f64>();
    rss[[tx, y, x]] / (others + noise)
}

#[test]
fn noise_and_powers_are_the_peers() {
    let Some(case) = Case::load(CASE) else { return };
    let scene = case.scene();
    let (gain, rss) = (case.array("path_gain").mapv(f64::from), case.array("rss").mapv(f64::from));
    for (tx, transmitter) in scene.transmitters().iter().enumerate() {
        let (gain, rss) = (gain.index_axis(Axis(0), tx).sum(), rss.index_axis(Axis(0), tx).sum());
        assert!((rss / gain / transmitter.power() - 1.0).abs() < 1e-5, "transmitter {tx}");
    }
    let sinr = case.array("sinr").mapv(f64::from);
    let error = case.array("sem").mapv(f64::from);
    let error = Array3::from_shape_fn(rss.dim(), |i| error[i] * scene.transmitters()[i.0].power());
    let errors = relative_errors(&Estimate { mean: rss.clone(), error }, scene.noise_power());
    let mut compared = 0;
    for ((tx, y, x), &peer) in sinr.indexed_iter() {
        let ours = ratio(&rss, tx, y, x, scene.noise_power());
        let error = errors[[tx, y, x]];
        if error >= 0.01 {
            continue;
        }
        compared += 1;
        let sum: f64 = rss.index_axis(Axis(1), y).index_axis(Axis(1), x).sum();
        let denominator = sum - rss[[tx, y, x]] + scene.noise_power();
        // The peer's is a mean of ratios over runs, which exceeds the ratio of means by a variance.
        let excess = 4.0 * case.runs() as f64 * error * error;
        let allowed = (1e-5 + excess + PEER_ROUNDING * sum / denominator) * ours;
        assert!((ours - peer).abs() <= allowed, "{:?}: {ours:e} for {peer:e}", (tx, y, x));
    }
    assert!(compared > 100, "only {compared} cells could be compared");
}

#[test]
fn signal_strengths_and_ratios_agree() {
    let Some(case) = Case::load(CASE) else { return };
    let (scene, config) = (case.scene(), case.config(250_000));
    let (mut strengths, mut ratios) = (Vec::new(), Vec::new());
    for seed in 0..RUNS {
        let map = config.clone().with_seed(seed).init().solve(&scene).expect("the case solves");
        strengths.push(map.rss().into_data().try_to_vec::<f32>().expect("f32"));
        ratios.push(map.sinr().into_data().try_to_vec::<f32>().expect("f32"));
    }
    let peer = Estimate::of_peer(&case);
    let shape = peer.mean.dim();
    let powers: Vec<f64> = scene.transmitters().iter().map(|tx| tx.power()).collect();
    let watt = |values: &Array3<f64>| Array3::from_shape_fn(shape, |i| values[i] * powers[i.0]);
    let peer_rss = Estimate { mean: case.array("rss").mapv(f64::from), error: watt(&peer.error) };
    let ours = Estimate::of_runs(&strengths, shape);
    assert_totals_agree(&ours, &peer_rss);
    assert_cells_agree(&ours, &peer_rss);
    let sinr = case.array("sinr").mapv(f64::from);
    let error = &sinr * &relative_errors(&peer_rss, scene.noise_power());
    assert_cells_agree(&Estimate::of_runs(&ratios, shape), &Estimate { mean: sinr, error });
}

/// Relative standard errors of the ratios from those of the signal strengths, to first order.
fn relative_errors(rss: &Estimate, noise: f64) -> Array3<f64> {
    let (num_tx, _, _) = rss.mean.dim();
    Array3::from_shape_fn(rss.mean.dim(), |(tx, y, x)| {
        if rss.mean[[tx, y, x]] == 0.0 {
            return f64::INFINITY;
        }
        let own = rss.error[[tx, y, x]] / rss.mean[[tx, y, x]];
        let others = |values: &Array3<f64>, f: fn(f64) -> f64| {
            (0..num_tx).filter(|&t| t != tx).map(|t| f(values[[t, y, x]])).sum::<f64>()
        };
        let interference = others(&rss.error, |e| e * e).sqrt() / (others(&rss.mean, |m| m) + noise);
        own.hypot(interference)
    })
}
