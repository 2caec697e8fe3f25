//! The range of values that the colours span.

use super::ticks::nice_step;
use super::{ColourMap, FigureError};

/// A linear scale from values to colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ColourScale {
    pub(crate) vmin: f32,
    pub(crate) vmax: f32,
    pub(crate) colours: ColourMap,
}

/// Portion of the covered values below the automatic lower end.
const LOW_QUANTILE: f64 = 0.01;
/// Portion of the covered values below the automatic upper end.
const HIGH_QUANTILE: f64 = 0.999;
/// Grid of the automatic ends \[dB\].
const GRID: f64 = 5.0;

impl ColourScale {
    /// A scale with the given ends; a missing end is taken from the values, which it reorders.
    pub(crate) fn fit(
        values: &mut [f32],
        [vmin, vmax]: [Option<f32>; 2],
        colours: ColourMap,
    ) -> Result<Self, FigureError> {
        let (low, high) = automatic_range(values);
        let range = match (vmin, vmax) {
            (Some(vmin), Some(vmax)) => [vmin, vmax],
            (Some(vmin), None) => [vmin, if high > vmin { high } else { vmin + GRID as f32 }],
            (None, Some(vmax)) => [if low < vmax { low } else { vmax - GRID as f32 }, vmax],
            (None, None) => [low, high],
        };
        match range {
            [vmin, vmax] if vmin.is_finite() && vmax.is_finite() && vmin < vmax => {
                Ok(Self { vmin, vmax, colours })
            }
            [vmin, vmax] => Err(FigureError::Range { vmin, vmax }),
        }
    }

    /// The colour of a value.
    pub(crate) fn colour(&self, value: f32) -> [u8; 3] {
        self.colours.colour((value - self.vmin) / (self.vmax - self.vmin))
    }
}

/// Two quantiles of the values, rounded outwards to multiples of 5 (of a finer nice step below a span of 10).
fn automatic_range(values: &mut [f32]) -> (f32, f32) {
    if values.is_empty() {
        return (0.0, 2.0 * GRID as f32);
    }
    let (low, high) = (quantile(values, LOW_QUANTILE), quantile(values, HIGH_QUANTILE));
    let span = high - low;
    let step =
        if span >= 2.0 * GRID || span <= 1e-6 * high.abs() { GRID } else { nice_step(span / 5.0).min(GRID) };
    let (mut first, mut last) = ((low / step + 1e-6).floor(), (high / step - 1e-6).ceil());
    if first >= last {
        (first, last) = (first.min(last) - 1.0, first.max(last) + 1.0);
    }
    ((first * step) as f32, (last * step) as f32)
}

fn quantile(values: &mut [f32], portion: f64) -> f64 {
    let rank = (portion * (values.len() - 1) as f64).round() as usize;
    f64::from(*values.select_nth_unstable_by(rank, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(values: &[f32], ends: [Option<f32>; 2]) -> Result<[f32; 2], FigureError> {
        let scale = ColourScale::fit(&mut values.to_vec(), ends, ColourMap::Viridis)?;
        Ok([scale.vmin, scale.vmax])
    }

    #[test]
    fn ends_are_percentiles_rounded_outwards_to_five() {
        let mut values: Vec<f32> = (0..2000).map(|i| -130.0 + 0.04 * i as f32).collect();
        assert_eq!(fit(&values, [None; 2]), Ok([-130.0, -50.0]));
        values[0] = -400.0;
        values[1999] = 30.0;
        assert_eq!(fit(&values, [None; 2]), Ok([-130.0, -50.0]), "outliers do not matter");
    }

    #[test]
    fn a_constant_map_gets_a_range() {
        assert_eq!(fit(&[-80.0; 9], [None; 2]), Ok([-85.0, -75.0]));
        assert_eq!(fit(&[-81.0; 9], [None; 2]), Ok([-85.0, -80.0]));
        assert_eq!(fit(&[], [None; 2]), Ok([0.0, 10.0]));
    }

    #[test]
    fn small_spans_get_finer_ends() {
        assert_eq!(fit(&[0.13, 0.42, 0.87], [None; 2]), Ok([0.0, 1.0]));
    }

    #[test]
    fn given_ends_are_kept_or_refused() {
        assert_eq!(fit(&[-90.0, -70.0], [Some(-120.0), None]), Ok([-120.0, -70.0]));
        assert_eq!(fit(&[-90.0], [Some(-60.0), None]), Ok([-60.0, -55.0]));
        assert!(fit(&[-90.0], [Some(-60.0), Some(-60.0)]).is_err());
        assert!(fit(&[-90.0], [Some(f32::NAN), None]).is_err());
    }
}
