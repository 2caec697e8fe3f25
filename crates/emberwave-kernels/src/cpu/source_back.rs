//! Derivatives of what a transmitter radiates.
//!
//! With the rotation R, the direction l = Rᵀk in the antenna's frame, the field f_p(l) of port p, its complex
//! weight w_p and its offset o_p, the field is E = R Σ_p w_p e^{jκ o_p·l} f_p(l). The gradient of f_p by l comes
//! from numbers that carry it along. Fields of a table are linear in its entries; what each direction has for them
//! is listed and added up later.

use emberwave_physics::{
    Complex, Field, Jet, PATTERN_COLUMNS, PatternCell, Slant, SphericalDirection, slanted,
};
use glam::{DVec3, Mat3, Vec3};

use super::source::{Element, Port, Source};
use crate::gradients::add_to;

/// Sums of derivatives by a transmitter's numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceSums {
    /// By the elements of the rotation, column by column.
    pub rotation: [DVec3; 3],
    pub wavenumber: f64,
    /// One per port.
    pub ports: Vec<DVec3>,
    pub weights: Vec<[f64; 2]>,
    /// One per direction, if the antenna has a table.
    table: Vec<TableShare>,
}

/// What one direction has for the entries of a table.
#[derive(Clone, Copy, Debug)]
struct TableShare {
    cell: PatternCell<f32>,
    /// By the parts of the field between the entries.
    by_field: [f32; PATTERN_COLUMNS],
}

impl SourceSums {
    pub fn clear(&mut self, num_ports: usize) {
        let Self { mut ports, mut weights, mut table, .. } = std::mem::take(self);
        ports.clear();
        ports.resize(num_ports, DVec3::ZERO);
        weights.clear();
        weights.resize(num_ports, [0.0; 2]);
        table.clear();
        *self = Self { ports, weights, table, ..Self::default() };
    }

    /// Adds all but what tables have.
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

    /// Adds the derivatives by the entries of the antenna's table, direction after direction.
    pub fn add_to_table(&self, entries: &mut [[f64; PATTERN_COLUMNS]]) {
        for TableShare { cell, by_field } in &self.table {
            for (&entry, by_entry) in cell.entries.iter().zip(cell.by_entries(*by_field)) {
                add_to(&mut entries[entry as usize], by_entry.map(f64::from));
            }
        }
    }
}

impl Source<'_> {
    /// Adds the derivatives by the transmitter's numbers, given those by the field that is radiated along `k`; returns the
    /// derivative by k.
    pub(super) fn pull_back(&self, k: Vec3, by_field: &Field<f32>, sums: &mut SourceSums) -> Vec3 {
        let rotation = self.world_from_local;
        let local = rotation.transpose() * k;
        let by_local_field = Field {
            re: (rotation.transpose() * Vec3::from(by_field.re)).to_array(),
            im: (rotation.transpose() * Vec3::from(by_field.im)).to_array(),
        };
        let mut element =
            ElementBack::new(self.element, SphericalDirection::new(Jet::variables(local.to_array())));
        let mut by_local = Vec3::ZERO;
        let mut field = Field::default();
        for (index, port) in self.ports.iter().enumerate() {
            let slant = Slant { cos: Jet::constant(port.slant.cos), sin: Jet::constant(port.slant.sin) };
            let polarization = self.model.components(&element.angles, slant);
            let own = element.field(polarization);
            let part = PortBack::new(port, self.wavenumber, local, &own.value(), &by_local_field);
            by_local += own.pull_back(&part.by_own);
            element.pull_back(polarization, &part.by_own);
            by_local += port.offset * (self.wavenumber * part.by_phase);
            field = own.add_to(field, part.weight);
            sums.ports[index] += (local * (self.wavenumber * part.by_phase)).as_dvec3();
            sums.wavenumber += f64::from(part.by_phase * port.offset.dot(local));
            sums.weights[index][0] += f64::from(part.by_weight.re);
            sums.weights[index][1] += f64::from(part.by_weight.im);
        }
        sums.table.extend(element.share());
        let of_field = outer(by_field.re, field.re) + outer(by_field.im, field.im);
        let by_rotation = (of_field + outer(k.to_array(), by_local.to_array())).as_dmat3();
        for (column, sum) in sums.rotation.iter_mut().enumerate() {
            *sum += by_rotation.col(column);
        }
        rotation * by_local
    }
}

/// What an element radiates in a direction of its frame, with its gradient by the direction.
struct ElementBack {
    angles: SphericalDirection<Jet<f32>>,
    radiated: Radiated,
    /// By the element's field without slant, as far as gathered.
    by_field: [f32; PATTERN_COLUMNS],
}

enum Radiated {
    Amplitude(Jet<f32>),
    Field { cell: PatternCell<f32>, components: [Complex<Jet<f32>>; 2] },
}

impl ElementBack {
    fn new(element: Element<'_>, angles: SphericalDirection<Jet<f32>>) -> Self {
        let radiated = match element {
            Element::Named(pattern) => Radiated::Amplitude(pattern.amplitude(&angles)),
            Element::Table(table) => {
                let cell = table.grid.cell(&angles);
                let components = cell.field(table.entries);
                let weights = cell.weights.map(|weight| weight.value);
                Radiated::Field { cell: PatternCell { entries: cell.entries, weights }, components }
            }
        };
        Self { angles, radiated, by_field: [0.0; PATTERN_COLUMNS] }
    }

    /// The field of a port, given the (cosψ, sinψ) of its slant.
    fn field(&self, [cos, sin]: [Jet<f32>; 2]) -> OwnField {
        let (theta_hat, phi_hat) = (self.angles.theta_hat(), self.angles.phi_hat());
        let along = |theta: Jet<f32>, phi: Jet<f32>| {
            [0, 1, 2].map(|axis: usize| theta_hat[axis] * theta + phi_hat[axis] * phi)
        };
        match &self.radiated {
            Radiated::Amplitude(amplitude) => OwnField {
                re: along(cos, sin).map(|component| *amplitude * component),
                im: [Jet::constant(0.0); 3],
            },
            Radiated::Field { components: [theta, phi], .. } => {
                let [theta, phi] = slanted([*theta, *phi], [cos, sin]);
                OwnField { re: along(theta.re, phi.re), im: along(theta.im, phi.im) }
            }
        }
    }

    /// Gathers the derivatives by the field without slant.
    fn pull_back(&mut self, [cos, sin]: [Jet<f32>; 2], by_own: &Field<f32>) {
        if let Radiated::Field { .. } = self.radiated {
            let [theta_hat, phi_hat] =
                [self.angles.theta_hat(), self.angles.phi_hat()].map(|hat| hat.map(|axis| axis.value));
            // The slant turns back by the opposite angle.
            let [theta, phi] = slanted([by_own.dot(theta_hat), by_own.dot(phi_hat)], [cos.value, -sin.value]);
            for (sum, part) in self.by_field.iter_mut().zip([theta.re, theta.im, phi.re, phi.im]) {
                *sum += part;
            }
        }
    }

    /// What the direction has for the table, if there is one and it has anything that counts.
    fn share(self) -> Option<TableShare> {
        let Self { radiated, by_field, .. } = self;
        let counts = by_field.iter().any(|by| *by != 0.0) && by_field.iter().all(|by| by.is_finite());
        match radiated {
            Radiated::Field { cell, .. } if counts => Some(TableShare { cell, by_field }),
            _ => None,
        }
    }
}

/// A port's field without its weight in the antenna's frame.
struct OwnField {
    re: [Jet<f32>; 3],
    im: [Jet<f32>; 3],
}

impl OwnField {
    fn value(&self) -> Field<f32> {
        Field { re: self.re.map(|jet| jet.value), im: self.im.map(|jet| jet.value) }
    }

    /// The derivative by the direction.
    fn pull_back(&self, by_own: &Field<f32>) -> Vec3 {
        let parts = self.re.iter().zip(by_own.re).chain(self.im.iter().zip(by_own.im));
        parts.map(|(jet, by)| Vec3::from(jet.gradient) * by).sum()
    }

    fn add_to(&self, field: Field<f32>, weight: Complex<f32>) -> Field<f32> {
        let Field { re, im } = self.value();
        field.add_along(re, weight).add_along(im, weight.mul_j())
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
    /// By the port's field.
    by_own: Field<f32>,
    by_phase: f32,
    by_weight: Complex<f32>,
}

impl PortBack {
    fn new(port: &Port, wavenumber: f32, local: Vec3, own: &Field<f32>, by_field: &Field<f32>) -> Self {
        let turn = Complex::cis(wavenumber * port.offset.dot(local));
        let weight = port.weight * turn;
        let by_own = Field {
            re: [0, 1, 2].map(|axis| by_field.re[axis] * weight.re + by_field.im[axis] * weight.im),
            im: [0, 1, 2].map(|axis| by_field.im[axis] * weight.re - by_field.re[axis] * weight.im),
        };
        // The cotangent of w e^{jφ}.
        let by_total = own.conj_dot(by_field);
        let by_phase = by_total.im * weight.re - by_total.re * weight.im;
        Self { weight, by_own, by_phase, by_weight: by_total * turn.conj() }
    }
}
