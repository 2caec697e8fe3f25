//! Patterns, polarisations and the radiated field against the leaf and dual numbers.

use burn::tensor::DType;
use emberwave_em::{PatternTensor, RadiatorTensor, antenna_field, rotation_matrix};
use emberwave_physics::vector::transform_transposed;
use emberwave_physics::{
    AntennaPattern, Complex, Dual, Field, Polarization, PolarizationModel, Radiator, Slant, Vec3,
    antenna_field as leaf_field, rotation_matrix as leaf_matrix,
};

use crate::support::{Maker, PRECISIONS, Random, assert_all_close, assert_close, gradient, values};

const SLANTS: [f64; 5] = [0.0, std::f64::consts::FRAC_PI_2, -std::f64::consts::FRAC_PI_4, 0.3, -2.0];

fn directions(maker: &Maker) -> Vec<Vec3<f64>> {
    let mut random = Random::new(41);
    let mut directions = (0..200).map(|_| maker.round3(random.direction())).collect::<Vec<_>>();
    directions.extend([
        [1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 0.0, -1.0],
        [0.0, 1.0, 0.0],
        [-1.0, 0.0, 0.0],
    ]);
    directions
}

fn all_elements() -> impl Iterator<Item = (AntennaPattern, PolarizationModel, f64)> {
    let models = || PolarizationModel::ALL.into_iter();
    let slanted = move || models().flat_map(|model| SLANTS.into_iter().map(move |slant| (model, slant)));
    AntennaPattern::ALL.into_iter().flat_map(move |p| slanted().map(move |(model, slant)| (p, model, slant)))
}

#[test]
fn fields_of_elements_equal_the_leaf() {
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let directions = directions(&maker);
        for (pattern, model, slant) in all_elements() {
            let slant = Slant::new(slant);
            let ours = antenna_field(pattern, model, maker.vectors(&directions), slant).map(|c| values(&c));
            for (i, direction) in directions.iter().enumerate() {
                let leaf = leaf_field(pattern, model, *direction, slant);
                // Near the axis of a slanted antenna of model 1 the polarisation turns fast.
                let across = 1.0 - (slant.cos * direction[2] - slant.sin * direction[1]).powi(2);
                let limit = tolerance / across.max(1e-2).sqrt();
                for c in 0..2 {
                    if across > 1e-6 {
                        assert_close(ours[c][i], leaf[c], limit, &format!("{pattern} {model} {direction:?}"));
                    }
                }
            }
        }
    }
}

#[test]
fn gradients_of_elements_equal_dual_numbers() {
    let maker = Maker::autodiff();
    let directions = directions(&maker);
    let regular = |d: &Vec3<f64>| d[0].hypot(d[1]) > 1e-3;
    for (pattern, model, slant) in all_elements() {
        let slant = Slant::new(slant);
        let x = maker.vectors(&directions).require_grad();
        let [theta, phi] = antenna_field(pattern, model, x.clone(), slant);
        let loss = (theta.mul_scalar(0.7) + phi.mul_scalar(-0.4)).sum();
        // Nothing depends on the direction for an isotropic antenna of model 2.
        let ours =
            if loss.is_tracked() { gradient(&x, &loss.backward()) } else { vec![0.0; 3 * directions.len()] };
        for (i, direction) in directions.iter().enumerate().filter(|(_, d)| regular(d)) {
            let across = 1.0 - (slant.cos * direction[2] - slant.sin * direction[1]).powi(2);
            if across < 1e-6 {
                continue;
            }
            for axis in 0..3 {
                let mut d = direction.map(|v| Dual::new(v, 0.0));
                d[axis].d = 1.0;
                let [sin, cos] = [slant.sin, slant.cos].map(|v| Dual::new(v, 0.0));
                let leaf = leaf_field(pattern, model, d, Slant { cos, sin });
                let expected = 0.7 * leaf[0].d - 0.4 * leaf[1].d;
                let what = format!("{pattern} {model} {direction:?}");
                assert_close(ours[3 * i + axis], expected, 1e-11 * (1.0 + expected.abs()) / across, &what);
            }
        }
    }
}

fn radiator(maker: &Maker, orientation: Vec3<f64>, ports: &Ports) -> RadiatorTensor {
    RadiatorTensor {
        pattern: PatternTensor::Named(AntennaPattern::Tr38901),
        model: PolarizationModel::One,
        slants: ports.slants.clone(),
        rotation: rotation_matrix(maker.scalars(orientation)),
        weights: maker
            .tensor(ports.weights.iter().flat_map(|w| [w.re, w.im]).collect(), [ports.weights.len(), 2]),
        offsets: maker.vectors(&ports.offsets),
        wavenumber: maker.scalars([ports.wavenumber]),
    }
}

struct Ports {
    slants: Vec<f64>,
    weights: Vec<Complex<f64>>,
    offsets: Vec<Vec3<f64>>,
    wavenumber: f64,
}

impl Ports {
    /// Two elements with two polarisations each, polarisation after polarisation.
    fn array() -> Self {
        let mut random = Random::new(42);
        let weights = (0..4).map(|_| random.complex()).collect();
        let offsets = (0..4).map(|_| random.vector().map(|x| 0.05 * x)).collect();
        Self { slants: vec![-0.7, -0.7, 0.8, 0.8], weights, offsets, wavenumber: 73.0 }
    }

    /// The field in the world, port by port.
    fn leaf(&self, orientation: Vec3<f64>, k: Vec3<f64>) -> Field<f64> {
        let rotation = leaf_matrix(orientation);
        let local = transform_transposed(&rotation, k);
        let mut sum = Field::default();
        for ((slant, weight), offset) in self.slants.iter().zip(&self.weights).zip(&self.offsets) {
            let ahead = (0..3).map(|i| offset[i] * local[i]).sum::<f64>();
            let weight = *weight * Complex::cis(self.wavenumber * ahead);
            let [theta, phi] =
                leaf_field(AntennaPattern::Tr38901, PolarizationModel::One, local, Slant::new(*slant));
            let angles = emberwave_physics::SphericalDirection::new(local);
            let world = |v| emberwave_physics::vector::transform(&rotation, v);
            sum = sum.add_along(world(angles.theta_hat()), weight.scale(theta));
            sum = sum.add_along(world(angles.phi_hat()), weight.scale(phi));
        }
        sum
    }
}

const ORIENTATION: Vec3<f64> = [0.4, -0.2, 0.3];

#[test]
fn the_field_of_an_array_is_the_sum_of_its_ports() {
    let ports = Ports::array();
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let directions = directions(&maker);
        let ours = radiator(&maker, ORIENTATION, &ports).field(maker.vectors(&directions));
        let leaf = directions.iter().map(|k| ports.leaf(ORIENTATION, *k)).collect::<Vec<_>>();
        let re = leaf.iter().flat_map(|f| f.re).collect::<Vec<_>>();
        let im = leaf.iter().flat_map(|f| f.im).collect::<Vec<_>>();
        assert_all_close(&values(&ours.re), &re, 3.0 * tolerance, "Re");
        assert_all_close(&values(&ours.im), &im, 3.0 * tolerance, "Im");
    }
}

#[test]
fn a_single_element_equals_the_leaf_radiator() {
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let directions = directions(&maker);
        for pattern in AntennaPattern::ALL {
            let leaf = Radiator::new(pattern, Polarization::Cross, PolarizationModel::Two, ORIENTATION);
            let half = std::f64::consts::FRAC_1_SQRT_2;
            let ours = RadiatorTensor {
                pattern: PatternTensor::Named(pattern),
                model: PolarizationModel::Two,
                slants: Polarization::Cross.slants().to_vec(),
                rotation: rotation_matrix(maker.scalars(ORIENTATION)),
                weights: maker.tensor(vec![half, 0.0, half, 0.0], [2, 2]),
                offsets: maker.vectors(&[[0.0; 3]; 2]),
                wavenumber: maker.scalars([73.0]),
            };
            let field = ours.field(maker.vectors(&directions));
            let expected = directions.iter().flat_map(|k| leaf.field(*k)).collect::<Vec<_>>();
            assert_all_close(&values(&field.re), &expected, 3.0 * tolerance, pattern.name());
            assert_all_close(&values(&field.im), &vec![0.0; expected.len()], 0.0, pattern.name());
        }
    }
}

#[test]
fn gradients_of_an_array_equal_finite_differences() {
    let (maker, ports) = (Maker::autodiff(), Ports::array());
    let mut random = Random::new(43);
    let directions = (0..40).map(|_| random.direction()).collect::<Vec<_>>();
    let gain = |orientation: Vec3<f64>, ports: &Ports| {
        directions.iter().map(|k| ports.leaf(orientation, *k).norm_sqr()).sum::<f64>()
    };
    let mut ours = radiator(&maker, ORIENTATION, &ports);
    let orientation = maker.scalars(ORIENTATION).require_grad();
    ours.rotation = rotation_matrix(orientation.clone());
    ours.weights = ours.weights.require_grad();
    ours.offsets = ours.offsets.require_grad();
    ours.wavenumber = ours.wavenumber.require_grad();
    let total = ours.field(maker.vectors(&directions)).norm_sqr().sum();
    assert_all_close(&values(&total), &[gain(ORIENTATION, &ports)], 1e-12, "gain");
    let g = total.backward();
    let h = 1e-5;
    let difference = |change: &dyn Fn(&mut Vec3<f64>, &mut Ports, f64)| {
        let at = |step: f64| {
            let (mut orientation, mut ports) = (ORIENTATION, Ports::array());
            change(&mut orientation, &mut ports, step);
            gain(orientation, &ports)
        };
        (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h)
    };
    for i in 0..3 {
        let expected = difference(&|orientation, _, step| orientation[i] += step);
        assert_all_close(&[gradient(&orientation, &g)[i]], &[expected], 1e-6, "orientation");
        let expected = difference(&|_, ports, step| ports.offsets[2][i] += step);
        assert_all_close(&[gradient(&ours.offsets, &g)[6 + i]], &[expected], 1e-6, "offset");
    }
    let expected = difference(&|_, ports, step| ports.wavenumber += step);
    assert_all_close(&gradient(&ours.wavenumber, &g), &[expected], 1e-6, "wavenumber");
    let expected = difference(&|_, ports, step| ports.weights[1].im += step);
    assert_all_close(&[gradient(&ours.weights, &g)[3]], &[expected], 1e-6, "weight");
}

#[test]
fn poles_are_finite_forward_and_backward() {
    for maker in [Maker::autodiff(), Maker::autodiff_single()] {
        let k = maker.vectors(&[[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]).require_grad();
        let field = radiator(&maker, [0.0; 3], &Ports::array()).field(k.clone());
        let ours = gradient(&k, &field.norm_sqr().sum().backward());
        assert!(ours.iter().all(|x| x.is_finite()));
    }
    let maker = Maker::new(DType::F32);
    let [theta, phi] = antenna_field(
        AntennaPattern::HalfWaveDipole,
        PolarizationModel::Two,
        maker.vectors(&[[0.0, 0.0, 1.0]]),
        Slant::new(0.0),
    );
    assert_eq!([values(&theta), values(&phi)], [[0.0], [0.0]]);
}
