//! Flags that are right.

use serde_json::Value;

use crate::workplace::{QUICK, ROOM, Workplace, bytes};

/// The transmitters in the record of a run with these flags.
fn transmitters(flags: &[&str]) -> Value {
    let workplace = Workplace::new();
    workplace.succeed(&[&["map", ROOM, "-o", "map.json"], flags, &QUICK].concat());
    let record: Value = serde_json::from_slice(&bytes(workplace.path("map.json"))).expect("JSON");
    record["run"]["transmitters"].clone()
}

fn map(flags: &[&str]) -> Vec<u8> {
    let workplace = Workplace::new();
    workplace.succeed(
        &[
            &["map", ROOM, "--tx", "1,1,1.5", "--samples", "1e5", "--cell-size", "0.1", "-o", "map.npz"],
            flags,
        ]
        .concat(),
    );
    bytes(workplace.path("map.npz"))
}

#[test]
fn one_value_is_for_all_transmitters() {
    let both =
        transmitters(&["--tx", "1,1,1", "--tx", "-2,2,2", "--power-dbm", "-3", "--tx-pattern", "dipole"]);
    for index in 0..2 {
        assert_eq!((&both[index]["power_dbm"], &both[index]["pattern"]), (&(-3.0).into(), &"dipole".into()));
    }
    assert_eq!(both[1]["position"], serde_json::json!([-2.0, 2.0, 2.0]));
}

#[test]
fn values_go_to_the_transmitters_in_their_order() {
    let both = transmitters(&[
        "--tx",
        "1,1,1",
        "--power-dbm",
        "10",
        "--tx",
        "2,2,2",
        "--power-dbm",
        "20",
        "--tx-polarization",
        "H",
        "--tx-polarization",
        "cross",
        "--tx-orientation-deg",
        "90,0,0",
        "--tx-orientation-deg",
        "-180,0,0",
    ]);
    assert_eq!((&both[0]["power_dbm"], &both[1]["power_dbm"]), (&10.0.into(), &20.0.into()));
    assert_eq!((&both[0]["polarization"], &both[1]["polarization"]), (&"H".into(), &"cross".into()));
    assert_eq!(both[0]["orientation"][0], std::f64::consts::FRAC_PI_2);
    assert_eq!(both[1]["orientation"][0], -std::f64::consts::PI);
}

#[test]
fn the_boresight_looks_at_a_point() {
    let one = transmitters(&["--tx", "1,1,1", "--tx-look-at", "1,4,1"]);
    assert_eq!(one[0]["orientation"][0], std::f64::consts::FRAC_PI_2);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let single = map(&["--threads", "1"]);
    assert!(single == map(&["--threads", "2"]), "bit-identical maps");
    assert!(single != map(&["--threads", "2", "--seed", "7"]), "other random numbers");
}

#[test]
fn quiet_prints_nothing() {
    let workplace = Workplace::new();
    let output = workplace.succeed(&[&["map", ROOM, "--tx", "1,1,1", "--quiet"], QUICK.as_slice()].concat());
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn what_was_written_is_printed() {
    let workplace = Workplace::new();
    let output = workplace.succeed(&[&["map", ROOM, "--tx", "1,1,1"], QUICK.as_slice()].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("traced 20000 rays in ") && text.ends_with("\nwrote map.png\n"), "{text}");
}

#[test]
fn help_and_version_are_no_errors() {
    let workplace = Workplace::new();
    for arguments in [vec!["--help"], vec!["map", "--help"], vec!["info", "-h"], vec!["--version"]] {
        let output = workplace.succeed(&arguments);
        assert!(!output.stdout.is_empty() && output.stderr.is_empty());
    }
}

#[test]
fn height_moves_the_default_plane() {
    let workplace = Workplace::new();
    workplace.succeed(
        &[
            &["map", ROOM, "--tx", "1,1,1.5", "--height", "0.7", "-o", "map.json", "-o", "map.safetensors"],
            QUICK.as_slice(),
        ]
        .concat(),
    );
    let record: Value = serde_json::from_slice(&bytes(workplace.path("map.json"))).expect("JSON");
    let plane = &record["run"]["measurement"];
    assert_eq!((&plane["center"][2], &plane["size"]), (&0.7.into(), &serde_json::json!([6.0, 5.0])));
    use emberwave::prelude::*;
    let map = RadioMap::load(workplace.path("map.safetensors"), &Device::default()).expect("a map");
    assert_eq!((map.measurement_plane().center[2], map.path_gain().dims()), (0.7, [1, 5, 6]));
    let both = workplace.run(&["map", ROOM, "--tx", "1,1,1.5", "--height", "1", "--center", "0,0,1"]);
    assert_eq!(both.status.code(), Some(2), "one of them is enough");
}
