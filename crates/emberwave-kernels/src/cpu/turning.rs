//! The part of the reverse sweep that follows directions: derivatives by the normals of what was met, and by the direction
//! at launch.

use emberwave_physics::{Bending, Complex, Field, Incidence, SlabEvaluation};
use multiversion::multiversion;

use super::backward::Sweep;
use super::batch::{BATCH_SIZE, Column, row};
use super::interact::Outcome;
use super::tape::Record;

/// Derivatives by the direction of every ray, and by the normal of what it met at the last interaction swept.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Turning {
    pub direction: [Column<f32>; 3],
    pub normal: [Column<f32>; 3],
}

impl Turning {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self { direction: [zero; 3], normal: [zero; 3] })
    }

    /// Directions at the end count for nothing here: what depends on them is added at launch.
    pub fn clear(&mut self) {
        self.direction.iter_mut().for_each(|column| column.fill(0.0));
    }

    /// Goes back through an interaction that all rays of a record have had; `sweep` holds the derivatives by the fields
    /// after it.
    pub fn pull_back(&mut self, record: &Record, sweep: &Sweep) {
        turn_back(record, sweep, self);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn turn_back(record: &Record, sweep: &Sweep, turning: &mut Turning) {
    for i in 0..record.num_rays.min(BATCH_SIZE) {
        let field = Field { re: row(&record.field_re, i), im: row(&record.field_im, i) };
        let (k, n) = (row(&record.direction, i), row(&record.contacts.normal, i));
        let incidence = Incidence::new(k, n);
        let eta = Complex::new(record.contacts.eta_re[i], record.contacts.eta_im[i]);
        let slab =
            SlabEvaluation::new(eta, incidence.cos_theta, record.contacts.thickness_over_wavelength[i]);
        let coefficients = slab.coefficients();
        let after = Field { re: row(&sweep.re, i), im: row(&sweep.im, i) }.scale(record.contacts.factor[i]);
        let by_direction = row(&turning.direction, i);
        let bending = if record.contacts.outcome[i] == Outcome::Reflected {
            let (_, by_slab) = incidence.reflect_adjoint(&field, &coefficients, &after);
            let by_cos = slab.adjoint(&by_slab).cos_theta;
            let own = incidence.reflect_bending(k, &field, &coefficients, &after, by_cos);
            own.plus(&Bending::of_mirrored(k, n, by_direction))
        } else {
            let (_, by_slab) = incidence.transmit_adjoint(&field, &coefficients, &after);
            let by_cos = slab.adjoint(&by_slab).cos_theta;
            let own = incidence.transmit_bending(k, &field, &coefficients, &after, by_cos);
            own.plus(&Bending { direction: by_direction, normal: [0.0; 3] })
        };
        for axis in 0..3 {
            turning.direction[axis][i] = bending.direction[axis];
            turning.normal[axis][i] = bending.normal[axis];
        }
    }
}
