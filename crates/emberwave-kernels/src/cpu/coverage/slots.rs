//! What one tile of fragments needs, and what it leaves on the way forward.

use std::sync::OnceLock;

use super::super::accumulate::Layout;
use super::super::batch::Batch;
use super::super::deposit::Deposits;
use super::CoverageJob;
use super::follow::{Meeting, Passage, carry, plan};
use super::patches::Patches;
use super::slopes::{Buffers, TileSlopes};
use super::tiles::FragmentBatch;

/// Buffers for fragments of one sequence.
#[derive(Debug)]
pub(super) struct Workspace {
    pub patches: Box<Patches>,
    pub batch: Box<Batch>,
    /// What they meet, first to last.
    pub meetings: Vec<Meeting>,
    /// What happens there; forward alone, the last of it.
    pub passages: Vec<Box<Passage>>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            patches: Patches::new(),
            batch: Batch::new(),
            meetings: Vec::new(),
            passages: vec![Passage::new()],
        }
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
            carry(meeting, &mut self.batch, &mut self.passages[0]);
        }
    }

    /// The same, keeping what happens at each.
    pub fn follow_noting(&mut self) {
        let Self { batch, meetings, passages, .. } = self;
        if passages.len() < meetings.len() {
            passages.resize_with(meetings.len(), Passage::new);
        }
        for (meeting, passage) in meetings.iter().zip(passages) {
            carry(meeting, batch, passage);
        }
    }
}

/// What a tile leaves on the way forward.
#[derive(Debug, Default)]
pub(super) struct ForwardSlot {
    deposits: Deposits,
}

impl ForwardSlot {
    /// Evaluates one tile, and leaves its slopes where they are to be kept; returns the number of ray queries, of which
    /// there are none.
    pub fn evaluate(
        &mut self,
        job: &CoverageJob<'_>,
        buffers: &mut Buffers,
        tile: u64,
        layout: Layout,
        kept: Option<&OnceLock<TileSlopes>>,
    ) -> u64 {
        let batches = job.tiles.batches(tile);
        let pieces = batches.iter().flat_map(|batch| &job.transmitter.pieces[batch.range.clone()]);
        self.deposits.expect(pieces.map(|piece| piece.cell), job.detailed, layout);
        let mut slopes = kept.map(|_| TileSlopes::default());
        for fragments in job.runs(tile) {
            buffers.workspace.launch(job, &fragments);
            match &mut slopes {
                Some(slopes) => buffers.follow(&fragments.range, slopes),
                None => buffers.workspace.follow(),
            }
            let Workspace { patches, batch, .. } = &mut buffers.workspace;
            patches.deposit(batch, layout, &mut self.deposits);
        }
        if let (Some(kept), Some(slopes)) = (kept, slopes) {
            // Every tile is evaluated once.
            let _ = kept.set(slopes);
        }
        0
    }

    pub fn deposits(&self) -> &Deposits {
        &self.deposits
    }
}
