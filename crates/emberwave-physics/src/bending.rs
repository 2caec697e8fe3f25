//! Derivatives of an interaction by geometry: the direction of propagation and the normal of the surface.
//!
//! With u = k × n, q = u·u and the mirror H = I − 2nnᵀ, the fields of [`interaction`](crate::interaction) are
//!
//! E_r = A (E·u)u/q − r_tm HE,   A = r_te + r_tm,   E_t = B (E·u)u/q + t_tm E,   B = t_te − t_tm.
//!
//! For a loss with the cotangent F of the outgoing field, and ⟨z⟩ = Re z,
//!
//! ∂L/∂u = ⟨A (F*·u) E + A (E·u) F*⟩/q − 2⟨A (E·u)(F*·u)⟩ u/q²,
//!
//! from which ∂L/∂k += n × ∂L/∂u and ∂L/∂n += ∂L/∂u × k; the mirror adds 2⟨r_tm ((F*·n) E + (n·E) F*)⟩ to ∂L/∂n, and the
//! angle of incidence ±∂L/∂cosθ times n and k. A and B vanish like q towards normal incidence, where the terms
//! by u are left out as the fields leave them out.
//!
//! Both vectors are taken as free; whoever made them of unit length projects.

use crate::complex::Complex;
use crate::interaction::{Field, Incidence};
use crate::real::Real;
use crate::slab::SlabCoefficients;
use crate::vector::{Vec3, add, add_scaled, cross, dot, scale};

/// Gradient of a real loss by the direction of propagation and the normal.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bending<R> {
    /// ∂L/∂k.
    pub direction: Vec3<R>,
    /// ∂L/∂n.
    pub normal: Vec3<R>,
}

impl<R: Real> Bending<R> {
    /// Of the direction after a reflection, k − 2(k·n)n, given the gradient by it; through a transmission the gradient by
    /// k stays what it is.
    #[inline(always)]
    pub fn of_mirrored(k: Vec3<R>, n: Vec3<R>, after: Vec3<R>) -> Self {
        let two = R::from_f64(2.0);
        let (across, along) = (dot(after, n) * two, dot(k, n) * two);
        Self {
            direction: add_scaled(after, n, -across),
            normal: scale(add(scale(after, along), scale(k, across)), -R::ONE),
        }
    }

    /// The sum of two.
    #[inline(always)]
    pub fn plus(&self, other: &Self) -> Self {
        Self { direction: add(self.direction, other.direction), normal: add(self.normal, other.normal) }
    }
}

impl<R: Real> Incidence<R> {
    /// The gradient by k and n of what is reflected, given the incident field, the cotangent of the reflected one, and
    /// ∂L/∂cosθ through the coefficients.
    ///
    /// ```
    /// use emberwave_physics::{Complex, Field, Incidence, SlabCoefficients};
    /// let (k, n) = ([0.6f64, 0.0, -0.8], [0.0, 0.0, 1.0]);
    /// let mirror = SlabCoefficients { r_te: Complex::from_f64(-1.0, 0.0), r_tm: Complex::ONE, ..Default::default() };
    /// let field = Field::from_real([0.8, 0.0, 0.6]);
    /// // A mirror that turns about z leaves this wave's plane of incidence: the field gets a part along y.
    /// let along_y = Field::from_real([0.0, 1.0, 0.0]);
    /// let bending = Incidence::new(k, n).reflect_bending(k, &field, &mirror, &along_y, 0.0);
    /// assert!((bending.normal[1] - 2.0 * 0.6).abs() < 1e-12);
    /// ```
    #[inline(always)]
    pub fn reflect_bending(
        &self,
        k: Vec3<R>,
        field: &Field<R>,
        surface: &SlabCoefficients<R>,
        cotangent: &Field<R>,
        by_cos_theta: R,
    ) -> Bending<R> {
        let te = self.bend_across(k, field, surface.r_te + surface.r_tm, cotangent);
        let (of_field, of_cotangent) = (field.dot(self.n), cotangent.dot(self.n).conj());
        let mirrored = add(
            real_part(field, surface.r_tm * of_cotangent),
            real_part_conj(cotangent, surface.r_tm * of_field),
        );
        let mirror = Bending { direction: [R::ZERO; 3], normal: scale(mirrored, R::from_f64(2.0)) };
        te.plus(&mirror).plus(&self.bend_angle(k, by_cos_theta))
    }

    /// The gradient by k and n of what goes through; arguments as for [`reflect_bending`](Self::reflect_bending).
    #[inline(always)]
    pub fn transmit_bending(
        &self,
        k: Vec3<R>,
        field: &Field<R>,
        surface: &SlabCoefficients<R>,
        cotangent: &Field<R>,
        by_cos_theta: R,
    ) -> Bending<R> {
        let te = self.bend_across(k, field, surface.t_te - surface.t_tm, cotangent);
        te.plus(&self.bend_angle(k, by_cos_theta))
    }

    /// Of a (E·s) s by k and n through s.
    #[inline(always)]
    fn bend_across(&self, k: Vec3<R>, field: &Field<R>, a: Complex<R>, cotangent: &Field<R>) -> Bending<R> {
        let across = cross(k, self.n);
        // s = u/√q; at normal incidence both s and the inverse are 0.
        let inverse = dot(self.s, self.s) * dot(across, across).max(R::from_f64(1e-12)).sqrt().recip();
        let (of_field, of_cotangent) = (field.dot(self.s), cotangent.dot(self.s).conj());
        let along = (a * of_field * of_cotangent).re;
        let free = add(real_part(field, a * of_cotangent), real_part_conj(cotangent, a * of_field));
        let by_u = scale(add_scaled(free, self.s, -(along + along)), inverse);
        Bending { direction: cross(self.n, by_u), normal: cross(by_u, k) }
    }

    /// Of cosθ = |k·n|.
    #[inline(always)]
    fn bend_angle(&self, k: Vec3<R>, by_cos_theta: R) -> Bending<R> {
        let signed = if dot(k, self.n) < R::ZERO { -by_cos_theta } else { by_cos_theta };
        Bending { direction: scale(self.n, signed), normal: scale(k, signed) }
    }
}

/// Re(zE).
#[inline(always)]
fn real_part<R: Real>(field: &Field<R>, z: Complex<R>) -> Vec3<R> {
    add_scaled(scale(field.re, z.re), field.im, -z.im)
}

/// Re(zE*).
#[inline(always)]
fn real_part_conj<R: Real>(field: &Field<R>, z: Complex<R>) -> Vec3<R> {
    add_scaled(scale(field.re, z.re), field.im, z.im)
}
