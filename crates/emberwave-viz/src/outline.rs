//! Where triangles cross the plane of a map: the outlines of buildings.

use std::collections::HashSet;

use emberwave_geometry::TriangleMesh;
use glam::Vec3;

use crate::heatmap::{Extent, FigureError};

/// A line segment in map-local metres.
pub type Segment = [[f32; 2]; 2];

/// The rectangle in space that a planar map covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapPlane {
    origin: Vec3,
    x_axis: Vec3,
    y_axis: Vec3,
    extent: Extent,
}

/// Points closer to the plane than this portion of their distance from the scene's and the map's origin lie
/// in it: about eight roundings of a single-precision coordinate.
const RELATIVE_THICKNESS: f32 = 1e-6;
/// Largest cosine between axes that count as perpendicular.
const PERPENDICULAR: f32 = 1e-3;

impl MapPlane {
    /// A plane through `origin` \[m\] with perpendicular axes of any length, and the part of it that is
    /// mapped.
    ///
    /// # Errors
    ///
    /// If the axes are zero, not finite or not perpendicular, or the extent is not a finite rectangle.
    pub fn new(origin: Vec3, x_axis: Vec3, y_axis: Vec3, extent: Extent) -> Result<Self, FigureError> {
        extent.check()?;
        let refused = || FigureError::Axes { x_axis: x_axis.to_array(), y_axis: y_axis.to_array() };
        let x = x_axis.try_normalize().ok_or_else(refused)?;
        let y = y_axis.try_normalize().ok_or_else(refused)?;
        if !origin.is_finite() || x.dot(y).abs() > PERPENDICULAR {
            return Err(refused());
        }
        let y = (y - x.dot(y) * x).normalize();
        Ok(Self { origin, x_axis: x, y_axis: y, extent })
    }

    /// Height of a point above the plane \[m\], exactly 0 when only rounding separates them.
    fn height(&self, point: Vec3) -> f32 {
        let from_origin = point - self.origin;
        let height = from_origin.dot(self.x_axis.cross(self.y_axis));
        let thickness =
            RELATIVE_THICKNESS * (from_origin.abs().max_element() + self.origin.abs().max_element());
        if height.abs() <= thickness { 0.0 } else { height }
    }

    fn local(&self, point: Vec3) -> [f32; 2] {
        let from_origin = point - self.origin;
        [from_origin.dot(self.x_axis), from_origin.dot(self.y_axis)]
    }
}

/// The segments in which triangles cross a plane, in its local coordinates and clipped to its extent.
///
/// Triangles that lie in the plane (floors) give nothing. An edge that lies in the plane is kept when its
/// triangle leaves the plane, as the foot of a wall does, but only once for all triangles that share it.
///
/// ```
/// # use emberwave_viz::{Extent, MapPlane, outline};
/// # use glam::Vec3;
/// let wall = [Vec3::ZERO, Vec3::new(4.0, 0.0, 0.0), Vec3::new(0.0, 0.0, 3.0)];
/// let extent = Extent::new(-10.0, 10.0, -10.0, 10.0);
/// let plane = MapPlane::new(Vec3::new(0.0, 0.0, 1.5), Vec3::X, Vec3::Y, extent)?;
/// assert_eq!(outline(std::iter::once(wall), &plane), vec![[[2.0, 0.0], [0.0, 0.0]]]);
/// # Ok::<(), emberwave_viz::FigureError>(())
/// ```
#[must_use]
pub fn outline(triangles: impl Iterator<Item = [Vec3; 3]>, plane: &MapPlane) -> Vec<Segment> {
    let mut flat_edges = HashSet::new();
    triangles
        .filter_map(|corners| crossing(corners, plane))
        .filter(|crossing| !crossing.along_edge || flat_edges.insert(unordered(crossing.ends)))
        .filter_map(|crossing| clipped(crossing.ends.map(|point| plane.local(point)), &plane.extent))
        .collect()
}

/// The [`outline`] of meshes.
#[must_use]
pub fn mesh_outline<'a>(
    meshes: impl IntoIterator<Item = &'a TriangleMesh>,
    plane: &MapPlane,
) -> Vec<Segment> {
    let corners = |mesh: &'a TriangleMesh| (0..mesh.triangles.len()).map(move |index| mesh.corners(index));
    outline(meshes.into_iter().flat_map(corners), plane)
}

/// Where a triangle crosses a plane.
struct Crossing {
    ends: [Vec3; 2],
    /// Whether it is an edge of the triangle.
    along_edge: bool,
}

fn crossing(corners: [Vec3; 3], plane: &MapPlane) -> Option<Crossing> {
    let heights = corners.map(|corner| plane.height(corner));
    let on = heights.map(|height| height == 0.0);
    let mut ends = [Vec3::ZERO; 2];
    let mut count = 0;
    let mut keep = |point| {
        if let Some(end) = ends.get_mut(count) {
            *end = point;
        }
        count += 1;
    };
    for here in 0..3 {
        let next = (here + 1) % 3;
        if on[here] {
            keep(corners[here]);
        } else if heights[here] * heights[next] < 0.0 {
            keep(corners[here].lerp(corners[next], heights[here] / (heights[here] - heights[next])));
        }
    }
    let along_edge = on.iter().filter(|&&on| on).count() == 2;
    // One end: a corner touches the plane. Three: the triangle lies in it.
    (count == 2 && ends[0] != ends[1]).then_some(Crossing { ends, along_edge })
}

/// The ends in an order that does not depend on the direction; the key of an edge.
fn unordered(ends: [Vec3; 2]) -> [[u32; 3]; 2] {
    // Adding zero turns −0 into +0.
    let mut key = ends.map(|end| end.to_array().map(|coordinate| (coordinate + 0.0).to_bits()));
    key.sort_unstable();
    key
}

/// The part of a segment inside a rectangle (Liang and Barsky 1984).
fn clipped([start, end]: Segment, extent: &Extent) -> Option<Segment> {
    let low = [extent.x_min, extent.y_min];
    let high = [extent.x_max, extent.y_max];
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    for axis in 0..2 {
        let step = end[axis] - start[axis];
        if step == 0.0 {
            if !(low[axis]..=high[axis]).contains(&start[axis]) {
                return None;
            }
            continue;
        }
        let (a, b) = ((low[axis] - start[axis]) / step, (high[axis] - start[axis]) / step);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    let at = |t: f32| {
        std::array::from_fn(|axis| (start[axis] + t * (end[axis] - start[axis])).clamp(low[axis], high[axis]))
    };
    // A NaN in the corners makes the comparison false.
    (enter < leave).then(|| [at(enter), at(leave)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(height: f32) -> MapPlane {
        let extent = Extent::new(-5.0, 5.0, -5.0, 5.0);
        MapPlane::new(Vec3::Z * height, Vec3::X * 2.0, Vec3::Y, extent).expect("a plane")
    }

    /// The twelve triangles of an axis-aligned box.
    fn cuboid(low: Vec3, high: Vec3) -> Vec<[Vec3; 3]> {
        let mut triangles = Vec::new();
        for axis in 0..3 {
            for level in [low, high] {
                let corner = |u: bool, v: bool| {
                    let mut point = if u { high } else { low };
                    point[(axis + 1) % 3] = if v { high } else { low }[(axis + 1) % 3];
                    point[axis] = level[axis];
                    point
                };
                let quad =
                    [corner(false, false), corner(true, false), corner(true, true), corner(false, true)];
                triangles.extend([[quad[0], quad[1], quad[2]], [quad[0], quad[2], quad[3]]]);
            }
        }
        triangles
    }

    fn length(segments: &[Segment]) -> f32 {
        segments.iter().map(|[a, b]| (a[0] - b[0]).hypot(a[1] - b[1])).sum()
    }

    #[test]
    fn a_house_is_outlined_by_its_perimeter() {
        let house = cuboid(Vec3::ZERO, Vec3::new(3.0, 2.0, 6.0));
        for height in [0.0, 1.5, 6.0] {
            let segments = outline(house.iter().copied(), &plane(height));
            assert!((length(&segments) - 10.0).abs() < 1e-4, "at {height} m: {}", length(&segments));
        }
        assert!(outline(house.into_iter(), &plane(6.1)).is_empty());
    }

    #[test]
    fn a_floor_in_the_plane_gives_nothing_even_when_tilted() {
        let tilt = glam::Quat::from_rotation_x(0.3);
        let floor = [Vec3::ZERO, Vec3::X * 300.0, Vec3::Y * 400.0].map(|corner| tilt * corner);
        let extent = Extent::new(-500.0, 500.0, -500.0, 500.0);
        let plane = MapPlane::new(Vec3::ZERO, Vec3::X, tilt * Vec3::Y, extent).expect("a plane");
        assert!(outline(std::iter::once(floor), &plane).is_empty());
    }

    #[test]
    fn segments_are_clipped_to_the_extent() {
        let house = cuboid(Vec3::new(-8.0, -2.0, 0.0), Vec3::new(2.0, 9.0, 6.0));
        let segments = outline(house.into_iter(), &plane(1.5));
        assert!(segments.iter().flatten().flatten().all(|coordinate| coordinate.abs() <= 5.0));
        assert!((length(&segments) - (7.0 + 7.0)).abs() < 1e-4);
    }

    #[test]
    fn local_coordinates_follow_the_axes() {
        let wall = [Vec3::new(1.0, 2.0, 0.0), Vec3::new(1.0, 6.0, 0.0), Vec3::new(1.0, 2.0, 4.0)];
        let extent = Extent::new(-9.0, 9.0, -9.0, 9.0);
        let vertical = MapPlane::new(Vec3::new(0.0, 3.0, 0.0), Vec3::X, Vec3::Z, extent).expect("a plane");
        let segments = outline(std::iter::once(wall), &vertical);
        assert_eq!(segments.len(), 1);
        assert!(segments[0].iter().all(|end| (end[0] - 1.0).abs() < 1e-6));
        assert!((length(&segments) - 3.0).abs() < 1e-5);
    }

    #[test]
    fn bad_axes_are_refused() {
        let extent = Extent::new(0.0, 1.0, 0.0, 1.0);
        assert!(MapPlane::new(Vec3::ZERO, Vec3::X, Vec3::new(1.0, 1.0, 0.0), extent).is_err());
        assert!(MapPlane::new(Vec3::ZERO, Vec3::X, Vec3::ZERO, extent).is_err());
        assert!(MapPlane::new(Vec3::ZERO, Vec3::X, Vec3::Y, Extent::new(0.0, 0.0, 0.0, 1.0)).is_err());
    }
}
