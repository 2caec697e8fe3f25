//! Where along a tube's edge the path changes.

use std::ops::Deref;

use glam::Vec3;

use super::candidate::{Candidate, NO_EDGE, Origin, Outlook};
use super::polygon::Corners;
use super::rays::{CHUNK, Probe};
use super::sequence::{Letter, MISS, Sequence};
use super::tag::Tag;
use super::world::World;

/// Edges searched by one task.
const EDGES: usize = CHUNK / 2;

/// Two rays this far (as a fraction of the edge) on either side of a candidate confirm it.
const CONFIRM: f32 = 1.0 / 512.0;

/// Directions closer than this \[rad\] may meet something else than they should, for the rounding of rays.
const RESOLVED: f32 = 1e-5;

/// Halvings where no candidate is confirmed.
const HALVINGS: u32 = 4;

/// Where the letter changes between two directions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    border: Border,
    /// What else than at both ends was met.
    pub third: Option<Third>,
}

impl Deref for Crossing {
    type Target = Border;

    fn deref(&self) -> &Border {
        &self.border
    }
}

/// Something else than at both ends of an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Third {
    /// Launch direction where it was met.
    pub direction: Vec3,
    pub letter: Letter,
    /// Where it begins beside what one of the ends meets, if that was seen, and the letter of that end.
    pub border: Option<(Letter, Border)>,
}

/// Where two letters meet on an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Border {
    /// Launch direction, not normalised.
    pub direction: Vec3,
    /// Unit normal (in launch directions) of the great circle that the change follows; zero where unknown.
    pub line: Vec3,
    /// Index of the outline edge that makes it; [`NO_EDGE`] where unknown.
    pub edge: u32,
}

impl From<Border> for Crossing {
    fn from(border: Border) -> Self {
        Self { border, third: None }
    }
}

impl Crossing {
    /// The tag of a border along this crossing's mesh edge.
    pub fn tag(&self, interactions: u32) -> Tag {
        if self.edge == NO_EDGE { Tag::NONE } else { Tag::new(self.edge, interactions) }
    }

    /// The one of two whose line is known and passes the other more closely.
    pub fn nearer<'a>(&'a self, other: &'a Self) -> &'a Self {
        let misses = |one: &Self, other: &Self| match (one.edge, one.line == Vec3::ZERO) {
            (NO_EDGE, _) => f32::INFINITY,
            (_, true) => f32::MAX,
            _ => one.line.dot(other.direction.normalize()).abs(),
        };
        let (own, its) = (misses(self, other), misses(other, self));
        if (own, self.edge) <= (its, other.edge) { self } else { other }
    }
}

/// An edge of a tube whose ends have different letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct MixedEdge {
    pub sequence: u32,
    pub ends: [Vec3; 2],
    pub letters: [Letter; 2],
    /// How much is to be found.
    pub effort: SearchEffort,
}

/// How much of a crossing is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SearchEffort {
    /// A guess does.
    Guess,
    /// The place, or something else than at both ends: then it does not matter where the crossing is.
    PlaceOrThird,
    /// The place, as well as possible.
    Place,
}

/// A [`Third`] as the search sees it: places are fractions of the edge.
#[derive(Clone, Copy, Debug)]
struct Seen {
    at: f32,
    letter: Letter,
    /// The candidate that is its border beside what one of the ends meets, and the letter of that end.
    border: Option<(Letter, Candidate)>,
}

/// The search on one edge.
#[derive(Clone, Copy, Debug)]
struct Search {
    /// What is looked at next; where there is none, the middle of what is left.
    candidate: Option<Candidate>,
    /// Where the one after comes from.
    next: Option<Origin>,
    tried: Corners<f32, 3>,
    halvings: u8,
    done: bool,
    low: f32,
    high: f32,
    /// How far on either side of a candidate its sides are looked at.
    margin: f32,
    found: Candidate,
    /// Something else than at both ends that was met.
    third: Option<Seen>,
}

impl World<'_> {
    /// Finds the crossing on every edge, and all mesh edges that make them if these are wanted; returns the crossings
    /// and the number of rays it took.
    pub(super) fn cross(
        &self,
        sequences: &[Sequence],
        edges: &[MixedEdge],
        mesh_edges: bool,
    ) -> (Vec<Crossing>, usize) {
        let none = Border { direction: Vec3::ZERO, line: Vec3::ZERO, edge: NO_EDGE };
        let mut crossings = vec![Crossing::from(none); edges.len()];
        let chunks = edges.chunks(EDGES).zip(crossings.chunks_mut(EDGES));
        let cross = |(edges, crossings): (&[MixedEdge], &mut [Crossing])| {
            let outlook = |edge| Outlook::new(edge, sequences, self.planes);
            let mut searches: Vec<Search> = edges.iter().map(|edge| Search::new(&outlook(edge))).collect();
            let rays = self.search(sequences, edges, &mut searches);
            for ((edge, search), crossing) in edges.iter().zip(&mut searches).zip(crossings) {
                if mesh_edges && search.found.edge == NO_EDGE {
                    let within = (search.high - search.low).max(2.0 * search.margin);
                    search.found.edge = outlook(edge).nearest_mesh_edge(search.found.at, within);
                }
                let turn = sequences[edge.sequence as usize].world_from_launch.transpose();
                let border = |Candidate { at, line, edge: number }: Candidate| Border {
                    direction: edge.at(at),
                    line: turn * line,
                    edge: number,
                };
                let third = search.third.map(|seen| Third {
                    direction: edge.at(seen.at).normalize(),
                    letter: seen.letter,
                    border: seen.border.map(|(beside, candidate)| (beside, border(candidate))),
                });
                *crossing = Crossing { border: border(search.found), third };
            }
            rays
        };
        let rays = chunks.map(cross).sum();
        (crossings, rays)
    }

    /// Runs searches to their ends; returns the number of rays.
    fn search(&self, sequences: &[Sequence], edges: &[MixedEdge], searches: &mut [Search]) -> usize {
        let mut active: Vec<usize> = (0..edges.len()).filter(|&index| !searches[index].done).collect();
        let (mut probes, mut rays) = (Vec::with_capacity(2 * edges.len()), 0);
        while !active.is_empty() {
            probes.clear();
            for &index in &active {
                let edge = &edges[index];
                let (first, second) = searches[index].positions();
                for at in std::iter::once(first).chain(second) {
                    probes.push(Probe { direction: edge.at(at), sequence: edge.sequence, letter: MISS });
                }
            }
            self.trace(sequences, &mut probes);
            rays += probes.len();
            let mut next = 0;
            active.retain(|&index| {
                let search = &mut searches[index];
                let count = 1 + usize::from(search.positions().1.is_some());
                let outlook = Outlook::new(&edges[index], sequences, self.planes);
                search.learn(&outlook, &probes[next..next + count]);
                next += count;
                !search.done
            });
        }
        rays
    }
}

impl MixedEdge {
    fn at(&self, fraction: f32) -> Vec3 {
        self.ends[0] + (self.ends[1] - self.ends[0]) * fraction
    }
}

impl Search {
    fn new(outlook: &Outlook<'_>) -> Self {
        let edge = outlook.edge;
        let mut search = Self {
            candidate: None,
            next: Some(Origin::Nearer),
            tried: Corners::default(),
            halvings: 0,
            done: false,
            low: 0.0,
            high: 1.0,
            margin: CONFIRM.max(RESOLVED / (edge.ends[1] - edge.ends[0]).length()).min(0.25),
            found: Candidate::at(0.5),
            third: None,
        };
        search.advance(outlook);
        if edge.effort == SearchEffort::Guess {
            search.done = true;
            if let Some(candidate) = search.candidate {
                search.found = Candidate { line: Vec3::ZERO, ..candidate };
            }
        }
        search
    }

    /// Goes on to the next candidate that is not known to be wrong.
    fn advance(&mut self, outlook: &Outlook<'_>) {
        self.candidate = None;
        while let (None, Some(origin)) = (self.candidate, self.next) {
            self.next = match origin {
                Origin::Nearer => Some(Origin::Farther),
                Origin::Farther => Some(Origin::Fold),
                Origin::Fold => None,
            };
            self.candidate = outlook.candidate(origin).filter(|candidate| self.may_be(candidate));
        }
    }

    fn may_be(&self, candidate: &Candidate) -> bool {
        let is_new = |tried: &f32| (tried - candidate.at).abs() > self.margin;
        let is_left = self.tried.len() == 0 || (candidate.at > self.low && candidate.at < self.high);
        is_left && self.tried.as_slice().iter().all(is_new)
    }

    /// Where to look next, as fractions of the edge.
    fn positions(&self) -> (f32, Option<f32>) {
        match self.candidate {
            Some(Candidate { at, .. }) => {
                let (before, after) = (at - self.margin, at + self.margin);
                (before.max(0.5 * at), Some(after.min(0.5 * (1.0 + at))))
            }
            None => (0.5 * (self.low + self.high), None),
        }
    }

    /// Takes in what was seen at [`Self::positions`].
    fn learn(&mut self, outlook: &Outlook<'_>, seen: &[Probe]) {
        let [a, b] = outlook.edge.letters;
        let (first, second) = self.positions();
        let places = std::iter::once(first).chain(second).zip(seen);
        self.third = self.third.or_else(|| {
            let mut others = places.filter(|(_, probe)| probe.letter != a && probe.letter != b);
            let (at, &Probe { letter, .. }) = others.next()?;
            let border = self.candidate.and_then(|candidate| match seen {
                [before, after] if before.letter == a && after.letter == letter => Some((a, candidate)),
                [before, after] if before.letter == letter && after.letter == b => Some((b, candidate)),
                _ => None,
            });
            Some(Seen { at, letter, border })
        });
        match (self.candidate, second) {
            (Some(candidate), Some(second)) => {
                let [before, after] = [seen[0].letter, seen[1].letter];
                if before == a && after == b {
                    (self.found, self.done) = (candidate, true);
                    return;
                }
                self.narrow(a, first, before);
                self.narrow(a, second, after);
                self.tried.push(candidate.at);
            }
            _ => {
                self.narrow(a, first, seen[0].letter);
                self.halvings += 1;
            }
        }
        let is_known = self.third.is_some() && outlook.edge.effort == SearchEffort::PlaceOrThird;
        if !is_known {
            self.advance(outlook);
        }
        if is_known || (self.candidate.is_none() && u32::from(self.halvings) == HALVINGS) {
            self.found = Candidate::at(0.5 * (self.low + self.high));
            self.done = true;
        }
    }

    fn narrow(&mut self, a: Letter, at: f32, letter: Letter) {
        if at <= self.low || at >= self.high {
            return;
        }
        if letter == a {
            self.low = at;
        } else {
            self.high = at;
        }
    }
}
