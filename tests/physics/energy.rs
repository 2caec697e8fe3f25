//! What leaves the transmitter arrives.

use std::f64::consts::PI;

use emberwave::prelude::*;
use glam::DVec3;

use crate::common::oracle::{cell_averages, pattern_amplitude};
use crate::common::statistics::Runs;
use crate::common::world::{Slab, World, config, rotation};

/// Half the edge of the cube of measurement planes \[m\].
const HALF: f64 = 2.0;

const FREQUENCY: f64 = 3.5e9;

/// The six faces of a cube around the origin.
fn faces() -> [MeasurementPlane; 6] {
    let quarter = 0.5 * PI;
    let orientations = [
        [0.0, 0.0, 0.0],
        [0.0, PI, 0.0],
        [0.0, quarter, 0.0],
        [0.0, -quarter, 0.0],
        [0.0, 0.0, quarter],
        [0.0, 0.0, -quarter],
    ];
    orientations.map(|orientation| {
        let center = rotation(orientation) * DVec3::new(0.0, 0.0, HALF);
        MeasurementPlane::new(center.to_array(), [2.0 * HALF; 2], [0.5; 2]).with_orientation(orientation)
    })
}

/// Σ over the faces of ∫ g cosθ dA. A map weights with 1/|cosθ|, so each cell is multiplied with its area and the mean
/// of the cosine under the weight that the pattern and the distance give.
fn assert_flux_is_mean_gain(pattern: AntennaPattern, mean_gain: f64) {
    let source = DVec3::new(0.3, -0.2, 0.4);
    let tx = Transmitter::new("tx", source.to_array()).with_pattern(pattern);
    let scene = World::new().floor(-1e4, 1.0, Slab::CONCRETE).scene();
    let scene = scene.with_frequency(FREQUENCY).with_transmitter(tx);
    let wavelength = emberwave::physics::constants::SPEED_OF_LIGHT / FREQUENCY;
    let expected = (wavelength / (4.0 * PI)).powi(2) * 4.0 * PI * mean_gain;
    let mut flux: Option<Runs> = None;
    for plane in faces() {
        let normal = rotation(plane.orientation).z_axis;
        let weight = |point: DVec3, power: i32| {
            let (ray, length) = ((point - source).normalize(), point.distance(source));
            let gain = pattern_amplitude(pattern, ray.z.acos(), ray.y.atan2(ray.x)).powi(2);
            gain * ray.dot(normal).powi(power) / (length * length)
        };
        let with_cosine = cell_averages(&plane, 3, |point| weight(point, 1));
        let without = cell_averages(&plane, 3, |point| weight(point, 0));
        let area = plane.cell_area();
        let weights: Vec<f64> = with_cosine.iter().zip(&without).map(|(a, b)| area * a / b).collect();
        let face = Runs::new(&scene, &config(20_000, 0, plane), 0..32).weighted(&weights);
        flux = Some(flux.map_or(face.clone(), |sum| sum.plus(&face)));
    }
    flux.expect("six faces").assert_is(&[expected]);
}

#[test]
fn flux_through_a_closed_cube_is_the_power_sent() {
    assert_flux_is_mean_gain(AntennaPattern::Isotropic, 1.0);
    assert_flux_is_mean_gain(AntennaPattern::Dipole, 1.0);
}
