//! Dividing tubes until the corners of each meet the same plane.

use std::ops::Deref;

use rustc_hash::FxHashSet;

use super::chain::{Ahead, ChainPart, Chains, Start};
use super::coverage::Effort;
use super::estimate::Estimate;
use super::judge::Verdict;
use super::options::TubeOptions;
use super::sequence::{Interaction, Letter, MISS, Sequence};
use super::split::Middles;
use super::surprises::{RimEdge, Surprises};
use super::tag::TagLists;
use super::tube::{Piece, Tube, Vertex};
use super::world::World;

/// How many segments to look ahead where paths branch.
const BRANCHING_LOOK: usize = 3;

/// What the tubes of all domains have in common after the same number of interactions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage<'a> {
    pub world: World<'a>,
    pub options: &'a TubeOptions,
    /// Of a measurement cell, in the mean over all \[m²\].
    pub cell_area: f32,
    /// What every cell has from paths with fewer interactions.
    pub estimate: &'a Estimate,
    /// Segments to come, the present one included.
    pub segments: usize,
    pub sequences: &'a [Sequence],
}

impl Stage<'_> {
    /// The ways in which paths go on.
    pub fn interactions(&self) -> impl Iterator<Item = Interaction> {
        let reflection = self.options.reflection.then_some(Interaction::Reflection);
        reflection.into_iter().chain(self.options.transmission.then_some(Interaction::Transmission))
    }

    /// Whether paths may go on in more ways than chains know of.
    pub fn branches(&self) -> bool {
        self.options.transmission && self.segments > 2
    }

    /// Whether what cells have after this segment is asked for.
    pub fn wants_estimate(&self) -> bool {
        self.segments > 1 && self.estimate.is_wanted()
    }
}

/// The tubes of a domain after the same number of interactions.
pub(super) struct Layer<'a> {
    pub stage: Stage<'a>,
    pub vertices: Vec<Vertex>,
    /// What follows them.
    pub chains: &'a mut Chains,
    /// Tubes whose next letter is known, in the end sorted by sequence and letter.
    pub pieces: Vec<Piece>,
    /// The middles of edges that were divided.
    pub middles: &'a mut Middles,
    /// Edges along which something hides.
    pub surprises: &'a mut Surprises,
    /// The mesh edges that tubes' edges lie on.
    pub tags: &'a mut TagLists,
    pub effort: &'a mut Effort,
}

impl<'a> Deref for Layer<'a> {
    type Target = Stage<'a>;

    fn deref(&self) -> &Stage<'a> {
        &self.stage
    }
}

impl Layer<'_> {
    /// Fills `pieces`.
    pub fn divide(&mut self, tubes: Vec<Tube>) {
        self.follow(0);
        self.divide_followed(tubes);
    }

    /// Divides pieces further along whose edges another domain knows of something hidden.
    pub fn divide_again(&mut self, surprises: &FxHashSet<RimEdge>) {
        let taken = self.take_back_pieces(surprises);
        if !taken.is_empty() {
            let tubes = self.split_and_follow(&taken);
            self.divide_followed(tubes);
        }
    }

    fn split_and_follow(&mut self, tubes: &[Tube]) -> Vec<Tube> {
        let first = self.vertices.len();
        let parts = self.split(tubes);
        self.follow(first);
        self.note_surprises(tubes);
        parts
    }

    fn divide_followed(&mut self, mut tubes: Vec<Tube>) {
        let (mut whole, mut spent) = (Vec::new(), Vec::new());
        while !tubes.is_empty() {
            let (mut mixed, mut split, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
            for tube in &tubes {
                match self.judge(tube) {
                    Verdict::Whole => whole.push(*tube),
                    Verdict::Spent => spent.push(*tube),
                    Verdict::Mixed => mixed.push(*tube),
                    Verdict::Split => split.push(*tube),
                    Verdict::Doubtful => doubtful.push(*tube),
                    Verdict::Drop => {}
                }
            }
            self.look_along_edges(&doubtful, &mut split);
            self.resolve(&mixed, &mut split);
            self.take_back(&mut whole, &mut split);
            self.take_back(&mut spent, &mut split);
            tubes = self.split_and_follow(&split);
        }
        let piece = |tube: Tube| Piece { letter: self.letter(tube.corners()[0]), tube };
        let whole: Vec<Piece> = whole.into_iter().map(piece).collect();
        self.pieces.extend(whole);
        self.pieces.extend(spent.into_iter().map(|tube| Piece { letter: MISS, tube }));
        self.pieces.sort_by_key(|piece| (piece.tube.sequence, piece.letter));
    }

    /// Follows the vertices from `first` on that nothing is known of yet.
    fn follow(&mut self, first: usize) {
        let through_walls = self.options.transmission && self.segments > 1;
        let most = if through_walls { BRANCHING_LOOK } else { self.segments };
        let ahead = Ahead { segments: self.segments.min(most), through_walls };
        // What comes after the next interaction decides whether tubes are carried on.
        let enough = self.segments.min(2);
        let chains = &*self.chains;
        let unknown = self.places(first, |vertex| !chains.at(vertex.chain).knows(enough));
        self.look_ahead(
            &unknown,
            ahead,
            |_| MISS,
            |vertex, (chain, letter)| {
                (vertex.letter, vertex.chain) = (letter, chain);
            },
        );
        if through_walls {
            let segments = (self.segments - 1).min(BRANCHING_LOOK);
            let ahead = Ahead { segments, through_walls: self.segments > 2 };
            let chains = &*self.chains;
            let unknown =
                self.places(first, |vertex| vertex.letter != MISS && !chains.at(vertex.through).is_known());
            self.look_ahead(
                &unknown,
                ahead,
                |vertex| vertex.letter,
                |vertex, (chain, _)| vertex.through = chain,
            );
        }
    }

    /// The vertices from `first` on that are wanted.
    fn places(&self, first: usize, wanted: impl Fn(&Vertex) -> bool) -> Vec<u32> {
        let places = first as u32..self.vertices.len() as u32;
        places.filter(|&at| wanted(&self.vertices[at as usize])).collect()
    }

    /// Follows vertices, each through the plane of a letter first, and notes what is found.
    fn look_ahead(
        &mut self,
        places: &[u32],
        ahead: Ahead,
        through: impl Fn(&Vertex) -> Letter,
        note: impl Fn(&mut Vertex, (ChainPart, Letter)),
    ) {
        let vertices = &self.vertices;
        let start = |&at: &u32| {
            let vertex = &vertices[at as usize];
            let Vertex { probe, sequence, power, .. } = *vertex;
            Start { direction: probe, sequence, through: through(vertex), power }
        };
        let starts: Vec<Start> = places.iter().map(start).collect();
        let (found, rays) = self.stage.world.follow(self.stage.sequences, &starts, ahead, self.chains);
        self.effort.rays += rays;
        for (&at, found) in places.iter().zip(found) {
            note(&mut self.vertices[at as usize], found);
        }
    }

    pub fn letter(&self, vertex: u32) -> Letter {
        self.vertices[vertex as usize].letter
    }
}
