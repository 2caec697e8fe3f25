//! What the rays of a line do where they hit.

use super::lines::LineGrid;
use super::options::BorderOptions;
use super::scene::BorderScene;

/// An event at a triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Event {
    pub reflected: bool,
    /// 1 over its probability.
    pub weight: f32,
}

/// The draws of a line: one number for each depth, common to all its rays, so that their events differ only
/// where their triangles do.
#[derive(Clone, Debug)]
pub(super) struct Events {
    draws: Vec<f32>,
    options: BorderOptions,
}

impl Events {
    pub fn new(options: &BorderOptions, grid: &LineGrid, line: u64) -> Self {
        let draws = (0..options.depth() as u32).map(|depth| grid.draw(line, depth)).collect();
        Self { draws, options: *options }
    }

    /// Number of interactions after which paths end.
    pub fn depth(&self) -> usize {
        self.draws.len()
    }

    /// What follows after `depth` interactions where a triangle is hit.
    pub fn at(&self, scene: &BorderScene<'_>, depth: usize, triangle: u32) -> Event {
        if !self.options.branches() {
            return Event { reflected: self.options.reflection, weight: 1.0 };
        }
        let probability = (scene.probability_of_reflection)(triangle);
        let reflected = self.draws[depth] < probability;
        let chosen = if reflected { probability } else { 1.0 - probability };
        Event { reflected, weight: chosen.recip() }
    }
}
