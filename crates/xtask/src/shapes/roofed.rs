//! Buildings on one outline, by their roofs. They have no face on the ground.

use super::Solid;
use crate::mesh::{Mesh, Point};

/// Upright faces above an outline; their fronts look away from what the outline encloses.
pub fn walls(mesh: &mut Mesh, outline: &[[f64; 2]], low: f64, high: f64) {
    for (a, b) in sides(outline) {
        mesh.polygon(&[at(a, low), at(b, low), at(b, high), at(a, high)]);
    }
}

/// A horizontal face; its front looks up where the outline runs counter-clockwise.
pub fn cap(mesh: &mut Mesh, outline: &[[f64; 2]], z: f64) {
    let corners: Vec<Point> = outline.iter().map(|&corner| at(corner, z)).collect();
    mesh.polygon(&corners);
}

/// A building with a flat roof, from height `low` to height `high`.
pub fn flat(outline: &[[f64; 2]], low: f64, high: f64) -> Solid {
    let mut solid = Solid::default();
    walls(&mut solid.walls, outline, low, high);
    cap(&mut solid.roof, outline, high);
    solid
}

/// A flat-roofed building around a courtyard; both outlines have the same number of corners, side facing side.
pub fn courtyard(outer: &[[f64; 2]], inner: &[[f64; 2]], height: f64) -> Solid {
    let mut solid = Solid::default();
    walls(&mut solid.walls, outer, 0.0, height);
    ring(&mut solid.roof, outer, inner, height);
    let inner_reversed: Vec<[f64; 2]> = inner.iter().rev().copied().collect();
    walls(&mut solid.walls, &inner_reversed, 0.0, height);
    solid
}

/// A tower that rises out of a lower, wider building.
pub fn stepped(outer: &[[f64; 2]], inner: &[[f64; 2]], [low, high]: [f64; 2]) -> Solid {
    let mut solid = Solid::default();
    walls(&mut solid.walls, outer, 0.0, low);
    ring(&mut solid.roof, outer, inner, low);
    walls(&mut solid.walls, inner, low, high);
    cap(&mut solid.roof, inner, high);
    solid
}

/// A gable roof on four corners; the ridge runs along the first side, `rise` above the eaves.
pub fn gabled(outline: &[[f64; 2]; 4], eaves: f64, rise: f64) -> Solid {
    ridged(outline, eaves, rise, 0.0)
}

/// A hip roof on four corners; the ridge is shorter than the first side by `inset` (a fraction of it) at both ends.
pub fn hipped(outline: &[[f64; 2]; 4], eaves: f64, rise: f64, inset: f64) -> Solid {
    ridged(outline, eaves, rise, inset)
}

/// A pyramid on walls.
pub fn pointed(outline: &[[f64; 2]; 4], eaves: f64, rise: f64) -> Solid {
    let mut solid = Solid::default();
    walls(&mut solid.walls, outline, 0.0, eaves);
    let apex = at(blend(outline[0], outline[2], 0.5), eaves + rise);
    for (a, b) in sides(outline) {
        solid.roof.polygon(&[at(a, eaves), at(b, eaves), apex]);
    }
    solid
}

fn ridged(&[a, b, c, d]: &[[f64; 2]; 4], eaves: f64, rise: f64, inset: f64) -> Solid {
    let mut solid = Solid::default();
    let (left, right) = (blend(a, d, 0.5), blend(b, c, 0.5));
    let start = at(blend(left, right, inset), eaves + rise);
    let end = at(blend(right, left, inset), eaves + rise);
    solid.roof.polygon(&[at(a, eaves), at(b, eaves), end, start]);
    solid.roof.polygon(&[at(c, eaves), at(d, eaves), start, end]);
    for (from, to) in [(a, b), (c, d)] {
        walls(&mut solid.walls, &[from, to], 0.0, eaves);
    }
    for (from, to, tip) in [(b, c, end), (d, a, start)] {
        if inset > 0.0 {
            solid.walls.polygon(&[at(from, 0.0), at(to, 0.0), at(to, eaves), at(from, eaves)]);
            solid.roof.polygon(&[at(from, eaves), at(to, eaves), tip]);
        } else {
            solid.walls.polygon(&[at(from, 0.0), at(to, 0.0), at(to, eaves), tip, at(from, eaves)]);
        }
    }
    solid
}

/// The flat ring between two outlines.
fn ring(mesh: &mut Mesh, outer: &[[f64; 2]], inner: &[[f64; 2]], z: f64) {
    assert_eq!(outer.len(), inner.len(), "a ring needs the same number of corners inside and outside");
    for ((a, b), (c, d)) in sides(outer).zip(sides(inner)) {
        mesh.polygon(&[at(a, z), at(b, z), at(d, z), at(c, z)]);
    }
}

/// Each side of an outline, from corner to corner. Two corners make one side.
fn sides(outline: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    let count = if outline.len() == 2 { 1 } else { outline.len() };
    (0..count).map(|index| (outline[index], outline[(index + 1) % outline.len()]))
}

fn at([x, y]: [f64; 2], z: f64) -> Point {
    [x, y, z]
}

fn blend(a: [f64; 2], b: [f64; 2], t: f64) -> [f64; 2] {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}
