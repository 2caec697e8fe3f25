//! Damaged files never panic, hang or exhaust memory: they are read or refused.
//!
//! `PROPTEST_CASES=100000 cargo test --workspace --test mutations` damages each kind of file so many times.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Folder, TRIANGLE};
use std::io::Write;

use emberwave_formats::{
    gzip::decompressed,
    load_scene,
    obj::{parse_obj, parse_obj_parts},
    ply::parse_ply,
};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

const SCENE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<scene version="2.1.0">
    <default name="d" value="0.1"/><!-- comment -->
    <bsdf type="itu-radio-material" id="glass"><string name="type" value="glass"/><float name="thickness" value="$d"/></bsdf>
    <bsdf type="twosided" id="mat-itu_wood.001"><bsdf type="diffuse"><rgb name="reflectance" value="1 0 &lt;"/></bsdf></bsdf>
    <bsdf type="radio-material" id="r"><string name="scattering_pattern" value="directive"/><integer name="alpha_r" value="4"/></bsdf>
    <shape type="ply" id="mesh-a"><string name="filename" value="triangle.ply"/><ref id="glass" name="bsdf"/>
        <transform name="to_world"><scale value="1 2 3"/><rotate z="1" angle="45"/><lookat origin="1,1,1" target="0,0,0" up="0,0,1"/></transform></shape>
    <shape type="rectangle" id="b"><ref id="mat-itu_wood.001"/></shape>
    <shape type="cube" id="c"><ref id="r"/><boolean name="face_normals" value="true"/></shape>
</scene>"#;

const OBJ: &str = "v 0 0 0\nv 1 0 0\nv 1 1 0 1 1 1\nvt 0 0\nf 1/1/1 2//2 -1\no a\nusemtl itu_wood\nf 1 2 \\\n3 3\ng b\nf 1 2 3\n";

fn binary_ply(big: bool) -> Vec<u8> {
    let format = if big { "binary_big_endian" } else { "binary_little_endian" };
    let (header, _) = TRIANGLE.split_at(TRIANGLE.find("1 0 0").unwrap());
    let mut file = header.replace("ascii", format).into_bytes();
    let mut put =
        |bytes: [u8; 4]| file.extend(if big { bytes } else { [bytes[3], bytes[2], bytes[1], bytes[0]] });
    for number in [1.0_f32, 0., 0., 0., 1., 0., 0., 0., 1.] {
        put(number.to_be_bytes());
    }
    file.push(3);
    for index in [0_u8, 1, 2] {
        file.extend(if big { [0, 0, 0, index] } else { [index, 0, 0, 0] });
    }
    file
}

#[derive(Clone, Debug)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Truncate(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let place = any::<prop::sample::Index>;
    let number = prop::sample::select(vec![
        "-1",
        "4000000000",
        "18446744073709551615",
        "1e400",
        "NaN",
        "<",
        ">",
        "\"",
        "&",
        "$d",
        "0",
    ]);
    let damage = prop_oneof![
        4 => (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        1 => place().prop_map(Damage::Truncate),
        2 => (place(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        3 => (place(), number).prop_map(|(at, text)| Damage::Insert(at, text.into())),
        2 => (place(), 1..40_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        1 => (place(), 1..200_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ];
    prop::collection::vec(damage, 1..5)
}

fn damaged(file: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for damage in damages {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        match damage {
            Damage::Flip(at, mask) => bytes[at.index(length)] ^= mask,
            Damage::Truncate(at) => bytes.truncate(at.index(length)),
            Damage::Insert(at, inserted) => {
                let at = at.index(length);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Damage::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..length.min(at + count));
            }
            Damage::Repeat(at, count) => {
                let at = at.index(length);
                let piece = bytes[at..length.min(at + count)].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// So many cases, or as many as the environment asks for.
fn cases(usual: u32) -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(usual),
    }
}

fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Loads a file of this name and content from a folder with a good mesh in it.
fn assert_is_read_or_refused(name: &str, bytes: &[u8]) {
    thread_local! {
        static FOLDER: Folder = {
            let folder = Folder::new();
            folder.write("triangle.ply", TRIANGLE);
            assert_eq!(load_scene(&folder.write("good.xml", SCENE)).unwrap().objects.len(), 3);
            folder
        };
    }
    let path = FOLDER.with(|folder| folder.write(name, bytes));
    match load_scene(&path) {
        Ok(scene) => {
            scene.warnings.iter().for_each(|warning| assert_one_line(&warning.to_string()));
            let meshes = scene.objects.iter().map(|object| &object.mesh);
            assert!(meshes.flat_map(|mesh| &mesh.vertices).all(|vertex| vertex.is_finite()));
        }
        Err(error) => assert_one_line(&error.to_string()),
    }
}

/// An error is one line whatever the file holds.
fn assert_one_line(message: &str) {
    assert!(!message.contains(['\n', '\r']) && !message.is_empty(), "{message:?}");
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn a_damaged_ply_file_is_read_or_refused(damages in damages(), kind in 0..3_usize) {
        let file = [TRIANGLE.as_bytes().to_vec(), binary_ply(false), binary_ply(true)][kind].clone();
        assert!(parse_ply(&file).is_ok());
        match parse_ply(&damaged(&file, &damages)) {
            Ok(mesh) => {
                let count = mesh.vertices.len() as u32;
                prop_assert!(mesh.triangles.iter().flatten().all(|index| *index < count));
                prop_assert!(mesh.vertices.iter().all(|vertex| vertex.is_finite()));
            }
            Err(error) => assert_one_line(&error.to_string()),
        }
    }

    #[test]
    fn a_damaged_obj_file_is_read_or_refused(damages in damages()) {
        let file = damaged(OBJ.as_bytes(), &damages);
        let parts = parse_obj_parts(&file).map(|parts| parts.into_iter().map(|part| part.mesh).collect());
        for meshes in [parse_obj(&file).map(|mesh| vec![mesh]), parts] {
            match meshes {
                Ok(meshes) => for mesh in meshes {
                    let count = mesh.vertices.len() as u32;
                    prop_assert!(mesh.triangles.iter().flatten().all(|index| *index < count));
                    prop_assert!(mesh.vertices.iter().all(|vertex| vertex.is_finite()));
                },
                Err(error) => assert_one_line(&error.to_string()),
            }
        }
    }

    #[test]
    fn a_damaged_gzip_file_is_read_or_refused(damages in damages()) {
        let file = damaged(&compressed(TRIANGLE.repeat(3).as_bytes()), &damages);
        match decompressed(file.clone()) {
            Ok(plain) => prop_assert!(plain == file || plain.len() < 1 << 16),
            Err(error) => assert_one_line(&error.to_string()),
        }
    }
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn a_damaged_scene_is_read_or_refused(damages in damages()) {
        assert_is_read_or_refused("street.xml", &damaged(SCENE.as_bytes(), &damages));
    }

    #[test]
    fn a_damaged_scene_in_gzip_is_read_or_refused(inner in damages(), outer in prop::option::of(damages())) {
        let file = compressed(&damaged(SCENE.as_bytes(), &inner));
        assert_is_read_or_refused("street.xml.gz", &damaged(&file, &outer.unwrap_or_default()));
    }

    #[test]
    fn a_damaged_mesh_in_gzip_is_read_or_refused(
        inner in damages(),
        outer in prop::option::of(damages()),
        kind in 0..4_usize,
    ) {
        let [ply, obj] = ["mesh.ply.gz", "mesh.obj.gz"];
        let text = TRIANGLE.as_bytes().to_vec();
        let (name, file) = match kind {
            0 => (ply, text),
            1 => (ply, binary_ply(false)),
            2 => (ply, binary_ply(true)),
            _ => (obj, OBJ.into()),
        };
        let file = compressed(&damaged(&file, &inner));
        assert_is_read_or_refused(name, &damaged(&file, &outer.unwrap_or_default()));
    }
}
