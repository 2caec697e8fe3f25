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
//! error itself. All take turns after a first map that does not count: a time is the median of five rounds and a ratio that
//! of their ratios, so a machine whose speed changes is as fast for all. `~` marks rounds during which other programs were
//! busy.

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
use crate::methods::{Cell, Sampler, Sionna, tubes, turning};
use crate::options::Options;
use crate::reference::Reference;
use crate::requests::Requests;
use crate::search::{Found, NEAR, Search};
use crate::setting::Setting;
use crate::timing::{Timing, Turn, in_turn};

/// Seed of the maps whose error is measured.
const SEED: u64 = 1;

/// What a method needs to reach a level.
struct Reached {
    /// The number of rays, or the target error that was asked for.
    effort: String,
    score: Score,
    /// Whether the level is reached.
    met: bool,
}

/// The same and the time that it took.
struct Entry {
    reached: Reached,
    timing: Timing,
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
        let mut contenders = vec![sampled(*level, &mut searches[1], &mut cell)];
        for request in [requests.reach(*level), *level] {
            let score = requests.score(request);
            contenders.push(asked(*level, request, score, setting, &scene));
        }
        if let Some(sionna) = &mut sionna {
            contenders.push(sampled(*level, &mut searches[0], sionna));
        }
        let (reached, turns): (Vec<Reached>, Vec<Turn<'_>>) = contenders.into_iter().unzip();
        let timed = reached.into_iter().zip(in_turn(turns));
        let entries: Vec<Entry> = timed.map(|(reached, timing)| Entry { reached, timing }).collect();
        let entry = |index: usize| entries.get(index);
        let [points, tubes, asked, peer] =
            [0, 1, 2, 3].map(|index| entry(index).map_or_else(|| "-".to_owned(), text));
        rows.push(format!(
            "| {} | {} | {} | {level} dB | {peer} | {points} | {tubes} | {} | {} | {}: {asked} |",
            setting.name(),
            setting.paths.name(),
            setting.paths.max_depth,
            ratio(entry(3), entry(0)),
            ratio(entry(3), entry(1)),
            ratio(entry(3), entry(2)),
        ));
        eprintln!("{}", rows[rows.len() - 1]);
    }
    rows
}

/// Searches for the number of rays, and makes a map of as many: this compiles what depends on it.
fn sampled<'a>(level: f64, search: &mut Search<'_>, sampler: &'a mut dyn Sampler) -> (Reached, Turn<'a>) {
    let Found { rays, score, met } = search.reach(level, sampler);
    sampler.seconds(rays);
    let turn = Turn { process: sampler.process(), pass: Box::new(move || sampler.seconds(rays)) };
    (Reached { effort: format!("{:.1e} rays", rays as f64), score, met }, turn)
}

/// Tubes that are asked for an error.
fn asked<'a>(
    level: f64,
    request: f64,
    score: Score,
    setting: &Setting,
    scene: &'a Scene,
) -> (Reached, Turn<'a>) {
    let pass = turning(tubes(&setting.config(), request).with_seed(SEED), scene);
    let met = score.error <= level * (1.0 + NEAR);
    (Reached { effort: format!("{request} dB"), score, met }, Turn { process: 0, pass: Box::new(pass) })
}

/// Time, effort and what was reached.
fn text(entry: &Entry) -> String {
    let Reached { effort, score, met } = &entry.reached;
    let time = time_text(&entry.timing);
    let not = if *met { "" } else { ", not reached" };
    format!("{time} ({effort}; {:.3} dB, {:+.3} dB{not})", score.error, score.total)
}

/// A time, with `~` where others were busy.
fn time_text(timing: &Timing) -> String {
    let mark = if timing.disturbed { "~" } else { "" };
    let seconds = timing.seconds();
    if seconds < 1.0 { format!("{mark}{:.1} ms", 1e3 * seconds) } else { format!("{mark}{seconds:.2} s") }
}

/// Ratio of two times: at least that where the first has not reached the level, in parentheses where the second has not.
fn ratio(first: Option<&Entry>, second: Option<&Entry>) -> String {
    let (Some(first), Some(second)) = (first, second) else { return "-".to_owned() };
    let ratio = first.timing.over(&second.timing);
    match (first.reached.met, second.reached.met) {
        (true, true) => format!("{ratio:.1}"),
        (false, true) => format!("> {ratio:.1}"),
        (_, false) => format!("({ratio:.1})"),
    }
}
