//! From triangles to the eight-wide hierarchy.

use std::time::Duration;

use glam::Vec3;
use obvhs::bvh2::{Bvh2, builder::build_bvh2_from_tris};
use obvhs::{BvhBuildParams, triangle::Triangle};

use super::node::{Node, Packet};
use super::{LEAF, WIDTH};

/// Subtrees of at most this many triangles become one packet.
const LEAF_SIZE: usize = 4;

/// Where the binary tree goes deeper than this, the rest hangs below as a balanced tree.
const MAX_FOLDED_DEPTH: usize = 40;

/// Levels of the whole tree: a balanced tree of eight-wide nodes over 2²⁸ triangles adds at most ten.
pub(super) const MAX_LEVELS: usize = MAX_FOLDED_DEPTH + 10;

/// Boxes grow by this fraction of the largest coordinate, which covers the rounding of the box test.
const BOX_PADDING: f32 = 4.0 * f32::EPSILON;

pub(super) fn build(vertices: &[Vec3], triangles: &[[u32; 3]]) -> (Vec<Node>, Vec<Packet>) {
    assert!(triangles.len() < 1 << 28, "too many triangles for 32-bit references");
    let corners: Vec<[Vec3; 3]> =
        triangles.iter().map(|t| t.map(|vertex| vertices[vertex as usize])).collect();
    let mut builder =
        Builder { nodes: vec![Node::EMPTY], packets: Vec::new(), corners: &corners, padding: 0.0 };
    if corners.is_empty() {
        return (builder.nodes, builder.packets);
    }
    let largest = corners.iter().flatten().fold(0.0_f32, |m, v| m.max(v.abs().max_element()));
    builder.padding = BOX_PADDING * largest;
    let tree = Tree::new(&corners);
    builder.fill_node(&tree, 0, 0);
    (builder.nodes, builder.packets)
}

/// The binary tree with the number of triangles below each node.
struct Tree {
    binary: Bvh2,
    counts: Vec<u32>,
}

impl Tree {
    fn new(corners: &[[Vec3; 3]]) -> Self {
        let triangles: Vec<Triangle> =
            corners.iter().map(|&[a, b, c]| Triangle { v0: a.into(), v1: b.into(), v2: c.into() }).collect();
        let params = BvhBuildParams { pre_split: false, ..BvhBuildParams::very_slow_build() };
        let mut build_time = Duration::ZERO;
        let binary = build_bvh2_from_tris(&triangles, params, &mut build_time);
        let mut counts = vec![0; binary.nodes.len()];
        count_triangles(&binary, &mut counts);
        Self { binary, counts }
    }

    fn is_leaf(&self, node: usize) -> bool {
        self.binary.nodes[node].is_leaf() || self.counts[node] as usize <= LEAF_SIZE
    }

    fn area(&self, node: usize) -> f32 {
        self.binary.nodes[node].aabb().half_area()
    }

    /// The children of `node` that an eight-wide node holds: the largest boxes are opened first.
    fn wide_children(&self, node: usize) -> Vec<usize> {
        if self.is_leaf(node) {
            return vec![node];
        }
        let first = self.binary.nodes[node].first_index as usize;
        let mut children = vec![first, first + 1];
        while children.len() < WIDTH {
            let largest = (0..children.len())
                .filter(|&i| !self.is_leaf(children[i]))
                .max_by(|&i, &j| self.area(children[i]).total_cmp(&self.area(children[j])));
            let Some(largest) = largest else { break };
            let first = self.binary.nodes[children.swap_remove(largest)].first_index as usize;
            children.extend([first, first + 1]);
        }
        children
    }

    fn triangles_below(&self, node: usize) -> Vec<u32> {
        let mut found = Vec::with_capacity(self.counts[node] as usize);
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            let node = &self.binary.nodes[node];
            let first = node.first_index as usize;
            if node.is_leaf() {
                found.extend(&self.binary.primitive_indices[first..first + node.prim_count as usize]);
            } else {
                stack.extend([first + 1, first]);
            }
        }
        found
    }
}

/// Number of triangles below each node, children before parents.
fn count_triangles(binary: &Bvh2, counts: &mut [u32]) {
    let mut order = vec![0_usize];
    let mut next = 0;
    while next < order.len() {
        let node = &binary.nodes[order[next]];
        if !node.is_leaf() {
            order.extend([node.first_index as usize, node.first_index as usize + 1]);
        }
        next += 1;
    }
    for &index in order.iter().rev() {
        let node = &binary.nodes[index];
        let first = node.first_index as usize;
        counts[index] = if node.is_leaf() { node.prim_count } else { counts[first] + counts[first + 1] };
    }
}

struct Builder<'a> {
    nodes: Vec<Node>,
    packets: Vec<Packet>,
    corners: &'a [[Vec3; 3]],
    padding: f32,
}

impl Builder<'_> {
    /// Writes the node for `from` of the binary tree, and all below it.
    fn fill_node(&mut self, tree: &Tree, from: usize, depth: usize) -> u32 {
        let index = if depth == 0 { 0 } else { self.push_node() };
        for (lane, child) in tree.wide_children(from).into_iter().enumerate() {
            if tree.is_leaf(child) || depth + 1 >= MAX_FOLDED_DEPTH {
                let triangles = tree.triangles_below(child);
                self.fill_leaf(index, lane, &triangles);
            } else {
                let reference = self.fill_node(tree, child, depth + 1);
                let bounds = tree.binary.nodes[child].aabb();
                let (min, max) = (Vec3::from(bounds.min), Vec3::from(bounds.max));
                self.set_child(index, lane, min, max, reference);
            }
        }
        index as u32
    }

    /// Hangs triangles under `node`: as one packet, or as a balanced subtree of packets when there are more.
    fn fill_leaf(&mut self, node: usize, lane: usize, triangles: &[u32]) {
        let (min, max) = self.bounds(triangles);
        let reference = if triangles.len() <= WIDTH {
            self.push_packet(triangles)
        } else {
            let below = self.push_node();
            for (lane, part) in triangles.chunks(triangles.len().div_ceil(WIDTH)).enumerate() {
                self.fill_leaf(below, lane, part);
            }
            below as u32
        };
        self.set_child(node, lane, min, max, reference);
    }

    fn push_node(&mut self) -> usize {
        self.nodes.push(Node::EMPTY);
        self.nodes.len() - 1
    }

    fn push_packet(&mut self, triangles: &[u32]) -> u32 {
        let mut packet = Packet::EMPTY;
        for (lane, &triangle) in triangles.iter().enumerate() {
            packet.set(lane, triangle, self.corners[triangle as usize]);
        }
        self.packets.push(packet);
        (self.packets.len() - 1) as u32 | LEAF
    }

    fn set_child(&mut self, node: usize, lane: usize, min: Vec3, max: Vec3, reference: u32) {
        let node = &mut self.nodes[node];
        for axis in 0..3 {
            node.bounds[axis][lane] = min[axis] - self.padding;
            node.bounds[3 + axis][lane] = max[axis] + self.padding;
        }
        node.children[lane] = reference;
    }

    fn bounds(&self, triangles: &[u32]) -> (Vec3, Vec3) {
        let corners = triangles.iter().flat_map(|&t| self.corners[t as usize]);
        corners.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(min, max), v| (min.min(v), max.max(v)))
    }
}
