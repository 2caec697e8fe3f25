//! What solves tell about their own errors.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use burn::tensor::Tensor;
use emberwave::prelude::*;
use emberwave::solvers::Monitor;

use crate::common::statistics::Runs;
use crate::common::world::{Slab, World, config};

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [0.5, 0.5])
}

fn scene() -> Scene {
    World::new()
        .room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::CONCRETE)
        .quad([[1.0, -1.0, 0.5], [1.0, 2.0, 0.5], [1.0, 2.0, 3.0], [1.0, -1.0, 3.0]], Slab::METAL)
        .scene()
        .with_transmitter(Transmitter::new("a", [-2.6, -0.7, 2.3]))
        .with_transmitter(Transmitter::new("b", [3.0, 1.2, 2.8]).with_pattern(AntennaPattern::Dipole))
}

fn options() -> RadioMapSolverConfig {
    config(100_000, 3, plane()).with_error_estimate(true)
}

fn solve(config: &RadioMapSolverConfig) -> RadioMap {
    config.clone().init().solve(&scene()).expect("in range")
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// Gains and estimated relative errors.
fn estimate(map: &RadioMap) -> [Vec<f64>; 2] {
    [values(map.path_gain()), values(map.relative_error().expect("asked for"))]
}

/// Rays launched for a map, and the map.
fn counted(config: &RadioMapSolverConfig) -> (u64, RadioMap) {
    let monitor = Arc::new(Monitor::new());
    let solver = config.clone().init().with_monitor(Arc::clone(&monitor));
    let map = solver.solve(&scene()).expect("in range");
    (monitor.num_rays(), map)
}

/// Shares of true over reported errors between 0.7 and 1.4, and the root of the mean squared ratio.
fn honesty(config: &RadioMapSolverConfig) -> (f64, f64) {
    const SEEDS: u64 = 32;
    let maps: Vec<[Vec<f64>; 2]> =
        (0..SEEDS).map(|seed| estimate(&solve(&config.clone().with_seed(seed)))).collect();
    let (mut within, mut count, mut squares) = (0.0, 0.0, 0.0);
    for cell in 0..maps[0][0].len() {
        let mean = maps.iter().map(|[gain, _]| gain[cell]).sum::<f64>() / SEEDS as f64;
        let square: f64 = maps.iter().map(|[gain, _]| (gain[cell] - mean).powi(2)).sum();
        let truth = (square / (SEEDS - 1) as f64).sqrt();
        for [gain, error] in &maps {
            let ratio = truth / (gain[cell] * error[cell]);
            within += f64::from(u8::from((0.7..=1.4).contains(&ratio)));
            squares += (gain[cell] * error[cell] / truth).powi(2);
            count += 1.0;
        }
    }
    (within / count, (squares / count).sqrt())
}

#[test]
fn reported_errors_are_those_of_other_seeds() {
    let (within, root_mean_square) = honesty(&options().with_samples_per_tx(200_000));
    println!("{within} of the cells, {root_mean_square}");
    assert!(within >= 0.9, "only {within} of the true errors are 0.7 to 1.4 of what is reported");
    assert!((0.9..1.1).contains(&root_mean_square), "{root_mean_square}");
}

#[test]
fn errors_reported_after_rounds_are_those_of_other_seeds() {
    // Every seed uses its whole budget, so that no luck decides when to stop.
    let config = options().with_samples_per_tx(200_000).with_target_error_db(Some(1e-6));
    let (within, root_mean_square) = honesty(&config);
    assert!(within >= 0.9, "only {within} of the true errors are 0.7 to 1.4 of what is reported");
    assert!((0.9..1.1).contains(&root_mean_square), "{root_mean_square}");
}

#[test]
fn a_map_with_estimates_is_the_same_in_the_mean() {
    let plain = Runs::new(&scene(), &options().with_error_estimate(false), 0..32);
    Runs::new(&scene(), &options(), 100..132).assert_same_mean(&plain);
    let target = options().with_target_error_db(Some(1e-6));
    Runs::new(&scene(), &target, 200..232).assert_same_mean(&plain);
}

#[test]
fn statistics_of_lattices_are_those_of_all_rays() {
    let statistics = |config: RadioMapSolverConfig| {
        let map = solve(&config.with_delays(true).with_directions_of_arrival(true));
        let spreads = [map.rms_delay_spread(), map.direction_spread_of_arrival(), map.mean_delay()];
        let mean = values(map.mean_direction_of_arrival().expect("asked for"));
        (spreads.map(|spread| values(spread.expect("asked for"))), mean)
    };
    let (lattices, means) = statistics(options().with_samples_per_tx(1_000_000));
    let (plain, plain_means) =
        statistics(options().with_samples_per_tx(1_000_000).with_error_estimate(false));
    for (lattices, plain) in lattices.iter().zip(&plain) {
        let ratio = lattices.iter().sum::<f64>() / plain.iter().sum::<f64>();
        assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
    }
    let apart: f64 = means.iter().zip(&plain_means).map(|(a, b)| (a - b).abs()).sum();
    assert!(apart / (means.len() as f64) < 0.02, "{apart}");
}

#[test]
fn a_target_error_takes_the_rays_it_needs() {
    let budget = 1 << 20;
    let of = |target| counted(&config(budget, 3, plane()).with_target_error_db(Some(target)));
    let mut before = 0;
    for target in [0.8, 0.4, 0.2] {
        let (rays, map) = of(target);
        let reached = map.reached_error_db().expect("estimated");
        assert!(rays > before && rays < 2 * budget, "{rays} rays for {target} dB");
        assert!(reached <= target && reached > 0.3 * target, "{reached} for {target} dB");
        assert!(map.relative_error().is_none(), "not asked for");
        before = rays;
    }
    let (rays, map) = of(1e-3);
    assert_eq!(rays, 2 * budget);
    assert!(map.reached_error_db().is_some_and(|reached| reached > 1e-3));
}

#[test]
fn the_reached_error_is_the_error() {
    let target = config(1 << 20, 3, plane()).with_target_error_db(Some(0.4));
    let truth = values(solve(&config(1 << 23, 3, plane())).path_gain());
    let map = solve(&target);
    let decibels = |(a, b): (&f64, &f64)| (10.0 * (a / b).log10()).abs();
    let gains = values(map.path_gain());
    let error = gains.iter().zip(&truth).map(decibels).sum::<f64>() / truth.len() as f64;
    let reached = map.reached_error_db().expect("estimated");
    assert!((0.8..1.25).contains(&(error / reached)), "{error} dB, but {reached} dB is said");
}

#[test]
fn dark_cells_have_no_error() {
    let beyond = MeasurementPlane::new([0.0, 0.0, -5.0], [4.0, 4.0], [1.0, 1.0]);
    let floor = World::new().floor(0.0, 60.0, Slab::METAL).scene();
    let scene = floor.with_transmitter(Transmitter::new("tx", [0.0, 0.0, 2.0]));
    for reconstruction in Reconstruction::ALL {
        let config = config(10_000, 1, beyond).with_refraction(false).with_reconstruction(reconstruction);
        let map = config.with_error_estimate(true).init().solve(&scene).expect("in range");
        assert_eq!(estimate(&map), [vec![0.0; 16], vec![0.0; 16]]);
        assert_eq!(map.reached_error_db(), Some(0.0));
    }
}

#[test]
fn tubes_report_what_the_next_refinement_changed() {
    let tubes = config(1, 3, plane()).with_reconstruction(Reconstruction::Tubes);
    let mut before = f64::INFINITY;
    let truth = values(solve(&tubes.clone().with_target_error_db(Some(0.03))).path_gain());
    for target in [1.0, 0.3, 0.1] {
        let config = tubes.clone().with_target_error_db(Some(target)).with_error_estimate(true);
        let map = solve(&config);
        let [gain, relative] = estimate(&map);
        assert!(relative.iter().all(|error| error.is_finite() && *error >= 0.0));
        let reached = map.reached_error_db().expect("asked for");
        let decibels = |(a, b): (&f64, &f64)| (10.0 * (a / b).log10()).abs().min(10.0);
        let error = gain.iter().zip(&truth).map(decibels).sum::<f64>() / truth.len() as f64;
        assert!(reached > 0.0 && reached < before, "{reached} dB after {before} dB");
        assert!(error < reached, "{error} dB, but {reached} dB is said");
        assert_eq!(gain, values(solve(&config.with_error_estimate(false)).path_gain()));
        before = reached;
    }
}

/// The maps that are handed over before the solve is ended after `most`, and the one that is returned.
fn stages(config: &RadioMapSolverConfig, most: usize) -> (Vec<RadioMap>, RadioMap) {
    let mut maps = Vec::new();
    let last = config.clone().init().solve_progressively(&scene(), |map| {
        maps.push(map.clone());
        if maps.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (maps, last.expect("in range"))
}

#[test]
fn maps_get_better_while_one_looks() {
    let tubes = config(1, 3, plane()).with_reconstruction(Reconstruction::Tubes);
    let rays = config(1 << 18, 3, plane());
    for (config, count, fine) in [
        (rays.clone().with_error_estimate(true), 4, rays.clone().with_samples_per_tx(1 << 23)),
        (rays.clone(), 5, rays.with_samples_per_tx(1 << 23)),
        (tubes.clone().with_error_estimate(true), 3, tubes.clone().with_target_error_db(Some(0.03))),
    ] {
        let truth = values(solve(&fine).path_gain());
        let (maps, last) = stages(&config, usize::MAX);
        assert_eq!(maps.len(), count);
        let error = |map: &RadioMap| {
            let gains = values(map.path_gain());
            gains.iter().zip(&truth).map(|(a, b)| (a / b - 1.0).abs()).sum::<f64>()
        };
        assert!(maps.windows(2).all(|pair| error(&pair[1]) < error(&pair[0])));
        assert_eq!(values(maps[count - 1].path_gain()), values(last.path_gain()));
        assert_eq!(last.relative_error().is_some(), config.error_estimate);
        let (early, broken) = stages(&config, 2);
        assert_eq!((early.len(), values(broken.path_gain())), (2, values(maps[1].path_gain())));
    }
    let (maps, last) = stages(&tubes.with_target_error_db(Some(4.0)), usize::MAX);
    assert_eq!(maps.len(), 1, "there are no coarser tubes");
    assert!(last.relative_error().is_none());
}

#[test]
fn the_last_map_of_tubes_is_that_of_a_solve() {
    let config = config(1, 3, plane()).with_reconstruction(Reconstruction::Tubes);
    assert_eq!(values(stages(&config, usize::MAX).1.path_gain()), values(solve(&config).path_gain()));
}

#[test]
fn progress_counts_towards_all_rounds() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let monitor = Arc::new(Monitor::with_callback(move |progress| {
        tell.lock().expect("not poisoned").push((progress.rays_done, progress.rays_total));
        ControlFlow::Continue(())
    }));
    options().init().with_monitor(Arc::clone(&monitor)).solve(&scene()).expect("in range");
    let told = told.lock().expect("not poisoned").clone();
    assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert!(told.iter().all(|(_, total)| *total == 200_000));
    assert_eq!(told.last(), Some(&(200_000, 200_000)));
}

#[test]
fn a_monitor_ends_the_rounds() {
    let monitor = Arc::new(Monitor::with_callback(|_| ControlFlow::Break(())));
    let mut seen = 0;
    let solved = options().init().with_monitor(monitor).solve_progressively(&scene(), |_| {
        seen += 1;
        ControlFlow::Continue(())
    });
    assert!(matches!(solved, Err(emberwave::solvers::SolveError::Cancelled)), "{seen} maps");
    assert_eq!(seen, 0);
}

#[test]
fn derivatives_go_through_the_mean_of_lattices() {
    let device = Device::default().autodiff();
    let solver = config(20_000, 1, plane()).with_los(false).with_refraction(false).with_error_estimate(true);
    let solver = solver.with_delays(true).init();
    let tensors = || {
        let world = World::new().floor(0.0, 60.0, Slab::CONCRETE).scene();
        world.with_transmitter(Transmitter::new("tx", [0.0, 0.0, 2.3])).tensors().expect("valid")
    };
    let rows = values(tensors().materials);
    let shape = tensors().materials.dims();
    // Only the materials are on the device with derivatives.
    let total = |rows: Vec<f64>, tracked: bool| {
        let rows: Vec<f32> = rows.into_iter().map(|row| row as f32).collect();
        let materials = Tensor::<3>::from_data(burn::tensor::TensorData::new(rows, shape), &device);
        let materials = if tracked { materials.require_grad() } else { materials };
        let map = solver.solve_tensors(tensors().with_materials(materials.clone())).expect("in range");
        (map.path_gain().sum() * 1e6, materials)
    };
    let (sum, materials) = total(rows.clone(), true);
    let gradient = values(materials.grad(&sum.backward()).expect("tracked"))[0];
    let [low, high] = [-0.005, 0.005].map(|step| {
        let mut rows = rows.clone();
        rows[0] += step;
        values(total(rows, false).0)[0]
    });
    let expected = (high - low) / 0.01;
    assert!((gradient / expected - 1.0).abs() < 2e-3, "{gradient} for {expected}");
}
