//! Leading a batch through the interactions of its sequences.

use emberwave_physics::{Complex, Field, Incidence, reflect_direction, slab_coefficients};
use multiversion::multiversion;

use super::super::batch::{BATCH_SIZE, Batch, row};
use super::super::interact::{Contacts, Outcome};
use super::CoverageJob;
use super::patches::Run;
use crate::coverage::Step;

/// The interactions of every run of a batch, first to last.
#[derive(Debug, Default)]
pub(super) struct Itinerary {
    /// `[depth][run]`; twice the wall's number, plus one for a reflection.
    codes: Vec<u32>,
}

impl Itinerary {
    /// Walks back from the sequences of the runs, which have `depth` interactions each.
    pub fn plan(&mut self, steps: &[Step], runs: &[Run], depth: usize) {
        self.codes.clear();
        self.codes.resize(depth * runs.len(), 0);
        for (place, run) in runs.iter().enumerate() {
            let mut sequence = run.sequence;
            for before in (0..depth).rev() {
                let step = steps[sequence as usize];
                self.codes[before * runs.len() + place] = step.code;
                sequence = step.parent;
            }
        }
    }

    /// The wall that a run, by its place among so many, meets after `before` interactions.
    pub fn wall(&self, num_runs: usize, before: usize, run: usize) -> u32 {
        self.codes[before * num_runs + run] >> 1
    }

    /// Fills in what the batch meets after `before` interactions.
    pub fn meet(&self, job: &CoverageJob<'_>, runs: &[Run], before: usize, contacts: &mut Contacts) {
        for (run, &code) in runs.iter().zip(&self.codes[before * runs.len()..]) {
            let wall = &job.coverage.walls[(code >> 1) as usize];
            let material = &job.materials[wall.material as usize];
            let reflected = code & 1 == 1;
            let outcome = if reflected { Outcome::Reflected } else { Outcome::Transmitted };
            let share = if reflected { 1.0 - material.scattering * material.scattering } else { 1.0 };
            let places = run.places.clone();
            for axis in 0..3 {
                contacts.normal[axis][places.clone()].fill(wall.normal[axis]);
            }
            contacts.eta_re[places.clone()].fill(material.eta.re);
            contacts.eta_im[places.clone()].fill(material.eta.im);
            contacts.thickness_over_wavelength[places.clone()].fill(material.thickness_over_wavelength);
            contacts.scattering[places.clone()].fill(material.scattering);
            contacts.material[places.clone()].fill(wall.material);
            contacts.factor[places.clone()].fill(share.sqrt());
            contacts.outcome[places].fill(outcome);
        }
    }
}

/// Carries fields and directions through what they meet.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub(super) fn carry(contacts: &Contacts, batch: &mut Batch) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let (k, n) = (row(&batch.direction, i), row(&contacts.normal, i));
        let incidence = Incidence::new(k, n);
        let eta = Complex::new(contacts.eta_re[i], contacts.eta_im[i]);
        let slab = slab_coefficients(eta, incidence.cos_theta, contacts.thickness_over_wavelength[i]);
        let field = Field { re: row(&batch.field_re, i), im: row(&batch.field_im, i) };
        let (reflected, transmitted) = (incidence.reflect(&field, &slab), incidence.transmit(&field, &slab));
        let mirrored = reflect_direction(k, n);
        let is_reflected = contacts.outcome[i] == Outcome::Reflected;
        let factor = contacts.factor[i];
        for axis in 0..3 {
            let (re, im) = if is_reflected {
                (reflected.re[axis], reflected.im[axis])
            } else {
                (transmitted.re[axis], transmitted.im[axis])
            };
            batch.field_re[axis][i] = re * factor;
            batch.field_im[axis][i] = im * factor;
            batch.direction[axis][i] = if is_reflected { mirrored[axis] } else { k[axis] };
        }
    }
}
