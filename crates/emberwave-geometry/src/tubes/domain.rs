//! A part of the launch sphere that one thread carries on at a time.

use std::cmp::Reverse;

use glam::Vec3;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::afterwards::Afterwards;
use super::chain::Chains;
use super::coverage::Effort;
use super::deposit::Deposits;
use super::groups::Groups;
use super::layer::{Layer, Stage};
use super::polygon::{Corners, MOST_CORNERS, solid_angle};
use super::split::Middles;
use super::surprises::{RimEdge, Surprises};
use super::tag::TagLists;
use super::tube::{Patch, Piece, Tube, Vertex, launch};

/// Lets a function work on every domain. Those with most pieces come first: no thread is left with one of them at the end.
pub(super) fn for_each(domains: &mut [Domain], work: impl Fn(&mut Domain) + Send + Sync) {
    let mut ordered: Vec<&mut Domain> = domains.iter_mut().collect();
    ordered.sort_by_key(|domain| Reverse(domain.pieces.len()));
    ordered.into_iter().par_bridge().for_each(work);
}

/// The tubes that start in a patch of the launch grid, after the same number of interactions.
///
/// Domains know nothing of each other but the sequences, the estimate of what cells have, and on their common borders what
/// hides there; corners on these are traced for both.
#[derive(Debug, Default)]
pub(super) struct Domain {
    pub vertices: Vec<Vertex>,
    /// Memory for those of the next layer.
    pub spare_vertices: Vec<Vertex>,
    pub chains: Chains,
    /// Tubes whose next letter is not known yet.
    pub tubes: Vec<Tube>,
    /// Those of which it is.
    pub pieces: Vec<Piece>,
    /// Those that go on, by each interaction.
    pub groups: Vec<Groups>,
    middles: Middles,
    surprises: Surprises,
    tags: TagLists,
    pub deposits: Deposits,
    pub effort: Effort,
}

impl Domain {
    /// Starts again with the tubes of a patch.
    pub fn launch(&mut self, patch: &Patch, grid: u32, seed: u64, power: impl Fn(Vec3) -> f32) {
        self.pieces.clear();
        self.chains.clear();
        self.tags.clear();
        self.deposits.clear();
        self.effort = Effort::default();
        launch(patch, grid, (seed, power), (&mut self.vertices, &mut self.tubes));
    }

    /// The corners of a piece.
    pub fn corners(&self, piece: &Piece) -> impl Iterator<Item = &Vertex> {
        piece.tube.corners().iter().map(|&corner| &self.vertices[corner as usize])
    }

    /// The solid angle of a piece \[sr\].
    pub fn solid_angle(&self, piece: &Piece) -> f32 {
        let directions: Corners<Vec3, MOST_CORNERS> =
            self.corners(piece).map(|vertex| vertex.direction).collect();
        solid_angle(directions.as_slice())
    }

    /// Divides the tubes until their next letters are known.
    pub fn divide(&mut self, stage: &Stage<'_>) {
        self.pieces.clear();
        (self.middles, self.surprises) = (Middles::default(), Surprises::default());
        let tubes = std::mem::take(&mut self.tubes);
        self.work_on_layer(stage, |layer| layer.divide(tubes));
    }

    /// Divides pieces further along whose edges other domains know of something hidden.
    pub fn divide_again(&mut self, stage: &Stage<'_>, surprises: &FxHashSet<RimEdge>) {
        self.work_on_layer(stage, |layer| layer.divide_again(surprises));
    }

    /// The edges on the border along which something hides, that others have not been told of.
    pub fn take_rim_surprises(&mut self) -> Vec<RimEdge> {
        std::mem::take(&mut self.surprises.on_rim)
    }

    fn work_on_layer(&mut self, stage: &Stage<'_>, work: impl FnOnce(&mut Layer<'_>)) {
        let mut layer = Layer {
            stage: *stage,
            vertices: std::mem::take(&mut self.vertices),
            chains: &mut self.chains,
            pieces: std::mem::take(&mut self.pieces),
            middles: &mut self.middles,
            surprises: &mut self.surprises,
            tags: &mut self.tags,
            effort: &mut self.effort,
        };
        work(&mut layer);
        let Layer { vertices, pieces, .. } = layer;
        (self.vertices, self.pieces) = (vertices, pieces);
    }

    /// Puts the pieces together that may go on as one sequence.
    pub fn group(&mut self, stage: &Stage<'_>) {
        let groups = |interaction| Groups::new(&Afterwards::new(interaction, stage), self, stage);
        self.groups = stage.interactions().map(groups).collect();
    }

    /// Lists what the pieces cover.
    pub fn deposit(&mut self, stage: &Stage<'_>) {
        let tags = stage.options.borders.then_some(&self.tags);
        let Self { deposits, pieces, vertices, .. } = self;
        stage.world.buffers.rasterizers.lend(|rasterizer| {
            deposits.add(stage, (pieces, vertices), tags, rasterizer);
        });
    }
}
