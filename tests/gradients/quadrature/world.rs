//! A small world in f64: triangles that are thin slabs, one transmitter, one measurement plane.

use emberwave_physics::vector::{add_scaled, cross, dot, normalize, sub};
use emberwave_physics::{AntennaPattern, Polarization};

pub type Vec3 = [f64; 3];

/// A wall material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slab {
    /// Relative permittivity ε_r.
    pub permittivity: f64,
    /// Conductivity σ \[S/m\].
    pub conductivity: f64,
    /// Thickness \[m\].
    pub thickness: f64,
}

impl Slab {
    pub const CONCRETE: Self = Self::new(5.24, 0.1231, 0.2);
    pub const GLASS: Self = Self::new(6.31, 0.0192, 0.01);
    pub const METAL: Self = Self::new(1.0, 1e7, 0.1);

    pub const fn new(permittivity: f64, conductivity: f64, thickness: f64) -> Self {
        Self { permittivity, conductivity, thickness }
    }
}

/// A transmitter of one element, polarisation model 2; two ports radiate coherently, each with weight 1/√2.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    pub position: Vec3,
    /// Yaw, pitch and roll \[rad\].
    pub orientation: Vec3,
    pub pattern: AntennaPattern,
    pub polarization: Polarization,
}

/// A parallelogram of nx × ny cells; cell (i, j) has the index j·nx + i.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    pub corner: Vec3,
    /// The whole edge along the first axis \[m\].
    pub edge_x: Vec3,
    /// The whole edge along the second axis \[m\].
    pub edge_y: Vec3,
    pub cells: [usize; 2],
}

impl Plane {
    /// A horizontal rectangle.
    pub fn horizontal(x: [f64; 2], y: [f64; 2], z: f64, cells: [usize; 2]) -> Self {
        Self {
            corner: [x[0], y[0], z],
            edge_x: [x[1] - x[0], 0.0, 0.0],
            edge_y: [0.0, y[1] - y[0], 0.0],
            cells,
        }
    }

    /// The point at (u, v), in cells from the corner.
    pub fn point(&self, [u, v]: [f64; 2]) -> Vec3 {
        let along_x = add_scaled(self.corner, self.edge_x, u / self.cells[0] as f64);
        add_scaled(along_x, self.edge_y, v / self.cells[1] as f64)
    }

    pub fn normal(&self) -> Vec3 {
        normalize(cross(self.edge_x, self.edge_y))
    }

    pub fn num_cells(&self) -> usize {
        self.cells[0] * self.cells[1]
    }

    /// Centre of the cell with this index.
    pub fn cell_center(&self, index: usize) -> Vec3 {
        let (x, y) = (index % self.cells[0], index / self.cells[0]);
        self.point([x as f64 + 0.5, y as f64 + 0.5])
    }
}

/// Everything that a radio map depends on.
#[derive(Clone, Debug)]
pub struct World {
    pub vertices: Vec<Vec3>,
    pub triangles: Vec<[usize; 3]>,
    /// Index into `materials`, for each triangle.
    pub material_of: Vec<usize>,
    pub materials: Vec<Slab>,
    /// Frequency \[Hz\].
    pub frequency: f64,
    pub transmitter: Source,
    pub plane: Plane,
    /// Whether paths are reflected.
    pub reflection: bool,
    /// Whether paths are transmitted; if not, a triangle that a path meets blocks it.
    pub refraction: bool,
    /// Whether the path without any interaction counts.
    pub los: bool,
    /// Most interactions of a path, reflections and transmissions together.
    pub max_depth: usize,
}

impl World {
    /// A world without walls, with everything on.
    pub fn new(transmitter: Source, plane: Plane) -> Self {
        Self {
            vertices: Vec::new(),
            triangles: Vec::new(),
            material_of: Vec::new(),
            materials: Vec::new(),
            frequency: 3.5e9,
            transmitter,
            plane,
            reflection: true,
            refraction: true,
            los: true,
            max_depth: 2,
        }
    }

    /// Adds a quadrilateral of two triangles and returns the indices of its vertices.
    pub fn add_quad(&mut self, corners: [Vec3; 4], slab: Slab) -> [usize; 4] {
        let first = self.vertices.len();
        self.vertices.extend(corners);
        let material = self.material(slab);
        self.triangles.extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
        self.material_of.extend([material; 2]);
        [0, 1, 2, 3].map(|i| first + i)
    }

    /// Index of a material, which is added if it is new.
    pub fn material(&mut self, slab: Slab) -> usize {
        self.materials.iter().position(|known| *known == slab).unwrap_or_else(|| {
            self.materials.push(slab);
            self.materials.len() - 1
        })
    }

    pub fn with_depth(mut self, max_depth: usize) -> Self {
        self.max_depth = max_depth;
        self
    }

    pub fn with_refraction(mut self, refraction: bool) -> Self {
        self.refraction = refraction;
        self
    }

    pub fn corners(&self, triangle: usize) -> [Vec3; 3] {
        self.triangles[triangle].map(|vertex| self.vertices[vertex])
    }

    pub fn slab_of(&self, triangle: usize) -> Slab {
        self.materials[self.material_of[triangle]]
    }

    /// For each cell, whether all of it is at least one cell (the longer side) away from every triangle.
    pub fn clear_cells(&self) -> Vec<bool> {
        let side = |edge: Vec3, cells: usize| dot(edge, edge).sqrt() / cells as f64;
        let x = side(self.plane.edge_x, self.plane.cells[0]);
        let y = side(self.plane.edge_y, self.plane.cells[1]);
        let least = x.max(y) + 0.5 * x.hypot(y);
        let clear = |cell: usize| {
            let center = self.plane.cell_center(cell);
            (0..self.triangles.len()).all(|t| distance_to_triangle(center, self.corners(t)) >= least)
        };
        (0..self.plane.num_cells()).map(clear).collect()
    }
}

/// Distance from a point to a triangle.
pub fn distance_to_triangle(point: Vec3, corners: [Vec3; 3]) -> f64 {
    let [a, b, c] = corners;
    let normal = normalize(cross(sub(b, a), sub(c, a)));
    let edges = [(a, b), (b, c), (c, a)];
    let inside = edges.iter().all(|(p, q)| dot(cross(sub(*q, *p), sub(point, *p)), normal) >= 0.0);
    if inside {
        return dot(sub(point, a), normal).abs();
    }
    let to_edge = |(p, q): (Vec3, Vec3)| {
        let along = sub(q, p);
        let t = (dot(sub(point, p), along) / dot(along, along)).clamp(0.0, 1.0);
        let rest = sub(point, add_scaled(p, along, t));
        dot(rest, rest).sqrt()
    };
    edges.map(to_edge).into_iter().fold(f64::INFINITY, f64::min)
}
