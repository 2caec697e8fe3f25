//! Statistics of a cell over the paths that reach it, and their derivatives.
//!
//! Mean μ and centred second moment V are updated deposit by deposit (weighted Welford form, in f64), so that a spread of a
//! nanosecond is not lost on a delay of microseconds. With the summed weight W and a deposit (w, x):
//! ∂μ/∂w = (x − μ)/W, ∂V/∂w = ((x − μ)² − V)/W.

use emberwave_physics::constants::SPEED_OF_LIGHT;
use glam::{DVec3, Vec3};

use super::deposit::Details;
use crate::config::Channels;

/// Weighted mean and centred second moment of directions.
#[derive(Clone, Copy, Debug, Default)]
struct Directions {
    mean: DVec3,
    squares: f64,
}

impl Directions {
    fn add(&mut self, direction: Vec3, share: f64, weight: f64) {
        let before = direction.as_dvec3() - self.mean;
        self.mean += share * before;
        self.squares += weight * before.dot(direction.as_dvec3() - self.mean);
    }

    fn write(&self, power: f64, out: &mut impl FnMut(f64)) {
        self.mean.to_array().into_iter().for_each(&mut *out);
        out(if power > 0.0 { self.squares / power } else { 0.0 });
    }
}

/// Moments of one cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    length: f64,
    length_squares: f64,
    arrival: Directions,
    departure: Directions,
}

impl Moments {
    /// Takes in a deposit of some weight; `power` is the sum of all weights, this one included.
    pub fn add(&mut self, weight: f64, power: f64, details: &Details) {
        if power <= 0.0 {
            return;
        }
        let share = weight / power;
        let before = f64::from(details.length) - self.length;
        self.length += share * before;
        self.length_squares += weight * before * (f64::from(details.length) - self.length);
        self.arrival.add(details.arrival, share, weight);
        self.departure.add(details.departure, share, weight);
    }

    /// Gives the wanted channels, in order, after the power.
    pub fn write(&self, channels: Channels, power: f64, mut out: impl FnMut(f64)) {
        if channels.delay {
            out(self.length / SPEED_OF_LIGHT);
            let variance = if power > 0.0 { self.length_squares / power } else { 0.0 };
            out(variance / (SPEED_OF_LIGHT * SPEED_OF_LIGHT));
        }
        if channels.arrival {
            self.arrival.write(power, &mut out);
        }
        if channels.departure {
            self.departure.write(power, &mut out);
        }
    }
}

/// The derivative of a loss by every channel of a map, with the map itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct MapCotangent<'a> {
    /// `[channels][cells]`.
    pub gradient: &'a [f32],
    /// `[channels][cells]`.
    pub map: &'a [f32],
    pub channels: Channels,
    pub num_cells: usize,
    /// 1/N.
    pub per_ray: f32,
}

impl MapCotangent<'_> {
    /// The derivative by the value of one deposit in `cell` where there are no statistics.
    pub fn of_power(&self, cell: usize) -> f32 {
        self.gradient[cell] * self.per_ray
    }

    /// About how much the loss changes with the power of a cell: the sum over channels of |∂L/∂x|, with statistics over
    /// what they are.
    pub fn size_of_power(&self, cell: usize) -> f32 {
        let by = |channel: usize| self.gradient[channel * self.num_cells + cell].abs();
        let of = |channel: usize| self.map[channel * self.num_cells + cell].abs();
        let power = of(0);
        let of_statistics: f32 = (1..self.channels.count()).map(|channel| by(channel) * of(channel)).sum();
        let of_statistics = if power > 0.0 { of_statistics / power } else { 0.0 };
        self.per_ray * (by(0) + of_statistics)
    }

    /// The derivative by the value of one deposit in `cell`.
    pub fn of_deposit(&self, cell: usize, details: impl FnOnce() -> Details) -> f32 {
        let at = |channel: usize| channel * self.num_cells + cell;
        let power = self.map[cell];
        if !self.channels.any() || power <= 0.0 {
            return self.of_power(cell);
        }
        let details = details();
        let mut of_moments = 0.0;
        let mut channel = 1;
        if self.channels.delay {
            // The delay relative to the mean, in f64 because both are large beside the difference.
            let delay = f64::from(details.length) / SPEED_OF_LIGHT - f64::from(self.map[at(1)]);
            let variance = delay * delay - f64::from(self.map[at(2)]);
            of_moments +=
                (f64::from(self.gradient[at(1)]) * delay + f64::from(self.gradient[at(2)]) * variance) as f32;
            channel += 2;
        }
        for (wanted, direction) in
            [(self.channels.arrival, details.arrival), (self.channels.departure, details.departure)]
        {
            if wanted {
                let of = |values: &[f32]| Vec3::from([0, 1, 2].map(|axis| values[at(channel + axis)]));
                let apart = direction - of(self.map);
                let spread = apart.length_squared() - self.map[at(channel + 3)];
                of_moments += of(self.gradient).dot(apart) + self.gradient[at(channel + 3)] * spread;
                channel += 4;
            }
        }
        self.per_ray * (self.gradient[cell] + of_moments / power)
    }

    /// The derivatives by the details of a deposit of some value in `cell`: with x moving alone, dμ = w dx/W and
    /// dV = 2w(x − μ)dx/W.
    pub fn of_details(&self, cell: usize, value: f32, details: &Details) -> DetailsCotangent {
        let at = |channel: usize| channel * self.num_cells + cell;
        let power = self.map[cell];
        let mut of = DetailsCotangent::default();
        if !self.channels.any() || power <= 0.0 {
            return of;
        }
        let share = f64::from(self.per_ray) * f64::from(value) / f64::from(power);
        let mut channel = 1;
        if self.channels.delay {
            let delay = f64::from(details.length) / SPEED_OF_LIGHT - f64::from(self.map[at(1)]);
            let slope = f64::from(self.gradient[at(1)]) + 2.0 * f64::from(self.gradient[at(2)]) * delay;
            of.length = share * slope / SPEED_OF_LIGHT;
            channel += 2;
        }
        let directions = [
            (self.channels.arrival, details.arrival, &mut of.arrival),
            (self.channels.departure, details.departure, &mut of.departure),
        ];
        for (_, direction, of) in directions.into_iter().filter(|(wanted, ..)| *wanted) {
            let vector =
                |values: &[f32]| DVec3::from([0, 1, 2].map(|axis| f64::from(values[at(channel + axis)])));
            let apart = direction.as_dvec3() - vector(self.map);
            *of = share * (vector(self.gradient) + 2.0 * f64::from(self.gradient[at(channel + 3)]) * apart);
            channel += 4;
        }
        of
    }
}

/// The derivative of a loss by the details of a deposit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DetailsCotangent {
    pub length: f64,
    pub arrival: DVec3,
    pub departure: DVec3,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deposits of uneven weight around a delay and a direction.
    fn deposits() -> Vec<(f64, Details)> {
        let rng = emberwave_geometry::CounterRng::new(5, 0);
        let deposit = |index: u64| {
            let [weight, length, x, y] = rng.uniforms(index, 0);
            let direction = Vec3::new(1.0, 1e-3 * x, 1e-3 * y).normalize();
            let details = Details { length: 1000.0 + length, arrival: direction, departure: -direction };
            (f64::from(weight), details)
        };
        (0..100_000).map(deposit).collect()
    }

    #[test]
    fn a_spread_of_a_nanosecond_survives_a_kilometre() {
        let (mut moments, mut power) = (Moments::default(), 0.0);
        let deposits = deposits();
        for (weight, details) in &deposits {
            power += weight;
            moments.add(*weight, power, details);
        }
        let mean =
            |of: &dyn Fn(&Details) -> f64| deposits.iter().map(|(w, d)| w * of(d)).sum::<f64>() / power;
        let length = mean(&|d| f64::from(d.length));
        let spread = mean(&|d| (f64::from(d.length) - length).powi(2)).sqrt() / SPEED_OF_LIGHT;
        let center = DVec3::from([0, 1, 2].map(|axis| mean(&|d| f64::from(d.arrival[axis]))));
        let apart = mean(&|d| (d.arrival.as_dvec3() - center).length_squared());
        let mut channels = Vec::new();
        let all = Channels { delay: true, arrival: true, departure: true };
        moments.write(all, power, |value| channels.push(value));
        assert_eq!(channels.len() + 1, all.count());
        assert!((channels[0] - length / SPEED_OF_LIGHT).abs() < 1e-9 * channels[0]);
        assert!((channels[1].sqrt() - spread).abs() < 1e-6 * spread, "{} {spread}", channels[1].sqrt());
        assert!((channels[5] - apart).abs() < 1e-6 * apart);
        assert!((channels[9] - apart).abs() < 1e-6 * apart);
    }
}
