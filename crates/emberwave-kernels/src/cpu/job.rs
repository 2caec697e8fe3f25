//! One map to be traced: a frequency, a transmitter and a beam.

use emberwave_geometry::{CounterRng, FibonacciLattice};
use emberwave_physics::{AntennaPattern, Complex, Field, PolarizationModel, Slant, SphericalDirection};
use glam::{Mat3, Vec3};

use super::HostTensors;
use super::deposit::Plane;
use crate::config::{Antenna, TraceConfig};
use crate::inputs::MATERIAL_COLUMNS;
use crate::topology::Acceleration;

/// A material at the job's frequency.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlabMaterial {
    /// Complex relative permittivity.
    pub eta: Complex<f32>,
    pub thickness_over_wavelength: f32,
    /// Scattering coefficient S.
    pub scattering: f32,
}

/// All that the tracing of one map reads.
#[derive(Debug)]
pub(super) struct MapJob<'a> {
    pub acceleration: &'a Acceleration,
    pub config: &'a TraceConfig,
    pub materials: Vec<SlabMaterial>,
    pub source: Source,
    pub planes: Vec<Plane>,
    pub lattice: FibonacciLattice,
    pub rng: CounterRng,
    /// λ/4π \[m\]; a field's path gain is its power times the square of this over the unfolded length.
    pub friis_length: f32,
}

impl<'a> MapJob<'a> {
    pub fn new(
        tensors: &HostTensors<'_>,
        acceleration: &'a Acceleration,
        config: &'a TraceConfig,
        frequency: usize,
        transmitter: usize,
        beam: usize,
    ) -> Self {
        let wavenumber = tensors.wavenumber.values[frequency];
        let rng = CounterRng::new(config.seed, transmitter as u32);
        let source = Source::new(
            tensors.sources.at(&[transmitter]),
            &config.antennas[transmitter],
            tensors.ports.at(&[transmitter]),
            tensors.precoding.at(&[transmitter, beam]),
            wavenumber,
        );
        Self {
            acceleration,
            config,
            materials: materials(tensors.materials.at(&[frequency]), wavenumber),
            source,
            planes: planes(tensors.surface.values, config),
            lattice: FibonacciLattice::new(config.samples_per_tx, &rng),
            rng,
            friis_length: 0.5 / wavenumber,
        }
    }
}

fn materials(rows: &[f32], wavenumber: f32) -> Vec<SlabMaterial> {
    let material = |row: &[f32]| SlabMaterial {
        eta: Complex { re: row[0], im: row[1] },
        thickness_over_wavelength: row[2] * wavenumber / std::f32::consts::TAU,
        scattering: row[3],
    };
    rows.chunks_exact(MATERIAL_COLUMNS).map(material).collect()
}

fn planes(rows: &[f32], config: &TraceConfig) -> Vec<Plane> {
    let mut first_cell = 0;
    let plane = |(rows, &grid): (&[f32], _)| {
        let plane = Plane::new(rows, grid, first_cell);
        first_cell += grid.num_cells();
        plane
    };
    rows.chunks_exact(9).zip(&config.planes).map(plane).collect()
}

/// A port of an antenna that takes part in a beam.
#[derive(Clone, Copy, Debug)]
struct Port {
    /// Offset in world coordinates times the wavenumber \[rad\].
    phase_vector: Vec3,
    weight: Complex<f32>,
    slant: Slant<f32>,
}

/// A transmitter and the weights of its ports.
#[derive(Debug)]
pub(super) struct Source {
    pub position: Vec3,
    world_from_local: Mat3,
    pattern: AntennaPattern,
    model: PolarizationModel,
    ports: Vec<Port>,
}

impl Source {
    fn new(row: &[f32], antenna: &Antenna, offsets: &[f32], weights: &[f32], wavenumber: f32) -> Self {
        let world_from_local = Mat3::from_cols_slice(&row[3..12]).transpose();
        let port = |((offset, weight), slant): ((&[f32], &[f32]), &f32)| Port {
            phase_vector: world_from_local * Vec3::from_slice(offset) * wavenumber,
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
            pattern: antenna.pattern,
            model: antenna.model,
            ports,
        }
    }

    /// The range-free field radiated along the world direction `k`: the coherent sum over ports.
    #[inline]
    pub fn field(&self, k: Vec3) -> Field<f32> {
        let local = self.world_from_local.transpose() * k;
        let angles = SphericalDirection::new(local.to_array());
        let amplitude = self.pattern.amplitude(&angles);
        let (mut along_theta, mut along_phi) = (Complex::default(), Complex::default());
        for port in &self.ports {
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

impl Port {
    #[inline]
    fn weight_towards(&self, k: Vec3) -> Complex<f32> {
        if self.phase_vector == Vec3::ZERO {
            return self.weight;
        }
        self.weight * Complex::cis(self.phase_vector.dot(k))
    }
}
