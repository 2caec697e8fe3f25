//! Maps with a formula.

use emberwave::prelude::*;

use crate::common::oracle::{Event, Surface, cell_averages, image_path};
use crate::common::world::{Slab, World, path_gain};
use crate::worlds::{FREQUENCY, ground, tubes};

fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let off = |(found, expected): (&f32, &f64)| (f64::from(*found) / expected - 1.0).abs();
    let worst = found.iter().zip(expected).map(off).fold(0.0, f64::max);
    println!("worst relative deviation {worst:.1e}");
    assert!(worst < tolerance, "worst relative deviation {worst:e}");
}

fn below() -> MeasurementPlane {
    MeasurementPlane::new([0.3, -0.2, 1.5], [6.0, 4.0], [0.2, 0.2])
}

fn assert_friis(tx: &Transmitter, plane: MeasurementPlane) {
    let scene = World::new().floor(-1e4, 1.0, Slab::CONCRETE).scene();
    let scene = scene.with_frequency(FREQUENCY).with_transmitter(tx.clone());
    let expected =
        cell_averages(&plane, 2, |point| image_path(tx, &[], point, FREQUENCY).expect("direct").gain);
    assert_close(&path_gain(&scene, &tubes(0, plane)), &expected, 1e-3);
}

#[test]
fn free_space_obeys_friis_in_every_cell() {
    assert_friis(&Transmitter::new("tx", [0.5, 0.25, 5.0]), below());
}

#[test]
fn tilted_planes_obey_friis_in_every_cell() {
    let plane =
        MeasurementPlane::new([3.0, 1.0, 2.0], [3.0, 2.0], [0.1, 0.1]).with_orientation([0.7, -1.1, 0.4]);
    assert_friis(&Transmitter::new("tx", [0.0, 0.0, 5.0]), plane);
}

#[test]
fn oriented_antennas_shape_the_map_in_every_cell() {
    let tx = Transmitter::new("tx", [0.5, 0.25, 5.0])
        .with_pattern(AntennaPattern::Tr38901)
        .with_polarization(Polarization::VH)
        .with_orientation([0.4, 1.3, -0.3]);
    assert_friis(&tx, below());
}

#[test]
fn two_rays_over_ground_match_the_closed_form_in_every_cell() {
    for polarization in [Polarization::V, Polarization::H] {
        let tx = Transmitter::new("tx", [-1.0, 0.5, 4.0]).with_polarization(polarization);
        let plane = MeasurementPlane::new([6.0, 0.0, 1.5], [10.0, 8.0], [0.2, 0.2]);
        let reflection = [Surface::new([0.0; 3], [0.0, 0.0, 1.0], Slab::CONCRETE, Event::Reflect)];
        let expected = cell_averages(&plane, 2, |point| {
            let gain =
                |surfaces: &[Surface]| image_path(&tx, surfaces, point, FREQUENCY).expect("valid").gain;
            gain(&[]) + gain(&reflection)
        });
        let found = path_gain(&ground().with_transmitter(tx.clone()), &tubes(1, plane));
        assert_close(&found, &expected, 1e-3);
    }
}

#[test]
fn a_wall_between_lets_through_what_its_slab_does() {
    let wall = World::new().wall_at_x(2.0, 100.0, Slab::CONCRETE).scene().with_frequency(FREQUENCY);
    let tx = Transmitter::new("tx", [0.0, 0.0, 3.0]);
    let plane = MeasurementPlane::new([6.0, 0.5, 1.5], [4.0, 4.0], [0.2, 0.2]);
    let through = [Surface::new([2.0, 0.0, 0.0], [1.0, 0.0, 0.0], Slab::CONCRETE, Event::Transmit)];
    let expected =
        cell_averages(&plane, 2, |point| image_path(&tx, &through, point, FREQUENCY).expect("valid").gain);
    assert_close(&path_gain(&wall.with_transmitter(tx), &tubes(1, plane)), &expected, 1e-3);
}

#[test]
fn switched_off_events_leave_their_parts_out() {
    let tx = Transmitter::new("tx", [-1.0, 0.5, 4.0]);
    let scene = ground().with_transmitter(tx);
    let plane = MeasurementPlane::new([6.0, 0.0, 1.5], [10.0, 8.0], [1.0, 1.0]);
    let total =
        |config: &RadioMapSolverConfig| path_gain(&scene, config).into_iter().map(f64::from).sum::<f64>();
    let both = total(&tubes(1, plane));
    let direct = total(&tubes(1, plane).with_specular_reflection(false));
    let reflected = total(&tubes(1, plane).with_los(false));
    assert!((direct + reflected - both).abs() < 1e-5 * both && reflected > 0.0);
    let nothing = tubes(1, plane).with_los(false).with_specular_reflection(false);
    assert_eq!(total(&nothing), 0.0);
}
