//! How much power goes where, as a guide for tubes.

use emberwave_geometry::tubes::PowerTable;
use emberwave_physics::{Complex, slab_coefficients};
use glam::Vec3;

use crate::config::Antenna;
use crate::cpu::Source;
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

/// A transmitter's numbers at one frequency.
pub(super) struct Sender<'a> {
    /// Position and rotation.
    pub row: &'a [f32],
    pub antenna: &'a Antenna,
    /// `[num_ports, 3]` \[m\].
    pub offsets: &'a [f32],
    /// `[num_beams, num_ports, 2]`.
    pub weights: &'a [f32],
    pub wavenumber: f32,
}

impl Sender<'_> {
    /// The power that all beams radiate towards a direction, over that of an isotropic transmitter.
    pub fn power(&self) -> impl Fn(Vec3) -> f32 + Sync + use<> {
        let per_beam = (self.offsets.len() / 3 * 2).max(1);
        let beam = |weights| Source::new(self.row, self.antenna, self.offsets, weights, self.wavenumber);
        let beams: Vec<Source> = self.weights.chunks_exact(per_beam).map(beam).collect();
        move |direction| beams.iter().map(|beam| beam.power_towards(direction)).sum()
    }
}
