//! Where along a tube's edge the path may change, as far as geometry tells.

use glam::Vec3;

use super::crossing::MixedEdge;
use super::planes::PlaneSet;
use super::sequence::{Letter, MISS, Sequence};

/// Outlines with more edges than this are not searched.
pub(super) const LONGEST_OUTLINE: usize = 96;

/// Stands for the outline edge where there is none.
pub(super) const NO_EDGE: u32 = u32::MAX;

/// Where an edge of a tube may cross a border.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// As a fraction of the edge.
    pub at: f32,
    /// Unit normal in the world of the great circle that the border follows; zero where unknown.
    pub line: Vec3,
    /// Index of the outline edge that makes it; [`NO_EDGE`] where unknown.
    pub edge: u32,
}

impl Candidate {
    /// One of which no more than the place is known.
    pub fn at(at: f32) -> Self {
        Self { at, line: Vec3::ZERO, edge: NO_EDGE }
    }
}

/// Where candidates come from, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The outline of the plane that is nearer.
    Nearer,
    /// That of the other.
    Farther,
    /// Where the two planes meet.
    Fold,
}

/// An edge as far as candidates need it.
pub(super) struct Outlook<'a> {
    pub edge: &'a MixedEdge,
    sequence: &'a Sequence,
    planes: &'a PlaneSet,
}

impl<'a> Outlook<'a> {
    pub fn new(edge: &'a MixedEdge, sequences: &'a [Sequence], planes: &'a PlaneSet) -> Self {
        Self { edge, sequence: &sequences[edge.sequence as usize], planes }
    }

    /// The directions of the edge's ends in the world.
    fn world(&self) -> [Vec3; 2] {
        self.edge.ends.map(|direction| self.sequence.world_from_launch * direction)
    }

    /// The candidate of an origin, if it has one; its line is that of the world.
    pub fn candidate(&self, origin: Origin) -> Option<Candidate> {
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

    /// The outline edge that is crossed nearest to a place, if one is as near as that; [`NO_EDGE`] otherwise.
    pub fn nearest_mesh_edge(&self, at: f32, within: f32) -> u32 {
        let (&Self { edge, sequence, planes }, world) = (self, self.world());
        let (mut nearest, mut found) = (within, NO_EDGE);
        for letter in edge.letters.into_iter().filter(|&letter| letter != MISS) {
            for_each_on_outline(letter, sequence, world, planes, |candidate| {
                let distance = (candidate.at - at).abs();
                if distance < nearest {
                    (nearest, found) = (distance, candidate.edge);
                }
            });
        }
        found
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
