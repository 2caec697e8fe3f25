//! `emberwave info`.

use std::process::Stdio;

use crate::workplace::{ROOM, Workplace};

fn info(arguments: &[&str]) -> String {
    let output = Workplace::new().succeed(&[&["info"], arguments].concat());
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_scene_is_summed_up() {
    let text = info(&[ROOM]);
    for line in
        ["objects    2\n", "triangles  12\n", "z 0.00 to 3.00 m\n", "materials at 3.5 GHz\n", "no warnings\n"]
    {
        assert!(text.contains(line), "{line:?} in\n{text}");
    }
    assert!(text.contains("5.2400      0.1231"), "concrete's values in\n{text}");
}

#[test]
fn materials_follow_the_frequency() {
    assert!(info(&[ROOM, "--frequency", "28GHz"]).contains("materials at 28 GHz"));
    let text = info(&[ROOM, "--frequency", "1kHz"]);
    assert!(text.contains("is not defined at 0.000001 GHz"), "{text}");
}

#[test]
fn warnings_are_listed() {
    let scene = "<scene version=\"2.1.0\"><sensor type=\"perspective\"/></scene>";
    let workplace = Workplace::with_file("scene.xml", scene);
    let output = workplace.succeed(&["info", "scene.xml"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("the scene is empty") && text.contains("`sensor` means nothing to radio"),
        "{text}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let workplace = Workplace::new();
    let mut child = workplace
        .command(&["info", ROOM])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
