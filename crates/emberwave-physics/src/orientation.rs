//! Orientations of devices and the spherical angles of directions.
//!
//! θ is the zenith angle in [0, π], φ the azimuth in (−π, π]. At the poles φ is taken as 0.

use crate::real::Real;
use crate::vector::{Mat3, Vec3};

/// Shortest sinθ of a unit direction at which φ is looked at.
const POLE: f64 = 1e-9;

/// A unit direction by the sines and cosines of its spherical angles, made without any angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphericalDirection<R> {
    /// sin θ = √(x² + y²), never negative.
    pub sin_theta: R,
    /// cos θ = z.
    pub cos_theta: R,
    /// sin φ; 0 at the poles.
    pub sin_phi: R,
    /// cos φ; 1 at the poles.
    pub cos_phi: R,
}

impl<R: Real> SphericalDirection<R> {
    /// From a unit vector.
    #[inline(always)]
    pub fn new(direction: Vec3<R>) -> Self {
        let [x, y, z] = direction;
        let rho = (x * x + y * y).sqrt();
        if rho < R::from_f64(POLE) {
            return Self { sin_theta: R::ZERO, cos_theta: z, sin_phi: R::ZERO, cos_phi: R::ONE };
        }
        let inverse = rho.recip();
        Self { sin_theta: rho, cos_theta: z, sin_phi: y * inverse, cos_phi: x * inverse }
    }

    /// From the angles θ and φ in radians.
    pub fn from_angles(theta: R, phi: R) -> Self {
        let (sin_theta, cos_theta) = theta.sin_cos();
        let (sin_phi, cos_phi) = phi.sin_cos();
        Self { sin_theta, cos_theta, sin_phi, cos_phi }
    }

    /// r̂ = (sinθ cosφ, sinθ sinφ, cosθ).
    #[inline(always)]
    pub fn unit_vector(&self) -> Vec3<R> {
        [self.sin_theta * self.cos_phi, self.sin_theta * self.sin_phi, self.cos_theta]
    }

    /// θ̂ = (cosθ cosφ, cosθ sinφ, −sinθ).
    #[inline(always)]
    pub fn theta_hat(&self) -> Vec3<R> {
        [self.cos_theta * self.cos_phi, self.cos_theta * self.sin_phi, -self.sin_theta]
    }

    /// φ̂ = (−sinφ, cosφ, 0).
    #[inline(always)]
    pub fn phi_hat(&self) -> Vec3<R> {
        [-self.sin_phi, self.cos_phi, R::ZERO]
    }
}

/// (θ, φ) in radians of a vector of any length; φ = 0 on the z axis, (0, 0) for the zero vector.
///
/// ```
/// let (theta, phi) = emberwave_physics::spherical_angles([0.0f64, 2.0, 0.0]);
/// assert_eq!((theta, phi), (std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2));
/// ```
#[inline]
pub fn spherical_angles<R: Real>(vector: Vec3<R>) -> (R, R) {
    let [x, y, z] = vector;
    let rho = (x * x + y * y).sqrt();
    let phi = if rho > R::ZERO { y.atan2(x) } else { R::ZERO };
    (rho.atan2(z), phi)
}

/// `R = R_z(α) R_y(β) R_x(γ)` for (α, β, γ) = (yaw, pitch, roll) in radians; world vector = R · local vector.
///
/// Boresight is local +x, so a positive pitch tilts it down. Source: 3GPP TR 38.901, section 7.1. Smooth.
///
/// ```
/// use emberwave_physics::rotation_matrix;
/// let r = rotation_matrix([0.0f64, 0.1, 0.0]);
/// assert!((r[2][0] + 0.1f64.sin()).abs() < 1e-15); // z component of the rotated boresight
/// ```
pub fn rotation_matrix<R: Real>(orientation: [R; 3]) -> Mat3<R> {
    let [(sa, ca), (sb, cb), (sg, cg)] = orientation.map(R::sin_cos);
    [
        [ca * cb, ca * sb * sg - sa * cg, ca * sb * cg + sa * sg],
        [sa * cb, sa * sb * sg + ca * cg, sa * sb * cg - ca * sg],
        [-sb, cb * sg, cb * cg],
    ]
}

/// Orientation (α, β, γ) that points the boresight from `position` to `target`: (φ, θ − π/2, 0).
///
/// Straight up or down the yaw is 0 (and its derivative too); a target at the position itself gives (0, 0, 0).
///
/// ```
/// use emberwave_physics::look_at;
/// let orientation = look_at([0.0f64, 0.0, 10.0], [10.0, 0.0, 0.0]);
/// assert!((orientation[1] - std::f64::consts::FRAC_PI_4).abs() < 1e-15); // 45° down
/// ```
pub fn look_at<R: Real>(position: Vec3<R>, target: Vec3<R>) -> [R; 3] {
    let direction = [0, 1, 2].map(|i| target[i] - position[i]);
    if direction == [R::ZERO; 3] {
        return [R::ZERO; 3];
    }
    let (theta, phi) = spherical_angles(direction);
    [phi, theta - R::from_f64(std::f64::consts::FRAC_PI_2), R::ZERO]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::{cross, dot, transform};

    #[test]
    fn theta_phi_and_direction_are_right_handed() {
        let direction = SphericalDirection::from_angles(1.1f64, -2.3);
        let r = cross(direction.theta_hat(), direction.phi_hat());
        let expected = direction.unit_vector();
        assert!((0..3).all(|i| (r[i] - expected[i]).abs() < 1e-15));
        let again = SphericalDirection::new(expected);
        assert!((again.sin_phi - direction.sin_phi).abs() < 1e-15);
        assert!((again.cos_theta - direction.cos_theta).abs() < 1e-15);
    }

    #[test]
    fn look_at_points_the_boresight_at_the_target() {
        let (position, target) = ([1.0f64, 2.0, 3.0], [-4.0, 5.5, 0.5]);
        let boresight = transform(&rotation_matrix(look_at(position, target)), [1.0, 0.0, 0.0]);
        let direction = crate::vector::normalize(crate::vector::sub(target, position));
        assert!((dot(boresight, direction) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn look_at_is_defined_straight_up_and_down() {
        let down = look_at([0.0f64, 0.0, 5.0], [0.0, 0.0, 0.0]);
        let up = look_at([0.0f64, 0.0, 0.0], [0.0, 0.0, 5.0]);
        assert_eq!(down, [0.0, std::f64::consts::FRAC_PI_2, 0.0]);
        assert_eq!(up, [0.0, -std::f64::consts::FRAC_PI_2, 0.0]);
        assert_eq!(look_at([1.0f64; 3], [1.0; 3]), [0.0; 3]);
    }

    #[test]
    fn poles_have_a_defined_basis() {
        for z in [1.0f32, -1.0] {
            let direction = SphericalDirection::new([0.0, 0.0, z]);
            assert_eq!(direction.theta_hat(), [z, 0.0, 0.0]);
            assert_eq!(direction.phi_hat(), [0.0, 1.0, 0.0]);
        }
    }
}
