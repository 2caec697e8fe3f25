//! Ctrl-C.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::workplace::{ROOM, Workplace};

#[test]
fn an_interrupted_run_leaves_no_file_and_ends_with_130() {
    let workplace = Workplace::new();
    let arguments = ["map", ROOM, "--tx", "1,1,1.5", "--samples", "1e12", "-o", "map.npz", "-o", "map.png"];
    let child = workplace.command(&arguments).stderr(Stdio::piped()).spawn().expect("started");
    sleep(Duration::from_millis(500));
    let interrupted = Instant::now();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let output = child.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: interrupted\n");
    assert!(interrupted.elapsed() < Duration::from_secs(10), "it ends soon");
    assert!(workplace.files().is_empty(), "{:?}", workplace.files());
}
