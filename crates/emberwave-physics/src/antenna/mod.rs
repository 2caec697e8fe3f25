//! Antenna elements: what field they radiate in a direction of their own frame.
//!
//! Boresight is local +x, z is up. A field is the pair (C_θ, C_φ) along θ̂ and φ̂ of the direction, with
//! |C_θ|² + |C_φ|² = gain relative to an isotropic antenna. Named patterns are formulas ([`AntennaPattern`]), others
//! tables ([`PatternGrid`]).

mod pattern;
mod polarization;
mod table;

pub use pattern::AntennaPattern;
pub use polarization::{Polarization, PolarizationModel, Slant};
pub use table::{PATTERN_COLUMNS, PatternCell, PatternGrid, slanted};

use crate::orientation::SphericalDirection;
use crate::real::Real;
use crate::vector::Vec3;

/// Field (C_θ, C_φ) of an element with a slant, for a unit direction in the element's own frame.
///
/// The pattern is evaluated at the direction itself for both polarisation models, as in Sionna RT (3GPP TR 38.901
/// would rotate the pattern too in model 1). At the poles φ is taken as 0, so the value is defined everywhere.
/// Differentiable except at the poles and in the clipped regions of the pattern (sub-gradient 0).
///
/// ```
/// use emberwave_physics::{AntennaPattern, PolarizationModel, Slant, antenna_field};
/// let slant = Slant::new(0.0f64);
/// let field = antenna_field(AntennaPattern::Dipole, PolarizationModel::Two, [1.0, 0.0, 0.0], slant);
/// assert!((field[0] - 1.5f64.sqrt()).abs() < 1e-12 && field[1] == 0.0);
/// ```
#[inline]
pub fn antenna_field<R: Real>(
    pattern: AntennaPattern,
    model: PolarizationModel,
    direction: Vec3<R>,
    slant: Slant<R>,
) -> [R; 2] {
    let angles = SphericalDirection::new(direction);
    let amplitude = pattern.amplitude(&angles);
    let [theta, phi] = model.components(&angles, slant);
    [amplitude * theta, amplitude * phi]
}
