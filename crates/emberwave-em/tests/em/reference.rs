//! Agreement with the numbers of Sionna RT 2.2.0 in `shared/reference` (skipped aloud where they are not there).

#[path = "../../../emberwave-physics/tests/support/peer.rs"]
mod peer;

use burn::tensor::DType;
use emberwave_em::{
    ComplexTensor, antenna_field, complex_permittivity, half_space_coefficients, itu_properties,
    rotation_matrices, slab_coefficients,
};
use emberwave_physics::{
    AntennaPattern, ItuClass, ItuEdition, OutOfRange, Polarization, PolarizationModel, Slant,
    SphericalDirection,
};
use ndarray::{Axis, Ix3};
use num_complex::Complex as NpyComplex;
use peer::Reference;
use serde_json::Value;

use crate::support::{Maker, complexes, values};

impl Reference {
    /// Whatever its shape.
    fn singles(&mut self, name: &str) -> Vec<f64> {
        self.array::<f32>(name).iter().map(|x| f64::from(*x)).collect()
    }

    fn complex(&mut self, name: &str) -> ndarray::Array3<NpyComplex<f32>> {
        self.array(name).into_dimensionality::<Ix3>().expect("three axes")
    }

    /// ITU class, frequency and thickness of each slab.
    fn slabs(&self) -> Vec<(ItuClass, f64, f64)> {
        let read = |cfg: &Value| {
            let class = cfg["material"].as_str().and_then(|name| name.parse().ok()).expect("a known class");
            (class, cfg["f"].as_f64().expect("a number"), cfg["d"].as_f64().expect("a number"))
        };
        self.table["slab_cfg"].as_array().expect("configurations").iter().map(read).collect()
    }
}

/// η and d/λ, both `[n]`, through the tensor functions.
fn material(
    maker: &Maker,
    class: ItuClass,
    f: f64,
    d: f64,
    n: usize,
) -> (ComplexTensor<1>, burn::tensor::Tensor<1>) {
    let frequency = maker.scalars(vec![f; n]);
    let law =
        itu_properties(class, frequency.clone(), ItuEdition::P2040v4, OutOfRange::Error).expect("in range");
    let eta = complex_permittivity(law.relative_permittivity, law.conductivity, frequency.clone());
    let wavelength = emberwave_em::units::wavelength_from_frequency(frequency);
    (eta, wavelength.recip().mul_scalar(d))
}

#[test]
fn slabs_and_half_spaces_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let cosines = reference.singles("slab_cos");
    let (slabs, halves) = (reference.complex("slab_rte_rtm_tte_ttm"), reference.complex("halfspace_rte_rtm"));
    let maker = Maker::new(DType::F64);
    let mut worst = [0.0f64; 3];
    for (i, (class, f, d)) in reference.slabs().into_iter().enumerate() {
        let (eta, l) = material(&maker, class, f, d, cosines.len());
        let thick = usize::from(values(&eta.re)[0].sqrt() * values(&l)[0] > 1.0);
        let slab = slab_coefficients(eta.clone(), maker.scalars(cosines.clone()), l);
        let (te, tm) = half_space_coefficients(eta, maker.scalars(cosines.clone()));
        let ours = [slab.r_te, slab.r_tm, slab.t_te, slab.t_tm].map(|z| complexes(&z));
        let ours_half = [te, tm].map(|z| complexes(&z));
        for j in 0..cosines.len() {
            let error = |z: NpyComplex<f32>, ours: emberwave_physics::Complex<f64>| {
                (ours.re - f64::from(z.re)).hypot(ours.im - f64::from(z.im))
            };
            for c in 0..4 {
                worst[thick] = worst[thick].max(error(slabs[[i, c, j]], ours[c][j]));
            }
            for c in 0..2 {
                worst[2] = worst[2].max(error(halves[[i, c, j]], ours_half[c][j]));
            }
        }
    }
    println!(
        "against Sionna: thin slabs {:.1e}, thick slabs {:.1e}, half-spaces {:.1e}",
        worst[0], worst[1], worst[2]
    );
    // The peer computes in f32, with a square root that cancels: it has 0.1 % of error in the loss of a thick wall.
    assert!(worst[0] < 5e-6 && worst[1] < 5e-4 && worst[2] < 3e-6, "{worst:?}");
}

#[test]
fn antenna_fields_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let (thetas, phis) = (reference.singles("pat_theta"), reference.singles("pat_phi"));
    let maker = Maker::new(DType::F64);
    // Off the poles, where φ is a convention.
    let inner = &thetas[1..thetas.len() - 1];
    let grid = inner.iter().flat_map(|t| phis.iter().map(|p| SphericalDirection::from_angles(*t, *p)));
    let directions = grid.map(|angles| angles.unit_vector()).collect::<Vec<_>>();
    let mut worst = 0.0f64;
    for pattern in AntennaPattern::ALL {
        for (polarization, model) in
            Polarization::ALL.into_iter().flat_map(|p| PolarizationModel::ALL.map(|model| (p, model)))
        {
            for (port, angle) in polarization.slants().iter().enumerate() {
                let peer = reference
                    .array::<f32>(&format!("pat_{pattern}__{polarization}__tr38901_{model}__{port}"));
                let slant = Slant::new(*angle);
                let ours =
                    antenna_field(pattern, model, maker.vectors(&directions), slant).map(|c| values(&c));
                for (c, ours) in ours.iter().enumerate() {
                    let component = peer.index_axis(Axis(0), c);
                    let rows = component.outer_iter().skip(1).take(inner.len());
                    let peer = rows.flat_map(|row| row.iter().copied().collect::<Vec<_>>());
                    for ((ours, peer), direction) in ours.iter().zip(peer).zip(&directions) {
                        // On the axis of the slanted antenna the polarisation is a convention.
                        if (slant.cos * direction[2] - slant.sin * direction[1]).abs() <= 0.999 {
                            worst = worst.max((ours - f64::from(peer)).abs());
                        }
                    }
                }
            }
        }
    }
    println!("antennas against Sionna: {worst:.1e}");
    assert!(worst < 2e-5, "{worst}");
}

#[test]
fn rotation_matrices_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let angles = reference.array::<f64>("rot_angles");
    let matrices = reference.singles("rot_mats");
    let count = angles.len() / 3;
    let ours = rotation_matrices(Maker::new(DType::F64).tensor(angles.iter().copied().collect(), [count, 3]));
    let worst = values(&ours).iter().zip(&matrices).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < 2e-7, "{worst}");
}
