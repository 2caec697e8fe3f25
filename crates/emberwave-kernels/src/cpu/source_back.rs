//! Derivatives of what a transmitter radiates.
//!
//! With the rotation R, the direction l = Rᵀk in the antenna's frame, the real field f_p(l) of port p, its complex weight w_p
//! and its offset o_p, the field is E = R Σ_p w_p e^{jκ o_p·l} f_p(l). The gradient of f_p by l comes from numbers that
//! carry it along.

use emberwave_physics::{Complex, Field, Jet, Slant, SphericalDirection};
use glam::{DVec3, Mat3, Vec3};

use super::source::{Port, Source};

/// Sums of derivatives by a transmitter's numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceSums {
    /// By the elements of the rotation, column by column.
    pub rotation: [DVec3; 3],
    pub wavenumber: f64,
    /// One per port.
    pub ports: Vec<DVec3>,
    pub weights: Vec<[f64; 2]>,
}

impl SourceSums {
    pub fn clear(&mut self, num_ports: usize) {
        let (mut ports, mut weights) = (std::mem::take(&mut self.ports), std::mem::take(&mut self.weights));
        ports.clear();
        ports.resize(num_ports, DVec3::ZERO);
        weights.clear();
        weights.resize(num_ports, [0.0; 2]);
        *self = Self { ports, weights, ..Self::default() };
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, part) in self.rotation.iter_mut().zip(other.rotation) {
            *sum += part;
        }
        self.wavenumber += other.wavenumber;
        for (sum, part) in self.ports.iter_mut().zip(&other.ports) {
            *sum += *part;
        }
        for (sum, part) in self.weights.iter_mut().zip(&other.weights) {
            sum[0] += part[0];
            sum[1] += part[1];
        }
    }
}

impl Source {
    /// Adds the derivatives by the transmitter's numbers, given those by the field that is radiated along `k`; returns the
    /// derivative by k.
    pub(super) fn pull_back(&self, k: Vec3, by_field: &Field<f32>, sums: &mut SourceSums) -> Vec3 {
        let rotation = self.world_from_local;
        let local = rotation.transpose() * k;
        let by_local_field = Field {
            re: (rotation.transpose() * Vec3::from(by_field.re)).to_array(),
            im: (rotation.transpose() * Vec3::from(by_field.im)).to_array(),
        };
        let variables = Jet::variables(local.to_array());
        let angles = SphericalDirection::new(variables);
        let amplitude = self.pattern.amplitude(&angles);
        let mut by_local = Vec3::ZERO;
        let mut field = Field::default();
        for (index, port) in self.ports.iter().enumerate() {
            let slant = Slant { cos: Jet::constant(port.slant.cos), sin: Jet::constant(port.slant.sin) };
            let [theta, phi] = self.model.components(&angles, slant);
            let of_axis =
                |axis: usize| amplitude * (angles.theta_hat()[axis] * theta + angles.phi_hat()[axis] * phi);
            let own = [0, 1, 2].map(of_axis);
            let part = PortBack::new(port, self.wavenumber, local, own.map(|jet| jet.value), &by_local_field);
            for (jet, by) in own.iter().zip(part.by_own) {
                by_local += Vec3::from(jet.gradient) * by;
            }
            by_local += port.offset * (self.wavenumber * part.by_phase);
            field = field.add_along(own.map(|jet| jet.value), part.weight);
            sums.ports[index] += (local * (self.wavenumber * part.by_phase)).as_dvec3();
            sums.wavenumber += f64::from(part.by_phase * port.offset.dot(local));
            sums.weights[index][0] += f64::from(part.by_weight.re);
            sums.weights[index][1] += f64::from(part.by_weight.im);
        }
        let of_field = outer(by_field.re, field.re) + outer(by_field.im, field.im);
        let by_rotation = (of_field + outer(k.to_array(), by_local.to_array())).as_dmat3();
        for (column, sum) in sums.rotation.iter_mut().enumerate() {
            *sum += by_rotation.col(column);
        }
        rotation * by_local
    }
}

/// The matrix a bᵀ.
fn outer(a: [f32; 3], b: [f32; 3]) -> Mat3 {
    Mat3::from_cols(Vec3::from(a) * b[0], Vec3::from(a) * b[1], Vec3::from(a) * b[2])
}

/// A port's share.
struct PortBack {
    /// w e^{jφ}.
    weight: Complex<f32>,
    /// By the port's real field.
    by_own: [f32; 3],
    by_phase: f32,
    by_weight: Complex<f32>,
}

impl PortBack {
    fn new(port: &Port, wavenumber: f32, local: Vec3, own: [f32; 3], by_field: &Field<f32>) -> Self {
        let turn = Complex::cis(wavenumber * port.offset.dot(local));
        let weight = port.weight * turn;
        let by_own = [0, 1, 2].map(|axis| by_field.re[axis] * weight.re + by_field.im[axis] * weight.im);
        // The cotangent of w e^{jφ}.
        let by_total = by_field.dot(own);
        let by_phase = by_total.im * weight.re - by_total.re * weight.im;
        Self { weight, by_own, by_phase, by_weight: by_total * turn.conj() }
    }
}
