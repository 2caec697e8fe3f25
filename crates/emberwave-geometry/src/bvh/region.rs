//! Whether any triangle reaches into a convex region.

use glam::Vec3;

use super::node::{Node, Packet};
use super::{Bvh, LEAF, STACK_SIZE, WIDTH};
use crate::ray::Hit;

/// Most half-spaces of a region.
pub const MOST_HALF_SPACES: usize = 12;

/// The points x with n·x ≥ h.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfSpace {
    /// Unit vector into it.
    pub normal: Vec3,
    /// Distance of its border from the origin along the normal \[m\].
    pub offset: f32,
}

impl HalfSpace {
    #[inline(always)]
    fn height(&self, point: Vec3) -> f32 {
        self.normal.dot(point) - self.offset
    }
}

impl Bvh {
    /// Whether a triangle that is not to be ignored has a point within all half-spaces.
    #[must_use]
    pub fn reaches_into(&self, region: &[HalfSpace], ignore: impl Fn(u32) -> bool) -> bool {
        let mut stack = [0_u32; STACK_SIZE];
        let mut top = 1;
        while top > 0 {
            top -= 1;
            let reference = stack[top];
            if reference & LEAF != 0 {
                let packet = &self.packets[(reference & !LEAF) as usize];
                if (0..WIDTH).any(|lane| {
                    let triangle = packet.triangle[lane];
                    triangle != Hit::MISS && !ignore(triangle) && cuts(&packet.corners(lane), region)
                }) {
                    return true;
                }
                continue;
            }
            let node = &self.nodes[reference as usize];
            let overlaps = node.overlaps(region);
            for lane in (0..WIDTH).filter(|&lane| overlaps[lane]) {
                stack[top] = node.children[lane];
                top += 1;
            }
        }
        false
    }
}

impl Node {
    /// Which boxes are not wholly outside of one of the half-spaces.
    #[inline]
    fn overlaps(&self, region: &[HalfSpace]) -> [bool; WIDTH] {
        let mut overlaps = [true; WIDTH];
        for (lane, overlap) in overlaps.iter_mut().enumerate() {
            *overlap = self.bounds[0][lane] <= self.bounds[3][lane];
        }
        for half_space in region {
            // The corner of each box that is farthest along the normal.
            let row = |axis: usize| if half_space.normal[axis] < 0.0 { axis } else { axis + 3 };
            let [x, y, z] = [0, 1, 2].map(|axis| &self.bounds[row(axis)]);
            let n = half_space.normal;
            for (lane, overlap) in overlaps.iter_mut().enumerate() {
                *overlap &= n.x * x[lane] + n.y * y[lane] + n.z * z[lane] >= half_space.offset;
            }
        }
        overlaps
    }
}

impl Packet {
    fn corners(&self, lane: usize) -> [Vec3; 3] {
        let column = |rows: &[[f32; WIDTH]; 3]| Vec3::from(rows.map(|row| row[lane]));
        let corner = column(&self.corner);
        [corner, corner + column(&self.edge1), corner + column(&self.edge2)]
    }
}

/// Whether a part of the triangle is within all half-spaces.
fn cuts(triangle: &[Vec3; 3], region: &[HalfSpace]) -> bool {
    const MOST: usize = 3 + MOST_HALF_SPACES;
    let (mut polygon, mut next) = ([Vec3::ZERO; MOST], [Vec3::ZERO; MOST]);
    polygon[..3].copy_from_slice(triangle);
    let mut len = 3;
    for half_space in region.iter().take(MOST_HALF_SPACES) {
        let mut kept = 0;
        for at in 0..len {
            let (from, to) = (polygon[at], polygon[(at + 1) % len]);
            let (a, b) = (half_space.height(from), half_space.height(to));
            if a >= 0.0 {
                next[kept] = from;
                kept += 1;
            }
            if (a >= 0.0) != (b >= 0.0) {
                next[kept] = from + (to - from) * (a / (a - b));
                kept += 1;
            }
        }
        if kept < 3 {
            return false;
        }
        len = kept;
        std::mem::swap(&mut polygon, &mut next);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_reaches_into_a_box_that_it_cuts_and_into_no_other() {
        let vertices = [Vec3::new(-9.0, 0.0, 0.0), Vec3::new(9.0, 0.0, 0.0), Vec3::new(0.0, 0.0, 9.0)];
        let bvh = Bvh::build(&vertices, &[[0, 1, 2]]);
        let around = |middle: Vec3, half: f32| {
            [Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y, Vec3::Z, Vec3::NEG_Z]
                .map(|normal| HalfSpace { normal, offset: normal.dot(middle) - half })
        };
        assert!(bvh.reaches_into(&around(Vec3::new(1.0, 0.1, 1.0), 0.2), |_| false));
        assert!(!bvh.reaches_into(&around(Vec3::new(1.0, 0.1, 1.0), 0.2), |triangle| triangle == 0));
        assert!(!bvh.reaches_into(&around(Vec3::new(1.0, 0.3, 1.0), 0.2), |_| false));
        assert!(!bvh.reaches_into(&around(Vec3::new(7.0, 0.0, 7.0), 0.2), |_| false));
    }
}
