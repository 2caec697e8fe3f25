//! Putting the traced sequences and fragments of a transmitter into the order in which they are evaluated.

use emberwave_geometry::Border;
use emberwave_geometry::tubes::{self, Interaction};
use glam::Vec3;

use super::{Image, Piece, Step, TransmitterCoverage};

impl TransmitterCoverage {
    /// What tubes have found, which is in order.
    pub(crate) fn from_tubes(position: Vec3, traced: tubes::Coverage) -> Self {
        let tubes::Coverage { sequences, fragments, borders, .. } = traced;
        Self::new(position, sequences.iter(), |parent| parent, (fragments, borders))
    }

    /// Keeps the sequences that lead to fragments or borders, and sorts all three.
    pub(crate) fn sorted(
        position: Vec3,
        sequences: &[tubes::Sequence],
        mut pieces: Vec<Piece>,
        mut borders: Vec<Border>,
    ) -> Self {
        let needed =
            pieces.iter().map(|piece| piece.sequence).chain(borders.iter().map(|border| border.sequence));
        let order = order(sequences, needed);
        let mut rank = vec![0; sequences.len()];
        for (place, &sequence) in order.iter().enumerate() {
            rank[sequence as usize] = place as u32;
        }
        for piece in &mut pieces {
            piece.sequence = rank[piece.sequence as usize];
        }
        for border in &mut borders {
            border.sequence = rank[border.sequence as usize];
        }
        borders.sort_by_key(|border| border.sequence);
        let in_order = order.iter().map(|&index| &sequences[index as usize]);
        let pieces = sorted(pieces, order.len());
        Self::new(position, in_order, |parent| rank[parent as usize], (pieces, borders))
    }

    /// From sequences by their number of interactions; `number` tells which is the parent.
    fn new<'a>(
        position: Vec3,
        sequences: impl Iterator<Item = &'a tubes::Sequence> + Clone,
        number: impl Fn(u32) -> u32,
        (pieces, borders): (Vec<Piece>, Vec<Border>),
    ) -> Self {
        let step = |sequence: &tubes::Sequence| match sequence.depth {
            0 => Step::default(),
            _ => Step {
                parent: number(sequence.parent),
                code: (sequence.letter & !1) | u32::from(sequence.interaction == Interaction::Reflection),
            },
        };
        let depths: Vec<u32> = sequences.clone().map(|sequence| sequence.depth).collect();
        Self {
            position,
            steps: sequences.clone().map(step).collect(),
            images: sequences.map(Image::from).collect(),
            pieces,
            borders,
            first_of_depth: first_of_depth(&depths),
        }
    }
}

impl From<&tubes::Sequence> for Image {
    fn from(sequence: &tubes::Sequence) -> Self {
        let tubes::Sequence { source, world_from_launch, weight, .. } = *sequence;
        Self { source, world_from_launch, weight }
    }
}

/// The sequences that are needed, by their number of interactions.
fn order(sequences: &[tubes::Sequence], needed: impl Iterator<Item = u32>) -> Vec<u32> {
    let is_needed = tubes::leading_to(sequences, needed);
    let mut order: Vec<u32> =
        (0..sequences.len() as u32).filter(|&index| is_needed[index as usize]).collect();
    order.sort_by_key(|&index| sequences[index as usize].depth);
    order
}

/// Where each depth begins in a list sorted by depth, and where the last one ends.
pub(super) fn first_of_depth(depths: &[u32]) -> Vec<u32> {
    let last = depths.last().map_or(0, |&depth| depth + 1);
    (0..=last).map(|depth| depths.partition_point(|&other| other < depth) as u32).collect()
}

/// Sorts pieces by sequence, keeping their order within each.
fn sorted(pieces: Vec<Piece>, num_sequences: usize) -> Vec<Piece> {
    let mut places = vec![0; num_sequences + 1];
    for piece in &pieces {
        places[piece.sequence as usize + 1] += 1;
    }
    for sequence in 0..num_sequences {
        places[sequence + 1] += places[sequence];
    }
    let mut sorted = vec![Piece::default(); places[num_sequences]];
    for piece in pieces {
        let place = &mut places[piece.sequence as usize];
        sorted[*place] = piece;
        *place += 1;
    }
    sorted
}
