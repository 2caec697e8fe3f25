//! Sequences of interactions as rays find them.

use emberwave_geometry::borders::PathStep;
use emberwave_geometry::tubes::{Interaction, PlaneSet, Sequence};
use glam::Vec3;
use rustc_hash::FxHashMap;

/// The sequences of a transmitter's paths by triangles, each once.
#[derive(Debug, Default)]
pub(super) struct SequenceTree {
    pub sequences: Vec<Sequence>,
    /// The sequence that continues another at a triangle: twice the triangle, plus one for a reflection.
    continued: FxHashMap<(u32, u32), u32>,
}

impl SequenceTree {
    /// Starts anew with the empty sequence of a transmitter.
    pub fn restart(&mut self, position: Vec3) {
        self.sequences.clear();
        self.sequences.push(Sequence::root(position));
        self.continued.clear();
    }

    /// The number of a sequence with one more interaction.
    pub fn follow(&mut self, own: u32, triangle: u32, is_reflected: bool, planes: &PlaneSet) -> u32 {
        let sequences = &mut self.sequences;
        *self.continued.entry((own, 2 * triangle + u32::from(is_reflected))).or_insert_with(|| {
            let how = if is_reflected { Interaction::Reflection } else { Interaction::Transmission };
            // From which side a triangle is met matters to nothing that is made of rays.
            sequences.push(sequences[own as usize].followed_by(own, 2 * triangle, how, planes, 1.0));
            sequences.len() as u32 - 1
        })
    }

    /// The numbers of sequences that are listed as steps, parents first.
    pub fn absorb(&mut self, steps: &[PathStep], planes: &PlaneSet) -> Vec<u32> {
        let mut numbers: Vec<u32> = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            numbers.push(match index {
                0 => 0,
                _ => self.follow(numbers[step.parent as usize], step.triangle, step.reflected, planes),
            });
        }
        numbers
    }
}
