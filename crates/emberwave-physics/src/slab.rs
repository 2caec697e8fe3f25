//! Reflection and transmission of a plane wave at a half-space and at a single-layer slab, with the adjoint.
//!
//! Source: ITU-R P.2040, section 2.2.2.1 (slab). A wall is *one* surface with a thickness: a
//! wall modelled by both of its faces would be charged twice. The wave leaves where it entered (no lateral
//! shift), and t is the ratio of the field behind the slab to the field in front of it as P.2040 defines
//! it; a geometric path that also counts the crossing adds the phase −k d cosθ to that of t (as in Sionna).

use crate::complex::Complex;
use crate::constants::VACUUM_PERMITTIVITY;
use crate::real::Real;

/// Smallest cos θ that is evaluated; grazing rays below it are treated as if at it, with derivative 0.
pub const MIN_COS_THETA: f64 = 1e-6;

/// Attenuation through the slab (in nepers, one way) beyond which the transmitted wave is exactly 0: −347 dB.
pub const MAX_ATTENUATION: f64 = 40.0;

/// `η = ε_r − jσ/(ωε₀)`: complex relative permittivity from ε_r, the conductivity σ in S/m and the frequency in Hz.
///
/// Source: ITU-R P.2040. Differentiable in all arguments for a positive frequency.
///
/// ```
/// use emberwave_physics::complex_permittivity;
/// let eta = complex_permittivity(5.24_f64, 0.1231, 3.5e9);
/// assert!((eta.im + 0.632).abs() < 1e-3);
/// ```
#[inline]
pub fn complex_permittivity<R: Real>(relative_permittivity: R, conductivity: R, frequency: R) -> Complex<R> {
    let scale = R::from_f64(1.0 / (std::f64::consts::TAU * VACUUM_PERMITTIVITY));
    Complex::new(relative_permittivity, -(conductivity * scale / frequency))
}

/// The amplitude coefficients of a surface for the two polarisations.
///
/// TE: E perpendicular to the plane of incidence (along s = k × n); TM: E along p = k × s of each wave. With these
/// bases a good conductor has r_te = −1 and r_tm = +1, and r_tm = −r_te at normal incidence.
/// The same struct holds their cotangents (∂L/∂Re, ∂L/∂Im) in an adjoint.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SlabCoefficients<R> {
    /// Reflection, TE.
    pub r_te: Complex<R>,
    /// Reflection, TM.
    pub r_tm: Complex<R>,
    /// Transmission, TE.
    pub t_te: Complex<R>,
    /// Transmission, TM.
    pub t_tm: Complex<R>,
}

/// Gradient of a real loss L in the arguments of [`slab_coefficients`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SlabGradient<R> {
    /// (∂L/∂Re η, ∂L/∂Im η).
    pub eta: Complex<R>,
    /// ∂L/∂cosθ.
    pub cos_theta: R,
    /// ∂L/∂(d/λ).
    pub thickness_over_wavelength: R,
}

/// Fresnel coefficients `(r_te, r_tm)` of the half-space of permittivity η, wave coming from the air.
///
/// `r_te = (cosθ − a)/(cosθ + a)`, `r_tm = (η cosθ − a)/(η cosθ + a)`, `a = √(η − sin²θ)` with Im a ≤ 0.
/// Holomorphic in η. Source: ITU-R P.2040.
///
/// ```
/// use emberwave_physics::{Complex, half_space_coefficients};
/// let (r_te, _) = half_space_coefficients(Complex::new(4.0f64, 0.0), 1.0);
/// assert!((r_te.re + 1.0 / 3.0).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn half_space_coefficients<R: Real>(eta: Complex<R>, cos_theta: R) -> (Complex<R>, Complex<R>) {
    let waves = Waves::new(eta, cos_theta, slab_root(eta, cos_theta));
    let (te, tm) = (&waves.te, &waves.tm);
    // (u − a)/(u + a) = (u² − a²)/(u + a)², which has no cancellation in u² − a².
    (te.difference / (te.u + te.a).squared(), tm.difference / (tm.u + tm.a).squared())
}

/// Coefficients of a slab of permittivity η and thickness d in air: [`SlabEvaluation`] in one call.
///
/// ```
/// use emberwave_physics::{Complex, slab_coefficients};
/// let slab = slab_coefficients(Complex::new(4.0f32, 0.0), 0.8, 0.0);
/// assert!(slab.r_te.norm_sqr() == 0.0 && (slab.t_te.re - 1.0).abs() < 2e-7); // thickness 0 is transparent
/// ```
#[inline(always)]
pub fn slab_coefficients<R: Real>(
    eta: Complex<R>,
    cos_theta: R,
    thickness_over_wavelength: R,
) -> SlabCoefficients<R> {
    SlabEvaluation::new(eta, cos_theta, thickness_over_wavelength).coefficients()
}

/// Adjoint of [`slab_coefficients`]: [`SlabEvaluation::adjoint`] in one call.
#[inline]
pub fn slab_adjoint<R: Real>(
    eta: Complex<R>,
    cos_theta: R,
    thickness_over_wavelength: R,
    cotangent: SlabCoefficients<R>,
) -> SlabGradient<R> {
    SlabEvaluation::new(eta, cos_theta, thickness_over_wavelength).adjoint(&cotangent)
}

/// One polarisation of the wave pair: u = cosθ (TE) or s η cosθ (TM), a = √(η − sin²θ) (times s for TM).
///
/// r and t depend on u/a only, so TM is scaled by s = 1/(|Re η| + |Im η|) to keep f32 away from overflow for metal.
#[derive(Debug, Clone, Copy)]
struct Polarised<R> {
    u: Complex<R>,
    a: Complex<R>,
    /// ua.
    product: Complex<R>,
    /// u² − a², with a factor η − 1 in every term so that it vanishes exactly for η = 1.
    difference: Complex<R>,
    /// u² + a².
    sum: Complex<R>,
}

/// The two polarisations of the wave at a surface.
#[derive(Debug, Clone, Copy)]
struct Waves<R> {
    eta: Complex<R>,
    cos_theta: R,
    /// Whether cos θ was raised to [`MIN_COS_THETA`], which cuts its derivative.
    grazing: bool,
    /// Scale s of the TM quantities.
    scale: R,
    te: Polarised<R>,
    tm: Polarised<R>,
}

impl<R: Real> Waves<R> {
    /// `a` is the root.
    #[inline(always)]
    fn new(eta: Complex<R>, cos_theta: R, a: Complex<R>) -> Self {
        let least = R::from_f64(MIN_COS_THETA);
        let grazing = cos_theta < least;
        let c = if grazing { least } else { cos_theta };
        let c2 = c * c;
        let eta_m1 = Complex::new(eta.re - R::ONE, eta.im);
        let te = Polarised {
            u: Complex::from_real(c),
            a,
            product: a.scale(c),
            difference: -eta_m1,
            sum: Complex::new(eta_m1.re + c2 + c2, eta.im),
        };
        let scale = (eta.re.abs() + eta.im.abs()).recip();
        // Polynomials in c: where many waves meet one material, the compiler computes the coefficients once.
        let (scaled, ratio) = (eta.scale(scale), eta_m1.scale(scale));
        let constant = ratio.scale(scale);
        let difference = ratio * Complex::new(eta.re + R::ONE, eta.im).scale(scale);
        let squared = scaled.squared();
        let sum = Complex::new(squared.re + scale * scale, squared.im);
        let tm = Polarised {
            u: scaled.scale(c),
            a: a.scale(scale),
            product: scaled.scale(scale).scale(c) * a,
            difference: difference.scale(c2) - constant,
            sum: sum.scale(c2) + constant,
        };
        Self { eta, cos_theta: c, grazing, scale, te, tm }
    }
}

/// The parts of a [`SlabEvaluation`] that take the time: for evaluating the same slab again, and for loops over many waves
/// that are fastest in short steps, [`slab_root`], [`slab_propagation`] and [`SlabEvaluation::from_waves`], because a
/// processor works on as many waves at once as instructions fit its window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SlabWaves<R> {
    /// `√(η − sin²θ)`.
    pub root: Complex<R>,
    /// g = e^{−jq}.
    pub phasor: Complex<R>,
    /// 1 − g².
    pub contrast: Complex<R>,
}

/// `a = √(η − sin²θ)` with Im a ≤ 0; arguments as for [`SlabEvaluation`].
#[inline(always)]
pub fn slab_root<R: Real>(eta: Complex<R>, cos_theta: R) -> Complex<R> {
    let c = cos_theta.max(R::from_f64(MIN_COS_THETA));
    Complex::new(eta.re - R::ONE + c * c, eta.im).sqrt()
}

/// A slab evaluated at one angle: gives the coefficients and, from the same intermediate values, their adjoint.
///
/// Formula, with u and a as in [`half_space_coefficients`] (u = cosθ or η cosθ), `g = e^{−jq}`, `q = 2π(d/λ)a`:
///
/// `D = (u² + a²)(1 − g²) + 2ua(1 + g²)`, `r = (u² − a²)(1 − g²)/D`, `t = 4uag/D`
///
/// which equals P.2040's `r = r'(1 − g²)/(1 − r'²g²)`, `t = (1 − r'²)g/(1 − r'²g²)` and stays accurate in f32 near
/// grazing incidence, for thin slabs (1 − g² from expm1 and double angles) and for metal (no overflow to |η| = 10¹⁸).
/// Thickness 0 is transparent (r = 0, t = 1). The phase is reduced in turns, before any rounding of the product.
///
/// Arguments: η with Re η ≥ 1, Im η ≤ 0; cosθ in (0, 1], values below [`MIN_COS_THETA`] are raised to it; d/λ ≥ 0.
/// Differentiable everywhere; beyond [`MAX_ATTENUATION`] nepers t and its derivatives are 0.
#[derive(Debug, Clone, Copy)]
pub struct SlabEvaluation<R> {
    waves: Waves<R>,
    thickness_over_wavelength: R,
    /// g = e^{−jq}.
    phasor: Complex<R>,
    /// 1 − g².
    contrast: Complex<R>,
    /// 1/D for TE and TM.
    inverses: [Complex<R>; 2],
}

impl<R: Real> SlabEvaluation<R> {
    /// Evaluates the slab; see the type for the arguments.
    #[inline(always)]
    pub fn new(eta: Complex<R>, cos_theta: R, thickness_over_wavelength: R) -> Self {
        let root = slab_root(eta, cos_theta);
        let (phasor, contrast) = slab_propagation(root, thickness_over_wavelength);
        Self::from_waves(eta, cos_theta, thickness_over_wavelength, SlabWaves { root, phasor, contrast })
    }

    /// The same from waves that are known.
    #[inline(always)]
    pub fn from_waves(
        eta: Complex<R>,
        cos_theta: R,
        thickness_over_wavelength: R,
        known: SlabWaves<R>,
    ) -> Self {
        let waves = Waves::new(eta, cos_theta, known.root);
        let inverses = [&waves.te, &waves.tm].map(|wave| wave.denominator(known.contrast).recip());
        let SlabWaves { phasor, contrast, .. } = known;
        Self { waves, thickness_over_wavelength, phasor, contrast, inverses }
    }

    /// The same from what [`Self::waves`] and [`Self::inverses`] gave.
    #[inline(always)]
    pub fn again(
        eta: Complex<R>,
        cos_theta: R,
        thickness_over_wavelength: R,
        SlabWaves { root, phasor, contrast }: SlabWaves<R>,
        inverses: [Complex<R>; 2],
    ) -> Self {
        let waves = Waves::new(eta, cos_theta, root);
        Self { waves, thickness_over_wavelength, phasor, contrast, inverses }
    }

    /// What is worth keeping for a second evaluation.
    #[inline(always)]
    pub fn waves(&self) -> SlabWaves<R> {
        SlabWaves { root: self.waves.te.a, phasor: self.phasor, contrast: self.contrast }
    }

    /// 1/D of TE and TM.
    #[inline(always)]
    pub fn inverses(&self) -> [Complex<R>; 2] {
        self.inverses
    }

    /// The reflection and transmission coefficients.
    #[inline(always)]
    pub fn coefficients(&self) -> SlabCoefficients<R> {
        let (r_te, t_te) = self.waves.te.coefficients(self.phasor, self.contrast, self.inverses[0]);
        let (r_tm, t_tm) = self.waves.tm.coefficients(self.phasor, self.contrast, self.inverses[1]);
        SlabCoefficients { r_te, r_tm, t_te, t_tm }
    }

    /// Pulls the cotangents of the coefficients back to the arguments.
    ///
    /// Convention: the cotangent of a complex z is ∂L/∂Re z + j ∂L/∂Im z for a real loss L, so that for a
    /// holomorphic w(z) the cotangent of z is conj(dw/dz) times that of w.
    #[inline(always)]
    pub fn adjoint(&self, cotangent: &SlabCoefficients<R>) -> SlabGradient<R> {
        let te = self.waves.te.adjoint(
            self.phasor,
            self.contrast,
            self.inverses[0],
            cotangent.r_te,
            cotangent.t_te,
        );
        let tm = self.waves.tm.adjoint(
            self.phasor,
            self.contrast,
            self.inverses[1],
            cotangent.r_tm,
            cotangent.t_tm,
        );
        self.pull_back(&te, &tm)
    }

    /// [`Self::adjoint`] where only the reflected wave counts, at less than its cost.
    #[inline(always)]
    pub fn reflection_adjoint(&self, r_te: Complex<R>, r_tm: Complex<R>) -> SlabGradient<R> {
        let te = self.waves.te.reflection_adjoint(self.phasor, self.contrast, self.inverses[0], r_te);
        let tm = self.waves.tm.reflection_adjoint(self.phasor, self.contrast, self.inverses[1], r_tm);
        self.pull_back(&te, &tm)
    }

    /// [`Self::adjoint`] where only the transmitted wave counts, at less than its cost.
    #[inline(always)]
    pub fn transmission_adjoint(&self, t_te: Complex<R>, t_tm: Complex<R>) -> SlabGradient<R> {
        let te = self.waves.te.transmission_adjoint(self.phasor, self.contrast, self.inverses[0], t_te);
        let tm = self.waves.tm.transmission_adjoint(self.phasor, self.contrast, self.inverses[1], t_tm);
        self.pull_back(&te, &tm)
    }

    #[inline(always)]
    fn pull_back(&self, te: &PolarisedCotangent<R>, tm: &PolarisedCotangent<R>) -> SlabGradient<R> {
        let w = &self.waves;
        // The exponent −j2πla of g, then da = (dη + 2c dc)/2a.
        let tau = R::from_f64(std::f64::consts::TAU);
        let exponent = te.exponent + tm.exponent;
        let thickness = (exponent * w.te.a.scale(-tau).mul_j().conj()).re;
        let a = exponent.scale(tau * self.thickness_over_wavelength).mul_j();
        let (eta, cosine) = w.pull_back(te.wronskian, tm.wronskian, a);
        let cos_theta = if w.grazing { R::ZERO } else { cosine };
        SlabGradient { eta, cos_theta, thickness_over_wavelength: thickness }
    }
}

/// `(g, 1 − g²)` for g = e^{−j2πla} with Im a ≤ 0 and l = d/λ.
#[inline(always)]
pub fn slab_propagation<R: Real>(a: Complex<R>, l: R) -> (Complex<R>, Complex<R>) {
    let exponent = a.im * l * R::from_f64(std::f64::consts::TAU);
    let (decay, decay_m1) = exponent.exp_pair();
    let opaque = exponent <= R::from_f64(-MAX_ATTENUATION);
    let (sin, cos) = a.re.wrapped_product(l).sin_cos_turns();
    let decay2 = decay * decay;
    let two = R::from_f64(2.0);
    let twice_sin = two * sin * decay2;
    let contrast = Complex::new(twice_sin * sin - decay_m1 * (two + decay_m1), twice_sin * cos);
    let g = Complex::new(decay * cos, -(decay * sin));
    // Chosen afterwards rather than returned early, so that the compiler can run many rays side by side.
    (if opaque { Complex::ZERO } else { g }, if opaque { Complex::ONE } else { contrast })
}

/// What the derivatives of r and t of one polarisation share.
struct Ratios<R> {
    /// 4ua/D.
    ua4: Complex<R>,
    /// 2(u² + a²)/D.
    sum2: Complex<R>,
    /// (u − a)²/D.
    mismatch: Complex<R>,
}

/// Cotangents of the two quantities on which r and t of one polarisation depend.
struct PolarisedCotangent<R> {
    /// Of a·du − u·da: at fixed g, r and t are functions of u/a.
    wronskian: Complex<R>,
    /// Of the exponent −jq.
    exponent: Complex<R>,
}

impl<R: Real> Polarised<R> {
    /// D = (u² + a²)F + 2ua(2 − F), F = 1 − g².
    #[inline(always)]
    fn denominator(&self, contrast: Complex<R>) -> Complex<R> {
        let two = R::from_f64(2.0);
        let one_plus = Complex::new(two - contrast.re, -contrast.im);
        self.sum * contrast + self.product.scale(two) * one_plus
    }

    /// (r, t).
    #[inline(always)]
    fn coefficients(
        &self,
        phasor: Complex<R>,
        contrast: Complex<R>,
        inverse: Complex<R>,
    ) -> (Complex<R>, Complex<R>) {
        let r = self.difference * contrast * inverse;
        let t = self.product.scale(R::from_f64(4.0)) * phasor * inverse;
        (r, t)
    }

    /// The derivatives of r and t together.
    #[inline(always)]
    fn adjoint(
        &self,
        phasor: Complex<R>,
        contrast: Complex<R>,
        inverse: Complex<R>,
        r_bar: Complex<R>,
        t_bar: Complex<R>,
    ) -> PolarisedCotangent<R> {
        let r = self.reflection_adjoint(phasor, contrast, inverse, r_bar);
        let t = self.transmission_adjoint(phasor, contrast, inverse, t_bar);
        PolarisedCotangent { wronskian: r.wronskian + t.wronskian, exponent: r.exponent + t.exponent }
    }

    /// The derivatives in the closed forms that have no cancellation for thin slabs (F = 1 − g², N = u² − a²):
    ///
    /// dr = 2F(2(u² + a²) − F(u − a)²)/D² (a du − u da) − 8g²Nua/D² d(−jq).
    #[inline(always)]
    fn reflection_adjoint(
        &self,
        phasor: Complex<R>,
        contrast: Complex<R>,
        inverse: Complex<R>,
        r_bar: Complex<R>,
    ) -> PolarisedCotangent<R> {
        let two = R::from_f64(2.0);
        let Ratios { ua4, sum2, mismatch } = self.ratios(inverse);
        let by_ratio = (contrast * inverse).scale(two) * (sum2 - contrast * mismatch);
        let by_exponent = (phasor.squared() * self.difference * inverse).scale(-two) * ua4;
        PolarisedCotangent { wronskian: r_bar * by_ratio.conj(), exponent: r_bar * by_exponent.conj() }
    }

    /// dt = −4gr/D (a du − u da) + t(4ua + (2 − F)(u − a)²)/D d(−jq).
    #[inline(always)]
    fn transmission_adjoint(
        &self,
        phasor: Complex<R>,
        contrast: Complex<R>,
        inverse: Complex<R>,
        t_bar: Complex<R>,
    ) -> PolarisedCotangent<R> {
        let Ratios { ua4, mismatch, .. } = self.ratios(inverse);
        let r = self.difference * contrast * inverse;
        let one_plus = Complex::new(R::from_f64(2.0) - contrast.re, -contrast.im);
        let by_ratio = (phasor * inverse).scale(R::from_f64(-4.0)) * r;
        let by_exponent = phasor * ua4 * (ua4 + one_plus * mismatch);
        PolarisedCotangent { wronskian: t_bar * by_ratio.conj(), exponent: t_bar * by_exponent.conj() }
    }

    #[inline(always)]
    fn ratios(&self, inverse: Complex<R>) -> Ratios<R> {
        let ua4 = self.product.scale(R::from_f64(4.0)) * inverse;
        let sum2 = self.sum.scale(R::from_f64(2.0)) * inverse;
        Ratios { ua4, sum2, mismatch: (sum2 - ua4).scale(R::from_f64(0.5)) }
    }
}

impl<R: Real> Waves<R> {
    /// From the cotangents of a du − u da (both polarisations) and of a to those of (η, cosθ):
    ///
    /// TE: a du − u da = (2(η − 1) dc − c dη)/2a; TM: s²(2η(η − 1) dc + c(η − 2 + 2c²) dη)/2a.
    #[inline(always)]
    fn pull_back(&self, te: Complex<R>, tm: Complex<R>, a: Complex<R>) -> (Complex<R>, R) {
        let two = R::from_f64(2.0);
        let (c, s, eta) = (self.cos_theta, self.scale, self.eta);
        let inverse = self.te.a.recip().conj();
        let [te, tm, a] = [te * inverse, tm * inverse, a * inverse];
        let eta_m1 = eta - Complex::ONE;
        let tm_by_eta = Complex::new(eta.re - two + two * c * c, eta.im).scale(s);
        let tm_by_cos = eta.scale(s) * eta_m1.scale(s);
        let by_eta = a - te.scale(c) + tm * tm_by_eta.conj().scale(s * c);
        let by_cos = a.scale(c) + te * eta_m1.conj() + tm * tm_by_cos.conj();
        (by_eta.scale(R::from_f64(0.5)), by_cos.re)
    }
}
