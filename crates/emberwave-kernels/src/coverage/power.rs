//! How much power goes where, as a guide for tubes.

use emberwave_geometry::tubes::PowerTable;
use emberwave_physics::{Complex, slab_coefficients};
use glam::Vec3;

use crate::config::Antenna;
use crate::cpu::HostTensors;
use crate::inputs::MATERIAL_COLUMNS;

/// Mean over both polarisations of |r|², times 1 − S², and of |t|², from material rows at the wavenumber.
pub(super) fn power_table(rows: &[f32], wavenumber: f32) -> PowerTable {
    let share = |material: usize, cosine: f32| {
        let row = &rows[material * MATERIAL_COLUMNS..];
        let thickness = row[2] * wavenumber / std::f32::consts::TAU;
        let slab = slab_coefficients(Complex::new(row[0], row[1]), cosine, thickness);
        let mean = |te: Complex<f32>, tm: Complex<f32>| 0.5 * (te.norm_sqr() + tm.norm_sqr());
        [mean(slab.r_te, slab.r_tm) * (1.0 - row[3] * row[3]), mean(slab.t_te, slab.t_tm)]
    };
    PowerTable::new(rows.len() / MATERIAL_COLUMNS, share)
}

/// The power that all beams of a transmitter radiate towards a direction at the first frequency, over that of an
/// isotropic transmitter.
pub(super) fn radiated_power<'a>(
    tensors: &HostTensors<'a>,
    antenna: &Antenna,
    transmitter: usize,
) -> impl Fn(Vec3) -> f32 + Sync + use<'a> {
    let num_beams = tensors.precoding.shape[1];
    let beams: Vec<_> = (0..num_beams).map(|beam| tensors.source(antenna, [0, transmitter, beam])).collect();
    move |direction| beams.iter().map(|beam| beam.power_towards(direction)).sum()
}
