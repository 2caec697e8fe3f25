//! Closed things are closed, and surfaces that coincide are one.

use emberwave::prelude::*;
use glam::{DMat3, DVec3};

use crate::common::world::{Motion, Slab, World, config, path_gain, rotation};

const REST: Motion = Motion { rotation: DMat3::IDENTITY, shift: DVec3::ZERO };

/// Planes below, above and beside the room.
fn outside() -> [MeasurementPlane; 4] {
    let size = [40.0, 40.0];
    let across = [0.0, std::f64::consts::FRAC_PI_2, 0.0];
    [
        MeasurementPlane::new([0.5, 0.5, -0.5], size, [1.0, 1.0]),
        MeasurementPlane::new([0.5, 0.5, 4.0], size, [1.0, 1.0]),
        MeasurementPlane::new([5.5, 0.5, 0.0], size, [1.0, 1.0]).with_orientation(across),
        MeasurementPlane::new([-4.5, 0.5, 0.0], size, [1.0, 1.0]).with_orientation(across),
    ]
}

fn assert_tight(motion: &Motion, max_depth: u32, samples: u64) {
    let tx = Transmitter::new("tx", [0.6, -0.7, 2.3]);
    let world = World::new().room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::METAL).moved(motion);
    let scene = world.scene().with_transmitter(motion.transmitter(&tx));
    for plane in outside() {
        let options = config(samples, max_depth, motion.plane(&plane)).with_refraction(false);
        let gains = path_gain(&scene, &options);
        let leaks = gains.iter().filter(|g| **g > 0.0).count();
        assert_eq!(leaks, 0, "cells reached through the walls, plane at {:?}", plane.center);
    }
}

#[test]
fn no_ray_slips_between_the_triangles_of_a_closed_box() {
    assert_tight(&REST, 0, 1_000_000);
}

#[test]
fn no_ray_slips_out_of_a_box_far_from_the_origin() {
    assert_tight(&Motion { shift: DVec3::new(1000.0, 2000.0, 30.0), ..REST }, 0, 1_000_000);
}

#[test]
fn no_ray_slips_out_of_a_turned_box() {
    let turned = Motion { rotation: rotation([0.7, 0.4, -1.1]), shift: DVec3::new(100.0, -50.0, 3.0) };
    assert_tight(&turned, 0, 1_000_000);
}

#[test]
fn no_reflected_ray_leaves_a_closed_box() {
    assert_tight(&REST, 5, 500_000);
}

#[test]
fn no_reflected_ray_leaves_a_closed_box_far_from_the_origin() {
    assert_tight(&Motion { shift: DVec3::new(1000.0, 2000.0, 30.0), ..REST }, 5, 500_000);
}

#[test]
fn no_reflected_ray_leaves_a_turned_box() {
    let turned = Motion { rotation: rotation([0.7, 0.4, -1.1]), shift: DVec3::new(100.0, -50.0, 3.0) };
    assert_tight(&turned, 5, 500_000);
}

fn two_sided_map(world: &World, max_depth: u32) -> Vec<f32> {
    let scene = world.scene().with_transmitter(Transmitter::new("tx", [-3.0, 0.2, 0.1]));
    path_gain(
        &scene,
        &config(200_000, max_depth, MeasurementPlane::new([0.0, 0.0, -1.0], [8.0, 8.0], [1.0, 1.0])),
    )
}

#[test]
fn coincident_faces_count_once() {
    let once = World::new().wall_at_x(0.0, 50.0, Slab::CONCRETE);
    let twice = once.clone().wall_at_x(0.0, 50.0, Slab::CONCRETE);
    assert_eq!(two_sided_map(&once, 3), two_sided_map(&twice, 3));
}

#[test]
fn coincident_faces_of_opposite_winding_count_once() {
    let once = World::new().wall_at_x(0.25, 50.0, Slab::CONCRETE);
    let mut twice = once.clone();
    let mut back = once.quads[0];
    back.corners.reverse();
    twice.quads.push(back);
    let (once, twice) = (two_sided_map(&once, 3), two_sided_map(&twice, 3));
    for (once, twice) in once.iter().zip(&twice) {
        // The other diagonal gives distances that differ in their last digits.
        assert!((once - twice).abs() <= 1e-5 * once, "{twice:e} for {once:e}");
    }
}
