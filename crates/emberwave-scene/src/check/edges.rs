//! Edges that only one face of their body has.

use std::collections::HashMap;

use super::faces::{Faces, key};
use super::{Finding, FindingKind};

/// Open edges of each body. Vertices at one place count as one, whether files merge them or not.
pub(super) fn open_edges(faces: &Faces, left_out: &[bool]) -> Vec<usize> {
    let mut uses: HashMap<(usize, [[u64; 3]; 2]), usize> = HashMap::with_capacity(2 * faces.faces.len());
    for (face, _) in faces.faces.iter().zip(left_out).filter(|(_, left_out)| !**left_out) {
        let [a, b, c] = face.corners.map(key);
        for mut edge in [[a, b], [b, c], [c, a]] {
            edge.sort_unstable();
            *uses.entry((faces.body_of_object[face.object], edge)).or_default() += 1;
        }
    }
    let mut open = vec![0; faces.bodies.len()];
    for ((body, _), _) in uses.into_iter().filter(|(_, uses)| *uses == 1) {
        open[body] += 1;
    }
    open
}

pub(super) fn finding(faces: &Faces, open: &[usize]) -> Finding {
    let mut finding = Finding::new(FindingKind::OpenEdges);
    for (body, &count) in open.iter().enumerate().filter(|(_, count)| **count > 0) {
        finding.add(|| format!("`{}` {count}", faces.bodies[body]));
    }
    finding.count = open.iter().sum();
    finding
}
