//! Derivatives of what a transmitter radiates.
//!
//! With the rotation R, the direction l = Rᵀk in the antenna's frame, the field f_p(l) of port p, its complex
//! weight w_p and its offset o_p, the field is E = R Σ_p w_p e^{jκ o_p·l} f_p(l). The gradient of f_p by l comes
//! from numbers that carry it along. Fields of a table are linear in its entries; what each direction has for them
//! is listed and added up later.

use emberwave_physics::{
    AntennaPattern, Complex, Field, Jet, PATTERN_COLUMNS, PatternCell, Slant, SphericalDirection, slanted,
};
use glam::{DVec3, Mat3, Vec3};
use multiversion::multiversion;

use super::batch::{BATCH_SIZE, Column, row, total};
use super::source::{Element, Port, Source, Table};
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

    /// Adds what directions have through a port: by the columns of the rotation, by the port's phase times the directions
    /// in the antenna's frame, and by its weight.
    fn add_port(
        &mut self,
        source: &Source<'_>,
        port: usize,
        rotation: [DVec3; 3],
        lever: DVec3,
        weight: [f64; 2],
    ) {
        for (sum, part) in self.rotation.iter_mut().zip(rotation) {
            *sum += part;
        }
        self.ports[port] += lever * f64::from(source.wavenumber);
        self.wavenumber += source.ports[port].offset.as_dvec3().dot(lever);
        add_to(&mut self.weights[port], weight);
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

/// What a batch of directions has for a transmitter's numbers, ray by ray.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct SourceReturn {
    /// By the directions in the world.
    pub direction: [Column<f32>; 3],
    /// By the elements of the rotation through one port, column by column.
    rotation: [[Column<f32>; 3]; 3],
    /// By the parts of the port's weight.
    weight: [Column<f32>; 2],
    /// The derivative by the port's phase times the direction in the antenna's frame.
    lever: [Column<f32>; 3],
}

impl SourceReturn {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self { direction: [zero; 3], rotation: [[zero; 3]; 3], weight: [zero; 2], lever: [zero; 3] })
    }

    /// Adds what so many directions have through a port.
    fn add_up(&self, source: &Source<'_>, port: usize, len: usize, sums: &mut SourceSums) {
        let total = |column: &Column<f32>| total(&column[..len]);
        let vector = |columns: &[Column<f32>; 3]| DVec3::from(columns.each_ref().map(total));
        let weight = self.weight.each_ref().map(total);
        sums.add_port(source, port, self.rotation.each_ref().map(vector), vector(&self.lever), weight);
    }
}

impl Source<'_> {
    /// Adds the derivatives by the transmitter's numbers, given those by the real and imaginary parts of the fields that
    /// are radiated along so many directions; leaves the derivatives by these in `by`.
    pub(super) fn pull_back(
        &self,
        directions: &[Column<f32>; 3],
        [re, im]: [&[Column<f32>; 3]; 2],
        len: usize,
        by: &mut SourceReturn,
        sums: &mut SourceSums,
    ) {
        by.direction.iter_mut().for_each(|column| column[..len].fill(0.0));
        match self.element {
            Element::Named(pattern) => {
                for (index, port) in self.ports.iter().enumerate() {
                    pull_back_port(self, (pattern, port), directions, re, im, len, by);
                    by.add_up(self, index, len, sums);
                }
            }
            Element::Table(table) => {
                for i in 0..len {
                    let by_field = Field { re: row(re, i), im: row(im, i) };
                    let by_direction =
                        self.pull_back_table(&table, row(directions, i).into(), &by_field, sums);
                    for axis in 0..3 {
                        by.direction[axis][i] = by_direction[axis];
                    }
                }
            }
        }
    }

    /// The same of one direction `k`, whose derivative it returns, for a table.
    fn pull_back_table(
        &self,
        table: &Table<'_>,
        k: Vec3,
        by_field: &Field<f32>,
        sums: &mut SourceSums,
    ) -> Vec3 {
        let local = self.world_from_local.transpose() * k;
        let by_local_field = self.in_antenna(by_field);
        let angles = SphericalDirection::new(Jet::variables(local.to_array()));
        let mut element = TableBack::new(table, &angles);
        let mut by_direction = Vec3::ZERO;
        for (index, port) in self.ports.iter().enumerate() {
            let polarization = self.model.components(&angles, port.slant_jets());
            let own = element.field(&angles, polarization);
            let part = PortBack::new(port, self.wavenumber, local, &own.value(), &by_local_field);
            element.pull_back(&angles, polarization, &part.by_own);
            let share = self.share(port, &part, &own, k, by_field);
            by_direction += share.by_direction;
            let rotation = [0, 1, 2].map(|column| share.by_rotation.col(column).as_dvec3());
            let weight = [part.by_weight.re, part.by_weight.im].map(f64::from);
            sums.add_port(self, index, rotation, (local * part.by_phase).as_dvec3(), weight);
        }
        sums.table.extend(element.share());
        by_direction
    }

    /// A field in the antenna's frame.
    #[inline(always)]
    fn in_antenna(&self, field: &Field<f32>) -> Field<f32> {
        let turned = |vector| (self.world_from_local.transpose() * Vec3::from(vector)).to_array();
        Field { re: turned(field.re), im: turned(field.im) }
    }

    /// What the direction `k` has through a port.
    #[inline(always)]
    fn share(&self, port: &Port, part: &PortBack, own: &OwnField, k: Vec3, by_field: &Field<f32>) -> Share {
        let by_local = own.pull_back(&part.by_own) + port.offset * (self.wavenumber * part.by_phase);
        let field = own.add_to(Field::default(), part.weight);
        let of_field = outer(by_field.re, field.re) + outer(by_field.im, field.im);
        Share {
            by_direction: self.world_from_local * by_local,
            by_rotation: of_field + outer(k.to_array(), by_local.to_array()),
        }
    }
}

/// What one direction has through one port.
struct Share {
    by_direction: Vec3,
    by_rotation: Mat3,
}

/// The derivatives through one port of an antenna with a pattern that has a name.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn pull_back_port(
    source: &Source<'_>,
    (pattern, port): (AntennaPattern, &Port),
    directions: &[Column<f32>; 3],
    re: &[Column<f32>; 3],
    im: &[Column<f32>; 3],
    len: usize,
    by: &mut SourceReturn,
) {
    // One loop per pattern, so that each is free of the choice.
    match pattern {
        AntennaPattern::Isotropic => {
            pull_back_named(source, (AntennaPattern::Isotropic, port), directions, re, im, len, by);
        }
        AntennaPattern::Dipole => {
            pull_back_named(source, (AntennaPattern::Dipole, port), directions, re, im, len, by);
        }
        other => pull_back_named(source, (other, port), directions, re, im, len, by),
    }
}

#[inline(always)]
fn pull_back_named(
    source: &Source<'_>,
    (pattern, port): (AntennaPattern, &Port),
    directions: &[Column<f32>; 3],
    re: &[Column<f32>; 3],
    im: &[Column<f32>; 3],
    len: usize,
    by: &mut SourceReturn,
) {
    for i in 0..len.min(BATCH_SIZE) {
        let (k, by_field) = (Vec3::from(row(directions, i)), Field { re: row(re, i), im: row(im, i) });
        let local = source.world_from_local.transpose() * k;
        let angles = SphericalDirection::new(Jet::variables(local.to_array()));
        let amplitude = pattern.amplitude(&angles);
        let [theta, phi] = source.model.components(&angles, port.slant_jets());
        let own =
            OwnField { re: along(&angles, amplitude * theta, amplitude * phi), im: [Jet::constant(0.0); 3] };
        let part = PortBack::new(port, source.wavenumber, local, &own.value(), &source.in_antenna(&by_field));
        let share = source.share(port, &part, &own, k, &by_field);
        for axis in 0..3 {
            by.direction[axis][i] += share.by_direction[axis];
            by.lever[axis][i] = local[axis] * part.by_phase;
            by.rotation[0][axis][i] = share.by_rotation.x_axis[axis];
            by.rotation[1][axis][i] = share.by_rotation.y_axis[axis];
            by.rotation[2][axis][i] = share.by_rotation.z_axis[axis];
        }
        by.weight[0][i] = part.by_weight.re;
        by.weight[1][i] = part.by_weight.im;
    }
}

/// The vector with these components along θ̂ and φ̂.
#[inline(always)]
fn along(angles: &SphericalDirection<Jet<f32>>, theta: Jet<f32>, phi: Jet<f32>) -> [Jet<f32>; 3] {
    let ([a, b, c], [d, e, f]) = (angles.theta_hat(), angles.phi_hat());
    [a * theta + d * phi, b * theta + e * phi, c * theta + f * phi]
}

impl Port {
    #[inline(always)]
    fn slant_jets(&self) -> Slant<Jet<f32>> {
        Slant { cos: Jet::constant(self.slant.cos), sin: Jet::constant(self.slant.sin) }
    }
}

/// What a table radiates in a direction of its frame, with its gradient by the direction.
struct TableBack {
    cell: PatternCell<f32>,
    components: [Complex<Jet<f32>>; 2],
    /// By the field without slant, as far as gathered.
    by_field: [f32; PATTERN_COLUMNS],
}

impl TableBack {
    fn new(table: &Table<'_>, angles: &SphericalDirection<Jet<f32>>) -> Self {
        let cell = table.grid.cell(angles);
        let components = cell.field(table.entries);
        let weights = cell.weights.map(|weight| weight.value);
        let cell = PatternCell { entries: cell.entries, weights };
        Self { cell, components, by_field: [0.0; PATTERN_COLUMNS] }
    }

    /// The field of a port, given the (cosψ, sinψ) of its slant.
    fn field(&self, angles: &SphericalDirection<Jet<f32>>, polarization: [Jet<f32>; 2]) -> OwnField {
        let [theta, phi] = slanted(self.components, polarization);
        OwnField { re: along(angles, theta.re, phi.re), im: along(angles, theta.im, phi.im) }
    }

    /// Gathers the derivatives by the field without slant.
    fn pull_back(
        &mut self,
        angles: &SphericalDirection<Jet<f32>>,
        [cos, sin]: [Jet<f32>; 2],
        by_own: &Field<f32>,
    ) {
        let [theta_hat, phi_hat] =
            [angles.theta_hat(), angles.phi_hat()].map(|hat| hat.map(|axis| axis.value));
        // The slant turns back by the opposite angle.
        let [theta, phi] = slanted([by_own.dot(theta_hat), by_own.dot(phi_hat)], [cos.value, -sin.value]);
        for (sum, part) in self.by_field.iter_mut().zip([theta.re, theta.im, phi.re, phi.im]) {
            *sum += part;
        }
    }

    /// What the direction has for the table, if it has anything that counts.
    fn share(self) -> Option<TableShare> {
        let Self { cell, by_field, .. } = self;
        let counts = by_field.iter().any(|by| *by != 0.0) && by_field.iter().all(|by| by.is_finite());
        counts.then_some(TableShare { cell, by_field })
    }
}

/// A port's field without its weight in the antenna's frame.
struct OwnField {
    re: [Jet<f32>; 3],
    im: [Jet<f32>; 3],
}

impl OwnField {
    #[inline(always)]
    fn value(&self) -> Field<f32> {
        let ([a, b, c], [d, e, f]) = (self.re, self.im);
        Field { re: [a.value, b.value, c.value], im: [d.value, e.value, f.value] }
    }

    /// The derivative by the direction.
    #[inline(always)]
    fn pull_back(&self, by_own: &Field<f32>) -> Vec3 {
        let mut sum = Vec3::ZERO;
        for axis in 0..3 {
            sum += Vec3::from(self.re[axis].gradient) * by_own.re[axis];
            sum += Vec3::from(self.im[axis].gradient) * by_own.im[axis];
        }
        sum
    }

    #[inline(always)]
    fn add_to(&self, field: Field<f32>, weight: Complex<f32>) -> Field<f32> {
        let Field { re, im } = self.value();
        field.add_along(re, weight).add_along(im, weight.mul_j())
    }
}

/// The matrix a bᵀ.
#[inline(always)]
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
    #[inline(always)]
    fn new(port: &Port, wavenumber: f32, local: Vec3, own: &Field<f32>, by_field: &Field<f32>) -> Self {
        let turn = Complex::cis(wavenumber * port.offset.dot(local));
        let weight = port.weight * turn;
        let by_own = by_field.multiply(weight.conj());
        // The cotangent of w e^{jφ}.
        let by_total = own.conj_dot(by_field);
        let by_phase = by_total.im * weight.re - by_total.re * weight.im;
        Self { weight, by_own, by_phase, by_weight: by_total * turn.conj() }
    }
}
