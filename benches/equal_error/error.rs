//! The error of a map against a reference.

use crate::common::sionna::SIZE;
use crate::reference::Reference;

/// Largest relative standard error of a cell that counts as known.
const KNOWN: f64 = 0.05;

/// Difference \[dB\] that a cell counts at most, and that a missing or a wrongly lit cell counts.
const CAP: f64 = 10.0;

/// Cells around the known ones whose darkness counts.
const RIM: usize = 3;

/// Share of the known cells' 10th percentile above which a dark cell counts as lit.
const DARK: f64 = 0.01;

/// What a map is held against: known cells and the dark ones around them.
///
/// The error of a map is the mean over the known cells W and the dark cells V of the difference in dB, capped at 10: a
/// known cell that is missing counts 10, and a dark cell counts 10 if it holds more than a hundredth of the known cells'
/// 10th percentile and otherwise 0. W are the cells whose reference has a relative standard error of at most 5 %, V the
/// cells that no ray of the reference hit, at most three rows and columns away from one of W.
pub struct Yardstick {
    reference: Reference,
    known: Vec<usize>,
    dark: Vec<usize>,
    threshold: f64,
}

/// How far a map is from another.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    /// The error E \[dB\].
    pub error: f64,
    /// Total power over the other's \[dB\].
    pub total: f64,
}

impl Yardstick {
    pub fn new(reference: Reference) -> Self {
        let mean = &reference.mean;
        let is_known =
            |cell: &usize| mean[*cell] > 0.0 && reference.standard_error[*cell] <= KNOWN * mean[*cell];
        let known: Vec<usize> = (0..mean.len()).filter(is_known).collect();
        assert!(!known.is_empty(), "no cell of the reference is known: it needs more rays");
        let rim = rim(&known, mean.len());
        let dark = (0..mean.len()).filter(|cell| rim[*cell] && mean[*cell] == 0.0).collect();
        let mut sorted: Vec<f64> = known.iter().map(|cell| mean[*cell]).collect();
        sorted.sort_by(f64::total_cmp);
        let threshold = DARK * sorted[sorted.len() / 10];
        Self { reference, known, dark, threshold }
    }

    /// Numbers of known cells and of dark cells around them.
    pub fn cells(&self) -> [usize; 2] {
        [self.known.len(), self.dark.len()]
    }

    /// The error \[dB\] that a perfect map has, because the reference is not: of normal errors of the known size.
    pub fn floor(&self) -> f64 {
        let Reference { mean, standard_error } = &self.reference;
        let relative: f64 = self.known.iter().map(|cell| standard_error[*cell] / mean[*cell]).sum();
        let db_per_relative = 10.0 / std::f64::consts::LN_10;
        let mean_of_normal = std::f64::consts::FRAC_2_PI.sqrt();
        relative * db_per_relative * mean_of_normal / (self.known.len() + self.dark.len()) as f64
    }

    /// A map's error against the reference.
    pub fn score(&self, map: &[f64]) -> Score {
        self.difference(map, &self.reference.mean)
    }

    /// A map's error against another map instead of the reference, over the same cells.
    pub fn difference(&self, map: &[f64], other: &[f64]) -> Score {
        assert_eq!(map.len(), self.reference.mean.len(), "the maps have the same cells");
        let known: f64 = self.known.iter().map(|cell| capped_db(map[*cell], other[*cell])).sum();
        let lit = |cell: &&usize| (map[**cell] > self.threshold) != (other[**cell] > self.threshold);
        let dark = CAP * self.dark.iter().filter(lit).count() as f64;
        let sum = |map: &[f64]| map.iter().sum::<f64>();
        Score {
            error: (known + dark) / (self.known.len() + self.dark.len()) as f64,
            total: 10.0 * (sum(map) / sum(other)).log10(),
        }
    }
}

/// Absolute difference \[dB\], at most the cap; two missing values agree.
fn capped_db(value: f64, other: f64) -> f64 {
    match (value > 0.0, other > 0.0) {
        (true, true) => (10.0 * (value / other).log10()).abs().min(CAP),
        (false, false) => 0.0,
        _ => CAP,
    }
}

/// Whether cells lie within the rim of a known one, themselves included.
fn rim(known: &[usize], num_cells: usize) -> Vec<bool> {
    let num_x = SIZE[0] as usize;
    let num_y = num_cells / num_x;
    let mut near = vec![false; num_cells];
    for cell in known {
        let [x, y] = [cell % num_x, cell / num_x];
        for y in y.saturating_sub(RIM)..(y + RIM + 1).min(num_y) {
            near[y * num_x..][x.saturating_sub(RIM)..(x + RIM + 1).min(num_x)].fill(true);
        }
    }
    near
}
