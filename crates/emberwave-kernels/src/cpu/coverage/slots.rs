//! What one tile of fragments needs, forward and back.

use super::super::accumulate::Layout;
use super::super::backward::{Sweep, add_sums, sweep_back};
use super::super::batch::Batch;
use super::super::deposit::Deposits;
use super::super::interact::Contacts;
use super::super::statistics::MapCotangent;
use super::super::tape::Record;
use super::CoverageJob;
use super::follow::{Itinerary, carry};
use super::patches::Patches;
use super::tiles::FragmentBatch;
use crate::inputs::MATERIAL_COLUMNS;

/// Buffers for a batch.
#[derive(Debug)]
pub(super) struct Workspace {
    pub patches: Box<Patches>,
    pub batch: Box<Batch>,
    pub itinerary: Itinerary,
}

impl Default for Workspace {
    fn default() -> Self {
        Self { patches: Patches::new(), batch: Batch::new(), itinerary: Itinerary::default() }
    }
}

impl Workspace {
    pub fn launch(&mut self, job: &CoverageJob<'_>, fragments: &FragmentBatch) {
        self.patches.launch(job, &fragments.range, &mut self.batch);
        self.itinerary.plan(&job.transmitter.steps, &self.patches.runs, fragments.depth);
    }
}

impl Workspace {
    /// Leads the batch through all its interactions.
    pub fn follow(&mut self, job: &CoverageJob<'_>, depth: usize, contacts: &mut Contacts) {
        for before in 0..depth {
            self.itinerary.meet(job, &self.patches.runs, before, contacts);
            carry(contacts, &mut self.batch);
        }
    }

    /// The same with a record of each, and one of the end.
    pub fn write_records(
        &mut self,
        job: &CoverageJob<'_>,
        depth: usize,
        cotangent: &MapCotangent<'_>,
        records: &mut Vec<Box<Record>>,
    ) {
        if records.len() <= depth {
            records.resize_with(depth + 1, Record::new);
        }
        let Self { patches, batch, itinerary } = self;
        for (before, record) in records[..=depth].iter_mut().enumerate() {
            record.num_rays = batch.len;
            record.field_re = batch.field_re;
            record.field_im = batch.field_im;
            record.hits.clear();
            record.survivors.clear();
            if before == depth {
                patches.pull_back(cotangent, &mut record.seeds);
                return;
            }
            // Every path goes through all of its sequence, and leaves something at its end alone.
            record.hits.extend(0..batch.len as u32);
            record.survivors.extend(0..batch.len as u32);
            record.seeds.fill(0.0);
            record.direction = batch.direction;
            itinerary.meet(job, &patches.runs, before, &mut record.contacts);
            carry(&record.contacts, batch);
        }
    }
}

/// What a tile needs on the way forward.
#[derive(Debug)]
pub(super) struct ForwardSlot {
    workspace: Workspace,
    contacts: Box<Contacts>,
    deposits: Deposits,
}

impl Default for ForwardSlot {
    fn default() -> Self {
        Self {
            workspace: Workspace::default(),
            contacts: Box::new(Contacts::new()),
            deposits: Deposits::default(),
        }
    }
}

impl ForwardSlot {
    /// Evaluates one tile; returns the number of ray queries, of which there are none.
    pub fn evaluate(&mut self, job: &CoverageJob<'_>, tile: u64, layout: Layout) -> u64 {
        self.deposits.clear();
        for fragments in job.tiles.batches(tile) {
            self.workspace.launch(job, fragments);
            self.workspace.follow(job, fragments.depth, &mut self.contacts);
            let Workspace { patches, batch, .. } = &mut self.workspace;
            patches.deposit(batch, job.detailed, &mut self.deposits);
        }
        self.deposits.sort_into(layout);
        0
    }

    pub fn deposits(&self) -> &Deposits {
        &self.deposits
    }
}

/// What a tile needs on the way back, and the derivatives it leaves.
#[derive(Debug, Default)]
pub(super) struct BackwardSlot {
    workspace: Workspace,
    records: Vec<Box<Record>>,
    sweep: Option<Box<Sweep>>,
    sums: Vec<[f64; MATERIAL_COLUMNS]>,
}

impl BackwardSlot {
    /// Sweeps one tile; returns the number of ray queries, of which there are none.
    pub fn sweep(&mut self, job: &CoverageJob<'_>, tile: u64, cotangent: &MapCotangent<'_>) -> u64 {
        self.sums.clear();
        self.sums.resize(job.materials.len(), [0.0; MATERIAL_COLUMNS]);
        for fragments in job.tiles.batches(tile) {
            self.workspace.launch(job, fragments);
            self.workspace.write_records(job, fragments.depth, cotangent, &mut self.records);
            let sweep = self.sweep.get_or_insert_with(Sweep::new);
            let records = &self.records[..=fragments.depth];
            sweep_back(records, sweep, job.wavelengths_per_metre, &mut self.sums);
        }
        0
    }

    /// Adds this tile's derivatives.
    pub fn add_to(&self, materials: &mut [[f64; MATERIAL_COLUMNS]]) {
        add_sums(&self.sums, materials);
    }
}
