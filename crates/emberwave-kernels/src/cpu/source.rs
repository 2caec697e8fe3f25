//! Transmitters: the rays they launch and the field they give them.

use emberwave_geometry::FibonacciLattice;
use emberwave_physics::fast_math::sin_cos_turns;
use emberwave_physics::{
    AntennaPattern, Complex, Field, PATTERN_COLUMNS, PatternGrid, PolarizationModel, Slant,
    SphericalDirection,
};
use glam::{Mat3, Vec3};
use multiversion::multiversion;

use super::HostTensor;
use super::batch::{BATCH_SIZE, Batch};
use crate::config::{Antenna, Pattern};

/// A port of an antenna that takes part in a beam.
#[derive(Clone, Copy, Debug)]
pub(super) struct Port {
    /// Offset in world coordinates times the wavenumber \[rad\].
    phase_vector: Vec3,
    /// In the antenna's frame \[m\].
    pub offset: Vec3,
    pub weight: Complex<f32>,
    pub slant: Slant<f32>,
}

/// What an element radiates without slant, as the loops read it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Element<'a> {
    Named(AntennaPattern),
    Table(Table<'a>),
}

/// A table of fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    pub grid: PatternGrid,
    pub entries: &'a [[f32; PATTERN_COLUMNS]],
}

impl<'a> Element<'a> {
    pub fn new(pattern: Pattern, tables: HostTensor<'a>) -> Self {
        match pattern {
            Pattern::Named(pattern) => Self::Named(pattern),
            Pattern::Table(table) => Self::Table(Table {
                grid: PatternGrid { rows: tables.shape[1], columns: tables.shape[2] },
                entries: tables.at(&[table]).as_chunks().0,
            }),
        }
    }
}

/// A transmitter's numbers at one frequency for one beam.
pub(super) struct Sender<'a, 'b> {
    /// Position and rotation.
    pub row: &'b [f32],
    pub antenna: &'b Antenna,
    pub element: Element<'a>,
    /// `[num_ports, 3]` \[m\].
    pub offsets: &'b [f32],
    /// `[num_ports, 2]`.
    pub weights: &'b [f32],
    pub wavenumber: f32,
}

/// A transmitter and the weights of its ports.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(super) position: Vec3,
    pub(super) world_from_local: Mat3,
    pub(super) wavenumber: f32,
    pub(super) element: Element<'a>,
    pub(super) model: PolarizationModel,
    pub(super) ports: Vec<Port>,
}

impl<'a> Source<'a> {
    pub(super) fn new(sender: &Sender<'a, '_>) -> Self {
        let Sender { row, antenna, element, offsets, weights, wavenumber } = *sender;
        let world_from_local = Mat3::from_cols_slice(&row[3..12]).transpose();
        let port = |((offset, weight), slant): ((&[f32], &[f32]), &f32)| Port {
            phase_vector: world_from_local * Vec3::from_slice(offset) * wavenumber,
            offset: Vec3::from_slice(offset),
            weight: Complex { re: weight[0], im: weight[1] },
            slant: Slant::new(*slant),
        };
        // Elements are listed polarisation after polarisation, so slants repeat in blocks of equal length.
        let per_slant = (offsets.len() / 3).div_ceil(antenna.slants.len().max(1));
        let slants = antenna.slants.iter().flat_map(|slant| std::iter::repeat_n(slant, per_slant));
        let ports = offsets.chunks_exact(3).zip(weights.chunks_exact(2)).zip(slants).map(port).collect();
        Self {
            position: Vec3::from_slice(&row[..3]),
            world_from_local,
            wavenumber,
            element,
            model: antenna.model,
            ports,
        }
    }

    /// The same transmitter in coordinates whose origin is `center`.
    pub fn seen_from(self, center: Vec3) -> Self {
        Self { position: self.position - center, ..self }
    }

    /// Fills a batch with the rays at `offsets` from lattice point `first`.
    pub(super) fn launch(&self, lattice: &FibonacciLattice, first: u64, offsets: &[u32], batch: &mut Batch) {
        batch.len = offsets.len();
        for (index, &offset) in batch.index.iter_mut().zip(offsets) {
            *index = first + u64::from(offset);
        }
        aim(lattice, batch);
        for axis in 0..3 {
            batch.origin[axis].fill(self.position[axis]);
        }
        batch.length.fill(0.0);
        batch.surface_length.fill(0.0);
        self.radiate(batch);
    }

    /// Gives every ray of a batch the field that is radiated along its direction.
    pub(super) fn radiate(&self, batch: &mut Batch) {
        radiate(self, batch);
    }

    /// The power radiated along the unit vector `k`, over that of an isotropic transmitter.
    pub fn power_towards(&self, k: Vec3) -> f32 {
        let field = match self.element {
            Element::Named(pattern) => pattern.field(self, &self.ports, k),
            Element::Table(table) => table.field(self, &self.ports, k),
        };
        field.norm_sqr()
    }

    #[inline(always)]
    fn angles(&self, k: Vec3) -> SphericalDirection<f32> {
        SphericalDirection::new((self.world_from_local.transpose() * k).to_array())
    }

    /// Σ_p w_p (cosψ_p, sinψ_p), each weight times what is given.
    #[inline(always)]
    fn sum_ports(
        &self,
        angles: &SphericalDirection<f32>,
        ports: &[Port],
        k: Vec3,
        weighted: impl Fn(Complex<f32>) -> Complex<f32>,
    ) -> [Complex<f32>; 2] {
        let (mut along_theta, mut along_phi) = (Complex::default(), Complex::default());
        for port in ports {
            let [theta, phi] = self.model.components(angles, port.slant);
            let weight = weighted(port.weight_towards(k));
            along_theta += weight.scale(theta);
            along_phi += weight.scale(phi);
        }
        [along_theta, along_phi]
    }

    /// The field in the world from its components in the antenna's frame.
    #[inline(always)]
    fn in_world(&self, angles: &SphericalDirection<f32>, [theta, phi]: [Complex<f32>; 2]) -> Field<f32> {
        let theta_hat = self.world_from_local * Vec3::from(angles.theta_hat());
        let phi_hat = self.world_from_local * Vec3::from(angles.phi_hat());
        let field = Field::default().add_along(theta_hat.to_array(), theta);
        field.add_along(phi_hat.to_array(), phi)
    }
}

/// An element whose field a loop computes; a trait, as its functions are inlined where closures may not be.
trait Radiates: Copy {
    /// The range-free field radiated along the world direction `k`: the coherent sum over ports.
    fn field(self, source: &Source<'_>, ports: &[Port], k: Vec3) -> Field<f32>;
}

impl Radiates for AntennaPattern {
    #[inline(always)]
    fn field(self, source: &Source<'_>, ports: &[Port], k: Vec3) -> Field<f32> {
        let angles = source.angles(k);
        let amplitude = self.amplitude(&angles);
        let along = source.sum_ports(&angles, ports, k, |weight| weight.scale(amplitude));
        source.in_world(&angles, along)
    }
}

impl Radiates for Table<'_> {
    #[inline(always)]
    fn field(self, source: &Source<'_>, ports: &[Port], k: Vec3) -> Field<f32> {
        let angles = source.angles(k);
        let [theta, phi] = self.grid.cell(&angles).field(self.entries);
        // Slants turn all of an element's field, so the sums over ports turn it, too.
        let [cos, sin] = source.sum_ports(&angles, ports, k, |weight| weight);
        source.in_world(&angles, [cos * theta - sin * phi, sin * theta + cos * phi])
    }
}

/// Gives every ray of a batch its direction.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn aim(lattice: &FibonacciLattice, batch: &mut Batch) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let direction = lattice.direction_with(batch.index[i], sin_cos_turns);
        for axis in 0..3 {
            batch.direction[axis][i] = direction[axis];
        }
    }
}

/// Gives every ray of a batch the field that the antenna radiates along it.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn radiate(source: &Source<'_>, batch: &mut Batch) {
    // One loop per pattern, so that each is free of the choice.
    match source.element {
        Element::Named(AntennaPattern::Isotropic) => {
            radiate_element(source, AntennaPattern::Isotropic, batch);
        }
        Element::Named(AntennaPattern::Dipole) => radiate_element(source, AntennaPattern::Dipole, batch),
        Element::Named(other) => radiate_element(source, other, batch),
        Element::Table(table) => radiate_element(source, table, batch),
    }
}

#[inline(always)]
fn radiate_element(source: &Source<'_>, element: impl Radiates, batch: &mut Batch) {
    // And one per usual number of ports, which the compiler unrolls and then runs for many rays side by side.
    match source.ports.as_slice() {
        [port] => radiate_ports(source, element, &[*port], batch),
        [first, second] => radiate_ports(source, element, &[*first, *second], batch),
        ports => radiate_ports(source, element, ports, batch),
    }
}

#[inline(always)]
fn radiate_ports(source: &Source<'_>, element: impl Radiates, ports: &[Port], batch: &mut Batch) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let field = element.field(source, ports, batch.direction(i));
        for axis in 0..3 {
            batch.field_re[axis][i] = field.re[axis];
            batch.field_im[axis][i] = field.im[axis];
        }
    }
}

impl Port {
    #[inline(always)]
    fn weight_towards(&self, k: Vec3) -> Complex<f32> {
        if self.phase_vector == Vec3::ZERO {
            return self.weight;
        }
        self.weight * Complex::cis(self.phase_vector.dot(k))
    }
}
