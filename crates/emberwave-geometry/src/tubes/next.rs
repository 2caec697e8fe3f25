//! Reflecting and transmitting tubes.

use super::chain::{Chain, Together};
use super::estimate::Estimate;
use super::options::TubeOptions;
use super::sequence::{Interaction, MISS, Sequence};
use super::tube::{Piece, Tube, Vertex};
use super::world::World;

/// Least probability of following a sequence.
const LEAST_PROBABILITY: f32 = 0.02;

/// What pieces are taken to add whose borders are not followed yet.
const UNKNOWN_IMPORTANCE: f32 = 1e-3;

/// Power over squared distance that paths are taken to bring in ways that chains do not know of, for a unit of power:
/// some walls on the way, and some hundred metres \[1/m²\].
const UNSEEN: f32 = 1e-2 * 1e-4;

/// Vertices without a place among those of the next layer.
const NOWHERE: u32 = u32::MAX;

/// The tubes after one more interaction, and their corners; the pieces are sorted by sequence and letter.
pub(super) fn carry_on(
    world: &World<'_>,
    sequences: &mut Vec<Sequence>,
    mut pieces: Vec<Piece>,
    vertices: &[Vertex],
    estimate: &Estimate,
    options: &TubeOptions,
) -> (Vec<Vertex>, Vec<Tube>) {
    let typical = estimate.typical();
    let remaining = options.max_depth - sequences.last().map_or(0, |sequence| sequence.depth);
    pieces.retain(|piece| piece.letter != MISS);
    let mut next = Next { vertices: Vec::new(), tubes: Vec::new(), place: Vec::new() };
    let wanted =
        [(options.reflection, Interaction::Reflection), (options.transmission, Interaction::Transmission)];
    for (_, interaction) in wanted.into_iter().filter(|(wanted, _)| *wanted) {
        next.place.clear();
        next.place.resize(vertices.len(), NOWHERE);
        let groups = pieces.chunk_by(|a, b| (a.tube.sequence, a.letter) == (b.tube.sequence, b.letter));
        for group in groups {
            let unseen = if options.transmission && remaining > 1 { UNSEEN / typical } else { 0.0 };
            let group = Group { pieces: group, interaction, vertices, unseen };
            let Some(weight) = group.weight(estimate, options.negligible) else { continue };
            let (own, letter) = (group.pieces[0].tube.sequence, group.pieces[0].letter);
            let child = sequences.len() as u32;
            let parent = &sequences[own as usize];
            let sequence = parent.followed_by(own, letter, interaction, world.planes, weight);
            next.add(world, &group, (child, weight), parent);
            sequences.push(sequence);
        }
    }
    (next.vertices, next.tubes)
}

/// All pieces of a sequence with one next letter, and what they do there.
struct Group<'a> {
    pieces: &'a [Piece],
    interaction: Interaction,
    vertices: &'a [Vertex],
    /// Share of what a cell typically has that a unit of power at a unit of distance is taken to add in ways that chains
    /// do not know of \[m²\].
    unseen: f32,
}

impl Group<'_> {
    /// What follows a vertex after the interaction.
    fn chain(&self, vertex: &Vertex) -> Chain {
        match self.interaction {
            Interaction::Reflection => vertex.chain.rest(),
            Interaction::Transmission => vertex.through,
        }
    }

    /// Whether paths of the piece come by a surface afterwards, as far as is known.
    fn matters(&self, piece: &Piece) -> bool {
        let corners = || piece.tube.corners().iter().map(|&corner| &self.vertices[corner as usize]);
        let after = |vertex: &Vertex| self.chain(vertex);
        self.unseen > 0.0
            || corners().any(|vertex| !vertex.chain.is_known() || after(vertex).matters())
            || corners().fold(Together::NONE, |all, vertex| all.with(&after(vertex))).straddles()
    }

    /// The largest share that paths add afterwards to what a cell has. Borders are not followed yet: pieces between them
    /// count by what their other corners do before.
    fn importance(&self, estimate: &Estimate) -> f32 {
        let of_vertex = |vertex: &Vertex| self.chain(vertex).importance(estimate);
        let of_piece = |piece: &Piece| {
            let corners = || piece.tube.corners().iter().map(|&corner| &self.vertices[corner as usize]);
            let known = corners().map(of_vertex).fold(0.0, f32::max);
            if corners().all(|vertex| vertex.chain.is_known()) {
                known
            } else {
                known.max(UNKNOWN_IMPORTANCE)
            }
        };
        let known = self.pieces.iter().map(of_piece).fold(0.0, f32::max);
        let powers = self.pieces.iter().map(|piece| self.vertices[piece.tube.corners()[0] as usize].power);
        known.max(self.unseen * powers.fold(0.0, f32::max))
    }

    /// The factor by which powers grow on the way to the next sequence: the inverse of the probability of following it;
    /// none if it is not followed.
    fn weight(&self, estimate: &Estimate, negligible: f32) -> Option<f32> {
        if !self.pieces.iter().any(|piece| self.matters(piece)) {
            return None;
        }
        let importance = self.importance(estimate);
        if importance >= negligible {
            return Some(1.0);
        }
        let probability = (importance / negligible).max(LEAST_PROBABILITY);
        let first = &self.pieces[0];
        let key = u64::from(first.tube.sequence) << 32 | u64::from(first.letter);
        (uniform(key.wrapping_add(self.interaction as u64)) < probability).then_some(1.0 / probability)
    }
}

/// A number in [0, 1) that is as good as random (the finaliser of `SplitMix64`).
fn uniform(key: u64) -> f32 {
    let mut bits = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ bits >> 31) >> 40) as f32 / (1_u32 << 24) as f32
}

/// The next layer.
struct Next {
    vertices: Vec<Vertex>,
    tubes: Vec<Tube>,
    /// Where the vertices of this layer stand in the next.
    place: Vec<u32>,
}

impl Next {
    /// Adds the pieces of a group as tubes of sequence `child`.
    fn add(&mut self, world: &World<'_>, group: &Group<'_>, (child, weight): (u32, f32), parent: &Sequence) {
        for piece in group.pieces.iter().filter(|piece| group.matters(piece)) {
            let mut tube = Tube { sequence: child, level: 0, ..piece.tube };
            for corner in tube.corners.as_mut_slice() {
                let place = &mut self.place[*corner as usize];
                if *place == NOWHERE {
                    *place = self.vertices.len() as u32;
                    let old = &group.vertices[*corner as usize];
                    let plane = world.meet_plane(piece.letter >> 1, parent.world_from_launch * old.direction);
                    let share = world.powers.at(plane.material, plane.cosine)[group.interaction as usize];
                    let chain = group.chain(old);
                    self.vertices.push(Vertex {
                        sequence: child,
                        letter: chain.letters[0],
                        chain,
                        through: Chain::UNKNOWN,
                        power: old.power * share * weight,
                        ..*old
                    });
                }
                *corner = *place;
            }
            self.tubes.push(tube);
        }
    }
}
