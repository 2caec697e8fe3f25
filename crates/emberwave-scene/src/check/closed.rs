//! Whether a point is within a closed surface, by the parity of the faces that rays from it pass.

use glam::DVec3;

use super::faces::Face;

/// Directions of the rays; none lies in a plane that walls are likely to have.
const DIRECTIONS: [[f64; 3]; 3] =
    [[0.5377, 0.2113, 0.8163], [-0.3271, 0.7919, 0.5157], [0.1733, -0.6151, 0.7691]];

/// Most of the rays pass an odd number of faces.
pub(super) fn contains(faces: &[Face], point: DVec3) -> bool {
    let odd = |direction: [f64; 3]| {
        let direction = DVec3::from_array(direction);
        faces.iter().filter(|face| passes(face, point, direction)).count() % 2 == 1
    };
    DIRECTIONS.into_iter().filter(|direction| odd(*direction)).count() >= 2
}

/// Whether a ray passes the face: the intersection of Möller and Trumbore.
fn passes(face: &Face, origin: DVec3, direction: DVec3) -> bool {
    let [a, b, c] = face.corners;
    let (ab, ac) = (b - a, c - a);
    let p = direction.cross(ac);
    let determinant = ab.dot(p);
    if determinant == 0.0 {
        return false;
    }
    let s = origin - a;
    let u = s.dot(p) / determinant;
    let q = s.cross(ab);
    let v = direction.dot(q) / determinant;
    let t = ac.dot(q) / determinant;
    u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 0.0
}
