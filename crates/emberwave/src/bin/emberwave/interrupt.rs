//! Ctrl-C: ends the command without leaving a half-written file.

use std::process;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::failure::Failure;

/// Exit code after Ctrl-C: 128 + SIGINT.
const EXIT_CODE: i32 = 130;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static PHASE: AtomicU8 = AtomicU8::new(Phase::Preparing as u8);

/// What an interruption would end.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    /// No file is open for writing: ends at once.
    Preparing,
    /// A solve looks at [`is_interrupted`]; a second interruption ends at once.
    Solving,
    /// The file being written is finished or removed first.
    Writing,
}

/// Installs the handler.
pub(crate) fn install() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        let again = INTERRUPTED.swap(true, Ordering::SeqCst);
        let phase = PHASE.load(Ordering::SeqCst);
        if phase == Phase::Preparing as u8 || (again && phase == Phase::Solving as u8) {
            process::exit(EXIT_CODE);
        }
    })
    .map_err(|error| Failure::runtime(format!("cannot handle Ctrl-C: {error}")))
}

/// Begins a phase unless the user interrupted.
pub(crate) fn enter(phase: Phase) -> Result<(), Failure> {
    PHASE.store(phase as u8, Ordering::SeqCst);
    check()
}

/// Whether the user pressed Ctrl-C.
pub(crate) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Fails once the user interrupted.
pub(crate) fn check() -> Result<(), Failure> {
    if is_interrupted() { Err(Failure::Interrupted) } else { Ok(()) }
}
