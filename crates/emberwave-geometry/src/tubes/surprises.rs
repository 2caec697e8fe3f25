//! Things that hide along edges between corners that meet the same.
//!
//! Where the middle of an edge that one tube was divided by meets something else than both ends, or what a tube's corners
//! meet reaches over an edge, the tube on the other side is not whole: it is taken back and divided. Domains tell each
//! other of such edges on their common borders.

use rustc_hash::FxHashSet;

use super::candidate::reaches_over;
use super::layer::Layer;
use super::sequence::MISS;
use super::split::ordered;
use super::tube::{Piece, Tube, Vertex};

/// An edge on the border of a domain, as both domains know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct RimEdge {
    sequence: u32,
    /// Bits of the launch directions of both ends, in their order.
    ends: [[u32; 3]; 2],
}

impl RimEdge {
    fn new(a: &Vertex, b: &Vertex) -> Option<Self> {
        (a.is_on_rim && b.is_on_rim).then(|| {
            let [a_bits, b_bits] = [a, b].map(|end| end.direction.to_array().map(f32::to_bits));
            Self { sequence: a.sequence, ends: [a_bits.min(b_bits), a_bits.max(b_bits)] }
        })
    }
}

/// The edges of a domain along which something hides.
#[derive(Debug, Default)]
pub(super) struct Surprises {
    edges: FxHashSet<(u32, u32)>,
    /// The ends of these, to ask quickly.
    ends: FxHashSet<u32>,
    /// Those on the border of the domain that the others have not been told of.
    pub on_rim: Vec<RimEdge>,
}

impl Layer<'_> {
    /// Notes the edges of divided tubes whose middles meet something else than both of their ends, and the longer edges
    /// that they are parts of.
    pub fn note_surprises(&mut self, divided: &[Tube]) {
        for (a, b) in divided.iter().flat_map(Tube::edges) {
            let edge = ordered(a, b);
            let Some(middle) = self.middles.of(edge) else { continue };
            if self.letter(a) == self.letter(b) && self.letter(middle) != self.letter(a) {
                self.note_surprise(edge);
            }
        }
    }

    /// Notes the edges of a tube between corners that meet the same, if what other corners meet reaches over them: its tip
    /// hides in the tube on the other side.
    pub fn note_tips(&mut self, tube: &Tube) {
        for (a, b) in tube.edges() {
            if self.letter(a) != self.letter(b) {
                continue;
            }
            let ends = [a, b].map(|end| self.vertices[end as usize].direction);
            let others = tube.corners().iter().map(|&corner| self.letter(corner));
            let mut others = others.filter(|&letter| letter != MISS && letter != self.letter(a));
            let sequence = &self.sequences[tube.sequence as usize];
            if others.any(|letter| reaches_over(letter, sequence, ends, self.world.planes)) {
                self.note_surprise(ordered(a, b));
            }
        }
    }

    /// Notes an edge along which something hides, and the longer edges that it is a part of.
    fn note_surprise(&mut self, mut edge: (u32, u32)) {
        while self.surprises.edges.insert(edge) {
            let [a, b] = [edge.0, edge.1].map(|end| &self.vertices[end as usize]);
            self.surprises.on_rim.extend(RimEdge::new(a, b));
            self.surprises.ends.extend([edge.0, edge.1]);
            let Some(whole) = self.middles.whole(edge) else { break };
            edge = whole;
        }
    }

    /// Moves whole tubes with something hidden along an edge to those that are to be divided.
    pub fn take_back(&self, whole: &mut Vec<Tube>, split: &mut Vec<Tube>) {
        if self.surprises.edges.is_empty() {
            return;
        }
        let (surprises, options) = (&self.surprises, self.options);
        let is_end = |vertex: u32| surprises.ends.contains(&vertex);
        let is_surprising = |(a, b)| is_end(a) && is_end(b) && surprises.edges.contains(&ordered(a, b));
        let is_taken = |tube: &mut Tube| tube.level < options.most_levels && tube.edges().any(is_surprising);
        split.extend(whole.extract_if(.., is_taken));
    }

    /// Takes pieces back with something hidden along an edge that another domain knows of.
    pub fn take_back_pieces(&mut self, surprises: &FxHashSet<RimEdge>) -> Vec<Tube> {
        let (vertices, most_levels) = (&self.vertices, self.options.most_levels);
        let is_surprising = |&(a, b): &(u32, u32)| {
            let [a, b] = [a, b].map(|end| &vertices[end as usize]);
            a.letter == b.letter && RimEdge::new(a, b).is_some_and(|edge| surprises.contains(&edge))
        };
        let is_taken = |piece: &mut Piece| {
            piece.tube.level < most_levels && piece.tube.edges().any(|edge| is_surprising(&edge))
        };
        let taken: Vec<Tube> = self.pieces.extract_if(.., is_taken).map(|piece| piece.tube).collect();
        let edges = taken.iter().flat_map(Tube::edges).filter(is_surprising);
        self.surprises.edges.extend(edges.map(|(a, b)| ordered(a, b)));
        taken
    }
}
