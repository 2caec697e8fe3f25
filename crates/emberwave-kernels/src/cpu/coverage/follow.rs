//! Leading fragments through the interactions of their sequence.

use emberwave_physics::{Complex, Field, Incidence, SlabEvaluation, SlabWaves, reflect_direction};
use multiversion::multiversion;

use super::super::batch::{BATCH_SIZE, Batch, Column, row};
use super::super::interact::{Contacts, Outcome};
use super::super::job::SlabMaterial;
use super::CoverageJob;

/// An interaction that all fragments of a sequence have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting {
    pub wall: u32,
    pub normal: [f32; 3],
    /// Index of the material.
    pub material: u32,
    pub slab: SlabMaterial,
    /// Amplitude factor: √(1 − S²) for reflections, else 1.
    pub factor: f32,
    pub is_reflected: bool,
}

impl Meeting {
    /// From the code of a step.
    fn new(job: &CoverageJob<'_>, code: u32) -> Self {
        let wall = &job.coverage.walls[(code >> 1) as usize];
        let slab = job.materials[wall.material as usize];
        let is_reflected = code & 1 == 1;
        let share = if is_reflected { 1.0 - slab.scattering * slab.scattering } else { 1.0 };
        Self {
            wall: code >> 1,
            normal: wall.normal.to_array(),
            material: wall.material,
            slab,
            factor: share.sqrt(),
            is_reflected,
        }
    }

    /// Fills in the contacts of so many rays.
    pub fn write(&self, len: usize, contacts: &mut Contacts) {
        for (column, value) in contacts.normal.iter_mut().zip(self.normal) {
            column[..len].fill(value);
        }
        contacts.eta_re[..len].fill(self.slab.eta.re);
        contacts.eta_im[..len].fill(self.slab.eta.im);
        contacts.thickness_over_wavelength[..len].fill(self.slab.thickness_over_wavelength);
        contacts.scattering[..len].fill(self.slab.scattering);
        contacts.material[..len].fill(self.material);
        contacts.factor[..len].fill(self.factor);
        let outcome = if self.is_reflected { Outcome::Reflected } else { Outcome::Transmitted };
        contacts.outcome[..len].fill(outcome);
    }

    /// The slab where a wave meets it.
    #[inline(always)]
    pub fn evaluation(&self, cos_theta: f32) -> SlabEvaluation<f32> {
        SlabEvaluation::new(self.slab.eta, cos_theta, self.slab.thickness_over_wavelength)
    }

    /// The same from what was kept of it.
    #[inline(always)]
    fn evaluation_again(&self, cos_theta: f32, waves: SlabWaves<f32>) -> SlabEvaluation<f32> {
        SlabEvaluation::again(self.slab.eta, cos_theta, self.slab.thickness_over_wavelength, waves)
    }
}

/// Plans the interactions of a sequence, first to last.
pub(super) fn plan(job: &CoverageJob<'_>, mut sequence: u32, depth: usize, meetings: &mut Vec<Meeting>) {
    meetings.clear();
    for _ in 0..depth {
        let step = job.transmitter.steps[sequence as usize];
        meetings.push(Meeting::new(job, step.code));
        sequence = step.parent;
    }
    meetings.reverse();
}

/// Fields before an interaction and the planes of incidence there.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Passage {
    pub field_re: [Column<f32>; 3],
    pub field_im: [Column<f32>; 3],
    /// The vectors s.
    pub s: [Column<f32>; 3],
    pub cos_theta: Column<f32>,
    /// Root, phasor and contrast at the slabs: real and imaginary parts.
    waves: [Column<f32>; 6],
}

impl Passage {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            field_re: [zero; 3],
            field_im: [zero; 3],
            s: [zero; 3],
            cos_theta: zero,
            waves: [zero; 6],
        })
    }
}

/// Carries fields and directions through what they meet.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn carry(meeting: &Meeting, batch: &mut Batch) {
    // One loop per outcome, so that each computes nothing of the other.
    if meeting.is_reflected {
        for i in 0..batch.len.min(BATCH_SIZE) {
            carry_ray::<true>(meeting, batch, i);
        }
    } else {
        for i in 0..batch.len.min(BATCH_SIZE) {
            carry_ray::<false>(meeting, batch, i);
        }
    }
}

/// The same with a note of what was before.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn carry_noted(meeting: &Meeting, batch: &mut Batch, passage: &mut Passage) {
    if meeting.is_reflected {
        for i in 0..batch.len.min(BATCH_SIZE) {
            note::<true>(meeting, batch, passage, i);
        }
    } else {
        for i in 0..batch.len.min(BATCH_SIZE) {
            note::<false>(meeting, batch, passage, i);
        }
    }
}

#[inline(always)]
fn note<const REFLECTED: bool>(meeting: &Meeting, batch: &mut Batch, passage: &mut Passage, i: usize) {
    for axis in 0..3 {
        passage.field_re[axis][i] = batch.field_re[axis][i];
        passage.field_im[axis][i] = batch.field_im[axis][i];
    }
    let (incidence, slab) = carry_ray::<REFLECTED>(meeting, batch, i);
    for axis in 0..3 {
        passage.s[axis][i] = incidence.s[axis];
    }
    passage.cos_theta[i] = incidence.cos_theta;
    let SlabWaves { root, phasor, contrast } = slab.waves();
    let numbers = [root.re, root.im, phasor.re, phasor.im, contrast.re, contrast.im];
    for (column, number) in passage.waves.iter_mut().zip(numbers) {
        column[i] = number;
    }
}

#[inline(always)]
fn carry_ray<const REFLECTED: bool>(
    meeting: &Meeting,
    batch: &mut Batch,
    i: usize,
) -> (Incidence<f32>, SlabEvaluation<f32>) {
    let direction = row(&batch.direction, i);
    let incidence = Incidence::new(direction, meeting.normal);
    let field = Field { re: row(&batch.field_re, i), im: row(&batch.field_im, i) };
    // The compiler drops the coefficients that nobody asks for.
    let slab = meeting.evaluation(incidence.cos_theta);
    let coefficients = slab.coefficients();
    let after = if REFLECTED {
        incidence.reflect(&field, &coefficients)
    } else {
        incidence.transmit(&field, &coefficients)
    };
    let mirrored = reflect_direction(direction, meeting.normal);
    for axis in 0..3 {
        batch.field_re[axis][i] = after.re[axis] * meeting.factor;
        batch.field_im[axis][i] = after.im[axis] * meeting.factor;
        batch.direction[axis][i] = if REFLECTED { mirrored[axis] } else { direction[axis] };
    }
    (incidence, slab)
}

/// Derivatives by the fields of fragments (∂L/∂Re, ∂L/∂Im), and by the material of the last interaction.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Return {
    pub re: [Column<f32>; 3],
    pub im: [Column<f32>; 3],
    /// By Re η, Im η, d/λ and S.
    pub material: [Column<f32>; 4],
}

impl Return {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self { re: [zero; 3], im: [zero; 3], material: [zero; 4] })
    }
}

/// Takes the derivatives of the fields after an interaction to those before it, and to its material.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn go_back(meeting: &Meeting, passage: &Passage, len: usize, back: &mut Return) {
    if meeting.is_reflected {
        for i in 0..len.min(BATCH_SIZE) {
            go_back_ray::<true>(meeting, passage, i, back);
        }
    } else {
        for i in 0..len.min(BATCH_SIZE) {
            go_back_ray::<false>(meeting, passage, i, back);
        }
    }
}

#[inline(always)]
fn go_back_ray<const REFLECTED: bool>(meeting: &Meeting, passage: &Passage, i: usize, back: &mut Return) {
    let field = Field { re: row(&passage.field_re, i), im: row(&passage.field_im, i) };
    let incidence = Incidence { cos_theta: passage.cos_theta[i], s: row(&passage.s, i), n: meeting.normal };
    let [root_re, root_im, phasor_re, phasor_im, contrast_re, contrast_im] = &passage.waves;
    let root = Complex::new(root_re[i], root_im[i]);
    let phasor = Complex::new(phasor_re[i], phasor_im[i]);
    let contrast = Complex::new(contrast_re[i], contrast_im[i]);
    let slab = meeting.evaluation_again(incidence.cos_theta, SlabWaves { root, phasor, contrast });
    let coefficients = slab.coefficients();
    let after = Field { re: row(&back.re, i), im: row(&back.im, i) }.scale(meeting.factor);
    let (before, by_slab) = if REFLECTED {
        let (before, by) = incidence.reflect_adjoint(&field, &coefficients, &after);
        (before, slab.reflection_adjoint(by.r_te, by.r_tm))
    } else {
        let (before, by) = incidence.transmit_adjoint(&field, &coefficients, &after);
        (before, slab.transmission_adjoint(by.t_te, by.t_tm))
    };
    for axis in 0..3 {
        back.re[axis][i] = before.re[axis];
        back.im[axis][i] = before.im[axis];
    }
    back.material[0][i] = by_slab.eta.re;
    back.material[1][i] = by_slab.eta.im;
    back.material[2][i] = by_slab.thickness_over_wavelength;
    if REFLECTED {
        // ∂L/∂ ln √(1 − S²) is the derivative along the field itself, the same after the interaction and before.
        let (s, by_log) = (meeting.slab.scattering, field.conj_dot(&before).re);
        back.material[3][i] = -by_log * s / (1.0 - s * s).max(f32::MIN_POSITIVE);
    } else {
        back.material[3][i] = 0.0;
    }
}
