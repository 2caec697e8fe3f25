//! What must be true of every generated scene, checked each time it is generated.
//!
//! * Triangles have area, and none is there twice.
//! * The skin of a body is closed and looks outwards; it may be open only at its foot, where the body stands on
//!   something.
//! * No two faces overlap in one plane (`overlap.rs`).

use crate::Result;
use crate::mesh::Point;
use crate::overlap;
use crate::scene_model::{SceneModel, Surface};
use std::collections::{BTreeMap, BTreeSet};

/// The bits of a position: equal for equal points of different meshes.
type Position = [u32; 3];

/// A triangle of the scene: its object and its corners.
pub struct Face {
    /// Index of the object.
    pub object: usize,
    /// Corners (m).
    pub corners: [Point; 3],
}

/// No side of a triangle may be closer to the opposite corner than this (m).
const SMALLEST_HEIGHT: f64 = 0.01;

/// Fails with the name of the object that breaks a law.
pub fn check(scene: &SceneModel) -> Result {
    let faces = faces(scene);
    let name = |face: &Face| format!("{}: {}", scene.name, scene.objects[face.object].id);
    if let Some(face) = faces.iter().find(|face| smallest_height(&face.corners) < SMALLEST_HEIGHT) {
        return Err(format!("{} has a degenerate triangle {:?}", name(face), face.corners));
    }
    if let Some(face) = first_double(&faces) {
        return Err(format!("{} has a triangle that is there twice: {:?}", name(face), face.corners));
    }
    if let Some((first, second)) = overlap::find(&faces) {
        return Err(format!(
            "{} and {} overlap in one plane at {:?}",
            name(first),
            name(second),
            first.corners
        ));
    }
    for (body, surface) in bodies(scene) {
        let of_body: Vec<&Face> =
            faces.iter().filter(|face| scene.objects[face.object].surface == surface).collect();
        skin(&of_body).map_err(|why| format!("{}: body {body} {why}", scene.name))?;
    }
    Ok(())
}

fn faces(scene: &SceneModel) -> Vec<Face> {
    let of_object = |(object, data): (usize, &crate::scene_model::Object)| {
        let corners: Vec<[Point; 3]> =
            data.mesh.triangles().iter().map(|&triangle| data.mesh.corners(triangle)).collect();
        corners.into_iter().map(move |corners| Face { object, corners })
    };
    scene.objects.iter().enumerate().flat_map(of_object).collect()
}

/// The bodies of the scene by the id of their first object.
fn bodies(scene: &SceneModel) -> Vec<(&str, Surface)> {
    let mut found: Vec<(&str, Surface)> = Vec::new();
    for object in &scene.objects {
        let is_new = found.iter().all(|&(_, surface)| surface != object.surface);
        if object.surface != Surface::Sheet && is_new {
            found.push((&object.id, object.surface));
        }
    }
    found
}

fn smallest_height(corners: &[Point; 3]) -> f64 {
    let [a, b, c] = *corners;
    let longest = [(a, b), (b, c), (c, a)].map(|(p, q)| norm(minus(p, q))).into_iter().fold(0.0, f64::max);
    norm(cross(minus(b, a), minus(c, a))) / longest
}

fn first_double(faces: &[Face]) -> Option<&Face> {
    let mut seen = BTreeSet::new();
    faces.iter().find(|face| {
        let mut corners = face.corners.map(position);
        corners.sort_unstable();
        !seen.insert(corners)
    })
}

/// Every edge is used once in each direction, except around the foot of each connected part; parts enclose a positive
/// volume.
fn skin(faces: &[&Face]) -> Result {
    let mut uses: BTreeMap<(Position, Position), usize> = BTreeMap::new();
    for [a, b, c] in faces.iter().map(|face| face.corners.map(position)) {
        for edge in [(a, b), (b, c), (c, a)] {
            *uses.entry(edge).or_default() += 1;
        }
    }
    for part in connected_parts(faces) {
        let foot =
            part.iter().flat_map(|face| face.corners).map(|corner| corner[2]).fold(f64::INFINITY, f64::min);
        for face in &part {
            let [a, b, c] = face.corners;
            for (p, q) in [(a, b), (b, c), (c, a)] {
                let (from, to) = (position(p), position(q));
                if uses[&(from, to)] != 1 {
                    return Err(format!("uses the edge {p:?}–{q:?} twice in one direction"));
                }
                if !uses.contains_key(&(to, from)) && (p[2] != foot || q[2] != foot) {
                    return Err(format!("is open at the edge {p:?}–{q:?}"));
                }
            }
        }
        if part.iter().map(|face| volume_above(foot, &face.corners)).sum::<f64>() <= 0.0 {
            return Err(format!("is inside out near {:?}", part[0].corners[0]));
        }
    }
    Ok(())
}

/// The face's part of the volume above the foot: mean height times area seen from above.
fn volume_above(foot: f64, [a, b, c]: &[Point; 3]) -> f64 {
    let seen_from_above = cross(minus(*b, *a), minus(*c, *a))[2] / 2.0;
    seen_from_above * ((a[2] + b[2] + c[2]) / 3.0 - foot)
}

/// Groups of faces that hang together by their corners.
fn connected_parts<'a>(faces: &[&'a Face]) -> Vec<Vec<&'a Face>> {
    let mut parent: BTreeMap<Position, Position> = BTreeMap::new();
    for face in faces {
        let [first, rest @ ..] = face.corners.map(position);
        for corner in rest {
            let (a, b) = (root(&parent, first), root(&parent, corner));
            parent.insert(a, a);
            parent.insert(b, a);
        }
    }
    let mut parts: BTreeMap<Position, Vec<&Face>> = BTreeMap::new();
    for &face in faces {
        parts.entry(root(&parent, position(face.corners[0]))).or_default().push(face);
    }
    parts.into_values().collect()
}

fn root(parent: &BTreeMap<Position, Position>, mut place: Position) -> Position {
    while let Some(&above) = parent.get(&place) {
        if above == place {
            break;
        }
        place = above;
    }
    place
}

fn position(point: Point) -> Position {
    point.map(|coordinate| (coordinate as f32).to_bits())
}

/// a − b.
pub fn minus(a: Point, b: Point) -> Point {
    std::array::from_fn(|axis| a[axis] - b[axis])
}

/// a × b.
pub fn cross(a: Point, b: Point) -> Point {
    std::array::from_fn(|axis| {
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
        a[u] * b[v] - a[v] * b[u]
    })
}

/// a · b.
pub fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// |a|.
pub fn norm(a: Point) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::scene_model::SceneModel;
    use crate::shapes::{Solid, flat, ground, raised_box, rectangle};
    use crate::{mesh::Mesh, scenes};

    fn scene() -> SceneModel {
        SceneModel::new("trial", "A trial.").with_material("concrete", 0.1)
    }

    fn cube() -> Solid {
        flat(&rectangle([0.0, 0.0], [1.0, 1.0]), 0.0, 1.0)
    }

    fn failure(scene: &SceneModel) -> String {
        check(scene).expect_err("the scene breaks a law")
    }

    #[test]
    fn all_scenes_obey_the_laws() {
        for scene in scenes::all() {
            assert_eq!(check(&scene), Ok(()));
        }
    }

    #[test]
    fn body_may_be_open_at_its_foot_only() {
        let mut good = scene();
        good.body("cube", ["concrete"; 2], cube());
        good.body("floating", ["concrete"; 2], raised_box(&rectangle([3.0, 0.0], [4.0, 1.0]), 2.0, 3.0));
        assert_eq!(check(&good), Ok(()));
        let mut bad = scene();
        bad.body("cube", ["concrete"; 2], Solid { roof: Mesh::default(), ..cube() });
        assert!(failure(&bad).contains("is open at the edge"));
    }

    #[test]
    fn inside_out_body_is_found() {
        let mut bad = scene();
        let outline: Vec<[f64; 2]> = rectangle([0.0, 0.0], [1.0, 1.0]).into_iter().rev().collect();
        bad.body("cube", ["concrete"; 2], flat(&outline, 0.0, 1.0));
        assert!(failure(&bad).contains("is inside out"));
    }

    #[test]
    fn double_triangle_is_found() {
        let mut bad = scene();
        bad.sheet("first", "concrete", ground(&rectangle([0.0, 0.0], [1.0, 1.0]), 0.0));
        bad.sheet("second", "concrete", ground(&rectangle([0.0, 0.0], [1.0, 1.0]), 0.0));
        assert!(failure(&bad).contains("there twice"));
    }

    #[test]
    fn overlapping_coplanar_faces_are_found() {
        let mut bad = scene();
        bad.body("left", ["concrete"; 2], cube());
        bad.body("right", ["concrete"; 2], flat(&rectangle([1.0, 0.25], [2.0, 0.75]), 0.0, 2.0));
        assert!(failure(&bad).contains("overlap in one plane"));
    }

    #[test]
    fn needle_is_found() {
        let mut bad = scene();
        bad.sheet("needle", "concrete", ground(&[[0.0, 0.0], [1.0, 0.0], [0.5, 0.001]], 0.0));
        assert!(failure(&bad).contains("degenerate"));
    }
}
