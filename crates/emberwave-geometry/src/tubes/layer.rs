//! Dividing tubes until the corners of each meet the same plane.

use std::ops::Deref;

use glam::Vec3;
use rustc_hash::FxHashSet;

use super::chain::{Ahead, ChainPart, Chains, Start, Together};
use super::coverage::Effort;
use super::deposit::NEAR;
use super::estimate::Estimate;
use super::footprint::Projector;
use super::options::TubeOptions;
use super::polygon::{Corners, MOST_CORNERS, solid_angle};
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

/// What becomes of a tube.
enum Verdict {
    /// All corners meet the same.
    Whole,
    /// Its borders may be found on its edges.
    Mixed,
    /// It is to be divided.
    Split,
    /// Its corners meet different things, and their paths come by no surface.
    Doubtful,
    /// Its paths come by no surface.
    Drop,
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
        let mut whole = Vec::new();
        while !tubes.is_empty() {
            let (mut mixed, mut split, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
            for tube in &tubes {
                match self.judge(tube) {
                    Verdict::Whole => whole.push(*tube),
                    Verdict::Mixed => mixed.push(*tube),
                    Verdict::Split => split.push(*tube),
                    Verdict::Doubtful => doubtful.push(*tube),
                    Verdict::Drop => {}
                }
            }
            self.look_along_edges(&doubtful, &mut split);
            self.resolve(&mixed, &mut split);
            self.take_back(&mut whole, &mut split);
            tubes = self.split_and_follow(&split);
        }
        let piece = |tube: Tube| Piece { letter: self.letter(tube.corners()[0]), tube };
        let whole: Vec<Piece> = whole.into_iter().map(piece).collect();
        self.pieces.extend(whole);
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

    fn judge(&self, tube: &Tube) -> Verdict {
        let changes = tube.edges().filter(|&(a, b)| self.letter(a) != self.letter(b)).count();
        if !self.matters(tube) {
            return if changes > 0 && self.segments > 1 { self.judge_dark(tube) } else { Verdict::Drop };
        }
        match changes {
            _ if self.is_wide(tube) => Verdict::Split,
            0 if self.hides(tube) => Verdict::Split,
            0 => Verdict::Whole,
            1..=3 => Verdict::Mixed,
            _ if self.is_rough(tube) || self.is_leaf(tube) => Verdict::Mixed,
            _ => Verdict::Split,
        }
    }

    /// What becomes of a tube that meets different things, while the paths of its corners come by no surface.
    fn judge_dark(&self, tube: &Tube) -> Verdict {
        if self.options.borders {
            // A border that is missing is a derivative that is wrong.
            return if self.is_leaf(tube) { Verdict::Drop } else { Verdict::Doubtful };
        }
        // For a map it is worth its price only where all that follows hangs on it.
        let is_first = self.sequences[tube.sequence as usize].depth == 0;
        let may_be_split = is_first && tube.level < self.options.most_levels;
        let is_large = may_be_split && self.cross_section(tube) > self.options.dark_leaf;
        if is_large { Verdict::Split } else { Verdict::Drop }
    }

    /// Whether paths of the tube come by a surface, as far as its corners tell.
    fn matters(&self, tube: &Tube) -> bool {
        let corners = || tube.corners().iter().map(|&corner| &self.vertices[corner as usize]);
        corners().any(|vertex| vertex.matters(self.chains) || (self.branches() && vertex.letter != MISS))
            || corners()
                .fold(Together::NONE, |all, vertex| all.with(self.chains.at(vertex.chain)))
                .straddles()
            || corners()
                .fold(Together::NONE, |all, vertex| all.with(self.chains.at(vertex.through)))
                .straddles()
            || self.crosses(tube)
    }

    /// Whether the tube's next segment can cross a surface.
    fn crosses(&self, tube: &Tube) -> bool {
        let mut projector = Projector::default();
        let sequence = &self.sequences[tube.sequence as usize];
        self.world.surfaces.iter().any(|surface| {
            let launch = tube.corners().iter().map(|&corner| self.vertices[corner as usize].direction);
            projector.project(surface, sequence, MISS, self.world.planes, launch)
                && surface.overlaps(projector.polygon.as_slice())
        })
    }

    /// Whether the tube adds so little that its borders may be guessed.
    pub fn is_rough(&self, tube: &Tube) -> bool {
        let importance =
            |&corner: &u32| self.vertices[corner as usize].importance(self.chains, self.estimate);
        self.options.rough > 0.0
            && tube.corners().iter().all(|corner| importance(corner) < self.options.rough)
    }

    /// Whether the tube is too small to be divided.
    pub fn is_leaf(&self, tube: &Tube) -> bool {
        let interactions = self.sequences[tube.sequence as usize].depth;
        tube.level >= self.options.most_levels
            || self.cross_section(tube) < self.options.leaf_after(interactions)
    }

    /// Whether the tube is to be divided for cells that are near, all over which the field is not the same.
    fn is_wide(&self, tube: &Tube) -> bool {
        let corners = || tube.corners().iter().map(|&corner| &self.vertices[corner as usize]);
        let sees_near = |vertex: &Vertex| self.chains.at(vertex.chain).cell_angle(self.cell_area) > NEAR;
        tube.level < self.options.most_levels
            && corners().any(sees_near)
            && self.solid_angle(tube) > self.options.near * self.options.near
    }

    fn solid_angle(&self, tube: &Tube) -> f32 {
        let direction = |&corner: &u32| self.vertices[corner as usize].direction;
        let directions: Corners<Vec3, MOST_CORNERS> = tube.corners().iter().map(direction).collect();
        solid_angle(directions.as_slice())
    }

    /// Area across the tube at the farthest plane it meets \[m²\].
    fn cross_section(&self, tube: &Tube) -> f32 {
        let sequence = &self.sequences[tube.sequence as usize];
        let mut longest: f32 = 0.0;
        for &corner in tube.corners() {
            let vertex = &self.vertices[corner as usize];
            if vertex.letter != MISS {
                let (normal, height) = self.world.planes.seen_from(vertex.letter, sequence.source);
                let along = sequence.world_from_launch * vertex.direction;
                longest = longest.max(height / normal.dot(along));
            }
        }
        self.solid_angle(tube) * longest * longest
    }

    /// Whether something hides in a tube whose corners meet the same, and the tube can still be divided.
    fn hides(&self, tube: &Tube) -> bool {
        if !self.options.conservative || tube.level >= self.options.most_levels {
            return false;
        }
        let corner = |&corner: &u32| self.vertices[corner as usize].direction;
        let letter = self.letter(tube.corners()[0]);
        self.world.hides(&self.sequences[tube.sequence as usize], letter, tube.corners().iter().map(corner))
    }
}
