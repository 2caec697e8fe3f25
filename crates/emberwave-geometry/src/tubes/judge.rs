//! What becomes of a tube, by what its corners meet and what follows there.

use glam::Vec3;

use super::chain::{ChainPart, Together, View};
use super::deposit::NEAR;
use super::footprint::Projector;
use super::layer::Layer;
use super::polygon::{Corners, MOST_CORNERS, solid_angle};
use super::sequence::MISS;
use super::surface::Surface;
use super::tube::{Tube, Vertex};

/// What becomes of a tube.
pub(super) enum Verdict {
    /// All corners meet the same.
    Whole,
    /// Its corners meet different things, but come by the surfaces before, and nothing does that follows.
    Spent,
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
    pub fn judge(&self, tube: &Tube) -> Verdict {
        let changes = tube.edges().filter(|&(a, b)| self.letter(a) != self.letter(b)).count();
        if !self.matters(tube) {
            return if changes > 0 && self.segments > 1 { self.judge_dark(tube) } else { Verdict::Drop };
        }
        match changes {
            _ if self.is_wide(tube) => Verdict::Split,
            0 if self.hides(tube) => Verdict::Split,
            0 => Verdict::Whole,
            _ if self.may_end(tube) => self.judge_end(tube, changes),
            _ => self.judge_mixed(tube, changes),
        }
    }

    /// What becomes of a tube around which what is met changes so many times.
    fn judge_mixed(&self, tube: &Tube, changes: usize) -> Verdict {
        match changes {
            1..=3 => Verdict::Mixed,
            _ if self.is_rough(tube) || self.is_leaf(tube) => Verdict::Mixed,
            _ => Verdict::Split,
        }
    }

    /// The same where nothing that follows comes by a surface. Behind the surfaces it does not matter what is met; before
    /// them there may be a gap between.
    fn judge_end(&self, tube: &Tube, changes: usize) -> Verdict {
        let surfaces = self.world.surfaces;
        let of_corner = |&corner: &u32| {
            let vertex = &self.vertices[corner as usize];
            surfaces.iter().filter_map(move |surface| self.ends_behind(vertex, surface))
        };
        let mut ends_behind = tube.corners().iter().flat_map(of_corner);
        let first = ends_behind.next();
        match first {
            Some(is_behind) if ends_behind.any(|other| other != is_behind) => self.judge_mixed(tube, changes),
            Some(false) if self.is_leaf(tube) => Verdict::Drop,
            Some(false) => Verdict::Split,
            _ => Verdict::Spent,
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
        self.may_branch(tube)
            || self.comes_by(tube, |vertex| vertex.chain)
            || self.comes_by(tube, |vertex| vertex.through)
            || self.crosses(tube)
    }

    /// Whether nothing that follows the next interaction comes by a surface, as far as its corners tell. Derivatives by
    /// places want all borders, and conservative tubes all that hides.
    fn may_end(&self, tube: &Tube) -> bool {
        let comes_by_after = |interaction| self.comes_by(tube, |vertex| vertex.after(interaction));
        !self.options.borders
            && !self.options.conservative
            && !self.may_branch(tube)
            && !self.interactions().any(comes_by_after)
    }

    /// Whether the tube's paths go on in ways that chains do not know of.
    fn may_branch(&self, tube: &Tube) -> bool {
        self.branches() && tube.corners().iter().any(|&corner| self.letter(corner) != MISS)
    }

    /// Whether parts of chains come by a surface, or paths between them do.
    fn comes_by(&self, tube: &Tube, part: impl Fn(&Vertex) -> ChainPart) -> bool {
        let corners = tube.corners().iter().map(|&corner| &self.vertices[corner as usize]);
        let views = || corners.clone().map(|vertex| self.chains.at(part(vertex)));
        views().any(View::matters) || views().fold(Together::NONE, Together::with).straddles()
    }

    /// Whether a corner's next segment ends behind a surface and not before it, if it goes towards it.
    fn ends_behind(&self, vertex: &Vertex, surface: &Surface) -> Option<bool> {
        let sequence = &self.sequences[vertex.sequence as usize];
        let along = sequence.world_from_launch * vertex.direction;
        let crossing = surface.normal.dot(surface.corner - sequence.source) / surface.normal.dot(along);
        (crossing > 0.0).then_some(crossing < self.distance(vertex))
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
        let distance = |&corner: &u32| self.distance(&self.vertices[corner as usize]);
        let longest =
            tube.corners().iter().map(distance).filter(|distance| distance.is_finite()).fold(0.0, f32::max);
        self.solid_angle(tube) * longest * longest
    }

    /// From the image source to what a corner meets \[m\], infinite where that is nothing.
    fn distance(&self, vertex: &Vertex) -> f32 {
        if vertex.letter == MISS {
            return f32::INFINITY;
        }
        let sequence = &self.sequences[vertex.sequence as usize];
        let (normal, height) = self.world.planes.seen_from(vertex.letter, sequence.source);
        height / normal.dot(sequence.world_from_launch * vertex.direction)
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
