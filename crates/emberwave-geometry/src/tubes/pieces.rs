//! Parts of tubes that are cut.

use glam::Vec3;
use rustc_hash::FxHashMap;

use super::crossing::{Crossing, Third};
use super::polygon::{Corners, MOST_CORNERS};
use super::sequence::Letter;
use super::split::place;
use super::tag::Tags;

/// Edges without a crossing.
pub(super) const NONE: u32 = u32::MAX;

/// A corner of a new tube.
#[derive(Clone, Copy, Debug)]
pub(super) enum NewCorner {
    Known(u32),
    /// On the border, near a direction inside.
    Border {
        direction: Vec3,
        inside: Vec3,
    },
}

impl Default for NewCorner {
    fn default() -> Self {
        Self::Known(NONE)
    }
}

/// A part of a tube with one letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPiece {
    pub letter: Letter,
    pub corners: Corners<NewCorner, MOST_CORNERS>,
    /// Of the edges that begin at the corners; none where no tags are wanted.
    pub tags: Tags,
}

impl NewPiece {
    /// A part without corners.
    pub fn new(letter: Letter) -> Self {
        Self { letter, corners: Corners::default(), tags: Tags::default() }
    }

    /// Goes on to a corner, with the tag at a place, if there are tags.
    fn go_to(&mut self, corner: NewCorner, (tags, at): (&Tags, usize)) {
        self.corners.push(corner);
        if let Some(&tag) = tags.as_slice().get(at) {
            self.tags.push(tag);
        }
    }
}

/// Joins the last part with those around it that meet the same, as far as corners fit: the rest of the tube is convex, and
/// one piece instead of several.
pub(super) fn join_middle(parts: &mut Vec<NewPiece>) {
    let Some(middle) = parts.pop() else { return };
    let count = parts.len();
    let mut room = MOST_CORNERS - count;
    let joins = |part: &NewPiece| {
        // Two of its corners are those of the middle.
        let more = part.corners.len() - 2;
        let fits = part.letter == middle.letter && more <= room;
        room -= if fits { more } else { 0 };
        fits
    };
    let joins: Corners<bool, MOST_CORNERS> = parts.iter().map(joins).collect();
    let joins = joins.as_slice();
    let mut whole = NewPiece::new(middle.letter);
    for (at, (part, &corner)) in parts.iter().zip(middle.corners.as_slice()).enumerate() {
        let before = (at + count - 1) % count;
        if joins[at] {
            let corners = part.corners.as_slice();
            let but_last = corners[..corners.len() - 1].iter();
            (0..).zip(but_last).for_each(|(own, &corner)| whole.go_to(corner, (&part.tags, own)));
        } else {
            let shared = parts[before].corners.as_slice().last().filter(|_| joins[before]);
            whole.go_to(*shared.unwrap_or(&corner), (&middle.tags, at));
        }
    }
    let mut joins = joins.iter();
    parts.retain(|_| joins.next() != Some(&true));
    parts.push(whole);
}

/// The crossings on the edges of mixed tubes.
#[derive(Debug, Default)]
pub(super) struct Crossings {
    pub found: Vec<Crossing>,
    /// The edges of those that were sought first, by their ends, sorted.
    pub edges: Vec<(u32, u32)>,
    /// Those on edges to new corners that were seen when these were found.
    pub of_corners: FxHashMap<(u32, u32), u32>,
    /// The crossing on each edge of each tube.
    pub of_edge: Vec<u32>,
    /// The first of the vertices on each crossing: there are two, one on either side.
    pub vertices: Vec<u32>,
}

impl Crossings {
    /// The crossings on the edges of a tube, [`NONE`] where there is none.
    pub fn of_tube(&self, index: usize) -> &[u32] {
        &self.of_edge[place(index, 0)..place(index + 1, 0)]
    }

    /// The crossing on an edge, if it was sought first or leads to a new corner, unless something else is met there, too.
    pub fn place_on(&self, edge: (u32, u32)) -> Option<u32> {
        let Ok(at) = self.edges.binary_search(&edge) else {
            return self.of_corners.get(&edge).copied();
        };
        self.found[at].third.is_none().then_some(at as u32)
    }

    /// What is met on an edge besides what its ends meet.
    pub fn third(&self, crossing: u32) -> Option<Third> {
        if crossing == NONE { None } else { self.found[crossing as usize].third }
    }

    /// The vertex on a crossing: on the side of the end with the smaller number, or on the other.
    pub fn vertex(&self, crossing: u32, is_other: bool) -> u32 {
        self.vertices[crossing as usize] + u32::from(is_other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tubes::polygon::solid_angle;
    use crate::tubes::tag::Tag;

    fn direction(corner: &NewCorner) -> Vec3 {
        match corner {
            NewCorner::Border { direction, .. } => *direction,
            NewCorner::Known(_) => Vec3::ZERO,
        }
    }

    fn area(parts: &[NewPiece]) -> f32 {
        let of_part = |part: &NewPiece| {
            let corners: Vec<Vec3> = part.corners.as_slice().iter().map(direction).collect();
            solid_angle(&corners)
        };
        parts.iter().map(of_part).sum()
    }

    /// Parts of a polygon on the unit circle around a middle whose corners are those of its edges' middles.
    fn parts(letters: &[Letter], middle: Letter) -> Vec<NewPiece> {
        let count = letters.len();
        let corner = |at: usize| {
            let (sin, cos) = (std::f32::consts::TAU * at as f32 / count as f32).sin_cos();
            Vec3::new(cos, sin, 1.0)
        };
        let crossing = |at: usize| 0.5 * (corner(at + count - 1) + corner(at));
        let part = |letter: Letter, corners: &[Vec3], first: usize| {
            let border = |&direction: &Vec3| NewCorner::Border { direction, inside: direction };
            let tags = (0..corners.len()).map(|edge| Tag::new((10 * first + edge) as u32, 0));
            NewPiece { letter, corners: corners.iter().map(border).collect(), tags: tags.collect() }
        };
        let sector = |(at, &letter)| part(letter, &[crossing(at), corner(at), crossing(at + 1)], at + 1);
        let mut parts: Vec<NewPiece> = letters.iter().enumerate().map(sector).collect();
        let crossings: Vec<Vec3> = (0..count).map(crossing).collect();
        parts.push(part(middle, &crossings, 0));
        parts
    }

    #[test]
    fn a_middle_joins_what_meets_the_same_around_it() {
        for (letters, middle, left, corners) in [
            (&[1, 2, 1, 2][..], 1, 3, 6),
            (&[1, 2, 3, 2], 3, 4, 5),
            (&[1, 2, 3], 4, 4, 3),
            // There is room for two of them only.
            (&[1, 2, 1, 2, 1, 2], 1, 5, 8),
        ] {
            let mut parts = parts(letters, middle);
            let whole = area(&parts);
            join_middle(&mut parts);
            assert_eq!(parts.len(), left, "{letters:?}");
            assert!((area(&parts) - whole).abs() < 1e-5 * whole, "{letters:?}");
            let joined = &parts[left - 1];
            assert_eq!((joined.letter, joined.corners.len(), joined.tags.len()), (middle, corners, corners));
            let directions: Vec<Vec3> = joined.corners.as_slice().iter().map(direction).collect();
            let turn = |at: usize| {
                let [a, b, c] = [at, at + 1, at + 2].map(|at| directions[at % corners]);
                (b - a).cross(c - b).z
            };
            assert!((0..corners).all(|at| turn(at) > -1e-6), "{letters:?} is not convex");
        }
    }

    #[test]
    fn edges_of_what_is_joined_keep_their_tags() {
        let mut parts = parts(&[1, 2, 3, 4], 1);
        join_middle(&mut parts);
        let tags: Vec<u32> =
            parts[3].tags.as_slice().iter().filter_map(|tag| tag.get()).map(|(edge, _)| edge).collect();
        // Two edges of the first sector, and those of the middle towards the others.
        assert_eq!(tags, [10, 11, 1, 2, 3]);
    }
}
