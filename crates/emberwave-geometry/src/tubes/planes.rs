//! Which triangles lie in one plane and touch: the letters that paths are spelled with.

use glam::{DVec3, Vec3};
use rustc_hash::FxHashMap;

use super::joints::Joints;
use super::sequence::Letter;

/// Vertices closer than this are one \[m\].
const WELD: f32 = 1e-3;

/// Largest distance of a triangle's corner from the plane of a neighbour that it is joined with \[m\].
const FLATNESS: f64 = 1e-3;

/// Largest sine of the angle between the normals of neighbours that are joined.
const PARALLEL: f64 = 3e-4;

/// A straight edge where a cluster of triangles ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutlineEdge {
    /// Both ends \[m\].
    pub ends: [Vec3; 2],
    /// The same ends as vertices of the mesh.
    pub vertices: [u32; 2],
}

/// A connected flat piece of one material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Unit normal.
    pub normal: DVec3,
    /// Distance from the origin along the normal \[m\].
    pub offset: f64,
    /// Index of the material.
    pub material: u32,
    /// How far the corners of its triangles are from it at most \[m\].
    pub unevenness: f64,
    outline: (u32, u32),
    outline_corners: (u32, u32),
    /// Its largest triangle.
    triangle: u32,
}

/// The flat pieces of a mesh.
#[derive(Clone, Debug, Default)]
pub struct PlaneSet {
    planes: Vec<Plane>,
    plane_from_triangle: Vec<u32>,
    outlines: Vec<OutlineEdge>,
    outline_corners: Vec<OutlineCorner>,
    joints: Joints,
}

/// Where outline edges of a plane meet.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutlineCorner {
    /// Its number.
    pub place: u32,
    /// Where it is \[m\].
    pub point: Vec3,
}

impl PlaneSet {
    /// Joins triangles that share a vertex, lie in one plane and have one material.
    ///
    /// # Panics
    ///
    /// If an index is out of range or the lists differ in length.
    #[must_use]
    pub fn cluster(vertices: &[Vec3], triangles: &[[u32; 3]], materials: &[u32]) -> Self {
        let (facets, corners) = facets(vertices, triangles, materials);
        let mut groups = Groups::new(triangles.len());
        for neighbours in around_vertices(&corners).chunk_by(|a, b| a.0 == b.0) {
            for (index, &(_, first)) in neighbours.iter().enumerate() {
                for &(_, second) in neighbours[index + 1..].iter().take(MOST_NEIGHBOURS) {
                    if facets[first as usize].joins(&facets[second as usize]) {
                        groups.join(first, second);
                    }
                }
            }
        }
        Self::gather(&facets, &corners, groups)
    }

    /// Makes every triangle a plane of its own, with the triangle's index, and all its edges outline edges: what
    /// derivatives by single vertices need.
    ///
    /// # Panics
    ///
    /// If an index is out of range or the lists differ in length.
    #[must_use]
    pub fn separate(vertices: &[Vec3], triangles: &[[u32; 3]], materials: &[u32]) -> Self {
        let (facets, corners) = facets(vertices, triangles, materials);
        Self::gather(&facets, &corners, Groups::new(triangles.len()))
    }

    fn gather(facets: &[Facet], corners: &[[u32; 3]], mut groups: Groups) -> Self {
        let mut plane_from_group = vec![u32::MAX; facets.len()];
        let mut set = Self::default();
        let mut largest: Vec<f64> = Vec::new();
        for (index, facet) in facets.iter().enumerate() {
            let group = groups.root(index as u32) as usize;
            if plane_from_group[group] == u32::MAX {
                plane_from_group[group] = set.planes.len() as u32;
                set.planes.push(facet.plane(index as u32));
                largest.push(facet.double_area);
            }
            let plane = plane_from_group[group];
            set.plane_from_triangle.push(plane);
            if facet.double_area > largest[plane as usize] {
                largest[plane as usize] = facet.double_area;
                set.planes[plane as usize] = facet.plane(index as u32);
            }
        }
        for (facet, &plane) in facets.iter().zip(&set.plane_from_triangle) {
            let plane = &mut set.planes[plane as usize];
            let height = |corner: &Vec3| (plane.normal.dot(corner.as_dvec3()) - plane.offset).abs();
            plane.unevenness = facet.corners.iter().map(height).fold(plane.unevenness, f64::max);
        }
        let places = set.outline(facets, corners);
        set.list_outline_corners(&places);
        set.joints = Joints::new(places);
        set
    }

    /// Lists the edges that belong to an odd number of triangles of a plane; returns the places where each begins and
    /// ends.
    fn outline(&mut self, facets: &[Facet], corners: &[[u32; 3]]) -> Vec<[u32; 2]> {
        let mut places = Vec::new();
        let mut edges: Vec<(u32, u32, u32, u32)> = Vec::with_capacity(3 * corners.len());
        for (triangle, corner) in corners.iter().enumerate() {
            for side in 0..3 {
                let (a, b) = (corner[side], corner[(side + 1) % 3]);
                let at = (3 * triangle + side) as u32;
                edges.push((self.plane_from_triangle[triangle], a.min(b), a.max(b), at));
            }
        }
        edges.sort_unstable();
        for same in edges.chunk_by(|x, y| (x.0, x.1, x.2) == (y.0, y.1, y.2)) {
            let (plane, a, b, at) = same[0];
            if same.len() % 2 == 1 && a != b {
                let facet = &facets[at as usize / 3];
                let side = at as usize % 3;
                let plane = &mut self.planes[plane as usize];
                if plane.outline.1 == 0 {
                    plane.outline.0 = self.outlines.len() as u32;
                }
                plane.outline.1 += 1;
                let sides = [side, (side + 1) % 3];
                self.outlines.push(OutlineEdge {
                    ends: sides.map(|side| facet.corners[side]),
                    vertices: sides.map(|side| facet.vertices[side]),
                });
                places.push(sides.map(|side| corners[at as usize / 3][side]));
            }
        }
        places
    }

    /// Lists the places where the outline edges of each plane begin and end, once.
    fn list_outline_corners(&mut self, places: &[[u32; 2]]) {
        for plane in &mut self.planes {
            let (first, count) = plane.outline;
            let edges = first as usize..(first + count) as usize;
            let ends = self.outlines[edges.clone()].iter().zip(&places[edges]).flat_map(|(edge, places)| {
                [0, 1].map(|end| OutlineCorner { place: places[end], point: edge.ends[end] })
            });
            let mut corners: Vec<OutlineCorner> = ends.collect();
            corners.sort_by_key(|corner| corner.place);
            corners.dedup_by_key(|corner| corner.place);
            plane.outline_corners = (self.outline_corners.len() as u32, corners.len() as u32);
            self.outline_corners.extend(corners);
        }
    }

    /// The planes.
    #[must_use]
    pub fn planes(&self) -> &[Plane] {
        &self.planes
    }

    /// The plane of a letter as paths meet it: normal along them, and distance from a point \[m\].
    #[inline]
    pub(super) fn seen_from(&self, letter: Letter, point: Vec3) -> (Vec3, f32) {
        let plane = &self.planes[(letter >> 1) as usize];
        let sign = if letter & 1 == 1 { 1.0 } else { -1.0 };
        let normal = plane.normal.as_vec3() * sign;
        (normal, plane.offset as f32 * sign - normal.dot(point))
    }

    /// The plane of each triangle.
    #[must_use]
    pub fn plane_from_triangle(&self) -> &[u32] {
        &self.plane_from_triangle
    }

    /// The edges where a plane's triangles end.
    #[must_use]
    pub fn outline_of(&self, plane: u32) -> &[OutlineEdge] {
        let (first, count) = self.planes[plane as usize].outline;
        &self.outlines[first as usize..(first + count) as usize]
    }

    /// Where the edges of a plane's outline meet.
    #[inline]
    pub(super) fn outline_corners_of(&self, plane: u32) -> &[OutlineCorner] {
        let (first, count) = self.planes[plane as usize].outline_corners;
        &self.outline_corners[first as usize..(first + count) as usize]
    }

    /// Index of the first of a plane's outline edges.
    #[inline]
    pub(super) fn first_outline_edge(&self, plane: u32) -> u32 {
        self.planes[plane as usize].outline.0
    }

    /// An outline edge by its index.
    pub(super) fn outline_edge(&self, edge: u32) -> &OutlineEdge {
        &self.outlines[edge as usize]
    }

    /// Where outline edges meet.
    #[inline]
    pub(super) fn joints(&self) -> &Joints {
        &self.joints
    }

    /// The largest triangle of a plane.
    pub(super) fn largest_triangle(&self, plane: u32) -> u32 {
        self.planes[plane as usize].triangle
    }
}

/// How many triangles around a vertex each one is compared with.
const MOST_NEIGHBOURS: usize = 16;

#[derive(Clone, Copy, Debug)]
struct Facet {
    corners: [Vec3; 3],
    vertices: [u32; 3],
    normal: DVec3,
    offset: f64,
    double_area: f64,
    material: u32,
}

impl Facet {
    fn new(of_mesh: &[Vec3], vertices: [u32; 3], material: u32) -> Self {
        let corners = vertices.map(|vertex| of_mesh[vertex as usize]);
        let [a, b, c] = corners.map(|corner| corner.as_dvec3());
        let cross = (b - a).cross(c - a);
        let normal = cross.normalize_or(DVec3::Z);
        Self { corners, vertices, normal, offset: normal.dot(a), double_area: cross.length(), material }
    }

    fn plane(&self, triangle: u32) -> Plane {
        let Self { normal, offset, material, .. } = *self;
        Plane {
            normal,
            offset,
            material,
            unevenness: 0.0,
            outline: (0, 0),
            outline_corners: (0, 0),
            triangle,
        }
    }

    fn joins(&self, other: &Self) -> bool {
        let flat = |plane: &Self, corners: &[Vec3; 3]| {
            corners.iter().all(|c| (plane.normal.dot(c.as_dvec3()) - plane.offset).abs() < FLATNESS)
        };
        self.material == other.material
            && self.double_area > 0.0
            && other.double_area > 0.0
            && self.normal.cross(other.normal).length() < PARALLEL
            && flat(self, &other.corners)
            && flat(other, &self.corners)
    }
}

/// The facet of each triangle, and its corners as numbers of places.
fn facets(vertices: &[Vec3], triangles: &[[u32; 3]], materials: &[u32]) -> (Vec<Facet>, Vec<[u32; 3]>) {
    assert_eq!(triangles.len(), materials.len(), "one material per triangle");
    let welded = weld(vertices);
    let corners = triangles.iter().map(|t| t.map(|v| welded[v as usize])).collect();
    let facet = |(&triangle, &material): (&[u32; 3], &u32)| Facet::new(vertices, triangle, material);
    (triangles.iter().zip(materials).map(facet).collect(), corners)
}

/// One number for all vertices at one place.
fn weld(vertices: &[Vec3]) -> Vec<u32> {
    let mut numbers: FxHashMap<[i32; 3], u32> = FxHashMap::default();
    numbers.reserve(vertices.len());
    let number = |vertex: &Vec3| {
        let next = numbers.len() as u32;
        *numbers.entry((*vertex / WELD).round().to_array().map(|x| x as i32)).or_insert(next)
    };
    vertices.iter().map(number).collect()
}

/// Vertices and the triangles they belong to, sorted.
fn around_vertices(corners: &[[u32; 3]]) -> Vec<(u32, u32)> {
    let of_triangle = |(index, corner): (usize, &[u32; 3])| corner.map(|vertex| (vertex, index as u32));
    let mut pairs: Vec<(u32, u32)> = corners.iter().enumerate().flat_map(of_triangle).collect();
    pairs.sort_unstable();
    pairs
}

/// Disjoint sets.
struct Groups {
    parent: Vec<u32>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self { parent: (0..count as u32).collect() }
    }

    fn root(&mut self, mut item: u32) -> u32 {
        while self.parent[item as usize] != item {
            let above = self.parent[self.parent[item as usize] as usize];
            self.parent[item as usize] = above;
            item = above;
        }
        item
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
    }
}
