//! Shapes and transforms follow Mitsuba's conventions. Numbers with many digits are those of Mitsuba 3.9.1.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;

use common::{Folder, TRIANGLE, load};
use emberwave_formats::load_scene;
use emberwave_geometry::TriangleMesh;
use glam::Vec3;

/// The mesh of a shape with these properties.
fn mesh(kind: &str, properties: &str) -> TriangleMesh {
    let xml = format!(
        "<scene><bsdf type='diffuse' id='itu_wood'/><shape type='{kind}' id='s'>{properties}<ref id='itu_wood'/></shape></scene>"
    );
    load(xml).unwrap().objects.remove(0).mesh
}

fn transformed(steps: &str) -> Vec<Vec3> {
    let properties = format!(
        "<string name='filename' value='triangle.ply'/><transform name='to_world'>{steps}</transform>"
    );
    mesh("ply", &properties).vertices
}

/// The volume a closed mesh encloses, positive if its triangles face outwards.
fn volume(mesh: &TriangleMesh) -> f32 {
    let corners = (0..mesh.triangles.len()).map(|index| mesh.corners(index));
    corners.map(|[a, b, c]| a.dot(b.cross(c)) / 6.0).sum()
}

/// Whether each edge is passed once in each direction.
fn is_closed(mesh: &TriangleMesh) -> bool {
    let mut edges: HashMap<[u32; 2], u32> = HashMap::new();
    for [a, b, c] in &mesh.triangles {
        for edge in [[*a, *b], [*b, *c], [*c, *a]] {
            *edges.entry(edge).or_default() += 1;
        }
    }
    edges.iter().all(|([a, b], count)| *count == 1 && edges.get(&[*b, *a]) == Some(&1))
}

#[test]
fn transforms_compose_as_in_mitsuba() {
    for (steps, expected) in [
        ("<translate x='1'/><rotate z='1' angle='90'/>", [[0., 2., 0.], [-1., 1., 0.], [0., 1., 1.]]),
        (
            "<rotate value='0 0 1' angle='90'/><scale value='2'/><scale value='1 2 3'/><scale y='5'/>",
            [[0., 20., 0.], [-2., 0., 0.], [0., 0., 6.]],
        ),
        // Not as in Mitsuba 3.9.1, which forgets to normalise the axis and shears the object.
        (
            "<rotate x='1' y='1' angle='30'/>",
            [[0.93301, 0.06699, -0.35355], [0.06699, 0.93301, 0.35355], [0.35355, -0.35355, 0.86603]],
        ),
        (
            "<matrix value='0 -1 0 10  1 0 0 20  0 0 1 30 0 0 0 1'/>",
            [[10., 21., 30.], [9., 20., 30.], [10., 20., 31.]],
        ),
        ("<matrix value='0,-1, 0 1 0 0 0 0 2'/>", [[0., 1., 0.], [-1., 0., 0.], [0., 0., 2.]]),
        (
            "<lookat origin='1,2,3' target='4,5,7' up='0,0,1'/>",
            [[0.29289, 2.70711, 3.], [0.51493, 1.51493, 3.72761], [1.5145, 2.5145, 3.68599]],
        ),
        ("<translate value='1'/>", [[2., 1., 1.], [1., 2., 1.], [1., 1., 2.]]),
        ("<translate/><scale/>", [[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]),
    ] {
        for (vertex, expected) in transformed(steps).into_iter().zip(expected) {
            assert!(vertex.distance(Vec3::from_array(expected)) < 1.5e-5, "{steps}: {vertex}");
        }
    }
}

#[test]
fn a_rectangle_faces_up() {
    let mesh = mesh("rectangle", "");
    assert_eq!(mesh.bounds().size(), Vec3::new(2.0, 2.0, 0.0));
    for triangle in 0..2 {
        let [a, b, c] = mesh.corners(triangle);
        assert_eq!((b - a).cross(c - a), Vec3::Z * 4.0);
    }
}

#[test]
fn a_cube_is_closed_and_faces_outwards() {
    let mesh = mesh("cube", "<transform name='to_world'><scale value='1 2 3'/></transform>");
    assert_eq!((mesh.vertices.len(), mesh.triangles.len()), (8, 12));
    assert!(is_closed(&mesh));
    assert_eq!(volume(&mesh), 48.0);
}

#[test]
fn a_sphere_is_closed_and_its_vertices_lie_on_it() {
    let mesh = mesh("sphere", "<point name='center' x='1' y='2' z='3'/><float name='radius' value='2'/>");
    assert!(is_closed(&mesh));
    let center = Vec3::new(1.0, 2.0, 3.0);
    assert!(mesh.vertices.iter().all(|vertex| (vertex.distance(center) - 2.0).abs() < 1e-6));
    assert_eq!(mesh.bounds().max, center + 2.0);
    let exact = 4.0 / 3.0 * std::f32::consts::PI * 8.0;
    assert!(volume(&mesh) < exact && volume(&mesh) > 0.985 * exact, "{}", volume(&mesh) / exact);
}

#[test]
fn a_disk_is_a_polygon_of_nearly_its_area() {
    let mesh = mesh("disk", "");
    let normals =
        (0..mesh.triangles.len()).map(|index| mesh.corners(index)).map(|[a, b, c]| (b - a).cross(c - a));
    let area = normals.inspect(|normal| assert!(normal.z > 0.0)).map(|normal| normal.z / 2.0).sum::<f32>();
    assert!((area / std::f32::consts::PI - 1.0).abs() < 2e-3, "{area}");
}

#[test]
fn an_obj_file_gives_the_mesh_of_the_same_ply_file() {
    let folder = Folder::new();
    folder.write("t.ply", TRIANGLE);
    folder.write("t.obj", "# a\nmtllib x.mtl\no t\nv 1 0 0 1\nv 0 1 0\nvn 0 0 1\r\nv 0 0 1\nusemtl y\ns off\nf 1//1 2//1 -1//1\n");
    let shape = |kind| {
        format!(
            "<shape type='{kind}' id='{kind}'><string name='filename' value='t.{kind}'/><ref id='itu_wood'/></shape>"
        )
    };
    let xml = format!("<scene><bsdf type='diffuse' id='itu_wood'/>{}{}</scene>", shape("ply"), shape("obj"));
    let scene = load_scene(&folder.write("street.xml", xml)).unwrap();
    assert_eq!(scene.objects[0].mesh, scene.objects[1].mesh);
}

#[test]
fn included_files_see_parameters_and_name_their_own_meshes() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("parts")).unwrap();
    folder.write("parts/t.ply", TRIANGLE);
    folder.write(
        "parts/wall.xml",
        "<scene><default name='height' value='9'/><shape type='ply' id='$name'><string name='filename' value='t.ply'/>
         <transform name='to_world'><translate z='$height.5'/></transform><ref id='itu_$class'/></shape></scene>",
    );
    let path = folder.write(
        "street.xml",
        "<scene><default name='height' value='2'/><default name='class' value='wood'/><default name='name' value='w'/>
         <bsdf type='diffuse' id='itu_$class'/><include filename='parts/wall.xml'/></scene>",
    );
    let scene = load_scene(&path).unwrap();
    assert_eq!(scene.objects[0].id, "w");
    assert_eq!(scene.bounds().max.z, 3.5);
}

#[test]
fn an_empty_mesh_is_a_warning() {
    let folder = Folder::new();
    let (header, _) = TRIANGLE.split_at(TRIANGLE.find("1 0 0").unwrap());
    folder.write("empty.ply", header.replace("vertex 3", "vertex 0").replace("face 1", "face 0"));
    let path = folder.write(
        "street.xml",
        "<scene><bsdf type='diffuse' id='itu_wood'/>\n<shape type='ply' id='s'>
         <string name='filename' value='empty.ply'/><ref id='itu_wood'/></shape></scene>",
    );
    let scene = load_scene(&path).unwrap();
    assert!(scene.objects[0].mesh.triangles.is_empty() && scene.bounds().is_empty());
    let warnings: Vec<_> = scene.warnings.iter().map(|w| (w.line, w.message.as_str())).collect();
    assert_eq!(warnings, [(Some(2), "shape `s` has no triangles and does nothing")]);
}
