//! Faces without an area.

use super::faces::{Face, Faces};
use super::{Finding, FindingKind};

/// Which faces have no area that f32 could tell from zero.
pub(super) fn flags(faces: &Faces) -> Vec<bool> {
    faces.faces.iter().map(is_degenerate).collect()
}

pub(super) fn finding(faces: &Faces, flags: &[bool]) -> Finding {
    let mut finding = Finding::new(FindingKind::DegenerateFaces);
    for (face, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        finding.add(|| faces.shown(face));
    }
    finding
}

/// Whether the height is within the rounding of the coordinates.
fn is_degenerate(face: &Face) -> bool {
    let largest =
        face.corners.iter().fold(0.0_f64, |largest, corner| largest.max(corner.abs().max_element()));
    face.cross().length() <= 2.0 * f64::from(f32::EPSILON) * largest * face.longest_edge()
}
