//! What one tile of fragments needs, and what it leaves on the way forward.

use std::sync::{Mutex, PoisonError};

use super::super::accumulate::Layout;
use super::super::batch::Batch;
use super::super::deposit::Deposits;
use super::super::statistics::MapCotangent;
use super::super::tape::Record;
use super::CoverageJob;
use super::follow::{Meeting, carry, plan};
use super::patches::Patches;
use super::tiles::FragmentBatch;

/// Buffers that tiles borrow: as many as there are threads, and not one per tile, stay in the caches.
#[derive(Debug, Default)]
pub(super) struct Spares<T>(Mutex<Vec<T>>);

impl<T: Default> Spares<T> {
    /// Lets a function work with buffers that nobody else has now.
    pub fn lend<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let spare = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut buffers = spare.unwrap_or_default();
        let result = work(&mut buffers);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffers);
        result
    }
}

/// Buffers for fragments of one sequence.
#[derive(Debug)]
pub(super) struct Workspace {
    pub patches: Box<Patches>,
    pub batch: Box<Batch>,
    /// What they meet, first to last.
    pub meetings: Vec<Meeting>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self { patches: Patches::new(), batch: Batch::new(), meetings: Vec::new() }
    }
}

impl Workspace {
    pub fn launch(&mut self, job: &CoverageJob<'_>, FragmentBatch { depth, range }: &FragmentBatch) {
        self.patches.launch(job, range, &mut self.batch);
        plan(job, job.transmitter.pieces[range.start].sequence, *depth, &mut self.meetings);
    }

    /// Leads the batch through all its interactions.
    pub fn follow(&mut self) {
        for meeting in &self.meetings {
            carry(meeting, &mut self.batch);
        }
    }

    /// The same with a record of each, and one of the end.
    pub fn write_records(&mut self, cotangent: &MapCotangent<'_>, records: &mut Vec<Box<Record>>) {
        let Self { patches, batch, meetings } = self;
        let depth = meetings.len();
        if records.len() <= depth {
            records.resize_with(depth + 1, Record::new);
        }
        for (record, meeting) in records.iter_mut().zip(meetings) {
            start_record(record, batch);
            // Every path goes through all of its sequence, and leaves something at its end alone.
            record.hits.extend(0..batch.len as u32);
            record.survivors.extend(0..patches.len() as u32);
            record.seeds.fill(0.0);
            record.direction = batch.direction;
            meeting.write(batch.len, &mut record.contacts);
            carry(meeting, batch);
        }
        start_record(&mut records[depth], batch);
        patches.pull_back(cotangent, &mut records[depth].seeds);
    }
}

fn start_record(record: &mut Record, batch: &Batch) {
    record.num_rays = batch.len;
    record.field_re = batch.field_re;
    record.field_im = batch.field_im;
    record.hits.clear();
    record.survivors.clear();
}

/// What a tile leaves on the way forward.
#[derive(Debug, Default)]
pub(super) struct ForwardSlot {
    deposits: Deposits,
}

impl ForwardSlot {
    /// Evaluates one tile; returns the number of ray queries, of which there are none.
    pub fn evaluate(
        &mut self,
        job: &CoverageJob<'_>,
        workspace: &mut Workspace,
        tile: u64,
        layout: Layout,
    ) -> u64 {
        let batches = job.tiles.batches(tile);
        let pieces = batches.iter().flat_map(|batch| &job.transmitter.pieces[batch.range.clone()]);
        self.deposits.expect(pieces.map(|piece| piece.cell), job.detailed, layout);
        for fragments in job.runs(tile) {
            workspace.launch(job, &fragments);
            workspace.follow();
            workspace.patches.deposit(&workspace.batch, layout, &mut self.deposits);
        }
        0
    }

    pub fn deposits(&self) -> &Deposits {
        &self.deposits
    }
}
