//! Upright sheets with doors and windows in them.

use super::Frame;
use crate::mesh::Mesh;

/// A rectangle in a wall: from `left` to `right` along it, from `bottom` to `top` above the floor (m).
#[derive(Clone, Copy)]
pub struct Opening {
    /// Start along the wall.
    pub left: f64,
    /// End along the wall.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Upper edge.
    pub top: f64,
}

impl Opening {
    fn contains(&self, along: f64, z: f64) -> bool {
        self.left < along && along < self.right && self.bottom < z && z < self.top
    }
}

/// The wall from the frame's origin along its x axis, and what closes its openings (the glass of windows; not used
/// for doors).
///
/// The wall is cut along the edges of all openings, so that wall and glass meet corner to corner.
pub fn panel(frame: Frame, [length, height]: [f64; 2], openings: &[Opening]) -> (Mesh, Mesh) {
    let columns = cuts(length, openings.iter().flat_map(|opening| [opening.left, opening.right]));
    let rows = cuts(height, openings.iter().flat_map(|opening| [opening.bottom, opening.top]));
    let (mut wall, mut filling) = (Mesh::default(), Mesh::default());
    for column in columns.windows(2) {
        for row in rows.windows(2) {
            let (x0, x1, z0, z1) = (column[0], column[1], row[0], row[1]);
            let is_open = openings.iter().any(|opening| opening.contains((x0 + x1) / 2.0, (z0 + z1) / 2.0));
            let target = if is_open { &mut filling } else { &mut wall };
            target.polygon(
                &[[x0, 0.0, z0], [x1, 0.0, z0], [x1, 0.0, z1], [x0, 0.0, z1]].map(|p| frame.point(p)),
            );
        }
    }
    (wall, filling)
}

/// 0, the end, and all positions between them, in order.
fn cuts(end: f64, positions: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = positions.filter(|&position| 0.0 < position && position < end).collect();
    all.extend([0.0, end]);
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}
