//! Derivatives by the materials alone.
//!
//! What a fragment leaves, v, is a function of the materials it met; the derivative of a loss L by a material m is
//! Σ_f ∂L/∂v_f · ∂v_f/∂m. The slopes ∂v_f/∂m need no L, so they are found on the way forward, where the fields are at hand, and
//! kept where there is room; the way back is a sum of products. All fragments of a sequence meet the same materials, so
//! their slopes lie column by column.

use std::ops::Range;
use std::sync::OnceLock;

use super::super::backward::add_sums;
use super::super::batch::{BATCH_SIZE, Column};
use super::super::statistics::MapCotangent;
use super::CoverageJob;
use super::follow::{Return, go_back};
use super::slots::Workspace;
use crate::inputs::MATERIAL_COLUMNS;

/// By Re η, Im η, d/λ and S.
const COLUMNS: usize = 4;

/// What [`coverage_map`](crate::TraceOps::coverage_map) keeps for derivatives by materials alone: slopes by map and tile.
#[derive(Debug, Default)]
pub struct KeptSlopes(pub(super) OnceLock<Vec<Vec<TileSlopes>>>);

/// Where the tiles of a map leave their slopes.
pub(super) fn places(num_tiles: u64) -> Vec<OnceLock<TileSlopes>> {
    (0..num_tiles).map(|_| OnceLock::new()).collect()
}

impl KeptSlopes {
    /// Keeps what the tiles of every map have left; nobody else does.
    pub(super) fn keep(&self, maps: Vec<Vec<OnceLock<TileSlopes>>>) {
        let of_tile = |tile: OnceLock<TileSlopes>| tile.into_inner().unwrap_or_default();
        let of_map = |tiles: Vec<OnceLock<TileSlopes>>| tiles.into_iter().map(of_tile).collect();
        let _ = self.0.set(maps.into_iter().map(of_map).collect());
    }
}

/// The slopes of the fragments of a tile.
#[derive(Clone, Debug, Default)]
pub(super) struct TileSlopes {
    entries: Vec<SlopesByMaterial>,
    /// Entry after entry, column after column.
    values: Vec<f32>,
}

/// The slopes of some fragments of one sequence by one material.
#[derive(Clone, Debug)]
struct SlopesByMaterial {
    material: u32,
    pieces: Range<u32>,
}

impl TileSlopes {
    pub fn clear(&mut self) {
        self.entries.clear();
        self.values.clear();
    }

    /// Adds the slopes of fragments by what they met, to the entries from the `first` on.
    fn add(&mut self, material: u32, pieces: &Range<u32>, first: usize, columns: &[Column<f32>; COLUMNS]) {
        let length = pieces.len();
        let Some(at) = self.entries[first..].iter().position(|entry| entry.material == material) else {
            self.entries.push(SlopesByMaterial { material, pieces: pieces.clone() });
            columns.iter().for_each(|column| self.values.extend_from_slice(&column[..length]));
            return;
        };
        let start = self.values.len() - (self.entries.len() - first - at) * COLUMNS * length;
        for (sums, parts) in self.values[start..].chunks_exact_mut(length).zip(columns) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
    }
}

/// Buffers for the fragments of one sequence.
#[derive(Debug)]
pub(super) struct Buffers {
    pub workspace: Workspace,
    back: Box<Return>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self { workspace: Workspace::default(), back: Return::new() }
    }
}

impl Buffers {
    /// Leads the batch that was launched through all its interactions and lists the slopes of its fragments.
    pub fn follow(&mut self, pieces: &Range<usize>, slopes: &mut TileSlopes) {
        self.workspace.follow_noting();
        let Workspace { patches, batch, meetings, passages } = &self.workspace;
        self.back.start(batch, patches.gains());
        let pieces = pieces.start as u32..pieces.end as u32;
        let first = slopes.entries.len();
        for (meeting, passage) in meetings.iter().zip(passages).rev() {
            go_back(meeting, passage, batch.len, &mut self.back);
            slopes.add(meeting.material, &pieces, first, &self.back.material);
        }
    }
}

/// The derivatives that a tile leaves.
#[derive(Debug, Default)]
pub(super) struct BackwardSlot {
    sums: Vec<[f64; MATERIAL_COLUMNS]>,
}

impl BackwardSlot {
    /// Finds slopes and multiplies them; returns the number of ray queries, of which there are none.
    pub fn sweep(
        &mut self,
        job: &CoverageJob<'_>,
        (buffers, slopes): &mut (Buffers, TileSlopes),
        tile: u64,
        cotangent: &MapCotangent<'_>,
    ) -> u64 {
        slopes.clear();
        // What meets nothing says nothing of materials.
        for fragments in job.runs(tile).filter(|fragments| fragments.depth > 0) {
            buffers.workspace.launch(job, &fragments);
            buffers.follow(&fragments.range, slopes);
        }
        self.multiply(job, slopes, &mut buffers.workspace, cotangent)
    }

    /// Multiplies slopes that are known with the derivatives of the loss; no ray queries either.
    pub fn multiply(
        &mut self,
        job: &CoverageJob<'_>,
        slopes: &TileSlopes,
        workspace: &mut Workspace,
        cotangent: &MapCotangent<'_>,
    ) -> u64 {
        self.sums.clear();
        self.sums.resize(job.materials.len(), [0.0; MATERIAL_COLUMNS]);
        let mut by_value = [0.0; BATCH_SIZE];
        let mut listed = 0..0;
        let mut values = slopes.values.as_slice();
        for SlopesByMaterial { material, pieces } in &slopes.entries {
            if listed != *pieces {
                workspace.weigh(job, pieces.start as usize..pieces.end as usize, cotangent, &mut by_value);
                listed = pieces.clone();
            }
            let (columns, rest) = values.split_at(COLUMNS * pieces.len());
            values = rest;
            let sum = &mut self.sums[*material as usize];
            for ((sum, scale), column) in
                sum.iter_mut().zip(job.material_scales()).zip(columns.chunks_exact(pieces.len()))
            {
                *sum += scale * dot(column, &by_value);
            }
        }
        0
    }

    /// Adds this tile's derivatives.
    pub fn add_to(&self, materials: &mut [[f64; MATERIAL_COLUMNS]]) {
        add_sums(&self.sums, materials);
    }
}

impl Workspace {
    /// The derivatives of a loss by what so many fragments leave.
    fn weigh(
        &mut self,
        job: &CoverageJob<'_>,
        pieces: Range<usize>,
        cotangent: &MapCotangent<'_>,
        by_value: &mut Column<f32>,
    ) {
        if job.detailed {
            self.patches.launch(job, &pieces, &mut self.batch);
            for (place, by_value) in by_value.iter_mut().enumerate().take(pieces.len()) {
                let cell = self.patches.cell(place);
                *by_value = cotangent.of_deposit(cell as usize, || self.patches.details(place));
            }
        } else {
            for (by_value, piece) in by_value.iter_mut().zip(&job.transmitter.pieces[pieces]) {
                *by_value = cotangent.of_power(piece.cell as usize);
            }
        }
    }
}

/// Σ ab, in eight sums side by side that the compiler keeps in vectors.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let (blocks_of_a, rest_of_a) = a.as_chunks::<8>();
    let (blocks_of_b, rest_of_b) = b[..a.len()].as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in blocks_of_a.iter().zip(blocks_of_b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += f64::from(a * b);
        }
    }
    let rest = rest_of_a.iter().zip(rest_of_b).map(|(a, b)| f64::from(a * b));
    sums.iter().sum::<f64>() + rest.sum::<f64>()
}
