//! Faces that share a part of their plane.

use emberwave_geometry::Aabb;
use glam::{DVec2, DVec3};

use super::boxes::BoxTree;
use super::faces::{Face, Faces};
use super::{Finding, FindingKind};

/// Counts each face that overlaps one before it, so that a pair counts once.
pub(super) fn finding(faces: &Faces, left_out: &[bool]) -> Finding {
    let mut finding = Finding::new(FindingKind::OverlappingFaces);
    let boxes: Vec<Aabb> = faces.faces.iter().map(|face| around(face, faces.tolerance)).collect();
    let items: Vec<usize> = (0..faces.faces.len()).filter(|face| !left_out[*face]).collect();
    let normals: Vec<DVec3> = faces.faces.iter().map(|face| face.cross().normalize_or_zero()).collect();
    let tree = BoxTree::new(&boxes, items.clone());
    for index in items {
        let face = &faces.faces[index];
        let normal = normals[index];
        let overlaps = |other: usize| {
            other < index
                && normals[other].dot(normal).abs() > 0.999
                && overlap(&faces.faces[other], face, normal, faces.tolerance)
        };
        if let Some(other) = tree.find(boxes[index], overlaps) {
            finding.add(|| faces.shown_pair(index, other));
        }
    }
    finding
}

fn around(face: &Face, tolerance: f64) -> Aabb {
    let grown = |bounds: Aabb, corner: &DVec3| {
        bounds.including((*corner - tolerance).as_vec3()).including((*corner + tolerance).as_vec3())
    };
    face.corners.iter().fold(Aabb::EMPTY, grown)
}

/// Whether two nearly parallel faces lie on each other, wider than the tolerance.
fn overlap(first: &Face, second: &Face, normal: DVec3, tolerance: f64) -> bool {
    let (along, across) = normal.any_orthonormal_pair();
    let origin = second.corners[0];
    let projected = |face: &Face| {
        face.corners.map(|corner| DVec2::new((corner - origin).dot(along), (corner - origin).dot(across)))
    };
    let polygon = clipped(projected(first).to_vec(), projected(second));
    let sides = || polygon.iter().zip(polygon.iter().cycle().skip(1));
    let area = 0.5 * sides().map(|(a, b)| a.perp_dot(*b)).sum::<f64>().abs();
    let half_perimeter = 0.5 * sides().map(|(a, b)| a.distance(*b)).sum::<f64>();
    area > tolerance * half_perimeter && {
        // Large faces that are slightly tilted part from each other away from where they meet.
        let middle = polygon.iter().sum::<DVec2>() / polygon.len() as f64;
        let point = origin + along * middle.x + across * middle.y;
        let other = first.cross().normalize_or_zero();
        (first.corners[0] - point).dot(other).abs() <= tolerance
    }
}

/// The part of a polygon that lies in a triangle, by the algorithm of Sutherland and Hodgman.
fn clipped(mut polygon: Vec<DVec2>, triangle: [DVec2; 3]) -> Vec<DVec2> {
    let [a, b, c] = triangle;
    let turn = (b - a).perp_dot(c - a).signum();
    for (start, end) in [(a, b), (b, c), (c, a)] {
        let depth = |point: DVec2| turn * (end - start).perp_dot(point - start);
        let mut kept = Vec::with_capacity(polygon.len() + 1);
        for (&from, &to) in polygon.iter().zip(polygon.iter().cycle().skip(1)) {
            let (d_from, d_to) = (depth(from), depth(to));
            if d_from >= 0.0 {
                kept.push(from);
            }
            if (d_from >= 0.0) != (d_to >= 0.0) {
                kept.push(from + (to - from) * (d_from / (d_from - d_to)));
            }
        }
        polygon = kept;
    }
    polygon
}
