//! Reflecting and transmitting tubes.

use rayon::prelude::*;

use super::chain::{ChainPart, Chains, Together, View};
use super::estimate::Estimate;
use super::options::TubeOptions;
use super::sequence::{Interaction, MISS, Sequence};
use super::tube::{Piece, Tube, Vertex};
use super::world::World;

/// Least probability of following a sequence.
const LEAST_PROBABILITY: f32 = 0.02;

/// Where tubes are limited no larger share is taken for negligible.
const MOST_NEGLIGIBLE: f32 = 1e3;

/// So few sequences are all followed, whatever they add.
const FEW: usize = 256;

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
    pieces: &[Piece],
    (vertices, chains): (&[Vertex], &Chains),
    estimate: &Estimate,
    options: &TubeOptions,
) -> (Vec<Vertex>, Vec<Tube>) {
    let remaining = options.max_depth - sequences.last().map_or(0, |sequence| sequence.depth);
    let mut next = Next { places: Vec::new(), tubes: Vec::new(), place: Vec::new() };
    let unseen = if options.transmission && remaining > 1 { UNSEEN / estimate.typical() } else { 0.0 };
    let wanted =
        [(options.reflection, Interaction::Reflection), (options.transmission, Interaction::Transmission)];
    for (_, interaction) in wanted.into_iter().filter(|(wanted, _)| *wanted) {
        next.place.clear();
        next.place.resize(vertices.len(), NOWHERE);
        let ahead = Afterwards { interaction, vertices, chains, unseen };
        let matters: Vec<bool> =
            pieces.par_iter().with_min_len(512).map(|piece| ahead.matters(piece)).collect();
        let groups = groups(pieces, &matters);
        for (group, weight) in groups.iter().zip(ahead.weights(&groups, estimate, options)) {
            let Some(weight) = weight else { continue };
            let (own, letter) = (group.pieces[0].tube.sequence, group.pieces[0].letter);
            let child = sequences.len() as u32;
            let sequence =
                sequences[own as usize].followed_by(own, letter, interaction, world.planes, weight);
            next.add(group, child, weight);
            sequences.push(sequence);
        }
    }
    let corner = |place: &Place| place.vertex(world, sequences, (vertices, chains));
    (next.places.par_iter().with_min_len(512).map(corner).collect(), next.tubes)
}

/// All pieces of a sequence with one next letter.
struct Group<'a> {
    pieces: &'a [Piece],
    /// Which of them come by a surface afterwards.
    matters: &'a [bool],
}

impl Group<'_> {
    /// Number of tubes that it becomes.
    fn num_tubes(&self) -> usize {
        self.matters.iter().filter(|matters| **matters).count()
    }
}

/// The groups of which something comes by a surface afterwards.
fn groups<'a>(pieces: &'a [Piece], matters: &'a [bool]) -> Vec<Group<'a>> {
    let mut rest = matters;
    let mut groups = Vec::new();
    for pieces in pieces.chunk_by(|a, b| (a.tube.sequence, a.letter) == (b.tube.sequence, b.letter)) {
        let (matters, others) = rest.split_at(pieces.len());
        rest = others;
        if matters.contains(&true) {
            groups.push(Group { pieces, matters });
        }
    }
    groups
}

/// What follows an interaction.
struct Afterwards<'a> {
    interaction: Interaction,
    vertices: &'a [Vertex],
    chains: &'a Chains,
    /// Share of what a cell typically has that a unit of power at a unit of distance is taken to add in ways that chains
    /// do not know of \[m²\].
    unseen: f32,
}

impl Afterwards<'_> {
    /// What follows a vertex after the interaction.
    fn chain(&self, vertex: &Vertex) -> View<'_> {
        self.chains.at(vertex.after(self.interaction))
    }

    fn is_known(&self, vertex: &Vertex) -> bool {
        self.chains.at(vertex.chain).is_known()
    }

    fn corners(&self, piece: &Piece) -> impl Iterator<Item = &Vertex> {
        piece.tube.corners().iter().map(|&corner| &self.vertices[corner as usize])
    }

    /// Whether paths of the piece come by a surface afterwards, as far as is known.
    fn matters(&self, piece: &Piece) -> bool {
        if piece.letter == MISS {
            return false;
        }
        self.unseen > 0.0
            || self.corners(piece).any(|vertex| !self.is_known(vertex) || self.chain(vertex).matters())
            || self
                .corners(piece)
                .fold(Together::NONE, |all, vertex| all.with(self.chain(vertex)))
                .straddles()
    }

    /// The largest share that paths add afterwards to what a cell has, if less than `enough`. Borders are not followed
    /// yet: pieces between them count by what their other corners do before.
    fn importance(&self, pieces: &[Piece], estimate: &Estimate, enough: f32) -> Option<f32> {
        let mut largest: f32 = 0.0;
        for piece in pieces {
            largest = largest.max(self.unseen * self.vertices[piece.tube.corners()[0] as usize].power);
            for vertex in self.corners(piece) {
                largest = largest.max(self.chain(vertex).importance(estimate));
                if !self.is_known(vertex) {
                    largest = largest.max(UNKNOWN_IMPORTANCE);
                }
            }
            if largest >= enough {
                return None;
            }
        }
        Some(largest)
    }

    /// The factors by which powers grow on the way to the next sequences: the inverses of the probabilities of following
    /// them; none for those that are not followed.
    fn weights(&self, groups: &[Group<'_>], estimate: &Estimate, options: &TubeOptions) -> Vec<Option<f32>> {
        if groups.len() <= FEW {
            return vec![Some(1.0); groups.len()];
        }
        let is_limited = groups.iter().map(Group::num_tubes).sum::<usize>() > options.most_tubes;
        let enough = if is_limited { f32::INFINITY } else { options.negligible };
        let importance =
            |group: &Group<'_>| self.importance(group.pieces, estimate, enough).unwrap_or(enough);
        let importances: Vec<f32> = groups.par_iter().with_min_len(16).map(importance).collect();
        let negligible = if is_limited { limit(groups, &importances, options) } else { options.negligible };
        let weight = |(group, importance): (&Group<'_>, f32)| {
            let probability = probability(importance, negligible);
            (self.draw(group, options.seed) < probability).then_some(1.0 / probability)
        };
        groups.iter().zip(importances).map(weight).collect()
    }

    /// A number in [0, 1) that belongs to a group.
    fn draw(&self, group: &Group<'_>, seed: u64) -> f32 {
        let first = &group.pieces[0];
        let key = u64::from(first.tube.sequence) << 32 | u64::from(first.letter);
        uniform(mixed(seed) ^ key.wrapping_add(self.interaction as u64))
    }
}

/// The probability of following a sequence.
fn probability(importance: f32, negligible: f32) -> f32 {
    if importance >= negligible { 1.0 } else { (importance / negligible).max(LEAST_PROBABILITY) }
}

/// What is negligible if no more tubes are to be followed in the mean than options say.
fn limit(groups: &[Group<'_>], importances: &[f32], options: &TubeOptions) -> f32 {
    let expected = |negligible: f32| {
        let tubes = |(group, &importance): (&Group<'_>, &f32)| {
            group.num_tubes() as f32 * probability(importance, negligible)
        };
        groups.iter().zip(importances).map(tubes).sum::<f32>()
    };
    let mut negligible = options.negligible.max(LEAST_PROBABILITY);
    while expected(negligible) > options.most_tubes as f32 && negligible < MOST_NEGLIGIBLE {
        negligible *= 1.1;
    }
    negligible
}

/// Bits that are as good as random (the finaliser of `SplitMix64`).
fn mixed(key: u64) -> u64 {
    let mut bits = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// A number in [0, 1) that is as good as random.
fn uniform(key: u64) -> f32 {
    (mixed(key) >> 40) as f32 / (1_u32 << 24) as f32
}

/// A corner of the next layer.
struct Place {
    /// The vertex of this layer.
    old: u32,
    /// The sequence it belongs to then.
    sequence: u32,
    /// The factor by which its power grows.
    weight: f32,
}

impl Place {
    fn vertex(
        &self,
        world: &World<'_>,
        sequences: &[Sequence],
        (vertices, chains): (&[Vertex], &Chains),
    ) -> Vertex {
        let sequence = &sequences[self.sequence as usize];
        let parent = &sequences[sequence.parent as usize];
        let old = &vertices[self.old as usize];
        let plane = world.meet_plane(sequence.letter >> 1, parent.world_from_launch * old.direction);
        let share = world.powers.at(plane.material, plane.cosine)[sequence.interaction as usize];
        let chain = old.after(sequence.interaction);
        Vertex {
            sequence: self.sequence,
            letter: chains.at(chain).letter(),
            chain,
            through: ChainPart::UNKNOWN,
            power: old.power * share * self.weight,
            ..*old
        }
    }
}

/// The next layer.
struct Next {
    places: Vec<Place>,
    tubes: Vec<Tube>,
    /// Where the vertices of this layer stand in the next.
    place: Vec<u32>,
}

impl Next {
    /// Adds the pieces of a group as tubes of sequence `child`.
    fn add(&mut self, group: &Group<'_>, child: u32, weight: f32) {
        let pieces = group.pieces.iter().zip(group.matters);
        for (piece, _) in pieces.filter(|(_, matters)| **matters) {
            let mut tube = Tube { sequence: child, level: 0, ..piece.tube };
            for corner in tube.corners.as_mut_slice() {
                let place = &mut self.place[*corner as usize];
                if *place == NOWHERE {
                    *place = self.places.len() as u32;
                    self.places.push(Place { old: *corner, sequence: child, weight });
                }
                *corner = *place;
            }
            self.tubes.push(tube);
        }
    }
}
