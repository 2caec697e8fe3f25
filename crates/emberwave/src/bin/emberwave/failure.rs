//! How the command fails: one line and an exit code.

use std::fmt;
use std::process::ExitCode;

use emberwave::scene::SceneError;
use emberwave::solvers::SolveError;

/// A reason to stop, displayed on one line.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Flags, run file or scene are wrong.
    Input(String),
    /// Something went wrong with right input.
    Runtime(String),
    /// The user pressed Ctrl-C.
    Interrupted,
}

impl Failure {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Input(message.into())
    }

    pub(crate) fn runtime(message: impl Into<String>) -> Self {
        Self::Runtime(message.into())
    }

    /// 2 for wrong input, 1 for failures, 130 (128 + SIGINT) after Ctrl-C.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Input(_) => 2,
            Self::Runtime(_) => 1,
            Self::Interrupted => 130,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(message) | Self::Runtime(message) => f.write_str(&one_line(message)),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl From<SceneError> for Failure {
    fn from(error: SceneError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<SolveError> for Failure {
    fn from(error: SolveError) -> Self {
        match error {
            SolveError::Cancelled => Self::Interrupted,
            error => Self::Input(error.to_string()),
        }
    }
}

/// The text with control characters, line breaks among them, written as escapes.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}
