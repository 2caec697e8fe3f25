//! Closed forms in f64, written from the textbook and not from the library: patterns, slabs, the image method, and
//! averages over cells.

use std::f64::consts::{PI, TAU};

use emberwave::physics::Complex;
use emberwave::physics::constants::{SPEED_OF_LIGHT, VACUUM_PERMITTIVITY};
use emberwave::prelude::*;
use glam::DVec3;

use super::world::{Slab, rotation};

type C = Complex<f64>;

/// A complex vector by its Cartesian components.
pub type Field = [C; 3];

/// Amplitude of a pattern at zenith angle θ and azimuth φ.
pub fn pattern_amplitude(pattern: AntennaPattern, theta: f64, phi: f64) -> f64 {
    match pattern {
        AntennaPattern::Isotropic => 1.0,
        AntennaPattern::Dipole => 1.5_f64.sqrt() * theta.sin(),
        AntennaPattern::HalfWaveDipole => {
            1.643_f64.sqrt() * ((0.5 * PI * theta.cos()).cos() / theta.sin().max(1e-12)).abs()
        }
        AntennaPattern::Tr38901 => {
            let vertical = (12.0 * ((theta.to_degrees() - 90.0) / 65.0).powi(2)).min(30.0);
            let horizontal = (12.0 * (phi.to_degrees() / 65.0).powi(2)).min(30.0);
            10_f64.powf((8.0 - (vertical + horizontal).min(30.0)) / 20.0)
        }
    }
}

fn named(pattern: &TransmitterPattern) -> AntennaPattern {
    match pattern {
        TransmitterPattern::Named(pattern) => *pattern,
        TransmitterPattern::Table(_) => unreachable!("closed forms are those of named patterns"),
    }
}

/// (cos ψ, sin ψ) of a slanted element.
fn polarisation(model: PolarizationModel, slant: f64, theta: f64, phi: f64) -> [f64; 2] {
    if model == PolarizationModel::Two {
        return [slant.cos(), slant.sin()];
    }
    let along = slant.cos() * theta.cos() - slant.sin() * phi.sin() * theta.sin();
    let norm = (1.0 - along * along).sqrt();
    let cos = slant.cos() * theta.sin() + slant.sin() * phi.sin() * theta.cos();
    [cos / norm, slant.sin() * phi.cos() / norm]
}

/// The range-free field that a transmitter sends along the unit vector `k`.
pub fn radiated(tx: &Transmitter, k: DVec3) -> Field {
    let world_from_local = rotation(tx.orientation);
    let local = world_from_local.transpose() * k;
    let (theta, phi) = (local.z.clamp(-1.0, 1.0).acos(), local.y.atan2(local.x));
    let theta_hat = DVec3::new(theta.cos() * phi.cos(), theta.cos() * phi.sin(), -theta.sin());
    let phi_hat = DVec3::new(-phi.sin(), phi.cos(), 0.0);
    let slants = tx.polarization.slants();
    let amplitude = pattern_amplitude(named(&tx.pattern), theta, phi) / (slants.len() as f64).sqrt();
    let mut field = DVec3::ZERO;
    for &slant in slants {
        let [along_theta, along_phi] = polarisation(tx.polarization_model, slant, theta, phi);
        field += amplitude * (along_theta * theta_hat + along_phi * phi_hat);
    }
    (world_from_local * field).to_array().map(|x| Complex::new(x, 0.0))
}

/// Reflection and transmission coefficients `[r_te, r_tm, t_te, t_tm]` of a slab in air, P.2040 section 2.2.2.1.
pub fn slab_coefficients(slab: &Slab, frequency: f64, cosine: f64) -> [C; 4] {
    let one = Complex::new(1.0, 0.0);
    let eta = Complex::new(slab.epsilon, -slab.sigma / (TAU * frequency * VACUUM_PERMITTIVITY));
    let root = (eta - Complex::new(1.0 - cosine * cosine, 0.0)).sqrt();
    let root = if root.im > 0.0 { -root } else { root };
    let q = root.scale(TAU * slab.thickness * frequency / SPEED_OF_LIGHT);
    let phasor = Complex::cis(-q.re).scale(q.im.exp());
    let c = Complex::new(cosine, 0.0);
    let interfaces = [(c - root) / (c + root), (eta * c - root) / (eta * c + root)];
    let [te, tm] = interfaces.map(|r| {
        let denominator = one - r * r * phasor * phasor;
        (r * (one - phasor * phasor) / denominator, (one - r * r) * phasor / denominator)
    });
    [te.0, tm.0, te.1, tm.1]
}

/// What a path does at a surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Reflect,
    Transmit,
}

/// An infinite plane on a path.
#[derive(Clone, Copy, Debug)]
pub struct Surface {
    pub point: DVec3,
    /// Unit normal, to either side.
    pub normal: DVec3,
    pub slab: Slab,
    pub event: Event,
}

impl Surface {
    pub fn new(point: [f64; 3], normal: [f64; 3], slab: Slab, event: Event) -> Self {
        Self { point: point.into(), normal: DVec3::from(normal).normalize(), slab, event }
    }

    fn mirror(&self, point: DVec3) -> DVec3 {
        point - 2.0 * (point - self.point).dot(self.normal) * self.normal
    }

    /// The field and direction behind the surface.
    fn interact(&self, field: Field, k: DVec3, frequency: f64) -> (Field, DVec3) {
        let cosine = k.dot(self.normal).abs();
        let [r_te, r_tm, t_te, t_tm] = slab_coefficients(&self.slab, frequency, cosine);
        let te = k.cross(self.normal).try_normalize().unwrap_or_else(|| k.any_orthonormal_vector());
        let (out, r_te, r_tm) = match self.event {
            Event::Reflect => (k - 2.0 * k.dot(self.normal) * self.normal, r_te, r_tm),
            Event::Transmit => (k, t_te, t_tm),
        };
        let along_te = dot(&field, te) * r_te;
        let along_tm = dot(&field, k.cross(te)) * r_tm;
        let tm = out.cross(te);
        let field = [0, 1, 2].map(|i| along_te.scale(te[i]) + along_tm.scale(tm[i]));
        (field, out)
    }
}

fn dot(field: &Field, v: DVec3) -> C {
    field[0].scale(v.x) + field[1].scale(v.y) + field[2].scale(v.z)
}

/// A path found by the image method.
#[derive(Clone, Debug)]
pub struct ImagePath {
    /// Where it meets the surfaces \[m\].
    pub hits: Vec<DVec3>,
    /// Path gain, linear.
    pub gain: f64,
}

/// The path from a transmitter over the surfaces, in this order, to a point; none if the order is impossible.
pub fn image_path(tx: &Transmitter, surfaces: &[Surface], rx: DVec3, frequency: f64) -> Option<ImagePath> {
    let source = DVec3::from(tx.position);
    let mut images = vec![source];
    for surface in surfaces {
        let last = images[images.len() - 1];
        images.push(if surface.event == Event::Reflect { surface.mirror(last) } else { last });
    }
    let mut hits = vec![rx; surfaces.len()];
    let mut towards = rx;
    for (i, surface) in surfaces.iter().enumerate().rev() {
        let from = images[i + 1];
        let (a, b) =
            ((from - surface.point).dot(surface.normal), (towards - surface.point).dot(surface.normal));
        if a * b >= 0.0 {
            return None;
        }
        towards = from + (towards - from) * (a / (a - b));
        hits[i] = towards;
    }
    let first = *hits.first().unwrap_or(&rx);
    let mut k = (first - source).normalize();
    let mut field = radiated(tx, k);
    let mut at = source;
    for (surface, &hit) in surfaces.iter().zip(&hits) {
        // A hit behind the one before it belongs to another order of the same surfaces.
        if (hit - at).dot(k) <= 0.0 {
            return None;
        }
        at = hit;
        (field, k) = surface.interact(field, k, frequency);
    }
    let length = rx.distance(images[images.len() - 1]);
    let power: f64 = field.iter().map(|z| z.norm_sqr()).sum();
    let gain = power * (SPEED_OF_LIGHT / frequency / (4.0 * PI * length)).powi(2);
    Some(ImagePath { hits, gain })
}

/// Nodes and weights of the three-point rule of Gauss and Legendre on \[0, 1\].
const GAUSS: [(f64, f64); 3] =
    [(0.112_701_665_379_258_3, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.887_298_334_620_741_7, 5.0 / 18.0)];

/// Averages of a function over each cell of a plane, y-major, with `parts` × `parts` pieces of 3 × 3 points per cell.
pub fn cell_averages(plane: &MeasurementPlane, parts: usize, f: impl Fn(DVec3) -> f64) -> Vec<f64> {
    let [num_x, num_y] = plane.num_cells();
    let turn = rotation(plane.orientation);
    let (axis_x, axis_y) = (turn.x_axis * plane.cell_size[0], turn.y_axis * plane.cell_size[1]);
    let corner = DVec3::from(plane.center) - 0.5 * (num_x as f64 * axis_x + num_y as f64 * axis_y);
    let nodes: Vec<(f64, f64)> = (0..parts)
        .flat_map(|part| GAUSS.map(|(x, w)| ((part as f64 + x) / parts as f64, w / parts as f64)))
        .collect();
    let average = |x: usize, y: usize| {
        let mut sum = 0.0;
        for (v, weight_y) in &nodes {
            for (u, weight_x) in &nodes {
                let point = corner + (x as f64 + u) * axis_x + (y as f64 + v) * axis_y;
                sum += weight_x * weight_y * f(point);
            }
        }
        sum
    };
    (0..num_y).flat_map(|y| (0..num_x).map(move |x| (x, y))).map(|(x, y)| average(x, y)).collect()
}
