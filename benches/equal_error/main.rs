//! The time to a given error of `cell`, `tubes` and Sionna RT, on the same machine in the same run.
//!
//!     EMBERWAVE_SIONNA_PYTHON=sionna-venv/bin/python cargo bench --bench equal_error -- [ARGUMENT]...
//!
//! | argument | default | |
//! |---|---|---|
//! | `reference=RAYS` | `3e9` | rays of the reference, kept in `target/tmp/equal_error` |
//! | `most=RAYS` | `3e8` | the search for the number of rays goes no further |
//! | `levels=DB,…` | `1,0.5,0.3` | errors to reach |
//! | `scenes=PATH:X,Y,Z;…` | munich and etoile, where there | scene files and transmitters |
//! | `paths=specular3,…` | `specular3,specular5,refraction5` | kinds of paths and depths |
//! | `convergence` | | shows how tubes converge instead of times |
//!
//! Without `scenes`: munich and etoile where Sionna RT's scenes lie in `../shared/scenes`, else the district of `assets`.
//! 500 m × 500 m at z = 1.5 m with cells of 1 m, the scene's own materials at 3.5 GHz, an isotropic transmitter polarised
//! vertically. `error.rs` defines the error. For `cell` and Sionna RT a search finds the number of rays whose map has the
//! error, and the time is that of such a map. `tubes` are asked for the largest target error whose maps have the error in
//! the mean of three seeds (and totals within 0.05 dB), found as closely; the last column is what they do when asked for the
//! error itself. A time is the median of three after one that does not count; `~` marks those during which other programs
//! were busy.

#[path = "../common/mod.rs"]
mod common;
mod convergence;
mod error;
mod methods;
mod options;
mod reference;
mod requests;
mod search;
mod setting;
mod timing;

use emberwave::prelude::*;

use crate::error::{Score, Yardstick};
use crate::methods::{Cell, Sampler, Sionna, seconds, tubes};
use crate::options::Options;
use crate::reference::Reference;
use crate::requests::Requests;
use crate::search::{NEAR, Search};
use crate::setting::Setting;
use crate::timing::Timing;

/// Seed of the maps whose error is measured.
const SEED: u64 = 1;

/// What a method needed to reach a level.
struct Entry {
    /// The number of rays, or the target error that was asked for.
    effort: String,
    score: Score,
    timing: Timing,
    /// Whether the level is reached.
    met: bool,
}

fn main() {
    let options = Options::read();
    println!("{} threads, {}\n", rayon::current_num_threads(), common::processor());
    if options.convergence {
        convergence::print(&options);
        return;
    }
    if std::env::var_os("EMBERWAVE_SIONNA_PYTHON").is_none() {
        println!("Sionna RT is left out: EMBERWAVE_SIONNA_PYTHON is not set.\n");
    }
    let rows: Vec<String> =
        options.settings().iter().flat_map(|setting| compare(setting, &options)).collect();
    println!(
        "\n| scene | paths | depth | error | Sionna RT | `cell` | `tubes` | Sionna RT / `cell` | Sionna RT / \
         `tubes` | `tubes` asked for it |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    rows.iter().for_each(|row| println!("{row}"));
    println!(
        "\nTime (rays or target error; error, total power over the reference's). Errors within 2 % of the level have \
         reached it."
    );
}

/// The reference of a setting as something to measure by, with a line about it.
fn yardstick(setting: &Setting, scene: &Scene, options: &Options) -> Yardstick {
    let yardstick = Yardstick::new(Reference::of(setting, scene, options.reference));
    let [known, dark] = yardstick.cells();
    println!(
        "- {}, {}, depth {}: reference of {:.1e} rays, {known} known cells, {dark} dark ones around them, error of a \
         perfect map about {:.3} dB",
        setting.name(),
        setting.paths.name(),
        setting.paths.max_depth,
        options.reference as f64,
        yardstick.floor()
    );
    yardstick
}

/// The table's rows of a setting.
fn compare(setting: &Setting, options: &Options) -> Vec<String> {
    let scene = setting.scene();
    let yardstick = yardstick(setting, &scene, options);
    let mut sionna = Sionna::start(setting);
    if let Some(sionna) = &sionna {
        println!("  against {}", sionna.title);
    }
    let mut cell = Cell { scene: &scene, config: setting.config().with_seed(SEED), turns: 0 };
    let mut searches = [0; 2].map(|_| Search::new(&yardstick, options.most));
    let mut requests = Requests::new(&scene, setting.config(), &yardstick);
    let mut rows = Vec::new();
    for level in &options.levels {
        let peer = sionna.as_mut().map(|sionna| sampled(*level, &mut searches[0], sionna));
        let points = sampled(*level, &mut searches[1], &mut cell);
        let largest = requests.reach(*level);
        let tubes = [largest, *level].map(|request| {
            let score = requests.score(request);
            solved_by_tubes(*level, request, score, setting, &scene)
        });
        let entries = [peer.as_ref(), Some(&points), Some(&tubes[0]), Some(&tubes[1])];
        let [peer, points, tubes, asked] = entries.map(|entry| entry.map_or_else(|| "-".to_owned(), text));
        rows.push(format!(
            "| {} | {} | {} | {level} dB | {peer} | {points} | {tubes} | {} | {} | {}: {asked} |",
            setting.name(),
            setting.paths.name(),
            setting.paths.max_depth,
            ratio(entries[0], entries[1]),
            ratio(entries[0], entries[2]),
            ratio(entries[0], entries[3]),
        ));
        eprintln!("{}", rows[rows.len() - 1]);
    }
    rows
}

/// Searches for the number of rays and takes the time.
fn sampled(level: f64, search: &mut Search<'_>, sampler: &mut dyn Sampler) -> Entry {
    let found = search.reach(level, sampler);
    // This one warms up: it compiles what depends on the number of rays.
    sampler.seconds(found.rays);
    let timing = timing::median(sampler.process(), || sampler.seconds(found.rays));
    let effort = format!("{:.1e} rays", found.rays as f64);
    Entry { effort, score: found.score, timing, met: found.met }
}

/// Takes the time of tubes that are asked for an error.
fn solved_by_tubes(level: f64, request: f64, score: Score, setting: &Setting, scene: &Scene) -> Entry {
    let config = tubes(&setting.config(), request);
    let mut seed = SEED;
    let timing = timing::median(0, || {
        seed += 1;
        seconds(config.clone().with_seed(seed), scene)
    });
    Entry { effort: format!("{request} dB"), score, timing, met: score.error <= level * (1.0 + NEAR) }
}

/// Time, effort and what was reached.
fn text(entry: &Entry) -> String {
    let Entry { effort, score, timing, met } = entry;
    let time = time_text(*timing);
    let not = if *met { "" } else { ", not reached" };
    format!("{time} ({effort}; {:.3} dB, {:+.3} dB{not})", score.error, score.total)
}

/// A time, with `~` where others were busy.
fn time_text(timing: Timing) -> String {
    let mark = if timing.disturbed { "~" } else { "" };
    if timing.seconds < 1.0 {
        format!("{mark}{:.1} ms", 1e3 * timing.seconds)
    } else {
        format!("{mark}{:.2} s", timing.seconds)
    }
}

/// Ratio of two times: at least that where the first has not reached the level, in parentheses where the second has not.
fn ratio(first: Option<&Entry>, second: Option<&Entry>) -> String {
    let (Some(first), Some(second)) = (first, second) else { return "-".to_owned() };
    let ratio = first.timing.seconds / second.timing.seconds;
    match (first.met, second.met) {
        (true, true) => format!("{ratio:.1}"),
        (false, true) => format!("> {ratio:.1}"),
        (_, false) => format!("({ratio:.1})"),
    }
}
