//! `district`: a city district of about 20 000 triangles with streets, courtyards and pitched roofs.
//!
//! Blocks of 84 m by 70 m lie between streets on a slightly irregular grid. Most are rows of houses around a
//! courtyard; the others hold single buildings, a tower, or a park. Everything follows from one seed.

use crate::pcg::Pcg;
use crate::scene_model::SceneModel;
use crate::shapes::{
    Frame, House, Solid, Turn, courtyard, flat, gabled, ground, hipped, pointed, rectangle, row, stepped,
};

const SEED: u64 = 20_261_120;
/// Number of blocks along x and y.
const BLOCKS: [i32; 2] = [9, 7];
/// Size of a block, and distance between the centres of blocks (m).
const BLOCK: [f64; 2] = [84.0, 70.0];
const PITCH: [f64; 2] = [102.0, 88.0];
/// Depth of a row of houses, and the passage between rows at the corners of a block (m).
const DEPTH: f64 = 12.0;
const PASSAGE: f64 = 4.0;
/// Materials of walls and roof.
const MATERIALS: [[&str; 2]; 6] = [
    ["brick", "wood"],
    ["marble", "metal"],
    ["concrete", "concrete"],
    ["brick", "metal"],
    ["marble", "wood"],
    ["brick", "brick"],
];

/// The whole district; the centre of the middle block is the origin.
pub fn scene() -> SceneModel {
    let mut scene =
        SceneModel::new("district", "A city district with streets, courtyards and pitched roofs.")
            .with_material("concrete", 0.2)
            .with_material("brick", 0.25)
            .with_material("glass", 0.03)
            .with_material("marble", 0.1)
            .with_material("metal", 0.01)
            .with_material("wood", 0.05);
    let half = [0, 1].map(|axis| f64::from(BLOCKS[axis]) * PITCH[axis] / 2.0 + 20.0);
    scene.sheet("ground", "concrete", ground(&rectangle(half.map(|length| -length), half), 0.0));
    let mut random = Pcg::new(SEED);
    for column in 0..BLOCKS[0] {
        for line in 0..BLOCKS[1] {
            let place = [column, line];
            let centre = [0, 1].map(|axis| f64::from(2 * place[axis] + 1 - BLOCKS[axis]) * PITCH[axis] / 2.0);
            block(&mut scene, &mut random, &format!("block-{column}-{line}"), centre);
        }
    }
    scene
}

/// One block, turned by at most three degrees.
fn block(scene: &mut SceneModel, random: &mut Pcg, name: &str, centre: [f64; 2]) {
    let turn = Turn::of_half_tangent(random.stepped(-3.0, 3.0, 1.0) / 128.0);
    let frame = Frame { origin: centre, turn };
    match random.below(10) {
        0 => towers(scene, random, name, frame),
        1 => park(scene, name, frame),
        2 => villas(scene, random, name, frame),
        _ => perimeter(scene, random, name, frame),
    }
}

/// Four rows of houses around a courtyard with a few low buildings.
fn perimeter(scene: &mut SceneModel, random: &mut Pcg, name: &str, frame: Frame) {
    let [x, y] = BLOCK.map(|length| length / 2.0);
    let inner = y - DEPTH - PASSAGE;
    let rows = [
        ([-x, -y], Turn::NONE, BLOCK[0]),
        ([x, -inner], Turn::QUARTER, 2.0 * inner),
        ([x, y], Turn::HALF, BLOCK[0]),
        ([-x, inner], Turn::BACK, 2.0 * inner),
    ];
    let materials = random.pick(&MATERIALS);
    let rise = random.pick(&[0.0, 3.5, 4.5, 5.5]);
    let mut houses = Solid::default();
    for ([x, y], turn, length) in rows {
        houses.append(&row(frame.inner(x, y, turn), &divide(random, length), DEPTH, rise));
    }
    scene.body(&format!("{name}-houses"), materials, houses);
    scene.body(&format!("{name}-yard"), ["brick", "metal"], yard(random, frame));
}

/// Houses of 6 to 9 metres that fill a length; their heights stay near that of the row.
fn divide(random: &mut Pcg, length: f64) -> Vec<House> {
    let mut houses = Vec::new();
    let usual = random.stepped(10.5, 18.0, 1.5);
    let mut rest = length;
    while rest > 0.0 {
        let width = random.stepped(6.0, 9.0, 0.5);
        let width = if rest - width < 6.0 { rest } else { width };
        houses.push(House { width, eaves: usual + random.stepped(-3.0, 3.0, 0.75) });
        rest -= width;
    }
    houses
}

/// Workshops and sheds in a courtyard.
fn yard(random: &mut Pcg, frame: Frame) -> Solid {
    let mut solid = Solid::default();
    for column in -1..=1 {
        if random.below(4) == 0 {
            continue;
        }
        let (x, y) = (16.0 * f64::from(column), random.stepped(-6.0, 6.0, 1.0));
        let [w, d] = [random.stepped(4.0, 6.0, 0.5), random.stepped(4.0, 8.0, 0.5)];
        let outline = place(frame, [x - w, y - d], [x + w, y + d]);
        let eaves = random.stepped(3.0, 6.0, 0.5);
        solid.append(&match random.below(3) {
            0 => flat(&outline, 0.0, eaves),
            1 => gabled(&outline, eaves, 2.5),
            _ => hipped(&outline, eaves, 2.5, 0.25),
        });
    }
    solid
}

/// Towers on podiums, with machine rooms on top.
fn towers(scene: &mut SceneModel, random: &mut Pcg, name: &str, frame: Frame) {
    let mut solid = Solid::default();
    for x in [-21.0, 21.0] {
        let (low, high) = (random.stepped(6.0, 10.0, 1.0), random.stepped(30.0, 60.0, 3.0));
        let outer = place(frame, [x - 18.0, -30.0], [x + 18.0, 30.0]);
        let inner = place(frame, [x - 11.0, -20.0], [x + 11.0, 14.0]);
        solid.append(&stepped(&outer, &inner, [low, high]));
        solid.append(&flat(&place(frame, [x - 5.0, -8.0], [x + 5.0, 2.0]), high, high + 4.0));
    }
    scene.body(name, ["glass", "concrete"], solid);
}

/// A pavilion and a school around a yard on an open ground.
fn park(scene: &mut SceneModel, name: &str, frame: Frame) {
    let pavilion = pointed(&place(frame, [-30.0, -6.0], [-18.0, 6.0]), 3.5, 4.0);
    scene.body(&format!("{name}-pavilion"), ["wood", "metal"], pavilion);
    let outer = place(frame, [2.0, -22.0], [38.0, 22.0]);
    let inner = place(frame, [12.0, -12.0], [28.0, 12.0]);
    scene.body(&format!("{name}-school"), ["brick", "concrete"], courtyard(&outer, &inner, 11.0));
}

/// Detached houses in two lines.
fn villas(scene: &mut SceneModel, random: &mut Pcg, name: &str, frame: Frame) {
    let materials = random.pick(&MATERIALS);
    let mut solid = Solid::default();
    for column in -2..=2 {
        for line in [-1.0, 0.0, 1.0] {
            let (x, y) = (16.5 * f64::from(column), 24.0 * line + random.stepped(-2.0, 2.0, 0.5));
            let [w, d] = [random.stepped(4.5, 6.5, 0.5), random.stepped(5.0, 8.0, 0.5)];
            let outline = place(frame, [x - w, y - d], [x + w, y + d]);
            let eaves = random.stepped(5.0, 8.0, 0.5);
            solid.append(&if random.below(2) == 0 {
                gabled(&outline, eaves, 3.0)
            } else {
                hipped(&outline, eaves, 3.5, 0.25)
            });
        }
    }
    scene.body(name, materials, solid);
}

/// The corners of a rectangle of the frame.
fn place(frame: Frame, [x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) -> [[f64; 2]; 4] {
    [[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(|corner| frame.flat(corner))
}
