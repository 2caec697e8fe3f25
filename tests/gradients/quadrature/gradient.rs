//! Central differences of an objective in everything that a map depends on.

use emberwave_physics::vector::{add, add_scaled, cross, dot, normalize, scale, sub};

use super::objective_by;
use super::polygon::Quadrature;
use super::world::{Vec3, World};

/// What an objective is differentiated in.
#[derive(Clone, Debug)]
pub enum Param {
    /// A coordinate of the transmitter's position \[m\].
    Position(usize),
    /// Yaw, pitch or roll (0, 1, 2) of the transmitter \[rad\].
    Orientation(usize),
    /// A coordinate of a vertex \[m\].
    Vertex { vertex: usize, axis: usize },
    /// The way of some vertices, an object, along a direction \[m\].
    Shift { vertices: Vec<usize>, direction: Vec3 },
    /// The way of the measurement plane along a direction \[m\].
    PlaneShift(Vec3),
    /// The angle of the measurement plane about a line through its centre along its first edge, its second
    /// edge or its normal (0, 1, 2) \[rad\].
    PlaneTilt(usize),
    /// ε_r of a material.
    Permittivity(usize),
    /// σ of a material \[S/m\].
    Conductivity(usize),
    /// Thickness of a material \[m\].
    Thickness(usize),
    /// Frequency at fixed ε_r and σ \[Hz\].
    Frequency,
}

impl Param {
    /// The world with the parameter increased by `delta`.
    pub fn apply(&self, world: &World, delta: f64) -> World {
        let mut w = world.clone();
        match self {
            Self::Position(axis) => w.transmitter.position[*axis] += delta,
            Self::Orientation(axis) => w.transmitter.orientation[*axis] += delta,
            Self::Vertex { vertex, axis } => w.vertices[*vertex][*axis] += delta,
            Self::Shift { vertices, direction } => {
                for vertex in vertices {
                    w.vertices[*vertex] = add_scaled(w.vertices[*vertex], *direction, delta);
                }
            }
            Self::PlaneShift(direction) => w.plane.corner = add_scaled(w.plane.corner, *direction, delta),
            Self::PlaneTilt(axis) => tilt(&mut w, *axis, delta),
            Self::Permittivity(material) => w.materials[*material].permittivity += delta,
            Self::Conductivity(material) => w.materials[*material].conductivity += delta,
            Self::Thickness(material) => w.materials[*material].thickness += delta,
            Self::Frequency => w.frequency += delta,
        }
        w
    }

    /// A step for central differences: 0.1 mm, 0.1 mrad, or 10⁻⁴ of the value.
    pub fn step(&self, world: &World) -> f64 {
        match self {
            Self::Permittivity(material) => 1e-4 * world.materials[*material].permittivity,
            Self::Conductivity(material) => 1e-4 * world.materials[*material].conductivity,
            Self::Thickness(material) => 1e-4 * world.materials[*material].thickness,
            Self::Frequency => 1e-4 * world.frequency,
            _ => 1e-4,
        }
    }
}

/// Turns the measurement plane about a line through its centre.
fn tilt(world: &mut World, axis: usize, angle: f64) {
    let plane = &mut world.plane;
    let along = [plane.edge_x, plane.edge_y, plane.normal()][axis];
    let half = scale(add(plane.edge_x, plane.edge_y), 0.5);
    let center = add(plane.corner, half);
    plane.edge_x = rotated(plane.edge_x, along, angle);
    plane.edge_y = rotated(plane.edge_y, along, angle);
    plane.corner = sub(center, rotated(half, along, angle));
}

/// A vector turned about an axis of any length, by Rodrigues' formula.
pub fn rotated(v: Vec3, axis: Vec3, angle: f64) -> Vec3 {
    let axis = normalize(axis);
    let (sin, cos) = angle.sin_cos();
    let across = add_scaled(scale(v, cos), cross(axis, v), sin);
    add_scaled(across, axis, dot(axis, v) * (1.0 - cos))
}

/// A derivative by central differences.
#[derive(Clone, Copy, Debug)]
pub struct Derivative {
    /// Richardson's combination (4 fine − coarse)/3, of error O(h⁴) where the objective is that smooth.
    pub value: f64,
    /// With the step h.
    pub coarse: f64,
    /// With the step h/2.
    pub fine: f64,
}

impl Derivative {
    /// |coarse − fine| relative to the value: four times the error of `fine` at a second-order error.
    pub fn spread(&self) -> f64 {
        (self.coarse - self.fine).abs() / self.value.abs().max(f64::MIN_POSITIVE)
    }
}

/// Derivative of Σ_i weight(i) g_i in a parameter, with the step h and h/2; the weights stay as they are.
pub fn gradient(world: &World, param: &Param, h: f64, weight: &dyn Fn(usize) -> f64) -> Derivative {
    let rule = Quadrature::default();
    derivative(param, h, world, &|moved| objective_by(moved, weight, &rule))
}

/// Derivative of any function of the world, for instance a non-linear loss on [`map`](super::map).
pub fn derivative(param: &Param, h: f64, world: &World, loss: &dyn Fn(&World) -> f64) -> Derivative {
    let central = |h: f64| (loss(&param.apply(world, h)) - loss(&param.apply(world, -h))) / (2.0 * h);
    let (coarse, fine) = (central(h), central(0.5 * h));
    Derivative { value: (4.0 * fine - coarse) / 3.0, coarse, fine }
}
