//! Sequences of interactions as a tree.

use rustc_hash::FxHashMap;

use super::PathStep;
use crate::Hit;

/// Steps in the order in which they were first taken; the first is none.
#[derive(Clone, Debug)]
pub(super) struct StepTree {
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
    /// The number of a step, new or not.
    pub fn number(&mut self, step: PathStep) -> u32 {
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

    pub fn into_steps(self) -> Vec<PathStep> {
        self.steps
    }
}
