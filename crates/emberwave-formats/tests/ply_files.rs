//! PLY files of every encoding, order and scalar type give the same mesh.
#![allow(clippy::unwrap_used)]

use emberwave_formats::ply::parse_ply;
use emberwave_geometry::TriangleMesh;
use glam::Vec3;
use proptest::prelude::*;

fn header(format: &str, vertices: usize, faces: usize) -> String {
    format!(
        "ply\r\nformat {format} 1.0\ncomment made by \u{e9}\nobj_info x\nelement vertex {vertices}\nproperty float s\n\
         property double z\nproperty list uchar short tags\nproperty short x\nproperty float32 y\n\
         element edge 1\nproperty int vertex1\nproperty list uint8 float64 weights\n\
         element face {faces}\nproperty uchar red\nproperty list ushort uint vertex_index\nproperty int8 flag\nend_header\n"
    )
}

/// A mesh as a file with extra properties and elements; `bytes` writes one scalar.
fn binary(mesh: &TriangleMesh, format: &str) -> Vec<u8> {
    let big = format == "binary_big_endian";
    let mut file = header(format, mesh.vertices.len(), mesh.triangles.len()).into_bytes();
    let mut put = |bytes: &[u8]| {
        if big {
            file.extend(bytes);
        } else {
            file.extend(bytes.iter().rev());
        }
    };
    for vertex in &mesh.vertices {
        put(&0.5_f32.to_be_bytes());
        put(&f64::from(vertex.z).to_be_bytes());
        put(&[2]);
        put(&1_i16.to_be_bytes());
        put(&(-1_i16).to_be_bytes());
        put(&(vertex.x as i16).to_be_bytes());
        put(&vertex.y.to_be_bytes());
    }
    put(&7_i32.to_be_bytes());
    put(&[1]);
    put(&1.5_f64.to_be_bytes());
    for triangle in &mesh.triangles {
        put(&[255]);
        put(&3_u16.to_be_bytes());
        triangle.iter().for_each(|index| put(&index.to_be_bytes()));
        put(&[0x80]);
    }
    file
}

fn ascii(mesh: &TriangleMesh) -> Vec<u8> {
    let mut file = header("ascii", mesh.vertices.len(), mesh.triangles.len());
    for vertex in &mesh.vertices {
        file += &format!("0.5 {:?} 2 1 -1\n{} {:?}\n", f64::from(vertex.z), vertex.x, vertex.y);
    }
    file += "7 1 1.5\r\n";
    for [a, b, c] in &mesh.triangles {
        file += &format!("255 3 {a} {b} {c} -128\r\n");
    }
    file.trim_end().as_bytes().to_vec()
}

prop_compose! {
    fn meshes()(
        vertices in prop::collection::vec((-999_i16..999, -1e6_f32..1e6, -1e-6_f32..1e-6), 1..20),
        corners in prop::collection::vec(any::<[prop::sample::Index; 3]>(), 0..20),
    ) -> TriangleMesh {
        let triangles = corners.iter().map(|face| face.map(|corner| corner.index(vertices.len()) as u32)).collect();
        let vertices = vertices.into_iter().map(|(x, y, z)| Vec3::new(f32::from(x), y, z)).collect();
        TriangleMesh { vertices, triangles }
    }
}

proptest! {
    #[test]
    fn a_mesh_survives_every_encoding(mesh in meshes()) {
        prop_assert_eq!(&parse_ply(&ascii(&mesh)).unwrap(), &mesh);
        for format in ["binary_little_endian", "binary_big_endian"] {
            prop_assert_eq!(&parse_ply(&binary(&mesh, format)).unwrap(), &mesh);
        }
    }

    #[test]
    fn a_file_that_ends_early_is_an_error(mesh in meshes(), part in 0.0..1.0_f64) {
        let file = binary(&mesh, "binary_little_endian");
        let kept = (part * file.len() as f64) as usize;
        prop_assert!(parse_ply(&file[..kept]).is_err());
    }
}

#[test]
fn polygons_become_fans_and_faces_may_come_first() {
    let file =
        b"ply\nformat ascii 1.0\nelement face 2\nproperty list uchar int vertex_indices\nelement vertex 5\n\
        property float x\nproperty float y\nproperty float z\nend_header\n\
        5 0 1 2 3 4\n3 4 3 2\n0 0 0\n1 0 0\n2 1 0\n1 2 0\n0 1 0\n";
    assert_eq!(parse_ply(file).unwrap().triangles, [[0, 1, 2], [0, 2, 3], [0, 3, 4], [4, 3, 2]]);
}

#[test]
fn a_count_that_the_file_cannot_hold_is_refused_before_anything_is_allocated() {
    for count in ["4000000000", "18446744073709551615"] {
        for format in ["ascii", "binary_little_endian"] {
            for element in ["vertex", "face", "other"] {
                let file = format!(
                    "ply\nformat {format} 1.0\nelement {element} {count}\nproperty float x\nproperty float y\n\
                     property float z\nproperty list uint int vertex_indices\nend_header\n1 2 3 4 5 6 7 8"
                );
                assert!(parse_ply(file.as_bytes()).unwrap_err().to_string().starts_with("is truncated"));
            }
        }
    }
}

#[test]
fn rows_without_properties_take_no_time() {
    let file = b"ply\nformat ascii 1.0\nelement nothing 18446744073709551615\nend_header\n";
    assert_eq!(parse_ply(file).unwrap(), TriangleMesh::default());
}
