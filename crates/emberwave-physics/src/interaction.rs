//! Reflection and transmission of a polarised field at a surface, and the choice between them.
//!
//! The field of a ray is a complex 3-vector E perpendicular to its direction k, so nothing depends on an implicit
//! basis. With s = (k × n)/|k × n| (TE), p = k × s (TM) for each wave, the reflected and transmitted fields are
//!
//! E_r = r_te (E·s) s + r_tm (E·p_i) p_r,   E_t = t_te (E·s) s + t_tm (E·p_i) p_i.
//!
//! Because the mirror H = I − 2nnᵀ maps p_i to −p_r, and E = (E·s)s + (E·p_i)p_i, this is evaluated as
//!
//! E_r = (r_te + r_tm)(E·s) s − r_tm HE,   E_t = (t_te − t_tm)(E·s) s + t_tm E,
//!
//! where s, whose direction is lost to rounding near normal incidence, has a factor that vanishes there.
//! At normal incidence E_r = −r_tm HE = r_te E: for a conductor the tangential field is reversed, whatever s is.
//!
//! The maps are linear in E and in the coefficients; the adjoints treat k and n as constants.

use crate::complex::Complex;
use crate::real::Real;
use crate::slab::SlabCoefficients;
use crate::vector::{Vec3, add_scaled, cross, dot, scale};

/// Complex field vector, by its real and imaginary parts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Field<R> {
    /// Real parts.
    pub re: Vec3<R>,
    /// Imaginary parts.
    pub im: Vec3<R>,
}

impl<R: Real> Field<R> {
    /// A real field.
    #[inline(always)]
    pub fn from_real(re: Vec3<R>) -> Self {
        Self { re, im: [R::ZERO; 3] }
    }
    /// ‖E‖² = Σ|E_i|².
    #[inline(always)]
    pub fn norm_sqr(&self) -> R {
        dot(self.re, self.re) + dot(self.im, self.im)
    }
    /// E·v for a real vector v.
    #[inline(always)]
    pub fn dot(&self, v: Vec3<R>) -> Complex<R> {
        Complex::new(dot(self.re, v), dot(self.im, v))
    }
    /// E·s for a real factor s.
    #[inline(always)]
    pub fn scale(&self, s: R) -> Self {
        Self { re: scale(self.re, s), im: scale(self.im, s) }
    }
    /// z E.
    #[inline(always)]
    pub fn multiply(&self, z: Complex<R>) -> Self {
        Self {
            re: add_scaled(scale(self.re, z.re), self.im, -z.im),
            im: add_scaled(scale(self.im, z.re), self.re, z.im),
        }
    }
    /// E + z v for a real vector v.
    #[inline(always)]
    pub fn add_along(&self, v: Vec3<R>, z: Complex<R>) -> Self {
        Self { re: add_scaled(self.re, v, z.re), im: add_scaled(self.im, v, z.im) }
    }
    /// Sum of conj(E_i) F_i: the cotangent of z in zE for a cotangent F.
    #[inline(always)]
    pub fn conj_dot(&self, other: &Self) -> Complex<R> {
        Complex::new(
            dot(self.re, other.re) + dot(self.im, other.im),
            dot(self.re, other.im) - dot(self.im, other.re),
        )
    }
}

/// k − 2(k·n)n: mirror image of a direction (or of any vector) at a plane with unit normal n of either sign.
#[inline(always)]
pub fn reflect_direction<R: Real>(k: Vec3<R>, n: Vec3<R>) -> Vec3<R> {
    let along = dot(k, n);
    add_scaled(k, n, -(along + along))
}

/// A plane of incidence: all that an interaction needs to know of k and n.
///
/// Made once per hit and shared by reflection, transmission and their adjoints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incidence<R> {
    /// cos θ = |k·n|, at most 1.
    pub cos_theta: R,
    /// Unit vector s along k × n; the zero vector at normal incidence, where it has no effect.
    pub s: Vec3<R>,
    /// The normal as given (either side).
    pub n: Vec3<R>,
}

impl<R: Real> Incidence<R> {
    /// From the unit direction of propagation k and the unit normal n, of either sign.
    #[inline(always)]
    pub fn new(k: Vec3<R>, n: Vec3<R>) -> Self {
        let across = cross(k, n);
        let squared = dot(across, across);
        // Below 10⁻⁶ the direction is rounding noise in f32 and its factor is below 10⁻¹².
        let inverse = if squared < R::from_f64(1e-12) { R::ZERO } else { squared.sqrt().recip() };
        Self { cos_theta: dot(k, n).abs().min(R::ONE), s: scale(across, inverse), n }
    }

    /// HE = E − 2(E·n)n.
    #[inline(always)]
    fn mirror(&self, field: &Field<R>) -> Field<R> {
        let along = field.dot(self.n);
        field.add_along(self.n, -(along + along))
    }

    /// The reflected field.
    ///
    /// ```
    /// use emberwave_physics::{Complex, Field, Incidence, SlabCoefficients};
    /// let mirror = SlabCoefficients { r_te: Complex::from_f64(-1.0, 0.0), r_tm: Complex::ONE, ..Default::default() };
    /// let down = Incidence::new([0.0f64, 0.0, -1.0], [0.0, 0.0, 1.0]);
    /// let reflected = down.reflect(&Field::from_real([0.6, 0.8, 0.0]), &mirror);
    /// assert_eq!(reflected.re, [-0.6, -0.8, 0.0]);
    /// ```
    #[inline(always)]
    pub fn reflect(&self, field: &Field<R>, surface: &SlabCoefficients<R>) -> Field<R> {
        let te = (surface.r_te + surface.r_tm) * field.dot(self.s);
        self.mirror(field).multiply(-surface.r_tm).add_along(self.s, te)
    }

    /// The transmitted field; the direction of propagation is that of the incident wave.
    #[inline(always)]
    pub fn transmit(&self, field: &Field<R>, surface: &SlabCoefficients<R>) -> Field<R> {
        let te = (surface.t_te - surface.t_tm) * field.dot(self.s);
        field.multiply(surface.t_tm).add_along(self.s, te)
    }

    /// Adjoint of [`reflect`](Self::reflect): cotangents (∂L/∂Re, ∂L/∂Im) of the field and of the coefficients,
    /// of which those of t are 0.
    #[inline(always)]
    pub fn reflect_adjoint(
        &self,
        field: &Field<R>,
        surface: &SlabCoefficients<R>,
        cotangent: &Field<R>,
    ) -> (Field<R>, SlabCoefficients<R>) {
        // Both ssᵀ and H are real and symmetric.
        let te = (surface.r_te + surface.r_tm).conj() * cotangent.dot(self.s);
        let field_bar = self.mirror(cotangent).multiply(-surface.r_tm.conj()).add_along(self.s, te);
        let r_te = field.dot(self.s).conj() * cotangent.dot(self.s);
        let r_tm = r_te - self.mirror(field).conj_dot(cotangent);
        (field_bar, SlabCoefficients { r_te, r_tm, ..Default::default() })
    }

    /// Adjoint of [`transmit`](Self::transmit): cotangents of the field and of the coefficients, of which those of r
    /// are 0.
    #[inline(always)]
    pub fn transmit_adjoint(
        &self,
        field: &Field<R>,
        surface: &SlabCoefficients<R>,
        cotangent: &Field<R>,
    ) -> (Field<R>, SlabCoefficients<R>) {
        let te = (surface.t_te - surface.t_tm).conj() * cotangent.dot(self.s);
        let field_bar = cotangent.multiply(surface.t_tm.conj()).add_along(self.s, te);
        let t_te = field.dot(self.s).conj() * cotangent.dot(self.s);
        let t_tm = field.conj_dot(cotangent) - t_te;
        (field_bar, SlabCoefficients { t_te, t_tm, ..Default::default() })
    }
}

/// Which events a ray may draw at a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnabledEvents {
    /// Specular reflection.
    pub specular: bool,
    /// Diffuse reflection.
    pub diffuse: bool,
    /// Transmission.
    pub transmission: bool,
}

/// Probabilities of the events at a surface: they sum to 1, or are all 0 when the ray ends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct EventProbabilities<R> {
    /// Specular reflection.
    pub specular: R,
    /// Diffuse reflection.
    pub diffuse: R,
    /// Transmission.
    pub transmission: R,
}

/// Event probabilities as in Sionna RT 2.2: specular ∝ R(1 − S²), diffuse ∝ R S², transmission ∝ T, over the
/// enabled ones, with R = |r_te|² + |r_tm|² and T alike.
///
/// `scattering` is S in [0, 1]. They are constants to a derivative (detached); an event then carries the
/// amplitude factor 1/√p times √(1 − S²), S or 1.
#[inline(always)]
pub fn event_probabilities<R: Real>(
    surface: &SlabCoefficients<R>,
    scattering: R,
    enabled: EnabledEvents,
) -> EventProbabilities<R> {
    let reflected = surface.r_te.norm_sqr() + surface.r_tm.norm_sqr();
    let transmitted = surface.t_te.norm_sqr() + surface.t_tm.norm_sqr();
    let share = scattering * scattering;
    let keep = |on: bool, weight: R| if on { weight } else { R::ZERO };
    let specular = keep(enabled.specular, reflected * (R::ONE - share));
    let diffuse = keep(enabled.diffuse, reflected * share);
    let transmission = keep(enabled.transmission, transmitted);
    let total = specular + diffuse + transmission;
    // Less than −300 dB is nothing: no event, rather than a division by a denormal.
    if total < R::from_f64(1e-30) {
        return EventProbabilities::default();
    }
    let inverse = total.recip();
    EventProbabilities {
        specular: specular * inverse,
        diffuse: diffuse * inverse,
        transmission: transmission * inverse,
    }
}
