//! Chores of the emberwave workspace, started as `cargo xtask <command>`.
//!
//! | command | what it does |
//! |---|---|
//! | `check [--no-tests]` | everything that must hold before a change is merged |
//! | `gallery` | remakes the pictures of the README in `assets/gallery` |
//! | `layers` | a crate depends only on crates of strictly lower floors |
//! | `scenes [--check]` | writes the generated scenes below `assets/scenes`, or compares them with what is there |

mod check;
mod gallery;
mod generate;
mod laws;
mod layers;
mod mesh;
mod overlap;
mod pcg;
mod ply;
mod scene_model;
mod scenes;
mod shapes;
mod triangulate;
mod workspace;

use std::process::ExitCode;

/// What a command returns: an error is the text that the user reads.
pub type Result<T = ()> = std::result::Result<T, String>;

const USAGE: &str = "\
usage: cargo xtask <command>

  check [--no-tests]   formatting, lints, layers, scenes, documentation and tests; stops at the first failure
  gallery              remake the pictures of the README in assets/gallery, with a release build
  layers               check that every crate depends only on strictly lower floors
  scenes [--check]     write the generated scenes to assets/scenes, or compare them with what is there";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["check"] => check::run(check::Tests::Run),
        ["check", "--no-tests"] => check::run(check::Tests::LeaveOut),
        ["gallery"] => gallery::run(),
        ["layers"] => layers::run(),
        ["scenes"] => generate::write(),
        ["scenes", "--check"] => generate::check(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("unknown command `{}`\n\n{USAGE}", words.join(" "))),
    }
}
