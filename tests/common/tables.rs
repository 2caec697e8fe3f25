//! Tabulated antenna patterns.

use emberwave::physics::{Complex, SphericalDirection};
use emberwave::prelude::*;

/// A named pattern by so many zenith angles and azimuths.
pub fn sampled(pattern: AntennaPattern, shape: [usize; 2]) -> PatternTable {
    PatternTable::sampled(shape, |theta, phi| {
        let amplitude = pattern.amplitude(&SphericalDirection::from_angles(theta, phi));
        [Complex::from_real(amplitude), Complex::ZERO]
    })
}

/// A smooth field of both components with a phase that turns, by so many zenith angles and azimuths.
pub fn elliptic(shape: [usize; 2]) -> PatternTable {
    PatternTable::sampled(shape, |theta, phi| {
        let theta_part = Complex::cis(0.8 * phi.cos() + theta).scale(1.1 + 0.4 * theta.sin() * phi.cos());
        let phi_part = Complex::cis(0.5 - 0.9 * theta).scale(0.5 + 0.3 * (phi - 0.4).sin());
        [theta_part, phi_part]
    })
}
