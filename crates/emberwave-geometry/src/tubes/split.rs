//! Dividing tubes into smaller ones.

use glam::Vec3;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

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
                uses.push(((a.min(b), a.max(b)), place(index, edge) as u32));
            }
        }
    }
    uses.par_sort_unstable();
    uses
}

/// The middles of the edges that were divided in a layer.
#[derive(Debug, Default)]
pub(super) struct Middles {
    /// By the ends of the edge, the smaller number first.
    middle: FxHashMap<(u32, u32), u32>,
    /// The edge that an edge is half of.
    whole: FxHashMap<(u32, u32), (u32, u32)>,
    /// Edges along which something hides between ends that meet the same.
    surprises: FxHashSet<(u32, u32)>,
    /// The ends of these, to ask quickly.
    ends: FxHashSet<u32>,
}

fn ordered(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

impl Layer<'_> {
    /// Notes the edges of divided tubes whose middles meet something else than both of their ends, and the longer edges
    /// that they are parts of.
    pub fn note_surprises(&mut self, divided: &[Tube]) {
        for (a, b) in divided.iter().flat_map(Tube::edges) {
            let mut edge = ordered(a, b);
            let Some(&middle) = self.middles.middle.get(&edge) else { continue };
            if self.letter(a) != self.letter(b) || self.letter(middle) == self.letter(a) {
                continue;
            }
            while self.middles.surprises.insert(edge) {
                self.middles.ends.extend([edge.0, edge.1]);
                let Some(&whole) = self.middles.whole.get(&edge) else { break };
                edge = whole;
            }
        }
    }

    /// Moves whole tubes with something hidden along an edge to those that are to be divided.
    pub fn take_back(&self, whole: &mut Vec<Tube>, split: &mut Vec<Tube>) {
        if self.middles.surprises.is_empty() {
            return;
        }
        let is_end = |vertex: u32| self.middles.ends.contains(&vertex);
        let surprises = |tube: &Tube| {
            let surprising =
                |(a, b)| is_end(a) && is_end(b) && self.middles.surprises.contains(&ordered(a, b));
            tube.level < self.options.most_levels && tube.edges().any(surprising)
        };
        whole.retain(|tube| {
            let taken = surprises(tube);
            if taken {
                split.push(*tube);
            }
            !taken
        });
    }

    /// Divides each tube into as many quadrilaterals as it has corners.
    pub fn split(&mut self, tubes: &[Tube]) -> Vec<Tube> {
        self.effort.divided += tubes.len();
        let uses = sorted_edges(tubes, |_, _| true);
        let mut middles = vec![0; tubes.len() * MOST_CORNERS];
        for same in uses.chunk_by(|one, other| one.0 == other.0) {
            let middle = self.middle(same[0].0);
            for &(_, at) in same {
                middles[at as usize] = middle;
            }
        }
        let mut parts = Vec::with_capacity(4 * tubes.len());
        for (index, tube) in tubes.iter().enumerate() {
            let corners = tube.corners();
            let of_corner = |&corner: &u32| self.vertices[corner as usize];
            let direction = corners.iter().map(|corner| of_corner(corner).direction).sum::<Vec3>();
            let power =
                corners.iter().map(|corner| of_corner(corner).power).sum::<f32>() / corners.len() as f32;
            let centre = self.add(Vertex::new(direction.normalize(), tube.sequence, power));
            for (edge, &corner) in corners.iter().enumerate() {
                let before = (edge + corners.len() - 1) % corners.len();
                let part = [corner, middles[place(index, edge)], centre, middles[place(index, before)]];
                let corners = Corners::from_slice(&part);
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
        self.tags.add(&[first, Tag::NONE, Tag::NONE, last])
    }

    /// The vertex in the middle of an edge.
    fn middle(&mut self, edge: (u32, u32)) -> u32 {
        if let Some(&known) = self.middles.middle.get(&edge) {
            return known;
        }
        let (a, b) = (self.vertices[edge.0 as usize], self.vertices[edge.1 as usize]);
        let direction = (a.direction + b.direction).normalize();
        let middle = self.add(Vertex::new(direction, a.sequence, 0.5 * (a.power + b.power)));
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
