//! Measurements from files.

use emberwave::prelude::*;
use emberwave::solvers::MeasuredQuantity;

use crate::worlds::{map_of, plane, values};

fn read(text: &str) -> Result<Measurements, String> {
    Measurements::read(text.as_bytes(), "walk.csv").map_err(|error| error.to_string())
}

#[test]
fn columns_are_found_by_name() {
    let text = "# drive test\nTime,Z, y,x,path_gain_db\n12:00,1.5,2,1,-80.5\n12:01,1.5,4,3,-90\n";
    let measured = read(text).expect("readable");
    assert_eq!(measured.quantity, MeasuredQuantity::PathGainDb);
    assert_eq!(measured.points, [[1.0, 2.0, 1.5], [3.0, 4.0, 1.5]]);
    assert_eq!(measured.values, [-80.5, -90.0]);
    assert!(read("x,y,z,path_gain\n").expect("readable").is_empty());
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_column() {
    for (text, expected) in [
        ("x,y,power_dbm\n", "walk.csv:1: there is no column `z` (there are: x, y, power_dbm)"),
        (
            "x,y,z,power\n",
            "walk.csv:1: one column of power_dbm, path_gain, path_gain_db is needed (there are: x, y, z, power)",
        ),
        ("x,y,z,x,path_gain\n", "walk.csv:1: two columns are named `x`"),
        ("x,y,z,power_dbm\n1,2,3,-70\n1,2,far,-70\n", "walk.csv:3: column `z`: `far` is not a number"),
        (
            "x,y,z,power_dbm\n1,2,3,NaN\n",
            "walk.csv:2: column `power_dbm`: a finite number is needed, but is NaN",
        ),
        ("x,y,z,power_dbm\n1,,3,1\n", "walk.csv:2: column `y`: `` is not a number"),
        (
            "x,y,z,path_gain\n1,2,3,-1\n",
            "walk.csv:2: column `path_gain`: a path gain cannot be below 0, but is -1",
        ),
        ("x,y,z,path_gain\n1,2,3,1\n1,2\n", "walk.csv:3: there are 2 fields, but 4 columns"),
    ] {
        assert_eq!(read(text), Err(expected.to_owned()));
    }
    let binary = Measurements::read(&b"x,y,z,path_gain\n1,\xff,2,3\n"[..], "walk.csv").expect_err("no text");
    assert!(binary.to_string().starts_with("walk.csv:2: "), "{binary}");
    let missing = Measurements::load("/nowhere/walk.csv").expect_err("missing").to_string();
    assert!(missing.starts_with("cannot read `/nowhere/walk.csv`: "), "{missing}");
}

#[test]
fn a_map_predicts_in_the_unit_of_the_measurement() {
    let device = Device::default();
    let map = map_of(plane(), 2, |tx, _| [1e-9, 1e-8][tx]);
    for (column, expected) in
        [("power_dbm", [-60.0, -40.0]), ("path_gain_db", [-90.0, -80.0]), ("path_gain", [1e-9, 1e-8])]
    {
        let measured = read(&format!("x,y,z,{column}\n14,21,1.5,1e-3\n")).expect("readable");
        let samples = map.sample_at(measured.points_on(&device), Interpolation::Decibel);
        let found = values(measured.predicted(&samples));
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0_f32).abs() < 1e-5, "{column}: {found} {expected}");
        }
        assert_eq!(values(measured.values_on(&device)), [1e-3]);
    }
}
