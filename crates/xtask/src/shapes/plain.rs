//! Sheets, and boxes that stand on nothing.

use super::roofed::{cap, walls};
use super::{Footprint, Solid};
use crate::mesh::{Mesh, Point};

/// A horizontal sheet at height `z` whose front looks up.
pub fn ground(outline: &[[f64; 2]], z: f64) -> Mesh {
    let mut mesh = Mesh::default();
    cap(&mut mesh, outline, z);
    mesh
}

/// A flat polygon in any position.
pub fn plate(corners: &[Point]) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.polygon(corners);
    mesh
}

/// A prism between two heights with all its faces; its underside counts as a wall.
pub fn raised_box(outline: &[[f64; 2]], low: f64, high: f64) -> Solid {
    let mut solid = Solid::default();
    walls(&mut solid.walls, outline, low, high);
    cap(&mut solid.roof, outline, high);
    let underside: Footprint = outline.iter().rev().copied().collect();
    cap(&mut solid.walls, &underside, low);
    solid
}
