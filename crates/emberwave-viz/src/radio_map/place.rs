//! Where a map lies: the axes of its picture, its outlines and its transmitters.

use emberwave_scene::MeasurementPlane;
use emberwave_solvers::RadioMap;
use glam::{DVec3, Vec3};

use super::read::floats;
use crate::export::ExportError;
use crate::heatmap::Extent;
use crate::outline::{MapPlane, Segment, outline};

/// How far an axis may be from the world's to count as the world's.
const ALIGNED: f64 = 1e-9;

/// The coordinates of a picture's axes.
///
/// They are the world's where the map's axes are the world's x and y, and count from the map's centre otherwise.
pub(super) struct Place {
    origin: DVec3,
    axes: [DVec3; 2],
    pub(super) extent: Extent,
}

impl Place {
    pub(super) fn of(plane: &MeasurementPlane) -> Self {
        let axes = plane.axes().map(DVec3::from);
        let aligned = axes[0].distance(DVec3::X) < ALIGNED && axes[1].distance(DVec3::Y) < ALIGNED;
        let center = DVec3::from(plane.center);
        let origin = if aligned { DVec3::Z * center.z } else { center };
        let middle = center - origin;
        let cells = plane.num_cells();
        let half = [0, 1].map(|axis| 0.5 * cells[axis] as f64 * plane.cell_size[axis]);
        let [x_min, x_max] = [middle.x - half[0], middle.x + half[0]];
        let [y_min, y_max] = [middle.y - half[1], middle.y + half[1]];
        let extent = Extent::new(x_min as f32, x_max as f32, y_min as f32, y_max as f32);
        Self { origin, axes, extent }
    }

    /// Where points project into the map.
    pub(super) fn project(&self, point: DVec3) -> [f32; 2] {
        self.axes.map(|axis| (point - self.origin).dot(axis) as f32)
    }

    /// Where the scene's surfaces cross the map.
    pub(super) fn outlines(&self, map: &RadioMap) -> Result<Vec<Segment>, ExportError> {
        let [x_axis, y_axis] = self.axes.map(|axis| axis.as_vec3());
        let plane = MapPlane::new(self.origin.as_vec3(), x_axis, y_axis, self.extent)?;
        let (vertices, topology) = map.geometry();
        let coordinates = floats("vertices", vertices)?;
        let vertex = |index: u32| {
            let row = index as usize;
            Vec3::from_array([0, 1, 2].map(|axis| coordinates[[row, axis]]))
        };
        Ok(outline(topology.triangles().iter().map(|corners| corners.map(vertex)), &plane))
    }

    /// Where the transmitters project into the map.
    pub(super) fn transmitters(&self, map: &RadioMap) -> Result<Vec<[f32; 2]>, ExportError> {
        let positions = floats("tx_positions", map.tx_positions())?;
        let position = |row: usize| DVec3::from([0, 1, 2].map(|axis| f64::from(positions[[row, axis]])));
        Ok((0..positions.shape()[0]).map(|row| self.project(position(row))).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::FRAC_PI_2;

    use super::*;

    #[test]
    fn a_level_map_has_the_coordinates_of_the_world() {
        let plane = MeasurementPlane::new([100.0, -50.0, 1.5], [25.0, 10.0], [10.0, 10.0]);
        let place = Place::of(&plane);
        assert_eq!(place.extent, Extent::new(85.0, 115.0, -55.0, -45.0));
        assert_eq!(place.project(DVec3::new(90.0, -51.0, 30.0)), [90.0, -51.0]);
    }

    #[test]
    fn a_turned_map_counts_from_its_centre() {
        let plane = MeasurementPlane::new([100.0, -50.0, 1.5], [20.0, 10.0], [10.0, 10.0])
            .with_orientation([FRAC_PI_2, 0.0, 0.0]);
        let place = Place::of(&plane);
        assert_eq!(place.extent, Extent::new(-10.0, 10.0, -5.0, 5.0));
        let [x, y] = place.project(DVec3::new(98.0, -47.0, 30.0));
        assert!((x - 3.0).abs() < 1e-5 && (y - 2.0).abs() < 1e-5, "{x}, {y}");
    }
}
