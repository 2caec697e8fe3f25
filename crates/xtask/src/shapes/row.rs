//! A row of houses wall to wall: one body, whose party walls appear only where one house is higher than the next.

use super::{Frame, Solid};
use crate::mesh::Point;

/// One house of a row.
#[derive(Clone, Copy)]
pub struct House {
    /// Length along the street (m).
    pub width: f64,
    /// Height of the eaves (m).
    pub eaves: f64,
}

/// The row starts at the frame's origin, runs along its x axis and is `depth` deep along y. The ridge lies `rise`
/// above the eaves; 0 makes flat roofs.
pub fn row(frame: Frame, houses: &[House], depth: f64, rise: f64) -> Solid {
    let mut row = Row { solid: Solid::default(), frame, depth, rise };
    let mut x0 = 0.0;
    for (index, house) in houses.iter().enumerate() {
        let before = index.checked_sub(1).map_or(0.0, |index| houses[index].eaves);
        let after = houses.get(index + 1).map_or(0.0, |house| house.eaves);
        let x1 = x0 + house.width;
        row.facades([x0, x1], house.eaves, before, after);
        row.roof([x0, x1], house.eaves);
        row.end_wall(x0, house.eaves, before, Facing::Start);
        row.end_wall(x1, house.eaves, after, Facing::End);
        x0 = x1;
    }
    row.solid
}

struct Row {
    solid: Solid,
    frame: Frame,
    depth: f64,
    rise: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Facing {
    Start,
    End,
}

impl Row {
    fn wall(&mut self, corners: &[Point]) {
        let corners: Vec<Point> = corners.iter().map(|&corner| self.frame.point(corner)).collect();
        self.solid.walls.polygon(&corners);
    }

    /// The two long faces. The eaves of a lower neighbour are a corner of ours.
    fn facades(&mut self, [x0, x1]: [f64; 2], eaves: f64, before: f64, after: f64) {
        for y in [0.0, self.depth] {
            let mut outline = vec![[x0, y, 0.0], [x1, y, 0.0]];
            if 0.0 < after && after < eaves {
                outline.push([x1, y, after]);
            }
            outline.extend([[x1, y, eaves], [x0, y, eaves]]);
            if 0.0 < before && before < eaves {
                outline.push([x0, y, before]);
            }
            if y > 0.0 {
                outline.reverse();
            }
            self.wall(&outline);
        }
    }

    fn roof(&mut self, [x0, x1]: [f64; 2], eaves: f64) {
        let (depth, middle, top) = (self.depth, self.depth / 2.0, eaves + self.rise);
        let faces = if self.rise > 0.0 {
            vec![
                [[x0, 0.0, eaves], [x1, 0.0, eaves], [x1, middle, top], [x0, middle, top]],
                [[x0, middle, top], [x1, middle, top], [x1, depth, eaves], [x0, depth, eaves]],
            ]
        } else {
            vec![[[x0, 0.0, eaves], [x1, 0.0, eaves], [x1, depth, eaves], [x0, depth, eaves]]]
        };
        for face in faces {
            self.solid.roof.polygon(&face.map(|corner| self.frame.point(corner)));
        }
    }

    /// The part of a house's end that its neighbour leaves open; a neighbour of height 0 is none.
    fn end_wall(&mut self, x: f64, eaves: f64, neighbour: f64, facing: Facing) {
        if neighbour >= eaves {
            return;
        }
        let (depth, middle) = (self.depth, self.depth / 2.0);
        let mut outline: Vec<Point> = vec![[x, 0.0, neighbour]];
        if self.rise > 0.0 && neighbour > 0.0 {
            outline.push([x, middle, neighbour + self.rise]);
        }
        outline.extend([[x, depth, neighbour], [x, depth, eaves]]);
        if self.rise > 0.0 {
            outline.push([x, middle, eaves + self.rise]);
        }
        outline.push([x, 0.0, eaves]);
        if facing == Facing::Start {
            outline.reverse();
        }
        self.wall(&outline);
    }
}
