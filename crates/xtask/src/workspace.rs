//! Where the workspace is and how cargo is started in it.

use std::path::PathBuf;
use std::process::Command;

/// The workspace root: the folder that holds the root `Cargo.toml`.
pub fn root() -> PathBuf {
    let manifest_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.ancestors().nth(2).map_or(manifest_dir.clone(), PathBuf::from)
}

/// A cargo command that runs in the workspace root, with the cargo that started this program.
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}
