//! Polarisation of an element: slant angles and the two models of 3GPP TR 38.901, 7.3.2.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};
use std::fmt;
use std::str::FromStr;

use crate::error::PhysicsError;
use crate::orientation::SphericalDirection;
use crate::real::Real;

/// The named polarisations: one port for each slant angle.
///
/// ```
/// use emberwave_physics::Polarization;
/// assert_eq!("cross".parse::<Polarization>().map(|p| p.slants().len()), Ok(2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Polarization {
    /// `V`: slant 0.
    #[default]
    V,
    /// `H`: slant π/2.
    H,
    /// `VH`: slants 0 and π/2.
    VH,
    /// `cross`: slants −π/4 and +π/4.
    Cross,
}

impl Polarization {
    /// All polarisations.
    pub const ALL: [Self; 4] = [Self::V, Self::H, Self::VH, Self::Cross];

    /// Sionna RT's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V => "V",
            Self::H => "H",
            Self::VH => "VH",
            Self::Cross => "cross",
        }
    }

    /// Slant angle of each port in radians; 0 is vertical, π/2 horizontal.
    pub const fn slants(self) -> &'static [f64] {
        match self {
            Self::V => &[0.0],
            Self::H => &[FRAC_PI_2],
            Self::VH => &[0.0, FRAC_PI_2],
            Self::Cross => &[-FRAC_PI_4, FRAC_PI_4],
        }
    }
}

impl fmt::Display for Polarization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Polarization {
    type Err = PhysicsError;

    fn from_str(name: &str) -> Result<Self, PhysicsError> {
        let known = || PhysicsError::unknown("polarization", name, Self::ALL.map(Self::name));
        Self::ALL.into_iter().find(|p| p.name() == name).ok_or_else(known)
    }
}

/// Cosine and sine of a slant angle ζ, made once per port.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slant<R> {
    /// cos ζ.
    pub cos: R,
    /// sin ζ.
    pub sin: R,
}

impl<R: Real> Slant<R> {
    /// Slant angle ζ in radians; 0 is vertical, π/2 horizontal.
    pub fn new(angle: R) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { cos, sin }
    }
}

/// How a slant turns the vertical field into (C_θ, C_φ); Sionna RT's names are `1` and `2` (`tr38901_1`, `tr38901_2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PolarizationModel {
    /// Model-1: the field of an antenna turned about its boresight by the slant; the pattern itself is not turned.
    One,
    /// Model-2: (cos ζ, sin ζ) in every direction. The default.
    #[default]
    Two,
}

impl PolarizationModel {
    /// All models.
    pub const ALL: [Self; 2] = [Self::One, Self::Two];

    /// The name, `1` or `2`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
        }
    }

    /// Unit vector (cos ψ, sin ψ) of the field along (θ̂, φ̂).
    ///
    /// Model 1: (cosζ sinθ + sinζ sinφ cosθ, sinζ cosφ), normalised; along the axis of the slanted antenna, where
    /// it is singular, (1, 0). Model 2: (cosζ, sinζ).
    #[inline(always)]
    pub fn components<R: Real>(self, direction: &SphericalDirection<R>, slant: Slant<R>) -> [R; 2] {
        if self == Self::Two {
            return [slant.cos, slant.sin];
        }
        let theta = slant.cos * direction.sin_theta + slant.sin * direction.sin_phi * direction.cos_theta;
        let phi = slant.sin * direction.cos_phi;
        // This norm equals √(1 − (cosζ cosθ − sinζ sinφ sinθ)²) without its cancellation.
        let squared = theta * theta + phi * phi;
        if squared < R::from_f64(1e-18) {
            return [R::ONE, R::ZERO];
        }
        let inverse = squared.sqrt().recip();
        [theta * inverse, phi * inverse]
    }
}

impl fmt::Display for PolarizationModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PolarizationModel {
    type Err = PhysicsError;

    fn from_str(name: &str) -> Result<Self, PhysicsError> {
        match name {
            "1" | "tr38901_1" => Ok(Self::One),
            "2" | "tr38901_2" => Ok(Self::Two),
            _ => {
                let known = ["1", "2", "tr38901_1", "tr38901_2"];
                Err(PhysicsError::unknown("polarization model", name, known))
            }
        }
    }
}
