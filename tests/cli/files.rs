//! What the written files hold.

use std::fs::File;

use ndarray::{Array2, Array3};
use ndarray_npy::NpzReader;
use serde_json::Value;

use crate::workplace::{QUICK, ROOM, Workplace, bytes};

/// A map of the room with two transmitters in all three kinds of file.
fn two_transmitters() -> Workplace {
    let workplace = Workplace::new();
    let mut arguments = vec!["map", ROOM, "--tx", "1,1,2.5", "--tx", "-2,-1.5,2", "--frequency", "2.4GHz"];
    arguments.extend(QUICK);
    arguments.extend(["-o", "map.npz", "-o", "map.png", "-o", "map.json"]);
    let output = workplace.succeed(&arguments);
    assert!(output.stderr.is_empty(), "no progress bar without a terminal");
    assert_eq!(workplace.files(), ["map.json", "map.npz", "map.png"]);
    workplace
}

#[test]
fn the_archive_has_the_promised_arrays() {
    let workplace = two_transmitters();
    let mut archive =
        NpzReader::new(File::open(workplace.path("map.npz")).expect("there")).expect("an archive");
    let path_gain: Array3<f32> = archive.by_name("path_gain").expect("path_gain");
    let path_gain_db: Array3<f32> = archive.by_name("path_gain_db").expect("path_gain_db");
    let covered: Array3<bool> = archive.by_name("covered").expect("covered");
    let rss: Array3<f32> = archive.by_name("rss").expect("rss");
    let sinr: Array3<f32> = archive.by_name("sinr").expect("sinr");
    let centers: Array3<f32> = archive.by_name("cell_centers").expect("cell_centers");
    let positions: Array2<f32> = archive.by_name("tx_positions").expect("tx_positions");
    assert_eq!(archive.names().expect("names").len(), 19);
    assert_eq!(path_gain.dim(), (2, 5, 6));
    for shape in [path_gain_db.dim(), covered.dim(), rss.dim(), sinr.dim()] {
        assert_eq!(shape, path_gain.dim());
    }
    assert_eq!((centers.dim(), centers[[0, 0, 2]]), ((5, 6, 3), 1.5));
    assert_eq!(centers[[4, 5, 0]] - centers[[4, 4, 0]], 1.0);
    assert_eq!(positions, ndarray::arr2(&[[1.0, 1.0, 2.5], [-2.0, -1.5, 2.0]]));
    assert!(covered.iter().all(|&covered| covered), "a closed room is covered");
    let watt = 10.0_f32.powf(1.4);
    for (index, &gain) in path_gain.indexed_iter() {
        assert!((10.0 * gain.log10() - path_gain_db[index]).abs() < 1e-3);
        assert!((rss[index] / (gain * watt) - 1.0).abs() < 1e-5);
        let other = rss[[1 - index.0, index.1, index.2]];
        assert!((sinr[index] / (rss[index] / other) - 1.0).abs() < 1e-3, "noise is negligible here");
    }
}

#[test]
fn the_record_tells_how_the_map_was_made() {
    let workplace = two_transmitters();
    let record: Value = serde_json::from_slice(&bytes(workplace.path("map.json"))).expect("JSON");
    assert_eq!(record["num_rays"], 40_000);
    assert!(record["num_ray_queries"].as_u64().expect("a count") >= 40_000);
    for phase in ["load", "build", "solve", "write", "total"] {
        assert!(record["seconds"][phase].as_f64().expect("seconds") >= 0.0, "{phase}");
    }
    let run = &record["run"];
    assert_eq!((run["scene"].as_str(), run["frequency"].as_f64()), (Some(ROOM), Some(2.4e9)));
    assert_eq!(run["materials"]["concrete"]["relative_permittivity"], 5.24);
    assert_eq!(run["materials"]["concrete"]["itu_class"], "concrete");
    assert_eq!(run["transmitters"][1]["name"], "tx-2");
    assert_eq!(run["transmitters"][1]["power_dbm"], 44.0);
    assert_eq!(run["measurement"]["size"], serde_json::json!([6.0, 5.0]));
    assert_eq!(run["solver"]["samples_per_tx"], 20_000);
    assert_eq!(record["num_cells"], serde_json::json!([6, 5]));
    assert_eq!(record["versions"]["emberwave"], env!("CARGO_PKG_VERSION"));
    let manifest = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let burn = record["versions"]["burn"].as_str().expect("a version");
    assert!(manifest.contains(&format!("burn = {{ version = \"={burn}\"")), "{burn} is what we build with");
}

#[test]
fn the_picture_decodes_with_one_panel_per_transmitter() {
    let workplace = two_transmitters();
    let picture = image::open(workplace.path("map.png")).expect("a picture").to_rgba8();
    let single = Workplace::new();
    single.succeed(&[&["map", ROOM, "--tx", "1,1,1.5"], QUICK.as_slice()].concat());
    assert_eq!(single.files(), ["map.png"], "the default output");
    let alone = image::open(single.path("map.png")).expect("a picture").to_rgba8();
    assert!(picture.width() > alone.height() && alone.width() > 400, "{:?}", picture.dimensions());
    assert!(
        picture.width() * alone.height() > alone.width() * picture.height(),
        "two panels lie side by side"
    );
}

#[test]
fn every_quantity_gives_a_picture() {
    let workplace = Workplace::new();
    for quantity in ["path_gain", "rss", "sinr", "best_path_gain", "best_rss", "best_sinr", "best_server"] {
        let arguments =
            ["map", ROOM, "--tx", "1,1,1.5", "--tx", "-2,-1.5,2", "--quantity", quantity, "--vmin", "-90"];
        workplace.succeed(&[arguments.as_slice(), &QUICK].concat());
        assert!(image::open(workplace.path("map.png")).is_ok(), "{quantity}");
    }
}

#[test]
fn old_files_are_replaced_as_a_whole() {
    let workplace = Workplace::with_file("map.npz", "old");
    workplace.succeed(&[&["map", ROOM, "--tx", "1,1,1.5", "-o", "map.npz"], QUICK.as_slice()].concat());
    assert_eq!(workplace.files(), ["map.npz"]);
    assert!(bytes(workplace.path("map.npz")).starts_with(b"PK"));
}

#[test]
fn statistics_are_computed_when_a_picture_or_a_flag_asks_for_them() {
    let workplace = Workplace::new();
    let mut arguments = vec!["map", ROOM, "--tx", "0,0,1.7", "--directions-of-departure"];
    arguments.extend(QUICK);
    arguments.extend(["--quantity", "rms_delay_spread", "-o", "spread.png", "-o", "map.npz"]);
    workplace.succeed(&arguments);
    let mut archive =
        NpzReader::new(File::open(workplace.path("map.npz")).expect("there")).expect("an archive");
    let spread: Array3<f32> = archive.by_name("rms_delay_spread").expect("rms_delay_spread");
    assert!(spread.iter().all(|s| (1e-10..1e-7).contains(s)), "nanoseconds in a room: {spread}");
    let departure: ndarray::Array4<f32> =
        archive.by_name("mean_direction_of_departure").expect("mean_direction_of_departure");
    assert_eq!(departure.dim(), (1, 5, 6, 3));
    assert!(archive.by_name::<ndarray::OwnedRepr<f32>, ndarray::Ix4>("mean_direction_of_arrival").is_err());
}

#[test]
fn error_estimates_are_in_files_pictures_and_the_record() {
    let workplace = Workplace::new();
    let flags = ["map", ROOM, "--tx", "0,0,1.7", "--target-error", "0.5", "--progressive"];
    let outputs = ["--quantity", "relative_error", "-o", "e.png", "-o", "map.npz", "-o", "map.json"];
    let size = ["--samples", "4e5", "--cell-size", "1", "--max-depth", "2"];
    let output = workplace.succeed(&[flags.as_slice(), &size, &outputs].concat());
    assert!(image::open(workplace.path("e.png")).is_ok());
    let mut archive =
        NpzReader::new(File::open(workplace.path("map.npz")).expect("there")).expect("an archive");
    let errors: Array3<f32> = archive.by_name("relative_error").expect("relative_error");
    assert!(errors.iter().all(|error| (1e-5..0.5).contains(error)), "{errors}");
    let record: Value = serde_json::from_slice(&bytes(workplace.path("map.json"))).expect("JSON");
    let reached = record["reached_error_db"].as_f64().expect("a number");
    assert!(reached > 0.0 && reached <= 0.5);
    assert_eq!(record["run"]["solver"]["error_estimate"], true);
    assert!(record["num_rays"].as_u64().is_some_and(|rays| rays < 400_000));
    let said = format!("estimated mean error of a cell {reached:.2} dB");
    assert!(String::from_utf8_lossy(&output.stdout).contains(&said));
}

#[test]
fn progressive_tubes_end_with_the_same_files() {
    let workplace = Workplace::new();
    let flags = ["map", ROOM, "--tx", "0,0,1.7", "--reconstruction", "tubes", "--cell-size", "0.5"];
    workplace.succeed(&[flags.as_slice(), &["-o", "once.npz"]].concat());
    workplace.succeed(&[flags.as_slice(), &["--progressive", "-o", "again.npz"]].concat());
    assert!(bytes(workplace.path("once.npz")) == bytes(workplace.path("again.npz")));
    assert_eq!(workplace.files(), ["again.npz", "once.npz"]);
}
