//! Faces with the same corners.

use std::collections::HashMap;

use super::faces::{Faces, key};
use super::{Finding, FindingKind};

/// Which faces have the corners of an earlier one, in any order.
pub(super) struct Doubled {
    pub(super) flags: Vec<bool>,
    pub(super) finding: Finding,
}

pub(super) fn flags(faces: &Faces, left_out: &[bool]) -> Doubled {
    let mut first: HashMap<[[u64; 3]; 3], usize> = HashMap::with_capacity(faces.faces.len());
    let mut doubled =
        Doubled { flags: vec![false; faces.faces.len()], finding: Finding::new(FindingKind::DoubledFaces) };
    for (index, face) in faces.faces.iter().enumerate().filter(|(index, _)| !left_out[*index]) {
        let mut corners = face.corners.map(key);
        corners.sort_unstable();
        let earlier = *first.entry(corners).or_insert(index);
        if earlier != index {
            doubled.flags[index] = true;
            doubled.finding.add(|| faces.shown_pair(index, earlier));
        }
    }
    doubled
}
