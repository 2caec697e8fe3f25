//! `office`: one storey with a corridor, rooms with doors and windows, and furniture.

use crate::mesh::Mesh;
use crate::scene_model::SceneModel;
use crate::shapes::{Frame, Opening, Solid, Turn, flat, ground, panel, raised_box, rectangle};

/// Length and width of the storey, height of the rooms (m). One corner is the origin, the floor is z = 0.
const LENGTH: f64 = 30.0;
const WIDTH: f64 = 15.0;
const HEIGHT: f64 = 2.75;
/// The corridor runs along x between these two walls (m).
const CORRIDOR: [f64; 2] = [6.5, 8.5];
/// Walls between rooms, south and north of the corridor; the rooms north-east are one open-plan office.
const SOUTH_WALLS: [f64; 5] = [5.0, 10.0, 15.0, 20.0, 25.0];
const NORTH_WALLS: [f64; 3] = [5.0, 10.0, 15.0];
/// Where doors start along the corridor's walls (m).
const SOUTH_DOORS: [f64; 6] = [3.5, 8.5, 13.5, 18.5, 23.5, 28.5];
const NORTH_DOORS: [f64; 5] = [0.75, 5.75, 10.75, 17.0, 26.0];

/// The whole storey.
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("office", "An office storey with rooms, doors, windows and furniture.")
        .with_material("concrete", 0.25)
        .with_material("plasterboard", 0.1)
        .with_material("glass", 0.02)
        .with_material("wood", 0.04)
        .with_material("metal", 0.002)
        .with_material("ceiling_board", 0.02);
    let outline = rectangle([0.0, 0.0], [LENGTH, WIDTH]);
    scene.sheet("floor", "concrete", ground(&outline, 0.0));
    let underside: Vec<[f64; 2]> = outline.into_iter().rev().collect();
    scene.sheet("ceiling", "ceiling_board", ground(&underside, HEIGHT));
    facade(&mut scene);
    partitions(&mut scene);
    furniture(&mut scene);
    scene.body("lift", ["metal"; 2], raised_box(&rectangle([28.0, 9.0], [29.5, 11.0]), 0.05, 2.5));
    scene
}

/// Outer walls of concrete with rows of windows on the long sides.
fn facade(scene: &mut SceneModel) {
    let windows: Vec<Opening> = (0..6)
        .map(|room| {
            let left = 5.0 * f64::from(room) + 1.0;
            Opening { left, right: left + 3.0, bottom: 0.875, top: 2.375 }
        })
        .collect();
    let sides = [
        (Frame::at(0.0, 0.0), LENGTH, windows.as_slice()),
        (Frame::at(LENGTH, 0.0).turned(Turn::QUARTER), WIDTH, &[]),
        (Frame::at(LENGTH, WIDTH).turned(Turn::HALF), LENGTH, windows.as_slice()),
        (Frame::at(0.0, WIDTH).turned(Turn::BACK), WIDTH, &[]),
    ];
    let (mut walls, mut glass) = (Mesh::default(), Mesh::default());
    for (frame, length, openings) in sides {
        let (wall, filling) = panel(frame, [length, HEIGHT], openings);
        walls.append(&wall);
        glass.append(&filling);
    }
    scene.sheet("facade", "concrete", walls);
    scene.sheet("windows", "glass", glass);
}

/// Inner walls of plasterboard; doors are open.
fn partitions(scene: &mut SceneModel) {
    let doors = |starts: &[f64]| -> Vec<Opening> {
        starts.iter().map(|&left| Opening { left, right: left + 0.875, bottom: 0.0, top: 2.0 }).collect()
    };
    let mut walls = Mesh::default();
    for (y, starts) in CORRIDOR.into_iter().zip([&SOUTH_DOORS[..], &NORTH_DOORS[..]]) {
        walls.append(&panel(Frame::at(0.0, y), [LENGTH, HEIGHT], &doors(starts)).0);
    }
    for x in SOUTH_WALLS {
        walls.append(&panel(Frame::at(x, 0.0).turned(Turn::QUARTER), [CORRIDOR[0], HEIGHT], &[]).0);
    }
    for x in NORTH_WALLS {
        let frame = Frame::at(x, CORRIDOR[1]).turned(Turn::QUARTER);
        walls.append(&panel(frame, [WIDTH - CORRIDOR[1], HEIGHT], &[]).0);
    }
    scene.sheet("partitions", "plasterboard", walls);
}

/// Desks, cabinets and a meeting table.
fn furniture(scene: &mut SceneModel) {
    let (mut desks, mut cabinets) = (Solid::default(), Solid::default());
    for room in 0..6 {
        let x = 5.0 * f64::from(room);
        desk(&mut desks, [x + 1.0, 1.0]);
        desk(&mut desks, [x + 2.75, 1.0]);
        cabinet(&mut cabinets, [x + 0.25, 5.75]);
    }
    for room in 0..2 {
        let x = 5.0 * f64::from(room);
        desk(&mut desks, [x + 1.5, 13.0]);
        cabinet(&mut cabinets, [x + 3.5, 8.75]);
    }
    for column in 0..4 {
        for y in [9.5, 10.5, 12.5, 13.5] {
            desk(&mut desks, [16.0 + 2.75 * f64::from(column), y]);
        }
    }
    desks.append(&raised_box(&rectangle([11.0, 10.5], [14.0, 13.0]), 0.6875, 0.75));
    scene.body("tables", ["wood"; 2], desks);
    scene.body("cabinets", ["metal"; 2], cabinets);
    scene.body("reception", ["wood"; 2], flat(&rectangle([21.0, 7.25], [23.0, 7.75]), 0.0, 1.125));
}

/// A table top, 1.5 m by 0.75 m.
fn desk(desks: &mut Solid, [x, y]: [f64; 2]) {
    desks.append(&raised_box(&rectangle([x, y], [x + 1.5, y + 0.75]), 0.6875, 0.75));
}

/// A cabinet on the floor, 1.25 m by 0.5 m.
fn cabinet(cabinets: &mut Solid, [x, y]: [f64; 2]) {
    cabinets.append(&flat(&rectangle([x, y], [x + 1.25, y + 0.5]), 0.0, 1.75));
}
