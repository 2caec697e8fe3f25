//! Kept coverages.

use emberwave::prelude::*;

use crate::worlds::{room, room_plane, tubes, two_transmitters, values};

fn kept() -> (RadioMapSolver, Scene, Coverage) {
    let solver = tubes(2, room_plane()).init();
    let scene = two_transmitters(room());
    let coverage = solver.trace_coverage(&scene).expect("in range");
    (solver, scene, coverage)
}

#[test]
fn an_evaluation_is_the_solve_without_the_tracing() {
    let (solver, scene, coverage) = kept();
    let evaluated = solver.evaluate(&coverage, scene.tensors().expect("valid")).expect("it fits");
    let solved = solver.solve(&scene).expect("in range");
    assert_eq!(values(evaluated.path_gain()), values(solved.path_gain()));
    assert_eq!(coverage.num_transmitters(), 2);
    assert!(coverage.num_fragments() > 192 * 2 && coverage.num_sequences() > 14);
    assert!(coverage.num_interactions() > coverage.num_fragments() as u64);
}

#[test]
fn a_coverage_serves_for_other_frequencies_antennas_and_materials() {
    // Options that follow every sequence, whatever it weighs, so that materials guide nothing.
    let solver = tubes(1, room_plane()).init();
    let scene = two_transmitters(room());
    let coverage = solver.trace_coverage(&scene).expect("in range");
    let mut other = room().with_frequency(5e9);
    for tx in scene.transmitters() {
        other = other.with_transmitter(tx.clone().with_pattern(AntennaPattern::Dipole));
    }
    let evaluated = solver.evaluate(&coverage, other.tensors().expect("valid")).expect("it fits");
    let solved = solver.solve(&other).expect("in range");
    for (found, expected) in values(evaluated.path_gain()).into_iter().zip(values(solved.path_gain())) {
        assert!((found / expected - 1.0).abs() < 0.02, "{found:e} where a solve gives {expected:e}");
    }
}

#[test]
fn a_saved_coverage_is_loaded_as_it_was() {
    let (solver, scene, coverage) = kept();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("kept.safetensors");
    coverage.save(&path).expect("saved");
    let names: Vec<_> = std::fs::read_dir(directory.path()).expect("readable").collect();
    assert_eq!(names.len(), 1);
    let loaded = Coverage::load(&path).expect("loaded");
    assert_eq!(loaded, coverage);
    let map = |coverage| {
        let tensors = scene.tensors().expect("valid");
        values(solver.evaluate(coverage, tensors).expect("it fits").path_gain())
    };
    assert_eq!(map(&loaded), map(&coverage));
}

#[test]
fn files_that_hold_no_coverage_are_refused_in_a_line() {
    let (_, _, coverage) = kept();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("kept.safetensors");
    coverage.save(&path).expect("saved");
    let whole = std::fs::read(&path).expect("readable");
    let refused = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        let message = Coverage::load(&path).expect_err("no coverage").to_string();
        assert!(message.starts_with("cannot read `") && message.lines().count() == 1, "{message}");
        message
    };
    refused(b"");
    refused(b"not a file of tensors");
    refused(&whole[..whole.len() / 2]);
    // References to sequences and planes that are not there.
    let header = 8 + u64::from_le_bytes(whole[..8].try_into().expect("eight bytes")) as usize;
    for share in [0.3, 0.5, 0.7, 0.9] {
        let mut damaged = whole.clone();
        let at = header + ((whole.len() - header) as f64 * share) as usize / 4 * 4;
        damaged[at..].fill(0xff);
        refused(&damaged);
    }
    let empty = safetensors_without_arrays();
    assert!(refused(&empty).contains("it has no array `coverage`"));
    let missing = Coverage::load(directory.path().join("nothing")).expect_err("no file").to_string();
    assert!(missing.starts_with("cannot read `"), "{missing}");
    let nowhere = coverage.save(directory.path().join("none").join("kept")).expect_err("no directory");
    assert!(nowhere.to_string().starts_with("cannot write `"), "{nowhere}");
}

/// The smallest file of safetensors.
fn safetensors_without_arrays() -> Vec<u8> {
    [&2_u64.to_le_bytes()[..], b"{}"].concat()
}
