//! The field that an oriented antenna radiates into a direction of the world, and what it receives from one.

use crate::antenna::{AntennaPattern, Polarization, PolarizationModel, Slant, antenna_field};
use crate::complex::Complex;
use crate::interaction::Field;
use crate::orientation::{SphericalDirection, rotation_matrix};
use crate::real::Real;
use crate::vector::{Mat3, Vec3, add, scale, transform, transform_transposed};

/// One antenna element at one place: pattern, polarisation and orientation.
///
/// ```
/// use emberwave_physics::{AntennaPattern, Polarization, PolarizationModel, Radiator};
/// let antenna = Radiator::new(AntennaPattern::Dipole, Polarization::V, PolarizationModel::Two, [0.0f64; 3]);
/// let field = antenna.field([1.0, 0.0, 0.0]); // vertical, amplitude √1.5; θ̂ points down
/// assert!((field[2] + 1.5f64.sqrt()).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Radiator<R> {
    pattern: AntennaPattern,
    model: PolarizationModel,
    rotation: Mat3<R>,
    /// The slants of up to two ports.
    slants: [Slant<R>; 2],
    ports: usize,
}

impl<R: Real> Radiator<R> {
    /// From the orientation (α, β, γ) in radians; world = R_z(α)R_y(β)R_x(γ) local.
    pub fn new(
        pattern: AntennaPattern,
        polarization: Polarization,
        model: PolarizationModel,
        orientation: [R; 3],
    ) -> Self {
        Self::with_rotation(pattern, polarization, model, rotation_matrix(orientation))
    }

    /// From a rotation matrix, world vector = rotation · local vector.
    pub fn with_rotation(
        pattern: AntennaPattern,
        polarization: Polarization,
        model: PolarizationModel,
        rotation: Mat3<R>,
    ) -> Self {
        // The sines and cosines of the slants, from f64 so that horizontal is exactly horizontal to rounding.
        let slant = |angle: f64| {
            let (sin, cos) = angle.sin_cos();
            Slant { cos: R::from_f64(cos), sin: R::from_f64(sin) }
        };
        let angles = polarization.slants();
        let first = slant(angles[0]);
        let second = angles.get(1).map_or(first, |angle| slant(*angle));
        Self { pattern, model, rotation, slants: [first, second], ports: angles.len() }
    }

    /// Number of ports: 1 or 2.
    pub const fn ports(&self) -> usize {
        self.ports
    }

    /// Field of one port in the world, a real vector perpendicular to the unit direction k; ‖field‖² is the gain.
    ///
    /// A `port` beyond the last one is the last one. Differentiable in k and the rotation, except at the local poles.
    #[inline]
    pub fn port_field(&self, k: Vec3<R>, port: usize) -> Vec3<R> {
        let slant = self.slants[port.min(self.ports - 1)];
        self.world_field(k, |local| antenna_field(self.pattern, self.model, local, slant))
    }

    /// Field in the world with all ports driven coherently with the default precoding 1/√ports.
    ///
    /// For `cross` this is a vertical, for `VH` a 45° polarisation: the ports add as vectors.
    #[inline]
    pub fn field(&self, k: Vec3<R>) -> Vec3<R> {
        if self.ports == 1 {
            return self.port_field(k, 0);
        }
        let weight = R::from_f64(std::f64::consts::FRAC_1_SQRT_2);
        self.world_field(k, |local| {
            let angles = SphericalDirection::new(local);
            let amplitude = self.pattern.amplitude(&angles) * weight;
            let [a, b] = self.slants.map(|slant| self.model.components(&angles, slant));
            [amplitude * (a[0] + b[0]), amplitude * (a[1] + b[1])]
        })
    }

    /// What one port receives of a field that arrives along the propagation direction k: C(−k)·E (no conjugate: C is
    /// real). By reciprocity it is the field the port would radiate into −k.
    #[inline]
    pub fn received(&self, k: Vec3<R>, field: &Field<R>, port: usize) -> Complex<R> {
        field.dot(self.port_field(k.map(|x| -x), port))
    }

    #[inline]
    fn world_field(&self, k: Vec3<R>, local_field: impl FnOnce(Vec3<R>) -> [R; 2]) -> Vec3<R> {
        let local = transform_transposed(&self.rotation, k);
        let angles = SphericalDirection::new(local);
        let [theta, phi] = local_field(local);
        let field = add(scale(angles.theta_hat(), theta), scale(angles.phi_hat(), phi));
        transform(&self.rotation, field)
    }
}
