//! What both sides of a discontinuity leave on the measurement surfaces from there on.

use glam::DVec3;

use super::SampledBorder;
use super::divergence::{Difference, Place};
use super::options::BorderOptions;
use super::search::Finding;
use super::tree::StepTree;
use super::unfold::{Cells, Frame};
use super::walk::{Path, Track};
use crate::{Border, Bound, Hit};

/// A side of a discontinuity.
#[derive(Clone, Copy, Debug)]
struct Side<'a> {
    lit: &'a Path,
    other: &'a Path,
    /// Into the lit side, as a launch direction changes.
    inwards: DVec3,
}

/// Where followed paths are listed.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub tree: StepTree,
    pub borders: Vec<SampledBorder>,
    /// Number of discontinuities that no edge makes.
    pub seams: u64,
}

impl Listing {
    /// Lists the borders that a discontinuity makes.
    pub fn follow(&mut self, track: &Track<'_>, options: &BorderOptions, paths: &[Path], finding: &Finding) {
        let Some(bound) = finding.place.bound else {
            self.seams += 1;
            return;
        };
        let [left, right] = finding.sides.map(|side| &paths[side]);
        let tangent = track.line.tangent(finding.place.at);
        let sides = [
            Side { lit: left, other: right, inwards: -tangent },
            Side { lit: right, other: left, inwards: tangent },
        ];
        for side in sides {
            self.follow_side(track, options, &side, finding, bound);
        }
    }

    fn follow_side(
        &mut self,
        track: &Track<'_>,
        options: &BorderOptions,
        side: &Side<'_>,
        finding: &Finding,
        bound: Bound,
    ) {
        let (mut frame, mut weight, mut steps) = (Frame::launch(track.source), 1.0, Vec::new());
        for (level, segment) in side.lit.segments.iter().enumerate() {
            let deposits =
                if level > 0 || options.los { side.deposits(level, finding.difference) } else { 0 };
            for (index, cells) in track.cells.iter().enumerate() {
                if deposits >> index & 1 == 1
                    && let Some(border) = track.border(&frame, cells, &finding.place, side.inwards)
                {
                    let sequence = self.sequence(&steps);
                    self.borders.push(SampledBorder { border: Border { sequence, bound, ..border }, weight });
                }
            }
            if segment.triangle == Hit::MISS || level == track.events.depth() {
                break;
            }
            let event = track.events.at(track.scene, level, segment.triangle);
            if event.reflected {
                frame = frame.reflected(&track.scene.facet(segment.triangle));
            }
            weight *= event.weight;
            steps.push((segment.triangle, event.reflected));
        }
    }

    fn sequence(&mut self, steps: &[(u32, bool)]) -> u32 {
        steps.iter().fold(0, |parent, &(triangle, reflected)| self.tree.follow(parent, triangle, reflected))
    }
}

impl Side<'_> {
    /// The surfaces that the segment after `level` interactions meets on this side only, as bits.
    fn deposits(&self, level: usize, difference: Difference) -> u64 {
        let crossed = |path: &Path| path.segments.get(level).map_or(0, |segment| segment.crossed);
        let only_here = crossed(self.lit) & !crossed(self.other);
        match difference {
            Difference::Triangle { level: first } if level < first => 0,
            Difference::Triangle { level: first } if level == first => only_here,
            Difference::Triangle { .. } => crossed(self.lit),
            Difference::Crossing { level: first, surface } => {
                let around = level == first || level == first + 1;
                if around { only_here & 1 << surface } else { 0 }
            }
        }
    }
}

impl Track<'_> {
    /// The border that a discontinuity makes on a surface, of paths unfolded by `frame`; without sequence and
    /// bound.
    fn border(&self, frame: &Frame, cells: &Cells, place: &Place, inwards: DVec3) -> Option<Border> {
        let launch = self.line.direction(place.at);
        let curve = place.normal.cross(launch).try_normalize()?;
        let (direction, normal) = (frame.direction(launch), cells.plane.normal);
        let distance = cells.plane.distance(frame.source, direction);
        if !(distance > 0.0 && distance < f64::INFINITY) {
            return None;
        }
        let onto_surface = |change: DVec3| {
            let change = frame.direction(change);
            (change - direction * (normal.dot(change) / normal.dot(direction))) * distance
        };
        let segment = onto_surface(curve) * self.line.length_per_crossing(launch, curve);
        let lit_on_left = normal.cross(segment).dot(onto_surface(inwards)) > 0.0;
        let middle = cells.point(frame.source + direction * distance);
        let along = cells.vector(if lit_on_left { segment } else { -segment });
        Some(Border {
            sequence: 0,
            cell: cells.cell(middle)?,
            bound: Bound::Face { triangle: Hit::MISS },
            middle: middle.as_vec2().to_array(),
            along: along.as_vec2().to_array(),
        })
    }
}
