//! Pieces that go on together: those with the same sequence and the same next letter.

use std::ops::Range;

use super::afterwards::{Afterwards, Reach};
use super::domain::Domain;
use super::layer::Stage;
use super::sequence::{Interaction, Letter, MISS};
use super::tube::Piece;

/// The sequence that pieces go on as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub number: u32,
    /// The factor by which powers grow.
    pub weight: f32,
}

/// The pieces of a domain with one sequence and one next letter.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub pieces: Range<usize>,
    sequence: u32,
    pub letter: Letter,
    /// Number of tubes that it becomes.
    pub num_tubes: usize,
    /// What pieces may add to what a cell has whose corners are not all known; 0 unless the worth of cells is given.
    pub potential: f32,
    /// None unless it is followed.
    pub child: Option<Child>,
}

/// What one kind of interaction makes of the pieces of a domain.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    pub interaction: Interaction,
    /// Which pieces come by a surface afterwards.
    pub matters: Vec<bool>,
    /// Those of which something does.
    pub list: Vec<Group>,
}

/// A group as one of those with its sequence and letter in all domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub sequence: u32,
    pub letter: Letter,
    pub domain: u32,
    pub group: u32,
}

impl Groups {
    /// Those of a domain's pieces, which are sorted by sequence and letter.
    pub fn new(ahead: &Afterwards, domain: &Domain, stage: &Stage<'_>) -> Self {
        let matters = Vec::with_capacity(domain.pieces.len());
        let mut groups = Self { interaction: ahead.interaction, matters, list: Vec::new() };
        let key = |piece: &Piece| (piece.tube.sequence, piece.letter);
        for pieces in domain.pieces.chunk_by(|one, other| key(one) == key(other)) {
            groups.add(ahead, domain, stage, pieces);
        }
        groups
    }

    fn add(&mut self, ahead: &Afterwards, domain: &Domain, stage: &Stage<'_>, pieces: &[Piece]) {
        let Piece { tube, letter } = pieces[0];
        let (first, sequence) = (self.matters.len(), tube.sequence);
        let range = first..first + pieces.len();
        if letter == MISS {
            self.matters.resize(range.end, false);
            return;
        }
        let mut reach = Reach::new(ahead, domain, stage, (sequence, letter));
        self.matters.extend(pieces.iter().map(|piece| reach.matters(piece)));
        let num_tubes = self.matters[range.clone()].iter().filter(|matters| **matters).count();
        if num_tubes > 0 {
            let potential = reach.potential();
            self.list.push(Group { pieces: range, sequence, letter, num_tubes, potential, child: None });
        }
    }
}

/// The groups of all domains by one interaction, those with the same sequence and letter together.
pub(super) fn members(domains: &[Domain], step: usize) -> Vec<Member> {
    let in_domain = |(domain, of): (u32, &Domain)| {
        let member = move |(group, of): (u32, &Group)| {
            let Group { sequence, letter, .. } = *of;
            Member { sequence, letter, domain, group }
        };
        (0..).zip(&of.groups[step].list).map(member).collect::<Vec<_>>()
    };
    let mut members: Vec<Member> = (0..).zip(domains).flat_map(in_domain).collect();
    members.sort_unstable();
    members
}
