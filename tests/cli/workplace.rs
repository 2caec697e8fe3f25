//! A temporary directory to run the command in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A small closed room.
pub const ROOM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/scenes/box_room/box_room.xml");

/// Flags of a map of the room that takes no time.
pub const QUICK: [&str; 6] = ["--samples", "2e4", "--cell-size", "1", "--max-depth", "2"];

/// A directory that only one test uses.
pub struct Workplace {
    directory: TempDir,
}

impl Workplace {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a temporary directory") }
    }

    /// A workplace with one file.
    pub fn with_file(name: &str, text: &str) -> Self {
        let workplace = Self::new();
        fs::write(workplace.path(name), text).expect("written");
        workplace
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Names of all files, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).expect("readable");
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("readable").file_name().to_string_lossy().into_owned()
        };
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emberwave"));
        command.args(arguments).current_dir(self.directory.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command starts")
    }

    /// Runs and demands success.
    pub fn succeed(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        output
    }

    /// Runs and demands this line on the standard error, nothing on the standard output, exit code 2, and no new file.
    pub fn refuse(&self, arguments: &[&str], line: &str) {
        let before = self.files();
        let output = self.run(arguments);
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{line}\n"), "{arguments:?}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert_eq!(self.files(), before, "{arguments:?}");
    }
}

/// The bytes of a file.
pub fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(path).expect("readable")
}
