//! Laws of the slab: energy, limits, and agreement of single precision with double.

use emberwave_physics::{Complex, SlabCoefficients, half_space_coefficients, slab_coefficients};

type C = Complex<f64>;

fn parts(s: SlabCoefficients<f64>) -> [C; 4] {
    [s.r_te, s.r_tm, s.t_te, s.t_tm]
}

fn parts_f32(eta: [f32; 2], cos: f32, l: f32) -> [C; 4] {
    let s = slab_coefficients(Complex::new(eta[0], eta[1]), cos, l);
    [s.r_te, s.r_tm, s.t_te, s.t_tm].map(|z| C::new(f64::from(z.re), f64::from(z.im)))
}

/// The formula as ITU-R P.2040 prints it.
fn textbook(eta: C, cos: f64, l: f64) -> [C; 4] {
    let a = (eta - C::from_real(1.0 - cos * cos)).sqrt();
    let q = a.scale(std::f64::consts::TAU * l);
    let g = C::cis(-q.re).scale(q.im.exp());
    let g2 = g * g;
    let c = C::from_real(cos);
    let one = C::ONE;
    let te = (c - a) / (c + a);
    let tm = (eta * c - a) / (eta * c + a);
    let r = |f: C| f * (one - g2) / (one - f * f * g2);
    let t = |f: C| (one - f * f) * g / (one - f * f * g2);
    [r(te), r(tm), t(te), t(tm)]
}

const PERMITTIVITIES: [[f64; 2]; 8] = [
    [1.0, 0.0],
    [1.0005, -1e-6],
    [2.73, -0.05],
    [5.24, -0.632],
    [6.31, 0.0],
    [30.0, -12.0],
    [1.0, -5.1e7],
    [1.0, -1.8e11],
];
const COSINES: [f64; 8] = [1.0, 0.9, 0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-5];

#[test]
fn double_precision_agrees_with_the_printed_formula() {
    for [re, im] in &PERMITTIVITIES[1..6] {
        for cos in &COSINES[..5] {
            for l in [0.003, 0.1, 1.0, 7.7, 120.0] {
                let eta = C::new(*re, *im);
                let (ours, printed) = (parts(slab_coefficients(eta, *cos, l)), textbook(eta, *cos, l));
                for (a, b) in ours.iter().zip(printed) {
                    assert!((*a - b).abs() < 2e-11, "{eta:?} {cos} {l}: {a:?} {b:?}");
                }
            }
        }
    }
}

#[test]
fn single_precision_agrees_with_double() {
    let (mut worst, mut worst_long) = (0.0f64, 0.0f64);
    for [re, im] in PERMITTIVITIES {
        let eta = [re as f32, im as f32];
        for cos in COSINES.map(|c| c as f32) {
            for l in [0.0, 1e-7, 1e-5, 1e-3, 0.01, 0.1, 0.5, 1.0, 3.3, 10.0, 30.0, 100.0f32] {
                let eta64 = C::new(f64::from(eta[0]), f64::from(eta[1]));
                let exact = parts(slab_coefficients(eta64, f64::from(cos), f64::from(l)));
                let single = parts_f32(eta, cos, l);
                let turns = (eta64.re.max(1.0)).sqrt() * f64::from(l);
                for (a, b) in single.iter().zip(exact) {
                    let error = (*a - b).abs();
                    assert!(a.re.is_finite() && a.im.is_finite(), "{eta:?} {cos} {l}");
                    // The root a has a relative rounding error of some 10⁻⁷, so a long slab's phase has it times 2π·turns.
                    assert!(error < 2e-6 + 1e-6 * turns, "{eta:?} {cos} {l}: {a:?} {b:?} {error:e}");
                    if turns < 1.0 {
                        worst = worst.max(error);
                    } else {
                        worst_long = worst_long.max(error / turns);
                    }
                }
            }
        }
    }
    println!("f32 against f64: {worst:.2e} below one turn, {worst_long:.2e} per turn above");
}

#[test]
fn lossless_slab_conserves_energy() {
    for eta in [1.5, 2.0, 5.24, 81.0] {
        for cos in COSINES {
            for l in [0.0, 1e-4, 0.3, 1.7, 25.3] {
                let s = slab_coefficients(C::from_real(eta), cos, l);
                assert!((s.r_te.norm_sqr() + s.t_te.norm_sqr() - 1.0).abs() < 1e-11);
                assert!((s.r_tm.norm_sqr() + s.t_tm.norm_sqr() - 1.0).abs() < 1e-11);
            }
        }
    }
}

#[test]
fn lossy_slab_never_gains_energy() {
    for [re, im] in PERMITTIVITIES {
        for cos in COSINES {
            for l in [0.0f32, 1e-3, 0.2, 4.0, 60.0] {
                let p = parts_f32([re as f32, im as f32], cos as f32, l);
                assert!(p[0].norm_sqr() + p[2].norm_sqr() < 1.0 + 4e-6);
                assert!(p[1].norm_sqr() + p[3].norm_sqr() < 1.0 + 4e-6);
            }
        }
    }
}

#[test]
fn brewster_angle_reflects_no_tm() {
    let eta: f64 = 5.24;
    let cos = (1.0 / (1.0 + eta)).sqrt();
    let (_, r_tm) = half_space_coefficients(C::from_real(eta), cos);
    let s = slab_coefficients(C::from_real(eta), cos, 0.37);
    assert!(r_tm.abs() < 1e-15 && s.r_tm.abs() < 1e-15 && (s.t_tm.abs() - 1.0).abs() < 1e-14);
}

#[test]
fn normal_incidence_has_opposite_signs() {
    for [re, im] in PERMITTIVITIES {
        let s = slab_coefficients(C::new(re, im), 1.0, 0.4);
        assert!((s.r_te + s.r_tm).abs() < 1e-12 && (s.t_te - s.t_tm).abs() < 1e-12);
    }
}

#[test]
fn metal_is_a_mirror() {
    for l in [1e-3f32, 0.1, 10.0] {
        let s = slab_coefficients(Complex::new(1.0f32, -5.1e7), 0.7, l);
        assert!((s.r_te + Complex::ONE).abs() < 1e-3 && (s.r_tm - Complex::ONE).abs() < 1e-3);
    }
    let s = slab_coefficients(Complex::new(1.0f32, -5.1e7), 0.7, 0.1);
    assert_eq!((s.t_te.norm_sqr(), s.t_tm.norm_sqr()), (0.0, 0.0));
}

#[test]
fn thick_lossy_slab_is_a_half_space() {
    let eta = C::new(5.24, -0.632);
    for cos in COSINES {
        let (r_te, r_tm) = half_space_coefficients(eta, cos);
        let s = slab_coefficients(eta, cos, 60.0);
        assert!((s.r_te - r_te).abs() < 1e-12 && (s.r_tm - r_tm).abs() < 1e-12);
        assert!(s.t_te.abs() < 1e-12 && s.t_tm.abs() < 1e-12);
    }
}

#[test]
fn nothing_and_vacuum_are_transparent() {
    for [re, im] in PERMITTIVITIES {
        for cos in [1.0f32, 0.3, 1e-4, 1e-6, 0.0, -1e-9] {
            let s = slab_coefficients(Complex::new(re as f32, im as f32), cos, 0.0);
            assert_eq!(s.r_te.norm_sqr() + s.r_tm.norm_sqr(), 0.0);
            assert!((s.t_te - Complex::ONE).abs() < 4e-7 && (s.t_tm - Complex::ONE).abs() < 4e-7, "{s:?}");
        }
    }
    let s = slab_coefficients(Complex::new(1.0f32, 0.0), 0.3, 2.7);
    assert_eq!((s.r_te.norm_sqr(), s.r_tm.norm_sqr()), (0.0, 0.0));
    assert!((s.t_te.abs() - 1.0).abs() < 4e-7);
}

#[test]
fn thin_slab_reflects_in_proportion_to_its_thickness() {
    let reflect = |l: f32| slab_coefficients(Complex::new(4.0f32, -0.1), 0.8, l).r_te;
    let ratio = reflect(2e-6) / reflect(1e-6);
    assert!((ratio - Complex::from_real(2.0)).abs() < 1e-4, "{ratio:?}");
}

#[test]
fn strong_attenuation_keeps_its_relative_accuracy() {
    let (eta, cos, l) = ([6.0f32, -2.0], 0.6f32, 9.0f32);
    let single = parts_f32(eta, cos, l);
    let exact = slab_coefficients(C::new(6.0, -2.0), f64::from(cos), 9.0);
    assert!(exact.t_te.abs() < 1e-8);
    assert!((single[2] - exact.t_te).abs() < 2e-5 * exact.t_te.abs());
}
