//! A closed box: the sum over all images of the transmitter.

use emberwave::prelude::*;
use glam::DVec3;

use crate::common::oracle::{Event, Surface, cell_averages, image_path};
use crate::common::statistics::Runs;
use crate::common::world::{Slab, World, config};

const FREQUENCY: f64 = 3.5e9;
const MIN: [f64; 3] = [-4.0, -3.0, 0.0];
const MAX: [f64; 3] = [5.0, 4.0, 3.5];

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [1.0, 1.0])
}

fn transmitter() -> Transmitter {
    Transmitter::new("tx", [0.6, -0.7, 2.3])
}

/// Every order in which a path can meet `depth` walls one after another.
fn sequences(slab: Slab, depth: usize) -> Vec<Vec<Surface>> {
    let wall = |face: usize| {
        let mut normal = [0.0; 3];
        normal[face / 2] = 1.0;
        Surface::new(if face.is_multiple_of(2) { MIN } else { MAX }, normal, slab, Event::Reflect)
    };
    let mut faces: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..depth {
        let extend = |sequence: &Vec<usize>| {
            let last = sequence.last().copied();
            let longer = |face| sequence.iter().copied().chain([face]).collect();
            (0..6).filter(|&face| Some(face) != last).map(longer).collect::<Vec<_>>()
        };
        faces = faces.iter().flat_map(extend).collect();
    }
    faces.into_iter().map(|sequence| sequence.into_iter().map(wall).collect()).collect()
}

/// Gain of a path if all its reflections lie on the walls.
fn gain(tx: &Transmitter, surfaces: &[Surface], point: DVec3) -> Option<f64> {
    let path = image_path(tx, surfaces, point, FREQUENCY)?;
    let (min, max) = (DVec3::from(MIN) - 1e-9, DVec3::from(MAX) + 1e-9);
    let inside = |hit: &DVec3| hit.cmpge(min).all() && hit.cmple(max).all();
    path.hits.iter().all(inside).then_some(path.gain)
}

/// The images summed with `parts` × `parts` pieces per cell.
fn assert_images(tx: &Transmitter, slab: Slab, depth: u32, parts: usize) {
    let sequences: Vec<_> = (0..=depth as usize).flat_map(|order| sequences(slab, order)).collect();
    let expected = cell_averages(&plane(), parts, |point| {
        sequences.iter().filter_map(|surfaces| gain(tx, surfaces, point)).sum()
    });
    let scene = World::new().room(MIN, MAX, slab).scene();
    let scene = scene.with_frequency(FREQUENCY).with_transmitter(tx.clone());
    Runs::new(&scene, &config(60_000, depth, plane()).with_refraction(false), 0..32).assert_is(&expected);
}

#[test]
fn a_box_has_1_6_18_38_images() {
    for (order, count) in [1, 6, 18, 38].into_iter().enumerate() {
        let sequences = sequences(Slab::CONCRETE, order);
        for point in [DVec3::new(1.31, 2.17, 1.2), DVec3::new(-2.9, -1.53, 0.7)] {
            let found = sequences.iter().filter_map(|s| gain(&transmitter(), s, point)).count();
            assert_eq!(found, count, "order {order}");
        }
    }
}

#[test]
fn dielectric_box_is_the_sum_of_its_images() {
    for depth in 1..=3 {
        assert_images(&transmitter(), Slab::new(5.0, 0.1, 0.2), depth, 2);
    }
}

#[test]
fn metal_box_is_the_sum_of_its_images() {
    assert_images(&transmitter(), Slab::METAL, 3, 2);
}

#[test]
fn slanted_antenna_in_a_box_is_the_sum_of_its_images() {
    let tx = transmitter()
        .with_pattern(AntennaPattern::Dipole)
        .with_polarization(Polarization::Cross)
        .with_polarization_model(PolarizationModel::One)
        .with_orientation([0.4, -0.7, 0.2]);
    // Model 1 turns without limit around the axis of a slanted port, so the cells there need many pieces.
    assert_images(&tx, Slab::CONCRETE, 2, 8);
}
