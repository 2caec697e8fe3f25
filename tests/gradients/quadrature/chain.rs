//! Chains of reflectors unfolded to straight rays from the last image of the transmitter, and what they
//! light.
//!
//! Mirroring the first part of a path at its last reflector, then at the last but one and so on makes the
//! path a straight segment from the last image S to a point s of the measurement plane. *Space* j is the
//! world that the segment after j reflections passes through, mirrored at the reflectors j + 1, …, k. A path
//! exists where the segment meets the mirrored reflectors in their order; it meets a triangle between two
//! reflections where it meets its mirror image between theirs. Projected from S, all of them are convex
//! polygons of the measurement plane, so that the plane falls into convex polygons in each of which the paths
//! of the chain meet the same triangles.

use emberwave_physics::vector::{add_scaled, cross, dot, length, normalize, sub};

use super::polygon::Polygon;
use super::world::{Plane, Vec3, World, distance_to_triangle};

/// Distances below it \[m\] count as contact.
const CONTACT: f64 = 1e-9;

/// Least distance between an image and a triangle, as a fraction of the way to the map.
const NEAREST: f64 = 1e-6;

/// A plane with normal·x = offset; the normal has length 1.
#[derive(Clone, Copy, Debug)]
pub struct Wall {
    pub normal: Vec3,
    offset: f64,
}

impl Wall {
    pub fn through([a, b, c]: [Vec3; 3]) -> Self {
        let normal = normalize(cross(sub(b, a), sub(c, a)));
        Self { normal, offset: dot(normal, a) }
    }

    pub fn distance(&self, point: Vec3) -> f64 {
        dot(self.normal, point) - self.offset
    }

    fn mirror(&self, point: Vec3) -> Vec3 {
        add_scaled(point, self.normal, -2.0 * self.distance(point))
    }

    /// The same plane with `point` on its negative side.
    fn facing(self, point: Vec3) -> Self {
        if self.distance(point) > 0.0 { self.opposite() } else { self }
    }

    fn opposite(self) -> Self {
        Self { normal: self.normal.map(|x| -x), offset: -self.offset }
    }
}

/// A triangle that a path meets, in unfolded space.
#[derive(Clone, Copy, Debug)]
pub struct Encounter {
    pub triangle: usize,
    /// Its plane, mirrored.
    pub wall: Wall,
    pub reflects: bool,
}

/// A polygon of the measurement plane, in cells, and the triangles that the paths to it are transmitted by.
pub struct LitPiece {
    pub polygon: Polygon,
    pub transmissions: Vec<Encounter>,
}

/// Reflectors in the order in which a path meets them.
pub struct Chain<'a> {
    world: &'a World,
    pub reflectors: Vec<usize>,
    /// The planes of the reflectors, in the world.
    pub walls: Vec<Wall>,
    /// Last image of the transmitter.
    pub image: Vec3,
    /// The reflectors in unfolded space, turned away from the image.
    pub encounters: Vec<Encounter>,
}

impl<'a> Chain<'a> {
    pub fn new(world: &'a World, reflectors: &[usize]) -> Self {
        let walls: Vec<Wall> = reflectors.iter().map(|t| Wall::through(world.corners(*t))).collect();
        let image = walls.iter().fold(world.transmitter.position, |point, wall| wall.mirror(point));
        let mut chain = Self { world, reflectors: reflectors.to_vec(), walls, image, encounters: Vec::new() };
        let unfolded = |(i, triangle): (usize, &usize)| chain.encounter(i + 1, *triangle, true);
        chain.encounters = reflectors.iter().enumerate().map(unfolded).collect();
        chain
    }

    /// The corners of a triangle of space j.
    fn unfolded(&self, space: usize, triangle: usize) -> [Vec3; 3] {
        let mirror = |point: Vec3| self.walls[space..].iter().fold(point, |p, wall| wall.mirror(p));
        self.world.corners(triangle).map(mirror)
    }

    fn encounter(&self, space: usize, triangle: usize, reflects: bool) -> Encounter {
        let wall = Wall::through(self.unfolded(space, triangle)).facing(self.image);
        Encounter { triangle, wall, reflects }
    }

    /// Whether the image lies in the plane of a reflector or in that of the map: a chain that lights nothing.
    fn is_degenerate(&self) -> bool {
        let touches = |wall: &Wall| wall.distance(self.image).abs() < CONTACT;
        touches(&measurement_wall(&self.world.plane)) || self.encounters.iter().any(|e| touches(&e.wall))
    }

    /// The shadow, on the map, of the part of a triangle of space j that lies beyond reflector j and before
    /// reflector j + 1.
    fn shadow(&self, space: usize, triangle: usize) -> Polygon {
        let mut corners = self.unfolded(space, triangle).to_vec();
        if space > 0 && self.reflectors[space - 1] != triangle {
            corners = clip(&corners, self.encounters[space - 1].wall);
        }
        if space < self.reflectors.len() {
            corners = clip(&corners, self.encounters[space].wall.opposite());
        }
        self.project(&corners)
    }

    /// The projection of a convex polygon of unfolded space from the image onto the map, in cells, of what
    /// lies between the two.
    ///
    /// Parallel to the map near the image there is a border, beyond which nothing of the polygon can hide any
    /// of the map; without it the projection would reach to infinity.
    fn project(&self, corners: &[Vec3]) -> Polygon {
        let plane = &self.world.plane;
        let wall = measurement_wall(plane).facing(self.image);
        let height = -wall.distance(self.image);
        let fans = (2..corners.len()).map(|i| [corners[0], corners[i - 1], corners[i]]);
        let distance = fans.map(|t| distance_to_triangle(self.image, t)).fold(f64::INFINITY, f64::min);
        let nearest = (0.5 * distance / self.reach()).clamp(NEAREST, 0.5);
        let near = Wall { normal: wall.normal, offset: wall.offset - (1.0 - nearest) * height };
        let between = clip(&clip(corners, near), wall.opposite());
        let coordinates = Coordinates::new(plane);
        let project = |point: &Vec3| {
            let fraction = 1.0 + wall.distance(*point) / height;
            coordinates.of(add_scaled(self.image, sub(*point, self.image), 1.0 / fraction))
        };
        Polygon::new(between.iter().map(project).collect())
    }

    /// Greatest distance from the image to a point of the map.
    fn reach(&self) -> f64 {
        let [x, y] = self.world.plane.cells.map(|n| n as f64);
        let corners = [[0.0, 0.0], [x, 0.0], [0.0, y], [x, y]];
        let far = corners.map(|uv| length(sub(self.world.plane.point(uv), self.image)));
        far.into_iter().fold(0.0, f64::max)
    }

    /// The part of the map that the chain lights if nothing else is in the way.
    fn beam(&self) -> Polygon {
        let [x, y] = self.world.plane.cells.map(|n| n as f64);
        let mut beam = Polygon::rectangle(x, y);
        for (i, encounter) in self.encounters.iter().enumerate() {
            let mut corners = self.unfolded(i + 1, encounter.triangle).to_vec();
            if i > 0 {
                corners = clip(&corners, self.encounters[i - 1].wall);
            }
            beam = beam.intersection(&self.project(&corners));
            if beam.is_empty() {
                break;
            }
        }
        beam
    }

    /// The polygons that the chain lights with at most so many transmissions.
    pub fn lit(&self, max_transmissions: usize) -> Vec<LitPiece> {
        let mut pieces = Vec::new();
        if self.is_degenerate() {
            return pieces;
        }
        let beam = self.beam();
        if beam.is_empty() {
            return pieces;
        }
        pieces.push(LitPiece { polygon: beam, transmissions: Vec::new() });
        for space in 0..=self.reflectors.len() {
            let start = space.checked_sub(1).map(|i| self.reflectors[i]);
            let end = self.reflectors.get(space).copied();
            for triangle in 0..self.world.triangles.len() {
                if Some(triangle) == start || Some(triangle) == end {
                    continue;
                }
                let shadow = self.shadow(space, triangle);
                if !shadow.is_empty() {
                    let encounter = self.encounter(space, triangle, false);
                    pieces = divide(pieces, &shadow, encounter, max_transmissions);
                }
            }
        }
        pieces
    }
}

/// Divides pieces into what is inside a shadow, which has one transmission more, and what is outside.
fn divide(pieces: Vec<LitPiece>, shadow: &Polygon, encounter: Encounter, most: usize) -> Vec<LitPiece> {
    let mut divided = Vec::new();
    for piece in pieces {
        let inside = piece.polygon.intersection(shadow);
        if inside.is_empty() {
            divided.push(piece);
            continue;
        }
        for polygon in piece.polygon.difference(shadow) {
            divided.push(LitPiece { polygon, transmissions: piece.transmissions.clone() });
        }
        let mut transmissions = piece.transmissions;
        transmissions.push(encounter);
        if transmissions.len() <= most {
            divided.push(LitPiece { polygon: inside, transmissions });
        }
    }
    divided
}

fn measurement_wall(plane: &Plane) -> Wall {
    let normal = plane.normal();
    Wall { normal, offset: dot(normal, plane.corner) }
}

/// The part of a convex polygon beyond the wall.
fn clip(corners: &[Vec3], wall: Wall) -> Vec<Vec3> {
    let depth = |point: Vec3| wall.distance(point) - CONTACT;
    let mut kept = Vec::with_capacity(corners.len() + 1);
    for (i, a) in corners.iter().enumerate() {
        let b = corners[(i + 1) % corners.len()];
        let (from, to) = (depth(*a), depth(b));
        if from >= 0.0 {
            kept.push(*a);
        }
        if (from >= 0.0) != (to >= 0.0) {
            kept.push(add_scaled(*a, sub(b, *a), from / (from - to)));
        }
    }
    kept
}

/// Coordinates on the map, in cells.
struct Coordinates {
    corner: Vec3,
    dual: [Vec3; 2],
}

impl Coordinates {
    fn new(plane: &Plane) -> Self {
        let (x, y) = (plane.edge_x, plane.edge_y);
        let normal = cross(x, y);
        let scale = |v: Vec3, cells: usize| v.map(|c| c * cells as f64 / dot(normal, normal));
        let dual = [scale(cross(y, normal), plane.cells[0]), scale(cross(normal, x), plane.cells[1])];
        Self { corner: plane.corner, dual }
    }

    fn of(&self, point: Vec3) -> [f64; 2] {
        self.dual.map(|axis| dot(sub(point, self.corner), axis))
    }
}
