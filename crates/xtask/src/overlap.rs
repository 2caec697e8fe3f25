//! Finds faces that overlap in one plane: a ray could not tell which one it hits.

use crate::laws::{Face, cross, dot, minus, norm};
use crate::mesh::Point;
use std::collections::HashMap;

/// Faces closer than this are in one plane, and faces that reach into each other by less only touch (m).
const TOLERANCE: f64 = 1e-3;

/// Sizes of the bins in which planes are looked up: per component of the normal, and along it (m).
const NORMAL_BIN: f64 = 0.05;
const OFFSET_BIN: f64 = 0.5;

/// A bin of planes: rounded normal and rounded distance from the origin.
type Bin = [i64; 4];

/// The first pair of overlapping faces.
pub fn find(faces: &[Face]) -> Option<(&Face, &Face)> {
    let mut bins: HashMap<Bin, Vec<usize>> = HashMap::new();
    for (index, face) in faces.iter().enumerate() {
        let (normal, offset) = plane(face);
        for bin in [bins_near(normal, offset), bins_near(normal.map(|n| -n), -offset)].concat() {
            for &other in bins.get(&bin).into_iter().flatten() {
                if is_overlap(&faces[other], face) {
                    return Some((&faces[other], face));
                }
            }
        }
        bins.entry(bin_of(normal, offset)).or_default().push(index);
    }
    None
}

/// Unit normal and distance from the origin.
fn plane(face: &Face) -> (Point, f64) {
    let [a, b, c] = face.corners;
    let normal = cross(minus(b, a), minus(c, a));
    let length = norm(normal);
    let normal = normal.map(|component| component / length);
    (normal, dot(normal, a))
}

fn bin_of(normal: Point, offset: f64) -> Bin {
    let [x, y, z] = normal.map(|component| (component / NORMAL_BIN).round() as i64);
    [x, y, z, (offset / OFFSET_BIN).round() as i64]
}

/// The bins that a plane within rounding of this one may lie in.
fn bins_near(normal: Point, offset: f64) -> Vec<Bin> {
    let mut bins = Vec::with_capacity(4);
    for corner in 0..16_u32 {
        let shift = |bit: u32, by: f64| if corner >> bit & 1 == 1 { by } else { -by };
        let moved = [0, 1, 2].map(|axis| normal[axis as usize] + shift(axis, NORMAL_BIN / 50.0));
        let bin = bin_of(moved, offset + shift(3, OFFSET_BIN / 50.0));
        if !bins.contains(&bin) {
            bins.push(bin);
        }
    }
    bins
}

/// Whether two faces lie in one plane and share more than a seam there.
fn is_overlap(first: &Face, second: &Face) -> bool {
    let (normal, offset) = plane(first);
    let is_coplanar = second.corners.iter().all(|&corner| (dot(normal, corner) - offset).abs() < TOLERANCE);
    is_coplanar && !is_separated(first, second, normal) && !is_separated(second, first, normal)
}

/// Whether a side of `first` has `second` on its outside.
fn is_separated(first: &Face, second: &Face, normal: Point) -> bool {
    let corners = first.corners;
    (0..3).any(|side| {
        let (from, to, opposite) = (corners[side], corners[(side + 1) % 3], corners[(side + 2) % 3]);
        let across = cross(normal, minus(to, from));
        let length = norm(across);
        let reach = |point: Point| dot(across, minus(point, from)) / length;
        let inside = reach(opposite).signum();
        second.corners.iter().all(|&corner| inside * reach(corner) < TOLERANCE)
    })
}
