//! Laws of reflection and transmission of polarised fields.

mod support;

use emberwave_physics::rotator::{apply_jones, jones_reflection, jones_transmission, rotator};
use emberwave_physics::vector::{dot, normalize, scale, transform};
use emberwave_physics::{
    Complex, Dual, EnabledEvents, Field, Incidence, SlabCoefficients, SphericalDirection, Vec3,
    event_probabilities, reflect_direction, rotation_matrix, slab_coefficients,
};
use support::Random;

fn surface(random: &mut Random) -> SlabCoefficients<f64> {
    SlabCoefficients {
        r_te: random.complex(),
        r_tm: random.complex(),
        t_te: random.complex(),
        t_tm: random.complex(),
    }
}

/// A transverse field from Jones components.
fn from_jones(k: Vec3<f64>, jones: [Complex<f64>; 2]) -> Field<f64> {
    let direction = SphericalDirection::new(k);
    Field::default().add_along(direction.theta_hat(), jones[0]).add_along(direction.phi_hat(), jones[1])
}

fn distance(a: &Field<f64>, b: &Field<f64>) -> f64 {
    Field { re: [0, 1, 2].map(|i| a.re[i] - b.re[i]), im: [0, 1, 2].map(|i| a.im[i] - b.im[i]) }
        .norm_sqr()
        .sqrt()
}

#[test]
fn vector_transport_equals_the_chain_of_jones_matrices() {
    let mut random = Random::new(1);
    for _ in 0..500 {
        let mut k = random.direction();
        let mut jones = [random.complex(), random.complex()];
        let mut field = from_jones(k, jones);
        for step in 0..6 {
            let (n, s) = (random.direction(), surface(&mut random));
            let incidence = Incidence::new(k, n);
            if step % 2 == 0 {
                jones = apply_jones(&jones_reflection(k, n, &s), jones);
                field = incidence.reflect(&field, &s);
                k = reflect_direction(k, n);
            } else {
                jones = apply_jones(&jones_transmission(k, n, &s), jones);
                field = incidence.transmit(&field, &s);
            }
            assert!(distance(&field, &from_jones(k, jones)) < 1e-11);
            assert!(field.dot(k).abs() < 1e-12);
        }
    }
}

#[test]
fn jones_matrices_are_defined_at_normal_incidence_and_at_the_poles() {
    let mut random = Random::new(2);
    let slab = slab_coefficients(Complex::new(5.24, -0.6), 1.0, 0.3);
    for k in [[0.0, 0.0, -1.0], [0.0, 0.0, 1.0], [0.6, 0.0, -0.8]] {
        let jones = [random.complex(), random.complex()];
        let n = scale(k, -1.0);
        let field = Incidence::new(k, n).reflect(&from_jones(k, jones), &slab);
        let expected =
            from_jones(reflect_direction(k, n), apply_jones(&jones_reflection(k, n, &slab), jones));
        assert!(distance(&field, &expected) < 1e-14);
    }
}

#[test]
fn rotators_are_orthogonal_and_compose() {
    let mut random = Random::new(3);
    for _ in 0..100 {
        let k = random.direction();
        let tangent = |random: &mut Random| {
            let v = random.direction();
            let along = dot(v, k);
            normalize([0, 1, 2].map(|i| v[i] - along * k[i]))
        };
        let (a, b, c) = (tangent(&mut random), tangent(&mut random), tangent(&mut random));
        let (ab, bc, ac) = (rotator(k, a, b), rotator(k, b, c), rotator(k, a, c));
        for i in 0..2 {
            for j in 0..2 {
                let identity = ab[i][0] * ab[j][0] + ab[i][1] * ab[j][1];
                assert!((identity - if i == j { 1.0 } else { 0.0 }).abs() < 1e-12);
                let product = bc[i][0] * ab[0][j] + bc[i][1] * ab[1][j];
                assert!((product - ac[i][j]).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn a_conductor_reverses_the_tangential_field() {
    let mut random = Random::new(4);
    let metal = SlabCoefficients {
        r_te: Complex::from_real(-1.0),
        r_tm: Complex::from_real(1.0),
        ..Default::default()
    };
    for _ in 0..100 {
        let (k, n) = (random.direction(), random.direction());
        let field = from_jones(k, [random.complex(), random.complex()]);
        let reflected = Incidence::new(k, n).reflect(&field, &metal);
        let total = Field {
            re: [0, 1, 2].map(|i| field.re[i] + reflected.re[i]),
            im: [0, 1, 2].map(|i| field.im[i] + reflected.im[i]),
        };
        let along = total.dot(n);
        let tangential = total.add_along(n, -along);
        assert!(tangential.norm_sqr() < 1e-25, "{tangential:?}");
    }
}

#[test]
fn near_normal_incidence_is_continuous_in_single_precision() {
    let mut random = Random::new(5);
    let n = random.direction();
    for tilt in [0.0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2] {
        let t = random.direction();
        let k = normalize([0, 1, 2].map(|i| -n[i] + tilt * t[i]));
        let field = from_jones(k, [Complex::new(0.6, 0.1), Complex::new(-0.2, 0.7)]);
        let exact_incidence = Incidence::new(k, n);
        let slab = slab_coefficients(Complex::new(5.24, -0.6), exact_incidence.cos_theta, 0.37);
        let exact = exact_incidence.reflect(&field, &slab);
        let narrow = |v: Vec3<f64>| v.map(|x| x as f32);
        let single = Incidence::new(narrow(k), narrow(n));
        let slab32 = slab_coefficients(Complex::new(5.24f32, -0.6), single.cos_theta, 0.37);
        let got = single.reflect(&Field { re: narrow(field.re), im: narrow(field.im) }, &slab32);
        let wide = Field { re: got.re.map(f64::from), im: got.im.map(f64::from) };
        assert!(distance(&wide, &exact) < 2e-6, "{tilt}: {}", distance(&wide, &exact));
    }
}

#[test]
fn the_side_of_the_normal_does_not_matter() {
    let mut random = Random::new(6);
    let (k, n, s) = (random.direction(), random.direction(), surface(&mut random));
    let field = from_jones(k, [random.complex(), random.complex()]);
    let other = scale(n, -1.0);
    let both = [n, other]
        .map(|n| (Incidence::new(k, n).reflect(&field, &s), Incidence::new(k, n).transmit(&field, &s)));
    assert!(distance(&both[0].0, &both[1].0) < 1e-15 && distance(&both[0].1, &both[1].1) < 1e-15);
}

#[test]
fn rotating_the_world_rotates_the_field() {
    let mut random = Random::new(7);
    let world = rotation_matrix([0.4, -1.2, 2.2]);
    let turn = |f: &Field<f64>| Field { re: transform(&world, f.re), im: transform(&world, f.im) };
    for _ in 0..50 {
        let (k, n, s) = (random.direction(), random.direction(), surface(&mut random));
        let field = from_jones(k, [random.complex(), random.complex()]);
        let here = Incidence::new(k, n);
        let there = Incidence::new(transform(&world, k), transform(&world, n));
        assert!(distance(&turn(&here.reflect(&field, &s)), &there.reflect(&turn(&field), &s)) < 1e-13);
        assert!(distance(&turn(&here.transmit(&field, &s)), &there.transmit(&turn(&field), &s)) < 1e-13);
    }
}

#[test]
fn adjoints_equal_dual_numbers() {
    let mut random = Random::new(8);
    for trial in 0..40 {
        let (k, n, s) = (random.direction(), random.direction(), surface(&mut random));
        let incidence = Incidence::new(k, if trial == 0 { k } else { n });
        let field = from_jones(k, [random.complex(), random.complex()]);
        let bar = Field { re: random.direction(), im: random.direction() };
        let reflect = incidence.reflect_adjoint(&field, &s, &bar);
        let transmit = incidence.transmit_adjoint(&field, &s, &bar);
        for i in 0..14 {
            let (dual_field, dual_surface) = seeded(&field, &s, i);
            let lift = |v: Vec3<f64>| v.map(|x| Dual::new(x, 0.0));
            let dual_incidence = Incidence {
                cos_theta: Dual::new(incidence.cos_theta, 0.0),
                s: lift(incidence.s),
                n: lift(incidence.n),
            };
            let r = along(&dual_incidence.reflect(&dual_field, &dual_surface), &bar);
            let t = along(&dual_incidence.transmit(&dual_field, &dual_surface), &bar);
            assert!((r - entry(&reflect, i)).abs() < 1e-13, "{i}: {r} {}", entry(&reflect, i));
            assert!((t - entry(&transmit, i)).abs() < 1e-13, "{i}: {t} {}", entry(&transmit, i));
        }
    }
}

/// The 14 real inputs: field re 0..3, im 3..6, then (re, im) of r_te, r_tm, t_te, t_tm.
fn seeded(field: &Field<f64>, s: &SlabCoefficients<f64>, i: usize) -> (Field<Dual>, SlabCoefficients<Dual>) {
    let number = |index: usize, v: f64| Dual::new(v, if index == i { 1.0 } else { 0.0 });
    let complex = |at: usize, z: Complex<f64>| Complex::new(number(at, z.re), number(at + 1, z.im));
    let field = Field {
        re: [0, 1, 2].map(|j| number(j, field.re[j])),
        im: [0, 1, 2].map(|j| number(3 + j, field.im[j])),
    };
    let surface = SlabCoefficients {
        r_te: complex(6, s.r_te),
        r_tm: complex(8, s.r_tm),
        t_te: complex(10, s.t_te),
        t_tm: complex(12, s.t_tm),
    };
    (field, surface)
}

fn along(field: &Field<Dual>, bar: &Field<f64>) -> f64 {
    (0..3).map(|i| field.re[i].d * bar.re[i] + field.im[i].d * bar.im[i]).sum()
}

fn entry((field, s): &(Field<f64>, SlabCoefficients<f64>), i: usize) -> f64 {
    let f = [field.re, field.im].concat();
    let c = [s.r_te, s.r_tm, s.t_te, s.t_tm].map(|z| [z.re, z.im]).concat();
    f.into_iter().chain(c).nth(i).unwrap_or(f64::NAN)
}

#[test]
fn event_probabilities_follow_the_powers() {
    let slab = slab_coefficients(Complex::new(5.24f64, -0.6), 0.6, 0.9);
    let all = EnabledEvents { specular: true, diffuse: true, transmission: true };
    let p = event_probabilities(&slab, 0.5, all);
    assert!((p.specular + p.diffuse + p.transmission - 1.0).abs() < 1e-15);
    assert!((p.diffuse / p.specular - 1.0 / 3.0).abs() < 1e-14);
    let ratio = (slab.t_te.norm_sqr() + slab.t_tm.norm_sqr()) / (slab.r_te.norm_sqr() + slab.r_tm.norm_sqr());
    assert!((p.transmission / (p.specular + p.diffuse) - ratio).abs() < 1e-12);
    let only = event_probabilities(&slab, 0.0, EnabledEvents { diffuse: false, transmission: false, ..all });
    assert_eq!((only.specular, only.diffuse, only.transmission), (1.0, 0.0, 0.0));
    let none = event_probabilities(&slab, 0.0, EnabledEvents { specular: false, transmission: false, ..all });
    assert_eq!(none, Default::default());
}
