//! Where along a tube's edge the path changes.

use glam::Vec3;

use super::planes::PlaneSet;
use super::polygon::Corners;
use super::rays::{CHUNK, Probe};
use super::sequence::{Letter, MISS, Sequence};
use super::tag::Tag;
use super::world::World;

/// Outlines with more edges than this are not searched.
pub(super) const LONGEST_OUTLINE: usize = 96;

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
    /// Launch direction, not normalised.
    pub direction: Vec3,
    /// Unit normal (in launch directions) of the great circle that the change follows; zero where unknown.
    pub line: Vec3,
    /// Index of the outline edge that makes it; [`NO_EDGE`] where unknown.
    pub edge: u32,
    /// What else than at both ends was met.
    pub third: Option<Third>,
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
    direction: Vec3,
    line: Vec3,
    edge: u32,
}

impl From<Border> for Crossing {
    fn from(Border { direction, line, edge }: Border) -> Self {
        Self { direction, line, edge, third: None }
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

/// Stands for the outline edge where there is none.
pub(super) const NO_EDGE: u32 = u32::MAX;

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

#[derive(Clone, Copy, Debug)]
struct Candidate {
    at: f32,
    line: Vec3,
    edge: u32,
}

impl Candidate {
    /// One of which no more than the place is known.
    fn at(at: f32) -> Self {
        Self { at, line: Vec3::ZERO, edge: NO_EDGE }
    }
}

/// Where candidates come from, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The outline of the plane that is nearer.
    Nearer,
    /// That of the other.
    Farther,
    /// Where the two planes meet.
    Fold,
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
    /// Where something else than at both ends was met, and the candidate that is its border to one of them.
    third: Option<(f32, Letter, Option<(Letter, Candidate)>)>,
}

/// An edge as far as candidates need it.
struct Outlook<'a> {
    edge: &'a MixedEdge,
    sequence: &'a Sequence,
    planes: &'a PlaneSet,
}

impl<'a> Outlook<'a> {
    fn new(edge: &'a MixedEdge, sequences: &'a [Sequence], planes: &'a PlaneSet) -> Self {
        Self { edge, sequence: &sequences[edge.sequence as usize], planes }
    }

    /// The directions of the edge's ends in the world.
    fn world(&self) -> [Vec3; 2] {
        self.edge.ends.map(|direction| self.sequence.world_from_launch * direction)
    }

    /// The candidate of an origin, if it has one; its line is that of the world.
    fn candidate(&self, origin: Origin) -> Option<Candidate> {
        let (&Self { edge, sequence, planes }, world) = (self, self.world());
        let [a, b] = edge.letters;
        if origin == Origin::Fold {
            return where_planes_meet(a, b, sequence, world, planes);
        }
        let is_a_nearer = nearer(a, b, sequence, world[0] + world[1], planes);
        if is_a_nearer == (origin == Origin::Nearer) {
            best_on_outline(a, sequence, world, planes, |new, old| new < old)
        } else {
            best_on_outline(b, sequence, world, planes, |new, old| new > old)
        }
    }
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
        let none = Crossing { direction: Vec3::ZERO, line: Vec3::ZERO, edge: NO_EDGE, third: None };
        let mut crossings = vec![none; edges.len()];
        let chunks = edges.chunks(EDGES).zip(crossings.chunks_mut(EDGES));
        let cross = |(edges, crossings): (&[MixedEdge], &mut [Crossing])| {
            let outlook = |edge| Outlook::new(edge, sequences, self.planes);
            let mut searches: Vec<Search> = edges.iter().map(|edge| Search::new(&outlook(edge))).collect();
            let rays = self.search(sequences, edges, &mut searches);
            for ((edge, search), crossing) in edges.iter().zip(&mut searches).zip(crossings) {
                if mesh_edges && search.found.edge == NO_EDGE {
                    search.find_mesh_edge(&outlook(edge));
                }
                let turn = sequences[edge.sequence as usize].world_from_launch.transpose();
                let border = |Candidate { at, line, edge: number }: Candidate| Border {
                    direction: edge.at(at),
                    line: turn * line,
                    edge: number,
                };
                let third = search.third.map(|(at, letter, known)| Third {
                    direction: edge.at(at).normalize(),
                    letter,
                    border: known.map(|(beside, candidate)| (beside, border(candidate))),
                });
                *crossing = Crossing { third, ..border(search.found).into() };
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
            let (at, Probe { letter, .. }) = others.next()?;
            let border = self.candidate.and_then(|candidate| match seen {
                [before, after] if before.letter == a && after.letter == *letter => Some((a, candidate)),
                [before, after] if before.letter == *letter && after.letter == b => Some((b, candidate)),
                _ => None,
            });
            Some((at, *letter, border))
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

    /// Takes the outline edge nearest to what was found, if there is one as near as that is known.
    fn find_mesh_edge(&mut self, outlook: &Outlook<'_>) {
        let (&Outlook { edge, sequence, planes }, world) = (outlook, outlook.world());
        let mut nearest = (self.high - self.low).max(2.0 * self.margin);
        for letter in edge.letters.into_iter().filter(|&letter| letter != MISS) {
            for_each_on_outline(letter, sequence, world, planes, |candidate| {
                let distance = (candidate.at - self.found.at).abs();
                if distance < nearest {
                    (nearest, self.found.edge) = (distance, candidate.edge);
                }
            });
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

/// The crossing of the edge with the outline of a letter's plane that is best.
fn best_on_outline(
    letter: Letter,
    sequence: &Sequence,
    ends: [Vec3; 2],
    planes: &PlaneSet,
    better: impl Fn(f32, f32) -> bool,
) -> Option<Candidate> {
    if letter == MISS || planes.outline_of(letter >> 1).len() > LONGEST_OUTLINE {
        return None;
    }
    let mut best: Option<Candidate> = None;
    for_each_on_outline(letter, sequence, ends, planes, |candidate| {
        if best.is_none_or(|old| better(candidate.at, old.at)) {
            best = Some(candidate);
        }
    });
    best.map(|best| Candidate { line: best.line.normalize_or_zero(), ..best })
}

/// Whether the outline of a letter's plane crosses an edge between two launch directions more than once.
pub(super) fn reaches_over(letter: Letter, sequence: &Sequence, ends: [Vec3; 2], planes: &PlaneSet) -> bool {
    let ends = ends.map(|direction| sequence.world_from_launch * direction);
    let mut count = 0;
    if planes.outline_of(letter >> 1).len() <= LONGEST_OUTLINE {
        for_each_on_outline(letter, sequence, ends, planes, |_| count += 1);
    }
    count > 1
}

/// Visits the crossings of the edge with the outline of a letter's plane; their lines are not normalised.
#[inline(always)]
fn for_each_on_outline(
    letter: Letter,
    sequence: &Sequence,
    [from, to]: [Vec3; 2],
    planes: &PlaneSet,
    mut visit: impl FnMut(Candidate),
) {
    let first = planes.first_outline_edge(letter >> 1);
    for (number, edge) in (first..).zip(planes.outline_of(letter >> 1)) {
        let [p, q] = edge.ends.map(|end| end - sequence.source);
        let line = p.cross(q);
        let (a, b) = (line.dot(from), line.dot(to));
        if (a < 0.0) == (b < 0.0) {
            continue;
        }
        let at = a / (a - b);
        let direction = from + (to - from) * at;
        if p.cross(direction).dot(line) >= 0.0 && direction.cross(q).dot(line) >= 0.0 {
            visit(Candidate { at, line, edge: number });
        }
    }
}

/// Where two planes are at the same distance.
fn where_planes_meet(
    a: Letter,
    b: Letter,
    sequence: &Sequence,
    [from, to]: [Vec3; 2],
    planes: &PlaneSet,
) -> Option<Candidate> {
    if a == MISS || b == MISS {
        return None;
    }
    let ((n, h), (m, g)) = (planes.seen_from(a, sequence.source), planes.seen_from(b, sequence.source));
    let line = (m * h - n * g).normalize_or_zero();
    let (x, y) = (line.dot(from), line.dot(to));
    ((x < 0.0) != (y < 0.0)).then(|| Candidate { at: x / (x - y), line, edge: NO_EDGE })
}

/// Whether the first letter's plane is nearer along a direction.
fn nearer(a: Letter, b: Letter, sequence: &Sequence, direction: Vec3, planes: &PlaneSet) -> bool {
    let distance = |letter: Letter| {
        if letter == MISS {
            return f32::INFINITY;
        }
        let (normal, height) = planes.seen_from(letter, sequence.source);
        let distance = height / normal.dot(direction);
        if distance > 0.0 { distance } else { f32::INFINITY }
    };
    distance(a) <= distance(b)
}
