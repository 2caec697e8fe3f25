//! Derivatives by the materials alone.
//!
//! All fragments of a sequence meet the same materials, so the derivatives by these are added up over the fragments
//! before anything is looked up.

use super::super::backward::add_sums;
use super::super::batch::{BATCH_SIZE, Column};
use super::super::statistics::MapCotangent;
use super::CoverageJob;
use super::follow::{Passage, Return, carry_noted, go_back};
use super::slots::Workspace;
use crate::inputs::MATERIAL_COLUMNS;

/// Buffers for the fragments of one sequence.
#[derive(Debug)]
pub(super) struct Buffers {
    workspace: Workspace,
    passages: Vec<Box<Passage>>,
    back: Box<Return>,
    seeds: Box<Column<f32>>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self {
            workspace: Workspace::default(),
            passages: Vec::new(),
            back: Return::new(),
            seeds: Box::new([0.0; BATCH_SIZE]),
        }
    }
}

impl Buffers {
    /// Leads the batch that was launched through all its interactions, keeping what was before each, and takes the
    /// derivatives by the fields at the end.
    fn go(&mut self, cotangent: &MapCotangent<'_>) {
        let Workspace { patches, batch, meetings } = &mut self.workspace;
        if self.passages.len() < meetings.len() {
            self.passages.resize_with(meetings.len(), Passage::new);
        }
        for (meeting, passage) in meetings.iter().zip(&mut self.passages) {
            carry_noted(meeting, batch, passage);
        }
        patches.pull_back(cotangent, &mut self.seeds);
        let of_field = batch.field_re.iter().chain(&batch.field_im);
        for (by, field) in self.back.re.iter_mut().chain(&mut self.back.im).zip(of_field) {
            for ((by, field), seed) in by.iter_mut().zip(field).zip(&*self.seeds).take(batch.len) {
                *by = 2.0 * seed * field;
            }
        }
    }

    /// Goes back through all interactions, adding the derivatives by their materials to `sums`.
    fn go_back(&mut self, wavelengths_per_metre: f32, sums: &mut [[f64; MATERIAL_COLUMNS]]) {
        let Workspace { patches, batch, meetings } = &self.workspace;
        for (meeting, passage) in meetings.iter().zip(&self.passages).rev() {
            go_back(meeting, passage, batch.len, &mut self.back);
            let [eta_re, eta_im, thickness, scattering] =
                self.back.material.each_ref().map(|column| total(&column[..patches.len()]));
            let sum = &mut sums[meeting.material as usize];
            sum[0] += eta_re;
            sum[1] += eta_im;
            sum[2] += thickness * f64::from(wavelengths_per_metre);
            sum[3] += scattering;
        }
    }
}

/// Σ, in eight sums side by side that the compiler keeps in vectors.
fn total(values: &[f32]) -> f64 {
    let (blocks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for block in blocks {
        for (sum, &value) in sums.iter_mut().zip(block) {
            *sum += f64::from(value);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&value| f64::from(value)).sum::<f64>()
}

/// The derivatives that a tile leaves.
#[derive(Debug, Default)]
pub(super) struct BackwardSlot {
    sums: Vec<[f64; MATERIAL_COLUMNS]>,
}

impl BackwardSlot {
    /// Sweeps one tile; returns the number of ray queries, of which there are none.
    pub fn sweep(
        &mut self,
        job: &CoverageJob<'_>,
        buffers: &mut Buffers,
        tile: u64,
        cotangent: &MapCotangent<'_>,
    ) -> u64 {
        self.sums.clear();
        self.sums.resize(job.materials.len(), [0.0; MATERIAL_COLUMNS]);
        for fragments in job.runs(tile) {
            // What meets nothing says nothing of materials.
            if fragments.depth > 0 {
                buffers.workspace.launch(job, &fragments);
                buffers.go(cotangent);
                buffers.go_back(job.wavelengths_per_metre, &mut self.sums);
            }
        }
        0
    }

    /// Adds this tile's derivatives.
    pub fn add_to(&self, materials: &mut [[f64; MATERIAL_COLUMNS]]) {
        add_sums(&self.sums, materials);
    }
}
