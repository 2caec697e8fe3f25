//! Cutting tubes around a vertex of the mesh.
//!
//! Where a vertex is seen inside of a tube the mesh edges that meet there divide the tube into sectors. A ray in each
//! tells what the sector meets; where that contradicts the corners or the crossings the tube is not cut in this way.

use glam::Vec3;

use super::candidate::{LONGEST_OUTLINE, NO_EDGE};
use super::crossing::Crossing;
use super::layer::Layer;
use super::pieces::{Crossings, NONE, NewCorner, NewPiece};
use super::polygon::{Corners, MOST_CORNERS};
use super::sequence::{Letter, MISS, Sequence};
use super::tag::Tag;
use super::tube::Tube;

/// Directions closer than this share of the tube are one.
const SAME: f32 = 2e-3;

/// Rays in each sector.
const LOOKS: usize = 3;

/// Rays beside a spoke pass by it this share of the way to the next corner.
const BESIDE: f32 = 1.0 / 64.0;

/// A sector has no more corners besides those of the tube.
const MOST_NEW_CORNERS: usize = 3;

/// Most spokes of a fan.
const MOST_SPOKES: usize = 16;

/// Where a mesh edge that begins at the vertex leaves the tube.
#[derive(Clone, Copy, Debug, Default)]
struct Spoke {
    /// The edge of the tube.
    edge: usize,
    /// Place along it, from 0 to 1.
    at: f32,
    /// Launch direction there.
    direction: Vec3,
    /// The outline edge, and another one at the same place.
    outline: [u32; 2],
}

/// The sectors of a tube around a vertex.
#[derive(Clone, Debug)]
pub(super) struct Fan {
    /// Launch direction of the vertex.
    point: Vec3,
    /// In the order of the tube's corners; sector `i` lies between spokes `i` and `i + 1`.
    spokes: Corners<Spoke, MOST_SPOKES>,
    /// What the sectors meet, once that is known.
    letters: Corners<Letter, MOST_SPOKES>,
}

impl Fan {
    /// Adds a spoke unless there is one in the same place; whether there is room.
    fn add(&mut self, spoke: Spoke, tolerance: f32) -> bool {
        let close = |other: &&mut Spoke| (other.direction - spoke.direction).length() < tolerance;
        if let Some(same) = self.spokes.as_mut_slice().iter_mut().find(close) {
            same.outline[1] = same.outline[1].max(spoke.outline[0]);
            return true;
        }
        self.spokes.push(spoke)
    }

    /// How many directions are looked at.
    pub fn num_looks(&self) -> usize {
        LOOKS * self.spokes.len()
    }

    /// Whether the spokes are where the crossings are on the edges of the tube, as far as these are known.
    fn explains(&self, of_edge: &[u32], found: &[Crossing], tolerance: f32) -> bool {
        let spokes = self.spokes.as_slice();
        let crossings = of_edge.iter().enumerate().filter(|&(_, &crossing)| crossing != NONE);
        crossings.into_iter().all(|(edge, &crossing)| {
            let found = &found[crossing as usize];
            let mut here = spokes.iter().filter(|spoke| spoke.edge == edge);
            let near = |spoke: &Spoke| (spoke.direction - found.direction.normalize()).length() < tolerance;
            if found.line == Vec3::ZERO { here.count() >= 2 } else { here.any(near) }
        })
    }

    /// The next spoke, and the edges of the tube whose first corners lie in the sector after a spoke.
    fn sector(&self, index: usize, num_corners: usize) -> (usize, impl Iterator<Item = usize> + use<>) {
        let spokes = self.spokes.as_slice();
        let next = (index + 1) % spokes.len();
        let (from, to) = (spokes[index].edge, spokes[next].edge);
        let to = if next <= index { to + num_corners } else { to };
        (next, (from + 1..=to).map(move |corner| corner % num_corners))
    }
}

impl Layer<'_> {
    /// The fan around the only vertex that is seen inside of a tube, if its spokes agree with the crossings.
    pub fn fan(&self, tube: &Tube, of_edge: &[u32], found: &[Crossing]) -> Option<Fan> {
        let sequence = &self.sequences[tube.sequence as usize];
        let corners = self.directions(tube);
        let corners = corners.as_slice();
        let of_edge = &of_edge[..corners.len()];
        let tolerance = SAME * (corners[0] - corners[corners.len() / 2]).length();
        let fits = corners.len() + MOST_NEW_CORNERS <= MOST_CORNERS;
        if !fits || !self.may_be_fan(corners, sequence, of_edge, found) {
            return None;
        }
        let (place, point) = self.vertex_inside(tube, corners, sequence)?;
        let mut fan =
            Fan { point: point.normalize(), spokes: Corners::default(), letters: Corners::default() };
        let joints = self.world.planes.joints();
        for &outline in joints.edges(place) {
            let ends = self.world.planes.outline_edge(outline).ends;
            let other = ends[usize::from(joints.places(outline)[0] == place)];
            let other = launch_towards(other, sequence);
            if is_inside(corners, other) {
                return None;
            }
            let line = point.cross(other);
            if line.length() < 1e-4 * point.length() * other.length() {
                continue;
            }
            let (edge, at) = leaves(corners, point, line)?;
            let direction = corners[edge].lerp(corners[(edge + 1) % corners.len()], at).normalize();
            if !fan.add(Spoke { edge, at, direction, outline: [outline; 2] }, tolerance) {
                return None;
            }
        }
        fan.spokes.as_mut_slice().sort_by(|a, b| a.edge.cmp(&b.edge).then(a.at.total_cmp(&b.at)));
        (fan.spokes.len() >= 2 && fan.explains(of_edge, found, tolerance)).then_some(fan)
    }

    /// Whether the mesh edges meet inside of a tube that are known to make its crossings.
    fn may_be_fan(&self, corners: &[Vec3], sequence: &Sequence, of_edge: &[u32], found: &[Crossing]) -> bool {
        let joints = self.world.planes.joints();
        let crossings = of_edge.iter().filter(|&&crossing| crossing != NONE);
        let mut edges =
            crossings.map(|&crossing| found[crossing as usize].edge).filter(|&edge| edge != NO_EDGE);
        let Some(first) = edges.next() else { return false };
        let ends = joints.places(first).into_iter().zip(self.world.planes.outline_edge(first).ends);
        let mut inside: Corners<u32, 2> = ends
            .filter(|(_, end)| is_inside(corners, launch_towards(*end, sequence)))
            .map(|(place, _)| place)
            .collect();
        for edge in edges {
            let places = joints.places(edge);
            inside = inside.as_slice().iter().copied().filter(|place| places.contains(place)).collect();
        }
        inside.len() > 0
    }

    fn directions(&self, tube: &Tube) -> Corners<Vec3, MOST_CORNERS> {
        tube.corners().iter().map(|&corner| self.vertices[corner as usize].direction).collect()
    }

    /// The place and launch direction of the vertex inside of a tube, if there is only one on the outlines of what its
    /// corners meet.
    fn vertex_inside(&self, tube: &Tube, corners: &[Vec3], sequence: &Sequence) -> Option<(u32, Vec3)> {
        let sides = sides(corners, sequence);
        let mut inside: Option<(u32, Vec3)> = None;
        let mut seen: Corners<Letter, MOST_CORNERS> = Corners::default();
        for letter in tube.corners().iter().map(|&corner| self.letter(corner)) {
            if letter == MISS || seen.as_slice().contains(&letter) {
                continue;
            }
            seen.push(letter);
            if self.world.planes.outline_of(letter >> 1).len() > LONGEST_OUTLINE {
                continue;
            }
            for corner in self.world.planes.outline_corners_of(letter >> 1) {
                let along = corner.point - sequence.source;
                if sides.as_slice().iter().any(|side| side.dot(along) <= 0.0) {
                    continue;
                }
                let is_ahead =
                    sequence.depth == 0 || sequence.exit_normal.dot(along) > sequence.exit_height + 1e-3;
                let direction = launch_towards(corner.point, sequence);
                if !is_ahead || corners[0].dot(direction) <= 0.0 {
                    continue;
                }
                if inside.is_some_and(|(place, _)| place != corner.place) {
                    return None;
                }
                inside = Some((corner.place, direction));
            }
        }
        inside
    }

    /// Launch directions in each sector of a fan, [`LOOKS`] for each: in its middle, and at both of its spokes where
    /// these leave the tube.
    pub fn look_into_sectors(&self, tube: &Tube, fan: &Fan) -> impl Iterator<Item = Vec3> {
        let spokes = fan.spokes.as_slice();
        (0..spokes.len()).flat_map(move |index| {
            let (next, corners) = fan.sector(index, tube.corners().len());
            let corners: Corners<usize, MOST_CORNERS> = corners.collect();
            let corners = corners.as_slice();
            let corner = |at: &usize| self.vertices[tube.corners()[*at] as usize].direction;
            let ends = [index, next].map(|spoke| spokes[spoke].direction);
            let middle = corners.get(corners.len() / 2).map_or(0.5 * (ends[0] + ends[1]), corner);
            let after = corners.first().map_or(ends[1], corner);
            let before = corners.last().map_or(ends[0], corner);
            [fan.point.lerp(middle, 0.5), beside(ends[0], after), beside(ends[1], before)]
        })
    }

    /// Takes in what was seen in the sectors of a fan; whether that agrees with what the corners of the tube meet.
    pub fn learn_sectors(&self, tube: &Tube, fan: &mut Fan, seen: &[Letter]) -> bool {
        let corners = tube.corners();
        for (index, seen) in seen.chunks_exact(LOOKS).enumerate() {
            let (_, mut inside) = fan.sector(index, corners.len());
            let same = seen.iter().all(|&letter| letter == seen[0]);
            if !same || !inside.all(|corner| self.letter(corners[corner]) == seen[0]) {
                return false;
            }
            fan.letters.push(seen[0]);
        }
        fan.join(turn(self.directions(tube).as_slice()));
        true
    }

    /// Lists the parts of a tube with what its sectors meet.
    pub fn cut_fan(
        &self,
        tube: &Tube,
        fan: &Fan,
        crossings: (&Crossings, &[u32]),
        parts: &mut Vec<NewPiece>,
    ) {
        let letters = fan.letters.as_slice();
        parts.extend((0..letters.len()).map(|index| self.sector(tube, fan, letters, index, crossings)));
    }

    /// The part of a tube in a sector.
    fn sector(
        &self,
        tube: &Tube,
        fan: &Fan,
        letters: &[Letter],
        index: usize,
        crossings: (&Crossings, &[u32]),
    ) -> NewPiece {
        let (next, between) = fan.sector(index, tube.corners().len());
        let letter = letters[index];
        let spokes = [index, next].map(|at| &fan.spokes.as_slice()[at]);
        let inside = fan.point.lerp(0.5 * (spokes[0].direction + spokes[1].direction), 0.5);
        let between: Corners<usize, MOST_CORNERS> = between.collect();
        let between = between.as_slice();
        let end = |spoke: &Spoke, own: Option<&usize>| {
            let known = own.and_then(|&own| shared(tube, spoke, own, fan.point, crossings));
            known.map_or(NewCorner::Border { direction: spoke.direction, inside }, NewCorner::Known)
        };
        let mut part = NewPiece::new(letter);
        part.corners.push(end(spokes[0], between.first()));
        part.tags.push(self.tags.get(tube.tags, spokes[0].edge));
        for &corner in between {
            part.corners.push(NewCorner::Known(tube.corners()[corner]));
            part.tags.push(self.tags.get(tube.tags, corner));
        }
        part.corners.push(end(spokes[1], between.last()));
        part.corners.push(NewCorner::Border { direction: fan.point, inside });
        let before = letters[(index + letters.len() - 1) % letters.len()];
        part.tags.push(self.tag_of_spoke(tube, spokes[1], [letter, letters[next]]));
        part.tags.push(self.tag_of_spoke(tube, spokes[0], [before, letter]));
        part
    }

    /// The tag of the border between two letters along a spoke: the mesh edge of one of them, if there is one.
    fn tag_of_spoke(&self, tube: &Tube, spoke: &Spoke, letters: [Letter; 2]) -> Tag {
        if letters[0] == letters[1] {
            return Tag::NONE;
        }
        let belongs = |&outline: &u32| {
            letters.into_iter().filter(|&letter| letter != MISS).any(|letter| {
                let first = self.world.planes.first_outline_edge(letter >> 1);
                let count = self.world.planes.outline_of(letter >> 1).len() as u32;
                (first..first + count).contains(&outline)
            })
        };
        let outline = spoke.outline.into_iter().find(belongs).unwrap_or(spoke.outline[0]);
        Tag::new(outline, self.sequences[tube.sequence as usize].depth)
    }
}

impl Fan {
    /// Joins neighbouring sectors that meet the same where the result is convex.
    fn join(&mut self, turn: f32) {
        let mut spoke = 0;
        while spoke < self.letters.len() && self.letters.len() > 2 {
            let (letters, spokes) = (self.letters.as_slice(), self.spokes.as_slice());
            let count = letters.len();
            let [before, after] = [spoke + count - 1, spoke + 1].map(|at| at % count);
            let [from, to] = [before, after].map(|at| spokes[at].direction);
            let is_convex = turn * self.point.dot((from - self.point).cross(to - self.point)) > 0.0;
            if letters[before] == letters[spoke] && is_convex {
                self.letters.remove(spoke);
                self.spokes.remove(spoke);
            } else {
                spoke += 1;
            }
        }
    }
}

/// The vertex on the crossing at the end of a spoke that tubes share, on the side of a corner of the tube's edge there.
fn shared(
    tube: &Tube,
    spoke: &Spoke,
    own: usize,
    point: Vec3,
    (crossings, of_edge): (&Crossings, &[u32]),
) -> Option<u32> {
    let crossing = of_edge[spoke.edge];
    if crossing == NONE {
        return None;
    }
    let there = crossings.found[crossing as usize].direction.normalize();
    let is_close = (there - spoke.direction).length() < SAME * (there - point).length();
    let corners = tube.corners();
    let first = corners[spoke.edge].min(corners[(spoke.edge + 1) % corners.len()]);
    is_close.then(|| crossings.vertex(crossing, corners[own] != first))
}

/// The launch direction towards a point after a sequence, as long as the way from its image source \[m\].
fn launch_towards(point: Vec3, sequence: &Sequence) -> Vec3 {
    sequence.world_from_launch.transpose() * (point - sequence.source)
}

/// Next to the end of a spoke, towards another direction.
fn beside(end: Vec3, other: Vec3) -> Vec3 {
    end.lerp(other, BESIDE)
}

/// The sense in which the corners of a convex tube follow each other.
fn turn(corners: &[Vec3]) -> f32 {
    corners[0].cross(corners[1]).dot(corners[2]).signum()
}

/// Normals of the sides of a tube in the world, inwards.
fn sides(corners: &[Vec3], sequence: &Sequence) -> Corners<Vec3, MOST_CORNERS> {
    let turn = turn(corners);
    let mut sides = Corners::default();
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        sides.push(sequence.world_from_launch * (turn * a.cross(*b)));
    }
    sides
}

/// Whether a direction lies inside of a convex tube.
fn is_inside(corners: &[Vec3], direction: Vec3) -> bool {
    let turn = turn(corners);
    let next = corners.iter().cycle().skip(1);
    corners[0].dot(direction) > 0.0
        && corners.iter().zip(next).all(|(a, b)| turn * a.cross(*b).dot(direction) > 0.0)
}

/// The edge of the tube, and the place on it, by which a half-line from a point inside leaves.
fn leaves(corners: &[Vec3], point: Vec3, line: Vec3) -> Option<(usize, f32)> {
    (0..corners.len()).find_map(|edge| {
        let (from, to) = (corners[edge], corners[(edge + 1) % corners.len()]);
        let (a, b) = (line.dot(from), line.dot(to));
        if (a < 0.0) == (b < 0.0) {
            return None;
        }
        let at = a / (a - b);
        (point.cross(from.lerp(to, at)).dot(line) > 0.0).then_some((edge, at))
    })
}
