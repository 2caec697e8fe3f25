//! Decibels and wavelengths.

use crate::constants::SPEED_OF_LIGHT;
use crate::real::Real;

/// The smallest power ratio that has a level in decibels: −300 dB. It is a normal number in f32.
pub const SMALLEST_LINEAR: f64 = 1e-30;

/// `10·log₁₀(max(x, 10⁻³⁰))` of a power ratio: never less than −300 dB, with derivative 0 there.
///
/// ```
/// use emberwave_physics::units::db_from_linear;
/// assert_eq!(db_from_linear(100.0f64), 20.0);
/// assert!((db_from_linear(0.0f64) + 300.0).abs() < 1e-9);
/// ```
#[inline]
pub fn db_from_linear<R: Real>(linear: R) -> R {
    linear.max(R::from_f64(SMALLEST_LINEAR)).ln() * R::from_f64(10.0 / std::f64::consts::LN_10)
}

/// `10^(x/10)`: power ratio of a level in decibels.
#[inline]
pub fn linear_from_db<R: Real>(db: R) -> R {
    (db * R::from_f64(std::f64::consts::LN_10 / 10.0)).exp()
}

/// Power in W of a level in dBm.
///
/// ```
/// assert!((emberwave_physics::units::watt_from_dbm(30.0f64) - 1.0).abs() < 1e-12);
/// ```
#[inline]
pub fn watt_from_dbm<R: Real>(dbm: R) -> R {
    linear_from_db(dbm - R::from_f64(30.0))
}

/// Level in dBm of a power in W; never less than −270 dBm.
#[inline]
pub fn dbm_from_watt<R: Real>(watt: R) -> R {
    db_from_linear(watt) + R::from_f64(30.0)
}

/// λ = c/f in m, f in Hz.
///
/// ```
/// let wavelength = emberwave_physics::units::wavelength_from_frequency(3.5e9f64);
/// assert!((wavelength - 0.085_655).abs() < 1e-6);
/// ```
#[inline]
pub fn wavelength_from_frequency<R: Real>(frequency: R) -> R {
    R::from_f64(SPEED_OF_LIGHT) / frequency
}

/// k = 2πf/c in rad/m, f in Hz.
#[inline]
pub fn wavenumber_from_frequency<R: Real>(frequency: R) -> R {
    frequency * R::from_f64(std::f64::consts::TAU / SPEED_OF_LIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_ratios_are_inverse() {
        for db in [-290.0f64, -83.3, 0.0, 41.0] {
            assert!((db_from_linear(linear_from_db(db)) - db).abs() < 1e-9);
            assert!((dbm_from_watt(watt_from_dbm(db + 40.0)) - db - 40.0).abs() < 1e-9);
        }
    }

    #[test]
    fn friis_at_100_m_and_3_5_ghz_is_83_3_db() {
        let gain = (wavelength_from_frequency(3.5e9f64) / (4.0 * std::f64::consts::PI * 100.0)).powi(2);
        assert!((db_from_linear(gain) + 83.33).abs() < 0.005);
    }
}
