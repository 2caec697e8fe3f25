//! Reflection, transmission and event probabilities against the leaf and its adjoints.

use burn::tensor::{DType, Tensor};
use emberwave_em::{
    ComplexTensor, FieldTensor, IncidenceTensor, SlabTensor, event_probabilities, reflect_direction,
};
use emberwave_physics::{
    Complex, Dual, EnabledEvents, Field, Incidence, SlabCoefficients, Vec3,
    event_probabilities as leaf_probabilities, reflect_direction as leaf_reflection,
};

use crate::support::{
    Maker, PRECISIONS, Random, assert_all_close, assert_close, complexes, gradient, triples, values,
};

struct Samples {
    k: Vec<Vec3<f64>>,
    n: Vec<Vec3<f64>>,
    fields: Vec<Field<f64>>,
    surfaces: Vec<SlabCoefficients<f64>>,
    bars: Vec<Field<f64>>,
}

fn field(random: &mut Random, maker: &Maker) -> Field<f64> {
    Field { re: maker.round3(random.vector()), im: maker.round3(random.vector()) }
}

fn complex(random: &mut Random, maker: &Maker) -> Complex<f64> {
    Complex::new(maker.round(random.number()), maker.round(random.number()))
}

/// Random directions and surfaces; the last ones at and near normal incidence from either side.
fn samples(maker: &Maker) -> Samples {
    let mut random = Random::new(21);
    let mut k = (0..300).map(|_| maker.round3(random.direction())).collect::<Vec<_>>();
    let mut n = (0..300).map(|_| maker.round3(random.direction())).collect::<Vec<_>>();
    k.extend([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [1e-8, 0.0, 1.0]]);
    n.extend([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]);
    let mut surface = || SlabCoefficients {
        r_te: complex(&mut random, maker),
        r_tm: complex(&mut random, maker),
        t_te: complex(&mut random, maker),
        t_tm: complex(&mut random, maker),
    };
    let surfaces = k.iter().map(|_| surface()).collect();
    let fields = k.iter().map(|_| field(&mut random, maker)).collect();
    let bars = k.iter().map(|_| field(&mut random, maker)).collect();
    Samples { k, n, fields, surfaces, bars }
}

fn assert_fields(ours: &FieldTensor, leaf: &[Field<f64>], tolerance: f64, what: &str) {
    let expected = |part: fn(&Field<f64>) -> Vec3<f64>| leaf.iter().flat_map(part).collect::<Vec<_>>();
    assert_all_close(&values(&ours.re), &expected(|f| f.re), tolerance, what);
    assert_all_close(&values(&ours.im), &expected(|f| f.im), tolerance, what);
}

#[test]
fn interactions_equal_the_leaf() {
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let s = samples(&maker);
        let incidence = IncidenceTensor::new(maker.vectors(&s.k), maker.vectors(&s.n));
        let leaf = s.k.iter().zip(&s.n).map(|(k, n)| Incidence::new(*k, *n)).collect::<Vec<_>>();
        let cosines = leaf.iter().map(|i| i.cos_theta).collect::<Vec<_>>();
        assert_all_close(&values(&incidence.cos_theta), &cosines, tolerance, "cos θ");
        let (field, surface) = (maker.fields(&s.fields), maker.slabs(&s.surfaces));
        let all = || leaf.iter().zip(&s.fields).zip(&s.surfaces);
        let reflected = all().map(|((i, f), s)| i.reflect(f, s)).collect::<Vec<_>>();
        assert_fields(&incidence.reflect(field.clone(), &surface), &reflected, tolerance, "reflected");
        let transmitted = all().map(|((i, f), s)| i.transmit(f, s)).collect::<Vec<_>>();
        assert_fields(&incidence.transmit(field.clone(), &surface), &transmitted, tolerance, "transmitted");
        let mirrored = reflect_direction(maker.vectors(&s.k), maker.vectors(&s.n));
        let expected = s.k.iter().zip(&s.n).flat_map(|(k, n)| leaf_reflection(*k, *n)).collect::<Vec<_>>();
        assert_all_close(&values(&mirrored), &expected, tolerance, "mirrored");
        let norms = s.fields.iter().map(Field::norm_sqr).collect::<Vec<_>>();
        assert_all_close(&values(&field.norm_sqr()), &norms, tolerance, "‖E‖²");
    }
}

fn field_pairing(field: FieldTensor, bar: FieldTensor) -> Tensor<1> {
    (field.re * bar.re + field.im * bar.im).sum()
}

fn tracked(z: ComplexTensor<1>) -> ComplexTensor<1> {
    ComplexTensor::new(z.re.require_grad(), z.im.require_grad())
}

#[test]
fn gradients_equal_the_hand_written_adjoints() {
    let maker = Maker::autodiff();
    let s = samples(&maker);
    for reflection in [true, false] {
        let incidence = IncidenceTensor::new(maker.vectors(&s.k), maker.vectors(&s.n));
        let field = maker.fields(&s.fields);
        let field = FieldTensor::new(field.re.require_grad(), field.im.require_grad());
        let surface = maker.slabs(&s.surfaces);
        let surface = SlabTensor {
            r_te: tracked(surface.r_te),
            r_tm: tracked(surface.r_tm),
            t_te: tracked(surface.t_te),
            t_tm: tracked(surface.t_tm),
        };
        let after = if reflection {
            incidence.reflect(field.clone(), &surface)
        } else {
            incidence.transmit(field.clone(), &surface)
        };
        let g = field_pairing(after, maker.fields(&s.bars)).backward();
        let coefficients = [&surface.r_te, &surface.r_tm, &surface.t_te, &surface.t_tm]
            .map(|z| [gradient(&z.re, &g), gradient(&z.im, &g)]);
        let (re, im) = (gradient(&field.re, &g), gradient(&field.im, &g));
        for i in 0..s.k.len() {
            let leaf = Incidence::new(s.k[i], s.n[i]);
            let arguments = (&s.fields[i], &s.surfaces[i], &s.bars[i]);
            let (field_bar, bar) = if reflection {
                leaf.reflect_adjoint(arguments.0, arguments.1, arguments.2)
            } else {
                leaf.transmit_adjoint(arguments.0, arguments.1, arguments.2)
            };
            assert_all_close(&re[3 * i..3 * i + 3], &field_bar.re, 1e-13, "field");
            assert_all_close(&im[3 * i..3 * i + 3], &field_bar.im, 1e-13, "field");
            for (c, bar) in [bar.r_te, bar.r_tm, bar.t_te, bar.t_tm].into_iter().enumerate() {
                let ours = coefficients[c].each_ref().map(|g| g[i]);
                assert_all_close(&ours, &[bar.re, bar.im], 1e-13, "coefficient");
            }
        }
    }
}

/// ⟨reflected + transmitted + mirrored k + cosθ, cotangents⟩ with dual numbers, along one coordinate of (k, n).
fn dual_loss(s: &Samples, i: usize, coordinate: usize) -> f64 {
    let mut x = [s.k[i], s.n[i]].concat().iter().map(|v| constant(*v)).collect::<Vec<_>>();
    x[coordinate].d = 1.0;
    let (k, n) = ([x[0], x[1], x[2]], [x[3], x[4], x[5]]);
    let complex = |z: Complex<f64>| Complex::new(constant(z.re), constant(z.im));
    let surface = SlabCoefficients {
        r_te: complex(s.surfaces[i].r_te),
        r_tm: complex(s.surfaces[i].r_tm),
        t_te: complex(s.surfaces[i].t_te),
        t_tm: complex(s.surfaces[i].t_tm),
    };
    let field = Field { re: s.fields[i].re.map(constant), im: s.fields[i].im.map(constant) };
    let incidence = Incidence::new(k, n);
    let (r, t) = (incidence.reflect(&field, &surface), incidence.transmit(&field, &surface));
    let mirrored = leaf_reflection(k, n);
    let bar = &s.bars[i];
    let along = (0..3)
        .map(|a| bar.re[a] * (r.re[a].d + t.re[a].d + mirrored[a].d) + bar.im[a] * (r.im[a].d + t.im[a].d));
    along.sum::<f64>() + incidence.cos_theta.d
}

fn constant(value: f64) -> Dual {
    Dual::new(value, 0.0)
}

#[test]
fn geometry_gradients_equal_dual_numbers() {
    let maker = Maker::autodiff();
    let s = samples(&maker);
    let (k, n) = (maker.vectors(&s.k).require_grad(), maker.vectors(&s.n).require_grad());
    let incidence = IncidenceTensor::new(k.clone(), n.clone());
    let (field, surface, bar) = (maker.fields(&s.fields), maker.slabs(&s.surfaces), maker.fields(&s.bars));
    let mirrored = reflect_direction(k.clone(), n.clone());
    let loss = field_pairing(incidence.reflect(field.clone(), &surface), bar.clone())
        + field_pairing(incidence.transmit(field, &surface), bar.clone())
        + (mirrored * bar.re).sum()
        + incidence.cos_theta.sum();
    let g = loss.backward();
    let (by_k, by_n) = (gradient(&k, &g), gradient(&n, &g));
    for i in 0..s.k.len() {
        // cosθ is 1 to rounding in the last samples: which side of the clamp they are on is no law.
        if i >= 300 {
            continue;
        }
        for axis in 0..3 {
            let scale = 1e-11 / Incidence::new(s.k[i], s.n[i]).cos_theta.mul_add(-0.999_999, 1.0);
            assert_close(by_k[3 * i + axis], dual_loss(&s, i, axis), scale, "k");
            assert_close(by_n[3 * i + axis], dual_loss(&s, i, 3 + axis), scale, "n");
        }
    }
}

#[test]
fn event_probabilities_equal_the_leaf() {
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let mut s = samples(&maker);
        s.surfaces[0] = SlabCoefficients::default(); // no power: no event
        let mut random = Random::new(22);
        let scattering = s.k.iter().map(|_| maker.round(random.fraction())).collect::<Vec<_>>();
        for bits in 0..8 {
            let enabled = EnabledEvents {
                specular: bits & 1 != 0,
                diffuse: bits & 2 != 0,
                transmission: bits & 4 != 0,
            };
            let surface = maker.slabs(&s.surfaces);
            let ours = event_probabilities(&surface, maker.scalars(scattering.clone()), enabled).detach();
            let leaf = s.surfaces.iter().zip(&scattering).map(|(c, s)| leaf_probabilities(c, *s, enabled));
            let leaf = leaf.collect::<Vec<_>>();
            let expected = |part: fn(&_) -> f64| leaf.iter().map(part).collect::<Vec<_>>();
            type P = emberwave_physics::EventProbabilities<f64>;
            assert_all_close(&values(&ours.specular), &expected(|p: &P| p.specular), tolerance, "specular");
            assert_all_close(&values(&ours.diffuse), &expected(|p: &P| p.diffuse), tolerance, "diffuse");
            assert_all_close(&values(&ours.transmission), &expected(|p: &P| p.transmission), tolerance, "T");
        }
    }
}

#[test]
fn a_field_along_a_vector_adds_up() {
    let maker = Maker::new(DType::F64);
    let s = samples(&maker);
    let z = maker.complex(&s.surfaces.iter().map(|c| c.r_te).collect::<Vec<_>>());
    let sum = maker.fields(&s.fields).multiply(z.clone()).add_along(maker.vectors(&s.k), z.clone());
    let leaf = |i: usize| {
        let z = s.surfaces[i].r_te;
        s.fields[i].multiply(z).add_along(s.k[i], z)
    };
    let expected = (0..s.k.len()).map(leaf).collect::<Vec<_>>();
    assert_fields(&sum, &expected, 1e-14, "sum");
    assert_eq!(triples(&sum.re).len(), s.k.len());
    let dots = complexes(&maker.fields(&s.fields).dot(maker.vectors(&s.n)));
    assert!(dots.iter().enumerate().all(|(i, z)| (*z - s.fields[i].dot(s.n[i])).abs() < 1e-14));
}
