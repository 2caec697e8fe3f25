//! The mean of maps as they come, and how they scatter.

use std::ops::Range;

use burn::tensor::Tensor;
use emberwave_kernels::Channels;

use super::accuracy::Errors;

/// The mean of maps of independent lattices, weighted with their rays.
#[derive(Debug)]
pub(super) struct RunningMean {
    wanted: Channels,
    rays: u64,
    /// `[channels, 1, num_tx, 1, num_cells]`
    channels: Option<Tensor<5>>,
    scatter: Option<Scatter>,
}

/// Squared deviations of powers among the lattices of each round, on the host in f64. The rounds' errors add up.
#[derive(Debug, Default)]
struct Scatter {
    /// Of the current round.
    count: u64,
    mean: Vec<f64>,
    squares: Vec<f64>,
    /// Squared standard error of all finished rounds, times their squared rays.
    variance: Vec<f64>,
}

impl RunningMean {
    /// Of maps with these channels; `scatter` keeps what [`Self::errors`] needs.
    pub fn new(wanted: Channels, scatter: bool) -> Self {
        Self { wanted, rays: 0, channels: None, scatter: scatter.then(Scatter::default) }
    }

    /// Adds the map of a lattice of so many rays.
    pub fn add(&mut self, channels: Tensor<5>, rays: u64) {
        if let Some(scatter) = &mut self.scatter {
            scatter.add(powers(&channels));
        }
        self.rays += rays;
        let share = rays as f64 / self.rays as f64;
        self.channels = Some(match self.channels.take() {
            Some(mean) => merged(mean, channels, share, self.wanted),
            None => channels,
        });
    }

    /// Ends a round of lattices of as many rays each, so many in all.
    pub fn end_round(&mut self, rays: u64) {
        if let Some(scatter) = &mut self.scatter {
            scatter.end_round(rays as f64);
        }
    }

    /// The mean of all maps so far; none before the first.
    pub fn channels(&self) -> Option<Tensor<5>> {
        self.channels.clone()
    }

    /// The estimated errors of the mean, if the scatter was kept, of all finished rounds.
    pub fn errors(&self) -> Option<Errors> {
        let (scatter, channels) = (self.scatter.as_ref()?, self.channels.as_ref()?);
        let rays = self.rays as f64;
        let standard_error = scatter.variance.iter().map(|variance| variance.sqrt() / rays);
        Some(Errors::of_samples(&powers(channels), standard_error))
    }
}

impl Scatter {
    /// Welford's recurrence.
    fn add(&mut self, powers: Vec<f64>) {
        self.count += 1;
        if self.count == 1 {
            self.squares.clear();
            self.squares.resize(powers.len(), 0.0);
            self.mean = powers;
            return;
        }
        let share = 1.0 / self.count as f64;
        for ((mean, square), power) in self.mean.iter_mut().zip(&mut self.squares).zip(powers) {
            let apart = power - *mean;
            *mean += apart * share;
            *square += apart * (power - *mean);
        }
    }

    fn end_round(&mut self, rays: f64) {
        let count = self.count as f64;
        let per_square = rays * rays / (count * (count - 1.0).max(1.0));
        self.variance.resize(self.squares.len(), 0.0);
        for (variance, square) in self.variance.iter_mut().zip(&self.squares) {
            *variance += square * per_square;
        }
        self.count = 0;
    }
}

/// Channel 0 on the host, one transmitter after the other.
pub(super) fn powers(channels: &Tensor<5>) -> Vec<f64> {
    channels.clone().detach().narrow(0, 0, 1).into_data().iter::<f64>().collect()
}

/// The mean of two maps of which the second has this share of the rays: powers are averaged, means and mean squared
/// distances from them are those of all deposits together.
fn merged(first: Tensor<5>, second: Tensor<5>, share: f64, wanted: Channels) -> Tensor<5> {
    let [a, b] = [(&first, 1.0 - share), (&second, share)]
        .map(|(channels, share)| channels.clone().narrow(0, 0, 1).mul_scalar(share));
    let power = a + b.clone();
    let mut parts = vec![power.clone()];
    if wanted.any() {
        let dark = power.clone().lower_equal_elem(0.0);
        let second_share = b / power.mask_fill(dark, 1.0);
        for means in moments(wanted) {
            parts.extend(merged_moments(&first, &second, &second_share, means));
        }
    }
    Tensor::cat(parts, 0)
}

/// The channels of each mean; the mean squared distance from it comes after.
fn moments(wanted: Channels) -> impl Iterator<Item = Range<usize>> {
    let mut first = 1;
    let lengths = [(wanted.delay, 1), (wanted.arrival, 3), (wanted.departure, 3)];
    lengths.into_iter().filter(|(is_wanted, _)| *is_wanted).map(move |(_, length)| {
        let means = first..first + length;
        first = means.end + 1;
        means
    })
}

/// Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.
fn merged_moments(
    first: &Tensor<5>,
    second: &Tensor<5>,
    share: &Tensor<5>,
    means: Range<usize>,
) -> [Tensor<5>; 2] {
    let [a, b] = [first, second].map(|map| map.clone().narrow(0, means.start, means.len()));
    let [of_a, of_b] = [first, second].map(|map| map.clone().narrow(0, means.end, 1));
    let apart = b - a.clone();
    let between = squares(apart.clone()) * share.clone() * share.clone().neg().add_scalar(1.0);
    let within = of_a.clone() + (of_b - of_a) * share.clone();
    [a + apart * share.clone(), within + between]
}

/// Squared lengths of the columns; of delays, too, whose squares lie near the end of single precision.
fn squares(apart: Tensor<5>) -> Tensor<5> {
    apart.square().sum_dim(0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    const DELAY: Channels = Channels { delay: true, arrival: false, departure: false };

    /// A map of two cells: power, mean delay, variance.
    fn map(values: [f32; 6]) -> Tensor<5> {
        Tensor::from_data(TensorData::new(values.to_vec(), [3, 1, 1, 1, 2]), &Device::default())
    }

    #[test]
    fn moments_of_two_maps_are_those_of_all_deposits() {
        let mut mean = RunningMean::new(DELAY, false);
        mean.add(map([4.0, 0.0, 1.0, 0.0, 0.25, 0.0]), 100);
        mean.add(map([4.0, 2.0, 2.0, 7.0, 0.25, 1.0]), 300);
        let values: Vec<f32> = mean.channels().expect("two").into_data().iter::<f32>().collect();
        // Shares of the power are 1/4 and 3/4, so means of 1 and 2 give 7/4, and 1/4 + 3/16 around it.
        assert_eq!(values, [4.0, 1.5, 1.75, 7.0, 0.4375, 1.0]);
    }

    #[test]
    fn the_errors_of_rounds_add_up() {
        let mut mean = RunningMean::new(Channels::default(), true);
        let power = |value: f32| {
            Tensor::from_data(TensorData::new(vec![value, 0.0], [1, 1, 1, 1, 2]), &Device::default())
        };
        for (values, rays) in [([1.0, 3.0], 2_u64), ([2.0, 6.0], 6)] {
            values.into_iter().for_each(|value| mean.add(power(value), rays / 2));
            mean.end_round(rays);
        }
        // Round means are 2 ± 1 and 4 ± 2; (2·2 + 6·4)/8 = 3.5 with the error √(2²·1² + 6²·2²)/8.
        let errors = mean.errors().expect("kept");
        assert!((f64::from(errors.relative[0]) - 148.0_f64.sqrt() / 8.0 / 3.5).abs() < 1e-6);
        assert_eq!(errors.relative[1], 0.0);
    }
}
