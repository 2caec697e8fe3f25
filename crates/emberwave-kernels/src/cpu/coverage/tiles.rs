//! How the fragments of a transmitter are divided into batches, and batches into tiles.

use std::ops::Range;

use super::super::batch::BATCH_SIZE;
use crate::coverage::TransmitterCoverage;

/// Most batches in a tile, and how many tiles are wanted where there are fewer.
const MOST_BATCHES: usize = 16;
const TILES_WANTED: usize = 64;

/// Fragments of one number of interactions that are evaluated together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FragmentBatch {
    pub depth: usize,
    pub range: Range<usize>,
}

/// The batches of a transmitter, in tiles that depend on nothing but its fragments.
#[derive(Clone, Debug)]
pub(super) struct Tiles {
    batches: Vec<FragmentBatch>,
    batches_per_tile: usize,
}

impl Tiles {
    pub fn new(transmitter: &TransmitterCoverage) -> Self {
        let in_batches = |(depth, pieces): (usize, Range<usize>)| {
            let end = pieces.end;
            pieces
                .step_by(BATCH_SIZE)
                .map(move |first| FragmentBatch { depth, range: first..end.min(first + BATCH_SIZE) })
        };
        let batches: Vec<FragmentBatch> = transmitter.pieces_by_depth().flat_map(in_batches).collect();
        let batches_per_tile = (batches.len() / TILES_WANTED).clamp(1, MOST_BATCHES);
        Self { batches, batches_per_tile }
    }

    pub fn count(&self) -> u64 {
        self.batches.len().div_ceil(self.batches_per_tile) as u64
    }

    pub fn batches(&self, tile: u64) -> &[FragmentBatch] {
        let first = tile as usize * self.batches_per_tile;
        &self.batches[first..self.batches.len().min(first + self.batches_per_tile)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::Piece;

    #[test]
    fn tiles_hold_every_fragment_once_with_one_depth_a_batch() {
        // One sequence without, two with one, none with two, one with three interactions.
        let first_of_depth = vec![0, 1, 3, 3, 4];
        let piece = |sequence| Piece { sequence, ..Piece::default() };
        let pieces = [700, 20, 30_000, 1]
            .into_iter()
            .zip(0..)
            .flat_map(|(count, sequence)| vec![piece(sequence); count]);
        let transmitter =
            TransmitterCoverage { pieces: pieces.collect(), first_of_depth, ..Default::default() };
        let tiles = Tiles::new(&transmitter);
        let batches: Vec<_> = (0..tiles.count()).flat_map(|tile| tiles.batches(tile)).collect();
        let mut end = 0;
        for batch in batches {
            assert_eq!((batch.range.start, batch.range.len() <= BATCH_SIZE), (end, true));
            let depth = |piece: &Piece| [0, 1, 1, 3][piece.sequence as usize];
            assert!(transmitter.pieces[batch.range.clone()].iter().all(|piece| depth(piece) == batch.depth));
            end = batch.range.end;
        }
        assert_eq!(end, transmitter.pieces.len());
    }
}
