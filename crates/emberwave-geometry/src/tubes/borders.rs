//! Listing where what tubes cover ends.
//!
//! The edges of a footprint are those of the tube, and those where the planes on which its segment begins and ends cut it.
//! The former are borders where they lie on a mesh edge. Along the edges that divide a sequence's tubes by what they meet
//! next, both neighbours cross the surface unless the mesh edge comes first: only there does one of them end.

use glam::{Vec2, Vec3};

use super::footprint::Bounds;
use super::planes::PlaneSet;
use super::polygon::{Corners, MOST_CLIPPED};
use super::sequence::Sequence;
use super::surface::Surface;
use super::tag::{Tag, TagLists};
use super::tube::Piece;
use crate::{Border, Bound};

/// Shorter pieces are rounding \[cells\].
const SHORTEST: f32 = 1e-6;

/// What an edge of a footprint lies on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    /// Nothing that ends what the sequence reaches.
    #[default]
    Inner,
    /// A mesh edge.
    Tagged(Tag),
    /// A plane of the set.
    Plane(u32),
}

/// A corner of a clipped tube, and the edge that begins there.
#[derive(Clone, Copy, Debug, Default)]
struct Corner {
    direction: Vec3,
    side: Side,
}

/// Lists borders.
#[derive(Debug, Default)]
pub(super) struct BorderLister {
    corners: Corners<Corner, MOST_CLIPPED>,
    scratch: Corners<Corner, MOST_CLIPPED>,
    /// What is found.
    pub borders: Vec<Border>,
}

impl BorderLister {
    /// Adds the borders of a piece's footprint; the directions are those of its corners at launch.
    pub fn add(
        &mut self,
        planes: &PlaneSet,
        surface: &Surface,
        (sequence, piece): (&Sequence, &Piece),
        directions: impl Iterator<Item = Vec3>,
        tags: &TagLists,
    ) {
        let Some(bounds) = Bounds::new(surface, sequence, piece.letter, planes) else { return };
        self.corners.clear();
        for (edge, direction) in directions.enumerate() {
            let side = match tags.get(piece.tube.tags, edge) {
                Tag::NONE => Side::Inner,
                tag => Side::Tagged(tag),
            };
            self.corners.push(Corner { direction: sequence.world_from_launch * direction, side });
        }
        self.keep(Side::Inner, |d| bounds.normal.dot(d) - bounds.least * d.length());
        for (face, letter) in [(bounds.exit, sequence.letter), (bounds.end, piece.letter)] {
            if let Some(face) = face {
                self.keep(Side::Plane(letter >> 1), |d| face.dot(d));
            }
        }
        if self.corners.len() < 3 {
            return;
        }
        let view = View { planes, surface, sequence, bounds, number: piece.tube.sequence };
        let corners = self.corners.as_slice();
        let next = corners.iter().cycle().skip(1);
        for (from, to) in corners.iter().zip(next).filter(|(from, _)| from.side != Side::Inner) {
            view.list(from.side, [from.direction, to.direction], &mut self.borders);
        }
    }

    /// Cuts off where `height` is negative; the new edge gets a side.
    fn keep(&mut self, side: Side, height: impl Fn(Vec3) -> f32) {
        let corners = self.corners.as_slice();
        if corners.iter().all(|corner| height(corner.direction) >= 0.0) {
            return;
        }
        self.scratch.clear();
        for (at, &from) in corners.iter().enumerate() {
            let to = corners[(at + 1) % corners.len()];
            let (before, after) = (height(from.direction), height(to.direction));
            if before >= 0.0 {
                self.scratch.push(from);
            }
            if (before >= 0.0) != (after >= 0.0) {
                let direction = from.direction.lerp(to.direction, before / (before - after));
                let side = if before >= 0.0 { side } else { from.side };
                self.scratch.push(Corner { direction, side });
            }
        }
        std::mem::swap(&mut self.corners, &mut self.scratch);
    }
}

/// A surface in the sight of an image source.
struct View<'a> {
    planes: &'a PlaneSet,
    surface: &'a Surface,
    sequence: &'a Sequence,
    bounds: Bounds,
    /// Number of the sequence.
    number: u32,
}

impl View<'_> {
    /// Lists an edge of a footprint from one direction to another.
    fn list(&self, side: Side, directions: [Vec3; 2], borders: &mut Vec<Border>) {
        let mut ends = directions.map(|direction| {
            let along = direction * (self.bounds.height / self.bounds.normal.dot(direction));
            self.surface.cell_coordinates(self.sequence.source + along)
        });
        let bound = match side {
            Side::Inner => return,
            Side::Plane(plane) => Bound::Face { triangle: self.planes.largest_triangle(plane) },
            Side::Tagged(tag) => {
                let Some((edge, interactions)) = tag.get() else { return };
                let edge = self.planes.outline_edge(edge);
                if interactions == self.sequence.depth && !self.keep_hidden(edge.ends, &mut ends) {
                    return;
                }
                Bound::Edge { interactions, vertices: edge.vertices }
            }
        };
        if self.turns_clockwise() {
            ends.reverse();
        }
        walk(ends, self.surface.num_cells, |indices, from, to| {
            let (middle, along) = (0.5 * (from + to), to - from);
            if along.length_squared() > SHORTEST * SHORTEST {
                let (sequence, cell) = (self.number, self.surface.cell(indices));
                let (middle, along) = (middle.to_array(), along.to_array());
                borders.push(Border { sequence, cell, bound, middle, along });
            }
        });
    }

    /// Whether the corners of footprints follow each other clockwise: tubes start counter-clockwise along their
    /// directions.
    fn turns_clockwise(&self) -> bool {
        let mirrored = self.sequence.world_from_launch.determinant() < 0.0;
        mirrored != (self.bounds.normal.dot(self.surface.normal) < 0.0)
    }

    /// Keeps the part of an edge of a footprint \[cells\] for which a mesh edge comes before the surface; whether there is
    /// one.
    fn keep_hidden(&self, edge: [Vec3; 2], ends: &mut [Vec2; 2]) -> bool {
        let source = self.sequence.source;
        let depths = edge.map(|end| self.bounds.normal.dot(end - source));
        let height = self.bounds.height;
        match depths.map(|depth| depth < height) {
            [true, true] => return true,
            [false, false] => return false,
            _ => {}
        }
        let (before, behind) = if depths[0] < height { (0, 1) } else { (1, 0) };
        let share = (height - depths[before]) / (depths[behind] - depths[before]);
        let foot = edge[before].lerp(edge[behind], share);
        // A point of the edge before the surface, near enough to have a shadow.
        let back = (0.5 * height / (height - depths[before])).min(1.0);
        let point = foot.lerp(edge[before], back);
        let along = point - source;
        let shadow = source + along * (height / self.bounds.normal.dot(along));
        let foot = self.surface.cell_coordinates(foot);
        let outward = self.surface.cell_coordinates(shadow) - foot;
        let [a, b] = ends.map(|end| outward.dot(end - foot));
        if a <= 0.0 && b <= 0.0 {
            return false;
        }
        if (a < 0.0) != (b < 0.0) {
            let cut = ends[0].lerp(ends[1], a / (a - b));
            ends[usize::from(b < 0.0)] = cut;
        }
        true
    }
}

/// Visits the parts of a straight piece within each cell.
fn walk([from, to]: [Vec2; 2], num_cells: [u32; 2], mut visit: impl FnMut([u32; 2], Vec2, Vec2)) {
    let limit = Vec2::new(num_cells[0] as f32, num_cells[1] as f32);
    let run = to - from;
    let (mut begin, mut end): (f32, f32) = (0.0, 1.0);
    for axis in 0..2 {
        if run[axis] == 0.0 {
            if !(0.0..=limit[axis]).contains(&from[axis]) {
                return;
            }
            continue;
        }
        let (a, b) = (-from[axis] / run[axis], (limit[axis] - from[axis]) / run[axis]);
        (begin, end) = (begin.max(a.min(b)), end.min(a.max(b)));
    }
    let mut at = begin;
    let start = (from + run * begin).clamp(Vec2::ZERO, limit - 1.0);
    let mut cell = start.floor();
    let leaves = |cell: Vec2, axis: usize| match run[axis] {
        0.0 => f32::INFINITY,
        run => (cell[axis] + f32::from(u8::from(run > 0.0)) - from[axis]) / run,
    };
    while at < end {
        let [x, y] = [0, 1].map(|axis| leaves(cell, axis));
        let next = x.min(y).clamp(at, end);
        if next > at {
            visit([cell.x as u32, cell.y as u32], from + run * at, from + run * next);
        }
        let axis = usize::from(y < x);
        cell[axis] += run[axis].signum();
        if cell[axis] < 0.0 || cell[axis] >= limit[axis] {
            return;
        }
        at = next;
    }
}
