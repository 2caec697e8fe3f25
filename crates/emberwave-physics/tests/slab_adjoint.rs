//! The hand-written adjoint of the slab against dual numbers and finite differences.

use emberwave_physics::{
    Complex, Dual, SlabCoefficients, SlabEvaluation, SlabGradient, slab_adjoint, slab_coefficients,
};

const CASES: [(f64, f64); 7] =
    [(1.0, 0.0), (1.0005, -1e-6), (2.73, -0.05), (5.24, -0.632), (6.31, 0.0), (30.0, -12.0), (1.0, -5.1e7)];
const COSINES: [f64; 6] = [1.0, 0.83, 0.4, 0.05, 1e-3, 1e-4];
const THICKNESSES: [f64; 7] = [0.0, 1e-6, 1e-3, 0.07, 0.9, 4.3, 33.0];

/// An arbitrary loss direction.
fn cotangent() -> SlabCoefficients<f64> {
    SlabCoefficients {
        r_te: Complex::new(0.7, -0.3),
        r_tm: Complex::new(-0.2, 0.9),
        t_te: Complex::new(0.5, 0.6),
        t_tm: Complex::new(-0.8, -0.1),
    }
}

fn pair(a: Complex<Dual>, b: Complex<f64>) -> f64 {
    a.re.d * b.re + a.im.d * b.im
}

fn value_pair(a: Complex<f64>, b: Complex<f64>) -> f64 {
    a.re * b.re + a.im * b.im
}

fn dual_derivative(x: [f64; 4], direction: usize) -> f64 {
    let mut d = x.map(|v| Dual::new(v, 0.0));
    d[direction].d = 1.0;
    let s = slab_coefficients(Complex::new(d[0], d[1]), d[2], d[3]);
    let c = cotangent();
    pair(s.r_te, c.r_te) + pair(s.r_tm, c.r_tm) + pair(s.t_te, c.t_te) + pair(s.t_tm, c.t_tm)
}

fn loss(x: [f64; 4]) -> f64 {
    let s = slab_coefficients(Complex::new(x[0], x[1]), x[2], x[3]);
    let c = cotangent();
    value_pair(s.r_te, c.r_te)
        + value_pair(s.r_tm, c.r_tm)
        + value_pair(s.t_te, c.t_te)
        + value_pair(s.t_tm, c.t_tm)
}

fn as_array(g: SlabGradient<f64>) -> [f64; 4] {
    [g.eta.re, g.eta.im, g.cos_theta, g.thickness_over_wavelength]
}

fn for_all(mut check: impl FnMut([f64; 4])) {
    for (re, im) in CASES {
        for cos in COSINES {
            for l in THICKNESSES {
                check([re, im, cos, l]);
            }
        }
    }
}

#[test]
fn adjoint_equals_dual_numbers() {
    let mut worst = 0.0f64;
    for_all(|x| {
        let gradient = as_array(slab_adjoint(Complex::new(x[0], x[1]), x[2], x[3], cotangent()));
        for (i, g) in gradient.iter().enumerate() {
            let d = dual_derivative(x, i);
            // The dual numbers themselves lose digits: their intermediate derivatives are of this order.
            let size = if i < 2 { x[0].hypot(x[1]) } else { 1.0 };
            let floor = 1e-6 / (x[2] * x[2] * size);
            let error = (g - d).abs() / (d.abs() + floor);
            assert!(g.is_finite() && error < 1e-8, "{x:?} [{i}]: {g:e} {d:e}");
            worst = worst.max(error);
        }
    });
    println!("adjoint against dual numbers: {worst:.1e}");
}

#[test]
fn adjoint_equals_central_differences() {
    for_all(|x| {
        // Skip the ends of the domain and metal, whose scale no fixed step fits.
        if x[0] < 1.01 || x[2] > 0.99 || x[3] == 0.0 {
            return;
        }
        let gradient = as_array(slab_adjoint(Complex::new(x[0], x[1]), x[2], x[3], cotangent()));
        for (i, g) in gradient.iter().enumerate() {
            let h = 1e-5 * if i == 2 || i == 3 { x[i].min(0.1) } else { 1.0 };
            let at = |s: f64| {
                let mut y = x;
                y[i] += s * h;
                loss(y)
            };
            let difference = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h);
            let limit = 1e-5 * difference.abs() + 1e-5 + 1e-14 / h;
            assert!((g - difference).abs() < limit, "{x:?} [{i}]: {g:e} {difference:e}");
        }
    });
}

#[test]
fn single_precision_adjoint_agrees_with_double() {
    let c = cotangent();
    let narrow = |z: Complex<f64>| Complex::new(z.re as f32, z.im as f32);
    let c32 = SlabCoefficients {
        r_te: narrow(c.r_te),
        r_tm: narrow(c.r_tm),
        t_te: narrow(c.t_te),
        t_tm: narrow(c.t_tm),
    };
    let mut worst = [0.0f64; 4];
    for_all(|x| {
        let x32 = x.map(|v| v as f32);
        let y = x32.map(f64::from);
        let exact = as_array(slab_adjoint(Complex::new(y[0], y[1]), y[2], y[3], c));
        let g = slab_adjoint(Complex::new(x32[0], x32[1]), x32[2], x32[3], c32);
        let single = [g.eta.re, g.eta.im, g.cos_theta, g.thickness_over_wavelength].map(f64::from);
        let sensitive = 1.0 + y[0].sqrt() * y[3];
        for i in 0..4 {
            let scale = exact[i].abs() + if i < 2 { exact[0].abs().max(exact[1].abs()) } else { 1e-3 };
            let error = (single[i] - exact[i]).abs() / scale.max(1e-12);
            assert!(single[i].is_finite(), "{x:?}");
            worst[i] = worst[i].max(error / sensitive);
            assert!(error < 1e-4 * sensitive, "{x:?} [{i}]: {:e} {:e}", single[i], exact[i]);
        }
    });
    println!("f32 adjoint against f64, relative: {worst:?}");
}

#[test]
fn clamped_regions_have_no_derivative() {
    let metal = slab_adjoint(
        Complex::new(1.0f32, -5.1e7),
        0.5,
        1.0,
        SlabCoefficients { t_te: Complex::ONE, t_tm: Complex::ONE, ..Default::default() },
    );
    assert_eq!(metal, SlabGradient::default());
    let c = cotangent();
    assert_eq!(slab_adjoint(Complex::new(4.0, -0.1), 1e-8, 0.3, c).cos_theta, 0.0);
}

#[test]
fn adjoints_of_one_wave_add_up_to_that_of_both_also_when_evaluated_again() {
    for_all(|x| {
        let (eta, c) = (Complex::new(x[0], x[1]), cotangent());
        let slab = SlabEvaluation::new(eta, x[2], x[3]);
        let again = SlabEvaluation::again(eta, x[2], x[3], slab.waves(), slab.inverses());
        assert_eq!(again.coefficients(), slab.coefficients());
        let reflected = as_array(again.reflection_adjoint(c.r_te, c.r_tm));
        let transmitted = as_array(again.transmission_adjoint(c.t_te, c.t_tm));
        for (i, both) in as_array(slab.adjoint(&c)).into_iter().enumerate() {
            let size = reflected[i].abs() + transmitted[i].abs();
            assert!((reflected[i] + transmitted[i] - both).abs() <= 1e-12 * size, "{x:?} [{i}]: {both:e}");
        }
    });
}
