//! Where a map is measured.

use emberwave_geometry::Aabb;
use emberwave_physics::rotation_matrix;
use glam::{DMat3, DVec3};

use crate::error::{MAX_COORDINATE, SceneError, require};

/// Height of the default plane \[m\], absolute.
const DEFAULT_HEIGHT: f64 = 1.5;

/// Default edge length of a cell \[m\], as in Sionna RT.
const DEFAULT_CELL_SIZE: f64 = 10.0;

/// The surface on which a map is measured.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MeasurementSurface {
    /// A rectangle divided into cells.
    Plane(MeasurementPlane),
}

impl From<MeasurementPlane> for MeasurementSurface {
    fn from(plane: MeasurementPlane) -> Self {
        Self::Plane(plane)
    }
}

/// A rectangle divided into equal rectangular cells.
///
/// Its size is enlarged to a whole number of cells, its centre kept.
///
/// ```
/// # use emberwave_scene::MeasurementPlane;
/// let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [25.0, 10.0], [10.0, 10.0]);
/// assert_eq!(plane.num_cells(), [3, 1]);
/// assert_eq!(plane.cell_center(0, 0), [-10.0, 0.0, 1.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasurementPlane {
    /// Centre \[m\].
    pub center: [f64; 3],
    /// Yaw, pitch and roll \[rad\], Rz(α)·Ry(β)·Rx(γ); zero is horizontal with the normal up.
    pub orientation: [f64; 3],
    /// Requested extent along the local x and y axes \[m\].
    pub size: [f64; 2],
    /// Extent of a cell \[m\].
    pub cell_size: [f64; 2],
}

impl MeasurementPlane {
    /// A horizontal plane.
    #[must_use]
    pub fn new(center: [f64; 3], size: [f64; 2], cell_size: [f64; 2]) -> Self {
        Self { center, orientation: [0.0; 3], size, cell_size }
    }

    /// The default: horizontal, over the whole extent of a scene, 1.5 m above z = 0 (not above the terrain), with
    /// cells of 10 m.
    #[must_use]
    pub fn over(bounds: Aabb) -> Self {
        let (center, size) = (bounds.center().as_dvec3(), bounds.size().as_dvec3());
        Self::new([center.x, center.y, DEFAULT_HEIGHT], [size.x, size.y], [DEFAULT_CELL_SIZE; 2])
    }

    /// Turns the plane by yaw, pitch and roll \[rad\].
    #[must_use]
    pub fn with_orientation(mut self, orientation: [f64; 3]) -> Self {
        self.orientation = orientation;
        self
    }

    /// Number of cells along x and y.
    #[must_use]
    pub fn num_cells(&self) -> [usize; 2] {
        // A size that is a whole number of cells up to rounding stays that number.
        [0, 1].map(|i| (self.size[i] / self.cell_size[i] - 1e-9).ceil().max(1.0) as usize)
    }

    /// Area of a cell \[m²\].
    #[must_use]
    pub fn cell_area(&self) -> f64 {
        self.cell_size[0] * self.cell_size[1]
    }

    /// Unit vectors along the local x and y axes.
    #[must_use]
    pub fn axes(&self) -> [[f64; 3]; 2] {
        let rotation = rotation_matrix(self.orientation);
        [0, 1].map(|column| [0, 1, 2].map(|row| rotation[row][column]))
    }

    /// Position of the centre of cell (`x`, `y`) \[m\].
    #[must_use]
    pub fn cell_center(&self, x: usize, y: usize) -> [f64; 3] {
        let [num_x, num_y] = self.num_cells();
        let [axis_x, axis_y] = self.axes().map(DVec3::from);
        let along_x = (x as f64 + 0.5 - 0.5 * num_x as f64) * self.cell_size[0];
        let along_y = (y as f64 + 0.5 - 0.5 * num_y as f64) * self.cell_size[1];
        (DVec3::from(self.center) + axis_x * along_x + axis_y * along_y).to_array()
    }

    /// Corner of cell (0, 0), edge along x and edge along y \[m\], as the rows of a matrix.
    #[must_use]
    pub fn corner_and_edges(&self) -> [[f64; 3]; 3] {
        let [num_x, num_y] = self.num_cells();
        let [axis_x, axis_y] = self.axes().map(DVec3::from);
        let edge_x = axis_x * (num_x as f64 * self.cell_size[0]);
        let edge_y = axis_y * (num_y as f64 * self.cell_size[1]);
        let corner = DVec3::from(self.center) - 0.5 * (edge_x + edge_y);
        DMat3::from_cols(corner, edge_x, edge_y).to_cols_array_2d()
    }

    /// The plane with a corner, an edge along x and an edge along y \[m\] and so many cells along them: the inverse of
    /// [`Self::corner_and_edges`].
    ///
    /// # Errors
    ///
    /// If the edges do not make a rectangle to within a thousandth, or as [`Self::validate`].
    pub fn from_corner_and_edges(rows: [[f64; 3]; 3], num_cells: [usize; 2]) -> Result<Self, SceneError> {
        let [corner, x, y] = rows.map(DVec3::from);
        let subject = || "measurement plane".to_owned();
        let skew = x.normalize_or_zero().dot(y.normalize_or_zero()).abs();
        let is_rectangle = x.length() > 0.0 && y.length() > 0.0 && skew <= 1e-3;
        require(
            is_rectangle,
            subject,
            "edges",
            "perpendicular and longer than 0",
            [x.to_array(), y.to_array()],
        )?;
        let (along, up) = (x.normalize(), x.cross(y).normalize());
        let across = up.cross(along);
        let orientation = [along.y.atan2(along.x), -along.z.clamp(-1.0, 1.0).asin(), across.z.atan2(up.z)];
        let size = [x.length(), y.length()];
        let plane = Self {
            center: (corner + 0.5 * (x + y)).to_array(),
            orientation,
            size,
            cell_size: [0, 1].map(|axis| size[axis] / num_cells[axis].max(1) as f64),
        };
        plane.validate().map(|()| plane)
    }

    /// Refuses what cannot be measured on.
    ///
    /// # Errors
    ///
    /// If a number is not finite, a size or cell size is not positive, or there are more than 2³⁰ cells.
    pub fn validate(&self) -> Result<(), SceneError> {
        let subject = || "measurement plane".to_owned();
        let finite = |v: &[f64; 3]| v.iter().all(|x| x.is_finite());
        let positive = |v: &[f64; 2]| v.iter().all(|x| x.is_finite() && *x > 0.0);
        require(finite(&self.center), subject, "center", "finite", self.center)?;
        require(finite(&self.orientation), subject, "orientation", "finite", self.orientation)?;
        require(positive(&self.size), subject, "size", "positive and finite", self.size)?;
        require(positive(&self.cell_size), subject, "cell_size", "positive and finite", self.cell_size)?;
        let cells = (self.size[0] / self.cell_size[0]) * (self.size[1] / self.cell_size[1]);
        require(cells <= f64::from(1 << 30), subject, "number of cells", "at most 2^30", cells)?;
        let largest = |numbers: &[f64]| numbers.iter().fold(0.0, |most: f64, number| most.max(number.abs()));
        let extent = largest(&self.center) + largest(&self.size);
        require(extent <= MAX_COORDINATE, subject, "extent", "within 1e7 m of the origin", extent)?;
        let cell = self.cell_size[0].min(self.cell_size[1]);
        let resolved = cell >= f64::from(f32::EPSILON) * extent;
        require(resolved, subject, "cell_size", "large enough to be told apart in single precision", cell)
    }
}
