//! Wrong flags: one line, exit code 2, nothing left behind.

use crate::workplace::{ROOM, Workplace};

/// Flags after `map ROOM`, and the line they give.
const REFUSED: &[(&[&str], &str)] = &[
    (&[], "error: nothing sends: add a transmitter with --tx X,Y,Z, for example --tx 0,0,20"),
    (
        &["--tx", "1,2"],
        "error: invalid value '1,2' for '--tx <X,Y,Z>': X,Y,Z is needed, but there are 2 numbers",
    ),
    (&["--tx", "nan,0,0"], "error: invalid value 'nan,0,0' for '--tx <X,Y,Z>': a finite number is needed"),
    (&["--tx", "0,0,a"], "error: invalid value '0,0,a' for '--tx <X,Y,Z>': `a` is not a number"),
    (
        &["--tx", "1e9,0,0"],
        "error: transmitter `tx`: position must be finite and within 1e7 m of the origin, but is [1000000000.0, 0.0, 0.0]",
    ),
    (&["--tx", "1,1,1", "--foo"], "error: unexpected argument '--foo' found"),
    (
        &["--tx", "1,1,1", "--max-dept", "3"],
        "error: unexpected argument '--max-dept' found (did you mean `--max-depth`?)",
    ),
    (
        &["--tx", "1,1,1", "--samples", "0"],
        "error: invalid value '0' for '--samples <N>': the number of rays must be from 1 to 1e15",
    ),
    (
        &["--tx", "1,1,1", "--samples", "1.5"],
        "error: invalid value '1.5' for '--samples <N>': 1.5 is not a whole number from 0 to 1e15",
    ),
    (
        &["--tx", "1,1,1", "--max-depth", "70000"],
        "error: invalid value '70000' for '--max-depth <N>': 70000 is not in 0..=65536",
    ),
    (
        &["--tx", "1,1,1", "--rr-prob", "0"],
        "error: invalid value '0' for '--rr-prob <P>': a probability above 0 and at most 1 is needed",
    ),
    (
        &["--tx", "1,1,1", "--reconstruction", "tube"],
        "error: invalid value 'tube' for '--reconstruction <NAME>': solver: reconstruction must be auto, cell or tubes, but is `tube`",
    ),
    (
        &["--tx", "1,1,1", "--reconstruction", "tubes", "--target-error", "0"],
        "error: invalid value '0' for '--target-error <DB>': a number above 0 is needed",
    ),
    (
        &["--tx", "1,1,1", "--target-error", "0.5", "--samples", "31"],
        "error: solver: samples_per_tx must be at least 32 for error estimates, but is 31",
    ),
    (
        &["--tx", "1,1,1", "--reconstruction", "tubes", "--rr-depth", "2"],
        "error: solver: rr_depth must be -1 (off) for tubes, but is 2",
    ),
    (
        &["--tx", "1,1,1", "--reconstruction", "tubes", "--stop-threshold-db", "-90"],
        "error: solver: stop_threshold_db must be none for tubes, but is -90",
    ),
    (
        &["--tx", "1,1,1", "--stop-threshold-db", "inf"],
        "error: invalid value 'inf' for '--stop-threshold-db <DB>': a finite number is needed",
    ),
    (
        &["--tx", "1,1,1", "--frequency", "3.5furlong"],
        "error: invalid value '3.5furlong' for '--frequency <F>': `3.5furlong` is not a number, as in 3.5e9 or 3.5GHz",
    ),
    (
        &["--tx", "1,1,1", "--frequency", "-1GHz"],
        "error: invalid value '-1GHz' for '--frequency <F>': a frequency must be positive and finite",
    ),
    (
        &["--tx", "1,1,1", "--cell-size", "0"],
        "error: invalid value '0' for '--cell-size <X[,Y]>': lengths must be above 0",
    ),
    (
        &["--tx", "1,1,1", "--size", "10"],
        "error: invalid value '10' for '--size <X,Y>': X,Y is needed, but there are 1 numbers",
    ),
    (
        &["--tx", "1,1,1", "--size", "1e6,1e6", "--cell-size", "0.1"],
        "error: measurement plane: number of cells must be at most 2^30, but is 100000000000000.0",
    ),
    (
        &["--tx", "1,1,1", "--center", "1e30,0,0"],
        "error: measurement plane: extent must be within 1e7 m of the origin, but is 1e30",
    ),
    (
        &["--tx", "1,1,1", "--center", "9e6,0,0", "--size", "10,10", "--cell-size", "0.1"],
        "error: measurement plane: cell_size must be large enough to be told apart in single precision, but is 0.1",
    ),
    (
        &["--tx", "1,1,1", "--tx", "2,2,2", "--power-dbm", "1", "--power-dbm", "2", "--power-dbm", "3"],
        "error: --power-dbm is given 3 times for 2 transmitters: give it once, or once per transmitter",
    ),
    (
        &["--tx", "1,1,1", "--power-dbm", "1000"],
        "error: transmitter `tx`: power_dbm must be between -300 and 300, but is 1000.0",
    ),
    (
        &["--tx", "1,1,1", "--tx-pattern", "isoo"],
        "error: invalid value 'isoo' for '--tx-pattern <NAME>': unknown antenna pattern `isoo` (known: iso, dipole, \
         hw_dipole, tr38901)",
    ),
    (
        &["--tx", "1,1,1", "--tx-polarization", "X"],
        "error: invalid value 'X' for '--tx-polarization <NAME>': unknown polarization `X` (known: V, H, VH, cross)",
    ),
    (
        &["--tx", "1,1,1", "--tx-look-at", "1,1,1"],
        "error: --tx-look-at: transmitter `tx` is at the point it should look at",
    ),
    (
        &["--tx", "1,1,1", "--tx-look-at", "2,1,1", "--tx-orientation-deg", "0,0,0"],
        "error: the argument '--tx-look-at <X,Y,Z>' cannot be used with '--tx-orientation-deg <A,B,C>'",
    ),
    (&["--tx", "1,1,1", "--vmin", "3", "--vmax", "2"], "error: --vmin 3 must be below --vmax 2"),
    (
        &["--tx", "1,1,1", "--output", "map.tiff"],
        "error: invalid value 'map.tiff' for '--output <FILE>': the extension must be .npz, .safetensors, .png or .json",
    ),
    (
        &["--tx", "1,1,1", "--output", "map"],
        "error: invalid value 'map' for '--output <FILE>': the extension must be .npz, .safetensors, .png or .json",
    ),
    (
        &["--tx", "1,1,1", "--output", "map.npz", "--output", "nowhere/map.png"],
        "error: cannot write `nowhere/map.png`: the directory `nowhere` does not exist",
    ),
    (
        &["--tx", "1,1,1", "--output", "map.npz", "--output", "map.npz"],
        "error: `map.npz` is given twice as output",
    ),
    (
        &["--tx", "1,1,1", "--threads", "0"],
        "error: invalid value '0' for '--threads <N>': 0 is not in 1..=1024",
    ),
];

#[test]
fn wrong_flags_give_one_line_and_leave_nothing() {
    let workplace = Workplace::new();
    for (flags, line) in REFUSED {
        let arguments: Vec<&str> = ["map", ROOM].into_iter().chain(flags.iter().copied()).collect();
        workplace.refuse(&arguments, line);
    }
}

#[test]
fn wrong_commands_give_one_line() {
    let workplace = Workplace::new();
    workplace.refuse(&[], "error: a command is missing: `emberwave --help` lists them");
    workplace.refuse(&["fly"], "error: unrecognized subcommand 'fly'");
    workplace.refuse(&["map"], "error: the following required arguments were not provided: <SCENE|RUN.toml>");
    workplace.refuse(&["map", ROOM, "--a\nb"], "error: unexpected argument '--a b' found");
}

#[test]
fn a_directory_is_no_output() {
    let workplace = Workplace::new();
    std::fs::create_dir(workplace.path("map.npz")).expect("created");
    let arguments = ["map", ROOM, "--tx", "1,1,1", "-o", "map.npz"];
    workplace.refuse(&arguments, "error: cannot write `map.npz`: it is not the path of a file");
}
