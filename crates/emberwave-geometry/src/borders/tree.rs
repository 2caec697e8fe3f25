//! Sequences of interactions as a tree.

use rustc_hash::FxHashMap;

use super::PathStep;
use crate::Hit;

/// Sequences by their last steps, each once, in the order in which they were first taken; the first is the empty one.
#[derive(Clone, Debug)]
pub struct StepTree {
    steps: Vec<PathStep>,
    numbers: FxHashMap<PathStep, u32>,
}

impl Default for StepTree {
    fn default() -> Self {
        let none = PathStep { parent: 0, triangle: Hit::MISS, reflected: false };
        Self { steps: vec![none], numbers: FxHashMap::default() }
    }
}

impl StepTree {
    /// Leaves nothing but the empty sequence.
    pub fn clear(&mut self) {
        self.steps.truncate(1);
        self.numbers.clear();
    }

    /// The number of the sequence that continues another at a triangle.
    pub fn follow(&mut self, parent: u32, triangle: u32, reflected: bool) -> u32 {
        self.number(PathStep { parent, triangle, reflected })
    }

    fn number(&mut self, step: PathStep) -> u32 {
        *self.numbers.entry(step).or_insert_with(|| {
            self.steps.push(step);
            self.steps.len() as u32 - 1
        })
    }

    /// The numbers that the steps of a list have here, as far as they are added.
    pub fn absorb(&mut self, steps: &[PathStep]) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let number = match index {
                0 => 0,
                _ => self.number(PathStep { parent: numbers[step.parent as usize], ..*step }),
            };
            numbers.push(number);
        }
        numbers
    }

    /// The steps, parents first.
    #[must_use]
    pub fn steps(&self) -> &[PathStep] {
        &self.steps
    }

    /// The steps.
    pub(super) fn into_steps(self) -> Vec<PathStep> {
        self.steps
    }
}
