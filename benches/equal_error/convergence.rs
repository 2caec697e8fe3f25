//! How maps of tubes converge: towards the reference (in the mean of three seeds), and towards each other.

use emberwave::prelude::*;

use crate::error::Yardstick;
use crate::methods::{tubes, turning};
use crate::options::Options;
use crate::requests::Requests;
use crate::setting::{Setting, solve};
use crate::timing::Timing;
use crate::{SEED, time_text, yardstick};

/// Errors that are asked for \[dB\]; the last is the one that the others are compared with.
const TARGETS: [f64; 5] = [1.0, 0.5, 0.3, 0.1, 0.03];

/// Prints a table for every setting.
pub fn print(options: &Options) {
    for setting in options.settings() {
        let scene = setting.scene();
        let yardstick = yardstick(&setting, &scene, options);
        table(&setting, &scene, &yardstick);
    }
}

/// Every target's error against the reference, the finest map, and a map of the same target and another seed.
fn table(setting: &Setting, scene: &Scene, yardstick: &Yardstick) {
    println!(
        "\n| target | time | error | total | from the finest | from another seed |\n|---|---|---|---|---|---|"
    );
    let configs = TARGETS.map(|target| tubes(&setting.config(), target).with_seed(SEED));
    let mut requests = Requests::new(scene, setting.config(), yardstick);
    let maps = configs.each_ref().map(|config| solve(config.clone(), scene));
    for ((target, config), map) in TARGETS.iter().zip(configs).zip(&maps) {
        let timing = Timing::of(turning(config.clone(), scene));
        let score = requests.score(*target);
        let other = solve(config.with_seed(SEED + 1), scene);
        println!(
            "| {target} dB | {} | {:.4} dB | {:+.4} dB | {:.4} dB | {:.4} dB |",
            time_text(&timing),
            score.error,
            score.total,
            yardstick.difference(map, &maps[TARGETS.len() - 1]).error,
            yardstick.difference(map, &other).error,
        );
    }
    println!();
}
