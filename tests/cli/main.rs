//! The command `emberwave` as its users meet it: flags, files, messages and exit codes.

mod bad_flags;
mod bad_run_files;
mod bad_scenes;
mod checks;
mod files;
mod flags;
mod info;
mod interruption;
mod run_files;
mod workplace;
