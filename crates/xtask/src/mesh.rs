//! A triangle mesh under construction; equal positions become one vertex.

use crate::triangulate::triangulate;
use std::collections::HashMap;

/// A point in metres.
pub type Point = [f64; 3];

/// Triangles whose front is where their corners appear counter-clockwise.
///
/// Positions are kept as they are written, in single precision; corners that agree there are the same vertex, so
/// neighbouring faces share their edges.
#[derive(Clone, Default)]
pub struct Mesh {
    vertices: Vec<[f32; 3]>,
    triangles: Vec<[u32; 3]>,
    vertex_from_position: HashMap<[u32; 3], u32>,
}

impl Mesh {
    /// Vertex positions (m).
    pub fn vertices(&self) -> &[[f32; 3]] {
        &self.vertices
    }

    /// Vertex indices of the triangles.
    pub fn triangles(&self) -> &[[u32; 3]] {
        &self.triangles
    }

    /// The corner positions of a triangle, in double precision.
    pub fn corners(&self, triangle: [u32; 3]) -> [Point; 3] {
        triangle.map(|vertex| self.vertices[vertex as usize].map(f64::from))
    }

    /// Adds a flat simple polygon; its corners run counter-clockwise seen from its front.
    pub fn polygon(&mut self, corners: &[Point]) {
        let indices: Vec<u32> = corners.iter().map(|&corner| self.vertex(corner)).collect();
        for [a, b, c] in triangulate(corners) {
            self.triangles.push([indices[a], indices[b], indices[c]]);
        }
    }

    /// Adds all triangles of another mesh.
    pub fn append(&mut self, other: &Self) {
        let indices: Vec<u32> =
            other.vertices.iter().map(|position| self.vertex(position.map(f64::from))).collect();
        self.triangles
            .extend(other.triangles.iter().map(|triangle| triangle.map(|vertex| indices[vertex as usize])));
    }

    fn vertex(&mut self, position: Point) -> u32 {
        // Adding zero turns −0 into +0: the two must not become two vertices.
        let position = position.map(|coordinate| coordinate as f32 + 0.0);
        let next = self.vertices.len() as u32;
        let vertex = *self.vertex_from_position.entry(position.map(f32::to_bits)).or_insert(next);
        if vertex == next {
            self.vertices.push(position);
        }
        vertex
    }
}

#[cfg(test)]
mod tests {
    use super::Mesh;

    #[test]
    fn neighbouring_polygons_share_their_vertices() {
        let mut mesh = Mesh::default();
        mesh.polygon(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]]);
        mesh.polygon(&[[1.0, -0.0, 0.0], [2.0, 0.0, 0.0], [2.0, 1.0, 0.0], [1.0, 1.0, 0.0]]);
        assert_eq!((mesh.vertices().len(), mesh.triangles().len()), (6, 4));
    }
}
