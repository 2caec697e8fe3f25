//! Printing that never panics, whoever listens.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;

/// Prints to the standard output. A reader that went away is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::runtime(format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line to the standard error; there is nobody to tell when that fails.
pub(crate) fn error(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
