//! Leading fragments through the interactions of their sequence.

use emberwave_physics::{
    Bending, Complex, Field, Incidence, SlabEvaluation, SlabWaves, reflect_direction, slab_propagation,
    slab_root,
};
use multiversion::multiversion;

use super::super::batch::{BATCH_SIZE, Batch, Column, row};
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

/// A complex number for every ray: real and imaginary parts.
type ComplexColumn = [Column<f32>; 2];

/// What happens at an interaction, step by step, and the fields before it.
///
/// Each step is a loop of its own: a processor has as many rays under way as instructions fit its window, and one loop
/// over all of it would wait for every root and every quotient.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Passage {
    field_re: [Column<f32>; 3],
    field_im: [Column<f32>; 3],
    direction: [Column<f32>; 3],
    /// The vectors s.
    s: [Column<f32>; 3],
    cos_theta: Column<f32>,
    root: ComplexColumn,
    phasor: ComplexColumn,
    contrast: ComplexColumn,
    /// 1/D of TE and TM.
    inverses: [ComplexColumn; 2],
}

impl Passage {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            field_re: [zero; 3],
            field_im: [zero; 3],
            direction: [zero; 3],
            s: [zero; 3],
            cos_theta: zero,
            root: [zero; 2],
            phasor: [zero; 2],
            contrast: [zero; 2],
            inverses: [[zero; 2]; 2],
        })
    }

    #[inline(always)]
    fn incidence(&self, meeting: &Meeting, i: usize) -> Incidence<f32> {
        Incidence { cos_theta: self.cos_theta[i], s: row(&self.s, i), n: meeting.normal }
    }

    #[inline(always)]
    fn waves(&self, i: usize) -> SlabWaves<f32> {
        SlabWaves {
            root: number(&self.root, i),
            phasor: number(&self.phasor, i),
            contrast: number(&self.contrast, i),
        }
    }
}

#[inline(always)]
fn number(columns: &ComplexColumn, i: usize) -> Complex<f32> {
    Complex::new(columns[0][i], columns[1][i])
}

#[inline(always)]
fn set(columns: &mut ComplexColumn, i: usize, value: Complex<f32>) {
    (columns[0][i], columns[1][i]) = (value.re, value.im);
}

/// Carries fields and directions through what they meet, with a note of what was before.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn carry(meeting: &Meeting, batch: &mut Batch, passage: &mut Passage) {
    let slab = meeting.slab;
    let len = batch.len.min(BATCH_SIZE);
    for i in 0..len {
        let direction = row(&batch.direction, i);
        let incidence = Incidence::new(direction, meeting.normal);
        passage.cos_theta[i] = incidence.cos_theta;
        let mirrored = reflect_direction(direction, meeting.normal);
        for axis in 0..3 {
            passage.direction[axis][i] = direction[axis];
            passage.s[axis][i] = incidence.s[axis];
            batch.direction[axis][i] = if meeting.is_reflected { mirrored[axis] } else { direction[axis] };
        }
    }
    for i in 0..len {
        set(&mut passage.root, i, slab_root(slab.eta, passage.cos_theta[i]));
    }
    for i in 0..len {
        let (phasor, contrast) = slab_propagation(number(&passage.root, i), slab.thickness_over_wavelength);
        set(&mut passage.phasor, i, phasor);
        set(&mut passage.contrast, i, contrast);
    }
    // One loop per outcome, so that each computes nothing of the other.
    if meeting.is_reflected {
        for i in 0..len {
            cross::<true>(meeting, batch, passage, i);
        }
    } else {
        for i in 0..len {
            cross::<false>(meeting, batch, passage, i);
        }
    }
}

/// The field of one ray after the interaction.
#[inline(always)]
fn cross<const REFLECTED: bool>(meeting: &Meeting, batch: &mut Batch, passage: &mut Passage, i: usize) {
    let incidence = passage.incidence(meeting, i);
    let field = Field { re: row(&batch.field_re, i), im: row(&batch.field_im, i) };
    let SlabMaterial { eta, thickness_over_wavelength, .. } = meeting.slab;
    let slab =
        SlabEvaluation::from_waves(eta, incidence.cos_theta, thickness_over_wavelength, passage.waves(i));
    let [te, tm] = slab.inverses();
    set(&mut passage.inverses[0], i, te);
    set(&mut passage.inverses[1], i, tm);
    // The compiler drops the coefficients that nobody asks for.
    let coefficients = slab.coefficients();
    let after = if REFLECTED {
        incidence.reflect(&field, &coefficients)
    } else {
        incidence.transmit(&field, &coefficients)
    };
    for axis in 0..3 {
        passage.field_re[axis][i] = field.re[axis];
        passage.field_im[axis][i] = field.im[axis];
        batch.field_re[axis][i] = after.re[axis] * meeting.factor;
        batch.field_im[axis][i] = after.im[axis] * meeting.factor;
    }
}

/// Derivatives by the fields of fragments (∂L/∂Re, ∂L/∂Im) and their directions, and by what they met at the last
/// interaction.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Return {
    pub re: [Column<f32>; 3],
    pub im: [Column<f32>; 3],
    /// As free vectors, where they are followed.
    pub direction: [Column<f32>; 3],
    /// By Re η, Im η, d/λ and S.
    pub material: [Column<f32>; 4],
    pub normal: [Column<f32>; 3],
}

impl Return {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            re: [zero; 3],
            im: [zero; 3],
            direction: [zero; 3],
            material: [zero; 4],
            normal: [zero; 3],
        })
    }

    /// Starts at the ends of paths, given the derivatives by ‖E‖² there.
    pub fn start(&mut self, batch: &Batch, seeds: &Column<f32>) {
        let of_field = batch.field_re.iter().chain(&batch.field_im);
        for (by, field) in self.re.iter_mut().chain(&mut self.im).zip(of_field) {
            for ((by, field), seed) in by.iter_mut().zip(field).zip(seeds).take(batch.len) {
                *by = 2.0 * seed * field;
            }
        }
        // What depends on directions at the end is added at launch.
        self.direction.iter_mut().for_each(|column| column[..batch.len].fill(0.0));
    }
}

/// Takes the derivatives of the fields after an interaction to those before it, and to its material.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn go_back(meeting: &Meeting, passage: &Passage, len: usize, back: &mut Return) {
    let len = len.min(BATCH_SIZE);
    if meeting.is_reflected {
        for i in 0..len {
            go_back_ray::<true, false>(meeting, passage, i, back);
        }
    } else {
        for i in 0..len {
            go_back_ray::<false, false>(meeting, passage, i, back);
        }
    }
}

/// The same with the derivatives by directions and by the normal of what was met.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn bend_back(meeting: &Meeting, passage: &Passage, len: usize, back: &mut Return) {
    let len = len.min(BATCH_SIZE);
    if meeting.is_reflected {
        for i in 0..len {
            go_back_ray::<true, true>(meeting, passage, i, back);
        }
    } else {
        for i in 0..len {
            go_back_ray::<false, true>(meeting, passage, i, back);
        }
    }
}

#[inline(always)]
fn go_back_ray<const REFLECTED: bool, const BENDING: bool>(
    meeting: &Meeting,
    passage: &Passage,
    i: usize,
    back: &mut Return,
) {
    let field = Field { re: row(&passage.field_re, i), im: row(&passage.field_im, i) };
    let incidence = passage.incidence(meeting, i);
    let SlabMaterial { eta, thickness_over_wavelength, .. } = meeting.slab;
    let inverses = passage.inverses.each_ref().map(|columns| number(columns, i));
    let waves = passage.waves(i);
    let slab = SlabEvaluation::again(eta, incidence.cos_theta, thickness_over_wavelength, waves, inverses);
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
    if BENDING {
        let (k, n) = (row(&passage.direction, i), meeting.normal);
        let by_direction = row(&back.direction, i);
        let by_cosine = by_slab.cos_theta;
        let bending = if REFLECTED {
            let own = incidence.reflect_bending(k, &field, &coefficients, &after, by_cosine);
            own.plus(&Bending::of_mirrored(k, n, by_direction))
        } else {
            let own = incidence.transmit_bending(k, &field, &coefficients, &after, by_cosine);
            own.plus(&Bending { direction: by_direction, normal: [0.0; 3] })
        };
        for axis in 0..3 {
            back.direction[axis][i] = bending.direction[axis];
            back.normal[axis][i] = bending.normal[axis];
        }
    }
}
