//! How what is reached grows where it ends: areas that are 0, with the derivative of the border's motion.
//!
//! A map is an integral over what is reached. Where its border moves outwards by v, each metre of it adds v times the
//! power per unit of area that is there on the reached side; see `emberwave_geometry::Border`.

use burn::tensor::Tensor;
use emberwave_em::vector::{dot, scale};
use emberwave_kernels::{CoverageParts, FACE};
use glam::DVec3;

use super::super::rays::indices;
use super::super::world::constant;
use super::geometry::Geometry;
use super::planes::Meeting;
use super::rows::{PathRows, RowRange, Spot};

/// Squared sine of angles under which lines or planes count as parallel: such borders do not move.
const PARALLEL: f64 = 1e-18;

/// Borders of one number of interactions, all made by edges or all by faces.
#[derive(Clone, Debug)]
pub(super) struct BorderRows {
    /// The paths to their middles, for 1 m² each.
    pub rows: PathRows,
    is_face: bool,
    /// What makes each: number of interactions before and both vertices, or [`FACE`] and a triangle.
    bounds: Vec<[u32; 3]>,
    /// From beginning to end, in cells.
    along: Vec<[f64; 2]>,
}

impl BorderRows {
    /// The borders in a range: those made by edges, and those made by faces.
    pub fn split(parts: &CoverageParts, transmitter: usize, range: &RowRange) -> Vec<Self> {
        let lists = &parts.transmitters[transmitter];
        let of = |is_face: bool| {
            let is_like = |at: &usize| (lists.borders[*at][2] == FACE) == is_face;
            let places: Vec<usize> = range.range.clone().filter(is_like).collect();
            let spots = places.iter().map(|&at| {
                let ([sequence, cell, ..], [x, y, ..]) = (lists.borders[at], lists.border_lines[at]);
                Spot { sequence, cell, at: [x, y], share: None }
            });
            Self {
                rows: PathRows::new(parts, transmitter, range.depth, spots),
                is_face,
                bounds: places.iter().map(|&at| [2, 3, 4].map(|of| lists.borders[at][of])).collect(),
                along: places
                    .iter()
                    .map(|&at| [2, 3].map(|of| f64::from(lists.border_lines[at][of])))
                    .collect(),
            }
        };
        [false, true].map(of).into_iter().filter(|borders| borders.rows.count() > 0).collect()
    }

    /// What they sweep as `geometry` moves \[m²\], `[rows]`: zeros with a derivative. `still` is the same as constants.
    pub fn swept(&self, geometry: &Geometry, still: &Geometry) -> Tensor<1> {
        let area = if self.is_face { self.of_faces(geometry, still) } else { self.of_edges(geometry, still) };
        area.clone() - area.detach()
    }

    /// Up to a constant, w·((1 − τ)I + τp − s): where the line from the image source I through the point p of the edge meets
    /// the surface, against the point s of the surface.
    fn of_edges(&self, geometry: &Geometry, still: &Geometry) -> Tensor<1> {
        let levers = self.levers(still);
        let like = &still.vertices;
        let scalars = |of: fn(&Lever) -> f64| {
            constant(levers.iter().map(of).collect(), levers.len(), like).squeeze_dim::<1>(1)
        };
        let vectors = levers.iter().flat_map(|lever| lever.weight.to_array()).collect();
        let weight = constant(vectors, levers.len(), like);
        let (of_edge, reach) = (scalars(|lever| lever.of_edge), scalars(|lever| lever.reach));
        let course = geometry.course(&self.rows);
        let image = geometry.images(&course, &self.rows);
        let [a, b] = [1, 2].map(|end| self.vertices(geometry, end));
        let on_edge = self.unfold(a.clone() + scale(b - a, of_edge), &course);
        let path = image.clone() + scale(on_edge - image, reach);
        dot(weight, path - geometry.points(&self.rows))
    }

    /// Up to a constant, −(m·s − o) (g×n)·t/t² with the triangle's plane m·x = o and the part t of m in the surface.
    fn of_faces(&self, geometry: &Geometry, still: &Geometry) -> Tensor<1> {
        let triangles = || indices(self.bounds.iter().map(|bound| bound[1] as i32), &still.vertices.device());
        let planes = |geometry: &Geometry| geometry.triangles.as_ref().map(|all| all.select(triangles()));
        let (Some(moving), Some(fixed)) = (planes(geometry), planes(still)) else {
            return constant(vec![0.0; self.rows.count()], self.rows.count(), &still.vertices).squeeze_dim(1);
        };
        let outwards = self.outwards(still);
        let factor = |(normal, (up, outwards)): (DVec3, (DVec3, DVec3))| {
            let tangent = normal - up * normal.dot(up);
            let squared = tangent.length_squared();
            if squared > PARALLEL { -outwards.dot(tangent) / squared } else { 0.0 }
        };
        let factors = host(&fixed.normals).into_iter().zip(outwards).map(factor).collect();
        let factors = constant(factors, self.rows.count(), &still.vertices).squeeze_dim::<1>(1);
        moving.heights(geometry.points(&self.rows)) * factors
    }

    /// One of the edges' vertices \[m\], `[rows, 3]`.
    fn vertices(&self, geometry: &Geometry, end: usize) -> Tensor<2> {
        let index = indices(self.bounds.iter().map(|bound| bound[end] as i32), &geometry.vertices.device());
        geometry.vertices.clone().select(0, index)
    }

    /// Points of the edges as they are seen from the surface, behind all that reflects later, `[rows, 3]`.
    fn unfold(&self, points: Tensor<2>, course: &[Meeting]) -> Tensor<2> {
        course.iter().enumerate().fold(points, |points, (before, meeting)| {
            let is_later = |bound: &[u32; 3]| if before >= bound[0] as usize { 1.0 } else { 0.0 };
            let is_later = self.bounds.iter().map(is_later).collect();
            let is_later = constant(is_later, self.bounds.len(), &points).squeeze_dim::<1>(1);
            meeting.mirror_where(points, is_later * meeting.reflected.clone())
        })
    }

    /// The surface's unit normals, and how far borders reach outwards: their lengths across them in the surface \[m\].
    fn outwards(&self, still: &Geometry) -> Vec<(DVec3, DVec3)> {
        let [x, y] = still.steps(&self.rows).map(|steps| host(&steps));
        let of = |((x, y), along): ((&DVec3, &DVec3), &[f64; 2])| {
            let up = x.cross(*y).normalize_or_zero();
            (up, (*x * along[0] + *y * along[1]).cross(up))
        };
        x.iter().zip(&y).zip(&self.along).map(of).collect()
    }

    fn levers(&self, still: &Geometry) -> Vec<Lever> {
        let course = still.course(&self.rows);
        let images = host(&still.images(&course, &self.rows));
        let points = host(&still.points(&self.rows));
        let [a, b] = [1, 2].map(|end| host(&self.unfold(self.vertices(still, end), &course)));
        let lever = |(row, (up, outwards)): (usize, (DVec3, DVec3))| {
            let lever = Lever::new(images[row], points[row], [a[row], b[row]], up, outwards);
            lever.unwrap_or_default()
        };
        self.outwards(still).into_iter().enumerate().map(lever).collect()
    }
}

/// How the motion of an edge becomes that of its shadow; all 0 if it casts none.
#[derive(Clone, Copy, Debug, Default)]
struct Lever {
    /// Swept area of the shadow's motion in space \[m\].
    weight: DVec3,
    /// Where on the edge, 0 at its first vertex and 1 at its second.
    of_edge: f64,
    /// Length of the path over that of its part up to the edge.
    reach: f64,
}

impl Lever {
    /// Of an edge between `ends`, seen from an image source, and the point of the surface (with unit normal `up`) behind it.
    fn new(image: DVec3, point: DVec3, ends: [DVec3; 2], up: DVec3, outwards: DVec3) -> Option<Self> {
        let (path, edge, start) = (point - image, ends[1] - ends[0], image - ends[0]);
        let (squared, of_edge, mixed) = (path.length_squared(), edge.length_squared(), path.dot(edge));
        let determinant = squared * of_edge - mixed * mixed;
        let direction = path.normalize_or_zero();
        let rise = direction.dot(up);
        if determinant <= PARALLEL * squared * of_edge || rise * rise <= PARALLEL {
            return None;
        }
        // A border that is a guess may lie beside its edge.
        let along = (squared * edge.dot(start) - mixed * path.dot(start)) / determinant;
        let along = along.clamp(0.0, 1.0);
        let part = (along * mixed - path.dot(start)) / squared;
        let lever = Self {
            weight: outwards - up * (direction.dot(outwards) / rise),
            of_edge: along,
            reach: part.recip(),
        };
        (part > 0.0 && lever.reach.is_finite()).then_some(lever)
    }
}

/// Vectors on the host.
fn host(vectors: &Tensor<2>) -> Vec<DVec3> {
    let values: Vec<f64> = vectors.clone().detach().into_data().iter::<f64>().collect();
    values.chunks_exact(3).map(DVec3::from_slice).collect()
}
