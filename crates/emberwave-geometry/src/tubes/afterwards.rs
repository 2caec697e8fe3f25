//! What paths of a piece may bring to the surfaces after their next interaction.

use super::chain::{Together, View};
use super::domain::Domain;
use super::estimate::Estimate;
use super::footprint::Projector;
use super::layer::Stage;
use super::sequence::{Interaction, Letter, MISS, Sequence};
use super::tube::{Piece, Vertex};

/// Power over squared distance that paths are taken to bring in ways that chains do not know of, for a unit of power:
/// some walls on the way, and some hundred metres \[1/m²\].
const UNSEEN: f32 = 1e-2 * 1e-4;

/// What pieces are taken to add whose borders are not followed yet and that do not come by a surface at once.
const UNKNOWN_IMPORTANCE: f32 = 1e-3;

/// The share of a power that is taken to get through walls that may be in the way, where paths go through any.
const PAST_UNKNOWN_WALLS: f32 = 0.1;

/// The share of the power of paths that is taken to come to the surfaces in ways that chains do not know of.
const UNSEEN_POWER: f32 = 0.1;

/// What follows an interaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Afterwards {
    pub interaction: Interaction,
    /// Share of what a cell typically has that a unit of power at a unit of distance is taken to add in ways that chains
    /// do not know of \[m²\].
    unseen: f32,
}

impl Afterwards {
    pub fn new(interaction: Interaction, stage: &Stage<'_>) -> Self {
        let unseen = if stage.branches() { UNSEEN / stage.estimate.typical() } else { 0.0 };
        Self { interaction, unseen }
    }

    /// What follows a vertex after the interaction.
    pub fn chain<'d>(&self, domain: &'d Domain, vertex: &Vertex) -> View<'d> {
        domain.chains.at(vertex.after(self.interaction))
    }

    /// Whether paths of the piece come by a surface afterwards, as far as its corners tell that have been followed.
    fn is_known_to_matter(&self, domain: &Domain, piece: &Piece) -> bool {
        let chains = || domain.corners(piece).map(|vertex| self.chain(domain, vertex));
        self.branches()
            || chains().any(View::matters)
            || chains().fold(Together::NONE, Together::with).straddles()
    }

    /// The largest share that paths from a vertex add to what a cell has, in ways that are known or not.
    pub fn share(&self, domain: &Domain, vertex: &Vertex, estimate: &Estimate) -> f32 {
        self.chain(domain, vertex).importance(estimate).max(self.unseen_share(vertex))
    }

    /// The share that paths from a vertex add in ways that chains do not know of.
    pub fn unseen_share(&self, vertex: &Vertex) -> f32 {
        self.unseen * vertex.power
    }

    /// Whether there are such ways.
    pub fn branches(&self) -> bool {
        self.unseen > 0.0
    }

    /// What a unit of solid angle brings to the surfaces, in ways that are known or not: power over squared distance times
    /// area.
    pub fn power(&self, domain: &Domain, vertex: &Vertex) -> f32 {
        let unseen = if self.branches() { UNSEEN_POWER * vertex.power } else { 0.0 };
        self.chain(domain, vertex).power().max(unseen)
    }
}

/// What is found of the pieces of one sequence with one next letter.
pub(super) struct Reach<'a> {
    ahead: &'a Afterwards,
    domain: &'a Domain,
    stage: &'a Stage<'a>,
    sequence: u32,
    letter: Letter,
    /// What they go on as, once it is asked for.
    child: Option<Sequence>,
    projector: Projector,
    potential: f32,
}

impl<'a> Reach<'a> {
    /// Of pieces of which none is known yet.
    pub fn new(
        ahead: &'a Afterwards,
        domain: &'a Domain,
        stage: &'a Stage<'a>,
        (sequence, letter): (u32, Letter),
    ) -> Self {
        let (child, projector, potential) = (None, Projector::default(), 0.0);
        Self { ahead, domain, stage, sequence, letter, child, projector, potential }
    }

    /// Whether paths of a piece come by a surface afterwards, as far as is known.
    pub fn matters(&mut self, piece: &Piece) -> bool {
        let Self { domain, stage, .. } = *self;
        let matters = self.ahead.is_known_to_matter(domain, piece);
        let is_known = |vertex: &Vertex| domain.chains.at(vertex.chain).is_known();
        if domain.corners(piece).all(is_known) {
            return matters;
        }
        // Borders are not followed yet. What they may add is only asked for where the worth of cells is given.
        if !stage.estimate.is_given() {
            return matters || stage.segments > 2 || self.at_once(piece).is_some();
        }
        if matters && self.potential >= stage.options.negligible.of_cells {
            return true;
        }
        let at_once = self.at_once(piece);
        self.potential = self.potential.max(at_once.unwrap_or(UNKNOWN_IMPORTANCE));
        matters || at_once.is_some() || stage.segments > 2
    }

    /// The largest share that those may add to what a cell has of which not all is known.
    pub fn potential(&self) -> f32 {
        self.potential
    }

    /// The share that a piece may add right after the interaction; none if it cannot cross a surface there.
    fn at_once(&mut self, piece: &Piece) -> Option<f32> {
        let Self { stage, sequence, letter, .. } = *self;
        let (world, parent) = (&stage.world, &stage.sequences[sequence as usize]);
        let interaction = self.ahead.interaction;
        let followed = || parent.followed_by(sequence, letter, interaction, world.planes, 1.0);
        let child = *self.child.get_or_insert_with(followed);
        let first = &self.domain.vertices[piece.tube.corners()[0] as usize];
        let past_walls = if stage.options.transmission { PAST_UNKNOWN_WALLS } else { 1.0 };
        let share = world.share_of_power(parent, first.direction, letter, interaction);
        let power = past_walls * first.power * share;
        let mut largest = None;
        for surface in world.surfaces {
            let launch = self.domain.corners(piece).map(|corner| corner.direction);
            if !self.projector.project(surface, &child, MISS, world.planes, launch)
                || !surface.overlaps(self.projector.polygon.as_slice())
            {
                continue;
            }
            let gain = power / self.projector.range_squared;
            for &corner in self.projector.polygon.as_slice() {
                let share = gain / stage.estimate.at(surface.nearest_cell(corner));
                largest = Some(share.max(largest.unwrap_or(0.0)));
            }
        }
        largest
    }
}
