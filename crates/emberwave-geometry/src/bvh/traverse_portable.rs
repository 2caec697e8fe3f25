//! The walk in plain Rust, for processors without AVX2, and the reference for the vector form.

use super::node::{Node, Packet};
use super::{Bvh, LEAF, STACK_SIZE, WIDTH, coin, replaces};
use crate::ray::{Hit, Ray};

/// How far outside a triangle, in barycentric units, a ray still counts as a hit, so that no ray slips between
/// neighbours.
pub(super) const EDGE_TOLERANCE: f32 = 1e-6;

/// Direction components smaller than this are replaced by it, so that no box test computes ∞ − ∞.
pub(super) const MIN_DIRECTION: f32 = 1e-18;

/// Reciprocal of a direction component.
#[inline]
pub(super) fn reciprocal(component: f32) -> f32 {
    if component.abs() < MIN_DIRECTION { component.signum() / MIN_DIRECTION } else { 1.0 / component }
}

/// What a box test needs to know about a ray.
struct Slabs {
    inverse: [f32; 3],
    /// Origin times inverse direction.
    scaled_origin: [f32; 3],
    /// Row of `Node::bounds` that holds the nearer plane of each axis.
    near: [usize; 3],
}

impl Slabs {
    fn new(ray: &Ray) -> Self {
        let inverse = ray.direction.to_array().map(reciprocal);
        let origin = ray.origin.to_array();
        Self {
            inverse,
            scaled_origin: std::array::from_fn(|axis| origin[axis] * inverse[axis]),
            near: std::array::from_fn(|axis| if inverse[axis] < 0.0 { axis + 3 } else { axis }),
        }
    }

    /// Distance at which the ray enters the box of a child, if it does before `limit`.
    fn entry(&self, node: &Node, lane: usize, limit: f32) -> Option<f32> {
        let (mut entry, mut exit) = (0.0_f32, limit);
        for axis in 0..3 {
            let near = node.bounds[self.near[axis]][lane];
            let far = node.bounds[2 * axis + 3 - self.near[axis]][lane];
            entry = entry.max(near * self.inverse[axis] - self.scaled_origin[axis]);
            exit = exit.min(far * self.inverse[axis] - self.scaled_origin[axis]);
        }
        (entry <= exit).then_some(entry)
    }
}

pub(super) fn closest_hit(bvh: &Bvh, ray: &Ray) -> Hit {
    let slabs = Slabs::new(ray);
    let mut hit = Hit { distance: ray.max_distance, triangle: Hit::MISS };
    let mut stack = [(0_u32, 0.0_f32); STACK_SIZE];
    let mut top = 1;
    while top > 0 {
        top -= 1;
        let (reference, entry) = stack[top];
        if entry >= hit.distance {
            continue;
        }
        if reference & LEAF != 0 {
            intersect_packet(&bvh.packets[(reference & !LEAF) as usize], ray, &mut hit);
            continue;
        }
        let node = &bvh.nodes[reference as usize];
        let base = top;
        for lane in 0..WIDTH {
            let Some(entry) = slabs.entry(node, lane, hit.distance) else { continue };
            let mut place = top;
            while place > base && stack[place - 1].1 < entry {
                stack[place] = stack[place - 1];
                place -= 1;
            }
            stack[place] = (node.children[lane], entry);
            top += 1;
        }
    }
    hit
}

/// Möller and Trumbore's test for every triangle of a packet.
fn intersect_packet(packet: &Packet, ray: &Ray, hit: &mut Hit) {
    let column = |rows: &[[f32; WIDTH]; 3], lane: usize| glam::Vec3::from(rows.map(|row| row[lane]));
    for lane in 0..WIDTH {
        let (edge1, edge2) = (column(&packet.edge1, lane), column(&packet.edge2, lane));
        let p = ray.direction.cross(edge2);
        let inverse = 1.0 / edge1.dot(p);
        let s = ray.origin - column(&packet.corner, lane);
        let u = s.dot(p) * inverse;
        let q = s.cross(edge1);
        let v = ray.direction.dot(q) * inverse;
        let distance = edge2.dot(q) * inverse;
        let inside = u >= -EDGE_TOLERANCE && v >= -EDGE_TOLERANCE && u + v <= 1.0 + EDGE_TOLERANCE;
        let triangle = packet.triangle[lane];
        if inside && distance > 0.0 && replaces(distance, triangle, hit, coin(ray.direction.x)) {
            *hit = Hit { distance, triangle };
        }
    }
}
