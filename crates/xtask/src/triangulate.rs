//! Cuts a flat simple polygon into triangles by clipping ears.
//!
//! A corner in the middle of a straight side is a vertex that a neighbouring face needs; it stays a corner of the
//! result, so no side is left with a vertex of its neighbour in its middle.

use crate::mesh::Point;

type Flat = [f64; 2];

/// Triangles as indices of `corners`, each in the order of the polygon.
pub fn triangulate(corners: &[Point]) -> Vec<[usize; 3]> {
    let flat = project(corners);
    let mut rest: Vec<usize> = (0..corners.len()).collect();
    let mut triangles = Vec::with_capacity(corners.len().saturating_sub(2));
    while rest.len() > 3 {
        let ear = best_ear(&flat, &rest);
        let [before, after] = [(ear + rest.len() - 1) % rest.len(), (ear + 1) % rest.len()];
        triangles.push([rest[before], rest[ear], rest[after]]);
        rest.remove(ear);
    }
    triangles.push([rest[0], rest[1], rest[2]]);
    triangles
}

/// Drops the coordinate in which the polygon's normal is largest and keeps the sense of rotation.
fn project(corners: &[Point]) -> Vec<Flat> {
    let normal: [f64; 3] =
        std::array::from_fn(|axis| projected_area(corners, (axis + 1) % 3, (axis + 2) % 3));
    let axis = (0..3).fold(0, |best, axis| if normal[axis].abs() > normal[best].abs() { axis } else { best });
    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
    let (u, v) = if normal[axis] > 0.0 { (u, v) } else { (v, u) };
    corners.iter().map(|corner| [corner[u], corner[v]]).collect()
}

/// Twice the signed area of the polygon's shadow on the plane of the axes `u` and `v`.
fn projected_area(corners: &[Point], u: usize, v: usize) -> f64 {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|(p, q)| p[u] * q[v] - p[v] * q[u]).sum()
}

/// The ear whose smallest height is largest: no needles where they can be avoided.
fn best_ear(flat: &[Flat], rest: &[usize]) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for ear in 0..rest.len() {
        let quality = ear_quality(flat, rest, ear);
        if quality > best.1 {
            best = (ear, quality);
        }
    }
    assert!(best.1 > 0.0, "the polygon is not simple: {flat:?}");
    best.0
}

/// The smallest height of the ear (m); negative where clipping is not allowed.
fn ear_quality(flat: &[Flat], rest: &[usize], ear: usize) -> f64 {
    let count = rest.len();
    let indices = [rest[(ear + count - 1) % count], rest[ear], rest[(ear + 1) % count]];
    let [a, b, c] = indices.map(|index| flat[index]);
    let longest = distance(a, b).max(distance(b, c)).max(distance(c, a));
    let height = doubled_area(a, b, c) / longest;
    let contains = |point: Flat| {
        let slack = -1e-9 * longest * longest;
        doubled_area(a, b, point) >= slack
            && doubled_area(b, c, point) >= slack
            && doubled_area(c, a, point) >= slack
    };
    let is_blocked = rest.iter().any(|&index| !indices.contains(&index) && contains(flat[index]));
    if height < 1e-6 || is_blocked || leaves_a_line(flat, rest, ear) { -1.0 } else { height }
}

/// Whether the polygon without this corner would have no area left.
fn leaves_a_line(flat: &[Flat], rest: &[usize], ear: usize) -> bool {
    let left: Vec<Flat> =
        rest.iter().enumerate().filter(|&(place, _)| place != ear).map(|(_, &index)| flat[index]).collect();
    let doubled: f64 =
        (1..left.len() - 1).map(|index| doubled_area(left[0], left[index], left[index + 1])).sum();
    doubled < 1e-6
}

fn doubled_area(a: Flat, b: Flat, c: Flat) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn distance(a: Flat, b: Flat) -> f64 {
    let (x, y) = (b[0] - a[0], b[1] - a[1]);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{doubled_area, triangulate};

    fn area(corners: &[[f64; 2]]) -> (usize, f64) {
        let solid: Vec<[f64; 3]> = corners.iter().map(|&[x, y]| [x, y, 2.0]).collect();
        let triangles = triangulate(&solid);
        let areas: Vec<f64> = triangles
            .iter()
            .map(|t| doubled_area(corners[t[0]], corners[t[1]], corners[t[2]]) / 2.0)
            .collect();
        assert!(areas.iter().all(|&area| area > 1e-9), "{areas:?}");
        (triangles.len(), areas.iter().sum())
    }

    #[test]
    fn l_shape_keeps_its_area() {
        let ring = [[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [1.0, 1.0], [1.0, 3.0], [0.0, 3.0]];
        assert_eq!(area(&ring), (4, 6.0));
    }

    #[test]
    fn corner_on_a_straight_side_is_kept_without_empty_triangles() {
        let ring = [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [2.0, 2.0], [0.0, 2.0], [0.0, 1.5]];
        assert_eq!(area(&ring), (4, 4.0));
    }

    #[test]
    fn triangles_keep_the_orientation_in_every_plane() {
        for (u, v) in [([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]), ([0.0, 0.0, 1.0], [1.0, 0.0, 0.0])] {
            let at = |s: f64, t: f64| std::array::from_fn::<f64, 3, _>(|axis| s * u[axis] + t * v[axis]);
            let ring = [at(0.0, 0.0), at(2.0, 0.0), at(2.0, 1.0), at(0.0, 1.0)];
            for [a, b, c] in triangulate(&ring) {
                assert!((b + 4 - a) % 4 < (c + 4 - a) % 4, "{a} {b} {c}");
            }
        }
    }
}
