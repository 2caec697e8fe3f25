//! The largest target error that tubes may be asked for to reach a level.

use emberwave::prelude::*;

use crate::error::{Score, Yardstick};
use crate::methods::tubes;
use crate::search::NEAR;
use crate::setting::solve;

/// Target errors that are tried, from the largest on.
const REQUESTS: [f64; 21] = [
    4.0, 3.0, 2.5, 2.0, 1.8, 1.6, 1.45, 1.3, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25,
    0.2,
];

/// Requests whose ratio is less are not told apart.
const FINEST: f64 = 1.03;

/// Maps that an error is the mean of.
const SEEDS: std::ops::Range<u64> = 1..4;

/// Largest error of the total power \[dB\].
const TOTAL: f64 = 0.05;

/// What tubes reach when they are asked for an error.
pub struct Requests<'a> {
    scene: &'a Scene,
    config: RadioMapSolverConfig,
    yardstick: &'a Yardstick,
    scores: Vec<(f64, Score)>,
}

impl<'a> Requests<'a> {
    pub fn new(scene: &'a Scene, config: RadioMapSolverConfig, yardstick: &'a Yardstick) -> Self {
        Self { scene, config, yardstick, scores: Vec::new() }
    }

    /// The largest request whose maps reach a level, in error and total power, to within 2 % of the level or 3 % of the
    /// request; the smallest tried if none does.
    pub fn reach(&mut self, level: f64) -> f64 {
        let Some(index) = REQUESTS.into_iter().position(|request| self.meets(level, request)) else {
            return REQUESTS[REQUESTS.len() - 1];
        };
        let (mut found, mut missed) = (REQUESTS[index], REQUESTS[index.saturating_sub(1)]);
        while self.score(found).error < level * (1.0 - NEAR) && missed > found * FINEST {
            let between = (1e3 * (found * missed).sqrt()).round() / 1e3;
            *if self.meets(level, between) { &mut found } else { &mut missed } = between;
        }
        found
    }

    fn meets(&mut self, level: f64, request: f64) -> bool {
        let score = self.score(request);
        score.error <= level * (1.0 + NEAR) && score.total.abs() <= TOTAL
    }

    /// The error of the maps for a request in the mean over seeds, and the total power that is farthest off.
    pub fn score(&mut self, request: f64) -> Score {
        if let Some((_, known)) = self.scores.iter().find(|(known, _)| *known == request) {
            return *known;
        }
        let config = tubes(&self.config, request);
        let scores =
            SEEDS.map(|seed| self.yardstick.score(&solve(config.clone().with_seed(seed), self.scene)));
        let scores: Vec<Score> = scores.collect();
        let error = scores.iter().map(|score| score.error).sum::<f64>() / scores.len() as f64;
        let totals = scores.iter().map(|score| score.total);
        let total = totals.max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0);
        eprintln!("  tubes asked for {request} dB: E = {error:.3} dB, total {total:+.3} dB");
        self.scores.push((request, Score { error, total }));
        Score { error, total }
    }
}
