//! Meshes by themselves are scenes, and every file may be compressed.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;

use common::{Folder, TRIANGLE};
use emberwave_formats::{SceneDescription, gzip, load_scene, obj::parse_obj};
use flate2::{Compression, write::GzEncoder};

const CORNERS: &str = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n";

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn scene(text: &str) -> SceneDescription {
    let folder = Folder::new();
    load_scene(&folder.write("house.obj", format!("{CORNERS}{text}"))).unwrap()
}

fn error_of(text: &str) -> String {
    let folder = Folder::new();
    let message = load_scene(&folder.write("house.obj", format!("{CORNERS}{text}"))).unwrap_err().to_string();
    message.replace(&format!("{}/", folder.path().display()), "")
}

fn summary(scene: &SceneDescription) -> Vec<(&str, &str, usize)> {
    let of = |object: &emberwave_formats::ObjectDescription| object.mesh.triangles.len();
    scene.objects.iter().map(|o| (o.id.as_str(), scene.materials[o.material].name.as_str(), of(o))).collect()
}

#[test]
fn groups_and_materials_of_an_obj_file_become_objects() {
    let scene = scene(
        "mtllib nowhere.mtl\no wall\nusemtl mat-itu_concrete\nf 1 2 3\nusemtl itu_glass.001\nf 1 2 3 4\n\
         usemtl mat-itu_concrete\nf 2 3 4\ng roof\nf 1 2 3\n",
    );
    assert_eq!(
        summary(&scene),
        [("wall", "itu_concrete", 2), ("wall-itu_glass", "itu_glass", 2), ("roof", "itu_concrete", 1)]
    );
    assert!(scene.warnings.is_empty());
}

#[test]
fn a_group_may_name_the_material() {
    let named = scene("g itu_brick\nf 1 2 3\n");
    assert_eq!(summary(&named), [("itu_brick", "itu_brick", 1)]);
    let exported = scene("o itu_wood.002\nusemtl None\nf 1 2 3\n");
    assert_eq!(summary(&exported), [("itu_wood.002", "itu_wood", 1)]);
}

#[test]
fn a_mesh_without_materials_is_of_concrete_with_a_warning() {
    let obj = scene("f 1 2 3\n");
    assert_eq!(summary(&obj), [("house", "itu_concrete", 1)]);
    assert_eq!(
        obj.warnings[0].message,
        "1 of 1 objects have no material: taken as itu_concrete, 0.1 m thick"
    );
    let folder = Folder::new();
    let ply = load_scene(&folder.write("tower.ply.gz", gz(TRIANGLE.as_bytes()))).unwrap();
    assert_eq!((summary(&ply), ply.warnings.len()), (vec![("tower", "itu_concrete", 1)], 1));
}

#[test]
fn an_unknown_material_is_an_error_that_says_how_to_name_it() {
    let message = error_of("o wall\nusemtl Granite\nf 1 2 3\n");
    let start = "house.obj:6: material `Granite` says nothing about radio: rename it after its ITU class, as in `itu_concrete` (";
    assert!(message.starts_with(start), "{message}");
    let near = error_of("usemtl Glass.001\nf 1 2 3\n");
    assert!(near.ends_with("says nothing about radio: rename it to `itu_glass`"), "{near}");
    assert!(error_of("usemtl itu_granite\nf 1 2 3\n").contains("`granite` is not an ITU class"));
}

#[test]
fn broken_lines_are_named() {
    for (text, message) in [
        ("v 1 2\n", "house.obj:5: a vertex needs three finite numbers"),
        ("\n\nf 1 2\n", "house.obj:7: a face needs at least three corners"),
        ("f 1 2 5\n", "house.obj:5: a corner must name a vertex that comes before it"),
        ("f 1 \\\n 2 -9\n", "house.obj:5: a corner must name a vertex that comes before it"),
        ("usemtl\n", "house.obj:5: `usemtl` needs the name of a material"),
    ] {
        assert_eq!(error_of(text), message);
    }
}

#[test]
fn lines_may_be_continued_and_hostile_normals_mean_nothing() {
    let text = format!("{CORNERS}# C:\\\nf 1/9223372036854775807/9223372036854775807 \\\r\n2//-7 3\n");
    assert_eq!(parse_obj(text.as_bytes()).unwrap().triangles, [[0, 1, 2]]);
}

#[test]
fn compressed_files_are_the_files() {
    let folder = Folder::new();
    folder.write("t.ply.gz", gz(TRIANGLE.as_bytes()));
    let xml = "<scene><bsdf type='diffuse' id='itu_wood'/><shape type='ply' id='s'>\
               <string name='filename' value='t.ply.gz'/><ref id='itu_wood'/></shape></scene>";
    let scene = load_scene(&folder.write("street.xml.gz", gz(xml.as_bytes()))).unwrap();
    assert_eq!(summary(&scene), [("s", "itu_wood", 1)]);
    let obj = load_scene(&folder.write("a.obj.gz", gz(format!("{CORNERS}f 1 2 3").as_bytes()))).unwrap();
    assert_eq!(obj.num_triangles(), 1);
}

#[test]
fn a_decompression_bomb_is_refused() {
    let bomb = gz(&vec![b' '; (1 << 26) + 1]);
    let message = gzip::decompressed(bomb.clone()).unwrap_err().to_string();
    assert!(message.starts_with("decompresses to more than 67108864 bytes"), "{message}");
    let folder = Folder::new();
    for name in ["a.xml", "a.ply", "a.obj"] {
        assert!(
            load_scene(&folder.write(name, &bomb)).unwrap_err().to_string().contains("decompresses to more")
        );
    }
}

#[test]
fn a_compressed_file_that_ends_early_is_an_error() {
    let whole = gz(TRIANGLE.as_bytes());
    for length in 2..whole.len() {
        assert!(gzip::decompressed(whole[..length].to_vec()).is_err(), "{length}");
    }
}
