//! `cargo xtask check`: the steps that every change has to pass, in order of cost.

use crate::{Result, generate, layers, workspace};
use std::time::Instant;

/// Whether `check` ends with the tests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tests {
    /// Run `cargo test --workspace` as the last step.
    Run,
    /// Leave the tests to the caller.
    LeaveOut,
}

/// One step: its name, the command as the user would type it, and how it is done.
struct Step {
    name: &'static str,
    command: &'static str,
    action: Action,
}

enum Action {
    Cargo { arguments: &'static [&'static str], environment: &'static [(&'static str, &'static str)] },
    Own(fn() -> Result),
}

const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        command: "cargo fmt --all --check",
        action: Action::Cargo { arguments: &["fmt", "--all", "--check"], environment: &[] },
    },
    Step { name: "layers", command: "cargo xtask layers", action: Action::Own(layers::run) },
    Step { name: "scenes", command: "cargo xtask scenes --check", action: Action::Own(generate::check) },
    Step {
        name: "clippy",
        command: "cargo clippy --workspace --all-targets -- -D warnings",
        action: Action::Cargo {
            arguments: &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
            environment: &[],
        },
    },
    Step {
        name: "documentation",
        command: "RUSTDOCFLAGS=\"-D warnings\" cargo doc --workspace --no-deps",
        action: Action::Cargo {
            arguments: &["doc", "--workspace", "--no-deps"],
            environment: &[("RUSTDOCFLAGS", "-D warnings")],
        },
    },
    Step {
        name: TESTS,
        command: "cargo test --workspace",
        action: Action::Cargo { arguments: &["test", "--workspace"], environment: &[] },
    },
];

const TESTS: &str = "tests";

/// Runs the steps one after the other and stops at the first that fails.
pub fn run(tests: Tests) -> Result {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| tests == Tests::Run || step.name != TESTS).collect();
    for (index, step) in steps.iter().enumerate() {
        println!("==> [{}/{}] {}: {}", index + 1, steps.len(), step.name, step.command);
        let start = Instant::now();
        perform(&step.action)
            .map_err(|why| format!("step `{}` failed: {why} ({})", step.name, step.command))?;
        println!("    {} ok ({:.1} s)", step.name, start.elapsed().as_secs_f64());
    }
    println!("==> all {} steps passed", steps.len());
    Ok(())
}

fn perform(action: &Action) -> Result {
    match action {
        Action::Own(function) => function(),
        Action::Cargo { arguments, environment } => {
            let mut command = workspace::cargo(arguments);
            command.envs(environment.iter().copied());
            let status = command.status().map_err(|error| format!("cargo does not start: {error}"))?;
            if status.success() { Ok(()) } else { Err(format!("cargo ended with {status}")) }
        }
    }
}
