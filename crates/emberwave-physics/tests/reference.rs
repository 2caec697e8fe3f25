//! Agreement with the numbers of Sionna RT 2.2.0 in `shared/reference` (skipped where they are not there).

#[path = "support/peer.rs"]
mod peer;

use emberwave_physics::{
    AntennaPattern, Complex, ItuClass, ItuEdition, OutOfRange, Polarization, PolarizationModel, Slant,
    SphericalDirection, antenna_field, complex_permittivity, half_space_coefficients, itu_properties,
    rotation_matrix, slab_coefficients,
};
use ndarray::{Ix2, Ix3};
use num_complex::Complex as NpyComplex;
use peer::Reference;
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn itu_table_has_the_same_rows() {
    let Some(reference) = Reference::open() else { return };
    let coefficients = reference.table["itu_coeffs"].as_object().expect("a table");
    assert_eq!(coefficients.len(), ItuClass::ALL.len());
    for (name, rows) in coefficients {
        let class: ItuClass = name.parse().expect("a known class");
        let rows = rows.as_array().expect("rows");
        let ours = class.rows(ItuEdition::P2040v4).collect::<Vec<_>>();
        assert_eq!(rows.len(), ours.len(), "{name}");
        for (row, our) in rows.iter().zip(ours) {
            assert_eq!([number(&row[0][0]), number(&row[0][1])], our.range_ghz, "{name}");
            assert_eq!([0, 1, 2, 3].map(|i| number(&row[1][i])), [our.a, our.b, our.c, our.d], "{name}");
        }
    }
}

#[test]
fn itu_values_agree_at_every_frequency() {
    let Some(mut reference) = Reference::open() else { return };
    let frequencies = reference.vector::<f64>("itu_freq_GHz");
    let values = reference.array::<f64>("itu_eta_sigma").into_dimensionality::<Ix3>().expect("three axes");
    let names = reference.table["itu_names"].as_array().expect("names").clone();
    let (mut defined, mut refused) = (0, 0);
    for (i, name) in names.iter().enumerate() {
        let class: ItuClass = name.as_str().expect("a name").parse().expect("a known class");
        for (j, ghz) in frequencies.iter().enumerate() {
            let ours = itu_properties(class, ghz * 1e9, ItuEdition::P2040v4, OutOfRange::Error);
            let (permittivity, conductivity) = (values[[i, j, 0]], values[[i, j, 1]]);
            // The peer's f32 frequency falls outside of a range at some of its very ends.
            let at_an_end = class
                .rows(ItuEdition::P2040v4)
                .any(|row| row.range_ghz.iter().any(|end| (end / ghz - 1.0).abs() < 1e-6));
            match ours {
                Ok(_) if permittivity.is_nan() && at_an_end => {}
                Ok(ours) => {
                    let e = ours.relative_permittivity / permittivity;
                    let s = (ours.conductivity - conductivity).abs() / conductivity.max(1e-30);
                    assert!((e - 1.0).abs() < 3e-6 && s < 3e-6, "{class} {ghz} {e} {s}");
                    defined += 1;
                }
                Err(_) => {
                    assert!(permittivity.is_nan(), "{class} {ghz}");
                    refused += 1;
                }
            }
        }
    }
    println!("ITU: {defined} values agree, {refused} refused by both");
    assert!(defined > 500);
}

/// The configurations of the slab arrays: name, η and d/λ.
fn slabs(reference: &Reference) -> Vec<(String, Complex<f64>, f64)> {
    let configurations = reference.table["slab_cfg"].as_array().expect("configurations");
    let read = |cfg: &Value| {
        let name = cfg["material"].as_str().expect("a name").to_string();
        let (f, d) = (number(&cfg["f"]), number(&cfg["d"]));
        let class: ItuClass = name.parse().expect("a known class");
        let p = itu_properties(class, f, ItuEdition::P2040v4, OutOfRange::Error).expect("in range");
        let eta = complex_permittivity(p.relative_permittivity, p.conductivity, f);
        (format!("{name} {f} {d}"), eta, d * f / 299_792_458.0)
    };
    configurations.iter().map(read).collect()
}

fn wide(z: Complex<f32>) -> Complex<f64> {
    Complex::new(f64::from(z.re), f64::from(z.im))
}

#[test]
fn slab_coefficients_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let cosines = reference.vector::<f32>("slab_cos");
    let peer = reference
        .array::<NpyComplex<f32>>("slab_rte_rtm_tte_ttm")
        .into_dimensionality::<Ix3>()
        .expect("axes");
    let mut worst: [(f64, String); 2] = Default::default();
    let mut worst_single = 0.0f64;
    for (i, (name, eta, l)) in slabs(&reference).into_iter().enumerate() {
        let turns = eta.re.sqrt() * l;
        for (j, cos) in cosines.iter().enumerate() {
            let exact = slab_coefficients(eta, f64::from(*cos), l);
            let single = slab_coefficients(Complex::new(eta.re as f32, eta.im as f32), *cos, l as f32);
            let exact = [exact.r_te, exact.r_tm, exact.t_te, exact.t_tm];
            let single = [single.r_te, single.r_tm, single.t_te, single.t_tm].map(wide);
            for c in 0..4 {
                let z = peer[[i, c, j]];
                let z = Complex::new(f64::from(z.re), f64::from(z.im));
                let error = (exact[c] - z).abs();
                let kind = usize::from(turns > 1.0);
                if error > worst[kind].0 {
                    worst[kind] = (error, format!("{name} cos {cos} [{c}] {:?} {z:?}", exact[c]));
                }
                let error = (single[c] - exact[c]).abs();
                worst_single = worst_single.max(error / (1.0 + turns));
                assert!(
                    error < 2e-6 * (1.0 + turns),
                    "{name} {cos} [{c}]: f32 {:?} f64 {:?}",
                    single[c],
                    exact[c]
                );
            }
        }
    }
    println!("f64 against Sionna: {worst:#?}; f32 against f64 per (1 + turns): {worst_single:.1e}");
    // The peer computes in f32, with a square root that cancels: it has 0.1 % of error in the loss of a thick wall.
    assert!(worst[0].0 < 5e-6 && worst[1].0 < 5e-4, "{worst:#?}");
}

#[test]
fn half_space_coefficients_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let cosines = reference.vector::<f32>("slab_cos");
    let peer =
        reference.array::<NpyComplex<f32>>("halfspace_rte_rtm").into_dimensionality::<Ix3>().expect("axes");
    let (mut worst, mut worst_single) = (0.0f64, 0.0f64);
    for (i, (name, eta, _)) in slabs(&reference).into_iter().enumerate() {
        for (j, cos) in cosines.iter().enumerate() {
            let (te, tm) = half_space_coefficients(eta, f64::from(*cos));
            let (te32, tm32) = half_space_coefficients(Complex::new(eta.re as f32, eta.im as f32), *cos);
            for (c, (ours, single)) in [(te, te32), (tm, tm32)].into_iter().enumerate() {
                let z = peer[[i, c, j]];
                let error = (ours - Complex::new(f64::from(z.re), f64::from(z.im))).abs();
                assert!(error < 3e-6, "{name} {cos}: {ours:?} {z}");
                worst = worst.max(error);
                worst_single = worst_single.max((ours - wide(single)).abs());
            }
        }
    }
    println!("half-space: f64 against Sionna {worst:.1e}, f32 against f64 {worst_single:.1e}");
    assert!(worst_single < 2e-6);
}

#[test]
fn antenna_fields_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let thetas = reference.vector::<f32>("pat_theta");
    let phis = reference.vector::<f32>("pat_phi");
    let mut worst = 0.0f64;
    let mut grids = 0;
    for pattern in AntennaPattern::ALL {
        for polarization in Polarization::ALL {
            for model in PolarizationModel::ALL {
                for (port, slant) in polarization.slants().iter().enumerate() {
                    let name = format!("pat_{pattern}__{polarization}__tr38901_{model}__{port}");
                    let peer =
                        reference.array::<f32>(&name).into_dimensionality::<Ix3>().expect("three axes");
                    let slant = Slant::new(*slant);
                    let error = worst_difference(&peer, (&thetas, &phis), slant, |direction| {
                        antenna_field(pattern, model, direction, slant)
                    });
                    assert!(error < 2e-5, "{name}: {error}");
                    worst = worst.max(error);
                    grids += 1;
                }
            }
        }
    }
    println!("{grids} antenna grids agree to {worst:.1e}");
}

/// Largest difference on the grid off the poles and off the axis of the slanted antenna, where both are conventions.
fn worst_difference(
    peer: &ndarray::Array3<f32>,
    (thetas, phis): (&[f32], &[f32]),
    slant: Slant<f64>,
    ours: impl Fn([f64; 3]) -> [f64; 2],
) -> f64 {
    let mut worst = 0.0f64;
    for (i, theta) in thetas.iter().enumerate().skip(1).take(thetas.len() - 2) {
        for (j, phi) in phis.iter().enumerate() {
            let angles = SphericalDirection::from_angles(f64::from(*theta), f64::from(*phi));
            let axial = slant.cos * angles.cos_theta - slant.sin * angles.sin_phi * angles.sin_theta;
            if axial.abs() > 0.999 {
                continue;
            }
            let direction = angles.unit_vector();
            let field = ours(direction);
            for c in 0..2 {
                worst = worst.max((field[c] - f64::from(peer[[c, i, j]])).abs());
            }
        }
    }
    worst
}

#[test]
fn rotation_matrices_agree() {
    let Some(mut reference) = Reference::open() else { return };
    let angles = reference.array::<f64>("rot_angles").into_dimensionality::<Ix2>().expect("two axes");
    let matrices = reference.array::<f32>("rot_mats").into_dimensionality::<Ix3>().expect("three axes");
    for (n, row) in angles.rows().into_iter().enumerate() {
        let ours = rotation_matrix([row[0], row[1], row[2]]);
        for i in 0..3 {
            for j in 0..3 {
                assert!((ours[i][j] - f64::from(matrices[[n, i, j]])).abs() < 2e-7, "{row}");
            }
        }
    }
}
