//! The command `emberwave`: radio maps from scene files.

mod args;
mod console;
mod failure;
mod info;
mod interrupt;
mod itu;
mod map;
mod numbers;
mod outputs;
mod pattern_tables;
mod progress;
mod record;
mod run;
mod run_file;

use std::process::ExitCode;

use args::{Command, CommandLine};

fn main() -> ExitCode {
    let done = args::parse().and_then(|command_line| match command_line {
        Some(CommandLine { command: Command::Info(arguments) }) => info::print(&arguments),
        Some(CommandLine { command: Command::Map(arguments) }) => map::make(&arguments),
        None => Ok(()),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::error(&format!("error: {failure}"));
            failure.exit_code()
        }
    }
}
