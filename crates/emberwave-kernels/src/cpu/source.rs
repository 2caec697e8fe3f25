//! Transmitters: the rays they launch and the field they give them.

use emberwave_geometry::FibonacciLattice;
use emberwave_physics::fast_math::sin_cos_turns;
use emberwave_physics::{AntennaPattern, Complex, Field, PolarizationModel, Slant, SphericalDirection};
use glam::{Mat3, Vec3};
use multiversion::multiversion;

use super::batch::{BATCH_SIZE, Batch};
use crate::config::Antenna;

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

/// A transmitter and the weights of its ports.
#[derive(Debug)]
pub(crate) struct Source {
    pub(super) position: Vec3,
    pub(super) world_from_local: Mat3,
    pub(super) wavenumber: f32,
    pub(super) pattern: AntennaPattern,
    pub(super) model: PolarizationModel,
    pub(super) ports: Vec<Port>,
}

impl Source {
    pub fn new(row: &[f32], antenna: &Antenna, offsets: &[f32], weights: &[f32], wavenumber: f32) -> Self {
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
            pattern: antenna.pattern,
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
        self.field(self.pattern, &self.ports, k).norm_sqr()
    }

    /// The range-free field radiated along the world direction `k`: the coherent sum over ports.
    #[inline(always)]
    fn field(&self, pattern: AntennaPattern, ports: &[Port], k: Vec3) -> Field<f32> {
        let local = self.world_from_local.transpose() * k;
        let angles = SphericalDirection::new(local.to_array());
        let amplitude = pattern.amplitude(&angles);
        let (mut along_theta, mut along_phi) = (Complex::default(), Complex::default());
        for port in ports {
            let [theta, phi] = self.model.components(&angles, port.slant);
            let weight = port.weight_towards(k).scale(amplitude);
            along_theta += weight.scale(theta);
            along_phi += weight.scale(phi);
        }
        let theta = self.world_from_local * Vec3::from(angles.theta_hat());
        let phi = self.world_from_local * Vec3::from(angles.phi_hat());
        let field = Field::default().add_along(theta.to_array(), along_theta);
        field.add_along(phi.to_array(), along_phi)
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
fn radiate(source: &Source, batch: &mut Batch) {
    // One loop per pattern, so that each is free of the choice.
    match source.pattern {
        AntennaPattern::Isotropic => radiate_pattern(source, AntennaPattern::Isotropic, batch),
        AntennaPattern::Dipole => radiate_pattern(source, AntennaPattern::Dipole, batch),
        other => radiate_pattern(source, other, batch),
    }
}

#[inline(always)]
fn radiate_pattern(source: &Source, pattern: AntennaPattern, batch: &mut Batch) {
    // And one per usual number of ports, which the compiler unrolls and then runs for many rays side by side.
    match source.ports.as_slice() {
        [port] => radiate_ports(source, pattern, &[*port], batch),
        [first, second] => radiate_ports(source, pattern, &[*first, *second], batch),
        ports => radiate_ports(source, pattern, ports, batch),
    }
}

#[inline(always)]
fn radiate_ports(source: &Source, pattern: AntennaPattern, ports: &[Port], batch: &mut Batch) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let field = source.field(pattern, ports, batch.direction(i));
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
