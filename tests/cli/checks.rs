//! `emberwave info --check`, meshes by themselves, and choices about ITU materials.

use crate::workplace::{QUICK, ROOM, Workplace};

/// A closed tetrahedron of concrete and a floor of brick.
const HOUSE: &str =
    "v 0 0 0\nv 4 0 0\nv 0 4 0\nv 0 0 4\no house\nusemtl itu_concrete\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n";

fn check(mesh: &str, flags: &[&str]) -> (i32, String) {
    let workplace = Workplace::with_file("house.obj", mesh);
    let output = workplace.run(&[&["info", "house.obj", "--check"], flags].concat());
    (output.status.code().expect("a code"), String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn a_sound_scene_has_no_findings() {
    let (code, text) = check(HOUSE, &["--tx", "3,3,3"]);
    assert!(code == 0 && text.ends_with("\nno findings\n"), "{code}\n{text}");
    Workplace::new().succeed(&["info", ROOM, "--check", "--tx", "0,0,1.5"]);
}

#[test]
fn each_fault_is_a_line_with_ids_and_the_exit_code_is_one() {
    let faults = "o thin\nusemtl itu_wet_ground\nf 1 2 2\no twin\nf 2 1 3\no ground\nv -9 -9 0\nv 9 -9 0\nv 0 20 0\nf 5 6 7\n";
    let (code, text) = check(&format!("{HOUSE}{faults}"), &["--tx", "0.5,0.5,0.5", "--frequency", "28GHz"]);
    assert_eq!(code, 1, "{text}");
    for line in [
        "  1 degenerate faces: `thin` face 0\n",
        "  1 doubled faces: `twin` face 0 on `house` face 0\n",
        "  1 coplanar overlapping faces: `ground` face 0 on `house` face 0\n",
        "  1 transmitters inside objects: 0.5,0.5,0.5 in `house`\n",
        "  1 materials without values: `itu_wet_ground` of `thin` at 28 GHz\n",
        "  note: 6 open edges: `twin` 3, `ground` 3\n",
    ] {
        assert!(text.contains(line), "{line:?} in\n{text}");
    }
}

#[test]
fn neighbours_in_a_plane_do_not_overlap() {
    let square = "v 0 0 0\nv 1000 0 0\nv 1000.01 777.7 0\nv 0 800 0\nusemtl itu_wood\nf 1 2 3\nf 1 3 4\n";
    let (code, text) = check(square, &[]);
    assert!(code == 0 && text.contains("note: 4 open edges: `house` 4\n"), "{text}");
}

#[test]
fn positions_need_the_check() {
    let output = Workplace::new().run(&["info", ROOM, "--tx", "0,0,1"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_mesh_alone_gives_a_map() {
    let workplace = Workplace::with_file("house.obj", HOUSE);
    workplace.succeed(&[&["map", "house.obj", "--tx", "3,3,3"][..], &QUICK].concat());
    assert_eq!(workplace.files(), ["house.obj", "map.png"]);
}

#[test]
fn out_of_range_materials_follow_the_policy() {
    let ground = HOUSE.replace("concrete", "wet_ground");
    let workplace = Workplace::with_file("house.obj", &ground);
    let info = |flags: &[&str]| {
        let output = workplace.succeed(&[&["info", "house.obj", "--frequency", "28GHz"], flags].concat());
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(info(&[]).contains("is not defined at 28 GHz"));
    // 30 f^-0.4 (to four digits) at 10 GHz, where the range ends, and at 28 GHz itself.
    assert!(info(&["--itu-out-of-range", "clamp"]).contains("11.9432"));
    assert!(info(&["--itu-out-of-range", "extrapolate"]).contains("7.9115"));
    let map = [&["map", "house.obj", "--tx", "3,3,3", "--frequency", "28GHz"][..], &QUICK].concat();
    assert_eq!(workplace.run(&map).status.code(), Some(2));
    workplace.succeed(&[&map[..], &["--itu-out-of-range", "clamp"]].concat());
}

#[test]
fn run_files_choose_edition_and_policy() {
    let run = |keys: &str| format!("scene = '{ROOM}'\n{keys}\n[[transmitters]]\nposition = [1, 1, 1]\n");
    let workplace = Workplace::with_file(
        "run.toml",
        &run("itu_edition = 3\nitu_out_of_range = \"extrapolate\"\nfrequency = 5e14"),
    );
    workplace
        .succeed(&[&["map", "run.toml", "--output", "map.json", "--output", "map.png"][..], &QUICK].concat());
    let record = std::fs::read_to_string(workplace.path("map.json")).expect("a record");
    assert!(
        record.contains("\"itu_edition\": 3") && record.contains("\"itu_out_of_range\": \"extrapolate\"")
    );
    let workplace = Workplace::with_file("run.toml", &run("itu_edition = 5"));
    workplace
        .refuse(&["map", "run.toml"], "error: run.toml:2: `itu_edition`: `5` is not known (known: 3, 4)");
}
