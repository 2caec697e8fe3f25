//! Laws of tabulated patterns: values between entries, poles, derivatives.

mod support;

use std::f64::consts::{PI, TAU};

use emberwave_physics::{
    AntennaPattern, Complex, Dual, Jet, PATTERN_COLUMNS, PatternGrid, PolarizationModel, Real, Slant,
    SphericalDirection, slanted,
};
use support::Random;

const GRID: PatternGrid = PatternGrid { rows: 7, columns: 9 };

fn random_table(grid: PatternGrid) -> Vec<[f32; PATTERN_COLUMNS]> {
    let mut random = Random::new(5);
    (0..grid.len()).map(|_| [0; PATTERN_COLUMNS].map(|_| random.number() as f32)).collect()
}

fn parts<R: Copy>([theta, phi]: [Complex<R>; 2]) -> [R; PATTERN_COLUMNS] {
    [theta.re, theta.im, phi.re, phi.im]
}

fn field_at(grid: PatternGrid, table: &[[f32; PATTERN_COLUMNS]], theta: f64, phi: f64) -> [f64; 4] {
    parts(grid.cell(&SphericalDirection::from_angles(theta, phi)).field(table))
}

#[test]
fn entries_are_met_where_they_lie() {
    let table = random_table(GRID);
    for (entry, expected) in table.iter().enumerate().skip(GRID.columns).take(GRID.len() - 2 * GRID.columns) {
        let [theta, phi] = GRID.angles(entry);
        let found = field_at(GRID, &table, theta, phi);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - f64::from(*expected)).abs() < 1e-12, "{entry}");
        }
    }
}

#[test]
fn between_entries_fields_are_bilinear_and_azimuths_wrap() {
    let table = random_table(GRID);
    let at = |row: usize, column: usize| table[row * GRID.columns + column % GRID.columns].map(f64::from);
    let (row_step, column_step) = (PI / 6.0, TAU / 9.0);
    for (row, column, a, b) in [(0, 0, 0.3, 0.6), (3, 4, 0.5, 0.5), (5, 8, 0.9, 0.25), (2, 8, 0.1, 0.99)] {
        let (theta, phi) = ((row as f64 + a) * row_step, (column as f64 + b) * column_step);
        let found = field_at(GRID, &table, theta, phi);
        for part in 0..PATTERN_COLUMNS {
            let [p, q, r, s] =
                [at(row, column), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1)]
                    .map(|entry| entry[part]);
            let expected = (1.0 - a) * ((1.0 - b) * p + b * q) + a * ((1.0 - b) * r + b * s);
            assert!((found[part] - expected).abs() < 1e-12, "row {row}, column {column}");
        }
    }
}

#[test]
fn fine_tables_of_named_patterns_are_these_patterns() {
    let grid = PatternGrid { rows: 181, columns: 360 };
    for pattern in AntennaPattern::ALL {
        let entry = |entry: usize| {
            let [theta, phi] = grid.angles(entry);
            [pattern.amplitude(&SphericalDirection::from_angles(theta, phi)) as f32, 0.0, 0.0, 0.0]
        };
        let table: Vec<_> = (0..grid.len()).map(entry).collect();
        let mut random = Random::new(9);
        let mut worst = 0.0_f64;
        for _ in 0..2000 {
            let direction = SphericalDirection::new(random.direction());
            for model in PolarizationModel::ALL {
                let slant = Slant::new(0.6);
                let found =
                    parts(slanted(grid.cell(&direction).field(&table), model.components(&direction, slant)));
                let expected = model.components(&direction, slant).map(|c| c * pattern.amplitude(&direction));
                worst = worst.max((found[0] - expected[0]).abs()).max((found[2] - expected[1]).abs());
                assert_eq!([found[1], found[3]], [0.0; 2]);
            }
        }
        println!("{pattern}: {worst:.1e}");
        assert!(worst < 2e-3, "{pattern}: {worst}");
    }
}

#[test]
fn a_slant_turns_both_components_and_keeps_the_gain() {
    let mut random = Random::new(3);
    for model in PolarizationModel::ALL {
        for _ in 0..100 {
            let direction = SphericalDirection::new(random.direction());
            let field = [random.complex(), random.complex()];
            let turned = slanted(field, model.components(&direction, Slant::new(3.0 * random.number())));
            let gain = |[theta, phi]: [Complex<f64>; 2]| theta.norm_sqr() + phi.norm_sqr();
            assert!((gain(turned) - gain(field)).abs() < 1e-12 * gain(field));
        }
    }
}

/// A loss of the field at a direction of any length, for numbers that carry derivatives.
fn loss<R: Real>(table: &[[f32; PATTERN_COLUMNS]], direction: [R; 3]) -> R {
    let field = parts(GRID.cell(&SphericalDirection::new(direction)).field(table));
    let weights = [0.7, -0.4, 0.9, 0.2].map(R::from_f64);
    field.iter().zip(weights).fold(R::ZERO, |sum, (&part, weight)| sum + part * weight)
}

#[test]
fn derivatives_by_the_direction_equal_dual_numbers_and_differences() {
    let table = random_table(GRID);
    let mut random = Random::new(21);
    for _ in 0..200 {
        let at = random.direction();
        if at[0].hypot(at[1]) < 0.05 {
            continue;
        }
        let jet = loss(&table, Jet::variables(at));
        for axis in 0..3 {
            let along = |by: f64| [0, 1, 2].map(|other| at[other] + if other == axis { by } else { 0.0 });
            let dual = loss(&table, [0, 1, 2].map(|i| Dual::new(at[i], f64::from(u8::from(i == axis)))));
            assert!((jet.gradient[axis] - dual.d).abs() < 1e-11);
            let difference = (loss(&table, along(1e-6)) - loss(&table, along(-1e-6))) / 2e-6;
            // A step may cross into the next cell.
            let cell = |at: [f64; 3]| GRID.cell(&SphericalDirection::new(at)).entries;
            if cell(along(1e-6)) == cell(along(-1e-6)) {
                assert!((dual.d - difference).abs() < 1e-7 * (1.0 + difference.abs()), "{at:?}");
            }
        }
    }
}

#[test]
fn the_adjoint_by_entries_is_the_derivative_of_the_field() {
    let mut random = Random::new(4);
    for _ in 0..100 {
        let cell = GRID.cell(&SphericalDirection::new(random.direction()));
        let by_field = [0; PATTERN_COLUMNS].map(|_| random.number());
        let of = |table: &[[f32; PATTERN_COLUMNS]]| -> f64 {
            parts(cell.field(table)).iter().zip(by_field).map(|(part, by)| part * by).sum()
        };
        // The field is linear in the table.
        for (corner, by_entry) in cell.entries.iter().zip(cell.by_entries(by_field)) {
            for (part, by) in by_entry.into_iter().enumerate() {
                let mut unit = vec![[0.0; PATTERN_COLUMNS]; GRID.len()];
                unit[*corner as usize][part] = 1.0;
                assert!((of(&unit) - by).abs() < 1e-14);
            }
        }
    }
}

#[test]
fn every_direction_has_a_cell_with_weights_of_one() {
    let mut random = Random::new(8);
    let mut directions: Vec<[f64; 3]> = (0..5000).map(|_| random.direction()).collect();
    directions.extend([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [-1.0, -0.0, 0.0]]);
    directions.extend([[1.0, -1e-30, 0.0], [1.0, -1e-9, 0.0], [1e-9, 0.0, 1.0], [1e-12, -1e-12, -1.0]]);
    for grid in [GRID, PatternGrid { rows: 2, columns: 1 }, PatternGrid { rows: 181, columns: 360 }] {
        for direction in &directions {
            let single = grid.cell(&SphericalDirection::new(direction.map(|x| x as f32)));
            let cell = grid.cell(&SphericalDirection::new(*direction));
            assert!(cell.entries.iter().chain(&single.entries).all(|&entry| (entry as usize) < grid.len()));
            assert!((cell.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((single.weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(cell.weights.iter().all(|weight| *weight >= -1e-12));
        }
    }
}

#[test]
fn poles_take_the_first_column_and_have_finite_derivatives() {
    let table = random_table(GRID);
    for (z, first) in [(1.0, 0), (-1.0, GRID.len() - GRID.columns)] {
        let cell = GRID.cell(&SphericalDirection::new([0.0, 0.0, z]));
        let field = parts(cell.field(&table));
        for (found, expected) in field.iter().zip(&table[first]) {
            assert!((found - f64::from(*expected)).abs() < 1e-15);
        }
        let jet = loss(&table, Jet::variables([0.0_f32, 0.0, z as f32]));
        assert!(jet.gradient.iter().all(|slope| slope.is_finite()), "{jet:?}");
    }
}
