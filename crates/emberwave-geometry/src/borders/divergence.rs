//! Where two neighbouring paths part, and which edge makes them.
//!
//! Until they part they are unfolded alike: an edge is seen by the transmitter through the same mirrors, so
//! in launch directions it is a great circle whose crossing with the line is exact.

use glam::DVec3;

use super::unfold::{Cells, Facet, Frame};
use super::walk::{OFFSET, Path, Track};
use crate::{Bound, Hit};

/// How far outside of an interval and beyond the ends of an edge a crossing may be by rounding.
const TOLERANCE: f64 = 1e-6;

/// The first thing that is not the same along two paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// The segment after `level` interactions ends elsewhere.
    Triangle { level: usize },
    /// Both hit the same triangle, only one beyond a surface.
    Crossing { level: usize, surface: usize },
}

/// A discontinuity on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Coordinate on the line.
    pub at: f64,
    /// Normal of the great circle of launch directions to which it belongs.
    pub normal: DVec3,
    /// Unfolded distance \[m\].
    pub distance: f64,
    /// What makes it; `None` where two triangles meet in no edge.
    pub bound: Option<Bound>,
}

impl Track<'_> {
    /// Where two paths first differ, if that may matter.
    pub fn difference(&self, a: &Path, b: &Path) -> Option<Difference> {
        // Feet outside of the map show twice, before and after their triangle.
        let mut ignored = 0;
        for (level, (left, right)) in a.segments.iter().zip(&b.segments).enumerate() {
            let changed = left.crossed ^ right.crossed;
            let triangles = [left.triangle, right.triangle];
            if !self.scene.are_one(left.triangle, right.triangle) && !self.overlap([a, b], level, triangles) {
                let is_last = level == self.events.depth();
                let matters = !is_last || self.may_deposit([a, b], level, changed & !ignored);
                return matters.then_some(Difference::Triangle { level });
            }
            if left.triangle == Hit::MISS {
                return None;
            }
            let feet = changed & !ignored;
            if feet != 0 && self.may_deposit([a, b], level, feet) {
                return Some(Difference::Crossing { level, surface: feet.trailing_zeros() as usize });
            }
            ignored = feet;
        }
        None
    }

    /// Whether two paths hit triangles that lie upon each other, so that chance decides which, and go on
    /// alike.
    fn overlap(&self, paths: [&Path; 2], level: usize, triangles: [u32; 2]) -> bool {
        let [one, other] = triangles;
        if !self.scene.coincide(one, other) {
            return false;
        }
        let events = triangles.map(|triangle| {
            let goes_on = level < self.events.depth();
            goes_on.then(|| self.events.at(self.scene, level, triangle).reflected)
        });
        let frame = self.frame(paths[0], level);
        let is_in_both = |path: &Path, own: u32, other: u32| {
            let direction = frame.direction(self.line.direction(path.at));
            let distance = self.scene.facet(own).distance(frame.source, direction);
            self.scene.contains(other, frame.source + direction * distance)
        };
        events[0] == events[1] && (is_in_both(paths[0], one, other) || is_in_both(paths[1], other, one))
    }

    /// Whether segments between two may meet cells of some surfaces, given as bits: what they cover of a
    /// plane is a straight line.
    fn may_deposit(&self, paths: [&Path; 2], level: usize, surfaces: u64) -> bool {
        if surfaces == 0 {
            return false;
        }
        let frame = self.frame(paths[0], level);
        let directions = paths.map(|path| frame.direction(self.line.direction(path.at)));
        let is_asked = |&(index, _): &(usize, &Cells)| surfaces >> index & 1 == 1;
        self.cells.iter().enumerate().filter(is_asked).any(|(_, cells)| {
            match directions.map(|direction| cells.outside(frame.source, direction)) {
                [Some(left), Some(right)] => left & right == 0,
                [None, None] => false,
                _ => true,
            }
        })
    }

    /// How a path is unfolded after `level` interactions.
    pub fn frame(&self, path: &Path, level: usize) -> Frame {
        self.frame_after(path.segments[..level].iter().map(|segment| segment.triangle))
    }

    /// How paths are unfolded after their interactions with some triangles.
    pub fn frame_after(&self, triangles: impl Iterator<Item = u32>) -> Frame {
        let mut frame = Frame::launch(self.source);
        for (depth, triangle) in triangles.enumerate() {
            if self.events.at(self.scene, depth, triangle).reflected {
                frame = frame.reflected(&self.scene.facet(triangle));
            }
        }
        frame
    }

    /// What makes two paths differ: the nearest crossing between them that is known, not so far as to be sure
    /// of it.
    pub fn place(&self, a: &Path, b: &Path, difference: Difference) -> Option<Place> {
        match difference {
            Difference::Triangle { level } => {
                let triangles = [a, b].map(|path| path.segments[level].triangle);
                let edge = self.edge(a, b, level, triangles);
                let edge = edge.or_else(|| self.foot_of_last(a, b, level, triangles));
                edge.or_else(|| self.seam(a, b, level, triangles))
            }
            Difference::Crossing { level, surface } => {
                let triangle = a.segments[level].triangle;
                let facets = [self.scene.facet(triangle), self.cells[surface].plane];
                let bound = Some(Bound::Face { triangle });
                self.intersection(a, b, level, facets).map(|place| Place { bound, ..place })
            }
        }
    }

    fn edge(&self, a: &Path, b: &Path, level: usize, triangles: [u32; 2]) -> Option<Place> {
        let frame = self.frame(a, level);
        let mut nearest: Option<Place> = None;
        for triangle in triangles.into_iter().filter(|&triangle| triangle != Hit::MISS) {
            let corners = self.scene.triangles[triangle as usize];
            for side in 0..3 {
                let vertices = [corners[side], corners[(side + 1) % 3]];
                let place = self.edge_crossing(&frame, level, vertices);
                let place = place
                    .filter(|place| self.is_between(a, b, place) && self.is_ahead(a, level, &frame, place));
                if let Some(place) = place
                    && nearest.is_none_or(|nearest| place.distance < nearest.distance)
                {
                    nearest = Some(place);
                }
            }
        }
        nearest
    }

    /// Where the line crosses an edge, as seen after `level` interactions.
    pub fn edge_crossing(&self, frame: &Frame, level: usize, vertices: [u32; 2]) -> Option<Place> {
        let [p, q] = vertices.map(|index| frame.unfold(self.scene.vertex(index)));
        let normal = p.cross(q).try_normalize()?;
        let at = self.line.crossing(normal)?;
        let direction = self.line.direction(at);
        let (to_q, to_p) = (p.cross(direction).dot(normal), direction.cross(q).dot(normal));
        let share = to_q / (to_q + to_p);
        // Positive where the direction points to the edge's line and not away from it.
        let tolerance = TOLERANCE * (p.length() + q.length());
        if to_q < -tolerance || to_p < -tolerance || !share.is_finite() {
            return None;
        }
        let distance = (p + (q - p) * share.clamp(0.0, 1.0)).dot(direction);
        let bound = Some(Bound::Edge { interactions: level as u32, vertices });
        (distance > 0.0).then_some(Place { at, normal, distance, bound })
    }

    /// Where a triangle stands in a surface, beyond which last segments are not traced.
    fn foot_of_last(&self, a: &Path, b: &Path, level: usize, triangles: [u32; 2]) -> Option<Place> {
        let changed = a.segments[level].crossed ^ b.segments[level].crossed;
        let triangle = triangles.into_iter().find(|&triangle| triangle != Hit::MISS)?;
        if level < self.events.depth() || changed == 0 {
            return None;
        }
        let facets = [self.scene.facet(triangle), self.cells[changed.trailing_zeros() as usize].plane];
        let bound = Some(Bound::Face { triangle });
        self.intersection(a, b, level, facets).map(|place| Place { bound, ..place })
    }

    /// Where the planes of two triangles meet.
    fn seam(&self, a: &Path, b: &Path, level: usize, triangles: [u32; 2]) -> Option<Place> {
        let both_hit = !triangles.contains(&Hit::MISS);
        both_hit
            .then(|| triangles.map(|triangle| self.scene.facet(triangle)))
            .and_then(|facets| self.intersection(a, b, level, facets))
    }

    fn intersection(&self, a: &Path, b: &Path, level: usize, facets: [Facet; 2]) -> Option<Place> {
        let frame = self.frame(a, level);
        let [first, second] = facets;
        if first.normal.cross(second.normal).length() < TOLERANCE {
            return None;
        }
        let of_both = first.normal * second.height(frame.source) - second.normal * first.height(frame.source);
        let normal = frame.unturn(of_both).try_normalize()?;
        let at = self.line.crossing(normal)?;
        let distance = first.distance(frame.source, frame.direction(self.line.direction(at)));
        let place = Place { at, normal, distance, bound: None };
        (distance > 0.0 && self.is_between(a, b, &place)).then_some(place)
    }

    fn is_between(&self, a: &Path, b: &Path, place: &Place) -> bool {
        place.at >= a.at - TOLERANCE && place.at <= b.at + TOLERANCE
    }

    /// Whether it lies on the segment after `level` interactions, not before it.
    fn is_ahead(&self, path: &Path, level: usize, frame: &Frame, place: &Place) -> bool {
        let Some(last) = level.checked_sub(1).map(|last| path.segments[last].triangle) else { return true };
        let direction = frame.direction(self.line.direction(place.at));
        let start = self.scene.facet(last).distance(frame.source, direction);
        place.distance >= start * (1.0 - TOLERANCE)
    }

    /// How far beside a discontinuity paths are traced, as a coordinate on the line: beyond what rounding
    /// moves.
    pub fn margin(&self, place: &Place) -> f64 {
        let sine = self.line.tangent(place.at).dot(place.normal).abs().max(0.05);
        let largest = self.extent.max(1.0);
        let angle = 1e-5 + 4.0 * OFFSET * largest / place.distance.max(1e-3);
        (angle / sine).min(1e-3) / self.line.angle_per_unit(place.at)
    }
}
