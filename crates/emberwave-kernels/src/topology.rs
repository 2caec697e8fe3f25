//! What is discrete about a scene, and the acceleration structure that follows its vertices.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use emberwave_geometry::tubes::{PlaneSet, TubeBuffers};
use emberwave_geometry::{Aabb, Bvh};
use glam::Vec3;

use crate::coverage::{Coverage, Wall, fingerprint};
use crate::cpu::SharedBuffers;

/// Triangles of a scene and the material of each, with a cached acceleration structure.
///
/// Where the vertices are is a tensor of [`TraceInputs`](crate::TraceInputs); the structure is rebuilt when they
/// differ from those it was last built for, and reused otherwise.
#[derive(Debug)]
pub struct Topology {
    triangles: Vec<[u32; 3]>,
    material_from_triangle: Vec<u32>,
    num_vertices: usize,
    acceleration: Mutex<Option<Arc<Acceleration>>>,
}

impl Topology {
    /// Triangles as triples of indices below `num_vertices`, and the material of each.
    ///
    /// # Panics
    ///
    /// If the two lists differ in length or an index is out of range.
    #[must_use]
    pub fn new(triangles: Vec<[u32; 3]>, material_from_triangle: Vec<u32>, num_vertices: usize) -> Self {
        assert_eq!(triangles.len(), material_from_triangle.len(), "one material per triangle");
        assert!(
            triangles.iter().flatten().all(|&v| (v as usize) < num_vertices),
            "vertex index out of range"
        );
        Self { triangles, material_from_triangle, num_vertices, acceleration: Mutex::new(None) }
    }

    /// Vertex indices of each triangle.
    #[must_use]
    pub fn triangles(&self) -> &[[u32; 3]] {
        &self.triangles
    }

    /// Material index of each triangle.
    #[must_use]
    pub fn material_from_triangle(&self) -> &[u32] {
        &self.material_from_triangle
    }

    /// Number of vertices that the triangles index.
    #[must_use]
    pub fn num_vertices(&self) -> usize {
        self.num_vertices
    }

    /// Builds the acceleration structure for the given coordinates, x y z per vertex \[m\], unless it is there.
    pub fn prepare(&self, coordinates: &[f32]) {
        let _ = self.acceleration(coordinates);
    }

    /// Keeps the lists of a coverage that is needed no more, for the next trace.
    pub fn recycle(&self, coverage: Coverage) {
        let cached = self.acceleration.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(acceleration) = cached {
            let lists = coverage.transmitters.into_iter().map(|transmitter| transmitter.pieces);
            lists.for_each(|pieces| acceleration.buffers.keep_fragments(pieces));
        }
    }

    /// A number by which scenes are told apart ([`fingerprint`]).
    pub(crate) fn fingerprint(&self, coordinates: &[f32]) -> u64 {
        let cached = self.acceleration.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match cached.filter(|acceleration| acceleration.is_of(coordinates)) {
            Some(acceleration) => acceleration.fingerprint(self),
            None => fingerprint(self, coordinates),
        }
    }

    pub(crate) fn acceleration(&self, coordinates: &[f32]) -> Arc<Acceleration> {
        let mut cached = self.acceleration.lock().unwrap_or_else(PoisonError::into_inner);
        match &*cached {
            Some(acceleration) if acceleration.is_of(coordinates) => Arc::clone(acceleration),
            _ => {
                let built = Arc::new(Acceleration::build(self, coordinates));
                *cached = Some(Arc::clone(&built));
                built
            }
        }
    }
}

/// Coordinates that are compared at a time.
const COMPARED: usize = 256;

/// What a ray needs to know of the triangle it hit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facet {
    /// Unit normal, by the right-hand rule over the vertices.
    pub normal: Vec3,
    /// Distance of the facet's plane from the center along the normal \[m\].
    pub offset: f32,
    pub material: u32,
}

/// What paths are spelled with.
#[derive(Debug)]
struct Letters {
    planes: PlaneSet,
    walls: Arc<[Wall]>,
}

/// Everything that ray queries need, for one set of coordinates.
#[derive(Debug)]
pub(crate) struct Acceleration {
    coordinates: Vec<f32>,
    /// Where rays have their origin of coordinates \[m\]: the middle of the scene, so that rounding is that of the
    /// scene's extent, wherever in the world it lies.
    pub center: Vec3,
    pub bvh: Bvh,
    pub facets: Vec<Facet>,
    planes: OnceLock<Letters>,
    facet_planes: OnceLock<Letters>,
    fingerprint: OnceLock<u64>,
    /// Memory that tubes are traced in.
    pub buffers: TubeBuffers,
    /// Memory that coverages are evaluated in.
    pub map_buffers: SharedBuffers,
}

impl Acceleration {
    fn build(topology: &Topology, coordinates: &[f32]) -> Self {
        let positions = || coordinates.chunks_exact(3).map(Vec3::from_slice);
        let bounds = positions().fold(Aabb::EMPTY, Aabb::including);
        let center = if bounds.is_empty() { Vec3::ZERO } else { bounds.center() };
        let vertices = centred(coordinates, center);
        let facet = |(&triangle, &material): (&[u32; 3], &u32)| {
            let [a, b, c] = triangle.map(|v| vertices[v as usize].as_dvec3());
            let normal = (b - a).cross(c - a).normalize_or(glam::DVec3::Z);
            Facet { normal: normal.as_vec3(), offset: normal.dot(a) as f32, material }
        };
        let facets = topology.triangles.iter().zip(&topology.material_from_triangle).map(facet).collect();
        let bvh = Bvh::build(&vertices, &topology.triangles);
        Self {
            coordinates: coordinates.to_vec(),
            center,
            bvh,
            facets,
            planes: OnceLock::new(),
            facet_planes: OnceLock::new(),
            fingerprint: OnceLock::new(),
            buffers: TubeBuffers::default(),
            map_buffers: SharedBuffers::default(),
        }
    }

    /// Whether it was built for these coordinates, bit for bit.
    fn is_of(&self, coordinates: &[f32]) -> bool {
        // Without a way out within a block, it is compared many at a time.
        let same = |(own, other): (&[f32], &[f32])| {
            own.iter().zip(other).fold(0, |all, (a, b)| all | (a.to_bits() ^ b.to_bits())) == 0
        };
        let mut blocks = self.coordinates.chunks(COMPARED).zip(coordinates.chunks(COMPARED));
        self.coordinates.len() == coordinates.len() && blocks.all(same)
    }

    /// A number by which scenes are told apart, computed once.
    pub fn fingerprint(&self, topology: &Topology) -> u64 {
        *self.fingerprint.get_or_init(|| fingerprint(topology, &self.coordinates))
    }

    /// What paths are spelled with: triangles one by one, or the flat pieces, found when first asked for.
    pub fn letters(&self, topology: &Topology, is_faceted: bool) -> &PlaneSet {
        &self.letters_and_walls(topology, is_faceted).planes
    }

    /// The same as coverages keep them.
    pub fn walls(&self, topology: &Topology, is_faceted: bool) -> Arc<[Wall]> {
        Arc::clone(&self.letters_and_walls(topology, is_faceted).walls)
    }

    fn letters_and_walls(&self, topology: &Topology, is_faceted: bool) -> &Letters {
        let found = if is_faceted { &self.facet_planes } else { &self.planes };
        found.get_or_init(|| {
            let find = if is_faceted { PlaneSet::separate } else { PlaneSet::cluster };
            let planes = find(&self.vertices(), &topology.triangles, &topology.material_from_triangle);
            Letters { walls: planes.planes().iter().map(Wall::from).collect(), planes }
        })
    }

    /// The vertices in the coordinates of rays \[m\].
    pub fn vertices(&self) -> Vec<Vec3> {
        centred(&self.coordinates, self.center)
    }
}

fn centred(coordinates: &[f32], center: Vec3) -> Vec<Vec3> {
    coordinates.chunks_exact(3).map(|position| Vec3::from_slice(position) - center).collect()
}
