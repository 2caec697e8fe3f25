//! Means and standard errors over independently seeded runs, and what may be concluded from them.
//!
//! The seed starts the launch lattice and draws all events, so maps of different seeds are independent and identically
//! distributed; deviations over the standard error of R runs follow Student's t with R − 1 degrees of freedom.

use std::ops::Range;

use emberwave::prelude::*;

use super::world::solve_runs;

/// Probability of the rarest deviation a test lets pass, over all it looks at (Bonferroni).
const SIGNIFICANCE: f64 = 1e-4;

/// Relative error of f32 arithmetic along a path, which all runs share.
const ROUNDING: f64 = 2e-6;

/// Cells with a larger relative standard error than this are not compared one by one: too few rays for t statistics.
const MAX_RELATIVE_ERROR: f64 = 0.05;

/// Maps of independent runs.
#[derive(Clone, Debug)]
pub struct Runs {
    maps: Vec<Vec<f32>>,
}

/// A mean and its standard error.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub mean: f64,
    pub error: f64,
}

impl Estimate {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let count = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let squares = values.map(|value| (value - mean).powi(2)).sum::<f64>();
        Self { mean, error: (squares / (count * (count - 1.0))).sqrt() }
    }

    pub fn relative_error(&self) -> f64 {
        self.error / self.mean
    }

    /// Standard error with the rounding that runs do not show.
    fn error_with_rounding(&self) -> f64 {
        self.error.hypot(ROUNDING * self.mean)
    }
}

impl Runs {
    pub fn new(scene: &Scene, config: &RadioMapSolverConfig, seeds: Range<u64>) -> Self {
        Self { maps: solve_runs(scene, config, seeds) }
    }

    pub fn num_cells(&self) -> usize {
        self.maps[0].len()
    }

    pub fn degrees_of_freedom(&self) -> u32 {
        self.maps.len() as u32 - 1
    }

    pub fn cell(&self, cell: usize) -> Estimate {
        Estimate::of(self.maps.iter().map(|map| f64::from(map[cell])))
    }

    pub fn total(&self) -> Estimate {
        Estimate::of(self.maps.iter().map(|map| map.iter().map(|g| f64::from(*g)).sum()))
    }

    /// The runs with every value multiplied.
    pub fn scaled(&self, factor: f64) -> Self {
        let scale = |map: &Vec<f32>| map.iter().map(|g| (f64::from(*g) * factor) as f32).collect();
        Self { maps: self.maps.iter().map(scale).collect() }
    }

    /// Σ w_i g_i of each run, as maps of a single cell.
    pub fn weighted(&self, weights: &[f64]) -> Self {
        let sum = |map: &Vec<f32>| map.iter().zip(weights).map(|(g, w)| f64::from(*g) * w).sum::<f64>();
        Self { maps: self.maps.iter().map(|map| vec![sum(map) as f32]).collect() }
    }

    /// Two sets of runs, added run by run.
    pub fn plus(&self, other: &Self) -> Self {
        let add = |(a, b): (&Vec<f32>, &Vec<f32>)| a.iter().zip(b).map(|(a, b)| a + b).collect();
        Self { maps: self.maps.iter().zip(&other.maps).map(add).collect() }
    }

    /// Requires that the map is the given one in the mean: its total, and each of its cells.
    ///
    /// Where nothing is expected nothing may be.
    pub fn assert_is(&self, expected: &[f64]) {
        assert_eq!(self.num_cells(), expected.len());
        let mut deviations = Deviations::new(f64::from(self.degrees_of_freedom()));
        deviations.add("total", self.total(), expected.iter().sum());
        for (cell, &expected) in expected.iter().enumerate() {
            let estimate = self.cell(cell);
            if expected == 0.0 {
                assert!(
                    estimate.mean == 0.0,
                    "cell {cell} holds {} where nothing is expected",
                    estimate.mean
                );
            } else if estimate.error <= MAX_RELATIVE_ERROR * expected {
                deviations.add(&format!("cell {cell}"), estimate, expected);
            }
        }
        deviations.assert_plausible(expected.iter().filter(|e| **e > 0.0).count());
    }

    /// Requires that two sets of runs have the same mean: their totals, and each of their cells.
    pub fn assert_same_mean(&self, other: &Self) {
        assert_eq!(self.num_cells(), other.num_cells());
        let freedom = f64::from(self.degrees_of_freedom() + other.degrees_of_freedom());
        let mut deviations = Deviations::new(freedom);
        let difference = |a: Estimate, b: Estimate| Estimate { mean: a.mean, error: a.error.hypot(b.error) };
        let (a, b) = (self.total(), other.total());
        deviations.add("total", difference(a, b), b.mean);
        let mut lit = 0;
        for cell in 0..self.num_cells() {
            let (a, b) = (self.cell(cell), other.cell(cell));
            let both = difference(a, b);
            lit += usize::from(a.mean > 0.0 || b.mean > 0.0);
            if a.mean > 0.0 && both.error <= MAX_RELATIVE_ERROR * a.mean {
                deviations.add(&format!("cell {cell}"), both, b.mean);
            }
        }
        deviations.assert_plausible(lit);
    }
}

/// Student's t of many quantities.
struct Deviations {
    freedom: f64,
    found: Vec<(String, f64, Estimate, f64)>,
}

impl Deviations {
    fn new(freedom: f64) -> Self {
        Self { freedom, found: Vec::new() }
    }

    fn add(&mut self, name: &str, estimate: Estimate, expected: f64) {
        let t = (estimate.mean - expected) / estimate.error_with_rounding();
        self.found.push((name.to_owned(), t, estimate, expected));
    }

    /// Requires that nothing deviates more than chance allows and that half of `lit` cells had errors small enough.
    fn assert_plausible(&self, lit: usize) {
        assert!(2 * self.found.len() >= lit, "only {} of {lit} cells could be compared", self.found.len());
        let (name, t, estimate, expected) =
            self.found.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).expect("something is compared");
        let probability = two_sided_probability(*t, self.freedom as u32) * self.found.len() as f64;
        println!(
            "worst: {name}, t = {t:.2}, p = {probability:.2e}, rel. error {:.1e}; total t = {:.2}, rel. error {:.1e}",
            estimate.relative_error(),
            self.found[0].1,
            self.found[0].2.relative_error(),
        );
        assert!(
            probability > SIGNIFICANCE,
            "{name} is {:e} +- {:e} where {expected:e} is expected ({:+.4} dB): t = {t:.2} with {} degrees of freedom, one of {}",
            estimate.mean,
            estimate.error,
            10.0 * (estimate.mean / expected).log10(),
            self.freedom,
            self.found.len(),
        );
        let (_, t, ..) = self.found[0];
        assert!(two_sided_probability(t, self.freedom as u32) > SIGNIFICANCE, "total: t = {t:.2}");
    }
}

/// Probability that |t| of Student's distribution is larger (Abramowitz and Stegun 26.7.3 and 26.7.4).
pub fn two_sided_probability(t: f64, freedom: u32) -> f64 {
    let theta = (t.abs() / f64::from(freedom).sqrt()).atan();
    let (sin, cos) = theta.sin_cos();
    let odd = freedom % 2 == 1;
    let (mut term, mut sum) = if odd { (cos, if freedom > 1 { cos } else { 0.0 }) } else { (1.0, 1.0) };
    let mut k = if odd { 3 } else { 2 };
    while k + 2 <= freedom {
        let ratio = f64::from(k - 1) / f64::from(k);
        term *= ratio * cos * cos;
        sum += term;
        k += 2;
    }
    let within = if odd { (theta + sin * sum) * std::f64::consts::FRAC_2_PI } else { sin * sum };
    (1.0 - within).max(0.0)
}
