//! Line of sight alone.

use emberwave::prelude::*;

use crate::common::oracle::{cell_averages, image_path};
use crate::common::statistics::Runs;
use crate::common::world::{World, config};

const FREQUENCY: f64 = 3.5e9;

fn assert_friis(tx: &Transmitter, plane: MeasurementPlane, parts: usize) {
    // A far floor, so that there is something to build a tree from.
    let scene = World::new().floor(-1e4, 1.0, crate::common::world::Slab::CONCRETE).scene();
    let scene = scene.with_frequency(FREQUENCY).with_transmitter(tx.clone());
    let expected =
        cell_averages(&plane, parts, |point| image_path(tx, &[], point, FREQUENCY).expect("direct").gain);
    let runs = Runs::new(&scene, &config(50_000, 0, plane), 0..32);
    runs.assert_is(&expected);
    let deviation_db = 10.0 * (runs.total().mean / expected.iter().sum::<f64>()).log10();
    assert!(deviation_db.abs() < 0.01, "{deviation_db} dB");
}

fn below() -> MeasurementPlane {
    MeasurementPlane::new([0.3, -0.2, 1.5], [12.0, 8.0], [1.0, 0.8])
}

#[test]
fn isotropic_line_of_sight_obeys_friis() {
    assert_friis(&Transmitter::new("tx", [0.5, 0.25, 5.0]), below(), 2);
}

#[test]
fn plane_above_the_transmitter_obeys_friis() {
    assert_friis(&Transmitter::new("tx", [0.5, 0.25, -1.0]), below(), 2);
}

#[test]
fn tilted_plane_obeys_friis() {
    let plane =
        MeasurementPlane::new([3.0, 1.0, 2.0], [6.0, 4.0], [0.5, 0.5]).with_orientation([0.7, -1.1, 0.4]);
    assert_friis(&Transmitter::new("tx", [0.0, 0.0, 5.0]), plane, 2);
}

#[test]
fn oriented_patterns_shape_the_map() {
    for pattern in [AntennaPattern::Dipole, AntennaPattern::HalfWaveDipole, AntennaPattern::Tr38901] {
        for model in [PolarizationModel::One, PolarizationModel::Two] {
            let tx = Transmitter::new("tx", [0.5, 0.25, 5.0])
                .with_pattern(pattern)
                .with_polarization(Polarization::H)
                .with_polarization_model(model)
                .with_orientation([0.4, 0.9, -0.3]);
            assert_friis(&tx, below(), 8);
        }
    }
}

#[test]
fn two_ports_add_up_coherently() {
    for polarization in [Polarization::VH, Polarization::Cross] {
        let tx = Transmitter::new("tx", [0.5, 0.25, 5.0])
            .with_pattern(AntennaPattern::Tr38901)
            .with_polarization(polarization)
            .with_polarization_model(PolarizationModel::One)
            .with_look_at([2.0, 1.0, 1.5]);
        assert_friis(&tx, below(), 8);
    }
}

#[test]
fn empty_world_obeys_friis() {
    let tx = Transmitter::new("tx", [0.5, 0.25, 5.0]);
    let scene = World::new().scene().with_frequency(FREQUENCY).with_transmitter(tx.clone());
    let expected =
        cell_averages(&below(), 2, |point| image_path(&tx, &[], point, FREQUENCY).expect("direct").gain);
    Runs::new(&scene, &config(50_000, 3, below()), 0..32).assert_is(&expected);
}

#[test]
fn transmitter_in_the_plane_leaves_nothing_and_no_nan() {
    let tx = Transmitter::new("tx", [0.0, 0.0, 1.5]);
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [10.0, 10.0], [1.0, 1.0]);
    let scene = World::new().floor(0.0, 20.0, crate::common::world::Slab::CONCRETE).scene();
    let gains = crate::common::world::path_gain(&scene.with_transmitter(tx), &config(100_000, 0, plane));
    assert!(gains.iter().all(|g| *g == 0.0));
}
