//! The scalar field patterns of single elements.

use std::fmt;
use std::str::FromStr;

use crate::error::PhysicsError;
use crate::orientation::SphericalDirection;
use crate::real::Real;

/// The named field patterns, with Sionna RT's names and constants.
///
/// ```
/// use emberwave_physics::AntennaPattern;
/// assert_eq!("hw_dipole".parse(), Ok(AntennaPattern::HalfWaveDipole));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AntennaPattern {
    /// `iso`: c = 1 everywhere.
    #[default]
    Isotropic,
    /// `dipole`: short dipole along z, c = √1.5 sinθ; mean gain 1.
    Dipole,
    /// `hw_dipole`: half-wave dipole along z, c = √1.643 cos(π/2·cosθ)/sinθ; mean gain 1.00127 (the constant that the
    /// peers use; 1.64092 would make it 1).
    HalfWaveDipole,
    /// `tr38901`: single element of 3GPP TR 38.901 Table 7.3-1, 8 dBi, 65° beams. Its mean gain over the sphere is
    /// 0.6568, as the table has it; [`mean_gain`](Self::mean_gain) serves to normalise it.
    Tr38901,
}

impl AntennaPattern {
    /// All patterns.
    pub const ALL: [Self; 4] = [Self::Isotropic, Self::Dipole, Self::HalfWaveDipole, Self::Tr38901];

    /// Sionna RT's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Isotropic => "iso",
            Self::Dipole => "dipole",
            Self::HalfWaveDipole => "hw_dipole",
            Self::Tr38901 => "tr38901",
        }
    }

    /// Mean of the gain c² over the sphere: the radiation efficiency that the table implies.
    pub const fn mean_gain(self) -> f64 {
        match self {
            Self::Isotropic | Self::Dipole => 1.0,
            Self::HalfWaveDipole => 1.001_266_9,
            Self::Tr38901 => 0.656_8,
        }
    }

    /// Amplitude c(θ, φ) of the vertically polarised field, in [0, 2.52]; c² is the gain relative to isotropic.
    #[inline(always)]
    pub fn amplitude<R: Real>(self, direction: &SphericalDirection<R>) -> R {
        match self {
            Self::Isotropic => R::ONE,
            Self::Dipole => R::from_f64(1.224_744_871_391_589) * direction.sin_theta,
            Self::HalfWaveDipole => half_wave_dipole(direction),
            Self::Tr38901 => tr38901(direction),
        }
    }
}

/// cos(π/2·z)/ρ with cos(π/2·z) = sin(π/2·ρ²/(1 + |z|)), which keeps its digits near the poles.
#[inline(always)]
fn half_wave_dipole<R: Real>(direction: &SphericalDirection<R>) -> R {
    let rho = direction.sin_theta;
    let quarter_turns = rho * rho / (R::ONE + direction.cos_theta.abs());
    let sine = (R::from_f64(0.25) * quarter_turns).sin_cos_turns().0;
    R::from_f64(1.281_795_615_532_453) * sine / rho.max(R::from_f64(1e-9))
}

/// 10^{A/20}, A = 8 − min(A_V + A_H, 30) dBi, A_V and A_H = min(12(angle/65°)², 30).
#[inline(always)]
fn tr38901<R: Real>(direction: &SphericalDirection<R>) -> R {
    let elevation = direction.cos_theta.atan2(direction.sin_theta);
    let azimuth = direction.sin_phi.atan2(direction.cos_phi);
    let beam = R::from_f64(180.0 / (std::f64::consts::PI * 65.0));
    let limit = R::from_f64(30.0);
    let attenuation = |angle: R| limit.min(R::from_f64(12.0) * (angle * beam).squared());
    let total = limit.min(attenuation(elevation) + attenuation(azimuth));
    ((R::from_f64(8.0) - total) * R::from_f64(std::f64::consts::LN_10 / 20.0)).exp()
}

impl fmt::Display for AntennaPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for AntennaPattern {
    type Err = PhysicsError;

    fn from_str(name: &str) -> Result<Self, PhysicsError> {
        let known = || PhysicsError::unknown("antenna pattern", name, Self::ALL.map(Self::name));
        Self::ALL.into_iter().find(|p| p.name() == name).ok_or_else(known)
    }
}
