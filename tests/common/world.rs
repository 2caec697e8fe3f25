//! Worlds of a few rectangles, kept in f64 so that they can be moved before they are rounded.

use std::ops::Range;

use emberwave::formats::{
    MaterialDescription, ObjectDescription, Permittivity, ScatteringPatternDescription, SceneDescription,
};
use emberwave::geometry::TriangleMesh;
use emberwave::prelude::*;
use glam::{DMat3, DVec3};

/// A wall material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slab {
    /// Relative permittivity.
    pub epsilon: f64,
    /// Conductivity \[S/m\].
    pub sigma: f64,
    /// Thickness \[m\].
    pub thickness: f64,
    /// Scattering coefficient S.
    pub scattering: f64,
}

impl Slab {
    pub const METAL: Self = Self::new(1.0, 1e7, 0.1);
    pub const CONCRETE: Self = Self::new(5.24, 0.1231, 0.2);

    pub const fn new(epsilon: f64, sigma: f64, thickness: f64) -> Self {
        Self { epsilon, sigma, thickness, scattering: 0.0 }
    }

    pub const fn with_scattering(mut self, scattering: f64) -> Self {
        self.scattering = scattering;
        self
    }
}

/// A rectangle (or any plane quadrilateral) of one material.
#[derive(Clone, Copy, Debug)]
pub struct Quad {
    /// Corners in order around it \[m\].
    pub corners: [DVec3; 4],
    pub slab: Slab,
}

/// A rigid motion: x ↦ R x + t.
#[derive(Clone, Copy, Debug)]
pub struct Motion {
    pub rotation: DMat3,
    pub shift: DVec3,
}

impl Motion {
    pub fn point(&self, point: DVec3) -> DVec3 {
        self.rotation * point + self.shift
    }

    /// Yaw, pitch and roll \[rad\] of what had the given orientation before the motion.
    pub fn orientation(&self, before: [f64; 3]) -> [f64; 3] {
        let r = self.rotation * rotation(before);
        let element = |row: usize, column: usize| r.col(column)[row];
        [element(1, 0).atan2(element(0, 0)), -element(2, 0).asin(), element(2, 1).atan2(element(2, 2))]
    }

    pub fn transmitter(&self, tx: &Transmitter) -> Transmitter {
        let mut moved = tx.clone();
        moved.position = self.point(tx.position.into()).to_array();
        moved.orientation = self.orientation(tx.orientation);
        moved
    }

    pub fn plane(&self, plane: &MeasurementPlane) -> MeasurementPlane {
        let mut moved = *plane;
        moved.center = self.point(plane.center.into()).to_array();
        moved.orientation = self.orientation(plane.orientation);
        moved
    }
}

/// Rz(α)·Ry(β)·Rx(γ), from rotations about single axes.
pub fn rotation([yaw, pitch, roll]: [f64; 3]) -> DMat3 {
    DMat3::from_rotation_z(yaw) * DMat3::from_rotation_y(pitch) * DMat3::from_rotation_x(roll)
}

/// Rectangles in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub quads: Vec<Quad>,
}

impl World {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn quad(mut self, corners: [[f64; 3]; 4], slab: Slab) -> Self {
        self.quads.push(Quad { corners: corners.map(DVec3::from), slab });
        self
    }

    /// A horizontal square around the z axis.
    pub fn floor(self, z: f64, half: f64, slab: Slab) -> Self {
        self.quad([[-half, -half, z], [half, -half, z], [half, half, z], [-half, half, z]], slab)
    }

    /// A square wall across the x axis.
    pub fn wall_at_x(self, x: f64, half: f64, slab: Slab) -> Self {
        self.quad([[x, -half, -half], [x, half, -half], [x, half, half], [x, -half, half]], slab)
    }

    /// The six faces of a box.
    pub fn room(mut self, min: [f64; 3], max: [f64; 3], slab: Slab) -> Self {
        let (min, max) = (DVec3::from(min), DVec3::from(max));
        for axis in 0..3 {
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            for side in [min, max] {
                let corner = |at_u: DVec3, at_v: DVec3| {
                    let mut corner = side;
                    (corner[u], corner[v]) = (at_u[u], at_v[v]);
                    corner
                };
                let corners = [corner(min, min), corner(max, min), corner(max, max), corner(min, max)];
                self.quads.push(Quad { corners, slab });
            }
        }
        self
    }

    pub fn moved(&self, motion: &Motion) -> Self {
        let quads = self.quads.iter();
        let moved = |quad: &Quad| Quad { corners: quad.corners.map(|c| motion.point(c)), ..*quad };
        Self { quads: quads.map(moved).collect() }
    }

    /// The scene, without transmitters.
    pub fn scene(&self) -> Scene {
        self.scene_on(&Device::default())
    }

    /// The scene on a device.
    pub fn scene_on(&self, device: &Device) -> Scene {
        let mut slabs: Vec<Slab> = Vec::new();
        let mut objects = Vec::new();
        for (index, quad) in self.quads.iter().enumerate() {
            let material = slabs.iter().position(|slab| *slab == quad.slab).unwrap_or_else(|| {
                slabs.push(quad.slab);
                slabs.len() - 1
            });
            let vertices = quad.corners.iter().map(|c| c.as_vec3().to_array().into()).collect();
            let mesh = TriangleMesh { vertices, triangles: vec![[0, 1, 2], [0, 2, 3]] };
            objects.push(ObjectDescription { id: format!("quad-{index}"), mesh, material });
        }
        let materials = slabs.iter().enumerate().map(material).collect();
        let description =
            SceneDescription { path: "in memory".into(), objects, materials, warnings: Vec::new() };
        Scene::from_description(description, device).expect("the world is in range")
    }
}

fn material((index, slab): (usize, &Slab)) -> MaterialDescription {
    MaterialDescription {
        name: format!("slab-{index}"),
        permittivity: Permittivity::Constant {
            relative_permittivity: slab.epsilon,
            conductivity: slab.sigma,
        },
        thickness: slab.thickness,
        scattering_coefficient: slab.scattering,
        xpd_coefficient: 0.0,
        scattering_pattern: ScatteringPatternDescription::default(),
    }
}

/// Options with everything on, for so many rays, interactions and this plane.
pub fn config(samples: u64, max_depth: u32, plane: MeasurementPlane) -> RadioMapSolverConfig {
    RadioMapSolverConfig::new()
        .with_samples_per_tx(samples)
        .with_max_depth(max_depth)
        .with_measurement_surface(plane)
}

/// The path gains of one solve.
pub fn path_gain(scene: &Scene, config: &RadioMapSolverConfig) -> Vec<f32> {
    let map = config.clone().init().solve(scene).expect("the solve is in range");
    map.path_gain().into_data().try_to_vec().expect("maps are f32")
}

/// The path gains of one solve per seed.
pub fn solve_runs(scene: &Scene, config: &RadioMapSolverConfig, seeds: Range<u64>) -> Vec<Vec<f32>> {
    seeds.map(|seed| path_gain(scene, &config.clone().with_seed(seed))).collect()
}
