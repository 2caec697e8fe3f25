//! One reflecting ground: the two-ray map and its limits.

use emberwave::prelude::*;

use crate::common::oracle::{Event, Surface, cell_averages, image_path};
use crate::common::statistics::Runs;
use crate::common::world::{Slab, World, config, path_gain};

const FREQUENCY: f64 = 3.5e9;

/// A ground so wide that the reflections onto [`plane`] stay on it.
fn ground(slab: Slab) -> World {
    World::new().floor(0.0, 100.0, slab)
}

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([6.0, 0.0, 1.5], [10.0, 8.0], [1.0, 1.0])
}

fn transmitter() -> Transmitter {
    Transmitter::new("tx", [-1.0, 0.5, 4.0])
}

fn reflection(slab: Slab) -> [Surface; 1] {
    [Surface::new([0.0; 3], [0.0, 0.0, 1.0], slab, Event::Reflect)]
}

/// Direct and reflected power at a point.
fn two_rays(tx: &Transmitter, slab: Slab) -> Vec<f64> {
    cell_averages(&plane(), 2, |point| {
        let gain = |surfaces: &[Surface]| image_path(tx, surfaces, point, FREQUENCY).expect("valid").gain;
        gain(&[]) + gain(&reflection(slab))
    })
}

fn assert_two_rays(tx: &Transmitter, slab: Slab) {
    let scene = ground(slab).scene().with_frequency(FREQUENCY).with_transmitter(tx.clone());
    let config = config(100_000, 1, plane()).with_refraction(false);
    Runs::new(&scene, &config, 0..32).assert_is(&two_rays(tx, slab));
}

#[test]
fn two_ray_map_matches_closed_form_over_lossy_ground() {
    let lossy = Slab::new(15.0, 0.05, 10.0);
    for polarization in [Polarization::V, Polarization::H, Polarization::Cross] {
        assert_two_rays(&transmitter().with_polarization(polarization), lossy);
    }
}

#[test]
fn two_ray_map_matches_closed_form_over_thin_slab() {
    let thin = Slab::new(5.24, 0.1231, 0.03);
    for polarization in [Polarization::V, Polarization::H] {
        assert_two_rays(&transmitter().with_polarization(polarization), thin);
    }
}

#[test]
fn two_ray_map_matches_closed_form_for_a_slanted_turned_dipole() {
    let tx = transmitter()
        .with_pattern(AntennaPattern::Dipole)
        .with_polarization(Polarization::VH)
        .with_polarization_model(PolarizationModel::One)
        .with_orientation([0.3, 0.5, 0.6]);
    assert_two_rays(&tx, Slab::CONCRETE);
}

#[test]
fn sampled_events_leave_the_two_ray_map_unchanged() {
    let scene = ground(Slab::CONCRETE).scene().with_frequency(FREQUENCY).with_transmitter(transmitter());
    let runs = Runs::new(&scene, &config(100_000, 1, plane()), 0..32);
    runs.assert_is(&two_rays(&transmitter(), Slab::CONCRETE));
}

/// Maps of the reflected part alone.
fn reflected(tx: Transmitter, slab: Slab, plane: MeasurementPlane) -> f64 {
    let scene = ground(slab).scene().with_frequency(FREQUENCY).with_transmitter(tx);
    let config = config(200_000, 1, plane).with_refraction(false).with_los(false);
    path_gain(&scene, &config).iter().map(|g| f64::from(*g)).sum()
}

#[test]
fn nothing_of_a_tm_wave_is_reflected_at_the_brewster_angle() {
    // A lossless half-space in effect: what enters 5 km of this is lost, and its index is 2 to five digits.
    let half_space = Slab::new(4.0, 1e-4, 5000.0);
    let (tx_height, map_height) = (4.0, 1.0);
    // tan θ_B = 2, so the specular path of a unit height is two wide; 0.02 m off the angle leaves |r|² < 10⁻⁶.
    let plane =
        MeasurementPlane::new([2.0 * (tx_height + map_height), 0.0, map_height], [0.04; 2], [0.04; 2]);
    let tx = Transmitter::new("tx", [0.0, 0.0, tx_height]);
    let scene = |polarization| {
        let tx = tx.clone().with_polarization(polarization);
        let scene = ground(half_space).scene().with_frequency(FREQUENCY).with_transmitter(tx);
        let config = config(20_000_000, 1, plane).with_refraction(false).with_los(false);
        f64::from(path_gain(&scene, &config)[0])
    };
    let (tm, te) = (scene(Polarization::V), scene(Polarization::H));
    let reflected_te = image_path(
        &tx.clone().with_polarization(Polarization::H),
        &reflection(half_space),
        plane.center.into(),
        FREQUENCY,
    );
    let expected_te = reflected_te.expect("valid").gain;
    assert!((te / expected_te - 1.0).abs() < 0.5, "{te:e} for {expected_te:e}");
    assert!(tm < 1e-5 * te, "TM {tm:e}, TE {te:e}");
}

#[test]
fn slab_without_thickness_reflects_nothing() {
    assert_eq!(reflected(transmitter(), Slab::new(5.0, 0.1, 0.0), plane()), 0.0);
}

#[test]
fn vacuum_slab_reflects_nothing() {
    assert_eq!(reflected(transmitter(), Slab::new(1.0, 0.0, 0.1), plane()), 0.0);
}

#[test]
fn metal_reflects_all_power() {
    let tx = transmitter().with_polarization(Polarization::H);
    let image = {
        let mut image = tx.clone();
        image.position[2] *= -1.0;
        image
    };
    let scene = ground(Slab::METAL).scene().with_frequency(FREQUENCY).with_transmitter(tx.clone());
    let config = config(100_000, 1, plane()).with_los(false);
    let expected =
        cell_averages(&plane(), 2, |point| image_path(&image, &[], point, FREQUENCY).expect("direct").gain);
    // |r|² of this metal is within 10⁻³ of 1 here.
    let runs = Runs::new(&scene, &config, 0..32);
    runs.assert_is(&cell_averages(&plane(), 2, |point| {
        image_path(&tx, &reflection(Slab::METAL), point, FREQUENCY).expect("valid").gain
    }));
    let ratio = runs.total().mean / expected.iter().sum::<f64>();
    assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
}
