//! The derivatives of interactions by geometry against dual numbers.

use emberwave_physics::{
    Bending, Complex, Dual, Field, Incidence, SlabEvaluation, Vec3, reflect_direction, slab_coefficients,
};

const ETAS: [(f64, f64); 4] = [(1.0005, -1e-6), (2.73, -0.05), (5.24, -0.632), (1.0, -5.1e7)];
const THICKNESS: f64 = 0.9;

/// Pairs of a direction and a normal, unit vectors, from steep to grazing, on either side.
const CASES: [(Vec3<f64>, Vec3<f64>); 4] = [
    ([0.6, 0.0, -0.8], [0.0, 0.0, 1.0]),
    ([0.36, 0.48, -0.8], [0.0, 0.8, 0.6]),
    ([0.0, 0.999_799_979_995_999, 0.02], [0.0, 0.0, 1.0]),
    ([0.001, 0.0, 0.999_999_499_999_875], [0.0, 0.0, 1.0]),
];

/// The cotangents of the field and of the direction afterwards.
const BY_FIELD: Field<f64> = Field { re: [0.3, -0.7, 0.2], im: [0.5, 0.1, -0.4] };
const BY_DIRECTION: Vec3<f64> = [0.2, 0.9, -0.6];
const FIELD: Field<f64> = Field { re: [0.8, -0.1, 0.6], im: [-0.2, 0.4, 0.3] };

fn dual(v: Vec3<f64>, along: Option<usize>) -> Vec3<Dual> {
    [0, 1, 2].map(|axis| Dual::new(v[axis], if along == Some(axis) { 1.0 } else { 0.0 }))
}

/// The loss's derivative along one coordinate of k (0..3) or n (3..6).
fn derivative(eta: (f64, f64), (k, n): (Vec3<f64>, Vec3<f64>), reflected: bool, coordinate: usize) -> f64 {
    let (k, n) = (dual(k, Some(coordinate).filter(|&c| c < 3)), dual(n, coordinate.checked_sub(3)));
    let incidence = Incidence::new(k, n);
    let eta = Complex::new(Dual::new(eta.0, 0.0), Dual::new(eta.1, 0.0));
    let slab = slab_coefficients(eta, incidence.cos_theta, Dual::new(THICKNESS, 0.0));
    let field = Field { re: dual(FIELD.re, None), im: dual(FIELD.im, None) };
    let (after, direction) = if reflected {
        (incidence.reflect(&field, &slab), reflect_direction(k, n))
    } else {
        (incidence.transmit(&field, &slab), k)
    };
    let sum = |a: Vec3<Dual>, b: Vec3<f64>| (0..3).map(|axis| a[axis].d * b[axis]).sum::<f64>();
    sum(after.re, BY_FIELD.re) + sum(after.im, BY_FIELD.im) + sum(direction, BY_DIRECTION)
}

fn adjoint(eta: (f64, f64), (k, n): (Vec3<f64>, Vec3<f64>), reflected: bool) -> Bending<f64> {
    let incidence = Incidence::new(k, n);
    let slab = SlabEvaluation::new(Complex::new(eta.0, eta.1), incidence.cos_theta, THICKNESS);
    let coefficients = slab.coefficients();
    if reflected {
        let (_, by_slab) = incidence.reflect_adjoint(&FIELD, &coefficients, &BY_FIELD);
        let by_cos = slab.adjoint(&by_slab).cos_theta;
        let bending = incidence.reflect_bending(k, &FIELD, &coefficients, &BY_FIELD, by_cos);
        bending.plus(&Bending::of_mirrored(k, n, BY_DIRECTION))
    } else {
        let (_, by_slab) = incidence.transmit_adjoint(&FIELD, &coefficients, &BY_FIELD);
        let by_cos = slab.adjoint(&by_slab).cos_theta;
        let bending = incidence.transmit_bending(k, &FIELD, &coefficients, &BY_FIELD, by_cos);
        bending.plus(&Bending { direction: BY_DIRECTION, normal: [0.0; 3] })
    }
}

#[test]
fn bending_equals_dual_numbers() {
    for eta in ETAS {
        for case in CASES {
            for reflected in [true, false] {
                let found = adjoint(eta, case, reflected);
                let found = [found.direction, found.normal].concat();
                let size = found.iter().fold(1.0_f64, |size, x| size.max(x.abs()));
                for (coordinate, found) in found.into_iter().enumerate() {
                    let expected = derivative(eta, case, reflected, coordinate);
                    let what = (eta, case, reflected, coordinate);
                    assert!((found - expected).abs() < 1e-9 * size, "{what:?}: {found} {expected}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_infinite_at_normal_incidence() {
    for eta in ETAS {
        for reflected in [true, false] {
            let Bending { direction, normal } = adjoint(eta, ([0.0, 0.0, -1.0], [0.0, 0.0, 1.0]), reflected);
            assert!(direction.iter().chain(&normal).all(|x| x.is_finite()));
        }
    }
}
