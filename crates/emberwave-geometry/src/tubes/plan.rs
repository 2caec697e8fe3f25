//! What is to be done with a tube whose corners meet different things.
//!
//! Mesh edges are straight, so a border is a great circle of directions. A tube with two crossings on one line is cut
//! exactly; so is one where two or three lines meet in a point inside of it (a corner of a house, or an edge behind which
//! two planes meet), or where all mesh edges around a vertex do (`fan`). Others are divided, and at the end cut through the
//! middle of their crossings.

use glam::Vec3;

use super::crossing::Crossing;
use super::fan::Fan;
use super::layer::Layer;
use super::pieces::NONE;
use super::polygon::{Corners, MOST_CORNERS};
use super::sequence::Letter;
use super::tube::Tube;

/// Lines that pass a point by less than this share of the tube go through it.
const CONCURRENT: f32 = 2e-3;

/// Lines at a smaller angle than this have no point in common.
const PARALLEL: f32 = 1e-3;

/// How the borders in a tube run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    /// From one crossing to the other.
    Straight,
    /// From every crossing to a point.
    Star(Vec3),
    /// From crossing to crossing, around a middle that meets a letter.
    Around(Letter),
}

/// What is to be done with a mixed tube.
#[derive(Debug)]
pub(super) enum Plan {
    Cut(Cut),
    Split,
    /// Its middle is to be traced first.
    LookAt(Vec3),
    /// Its sectors are to be traced first.
    Fan(Box<Fan>),
    /// What was met along its edges is to become corners first.
    Insert,
}

impl Plan {
    /// Whether it is a guess.
    pub fn is_guess(&self, of_edge: &[u32], found: &[Crossing]) -> bool {
        let is_vague = |&crossing: &u32| found[crossing as usize].line == Vec3::ZERO;
        match self {
            Self::LookAt(_) => true,
            Self::Cut(_) => on_edges(of_edge).as_slice().iter().any(is_vague),
            _ => false,
        }
    }
}

impl Layer<'_> {
    /// What is to be done with a tube, given the crossings on its edges.
    pub fn plan(&self, tube: &Tube, of_edge: &[u32], found: &[Crossing], rough: bool) -> Plan {
        let mut letters: Corners<u32, MOST_CORNERS> = Corners::default();
        for &corner in tube.corners() {
            let letter = self.letter(corner);
            if !letters.as_slice().contains(&letter) {
                letters.push(letter);
            }
        }
        let on_edges = on_edges(of_edge);
        let of_tube = on_edges.as_slice();
        let crossing = |at: usize| &found[of_tube[at] as usize];
        let clear =
            of_tube.len() == letters.len() && (0..of_tube.len()).all(|at| crossing(at).line != Vec3::ZERO);
        let exact = if clear { self.exact_cut(tube, of_tube.len(), crossing) } else { None };
        if let Some(cut) = exact {
            return Plan::Cut(cut);
        }
        let fan = if rough { None } else { self.fan(tube, of_edge, found) };
        fan.map_or_else(|| self.plan_unclear(tube, of_edge, found, rough), |fan| Plan::Fan(Box::new(fan)))
    }

    /// What is to be done with a tube whose borders are not clear.
    pub fn plan_unclear(&self, tube: &Tube, of_edge: &[u32], found: &[Crossing], rough: bool) -> Plan {
        let on_edges = on_edges(of_edge);
        let of_tube = on_edges.as_slice();
        if !(rough || self.is_leaf(tube)) {
            return Plan::Split;
        }
        if of_tube.len() == 2 {
            return Plan::Cut(Cut::Straight);
        }
        let direction = |&crossing: &u32| found[crossing as usize].direction.normalize();
        let middle = of_tube.iter().map(direction).sum::<Vec3>().normalize();
        if rough { Plan::Cut(Cut::Star(middle)) } else { Plan::LookAt(middle) }
    }

    /// How the lines of a tube's crossings run, where they leave no doubt.
    fn exact_cut<'c>(
        &self,
        tube: &Tube,
        count: usize,
        crossing: impl Fn(usize) -> &'c Crossing,
    ) -> Option<Cut> {
        let corners = tube.corners();
        let at = |corner: usize| self.vertices[corners[corner % corners.len()] as usize].direction;
        let tolerance = CONCURRENT * (at(0) - at(corners.len() / 2)).length();
        let misses = |line: Vec3, point: Vec3| line.dot(point).abs() > tolerance;
        if count == 2 {
            let (one, other) = (crossing(0), crossing(1));
            if !misses(one.line, other.direction) && !misses(other.line, one.direction) {
                return Some(Cut::Straight);
            }
        }
        let pairs = (0..count).flat_map(|i| (0..i).map(move |j| (i, j)));
        let meet = |(i, j): (usize, usize)| crossing(i).line.cross(crossing(j).line);
        let widest = pairs.map(meet).max_by(|a, b| a.length_squared().total_cmp(&b.length_squared()))?;
        if count > 3 || widest.length() < PARALLEL {
            return None;
        }
        let point = widest.normalize() * widest.dot(at(0)).signum();
        let from_first = |corner: usize| at(corner) - at(0);
        let areas = (1..corners.len() - 1).map(|i| from_first(i).cross(from_first(i + 1)));
        let turn = areas.sum::<Vec3>().dot(at(0)).signum();
        let inside = (0..corners.len()).all(|i| turn * at(i).cross(at(i + 1)).dot(point) >= 0.0);
        let concurrent = (0..count).all(|i| !misses(crossing(i).line, point));
        (inside && concurrent).then_some(Cut::Star(point))
    }
}

/// The crossings on the edges of a tube that have one.
fn on_edges(of_edge: &[u32]) -> Corners<u32, MOST_CORNERS> {
    of_edge.iter().copied().filter(|&crossing| crossing != NONE).collect()
}
