//! The reverse sweep: derivatives of a loss by the materials.
//!
//! With Ẽ_k the field after k interactions, Ẽ_k = f_k M_k Ẽ_{k−1} (f the amplitude factor, in which the probabilities of
//! event and roulette are constants), and a deposit w‖Ẽ‖² with the derivative ḡ of the loss by it,
//! $$ \lambda_{k-1} = f_k M_k^H \lambda_k + \sum_h 2 \bar g_h w_h \tilde E_{k-1}. $$
//! A batch is traced once more, writing a record per interaction, and swept from the last to the first; memory depends
//! on the depth and the size of a batch, not on the number of rays.

use emberwave_physics::{Complex, Field, Incidence, SlabCoefficients, SlabEvaluation};
use multiversion::multiversion;

use super::batch::{BATCH_SIZE, Column, row};
use super::interact::Outcome;
use super::job::MapJob;
use super::propagate::Workspace;
use super::statistics::MapCotangent;
use super::tape::Record;
use crate::inputs::MATERIAL_COLUMNS;

/// What one tile needs on the way back, and the derivatives it leaves.
#[derive(Debug, Default)]
pub(super) struct BackwardSlot {
    workspace: Workspace,
    records: Vec<Box<Record>>,
    sweep: Option<Box<Sweep>>,
    sums: Vec<[f64; MATERIAL_COLUMNS]>,
}

/// Derivatives by the field of every ray (∂L/∂Re, ∂L/∂Im), and by what it met at the last interaction swept.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Sweep {
    pub re: [Column<f32>; 3],
    pub im: [Column<f32>; 3],
    eta_re: Column<f32>,
    eta_im: Column<f32>,
    thickness_over_wavelength: Column<f32>,
    scattering: Column<f32>,
}

impl Sweep {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            re: [zero; 3],
            im: [zero; 3],
            eta_re: zero,
            eta_im: zero,
            thickness_over_wavelength: zero,
            scattering: zero,
        })
    }

    /// Starts behind the last interaction.
    pub fn clear(&mut self) {
        for column in self.re.iter_mut().chain(&mut self.im) {
            column.fill(0.0);
        }
    }

    /// Goes back through one interaction and what was left before it, adding the derivatives by materials to `sums`.
    pub fn step_back(
        &mut self,
        record: &Record,
        wavelengths_per_metre: f32,
        sums: &mut [[f64; MATERIAL_COLUMNS]],
    ) {
        self.scatter_to(&record.survivors);
        pull_back(record, self);
        collect(record, self, wavelengths_per_metre, sums);
        self.scatter_to(&record.hits);
        add_seeds(record, self);
    }

    /// Moves the columns from the places of survivors to those of the rays they were chosen from.
    fn scatter_to(&mut self, places: &[u32]) {
        for column in self.re.iter_mut().chain(&mut self.im) {
            let survivors = *column;
            column.fill(0.0);
            for (&value, &place) in survivors.iter().zip(places) {
                column[place as usize] = value;
            }
        }
    }
}

impl BackwardSlot {
    /// Sweeps one tile; returns the number of ray queries made.
    pub fn trace(&mut self, job: &MapJob<'_>, tile: u64, cotangent: &MapCotangent<'_>) -> u64 {
        let Self { workspace, records, sweep, sums } = self;
        records.resize_with(job.config.max_depth as usize + 1, Record::new);
        sums.clear();
        sums.resize(job.materials.len(), [0.0; MATERIAL_COLUMNS]);
        let sweep = sweep.get_or_insert_with(Sweep::new);
        workspace.for_each_batch(job, tile, |workspace| {
            let (depths, queries) = write_records(workspace, job, cotangent, records);
            sweep_back(&records[..depths], sweep, job.wavelengths_per_metre, sums);
            queries
        })
    }

    /// Adds this tile's derivatives.
    pub fn add_to(&self, materials: &mut [[f64; MATERIAL_COLUMNS]]) {
        add_sums(&self.sums, materials);
    }
}

/// Adds derivatives by materials to others.
pub(super) fn add_sums(sums: &[[f64; MATERIAL_COLUMNS]], materials: &mut [[f64; MATERIAL_COLUMNS]]) {
    for (material, sum) in materials.iter_mut().zip(sums) {
        for (total, part) in material.iter_mut().zip(sum) {
            *total += part;
        }
    }
}

/// Traces the batch that was launched, writing a record per segment; returns how many, and the ray queries.
fn write_records(
    workspace: &mut Workspace,
    job: &MapJob<'_>,
    cotangent: &MapCotangent<'_>,
    records: &mut [Box<Record>],
) -> (usize, u64) {
    let mut queries = 0;
    for (depth, record) in records.iter_mut().enumerate() {
        if workspace.batch.len == 0 {
            return (depth, queries);
        }
        queries += workspace.find_hits(job, depth as u32);
        let batch = &mut workspace.batch;
        record.num_rays = batch.len;
        record.field_re = batch.field_re;
        record.field_im = batch.field_im;
        record.hits.clear();
        record.survivors.clear();
        if depth > 0 || job.config.events.los {
            workspace.crossings.pull_back(job, batch, cotangent, &mut record.seeds);
            workspace.advance_surface_length(job);
        } else {
            record.seeds.fill(0.0);
        }
        if depth < job.config.max_depth as usize {
            workspace.surfaces.interact(job, depth as u32, &mut workspace.batch, Some(record));
        }
    }
    (records.len(), queries)
}

/// Sweeps the records of a batch from the last to the first, adding the derivatives by materials to `sums`.
pub(super) fn sweep_back(
    records: &[Box<Record>],
    sweep: &mut Sweep,
    wavelengths_per_metre: f32,
    sums: &mut [[f64; MATERIAL_COLUMNS]],
) {
    sweep.clear();
    for record in records.iter().rev() {
        sweep.step_back(record, wavelengths_per_metre, sums);
    }
}

/// Replaces the derivatives by the fields after the interactions by those before, and finds those by the materials.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn pull_back(record: &Record, sweep: &mut Sweep) {
    for i in 0..record.hits.len().min(BATCH_SIZE) {
        let place = record.hits[i] as usize % BATCH_SIZE;
        let field = Field { re: row(&record.field_re, place), im: row(&record.field_im, place) };
        let incidence = Incidence::new(row(&record.direction, i), row(&record.contacts.normal, i));
        let eta = Complex::new(record.contacts.eta_re[i], record.contacts.eta_im[i]);
        let slab =
            SlabEvaluation::new(eta, incidence.cos_theta, record.contacts.thickness_over_wavelength[i]);
        let coefficients = slab.coefficients();
        let is_reflected = record.contacts.outcome[i] == Outcome::Reflected;
        let after = Field { re: row(&sweep.re, i), im: row(&sweep.im, i) }.scale(record.contacts.factor[i]);
        let (by_field_r, by_slab_r) = incidence.reflect_adjoint(&field, &coefficients, &after);
        let (by_field_t, by_slab_t) = incidence.transmit_adjoint(&field, &coefficients, &after);
        let choose = |a: Complex<f32>, b: Complex<f32>| if is_reflected { a } else { b };
        let by_slab = slab.adjoint(&SlabCoefficients {
            r_te: choose(by_slab_r.r_te, Complex::ZERO),
            r_tm: choose(by_slab_r.r_tm, Complex::ZERO),
            t_te: choose(Complex::ZERO, by_slab_t.t_te),
            t_tm: choose(Complex::ZERO, by_slab_t.t_tm),
        });
        // ∂L/∂ ln √(1 − S²) is the derivative along the field itself.
        let by_log = incidence.reflect(&field, &coefficients).conj_dot(&after).re;
        let s = record.contacts.scattering[i];
        let by_scattering = -by_log * s / (1.0 - s * s).max(f32::MIN_POSITIVE);
        sweep.eta_re[i] = by_slab.eta.re;
        sweep.eta_im[i] = by_slab.eta.im;
        sweep.thickness_over_wavelength[i] = by_slab.thickness_over_wavelength;
        sweep.scattering[i] = if is_reflected { by_scattering } else { 0.0 };
        for axis in 0..3 {
            sweep.re[axis][i] = if is_reflected { by_field_r.re[axis] } else { by_field_t.re[axis] };
            sweep.im[axis][i] = if is_reflected { by_field_r.im[axis] } else { by_field_t.im[axis] };
        }
    }
}

/// Adds up the derivatives by the materials, ray after ray.
fn collect(record: &Record, sweep: &Sweep, wavelengths_per_metre: f32, sums: &mut [[f64; MATERIAL_COLUMNS]]) {
    // Rays that ended have derivatives of 0, but may have met a coefficient that is not finite.
    for &survivor in &record.survivors {
        let i = survivor as usize;
        let sum = &mut sums[record.contacts.material[i] as usize];
        sum[0] += f64::from(sweep.eta_re[i]);
        sum[1] += f64::from(sweep.eta_im[i]);
        sum[2] += f64::from(sweep.thickness_over_wavelength[i]) * f64::from(wavelengths_per_metre);
        sum[3] += f64::from(sweep.scattering[i]);
    }
}

/// Adds what the deposits before the interaction say of the field.
fn add_seeds(record: &Record, sweep: &mut Sweep) {
    for i in 0..record.num_rays {
        let seed = 2.0 * record.seeds[i];
        for axis in 0..3 {
            sweep.re[axis][i] += seed * record.field_re[axis][i];
            sweep.im[axis][i] += seed * record.field_im[axis][i];
        }
    }
}
