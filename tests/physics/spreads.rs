//! Delay spread and direction spreads of whole solves against images in f64, integrated over every cell.
//!
//! Two mirrors half a kilometre away send two echoes of a kilometre each, a few nanoseconds apart: what single
//! precision loses if moments are not centred.

use emberwave::physics::constants::SPEED_OF_LIGHT;
use emberwave::prelude::*;
use glam::DVec3;

use crate::common::oracle::{Event, Surface, cell_averages, image_path};
use crate::common::world::{Slab, World, config};

const FREQUENCY: f64 = 3.5e9;

/// Half the side of a mirror \[m\].
const HALF: f64 = 40.0;

/// A square mirror.
#[derive(Clone, Copy)]
struct Mirror {
    center: DVec3,
    /// Unit normal, horizontal.
    normal: DVec3,
    slab: Slab,
}

impl Mirror {
    /// At a distance \[m\] from the origin, in the direction of an azimuth \[rad\], which it faces.
    fn new(distance: f64, azimuth: f64, slab: Slab) -> Self {
        let normal = DVec3::new(azimuth.cos(), azimuth.sin(), 0.0);
        Self { center: distance * normal, normal, slab }
    }

    /// Shifted in its own plane \[m\].
    fn shifted(mut self, across: f64) -> Self {
        self.center += across * self.across();
        self
    }

    fn across(&self) -> DVec3 {
        DVec3::Z.cross(self.normal)
    }

    fn corners(&self) -> [[f64; 3]; 4] {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(u, v)| (self.center + HALF * (u * self.across() + v * DVec3::Z)).to_array())
    }

    fn holds(&self, point: DVec3) -> bool {
        let apart = point - self.center;
        apart.dot(self.across()).abs() < HALF && apart.z.abs() < HALF
    }

    fn surface(&self) -> Surface {
        Surface::new(self.center.to_array(), self.normal.to_array(), self.slab, Event::Reflect)
    }
}

/// A way from the transmitter over one mirror.
struct Echo {
    gain: f64,
    /// Length \[m\].
    length: f64,
    /// Towards where the wave comes from.
    arrival: DVec3,
    departure: DVec3,
}

fn echo(tx: &Transmitter, mirror: &Mirror, point: DVec3) -> Echo {
    let path = image_path(tx, &[mirror.surface()], point, FREQUENCY).expect("the mirror faces both");
    let (source, hit) = (DVec3::from(tx.position), path.hits[0]);
    assert!(mirror.holds(hit), "the mirrors are large enough for every cell");
    Echo {
        gain: path.gain,
        length: source.distance(hit) + hit.distance(point),
        arrival: (hit - point).normalize(),
        departure: (hit - source).normalize(),
    }
}

/// Mean and root of the mean squared distance from it, of a vector, per cell, weighted with the gain.
struct Moments {
    mean: Vec<DVec3>,
    spread: Vec<f64>,
}

/// A world of two mirrors, a transmitter at the origin and a plane.
struct Echoes {
    tx: Transmitter,
    mirrors: [Mirror; 2],
    plane: MeasurementPlane,
}

impl Echoes {
    fn new(mirrors: [Mirror; 2], x: f64) -> Self {
        let tx = Transmitter::new("tx", [0.0; 3]).with_pattern(AntennaPattern::Isotropic);
        // Upright, across the x axis.
        let plane = MeasurementPlane::new([x, 0.0, 0.0], [32.0, 32.0], [16.0, 16.0]);
        let plane = plane.with_orientation([0.0, std::f64::consts::FRAC_PI_2, 0.0]);
        Self { tx, mirrors, plane }
    }

    /// The average over each cell of a sum over the echoes.
    fn average(&self, of: impl Fn(&Echo) -> f64) -> Vec<f64> {
        let sum = |point| self.mirrors.iter().map(|mirror| of(&echo(&self.tx, mirror, point))).sum();
        cell_averages(&self.plane, 3, sum)
    }

    /// Moments of a vector; `near` is close to all its values, so that nothing cancels.
    fn moments(&self, near: DVec3, of: impl Fn(&Echo) -> DVec3) -> Moments {
        let gain = self.average(|echo| echo.gain);
        let over_gain = |sums: Vec<f64>| sums.iter().zip(&gain).map(|(s, g)| s / g).collect::<Vec<_>>();
        let [x, y, z] = [0, 1, 2].map(|i| over_gain(self.average(|echo| echo.gain * (of(echo) - near)[i])));
        let squares = over_gain(self.average(|echo| echo.gain * (of(echo) - near).length_squared()));
        let means: Vec<DVec3> = (0..gain.len()).map(|cell| DVec3::new(x[cell], y[cell], z[cell])).collect();
        let spread = squares.iter().zip(&means).map(|(s, m)| (s - m.length_squared()).sqrt()).collect();
        Moments { mean: means.iter().map(|mean| *mean + near).collect(), spread }
    }

    fn delays(&self) -> Moments {
        let along_x = |length: f64| DVec3::new(length / SPEED_OF_LIGHT, 0.0, 0.0);
        self.moments(along_x(1000.0), |echo| along_x(echo.length))
    }

    fn solve(&self, seed: u64) -> RadioMap {
        let mirrors = self.mirrors.iter();
        let world = mirrors.fold(World::new(), |world, mirror| world.quad(mirror.corners(), mirror.slab));
        let scene = world.scene().with_frequency(FREQUENCY).with_transmitter(self.tx.clone());
        let config = config(60_000_000, 1, self.plane).with_seed(seed).with_los(false).with_refraction(false);
        let config = config.with_delays(true).with_directions_of_arrival(true);
        config.with_directions_of_departure(true).init().solve(&scene).expect("the scene can be solved")
    }
}

fn values<const D: usize>(tensor: Option<burn::tensor::Tensor<D>>) -> Vec<f64> {
    tensor.expect("asked for").into_data().iter::<f64>().collect()
}

/// Requires every value to be within 1 % of what is expected.
fn assert_within_a_hundredth(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(expected).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
    println!("{name}: {:e} … within {worst:.1e}", expected[0]);
    for (cell, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= 0.01 * b, "{name} of cell {cell} is {a:e} where {b:e} is expected");
    }
}

/// Requires mean unit vectors to be as expected, each coordinate within 10⁻³ (or `tolerance`).
fn assert_directions(name: &str, found: &[f64], expected: &[DVec3], tolerance: f64) {
    assert_eq!(found.len(), 3 * expected.len());
    let mut worst = 0.0_f64;
    for (cell, (a, b)) in found.chunks_exact(3).zip(expected).enumerate() {
        let apart = (DVec3::from_slice(a) - *b).abs().max_element();
        worst = worst.max(apart);
        assert!(apart <= tolerance, "{name} of cell {cell} is {a:?} where {b} is expected");
    }
    println!("{name}: {} … within {worst:.1e}", expected[0]);
}

fn assert_statistics(echoes: &Echoes, spread: std::ops::Range<f64>, tolerance: f64) {
    let map = echoes.solve(7);
    let delays = echoes.delays();
    assert!(delays.spread.iter().all(|seconds| spread.contains(seconds)), "{:?}", delays.spread);
    assert_within_a_hundredth("delay spread", &values(map.rms_delay_spread()), &delays.spread);
    let found = values(map.mean_delay());
    for (a, b) in found.iter().zip(&delays.mean) {
        assert!((a / b.x - 1.0).abs() < 1e-4, "mean delay is {a:e} where {:e} is expected", b.x);
    }
    let arrival = echoes.moments(DVec3::X, |echo| echo.arrival);
    let departure = echoes.moments(DVec3::X, |echo| echo.departure);
    let found = values(map.direction_spread_of_arrival());
    assert_within_a_hundredth("spread of arrival", &found, &arrival.spread);
    let found = values(map.direction_spread_of_departure());
    assert_within_a_hundredth("spread of departure", &found, &departure.spread);
    let found = values(map.mean_direction_of_arrival());
    assert_directions("mean of arrival", &found, &arrival.mean, tolerance);
    let found = values(map.mean_direction_of_departure());
    assert_directions("mean of departure", &found, &departure.mean, tolerance);
}

/// Two mirrors beside each other, a degree to the left and to the right: equal echoes spread by 0.3 to 1.7 ns over the plane.
fn beside_each_other(slabs: [Slab; 2]) -> Echoes {
    let degree = 1_f64.to_radians();
    let half_apart = 0.5 * SPEED_OF_LIGHT * 1e-9;
    let left = Mirror::new(500.0 + half_apart, degree, slabs[0]).shifted(HALF - 8.0);
    let right = Mirror::new(500.0 - half_apart, -degree, slabs[1]).shifted(8.0 - HALF);
    Echoes::new([left, right], -5.0)
}

#[test]
fn a_nanosecond_of_spread_after_a_kilometre_is_right() {
    assert_statistics(&beside_each_other([Slab::METAL; 2]), 0.3e-9..1.8e-9, 1e-3);
}

#[test]
fn echoes_of_different_strength_have_the_spread_of_their_weights() {
    assert_statistics(&beside_each_other([Slab::METAL, Slab::CONCRETE]), 0.2e-9..1.2e-9, 1e-3);
}

#[test]
fn echoes_from_opposite_sides_have_a_direction_spread_of_one() {
    let (front, back) = (500.0, std::f64::consts::PI);
    let mirrors = [Mirror::new(front, 0.0, Slab::METAL), Mirror::new(front + 0.1, back, Slab::METAL)];
    assert_statistics(&Echoes::new(mirrors, 0.2), 0.9e-9..1.1e-9, 0.05);
}
