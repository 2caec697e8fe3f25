//! Slab and half-space coefficients against the leaf, their gradients against the hand-written adjoint.

use burn::tensor::{DType, Tensor};
use emberwave_em::{ComplexTensor, SlabTensor, half_space_coefficients, slab_coefficients};
use emberwave_physics::{
    Complex, Dual, SlabCoefficients, SlabGradient, half_space_coefficients as leaf_half_space, slab_adjoint,
    slab_coefficients as leaf_slab,
};

use crate::support::{Maker, Random, complexes, gradient, paired};

#[derive(Clone, Copy, Debug)]
struct Sample {
    eta: Complex<f64>,
    cos: f64,
    thickness: f64,
}

impl Sample {
    fn metallic(&self) -> bool {
        self.eta.abs() > 1e4
    }
}

/// Corners of the domain and random points of all of it: vacuum to metal, normal to grazing, film to thick wall.
fn samples(maker: &Maker) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (re, im) in [
        (1.0, 0.0),
        (1.0005, -1e-6),
        (2.73, -0.05),
        (5.24, -0.632),
        (6.31, 0.0),
        (30.0, -12.0),
        (1.0, -5.1e7),
    ] {
        for cos in [1.0, 0.83, 0.4, 0.05, 1e-3, 1e-4] {
            for thickness in [0.0, 1e-6, 1e-3, 0.07, 0.9, 4.3, 33.0] {
                samples.push(Sample { eta: Complex::new(re, im), cos, thickness });
            }
        }
    }
    let mut random = Random::new(11);
    for _ in 0..1500 {
        let re = 1.0 + random.magnitude(1e-4, 80.0);
        let im =
            if random.number() > 0.8 { -random.magnitude(1e2, 1e8) } else { -random.magnitude(1e-6, 30.0) };
        let eta = Complex::new(re, im);
        let (cos, thickness) = (random.magnitude(1e-4, 1.0), random.magnitude(1e-6, 100.0));
        samples.push(Sample { eta, cos, thickness });
    }
    let round = |s: Sample| Sample {
        eta: Complex::new(maker.round(s.eta.re), maker.round(s.eta.im)),
        cos: maker.round(s.cos),
        thickness: maker.round(s.thickness),
    };
    samples.into_iter().map(round).collect()
}

struct Arguments {
    eta: ComplexTensor<1>,
    cos: Tensor<1>,
    thickness: Tensor<1>,
}

impl Arguments {
    fn new(maker: &Maker, samples: &[Sample]) -> Self {
        Self {
            eta: maker.complex(&samples.iter().map(|s| s.eta).collect::<Vec<_>>()),
            cos: maker.scalars(samples.iter().map(|s| s.cos)),
            thickness: maker.scalars(samples.iter().map(|s| s.thickness)),
        }
    }
    fn require_grad(self) -> Self {
        Self {
            eta: ComplexTensor::new(self.eta.re.require_grad(), self.eta.im.require_grad()),
            cos: self.cos.require_grad(),
            thickness: self.thickness.require_grad(),
        }
    }
    fn slab(&self) -> SlabTensor {
        slab_coefficients(self.eta.clone(), self.cos.clone(), self.thickness.clone())
    }
}

fn parts(slab: &SlabTensor) -> [Vec<Complex<f64>>; 4] {
    [&slab.r_te, &slab.r_tm, &slab.t_te, &slab.t_tm].map(complexes)
}

#[test]
fn coefficients_equal_the_leaf_over_the_whole_range() {
    for (dtype, limit) in [(DType::F32, 1e-5), (DType::F64, 1e-11)] {
        let maker = Maker::new(dtype);
        let samples = samples(&maker);
        let ours = parts(&Arguments::new(&maker, &samples).slab());
        let mut worst = 0.0f64;
        for (i, s) in samples.iter().enumerate() {
            let leaf = leaf_slab(s.eta, s.cos, s.thickness);
            // The rounding of a = √(η − sin²θ) itself turns the phase by 2π a l times it.
            let turns = 1.0 + s.eta.abs().sqrt().min(100.0) * s.thickness;
            for (c, leaf) in [leaf.r_te, leaf.r_tm, leaf.t_te, leaf.t_tm].into_iter().enumerate() {
                let error = (ours[c][i] - leaf).abs() / turns;
                worst = worst.max(error);
                assert!(error < limit, "{dtype:?} {s:?} [{c}]: {:?} {leaf:?}", ours[c][i]);
            }
        }
        println!("{dtype:?} slab against the leaf in f64, per (1 + turns): {worst:.1e}");
    }
}

/// In f32 the tensor form is as accurate as the leaf in f32.
#[test]
fn single_precision_equals_the_single_precision_leaf() {
    let maker = Maker::new(DType::F32);
    let samples = samples(&maker);
    let ours = parts(&Arguments::new(&maker, &samples).slab());
    let mut worst = 0.0f64;
    for (i, s) in samples.iter().enumerate() {
        let eta = Complex::new(s.eta.re as f32, s.eta.im as f32);
        let leaf = leaf_slab(eta, s.cos as f32, s.thickness as f32);
        let turns = 1.0 + s.eta.abs().sqrt().min(100.0) * s.thickness;
        for (c, z) in [leaf.r_te, leaf.r_tm, leaf.t_te, leaf.t_tm].into_iter().enumerate() {
            let error = (ours[c][i] - Complex::new(f64::from(z.re), f64::from(z.im))).abs();
            worst = worst.max(error / turns);
            assert!(error < 5e-6 * turns, "{s:?} [{c}]: {:?} {z:?}", ours[c][i]);
        }
    }
    println!("f32 slab against the leaf in f32, per (1 + turns): {worst:.1e}");
}

#[test]
fn half_spaces_equal_the_leaf() {
    for (dtype, limit) in [(DType::F32, 1e-5), (DType::F64, 1e-12)] {
        let maker = Maker::new(dtype);
        let samples = samples(&maker);
        let arguments = Arguments::new(&maker, &samples);
        let (te, tm) = half_space_coefficients(arguments.eta, arguments.cos);
        let (te, tm) = (complexes(&te), complexes(&tm));
        for (i, s) in samples.iter().enumerate() {
            let leaf = leaf_half_space(s.eta, s.cos);
            assert!((te[i] - leaf.0).abs() < limit && (tm[i] - leaf.1).abs() < limit, "{s:?}");
        }
    }
}

fn cotangents(count: usize) -> Vec<SlabCoefficients<f64>> {
    let mut random = Random::new(12);
    let mut draw = || SlabCoefficients {
        r_te: random.complex(),
        r_tm: random.complex(),
        t_te: random.complex(),
        t_tm: random.complex(),
    };
    (0..count).map(|_| draw()).collect()
}

/// Gradients `[re η, im η, cosθ, d/λ]` of the loss with the given cotangents.
fn gradients(maker: &Maker, samples: &[Sample], bars: &[SlabCoefficients<f64>]) -> [Vec<f64>; 4] {
    let arguments = Arguments::new(maker, samples).require_grad();
    let (slab, bar) = (arguments.slab(), maker.slabs(bars));
    let loss = paired(slab.r_te, bar.r_te)
        + paired(slab.r_tm, bar.r_tm)
        + paired(slab.t_te, bar.t_te)
        + paired(slab.t_tm, bar.t_tm);
    let g = loss.backward();
    [&arguments.eta.re, &arguments.eta.im, &arguments.cos, &arguments.thickness]
        .map(|leaf| gradient(leaf, &g))
}

fn as_array(g: SlabGradient<f64>) -> [f64; 4] {
    [g.eta.re, g.eta.im, g.cos_theta, g.thickness_over_wavelength]
}

#[test]
fn gradients_equal_the_hand_written_adjoint() {
    let maker = Maker::autodiff();
    let samples = samples(&maker);
    let bars = cotangents(samples.len());
    let ours = gradients(&maker, &samples, &bars);
    let mut worst = [(0.0f64, String::new()), (0.0, String::new())];
    for (i, s) in samples.iter().enumerate() {
        let exact = as_array(slab_adjoint(s.eta, s.cos, s.thickness, bars[i]));
        for (c, exact) in exact.into_iter().enumerate() {
            let relative = (ours[c][i] - exact).abs() / exact.abs();
            let kind = usize::from(s.metallic() || s.cos < 0.04 || s.thickness < 1e-4);
            if exact != 0.0 && relative > worst[kind].0 {
                worst[kind] = (relative, format!("{s:?} [{c}] {exact:e}"));
            }
        }
    }
    println!("f64 gradients against the adjoint, relative: {worst:#?}");
    // Metal, grazing incidence and films are where the terms of the chain rule cancel.
    assert!(worst[0].0 < 1e-8 && worst[1].0 < 1e-5, "{worst:#?}");
}

#[test]
fn gradients_equal_dual_numbers() {
    let maker = Maker::autodiff();
    let samples = samples(&maker).into_iter().filter(|s| !s.metallic() && s.cos > 0.04).collect::<Vec<_>>();
    let bars = cotangents(samples.len());
    let ours = gradients(&maker, &samples, &bars);
    for (i, s) in samples.iter().enumerate() {
        for direction in 0..4 {
            let mut x = [s.eta.re, s.eta.im, s.cos, s.thickness].map(|v| Dual::new(v, 0.0));
            x[direction].d = 1.0;
            let slab = leaf_slab(Complex::new(x[0], x[1]), x[2], x[3]);
            let pair = |z: Complex<Dual>, bar: Complex<f64>| z.re.d * bar.re + z.im.d * bar.im;
            let bar = bars[i];
            let expected = pair(slab.r_te, bar.r_te)
                + pair(slab.r_tm, bar.r_tm)
                + pair(slab.t_te, bar.t_te)
                + pair(slab.t_tm, bar.t_tm);
            let error = (ours[direction][i] - expected).abs();
            let turns = 1.0 + s.thickness * s.eta.abs().sqrt();
            assert!(error < 1e-9 * expected.abs() + 1e-10 * turns, "{s:?} [{direction}] {expected:e}");
        }
    }
}

#[test]
fn single_precision_gradients_are_finite_and_near() {
    let maker = Maker::autodiff_single();
    let samples = samples(&maker);
    let bars = cotangents(samples.len());
    let ours = gradients(&maker, &samples, &bars); // finite, or `values` would have panicked
    let mut worst = [0.0f64; 3];
    for (i, s) in samples.iter().enumerate().filter(|(_, s)| s.cos > 0.04) {
        let exact = as_array(slab_adjoint(s.eta, s.cos, s.thickness, bars[i]));
        let turns = 1.0 + s.eta.abs().sqrt().min(100.0) * s.thickness;
        let near_vacuum = (s.eta - Complex::ONE).abs() < 0.1;
        let kind = if s.metallic() { 2 } else { usize::from(near_vacuum) };
        for (c, exact) in exact.into_iter().enumerate() {
            // The derivatives of metal in η are tiny, and those without a thickness are 0.
            let floor = if kind < 2 {
                0.1
            } else if c < 2 {
                1e-5 / s.eta.abs()
            } else {
                1e-3
            };
            let error = (ours[c][i] - exact).abs() / (exact.abs() + floor) / turns;
            worst[kind] = worst[kind].max(error);
        }
    }
    println!("f32 gradients against the adjoint: dielectric, near vacuum, metal {worst:?}");
    assert!(worst[0] < 2e-4 && worst[1] < 1e-3 && worst[2] < 0.1, "{worst:?}");
}

#[test]
fn clamped_regions_have_no_derivative() {
    let maker = Maker::autodiff();
    let metal = Sample { eta: Complex::new(1.0, -5.1e7), cos: 0.5, thickness: 1.0 };
    let only_t = SlabCoefficients { t_te: Complex::ONE, t_tm: Complex::ONE, ..Default::default() };
    assert_eq!(gradients(&maker, &[metal], &[only_t]).concat(), [0.0; 4]);
    let grazing = Sample { eta: Complex::new(4.0, -0.1), cos: 1e-8, thickness: 0.3 };
    assert_eq!(gradients(&maker, &[grazing], &cotangents(1))[2], [0.0]);
}
