//! Run files that are right.

use std::path::Path;

use emberwave::prelude::*;
use serde_json::Value;

use crate::workplace::{QUICK, ROOM, Workplace, bytes};

const RUN: &str = r#"
frequency = "5.2GHz"

[[transmitters]]
position = [1, 1.0, 1.5]
pattern = "tr38901"
orientation = [0.5, 0.0, 0.0]
power_dbm = 30

[measurement]
center = [3, 2.5, 1]
size = [6.0, 5.0]
cell_size = 0.5

[solver]
samples_per_tx = 5e3
max_depth = 4
refraction = false
diffraction = false
reconstruction = "cell"
seed = 0x2a
"#;

/// The run file with a scene, followed by more.
fn run_file(more: &str) -> Workplace {
    Workplace::with_file("run.toml", &format!("scene = \"{ROOM}\"\n{RUN}\n{more}"))
}

fn record(workplace: &Workplace) -> Value {
    serde_json::from_slice(&bytes(workplace.path("map.json"))).expect("JSON")
}

#[test]
fn a_run_file_and_the_same_flags_give_the_same_map() {
    let workplace = run_file("");
    workplace.succeed(&["map", "run.toml", "-o", "file.npz"]);
    let degrees = format!("{},0,0", 0.5_f64.to_degrees());
    let flags = [
        "map",
        ROOM,
        "--frequency",
        "5200MHz",
        "--tx",
        "1,1,1.5",
        "--tx-pattern",
        "tr38901",
        "--power-dbm",
        "30",
        "--tx-orientation-deg",
        &degrees,
        "--center",
        "3,2.5,1",
        "--size",
        "6,5",
        "--cell-size",
        "0.5,0.5",
        "--samples",
        "5000",
        "--max-depth",
        "4",
        "--no-refraction",
        "-o",
        "flags.npz",
    ];
    workplace.succeed(&flags);
    assert!(bytes(workplace.path("file.npz")) == bytes(workplace.path("flags.npz")));
}

#[test]
fn tubes_are_made_by_flags_and_by_run_files() {
    let more = "[solver]\nreconstruction = \"tubes\"\ntarget_error_db = 0.5\n\
                error_estimate = true\nmax_depth = 2";
    let text = format!("scene = \"{ROOM}\"\n[[transmitters]]\nposition = [1, 1, 1.5]\n{more}");
    let workplace = Workplace::with_file("run.toml", &text);
    workplace.succeed(&["map", "run.toml", "--cell-size", "0.5", "-o", "file.npz", "-o", "map.json"]);
    let solver = record(&workplace)["run"]["solver"].clone();
    assert_eq!((&solver["reconstruction"], &solver["target_error_db"]), (&"tubes".into(), &0.5.into()));
    assert!(record(&workplace)["num_rays"].as_u64().is_some_and(|rays| rays > 0));
    let flags = ["map", ROOM, "--tx", "1,1,1.5", "--max-depth", "2", "--cell-size", "0.5"];
    let tubes = ["--reconstruction", "tubes", "--target-error", "0.5", "--error-estimate", "-o", "flags.npz"];
    workplace.succeed(&[flags.as_slice(), &tubes].concat());
    assert!(bytes(workplace.path("file.npz")) == bytes(workplace.path("flags.npz")));
}

#[test]
fn flags_override_the_run_file() {
    let workplace = run_file("");
    let flags = ["map", "run.toml", "--power-dbm", "10", "--max-depth", "1", "--no-los", "--cell-size", "1"];
    workplace.succeed(&[flags.as_slice(), &["-o", "map.json"]].concat());
    let run = record(&workplace)["run"].clone();
    assert_eq!(
        (&run["transmitters"][0]["power_dbm"], &run["solver"]["max_depth"]),
        (&10.0.into(), &1.into())
    );
    assert_eq!((&run["solver"]["los"], &run["frequency"]), (&false.into(), &5.2e9.into()));
    assert_eq!(run["transmitters"][0]["pattern"], "tr38901", "what no flag says stays");
    workplace.succeed(&["map", "run.toml", "--tx", "2,2,2", "-o", "map.json"]);
    let run = record(&workplace)["run"].clone();
    assert_eq!(run["transmitters"].as_array().map(Vec::len), Some(1), "positions replace the transmitters");
    assert_eq!(run["transmitters"][0]["pattern"], "iso");
}

#[test]
fn materials_change_in_part() {
    let more = "[materials.\"*\"]\nthickness = 0.5\n[materials.wood]\nrelative_permittivity = 3\n\
                scattering_coefficient = 0.2\nthickness = 0.1";
    let workplace = run_file(more);
    let output = workplace.succeed(&["map", "run.toml", "-o", "map.json"]);
    let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(warnings.starts_with("warning: run.toml:") && warnings.contains("sqrt(1 - S^2)"), "{warnings}");
    let materials = record(&workplace)["run"]["materials"].clone();
    let (wood, concrete) = (&materials["wood"], &materials["concrete"]);
    assert_eq!((&wood["thickness"], &concrete["thickness"]), (&0.1.into(), &0.5.into()));
    assert_eq!((&wood["relative_permittivity"], &wood["scattering_coefficient"]), (&3.0.into(), &0.2.into()));
    let law = 0.0047 * 5.2_f64.powf(1.0718);
    let conductivity = wood["conductivity"].as_f64().expect("a number");
    assert!((conductivity - law).abs() < 1e-12, "the ITU law at the run's frequency: {conductivity}");
    assert_eq!(concrete["itu_class"], "concrete");
}

#[test]
fn the_scene_is_relative_to_the_run_file() {
    let workplace = Workplace::new();
    let folder = Path::new(ROOM).parent().expect("a folder");
    let there = workplace.path("runs");
    std::fs::create_dir(&there).expect("created");
    for entry in ["box_room.xml", "meshes"] {
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.join(entry), there.join(entry)).expect("linked");
    }
    std::fs::write(there.join("run.toml"), "scene = \"box_room.xml\"").expect("written");
    if cfg!(unix) {
        workplace.succeed(&[&["map", "runs/run.toml", "--tx", "1,1,1"], QUICK.as_slice()].concat());
        assert_eq!(workplace.files(), ["map.png", "runs"], "outputs are relative to the working directory");
    }
}

#[test]
fn a_table_of_gains_is_read_from_a_file() {
    let transmitter = "[[transmitters]]\nposition = [1.0, 2.0, 1.5]";
    let file = |pattern: &str| {
        let text = format!("scene = \"{ROOM}\"\n{transmitter}\n{pattern}\n");
        let workplace = Workplace::with_file("run.toml", &text);
        std::fs::write(workplace.path("gains.csv"), "# dBi\n0, 0.0, 0\n\n0, 0, 0 # horizontal\n0, 0, 0\n")
            .expect("written");
        workplace
    };
    let quick = |workplace: &Workplace| {
        let map = ["map", "run.toml", "-o", "map.npz", "-o", "map.json"];
        workplace.succeed(&[&map[..], &QUICK[..]].concat());
        let map = RadioMap::load(workplace.path("map.npz"), &Device::default()).expect("a map");
        let gains: Vec<f64> = map.path_gain().into_data().iter::<f64>().collect();
        (gains, record(workplace)["run"]["transmitters"][0].clone())
    };
    let (table, sender) = quick(&file("pattern_table = \"gains.csv\""));
    let (isotropic, named) = quick(&file("pattern = \"iso\""));
    assert!(table.iter().zip(&isotropic).all(|(a, b)| (a / b - 1.0).abs() < 1e-5));
    assert_eq!((&sender["pattern_table"], &sender["pattern"]), (&Value::from("gains.csv"), &Value::Null));
    assert_eq!((&named["pattern_table"], &named["pattern"]), (&Value::Null, &Value::from("iso")));
}

#[test]
fn what_is_wrong_with_a_table_of_gains_is_told_with_file_and_line() {
    let transmitter = "[[transmitters]]\nposition = [1, 2, 1.5]\npattern_table = \"gains.csv\"";
    let workplace = Workplace::with_file("run.toml", &format!("scene = \"{ROOM}\"\n{transmitter}\n"));
    let key = "error: run.toml:4: `transmitters[0].pattern_table` is of no use: gains.csv";
    for (gains, expected) in [
        ("0, 0\n\n0, x\n", format!("{key}:3: `x` is not a gain [dBi]")),
        ("0, 0\n0\n", format!("{key}:2: the number of gains is 1 here and 2 in the first row")),
        ("0, inf\n0, 0\n", format!("{key}:1: `inf` is not a gain [dBi]")),
        ("0, nan\n0, 0\n", format!("{key}:1: `nan` is not a gain [dBi]")),
        ("# nothing\n", "error: transmitter `tx`: pattern must be a table of at least 2 zenith angles and 1 azimuth, but is of 0 and 0".to_owned()),
    ] {
        std::fs::write(workplace.path("gains.csv"), gains).expect("written");
        workplace.refuse(&["map", "run.toml"], &expected);
    }
    std::fs::remove_file(workplace.path("gains.csv")).expect("removed");
    let output = workplace.run(&["map", "run.toml"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        errors.starts_with(&format!("{key} cannot be read: ")) && errors.lines().count() == 1,
        "{errors}"
    );
}
