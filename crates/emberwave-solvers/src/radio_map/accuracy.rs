//! How far a map may be from the truth, as the solver estimates it.

use burn::tensor::Tensor;

use super::RadioMap;

/// Decibels of a small relative difference.
const DB_PER_RELATIVE: f64 = 10.0 / std::f64::consts::LN_10;

/// Error \[dB\] that a cell counts at most.
const CAP_DB: f64 = 10.0;

/// What a solve tells about its own error.
#[derive(Clone, Debug, Default)]
pub(super) struct Accuracy {
    pub relative_error: Option<Tensor<3>>,
    pub reached_db: Option<f64>,
}

impl RadioMap {
    /// Estimated error of the path gain over the path gain, `[num_tx, num_cells_y, num_cells_x]`; 0 where no path
    /// arrives. There if the solver was asked for it
    /// ([`with_error_estimate`](crate::RadioMapSolverConfig::with_error_estimate)). Constant to a derivative.
    ///
    /// For [`Reconstruction::Cell`](crate::Reconstruction::Cell) it is the standard error: maps of other seeds scatter
    /// around their mean with this standard deviation. It is itself estimated from 32 maps, to about an eighth of its
    /// value where many rays cross a cell, and not larger than 1: where a single ray does, it says no more than that
    /// nothing is known. It cannot tell of paths that no ray found.
    ///
    /// For [`Reconstruction::Tubes`](crate::Reconstruction::Tubes) it is the absolute difference from the map of the
    /// next coarser tubes. So it estimates the error of that coarser map and lies on the safe side, but for what both
    /// maps leave out; it may exceed 1.
    #[must_use]
    pub fn relative_error(&self) -> Option<Tensor<3>> {
        self.accuracy.relative_error.clone()
    }

    /// The mean error \[dB\] of the cells that a path reaches, over all transmitters, as the solver estimates it: known if
    /// the solver was asked for error estimates, or for a target error by rays.
    ///
    /// A cell counts at most 10 dB. By rays, a relative standard error σ counts √(2/π) · 10 σ / ln 10, the mean of the
    /// absolute value of normal errors; by tubes, the difference from the next coarser map counts.
    #[must_use]
    pub fn reached_error_db(&self) -> Option<f64> {
        self.accuracy.reached_db
    }
}

/// Power and estimated absolute error of cells, one transmitter after the other.
pub(super) struct Errors {
    /// Error over power; 0 where there is no power.
    pub relative: Vec<f32>,
    /// Mean over the cells with power \[dB\].
    pub mean_db: f64,
}

impl Errors {
    /// Of powers with standard errors.
    pub fn of_samples(power: &[f64], standard_error: impl Iterator<Item = f64>) -> Self {
        let mean_of_normal = std::f64::consts::FRAC_2_PI.sqrt();
        let of_cell =
            |power: f64, error: f64| (error / power, DB_PER_RELATIVE * mean_of_normal * error / power);
        Self::new(power.iter().zip(standard_error).map(|(&power, error)| (power, of_cell(power, error))))
    }

    /// Of a map that is compared with a coarser one.
    pub fn of_refinement(power: &[f64], coarser: &[f64]) -> Self {
        let of_cell = |power: f64, coarser: f64| {
            let db = if coarser > 0.0 { DB_PER_RELATIVE * (power / coarser).ln().abs() } else { CAP_DB };
            ((power - coarser).abs() / power, db)
        };
        Self::new(power.iter().zip(coarser).map(|(&power, &coarser)| (power, of_cell(power, coarser))))
    }

    fn new(cells: impl Iterator<Item = (f64, (f64, f64))>) -> Self {
        let (mut sum, mut count) = (0.0, 0_u64);
        let mut of_cell = |(power, (relative, db)): (f64, (f64, f64))| {
            if power <= 0.0 {
                return 0.0;
            }
            sum += db.min(CAP_DB);
            count += 1;
            relative.min(f64::from(f32::MAX)) as f32
        };
        let relative = cells.map(&mut of_cell).collect();
        Self { relative, mean_db: sum / count.max(1) as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_cells_have_no_error_and_do_not_count() {
        let errors = Errors::of_samples(&[2.0, 0.0], [0.2, 0.0].into_iter());
        assert_eq!(errors.relative, [0.1, 0.0]);
        assert!((errors.mean_db - 0.346_518).abs() < 1e-5, "{}", errors.mean_db);
    }

    #[test]
    fn a_cell_counts_at_most_ten_decibels() {
        let errors = Errors::of_refinement(&[1.0, 1e-30, 1.0], &[0.0, 1e10, 10.0_f64.powf(-0.1)]);
        assert!((errors.mean_db - 21.0 / 3.0).abs() < 1e-12, "{}", errors.mean_db);
        assert_eq!(errors.relative[..2], [1.0, f32::MAX]);
    }
}
