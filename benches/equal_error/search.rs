//! The number of rays at which a method's error reaches a level.

use std::collections::BTreeMap;

use crate::error::{Score, Yardstick};
use crate::methods::Sampler;

/// Rays of the first map.
const FIRST: u64 = 1_000_000;

/// Factor between maps as long as the level is on one side of all.
const STEP: u64 = 3;

/// Fewest rays tried.
const FEWEST: u64 = 10_000;

/// Relative distance from a level that is near enough, and by which an error may be larger and still count as reached.
pub const NEAR: f64 = 0.02;

/// Maps between the two that enclose the level.
const REFINEMENTS: usize = 6;

/// Errors measured so far, by number of rays.
pub struct Search<'a> {
    yardstick: &'a Yardstick,
    scores: BTreeMap<u64, Score>,
    most: u64,
}

/// Where a level is reached.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub rays: u64,
    pub score: Score,
    /// Whether the level is reached.
    pub met: bool,
}

impl<'a> Search<'a> {
    /// A search with at most `most` rays.
    pub fn new(yardstick: &'a Yardstick, most: u64) -> Self {
        Self { yardstick, scores: BTreeMap::new(), most }
    }

    /// A number of rays with which the error is within 2 % of the level (or after six refinements the nearest tried),
    /// or the end of the range where the level lies beyond it.
    ///
    /// The error falls as a power of the number of rays nearly enough for interpolation of its logarithm.
    pub fn reach(&mut self, level: f64, sampler: &mut dyn Sampler) -> Found {
        self.measure(FIRST.min(self.most), sampler);
        let mut refinements = 0;
        loop {
            let below = self.scores.iter().find(|(_, score)| score.error <= level).map(|(rays, _)| *rays);
            let end = below.unwrap_or(u64::MAX);
            let above = self.scores.range(..end).next_back().map(|(rays, _)| *rays);
            let nearest = [above, below].into_iter().flatten().min_by(|a, b| self.order(level, *a, *b));
            if let Some(rays) = nearest.filter(|rays| self.distance(level, *rays) <= NEAR.ln_1p()) {
                return self.found(level, rays);
            }
            let next = match (above, below) {
                (Some(above), None) if above >= self.most => return self.found(level, above),
                (Some(above), None) => (above * STEP).min(self.most),
                (_, Some(below)) if above.is_none() && below <= FEWEST => return self.found(level, below),
                (None, Some(below)) => (below / STEP).max(FEWEST),
                (Some(_), Some(below)) if refinements == REFINEMENTS => {
                    return self.found(level, nearest.unwrap_or(below));
                }
                (Some(above), Some(below)) => {
                    refinements += 1;
                    self.between(level, above, below, refinements)
                }
                (None, None) => FIRST.min(self.most),
            };
            if self.scores.contains_key(&next) {
                return self.found(level, next);
            }
            self.measure(next, sampler);
        }
    }

    fn measure(&mut self, rays: u64, sampler: &mut dyn Sampler) {
        if !self.scores.contains_key(&rays) {
            let score = self.yardstick.score(&sampler.map(rays));
            eprintln!("  {} {:.2e} rays: E = {:.3} dB", sampler.name(), rays as f64, score.error);
            self.scores.insert(rays, score);
        }
    }

    /// How far the logarithm of a measured error is from that of the level.
    fn distance(&self, level: f64, rays: u64) -> f64 {
        (self.scores[&rays].error / level).ln().abs()
    }

    fn order(&self, level: f64, a: u64, b: u64) -> std::cmp::Ordering {
        self.distance(level, a).total_cmp(&self.distance(level, b))
    }

    fn found(&self, level: f64, rays: u64) -> Found {
        let score = self.scores[&rays];
        Found { rays, score, met: score.error <= level * (1.0 + NEAR) }
    }

    /// Where the straight line between two points of log error against log rays meets the level; every third time the
    /// middle, since a curved line would leave one end where it is.
    fn between(&self, level: f64, above: u64, below: u64, refinement: usize) -> u64 {
        let [high, low] = [above, below].map(|rays| self.scores[&rays].error.ln());
        let share = ((level.ln() - high) / (low - high)).clamp(0.05, 0.95);
        let share = if refinement.is_multiple_of(3) { 0.5 } else { share };
        (above as f64 * (below as f64 / above as f64).powf(share)).round() as u64
    }
}
