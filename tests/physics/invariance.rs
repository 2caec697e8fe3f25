//! Rigid motions of the whole world change nothing.

use emberwave::prelude::*;
use glam::{DMat3, DVec3};

use crate::common::statistics::Runs;
use crate::common::world::{Motion, Slab, World, config, rotation};

/// A room of two materials with a slanted transparent panel.
fn world() -> World {
    World::new().room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::CONCRETE).quad(
        [[1.5, -2.0, 0.1], [2.5, 2.0, 0.1], [2.5, 2.0, 2.6], [1.5, -2.0, 2.6]],
        Slab::new(6.31, 0.0192, 0.03),
    )
}

fn transmitter() -> Transmitter {
    Transmitter::new("tx", [-1.6, 0.7, 2.3])
        .with_orientation([0.6, 0.3, -0.4])
        .with_pattern(AntennaPattern::Tr38901)
        .with_polarization(Polarization::Cross)
}

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [1.0, 1.0]).with_orientation([0.0, 0.05, 0.1])
}

fn runs(motion: &Motion, first_seed: u64) -> Runs {
    let scene = world().moved(motion).scene().with_transmitter(motion.transmitter(&transmitter()));
    Runs::new(&scene, &config(60_000, 3, motion.plane(&plane())), first_seed..first_seed + 32)
}

const REST: Motion = Motion { rotation: DMat3::IDENTITY, shift: DVec3::ZERO };

#[test]
fn motions_compose_with_orientations() {
    let motion = Motion { rotation: rotation([2.1, -0.8, 1.3]), shift: DVec3::ZERO };
    let before = [0.6, 0.3, -0.4];
    let difference = rotation(motion.orientation(before)) - motion.rotation * rotation(before);
    assert!(difference.to_cols_array().iter().all(|x| x.abs() < 1e-14));
}

#[test]
fn rotating_the_world_changes_nothing() {
    let rest = runs(&REST, 0);
    for (turn, angles) in [[2.1, -0.8, 1.3], [-0.4, 1.2, -2.7]].into_iter().enumerate() {
        let motion = Motion { rotation: rotation(angles), shift: DVec3::ZERO };
        runs(&motion, 100 * (turn as u64 + 1)).assert_same_mean(&rest);
    }
}

#[test]
fn moving_the_world_changes_nothing() {
    let motion = Motion { shift: DVec3::new(1000.0, -2000.0, 50.0), ..REST };
    runs(&motion, 100).assert_same_mean(&runs(&REST, 0));
}

#[test]
fn turning_the_launch_lattice_changes_nothing() {
    runs(&REST, 100).assert_same_mean(&runs(&REST, 0));
}
