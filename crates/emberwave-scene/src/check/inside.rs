//! Transmitters inside of closed bodies.

use glam::DVec3;

use super::closed::contains;
use super::faces::{Face, Faces};
use super::{Finding, FindingKind};

pub(super) fn finding(faces: &Faces, open: &[usize], transmitters: &[[f64; 3]]) -> Finding {
    let mut finding = Finding::new(FindingKind::TransmittersInside);
    if transmitters.is_empty() {
        return finding;
    }
    let mut of_body: Vec<Vec<Face>> = vec![Vec::new(); faces.bodies.len()];
    for face in &faces.faces {
        of_body[faces.body_of_object[face.object]].push(*face);
    }
    let boxes: Vec<[DVec3; 2]> = of_body.iter().map(|faces| box_of(faces)).collect();
    let scene = box_of(&faces.faces);
    for position in transmitters {
        let point = DVec3::from_array(*position);
        let around = |body: &usize| {
            let bounds @ [low, high] = boxes[*body];
            let in_box = low.cmplt(point).all() && high.cmpgt(point).all();
            // Around everything is a room, not a building.
            open[*body] == 0 && in_box && bounds != scene && contains(&of_body[*body], point)
        };
        if let Some(body) = (0..of_body.len()).find(around) {
            let [x, y, z] = position;
            finding.add(|| format!("{x},{y},{z} in `{}`", faces.bodies[body]));
        }
    }
    finding
}

/// Smallest and largest coordinates of faces.
fn box_of(faces: &[Face]) -> [DVec3; 2] {
    let corners = || faces.iter().flat_map(|face| face.corners);
    [corners().fold(DVec3::INFINITY, DVec3::min), corners().fold(DVec3::NEG_INFINITY, DVec3::max)]
}
