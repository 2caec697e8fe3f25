//! One map to be traced: a frequency, a transmitter and a beam.

use emberwave_geometry::{CounterRng, FibonacciLattice};
use emberwave_physics::Complex;
use glam::Vec3;

use super::HostTensors;
use super::deposit::Plane;
use super::source::Source;
use crate::config::TraceConfig;
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
    pub source: Source<'a>,
    pub planes: Vec<Plane>,
    pub lattice: FibonacciLattice,
    pub rng: CounterRng,
    /// 1/λ.
    pub wavelengths_per_metre: f32,
    /// λ/4π \[m\]; a field's path gain is its power times the square of this over the unfolded length.
    pub friis_length: f32,
}

impl<'a> MapJob<'a> {
    pub fn new(
        tensors: &HostTensors<'a>,
        acceleration: &'a Acceleration,
        config: &'a TraceConfig,
        at: [usize; 3],
    ) -> Self {
        let [frequency, transmitter, _] = at;
        let wavenumber = tensors.wavenumber.values[frequency];
        let rng = CounterRng::new(config.seed, transmitter as u32);
        let source = tensors.source(&config.antennas[transmitter], at).seen_from(acceleration.center);
        Self {
            acceleration,
            config,
            materials: materials(tensors.materials.at(&[frequency]), wavenumber),
            source,
            planes: planes(tensors.surface.values, config, acceleration.center),
            lattice: FibonacciLattice::new(config.samples_per_tx, &rng),
            rng,
            wavelengths_per_metre: wavenumber / std::f32::consts::TAU,
            friis_length: 0.5 / wavenumber,
        }
    }
}

/// Materials from their rows at a wavenumber \[rad/m\].
pub(super) fn materials(rows: &[f32], wavenumber: f32) -> Vec<SlabMaterial> {
    let material = |row: &[f32]| SlabMaterial {
        eta: Complex { re: row[0], im: row[1] },
        thickness_over_wavelength: row[2] * wavenumber / std::f32::consts::TAU,
        scattering: row[3],
    };
    rows.chunks_exact(MATERIAL_COLUMNS).map(material).collect()
}

fn planes(rows: &[f32], config: &TraceConfig, center: Vec3) -> Vec<Plane> {
    let mut first_cell = 0;
    let plane = |(rows, &grid): (&[f32], _)| {
        let plane = Plane::new(rows, grid, first_cell).seen_from(center);
        first_cell += grid.num_cells();
        plane
    };
    rows.chunks_exact(9).zip(&config.planes).map(plane).collect()
}
