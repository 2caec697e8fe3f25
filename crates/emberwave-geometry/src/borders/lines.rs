//! Lines of launch directions: two families of great circles on each face of a randomly turned cube.
//!
//! On a face with centre c and axes u, v (orthonormal), the direction of (a, b) is that of c + a u + b v. A
//! row has a constant b = tan β, a column a constant a = tan α; both are great circles. Line j of N has
//! β = −π/4 + (j + U) Δ with Δ = π/2N and U uniform on \[0, 1), drawn for each line.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

use glam::{DMat3, DVec3};

use super::options::BorderOptions;
use crate::lattice::random_rotation;
use crate::random::CounterRng;

/// The depth of the random numbers that shift lines.
const SHIFT: u32 = u32::MAX;

/// All lines of a transmitter.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineGrid {
    axes: DMat3,
    lines: u64,
    steps: u32,
    rng: CounterRng,
}

impl LineGrid {
    pub fn new(options: &BorderOptions, transmitter: u32) -> Self {
        let rng = CounterRng::new(options.seed, transmitter);
        let [u, v, w, _] = rng.uniforms(u64::MAX, SHIFT);
        let rough = random_rotation(u, v, w).as_dmat3();
        let x = rough.x_axis.normalize_or(DVec3::X);
        let y = rough.y_axis.reject_from_normalized(x).normalize_or(DVec3::Y);
        let axes = DMat3::from_cols(x, y, x.cross(y));
        Self { axes, lines: u64::from(options.lines.max(1)), steps: options.steps.max(1), rng }
    }

    /// Line `number` of 12 N: by face, then by family, then by place.
    pub fn line(&self, number: u64) -> Line {
        let (face, place) = (number / self.lines, number % self.lines);
        let (is_column, face) = (face % 2 == 1, (face / 2) as usize);
        let axis = |index: usize| self.axes.col(index % 3);
        let centre = if face < 3 { axis(face) } else { -axis(face) };
        let (mut along, mut across) = (axis(face + 1), axis(face + 2));
        if is_column {
            std::mem::swap(&mut along, &mut across);
        }
        let [shift, ..] = self.rng.uniforms(number, SHIFT);
        let spacing = FRAC_PI_2 / self.lines as f64;
        let angle = -FRAC_PI_4 + (place as f64 + f64::from(shift)) * spacing;
        Line { middle: centre + across * angle.tan(), along, across, spacing }
    }

    /// The lines beside a line, of its face and family.
    pub fn neighbours(&self, number: u64) -> impl Iterator<Item = Option<u64>> {
        let place = number % self.lines;
        let before = (place > 0).then(|| number - 1);
        let after = (place + 1 < self.lines).then_some(number + 1);
        [before, after].into_iter()
    }

    /// A number, uniform on \[0, 1), that belongs to interaction `depth` of a line.
    pub fn draw(&self, line: u64, depth: u32) -> f32 {
        self.rng.uniforms(line, depth)[0]
    }

    /// Where rays are traced along every line, first and last on the edges of the face.
    pub fn places(&self) -> impl Iterator<Item = f64> {
        let steps = f64::from(self.steps);
        (0..=self.steps).map(move |step| (-FRAC_PI_4 + FRAC_PI_2 * f64::from(step) / steps).tan())
    }

    /// Angle of a step in the middle of a face \[rad\], the largest there is.
    pub fn step(&self) -> f64 {
        FRAC_PI_2 / f64::from(self.steps)
    }
}

/// A part of a great circle. Its points have a coordinate, the tangent of the angle from its middle about the
/// axis of the other family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    middle: DVec3,
    along: DVec3,
    across: DVec3,
    spacing: f64,
}

impl Line {
    /// The unit vector at a coordinate.
    pub fn direction(&self, at: f64) -> DVec3 {
        (self.middle + self.along * at).normalize_or(self.middle)
    }

    /// The unit tangent at a coordinate, towards larger ones.
    pub fn tangent(&self, at: f64) -> DVec3 {
        self.along.reject_from_normalized(self.direction(at)).normalize_or(self.along)
    }

    /// Angle \[rad\] that a unit of the coordinate spans.
    pub fn angle_per_unit(&self, at: f64) -> f64 {
        let squared = self.middle.length_squared();
        squared.sqrt() / (squared + at * at)
    }

    /// Where the line crosses the plane through the origin with this normal.
    pub fn crossing(&self, normal: DVec3) -> Option<f64> {
        let at = -normal.dot(self.middle) / normal.dot(self.along);
        at.is_finite().then_some(at)
    }

    /// Length \[rad\] of a curve with unit tangent `curve` that its crossing at `direction` stands for.
    pub fn length_per_crossing(&self, direction: DVec3, curve: DVec3) -> f64 {
        let rate = |axis: DVec3| {
            let turned = axis.cross(direction);
            curve.dot(turned).abs() / turned.length_squared()
        };
        self.spacing / (rate(self.along) + rate(self.across))
    }
}
