//! Sequences of interactions as rays find them.

use emberwave_geometry::borders::PathStep;
use emberwave_geometry::tubes::{Interaction, PlaneSet, Sequence};
use glam::Vec3;

/// The sequences of a transmitter's paths that are listed as steps, parents first, by the planes of triangles.
pub(super) fn sequences(steps: &[PathStep], position: Vec3, planes: &PlaneSet) -> Vec<Sequence> {
    let mut sequences = Vec::with_capacity(steps.len());
    sequences.push(Sequence::root(position));
    for step in &steps[1..] {
        let how = if step.reflected { Interaction::Reflection } else { Interaction::Transmission };
        // From which side a triangle is met matters to nothing that is made of rays.
        let before: &Sequence = &sequences[step.parent as usize];
        sequences.push(before.followed_by(step.parent, 2 * step.triangle, how, planes, 1.0));
    }
    sequences
}
