//! Outlines on the ground and how they are placed.

use crate::mesh::Point;

/// Corners of an outline in the horizontal plane, counter-clockwise seen from above (m).
pub type Footprint = Vec<[f64; 2]>;

/// A rotation about the vertical axis with exactly rational cosine and sine.
#[derive(Clone, Copy)]
pub struct Turn {
    cos: f64,
    sin: f64,
}

impl Turn {
    /// No rotation.
    pub const NONE: Self = Self { cos: 1.0, sin: 0.0 };
    /// A quarter turn to the left.
    pub const QUARTER: Self = Self { cos: 0.0, sin: 1.0 };
    /// Half a turn.
    pub const HALF: Self = Self { cos: -1.0, sin: 0.0 };
    /// A quarter turn to the right.
    pub const BACK: Self = Self { cos: 0.0, sin: -1.0 };

    /// The rotation whose half angle has this tangent: cos = (1 − t²)/(1 + t²), sin = 2t/(1 + t²).
    pub fn of_half_tangent(t: f64) -> Self {
        let scale = 1.0 + t * t;
        Self { cos: (1.0 - t * t) / scale, sin: 2.0 * t / scale }
    }

    fn apply(self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.cos * x - self.sin * y, self.sin * x + self.cos * y]
    }
}

/// A local coordinate system standing on the ground.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Where the local origin is (m).
    pub origin: [f64; 2],
    /// How the local axes are turned.
    pub turn: Turn,
}

impl Frame {
    /// A frame with the axes of the scene.
    pub fn at(x: f64, y: f64) -> Self {
        Self { origin: [x, y], turn: Turn::NONE }
    }

    /// The same origin with turned axes.
    pub fn turned(self, turn: Turn) -> Self {
        Self { turn, ..self }
    }

    /// A frame inside this one: its origin and turn are given in this frame.
    pub fn inner(self, x: f64, y: f64, turn: Turn) -> Self {
        let [cos, sin] = self.turn.apply([turn.cos, turn.sin]);
        Self { origin: self.flat([x, y]), turn: Turn { cos, sin } }
    }

    /// A horizontal position of this frame in the scene.
    pub fn flat(self, point: [f64; 2]) -> [f64; 2] {
        let [x, y] = self.turn.apply(point);
        [self.origin[0] + x, self.origin[1] + y]
    }

    /// A point of this frame in the scene.
    pub fn point(self, [x, y, z]: Point) -> Point {
        let [x, y] = self.flat([x, y]);
        [x, y, z]
    }
}

/// The axis-parallel rectangle between two corners.
pub fn rectangle([x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) -> Footprint {
    vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
}

/// A regular octagon around a centre, by the radius of its corners.
pub fn octagon([x, y]: [f64; 2], radius: f64) -> Footprint {
    let d = radius * 0.5_f64.sqrt();
    let r = radius;
    [[r, 0.0], [d, d], [0.0, r], [-d, d], [-r, 0.0], [-d, -d], [0.0, -r], [d, -d]]
        .map(|[dx, dy]| [x + dx, y + dy])
        .to_vec()
}
