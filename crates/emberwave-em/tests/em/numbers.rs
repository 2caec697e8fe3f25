//! Elementary functions, complex numbers, units and the ITU law.

use burn::tensor::DType;
use emberwave_em::{ComplexTensor, complex_permittivity, itu_properties, real, units};
use emberwave_physics::units as leaf;
use emberwave_physics::{Complex, Dual, ItuClass, ItuEdition, OutOfRange, Real};

use crate::support::{
    Maker, PRECISIONS, Random, assert_all_close, assert_close, complexes, gradient, paired, values,
};

fn complex_samples(random: &mut Random, maker: &Maker) -> Vec<Complex<f64>> {
    let mut samples = vec![(-4.0, 0.0), (4.0, 0.0), (0.0, -2.0), (0.0, 3.0), (5.24, -1e-6), (1.0, -5.1e7)];
    samples.extend((0..300).map(|_| {
        let size = random.magnitude(1e-8, 1e8);
        (size * random.number(), size * random.number())
    }));
    samples.into_iter().map(|(re, im)| Complex::new(maker.round(re), maker.round(im))).collect()
}

#[test]
fn complex_arithmetic_equals_the_leaf() {
    for (dtype, tolerance) in PRECISIONS {
        let (maker, mut random) = (Maker::new(dtype), Random::new(1));
        let (a, b) = (complex_samples(&mut random, &maker), complex_samples(&mut random, &maker));
        let (x, y) = (maker.complex(&a), maker.complex(&b));
        let check = |name: &str,
                     ours: ComplexTensor<1>,
                     leaf: &dyn Fn(Complex<f64>, Complex<f64>) -> Complex<f64>| {
            for ((z, p), q) in complexes(&ours).into_iter().zip(&a).zip(&b) {
                let expected = leaf(*p, *q);
                let scale = expected.abs().max(if name == "sum" { p.abs() + q.abs() } else { 0.0 });
                assert!((z - expected).abs() <= tolerance * scale, "{name} {p:?} {q:?}: {z:?} {expected:?}");
            }
        };
        check("sum", x.clone() + y.clone(), &|p, q| p + q);
        check("product", x.clone() * y.clone(), &|p, q| p * q);
        check("quotient", x.clone() / y.clone(), &|p, q| p / q);
        check("reciprocal", x.clone().recip(), &|p, _| p.recip());
        check("root", x.clone().sqrt(), &|p, _| p.sqrt());
        check("square", x.clone().squared(), &|p, _| p.squared());
        check("conjugate", x.conj(), &|p, _| p.conj());
    }
}

#[test]
fn square_root_and_reciprocal_have_their_holomorphic_derivatives() {
    let (maker, mut random) = (Maker::autodiff(), Random::new(2));
    let samples = complex_samples(&mut random, &maker);
    let cotangent = samples.iter().map(|_| random.complex()).collect::<Vec<_>>();
    let leaf = |z: &Complex<f64>| [z.sqrt().scale(2.0).recip(), -z.recip().squared()];
    for (which, f) in [ComplexTensor::sqrt, ComplexTensor::recip].into_iter().enumerate() {
        let z = maker.complex(&samples);
        let z = ComplexTensor::<1>::new(z.re.require_grad(), z.im.require_grad());
        let gradients = paired(f(z.clone()), maker.complex(&cotangent)).backward();
        let (re, im) = (gradient(&z.re, &gradients), gradient(&z.im, &gradients));
        for (i, sample) in samples.iter().enumerate() {
            let expected = leaf(sample)[which].conj() * cotangent[i];
            assert!((Complex::new(re[i], im[i]) - expected).abs() <= 1e-13 * expected.abs(), "{sample:?}");
        }
    }
}

#[test]
fn singular_points_are_finite_forward_and_backward() {
    for maker in [Maker::autodiff(), Maker::autodiff_single()] {
        let zero = || maker.scalars([0.0, 0.0]).require_grad();
        let (re, im) = (zero(), zero());
        let z = ComplexTensor::new(re.clone(), im.clone());
        let sum = z.clone().sqrt() + z.clone().recip() + ComplexTensor::from_real(z.abs());
        assert_eq!(complexes(&sum), vec![Complex::ZERO; 2]);
        let gradients = (sum.re + sum.im).sum().backward();
        assert_eq!([gradient(&re, &gradients), gradient(&im, &gradients)].concat(), vec![0.0; 4]);

        let x = zero();
        let level = units::db_from_linear(x.clone()) + real::sqrt(x.clone());
        assert_all_close(&values(&level), &[-300.0; 2], 1e-6, "least level");
        assert_eq!(gradient(&x, &level.sum().backward()), [0.0, 0.0]);
    }
}

#[test]
fn exponential_pair_keeps_relative_accuracy() {
    for (dtype, tolerance) in [(DType::F32, 4e-7), (DType::F64, 1e-15)] {
        let (maker, mut random) = (Maker::new(dtype), Random::new(3));
        let x = (0..400).map(|_| maker.round(-random.magnitude(1e-12, 40.0))).collect::<Vec<_>>();
        let (exp, less_one) = real::exp_pair(maker.scalars(x.clone()));
        for ((x, e), m) in x.iter().zip(values(&exp)).zip(values(&less_one)) {
            assert!((m / x.exp_m1() - 1.0).abs() < tolerance, "{x} {m:e}");
            assert!((e / x.exp() - 1.0).abs() < tolerance * (1.0 + x.abs()), "{x} {e:e}");
        }
    }
    let x = Maker::autodiff().scalars([-1e-9, -0.3, -3.0]).require_grad();
    let gradients = real::exp_pair(x.clone()).1.sum().backward();
    assert_all_close(&gradient(&x, &gradients), &[-1e-9f64, -0.3, -3.0].map(f64::exp), 1e-15, "slope");
}

#[test]
fn wrapped_product_keeps_the_digits_of_a_long_phase() {
    for (dtype, tolerance) in [(DType::F32, 5e-7), (DType::F64, 1e-13)] {
        let (maker, mut random) = (Maker::new(dtype), Random::new(4));
        let x = (0..400).map(|_| maker.round(random.magnitude(1e-3, 15.0))).collect::<Vec<_>>();
        let y = (0..400).map(|_| maker.round(random.magnitude(1e-6, 500.0))).collect::<Vec<_>>();
        let ours = values(&real::wrapped_product(maker.scalars(x.clone()), maker.scalars(y.clone())));
        for ((x, y), turns) in x.iter().zip(&y).zip(ours) {
            assert!((turns - x * y - (turns - x * y).round()).abs() < tolerance, "{x} {y} {turns}");
            assert!(turns.abs() <= 0.5);
        }
    }
    let maker = Maker::autodiff();
    let (x, y) = (maker.scalars([3.7]).require_grad(), maker.scalars([45.3]).require_grad());
    let gradients = real::wrapped_product(x.clone(), y.clone()).sum().backward();
    assert_all_close(&gradient(&x, &gradients), &[45.3], 1e-15, "by x");
    assert_all_close(&gradient(&y, &gradients), &[3.7], 1e-15, "by y");
}

#[test]
fn units_equal_the_leaf_with_their_derivatives() {
    type Pair =
        (&'static str, fn(burn::tensor::Tensor<1>) -> burn::tensor::Tensor<1>, fn(Dual) -> Dual, [f64; 2]);
    let functions: [Pair; 6] = [
        ("dB", units::db_from_linear, leaf::db_from_linear, [1e-29, 1e9]),
        ("ratio", units::linear_from_db, leaf::linear_from_db, [1e-3, 80.0]),
        ("W", units::watt_from_dbm, leaf::watt_from_dbm, [1e-3, 80.0]),
        ("dBm", units::dbm_from_watt, leaf::dbm_from_watt, [1e-29, 1e9]),
        ("wavelength", units::wavelength_from_frequency, leaf::wavelength_from_frequency, [1e8, 1e12]),
        ("wavenumber", units::wavenumber_from_frequency, leaf::wavenumber_from_frequency, [1e8, 1e12]),
    ];
    for (name, ours, leaf, [least, most]) in functions {
        for (maker, tolerance) in [(Maker::autodiff_single(), 1e-5), (Maker::autodiff(), 1e-12)] {
            let mut random = Random::new(5);
            let samples = (0..200).map(|_| maker.round(random.magnitude(least, most))).collect::<Vec<_>>();
            let x = maker.scalars(samples.clone()).require_grad();
            let y = ours(x.clone());
            let slope = gradient(&x, &y.clone().sum().backward());
            for ((sample, value), slope) in samples.iter().zip(values(&y)).zip(slope) {
                let expected = leaf(Dual::variable(*sample));
                let floor = if name.starts_with("dB") { 10.0 } else { 0.0 };
                assert_close(value, expected.v, tolerance * (expected.v.abs() + floor), name);
                assert_close(slope, expected.d, tolerance * expected.d.abs(), name);
            }
        }
    }
}

#[test]
fn itu_laws_equal_the_leaf_with_their_derivatives() {
    for (maker, tolerance) in [(Maker::autodiff_single(), 1e-5), (Maker::autodiff(), 1e-12)] {
        let mut random = Random::new(6);
        for class in ItuClass::ALL {
            let samples = (0..20).map(|_| maker.round(random.magnitude(1e9, 4e11))).collect::<Vec<_>>();
            for policy in [OutOfRange::Clamp, OutOfRange::Extrapolate] {
                let f = maker.scalars(samples.clone()).require_grad();
                let ours = itu_properties(class, f.clone(), ItuEdition::P2040v4, policy).expect("a law");
                let eta = complex_permittivity(ours.relative_permittivity, ours.conductivity, f.clone());
                let slope = gradient(&f, &(eta.re.clone() + eta.im.clone()).sum().backward());
                for ((sample, z), slope) in samples.iter().zip(complexes(&eta)).zip(slope) {
                    let f = Dual::variable(*sample);
                    let law = emberwave_physics::itu_properties(class, f, ItuEdition::P2040v4, policy);
                    let law = law.expect("a law");
                    let expected = emberwave_physics::complex_permittivity(
                        law.relative_permittivity,
                        law.conductivity,
                        f,
                    );
                    assert_close(z.re, expected.re.v, tolerance * expected.re.v, "Re η");
                    assert_close(z.im, expected.im.v, tolerance * expected.im.v.abs(), "Im η");
                    let terms = expected.re.d.abs() + expected.im.v.abs() / sample;
                    let derivative = expected.re.d + expected.im.d;
                    assert_close(slope, derivative, tolerance * terms + 1e-30, class.name());
                }
            }
        }
    }
    let refused = Maker::new(DType::F64).scalars([3.5e9, 60e9]);
    assert!(itu_properties(ItuClass::Brick, refused, ItuEdition::P2040v4, OutOfRange::Error).is_err());
    let bad = Maker::new(DType::F32).scalars([-1.0]);
    assert!(itu_properties(ItuClass::Brick, bad, ItuEdition::P2040v4, OutOfRange::Clamp).is_err());
    assert_eq!(Dual::from_f64(1.0).to_f64(), 1.0);
}
