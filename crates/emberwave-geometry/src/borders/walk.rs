//! Tracing the rays of a line. Triangles are found in f32, everything else is unfolded and in f64.

use glam::{DVec3, Vec3};

use super::events::Events;
use super::lines::Line;
use super::scene::BorderScene;
use super::unfold::{Cells, Frame};
use crate::ray::{Hit, HitStream, RayStream, START_OFFSET};

/// [`START_OFFSET`] in f64.
pub(super) const OFFSET: f64 = START_OFFSET as f64;

/// A segment of a path: all that is discrete about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    /// Where it ends; [`Hit::MISS`] where nothing is hit, or after the last interaction nothing before the
    /// surfaces.
    pub triangle: u32,
    /// Bit s: whether it crosses the plane of surface s.
    pub crossed: u64,
}

/// What a ray of a line meets.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// Its coordinate on the line.
    pub at: f64,
    /// From the transmitter.
    pub segments: Vec<Segment>,
}

/// A path on its way.
#[derive(Clone, Copy, Debug)]
struct Traveller {
    path: usize,
    frame: Frame,
    direction: DVec3,
    /// Unfolded distance of its last interaction \[m\].
    start: f64,
    /// Where its next ray starts \[m\].
    origin: Vec3,
}

/// Buffers for tracing, and the number of ray queries made.
#[derive(Clone, Debug, Default)]
pub(super) struct Walker {
    travellers: Vec<Traveller>,
    origin: [Vec<f32>; 3],
    direction: [Vec<f32>; 3],
    distance: Vec<f32>,
    triangle: Vec<u32>,
    pub queries: u64,
}

/// What all rays of a line have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track<'a> {
    pub scene: &'a BorderScene<'a>,
    pub cells: &'a [Cells],
    pub line: &'a Line,
    pub events: &'a Events,
    /// The transmitter \[m\].
    pub source: DVec3,
    /// Angle between neighbouring rays \[rad\].
    pub step: f64,
    /// Largest coordinate of the scene \[m\].
    pub extent: f64,
}

impl Walker {
    /// Traces rays at coordinates of the line and adds their paths to the list.
    pub fn walk(&mut self, track: &Track<'_>, coordinates: &[f64], paths: &mut Vec<Path>) {
        self.travellers.clear();
        for &at in coordinates {
            let direction = track.line.direction(at);
            let frame = Frame::launch(track.source);
            let origin = track.source.as_vec3();
            self.travellers.push(Traveller { path: paths.len(), frame, direction, start: 0.0, origin });
            paths.push(Path { at, segments: Vec::new() });
        }
        for depth in 0..=track.events.depth() {
            self.find_hits(track, depth == track.events.depth());
            let mut remaining = 0;
            for index in 0..self.travellers.len() {
                let traveller = self.travellers[index];
                let hit = Hit { distance: self.distance[index], triangle: self.triangle[index] };
                if let Some(next) = track.advance(&traveller, hit, depth, &mut paths[traveller.path]) {
                    self.travellers[remaining] = next;
                    remaining += 1;
                }
            }
            self.travellers.truncate(remaining);
        }
    }

    fn find_hits(&mut self, track: &Track<'_>, is_last: bool) {
        for axis in 0..3 {
            self.origin[axis].clear();
            self.origin[axis].extend(self.travellers.iter().map(|traveller| traveller.origin[axis]));
            self.direction[axis].clear();
            let components = self.travellers.iter().map(|traveller| traveller.direction[axis] as f32);
            self.direction[axis].extend(components);
        }
        self.distance.clear();
        let farthest = |traveller| if is_last { track.reach(traveller) } else { f32::INFINITY };
        self.distance.extend(self.travellers.iter().map(farthest));
        self.triangle.clear();
        self.triangle.resize(self.travellers.len(), Hit::MISS);
        self.queries += self.distance.iter().filter(|&&distance| distance > 0.0).count() as u64;
        let rays = RayStream {
            origin: [0, 1, 2].map(|axis| self.origin[axis].as_slice()),
            direction: [0, 1, 2].map(|axis| self.direction[axis].as_slice()),
        };
        let hits = HitStream { distance: &mut self.distance, triangle: &mut self.triangle };
        track.scene.bvh.closest_hits(&rays, hits);
    }
}

impl Track<'_> {
    /// How far a last segment has to be traced \[m\]: to the last surface; without an end if a neighbour may
    /// cross one.
    fn reach(&self, traveller: &Traveller) -> f32 {
        let of_surface = |cells: &Cells| {
            let distance = cells.plane.distance(traveller.frame.source, traveller.direction);
            if distance > traveller.start && distance < f64::INFINITY {
                (distance - traveller.start) * (1.0 + 1e-6)
            } else if cells.plane.normal.dot(traveller.direction).abs() < 2.0 * self.step {
                f64::INFINITY
            } else {
                0.0
            }
        };
        self.cells.iter().map(of_surface).fold(0.0, f64::max) as f32
    }

    /// Notes a segment, and carries the path through its interaction if it goes on.
    fn advance(&self, traveller: &Traveller, hit: Hit, depth: usize, path: &mut Path) -> Option<Traveller> {
        let Traveller { frame, direction, start, .. } = *traveller;
        let facet = hit.is_hit().then(|| self.scene.facet(hit.triangle));
        let end = facet.map_or(f64::INFINITY, |facet| {
            let distance = facet.distance(frame.source, direction);
            if distance.is_finite() { distance.max(start) } else { start + f64::from(hit.distance) }
        });
        let crosses = |cells: &Cells| {
            let distance = cells.plane.distance(frame.source, direction);
            distance > start && distance < end
        };
        let bits = self.cells.iter().enumerate().map(|(bit, cells)| u64::from(crosses(cells)) << bit);
        path.segments.push(Segment { triangle: hit.triangle, crossed: bits.sum() });
        let facet = facet.filter(|_| depth < self.events.depth())?;
        let event = self.events.at(self.scene, depth, hit.triangle);
        let point = frame.source + direction * end;
        let along = facet.normal.dot(direction) > 0.0;
        let side = if along == event.reflected { -OFFSET } else { OFFSET };
        let origin = point + facet.normal * (side * point.abs().max_element().max(1.0));
        let next = if event.reflected { frame.reflected(&facet) } else { frame };
        let launch = self.line.direction(path.at);
        Some(Traveller {
            frame: next,
            direction: next.direction(launch),
            start: end,
            origin: origin.as_vec3(),
            ..*traveller
        })
    }
}
