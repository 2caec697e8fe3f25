//! Corners where something else is met along an edge than at its ends.

use super::candidate::NO_EDGE;
use super::crossing::{Border, Crossing, Third};
use super::layer::Layer;
use super::pieces::{Crossings, NONE};
use super::plan::Plan;
use super::polygon::{Corners, MOST_CORNERS};
use super::tag::Tags;
use super::tube::{Tube, Vertex};

/// Tubes with new corners.
#[derive(Debug, Default)]
pub(super) struct Inserted {
    pub tubes: Vec<Tube>,
    /// What is known of their new edges, which are given by their ends, the smaller number first.
    borders: Vec<((u32, u32), Border)>,
}

impl Layer<'_> {
    /// The leaves that would be guessed although more is known of their edges, with corners where that is.
    pub fn insert_corners(
        &mut self,
        mixed: &[Tube],
        rough: &[bool],
        plans: &mut [Plan],
        crossings: &Crossings,
    ) -> Inserted {
        let mut corner_of = vec![NONE; crossings.found.len()];
        let mut inserted = Inserted::default();
        for (index, (tube, plan)) in mixed.iter().zip(plans).enumerate() {
            let of_edge = &crossings.of_tube(index)[..tube.corners().len()];
            let count = of_edge.iter().filter(|&&crossing| crossings.third(crossing).is_some()).count();
            let fits = count > 0 && of_edge.len() + count <= MOST_CORNERS;
            if fits && !rough[index] && plan.is_guess(of_edge, &crossings.found) {
                *plan = Plan::Insert;
                let tube =
                    self.with_corners(tube, (of_edge, crossings), &mut corner_of, &mut inserted.borders);
                inserted.tubes.push(tube);
            }
        }
        inserted
    }

    /// A tube with the corners that its crossings know of; those of other tubes are shared.
    fn with_corners(
        &mut self,
        tube: &Tube,
        (of_edge, crossings): (&[u32], &Crossings),
        corner_of: &mut [u32],
        borders: &mut Vec<((u32, u32), Border)>,
    ) -> Tube {
        let (mut corners, mut tags) = (Corners::default(), Tags::default());
        for (edge, ((from, to), &crossing)) in tube.edges().zip(of_edge).enumerate() {
            let tag = self.tags.get(tube.tags, edge);
            corners.push(from);
            tags.push(tag);
            let Some(Third { direction, letter, border }) = crossings.third(crossing) else { continue };
            let own = &mut corner_of[crossing as usize];
            if *own == NONE {
                let Vertex { sequence, power, .. } = self.vertices[from as usize];
                *own = self.add(Vertex { letter, ..Vertex::new(direction, sequence, power) });
                let end = |beside| if self.letter(from) == beside { from } else { to };
                borders.extend(border.map(|(beside, border)| ((end(beside), *own), border)));
            }
            corners.push(*own);
            tags.push(tag);
        }
        Tube { corners, tags: self.tags.add(&tags), ..*tube }
    }

    /// Adds what is known of new edges to the crossings.
    pub fn note_borders(&mut self, inserted: &Inserted, crossings: &mut Crossings) {
        for &(ends, border) in &inserted.borders {
            let crossing = Crossing::from(border);
            // Where mesh edges are wanted those that are not known are sought.
            if !self.options.borders || crossing.edge != NO_EDGE {
                crossings.of_corners.insert(ends, crossings.found.len() as u32);
                crossings.vertices.push(self.add_on_both_sides(ends, &crossing));
                crossings.found.push(crossing);
            }
        }
    }
}
