//! Dividing tubes into smaller ones.

use glam::Vec3;
use rustc_hash::FxHashMap;

use super::layer::Layer;
use super::polygon::{Corners, MOST_CORNERS};
use super::tag::{Tag, TagLists};
use super::tube::{Tube, Vertex};

/// An edge by its corners, the same for the tubes on both sides, and one of its uses.
pub(super) type EdgeUse = ((u32, u32), u32);

/// Where edge `edge` of tube `tube` stands in lists with an entry per edge.
pub(super) fn place(tube: usize, edge: usize) -> usize {
    tube * MOST_CORNERS + edge
}

/// The edges of tubes that are wanted, sorted, so that uses of the same edge follow each other.
pub(super) fn sorted_edges(tubes: &[Tube], wanted: impl Fn(u32, u32) -> bool) -> Vec<EdgeUse> {
    let mut uses = Vec::with_capacity(tubes.len() * 4);
    for (index, tube) in tubes.iter().enumerate() {
        for (edge, (a, b)) in tube.edges().enumerate() {
            if wanted(a, b) {
                uses.push((ordered(a, b), place(index, edge) as u32));
            }
        }
    }
    uses.sort_unstable();
    uses
}

/// The middles of the edges that were divided in a layer.
#[derive(Debug, Default)]
pub(super) struct Middles {
    /// By the ends of the edge, the smaller number first.
    middle: FxHashMap<(u32, u32), u32>,
    /// The edge that an edge is half of.
    whole: FxHashMap<(u32, u32), (u32, u32)>,
}

/// An edge by its ends, the smaller number first.
pub(super) fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

impl Middles {
    /// The middle of an edge that was divided.
    pub fn of(&self, edge: (u32, u32)) -> Option<u32> {
        self.middle.get(&edge).copied()
    }

    /// The edge that an edge is half of.
    pub fn whole(&self, edge: (u32, u32)) -> Option<(u32, u32)> {
        self.whole.get(&edge).copied()
    }
}

impl Layer<'_> {
    /// Divides each tube into as many quadrilaterals as it has corners.
    pub fn split(&mut self, tubes: &[Tube]) -> Vec<Tube> {
        self.effort.divided += tubes.len();
        let mut parts = Vec::with_capacity(4 * tubes.len());
        for tube in tubes {
            let middles: Corners<u32, MOST_CORNERS> =
                tube.edges().map(|(a, b)| self.middle(ordered(a, b))).collect();
            let middles = middles.as_slice();
            let corners = tube.corners();
            let of_corner = |&corner: &u32| self.vertices[corner as usize];
            let direction = corners.iter().map(|corner| of_corner(corner).direction).sum::<Vec3>();
            let power =
                corners.iter().map(|corner| of_corner(corner).power).sum::<f32>() / corners.len() as f32;
            let centre = self.add(Vertex::new(direction.normalize(), tube.sequence, power));
            for (edge, &corner) in corners.iter().enumerate() {
                let before = (edge + corners.len() - 1) % corners.len();
                let part = [corner, middles[edge], centre, middles[before]];
                let corners = part.into_iter().collect();
                let tags = self.tags_of_part(tube, edge, before);
                parts.push(Tube { sequence: tube.sequence, corners, tags, level: tube.level + 1 });
            }
        }
        parts
    }

    /// The tags of the part between the middles of two edges that follow each other.
    fn tags_of_part(&mut self, tube: &Tube, edge: usize, before: usize) -> u32 {
        if tube.tags == TagLists::NO_TAGS {
            return TagLists::NO_TAGS;
        }
        let [first, last] = [edge, before].map(|edge| self.tags.get(tube.tags, edge));
        self.tags.add(&[first, Tag::NONE, Tag::NONE, last].into_iter().collect())
    }

    /// The vertex in the middle of an edge.
    fn middle(&mut self, edge: (u32, u32)) -> u32 {
        if let Some(&known) = self.middles.middle.get(&edge) {
            return known;
        }
        let (a, b) = (self.vertices[edge.0 as usize], self.vertices[edge.1 as usize]);
        let direction = (a.direction + b.direction).normalize();
        let is_on_rim = a.is_on_rim && b.is_on_rim;
        let middle = Vertex { is_on_rim, ..Vertex::new(direction, a.sequence, 0.5 * (a.power + b.power)) };
        let middle = self.add(middle);
        self.middles.middle.insert(edge, middle);
        for end in [edge.0, edge.1] {
            self.middles.whole.insert(ordered(end, middle), edge);
        }
        middle
    }

    pub fn add(&mut self, vertex: Vertex) -> u32 {
        self.vertices.push(vertex);
        self.vertices.len() as u32 - 1
    }
}
