//! Laws of antennas: gains, polarisation, orientation.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use emberwave_physics::vector::{dot, normalize, transform};
use emberwave_physics::{
    AntennaPattern, Dual, Field, Polarization, PolarizationModel, Radiator, Slant, SphericalDirection,
    antenna_field, look_at, rotation_matrix,
};

/// Mean over the sphere by the midpoint rule.
fn sphere_mean(f: impl Fn([f64; 3]) -> f64) -> f64 {
    const ROWS: usize = 1200;
    let mut sum = 0.0;
    for i in 0..ROWS {
        let z = 1.0 - (2 * i + 1) as f64 / ROWS as f64;
        let ring = (0..ROWS).map(|j| {
            let direction =
                SphericalDirection::from_angles(z.acos(), -PI + (2 * j + 1) as f64 * PI / ROWS as f64);
            f(direction.unit_vector())
        });
        sum += ring.sum::<f64>();
    }
    sum / (ROWS * ROWS) as f64
}

#[test]
fn mean_gains_are_the_stated_ones() {
    for (pattern, mean) in AntennaPattern::ALL.into_iter().zip([1.0, 1.0, 1.001_27, 0.6568]) {
        let gain = sphere_mean(|k| {
            let field = antenna_field(pattern, PolarizationModel::One, k, Slant::new(0.3));
            field[0] * field[0] + field[1] * field[1]
        });
        println!("{pattern}: mean gain {gain:.7}");
        assert!((gain - mean).abs() < 2e-5 && (gain - pattern.mean_gain()).abs() < 2e-5, "{pattern}: {gain}");
    }
}

#[test]
fn tr38901_has_8_dbi_at_boresight_and_30_db_less_behind() {
    let gain = |k: [f64; 3]| AntennaPattern::Tr38901.amplitude(&SphericalDirection::new(k)).powi(2);
    assert!((10.0 * gain([1.0, 0.0, 0.0]).log10() - 8.0).abs() < 1e-12);
    assert!((10.0 * gain([-1.0, 0.0, 0.0]).log10() + 22.0).abs() < 1e-12);
    let half = (32.5f64).to_radians();
    assert!((10.0 * gain([half.cos(), half.sin(), 0.0]).log10() - 5.0).abs() < 1e-12);
}

#[test]
fn polarisation_models_agree_in_the_horizontal_boresight() {
    for slant in [0.0, 0.7, FRAC_PI_2].map(Slant::new) {
        let at = |model| antenna_field(AntennaPattern::Isotropic, model, [1.0, 0.0, 0.0], slant);
        let (one, two) = (at(PolarizationModel::One), at(PolarizationModel::Two));
        assert!((one[0] - two[0]).abs() < 1e-15 && (one[1] - two[1]).abs() < 1e-15);
    }
}

/// Model 1 is a vertical antenna that is rolled: its polarisation is θ̂ of the rolled frame.
#[test]
fn model_one_is_a_rolled_antenna() {
    let roll = 0.6f64;
    let rolled =
        Radiator::new(AntennaPattern::Isotropic, Polarization::V, PolarizationModel::Two, [0.0, 0.0, roll]);
    for (theta, phi) in [(1.0, 0.4), (2.2, -2.0), (0.3, 1.5)] {
        let direction = SphericalDirection::from_angles(theta, phi);
        let k = direction.unit_vector();
        let field = rolled.field(k);
        let expected = [dot(field, direction.theta_hat()), dot(field, direction.phi_hat())];
        // A positive slant in TR 38.901 is a rotation by −roll about the boresight, or by +roll: one must match.
        let errors = [roll, -roll].map(|slant| {
            let c = antenna_field(AntennaPattern::Isotropic, PolarizationModel::One, k, Slant::new(slant));
            (c[0] - expected[0]).abs() + (c[1] - expected[1]).abs()
        });
        assert!(errors[0] < 1e-12, "{errors:?}");
    }
}

#[test]
fn slanted_antennas_that_face_each_other_are_crossed() {
    let east = [0.0; 3];
    let west = [PI, 0.0, 0.0];
    for model in PolarizationModel::ALL {
        let at =
            |orientation| Radiator::new(AntennaPattern::Isotropic, Polarization::Cross, model, orientation);
        let (transmitter, receiver) = (at(east), at(west));
        let k = [1.0, 0.0, 0.0];
        let received = |port: usize, other: usize| {
            receiver.received(k, &Field::from_real(transmitter.port_field(k, port)), other).abs()
        };
        assert!(received(0, 0) < 1e-15 && received(1, 1) < 1e-15);
        assert!((received(0, 1) - 1.0).abs() < 1e-15 && (received(1, 0) - 1.0).abs() < 1e-15);
    }
}

#[test]
fn radiated_field_is_transverse_and_has_the_gain_of_the_pattern() {
    let orientation = look_at([0.0f64, 0.0, 20.0], [30.0, 40.0, 1.5]);
    for pattern in AntennaPattern::ALL {
        for polarization in Polarization::ALL {
            for model in PolarizationModel::ALL {
                let antenna = Radiator::new(pattern, polarization, model, orientation);
                for k in
                    [[0.3f64, 0.5, -0.2], [-1.0, 0.1, 0.4], [0.0, 0.0, 1.0], [0.0, 0.0, -1.0]].map(normalize)
                {
                    let boresight = transform(&rotation_matrix(orientation), [1.0, 0.0, 0.0]);
                    for port in 0..antenna.ports() {
                        let field = antenna.port_field(k, port);
                        assert!(dot(field, k).abs() < 1e-12 && field.iter().all(|x| x.is_finite()));
                        assert!(dot(field, field) <= 6.31);
                    }
                    let sum = antenna.field(k);
                    assert!(dot(sum, k).abs() < 1e-12);
                    let at_boresight = antenna.field(boresight);
                    let gain = pattern.amplitude(&SphericalDirection::new([1.0f64, 0.0, 0.0])).powi(2);
                    assert!((dot(at_boresight, at_boresight) - gain).abs() < 1e-12);
                }
            }
        }
    }
}

#[test]
fn default_precoding_is_the_mean_of_the_ports_times_root_ports() {
    let k = normalize([0.5, 0.3, 0.4]);
    for model in PolarizationModel::ALL {
        let antenna = Radiator::new(AntennaPattern::Tr38901, Polarization::VH, model, [0.2, 0.1, 0.0]);
        let (a, b, sum) = (antenna.port_field(k, 0), antenna.port_field(k, 1), antenna.field(k));
        assert!((0..3).all(|i| ((a[i] + b[i]) / 2f64.sqrt() - sum[i]).abs() < 1e-14));
    }
}

#[test]
fn nothing_is_nan_at_the_poles_not_even_a_derivative() {
    for pattern in AntennaPattern::ALL {
        for model in PolarizationModel::ALL {
            for slant in [0.0, FRAC_PI_4, FRAC_PI_2] {
                for k in
                    [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]]
                {
                    for seed in 0..3 {
                        let mut dual = k.map(|x| Dual::new(x, 0.0));
                        dual[seed].d = 1.0;
                        let field = antenna_field(pattern, model, dual, Slant::new(Dual::new(slant, 0.0)));
                        assert!(field.iter().all(|c| c.v.is_finite() && c.d.is_finite()), "{pattern} {k:?}");
                    }
                    let field = antenna_field(pattern, model, k.map(|x| x as f32), Slant::new(slant as f32));
                    assert!(field.iter().all(|c| c.is_finite()));
                }
            }
        }
    }
}

#[test]
fn single_precision_agrees_with_double() {
    let mut worst = 0.0f64;
    for pattern in AntennaPattern::ALL {
        for i in 0..500 {
            let direction = SphericalDirection::from_angles(0.006 * f64::from(i), 0.7 * f64::from(i));
            let k = direction.unit_vector();
            let exact = pattern.amplitude(&SphericalDirection::new(k));
            let single = pattern.amplitude(&SphericalDirection::new(k.map(|x| x as f32)));
            worst = worst.max((f64::from(single) - exact).abs());
        }
    }
    println!("patterns f32 against f64: {worst:.1e}");
    assert!(worst < 2e-6);
}

#[test]
fn names_are_read_back_and_unknown_ones_list_the_known() {
    for pattern in AntennaPattern::ALL {
        assert_eq!(pattern.to_string().parse(), Ok(pattern));
    }
    for polarization in Polarization::ALL {
        assert_eq!(polarization.to_string().parse(), Ok(polarization));
    }
    for model in PolarizationModel::ALL {
        assert_eq!(model.to_string().parse(), Ok(model));
    }
    let error = "yagi".parse::<AntennaPattern>().map_err(|e| e.to_string()).err().unwrap_or_default();
    assert!(error.contains("yagi") && error.contains("iso, dipole, hw_dipole, tr38901"), "{error}");
    assert!("v".parse::<Polarization>().is_err() && "3".parse::<PolarizationModel>().is_err());
}
