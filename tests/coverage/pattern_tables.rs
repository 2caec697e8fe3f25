//! Tubes and kept coverages with tabulated patterns.

use emberwave::prelude::*;

use crate::common::tables::{elliptic, sampled};
use crate::worlds::{room, room_plane, tubes, values};

fn scene(pattern: impl Into<TransmitterPattern>, polarization: Polarization) -> Scene {
    let tx = Transmitter::new("tx", [-2.6, -0.7, 2.3]).with_orientation([0.3, 0.2, 0.1]);
    room().with_transmitter(tx.with_pattern(pattern).with_polarization(polarization))
}

fn worst(found: &[f64], expected: &[f64]) -> f64 {
    found.iter().zip(expected).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max)
}

#[test]
fn a_fine_table_gives_the_map_of_the_pattern_it_was_made_from() {
    for pattern in [AntennaPattern::Tr38901, AntennaPattern::Dipole] {
        for polarization in [Polarization::V, Polarization::Cross] {
            let map = |pattern: TransmitterPattern| {
                let scene = scene(pattern, polarization);
                values(tubes(2, room_plane()).init().solve(&scene).expect("in range").path_gain())
            };
            let apart = worst(&map(sampled(pattern, [181, 360]).into()), &map(pattern.into()));
            println!("{pattern} {polarization}: {apart:.1e}");
            assert!(apart < 2e-3, "{pattern} {polarization}: {apart}");
        }
    }
}

#[test]
fn a_kept_coverage_serves_for_other_tables() {
    let solver = tubes(2, room_plane()).init();
    let coverage =
        solver.trace_coverage(&scene(AntennaPattern::Isotropic, Polarization::V)).expect("in range");
    let other = scene(elliptic([37, 72]), Polarization::Cross);
    let evaluated = solver.evaluate(&coverage, other.tensors().expect("valid")).expect("it fits");
    let solved = solver.solve(&other).expect("in range");
    let apart = worst(&values(evaluated.path_gain()), &values(solved.path_gain()));
    println!("{apart:.1e}");
    // How tubes are divided depends on the pattern.
    assert!(apart < 0.01, "{apart}");
    let again = solver.trace_coverage(&other).expect("in range");
    let evaluated = solver.evaluate(&again, other.tensors().expect("valid")).expect("it fits");
    assert_eq!(values(evaluated.path_gain()), values(solved.path_gain()));
}

#[test]
fn tables_in_place_of_tables_are_those_of_the_scene() {
    let solver = tubes(1, room_plane()).init();
    let [coarse, fine] = [[7, 12], [37, 72]].map(|shape| scene(elliptic(shape), Polarization::V));
    let coverage = solver.trace_coverage(&coarse).expect("in range");
    let map = |tensors| values(solver.evaluate(&coverage, tensors).expect("it fits").path_gain());
    let [coarse, fine] = [coarse, fine].map(|scene| scene.tensors().expect("valid"));
    let tables = fine.pattern_tables.clone();
    let replaced = map(coarse.clone().with_pattern_tables(tables));
    assert_eq!(replaced, map(fine));
    assert!(worst(&replaced, &map(coarse)) > 1e-3);
}
