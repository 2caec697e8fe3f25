//! Tabulated patterns in maps by rays, and what is wrong with tables.

use emberwave::physics::Complex;
use emberwave::prelude::*;

use crate::common::tables::{elliptic, sampled};
use crate::common::world::{Slab, World, config, path_gain};

fn plane() -> MeasurementPlane {
    MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [1.0, 1.0])
}

fn scene(transmitter: Transmitter) -> Scene {
    World::new()
        .room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::CONCRETE)
        .wall_at_x(2.0, 1.5, Slab::new(3.0, 0.02, 0.05))
        .scene()
        .with_transmitter(transmitter)
}

fn transmitter() -> Transmitter {
    Transmitter::new("tx", [-2.6, -0.7, 2.3]).with_orientation([0.4, 0.2, -0.3])
}

/// Largest relative difference of the cells of two patterns' maps by the same rays.
fn apart(tx: &Transmitter, a: impl Into<TransmitterPattern>, b: impl Into<TransmitterPattern>) -> f64 {
    let options = config(50_000, 2, plane());
    let map = |pattern: TransmitterPattern| path_gain(&scene(tx.clone().with_pattern(pattern)), &options);
    let (a, b) = (map(a.into()), map(b.into()));
    assert!(a.iter().all(|gain| *gain > 0.0));
    a.iter().zip(&b).map(|(a, b)| f64::from((b / a - 1.0).abs())).fold(0.0, f64::max)
}

#[test]
fn a_fine_table_gives_the_map_of_the_pattern_it_was_made_from() {
    for pattern in [AntennaPattern::Tr38901, AntennaPattern::HalfWaveDipole] {
        for polarization in Polarization::ALL {
            for model in PolarizationModel::ALL {
                let tx = transmitter().with_polarization(polarization).with_polarization_model(model);
                let apart = apart(&tx, pattern, sampled(pattern, [181, 360]));
                println!("{pattern} {polarization} {model}: {apart:.1e}");
                assert!(apart < 1e-3, "{pattern} {polarization} {model}: {apart}");
            }
        }
    }
}

#[test]
fn a_constant_table_is_isotropic() {
    let constant = PatternTable::from_gains_dbi([2, 1], [0.0; 2]);
    for model in PolarizationModel::ALL {
        let tx = transmitter().with_polarization(Polarization::Cross).with_polarization_model(model);
        assert!(apart(&tx, AntennaPattern::Isotropic, constant.clone()) < 2e-6);
    }
}

/// A field along φ̂ is what a horizontal slant makes of one along θ̂, and a common phase is lost.
#[test]
fn components_and_slants_are_two_ways_to_turn_a_field() {
    let shape = [91, 180];
    let pattern = AntennaPattern::Tr38901;
    let along_theta = sampled(pattern, shape);
    let phase = Complex::cis(1.1);
    let turned = along_theta.fields().iter().map(|field| [Complex::ZERO, phase.scale(f64::from(field[0]))]);
    let along_phi = PatternTable::new(shape, turned);
    let options = config(50_000, 2, plane());
    let horizontal = transmitter().with_pattern(along_theta).with_polarization(Polarization::H);
    let map = path_gain(&scene(horizontal), &options);
    let found = path_gain(&scene(transmitter().with_pattern(along_phi)), &options);
    for (a, b) in map.iter().zip(&found) {
        assert!((a - b).abs() < 1e-5 * a, "{a} and {b}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let scene = scene(transmitter().with_pattern(elliptic([37, 72])).with_polarization(Polarization::Cross));
    let bits = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| path_gain(&scene, &config(60_000, 2, plane()))).into_iter().map(f32::to_bits)
    };
    let one: Vec<u32> = bits(1).collect();
    assert!(bits(2).eq(one.iter().copied()) && bits(3).eq(one.iter().copied()));
}

#[test]
fn transmitters_may_have_tables_of_their_own_or_share_one() {
    let (shared, other) = (elliptic([19, 36]), sampled(AntennaPattern::Dipole, [19, 36]));
    let at = |name: &str, position| Transmitter::new(name, position);
    let scene = scene(transmitter().with_pattern(shared.clone()))
        .with_transmitter(at("b", [3.0, 1.0, 2.0]).with_pattern(other))
        .with_transmitter(at("c", [0.0, 1.0, 2.0]).with_pattern(shared))
        .with_transmitter(at("d", [0.0, 2.0, 2.0]).with_pattern(AntennaPattern::Tr38901));
    let tensors = scene.tensors().expect("valid");
    assert_eq!(tensors.pattern_tables.dims(), [2, 19, 36, 4]);
    let options = config(20_000, 1, plane());
    let all = path_gain(&scene, &options);
    let cells = all.len() / 4;
    for (index, tx) in scene.transmitters().iter().enumerate().skip(1) {
        // Alone it has another number, and so another lattice.
        let alone = path_gain(&self::scene(tx.clone()), &options.clone().with_samples_per_tx(200_000));
        let (sum, expected): (f32, f32) = (all[index * cells..][..cells].iter().sum(), alone.iter().sum());
        assert!((sum / expected - 1.0).abs() < 0.05, "{}: {sum} and {expected}", tx.name);
    }
}

#[test]
fn what_is_wrong_with_a_table_is_told_in_a_line() {
    let good = elliptic([5, 4]);
    let zeros = |count: usize| vec![[Complex::ZERO; 2]; count];
    let mut holed = zeros(20);
    holed[6][1].im = f64::NAN;
    let cases = [
        (
            PatternTable::new([1, 4], zeros(4)),
            "pattern must be a table of at least 2 zenith angles and 1 azimuth, but is of 1 and 4",
        ),
        (
            PatternTable::new([5, 0], zeros(0)),
            "pattern must be a table of at least 2 zenith angles and 1 azimuth, but is of 5 and 0",
        ),
        (
            PatternTable::new([5, 4], zeros(19)),
            "pattern must be a table with a field for each pair of angles, but is 19 for 5 zenith angles and 4 azimuths",
        ),
        (
            PatternTable::new([5, 4], holed),
            "pattern must be a table of finite fields of at most 1e6, but is [0.0, 0.0, 0.0, NaN] in row 1, column 2",
        ),
        (
            PatternTable::from_gains_dbi([5, 4], [500.0; 20]),
            "pattern must be a table of finite fields of at most 1e6, but is [1e25, 0.0, 0.0, 0.0] in row 0, column 0",
        ),
        (
            elliptic([5, 6]),
            "pattern must be a table of the same shape as those of other transmitters, but is 5 by 6 beside 5 by 4",
        ),
    ];
    for (table, expected) in cases {
        let scene = scene(transmitter().with_pattern(good.clone()))
            .with_transmitter(Transmitter::new("b", [0.0, 0.0, 2.0]).with_pattern(table));
        let message = scene.validate().expect_err("it is refused").to_string();
        assert_eq!(message, format!("transmitter `b`: {expected}"));
    }
    // No field at all is a field.
    let silent = PatternTable::from_gains_dbi([3, 2], [f64::NEG_INFINITY; 6]);
    for reconstruction in [Reconstruction::Cell, Reconstruction::Tubes] {
        let options = RadioMapSolverConfig::new().with_max_depth(1).with_measurement_surface(plane());
        let map = options
            .with_reconstruction(reconstruction)
            .init()
            .solve(&scene(transmitter().with_pattern(silent.clone())));
        let gains = map.expect("valid").path_gain().into_data();
        assert!(gains.iter::<f32>().all(|gain| gain == 0.0));
    }
}
