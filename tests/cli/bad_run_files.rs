//! Wrong run files: one line with file, line and key, exit code 2, nothing left behind.

use std::fs;

use crate::workplace::{ROOM, Workplace};

/// A good transmitter in line 3 and 4 of every file.
const SENDER: &str = "[[transmitters]]\nposition = [1, 1, 1]";

/// What follows in the file from line 5 on, and what is said about it after `error: run.toml:`.
const REFUSED: &[(&str, &str)] = &[
    ("pover_dbm = 3", "5: `transmitters[0].pover_dbm` is not a known key (did you mean `power_dbm`?)"),
    ("power_dbm = nan", "5: `transmitters[0].power_dbm` must be between -300 and 300, but is nan"),
    ("power_dbm = \"44\"", "5: `transmitters[0].power_dbm` must be between -300 and 300, but is \"44\""),
    ("array = 3", "5: `transmitters[0].array` is not there yet"),
    ("precoding = []", "5: `transmitters[0].precoding` is not there yet"),
    (
        "pattern = \"horn\"",
        "5: `transmitters[0].pattern`: unknown antenna pattern `horn` (known: iso, dipole, hw_dipole, tr38901)",
    ),
    (
        "pattern = \"iso\"\npattern_table = \"gains.csv\"",
        "6: `transmitters[0].pattern_table` and `pattern` exclude each other",
    ),
    ("pattern_table = 3", "5: `transmitters[0].pattern_table` must be a text in quotes, but is 3"),
    (
        "polarization_model = 3",
        "5: `transmitters[0].polarization_model`: unknown polarization model `3` (known: 1, 2, tr38901_1, tr38901_2)",
    ),
    ("look_at = [1, 1, 1]", "5: `transmitters[0].look_at` must differ from `position`"),
    (
        "look_at = [1, 1, 2]\norientation = [0, 0, 0]",
        "5: `transmitters[0].look_at` and `orientation` exclude each other",
    ),
    (
        "orientation = [0, 0]",
        "5: `transmitters[0].orientation` must be an array of three finite numbers, but is [0, 0]",
    ),
    (
        "name = \"a\"\n[[transmitters]]\nname = \"a\"\nposition = [2, 2, 2]",
        "7: `transmitters[1].name` `a` is already the name of the transmitter at run.toml:3",
    ),
    ("[[transmitters]]\nname = \"b\"", "5: `transmitters[1].position` is missing"),
    ("[solver]\nmax_dept = 3", "6: `solver.max_dept` is not a known key (did you mean `max_depth`?)"),
    ("[solver]\nmax_depth = -1", "6: `solver.max_depth` must be a whole number from 0 to 65536, but is -1"),
    (
        "[solver]\nsamples_per_tx = 0",
        "6: `solver.samples_per_tx` must be a whole number from 1 to 1e15, but is 0",
    ),
    ("[solver]\nlos = 1", "6: `solver.los` must be true or false, but is 1"),
    ("[solver]\nrr_prob = 2.0", "6: `solver.rr_prob` must be above 0 and at most 1, but is 2.0"),
    ("[solver]\nseed = -1", "6: `solver.seed` must be a whole number, at least 0, but is -1"),
    (
        "[solver]\ndiffuse_reflection = true",
        "6: `solver.diffuse_reflection` is not there yet: it can only be false",
    ),
    ("[solver]\ndiffraction = true", "6: `solver.diffraction` is not there yet: it can only be false"),
    (
        "[solver]\nreconstruction = \"tube\"",
        "6: `solver.reconstruction`: solver: reconstruction must be auto, cell or tubes, but is `tube`",
    ),
    (
        "[solver]\ntarget_error_db = 0",
        "6: `solver.target_error_db` must be a finite number above 0, but is 0",
    ),
    ("[measurement]\nmesh = \"m.ply\"", "6: `measurement.mesh` is not there yet"),
    (
        "[measurement]\ncell_size = [1, 0]",
        "6: `measurement.cell_size` must be a positive number or an array of two, but is [1, 0]",
    ),
    ("[measurement]\nsize = 3", "6: `measurement.size` must be an array of two positive numbers, but is 3"),
    ("[materials.wood]\nxpd_coefficient = 0.1", "6: `materials.wood.xpd_coefficient` is not there yet"),
    (
        "[materials.\"*\"]\nrelative_permittivity = 0.5",
        "6: `materials.*.relative_permittivity` must be finite and at least 1, but is 0.5",
    ),
    (
        "[materials.granite]\nthickness = 0.1",
        "5: the scene has no material `granite` (it has: concrete, wood)",
    ),
];

fn workplace(text: &str) -> Workplace {
    Workplace::with_file("run.toml", text)
}

#[test]
fn wrong_run_files_give_one_line_and_leave_nothing() {
    for (rest, message) in REFUSED {
        let text = format!("scene = \"{ROOM}\"\n\n{SENDER}\n{rest}\n");
        workplace(&text)
            .refuse(&["map", "run.toml", "--output", "map.npz"], &format!("error: run.toml:{message}"));
    }
}

#[test]
fn wrong_settings_of_the_whole_run_are_named() {
    let refuse = |text: &str, message: &str| {
        workplace(text).refuse(&["map", "run.toml"], &format!("error: run.toml:{message}"));
    };
    refuse("frequency = 1e9", "1: `scene` is missing");
    refuse("scene = 3", "1: `scene` must be a text in quotes, but is 3");
    refuse(
        "scene = \"a.xml\"\nfrequency = -1.0",
        "2: `frequency` must be positive and finite, in Hz or as in \"3.5GHz\", but is -1.0",
    );
    refuse("scene = \"a.xml\"\nbandwidth = 0", "2: `bandwidth` must be positive and finite [Hz], but is 0");
    refuse(
        "scene = \"a.xml\"\ntemperature = -3",
        "2: `temperature` must be at least 0 and finite [K], but is -3",
    );
    refuse("scene = \"a.xml\"\nsolver = 3", "2: `solver` must be a table, but is 3");
    refuse("scene = \"a.xml\"\nfrequncy = 3", "2: `frequncy` is not a known key (did you mean `frequency`?)");
    refuse(
        "scene = \"a.xml\"",
        " nothing sends: add a transmitter with --tx X,Y,Z, for example --tx 0,0,20, or a [[transmitters]] table",
    );
}

#[test]
fn broken_toml_is_one_line_with_its_place() {
    for text in ["scene = ", "scene = \"a.xml\"\nscene = \"b.xml\"", "[solver\n", "= 3", "a\nb", "scene = 'a"]
    {
        let workplace = workplace(text);
        let output = workplace.run(&["map", "run.toml"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.starts_with("error: run.toml:"), "{text:?}: {errors}");
        assert_eq!((errors.lines().count(), output.status.code()), (1, Some(2)), "{text:?}: {errors}");
    }
}

#[test]
fn a_run_file_that_is_not_text_is_refused() {
    let workplace = Workplace::new();
    fs::write(workplace.path("run.toml"), [0xff, 0xfe, 0x00]).expect("written");
    let output = workplace.run(&["map", "run.toml"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.starts_with("error: run.toml: cannot be read: "), "{errors}");
    assert_eq!((errors.lines().count(), output.status.code()), (1, Some(2)));
}
