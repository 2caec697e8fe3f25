//! Tabulated patterns against the leaf and dual numbers.

use burn::tensor::Tensor;
use emberwave_em::{DirectionTensor, PatternTensor, RadiatorTensor, rotation_matrix, table_field};
use emberwave_physics::{
    Complex, Dual, PATTERN_COLUMNS, PatternGrid, PolarizationModel, Slant, SphericalDirection, Vec3, slanted,
};

use crate::support::{Maker, PRECISIONS, Random, assert_close, gradient, values};

const GRID: PatternGrid = PatternGrid { rows: 5, columns: 7 };

fn entries() -> Vec<[f32; PATTERN_COLUMNS]> {
    let mut random = Random::new(17);
    (0..GRID.len()).map(|_| [0; PATTERN_COLUMNS].map(|_| random.number() as f32)).collect()
}

fn table(maker: &Maker) -> Tensor<3> {
    let values = entries().into_iter().flatten().map(f64::from).collect();
    maker.tensor(values, [GRID.rows, GRID.columns, PATTERN_COLUMNS])
}

fn directions(maker: &Maker) -> Vec<Vec3<f64>> {
    let mut random = Random::new(18);
    let mut directions = (0..300).map(|_| maker.round3(random.direction())).collect::<Vec<_>>();
    let axes = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]];
    directions.extend(axes);
    directions
}

fn parts<T>([theta, phi]: [Complex<T>; 2]) -> [T; PATTERN_COLUMNS] {
    [theta.re, theta.im, phi.re, phi.im]
}

#[test]
fn fields_from_tables_equal_the_leaf() {
    for (dtype, tolerance) in PRECISIONS {
        let maker = Maker::new(dtype);
        let directions = directions(&maker);
        let found = table_field(&table(&maker), &DirectionTensor::new(maker.vectors(&directions)));
        let found = found.map(|part| [values(&part.re), values(&part.im)]).concat();
        for (index, direction) in directions.iter().enumerate() {
            let leaf = parts(GRID.cell(&SphericalDirection::new(*direction)).field(&entries()));
            for (part, expected) in leaf.into_iter().enumerate() {
                assert_close(found[part][index], expected, tolerance, &format!("{direction:?}"));
            }
        }
    }
}

/// The power that two slanted ports radiate along a direction, with numbers that carry a derivative.
fn power(model: PolarizationModel, direction: Vec3<Dual>) -> Dual {
    let angles = SphericalDirection::new(direction);
    let element = GRID.cell(&angles).field(&entries());
    let constant = |x: f64| Dual::new(x, 0.0);
    let mut sum = [Complex::new(constant(0.0), constant(0.0)); 2];
    for (slant, weight) in [(-0.7, [0.4, 0.3]), (0.9, [-0.2, 0.8])] {
        let turned = slanted(element, model.components(&angles, Slant::new(constant(slant))));
        let weight = Complex::new(constant(weight[0]), constant(weight[1]));
        sum = [sum[0] + turned[0] * weight, sum[1] + turned[1] * weight];
    }
    sum[0].norm_sqr() + sum[1].norm_sqr()
}

#[test]
fn derivatives_by_directions_equal_dual_numbers() {
    let maker = Maker::autodiff();
    let directions = directions(&maker);
    for model in PolarizationModel::ALL {
        let k = maker.vectors(&directions).require_grad();
        let radiator = radiator(&maker, model, table(&maker));
        let [theta, phi] = radiator.local_field(k.clone());
        let powers = theta.norm_sqr() + phi.norm_sqr();
        let found = gradient(&k, &powers.clone().sum().backward());
        let powers = values(&powers);
        for (index, direction) in directions.iter().enumerate().take(300) {
            // Near the axis of a slanted antenna of model 1 the polarisation turns fast.
            if direction[0].hypot(direction[1]) < 0.1 || direction[0].abs() < 0.1 {
                continue;
            }
            for axis in 0..3 {
                let along = |i: usize| Dual::new(direction[i], f64::from(u8::from(i == axis)));
                let expected = power(model, [0, 1, 2].map(along));
                assert_close(powers[index], expected.v, 1e-11, "power");
                let slope = found[3 * index + axis];
                assert_close(slope, expected.d, 1e-9 * (1.0 + expected.d.abs()), &format!("{direction:?}"));
            }
        }
    }
}

fn radiator(maker: &Maker, model: PolarizationModel, table: Tensor<3>) -> RadiatorTensor {
    RadiatorTensor {
        pattern: PatternTensor::Table(Box::new(table)),
        model,
        slants: vec![-0.7, 0.9],
        rotation: rotation_matrix(maker.scalars([0.0; 3])),
        weights: maker.tensor(vec![0.4, 0.3, -0.2, 0.8], [2, 2]),
        offsets: maker.vectors(&[[0.0; 3]; 2]),
        wavenumber: maker.scalars([73.0]),
    }
}

#[test]
fn derivatives_by_entries_equal_differences() {
    let maker = Maker::autodiff();
    let directions = directions(&maker);
    let total = |table: Tensor<3>| {
        let radiator = radiator(&maker, PolarizationModel::One, table);
        radiator.field(maker.vectors(&directions)).norm_sqr().sum()
    };
    let leaf = table(&maker).require_grad();
    let found = gradient(&leaf, &total(leaf.clone()).backward());
    let at = values(&leaf);
    for entry in (0..at.len()).step_by(3) {
        let shifted = |by: f64| {
            let mut at = at.clone();
            at[entry] += by;
            values(&total(maker.tensor(at, leaf.dims())))[0]
        };
        // The power is quadratic in an entry, so differences are exact.
        let expected = (shifted(0.5) - shifted(-0.5)) / 1.0;
        assert_close(found[entry], expected, 1e-9 * (1.0 + expected.abs()), &format!("entry {entry}"));
    }
}

#[test]
fn poles_are_finite_and_take_the_first_column() {
    for maker in [Maker::autodiff(), Maker::autodiff_single()] {
        let k = maker.vectors(&[[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [1e-12, 0.0, 1.0]]).require_grad();
        let found = table_field(&table(&maker), &DirectionTensor::new(k.clone()));
        let first = f64::from(entries()[0][0]);
        assert_close(values(&found[0].re)[0], first, 1e-6, "above");
        let power = found.map(|part| part.norm_sqr().sum()).into_iter().reduce(|a, b| a + b);
        let slopes = gradient(&k, &power.expect("two components").backward());
        assert!(slopes.iter().all(|slope| slope.is_finite()), "{slopes:?}");
    }
}
