//! Finding all discontinuities along a line.
//!
//! Where neighbouring paths differ, the edge that is to blame is guessed and the line is cut closely on both
//! sides of it; without a guess it is cut in the middle. Cuts where the paths differ still are searched in
//! the next round, until what is left are pairs of rays close to a discontinuity.
//!
//! Near its corners a triangle is narrower than a step. What the two neighbouring lines find is therefore
//! looked for on a line as well ([`Search::follow_hints`]).

use super::divergence::{Difference, Place};
use super::unfold::Frame;
use super::walk::{Path, Segment, Track, Walker};
use crate::{Bound, Hit};

/// Intervals are divided no more often than this.
const MOST_ROUNDS: u8 = 32;

/// An interval that is narrower than this is not divided \[rad\].
const NARROWEST: f64 = 2e-5;

/// Two rays on both sides of a discontinuity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    /// Indices of their paths, first the one at the smaller coordinate.
    pub sides: [usize; 2],
    pub difference: Difference,
    pub place: Place,
}

/// An edge that a neighbouring line crosses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hint {
    /// Both vertices.
    vertices: [u32; 2],
    /// The triangles where paths interact before they come to it.
    before: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Interval {
    ends: [usize; 2],
    /// Whether it is the surroundings of a place.
    is_close: bool,
}

/// Buffers for a search, and what it did not resolve.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    pub walker: Walker,
    pub paths: Vec<Path>,
    pub findings: Vec<Finding>,
    /// Number of differences whose reason was not found.
    pub unresolved: u64,
    intervals: Vec<Interval>,
    next: Vec<Interval>,
    requests: Vec<f64>,
}

impl Search {
    /// Lists the discontinuities of a line, given where to begin.
    pub fn run(&mut self, track: &Track<'_>, coordinates: &[f64]) {
        self.paths.clear();
        self.findings.clear();
        self.walker.walk(track, coordinates, &mut self.paths);
        let last = self.paths.len().saturating_sub(1);
        self.intervals.clear();
        self.intervals.extend((0..last).map(|left| Interval { ends: [left, left + 1], is_close: false }));
        self.resolve(track);
    }

    /// The edges that were found.
    pub fn hints(&self) -> impl Iterator<Item = Hint> {
        self.findings.iter().filter_map(|finding| match finding.place.bound {
            Some(Bound::Edge { interactions, vertices }) => {
                let before = &self.paths[finding.sides[0]].segments[..interactions as usize];
                Some(Hint { vertices, before: before.iter().map(|segment| segment.triangle).collect() })
            }
            _ => None,
        })
    }

    /// Looks for edges that neighbouring lines have found and that this one has not.
    pub fn follow_hints(&mut self, track: &Track<'_>, hints: impl Iterator<Item = Hint>) {
        let mut order: Vec<usize> = (0..self.paths.len()).collect();
        order.sort_by(|&a, &b| self.paths[a].at.total_cmp(&self.paths[b].at));
        let mut places: Vec<[f64; 2]> =
            hints.filter_map(|hint| self.surroundings(track, &order, &hint)).collect();
        places.sort_by(|a, b| a[0].total_cmp(&b[0]));
        self.requests.clear();
        for [low, high] in places {
            if self.requests.last().is_none_or(|&last| last < low) {
                self.requests.extend([low, high]);
            }
        }
        let old = self.paths.len();
        self.walker.walk(track, &self.requests, &mut self.paths);
        order.extend(old..self.paths.len());
        order.sort_by(|&a, &b| self.paths[a].at.total_cmp(&self.paths[b].at));
        self.intervals.clear();
        for ends in order.windows(2).filter(|ends| ends.iter().any(|&end| end >= old)) {
            self.intervals.push(Interval { ends: [ends[0], ends[1]], is_close: false });
        }
        self.resolve(track);
    }

    /// Both sides of a hinted edge, unless it is known here or hidden.
    fn surroundings(&self, track: &Track<'_>, order: &[usize], hint: &Hint) -> Option<[f64; 2]> {
        let frame = track.frame_after(hint.before.iter().copied());
        let place = track.edge_crossing(&frame, hint.before.len(), hint.vertices)?;
        let next = order.partition_point(|&index| self.paths[index].at < place.at);
        let (left, right) = (&self.paths[*order.get(next.checked_sub(1)?)?], &self.paths[*order.get(next)?]);
        let margin = track.margin(&place);
        let [low, high] = [place.at - margin, place.at + margin];
        let is_seen = [left, right].iter().any(|path| track.may_show(path, &frame, hint, &place));
        let is_known = self.findings.iter().any(|finding| {
            let [from, to] = finding.sides.map(|side| self.paths[side].at);
            low <= to && high >= from
        });
        let is_within = low > self.paths[order[0]].at && high < self.paths[order[order.len() - 1]].at;
        (is_seen && !is_known && is_within).then_some([low, high])
    }

    /// Searches the intervals in rounds.
    fn resolve(&mut self, track: &Track<'_>) {
        for round in 0..=MOST_ROUNDS {
            self.next.clear();
            self.requests.clear();
            let intervals = std::mem::take(&mut self.intervals);
            for interval in &intervals {
                self.examine(track, *interval, round);
            }
            self.intervals = intervals;
            if self.next.is_empty() {
                break;
            }
            self.walker.walk(track, &self.requests, &mut self.paths);
            std::mem::swap(&mut self.intervals, &mut self.next);
        }
        let paths = &self.paths;
        self.findings.sort_by(|a, b| paths[a.sides[0]].at.total_cmp(&paths[b.sides[0]].at));
    }

    fn examine(&mut self, track: &Track<'_>, interval: Interval, round: u8) {
        let [a, b] = interval.ends.map(|end| &self.paths[end]);
        let Some(difference) = track.difference(a, b) else { return };
        let place = track.place(a, b, difference);
        let width = (b.at - a.at) * track.line.angle_per_unit(0.5 * (a.at + b.at));
        if interval.is_close || width < NARROWEST || round == MOST_ROUNDS {
            match place {
                Some(place) => self.findings.push(Finding { sides: interval.ends, difference, place }),
                None => self.unresolved += 1,
            }
        } else if let Some(place) = place {
            let margin = track.margin(&place);
            let (low, high) = (place.at - margin, place.at + margin);
            let (low, high) = ((low > a.at).then_some(low), (high < b.at).then_some(high));
            self.cut(interval.ends, low, high);
        } else if round > 1 && Self::is_chance(track, [a, b], difference) {
            self.unresolved += 1;
        } else {
            let middle = 0.5 * (a.at + b.at);
            let new = self.request(middle);
            let [left, right] = interval.ends;
            self.next.push(Interval { ends: [left, new], is_close: false });
            self.next.push(Interval { ends: [new, right], is_close: false });
        }
    }

    /// Whether what differs is left to chance.
    fn is_chance(track: &Track<'_>, paths: [&Path; 2], difference: Difference) -> bool {
        match difference {
            Difference::Triangle { level } => {
                let [a, b] = paths.map(|path| path.segments[level].triangle);
                track.scene.coincide(a, b)
            }
            Difference::Crossing { .. } => true,
        }
    }

    /// Divides an interval around a place, as far as the limits lie within it.
    fn cut(&mut self, [left, right]: [usize; 2], low: Option<f64>, high: Option<f64>) {
        let low = low.map(|at| self.request(at));
        let high = high.map(|at| self.request(at));
        let close = Interval { ends: [low.unwrap_or(left), high.unwrap_or(right)], is_close: true };
        self.next.push(close);
        if let Some(low) = low {
            self.next.push(Interval { ends: [left, low], is_close: false });
        }
        if let Some(high) = high {
            self.next.push(Interval { ends: [high, right], is_close: false });
        }
    }

    /// The index that the path at a coordinate will have.
    fn request(&mut self, at: f64) -> usize {
        self.requests.push(at);
        self.paths.len() + self.requests.len() - 1
    }
}

impl Track<'_> {
    /// Whether a path comes as far as to a hinted edge beside it.
    fn may_show(&self, path: &Path, frame: &Frame, hint: &Hint, place: &Place) -> bool {
        let level = hint.before.len();
        let fits = |(segment, &triangle): (&Segment, &u32)| self.scene.are_one(segment.triangle, triangle);
        if path.segments.len() <= level || !path.segments.iter().zip(&hint.before).all(fits) {
            return false;
        }
        let end = path.segments[level].triangle;
        let direction = frame.direction(self.line.direction(place.at));
        end == Hit::MISS
            || self.scene.facet(end).distance(frame.source, direction) > place.distance * (1.0 - 1e-4)
    }
}
