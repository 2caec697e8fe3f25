//! The same question gets the same bits.

use emberwave::prelude::*;

use crate::common::world::{Slab, World, config, path_gain};

fn scene() -> Scene {
    World::new()
        .room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::CONCRETE)
        .scene()
        .with_transmitter(Transmitter::new("a", [0.6, -0.7, 2.3]))
        .with_transmitter(Transmitter::new("b", [-2.0, 1.0, 0.5]).with_pattern(AntennaPattern::Dipole))
}

fn options() -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [0.1, 0.1]);
    config(300_001, 4, plane).with_rr_depth(2)
}

fn bits(gains: &[f32]) -> Vec<u32> {
    gains.iter().map(|g| g.to_bits()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let scene = scene();
    let maps = [1, 2, 3, 7].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        bits(&pool.install(|| path_gain(&scene, &options())))
    });
    assert!(maps.iter().all(|map| *map == maps[0]));
}

#[test]
fn repeated_solves_give_the_same_bits() {
    let first = bits(&path_gain(&scene(), &options()));
    assert_eq!(first, bits(&path_gain(&scene(), &options())));
}

#[test]
fn seeds_give_different_maps() {
    let scene = scene();
    let maps = [0, 1, 1 << 32, u64::MAX].map(|seed| path_gain(&scene, &options().with_seed(seed)));
    for (i, a) in maps.iter().enumerate() {
        assert!(maps[..i].iter().all(|b| a != b));
    }
}

#[test]
fn a_solver_is_reused_without_memory_of_earlier_solves() {
    let (first, second) = (scene(), scene().with_frequency(10e9));
    let solver = options().init();
    let gain = |scene: &Scene| {
        let map = solver.solve(scene).expect("the solve is in range");
        bits(&map.path_gain().into_data().try_to_vec::<f32>().expect("maps are f32"))
    };
    let before = gain(&first);
    assert_ne!(gain(&second), before);
    assert_eq!(gain(&first), before);
}
