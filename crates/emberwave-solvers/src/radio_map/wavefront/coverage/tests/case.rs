//! Coverages made by hand, and where everything of them is.

use std::sync::Arc;

use burn::tensor::{DType, Device, Tensor, TensorData};
use emberwave_kernels::{
    Antenna, Channels, Coverage, CoverageParts, Events, Motion, PlaneGrid, Topology, TraceConfig,
    TraceInputs, TransmitterParts,
};
use emberwave_physics::{AntennaPattern, PolarizationModel, rotation_matrix};
use glam::DVec3;

use super::super::super::CustomParts;
use super::super::CoverageWavefront;

pub const WAVENUMBER: f64 = 73.0;
pub const ORIENTATION: [f64; 3] = [0.3, 0.2, -0.1];

/// η′, η″, thickness \[m\] and S of each material.
pub const MATERIALS: [[f64; 4]; 2] = [[5.2, -0.6, 0.21, 0.3], [2.9, -0.1, 0.034, 0.0]];

/// What of a coverage is discrete or constant.
#[derive(Clone, Debug)]
pub struct Case {
    pub pattern: AntennaPattern,
    pub center: [f32; 3],
    pub triangles: Vec<[u32; 3]>,
    /// Of each triangle.
    pub materials: Vec<u32>,
    /// As [`TransmitterParts::steps`].
    pub steps: Vec<[u32; 2]>,
    pub weights: Vec<f32>,
    pub grid: [u32; 2],
    /// Area of a cell \[m²\].
    pub cell_area: f64,
    pub fragments: Vec<([u32; 2], [f32; 3])>,
    pub borders: Vec<([u32; 5], [f32; 4])>,
}

/// Where everything is \[m\].
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    pub source: DVec3,
    /// Corner and edges of the surface.
    pub surface: [DVec3; 3],
    pub vertices: Vec<DVec3>,
}

impl Placement {
    /// All coordinates: of the source, the surface, the vertices.
    pub fn numbers(&self) -> Vec<f64> {
        let points = std::iter::once(&self.source).chain(&self.surface).chain(&self.vertices);
        points.flat_map(DVec3::to_array).collect()
    }

    pub fn from_numbers(numbers: &[f64]) -> Self {
        let points: Vec<DVec3> = numbers.chunks_exact(3).map(DVec3::from_slice).collect();
        let surface = [points[1], points[2], points[3]];
        Self { source: points[0], surface, vertices: points[4..].to_vec() }
    }

    /// Corner and edges of a cell.
    pub fn cells(&self, case: &Case) -> [DVec3; 3] {
        let [corner, x, y] = self.surface;
        [corner, x / f64::from(case.grid[0]), y / f64::from(case.grid[1])]
    }

    /// A point of the surface.
    pub fn point(&self, case: &Case, [x, y]: [f64; 2]) -> DVec3 {
        let [corner, step_x, step_y] = self.cells(case);
        corner + step_x * x + step_y * y
    }

    /// Unit normal and offset of a triangle's plane.
    pub fn plane(&self, case: &Case, triangle: u32) -> (DVec3, f64) {
        let [a, b, c] = case.triangles[triangle as usize].map(|vertex| self.vertices[vertex as usize]);
        let normal = (b - a).cross(c - a).normalize();
        (normal, normal.dot(a))
    }
}

impl Case {
    /// Number of cells.
    pub fn num_cells(&self) -> usize {
        (self.grid[0] * self.grid[1]) as usize
    }

    /// The codes of a sequence, in order.
    pub fn codes(&self, mut sequence: u32) -> Vec<u32> {
        let mut codes = Vec::new();
        while sequence > 0 {
            let [parent, code] = self.steps[sequence as usize];
            codes.push(code);
            sequence = parent;
        }
        codes.reverse();
        codes
    }

    fn coverage(&self, at: &Placement) -> Coverage {
        let [corner, x, y] = at.cells(self).map(|v| v.as_vec3());
        let corner = corner - glam::Vec3::from(self.center);
        let rows = [corner, x, y].map(|v| v.to_array());
        let image = |&weight: &f32| {
            let mut image = [0.0; 13];
            image[12] = weight;
            image
        };
        let transmitter = TransmitterParts {
            position: at.source.as_vec3().to_array(),
            steps: self.steps.clone(),
            images: self.weights.iter().map(image).collect(),
            fragments: self.fragments.iter().map(|fragment| fragment.0).collect(),
            areas: self.fragments.iter().map(|fragment| fragment.1).collect(),
            borders: self.borders.iter().map(|border| border.0).collect(),
            border_lines: self.borders.iter().map(|border| border.1).collect(),
        };
        let parts = CoverageParts {
            center: self.center,
            wall_normals: vec![[0.0, 0.0, 1.0]; self.triangles.len()],
            wall_materials: self.materials.clone(),
            is_faceted: true,
            surfaces: vec![std::array::from_fn(|at| rows[at / 3][at % 3])],
            grids: vec![self.grid],
            transmitters: vec![transmitter],
            fingerprint: 0,
        };
        Coverage::from_parts(&parts).expect("the lists fit")
    }

    pub fn config(&self) -> TraceConfig {
        let antenna =
            Antenna { pattern: self.pattern.into(), model: PolarizationModel::Two, slants: vec![0.0] };
        TraceConfig {
            events: Events { los: true, specular_reflection: true, refraction: true },
            max_depth: 2,
            roulette: None,
            stop_threshold: None,
            samples_per_tx: 1,
            seed: 0,
            antennas: vec![antenna],
            planes: vec![PlaneGrid { num_cells_x: self.grid[0], num_cells_y: self.grid[1] }],
            channels: Channels { delay: true, arrival: true, departure: true },
            motion: Motion::default(),
            monitor: None,
        }
    }

    /// The channels, one after the other, and the derivatives of their sum with some weights by all coordinates.
    pub fn evaluate(&self, at: &Placement, weights: &[f64], custom: &CustomParts) -> (Vec<f64>, Vec<f64>) {
        let device = Device::default().autodiff();
        let numbers = at.numbers();
        let leaf = tensor(&numbers, [numbers.len()], &device).require_grad();
        let part = |first: usize, count: usize| leaf.clone().narrow(0, first, count);
        let rotation: Vec<f64> = rotation_matrix(ORIENTATION).concat();
        let materials = MATERIALS.iter().flat_map(|[a, b, c, d]| [*a, *b, *c, *d, 0.0, 0.0, 0.0, 0.0]);
        let num_vertices = at.vertices.len();
        let topology = Topology::new(self.triangles.clone(), self.materials.clone(), num_vertices);
        let inputs = TraceInputs {
            vertices: part(12, 3 * num_vertices).reshape([num_vertices, 3]),
            materials: tensor(&materials.collect::<Vec<_>>(), [1, MATERIALS.len(), 8], &device),
            wavenumber: tensor(&[WAVENUMBER], [1], &device),
            sources: Tensor::cat(vec![part(0, 3), tensor(&rotation, [9], &device)], 0).reshape([1, 12]),
            pattern_tables: tensor(&[], [0, 2, 1, 4], &device),
            ports: tensor(&[0.0; 3], [1, 1, 3], &device),
            precoding: tensor(&[1.0, 0.0], [1, 1, 1, 2], &device),
            surface: part(3, 9).reshape([1, 3, 3]),
            topology: Arc::new(topology),
        };
        let coverage = self.coverage(at);
        let wavefront = CoverageWavefront::new(inputs, &coverage, Arc::new(self.config()), custom);
        let map = wavefront.evaluate().expect("it fits");
        let loss = (map.clone() * tensor(weights, map.dims(), &device)).sum();
        let gradient = leaf.grad(&loss.backward()).expect("everything moves");
        (map.into_data().iter::<f64>().collect(), gradient.into_data().iter::<f64>().collect())
    }
}

pub fn tensor<const D: usize>(values: &[f64], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, DType::F64))
}
