//! Measurement planes.

use glam::{Vec2, Vec3};

/// Paths that miss the cells by no more than this many of them still count as coming by.
const MARGIN: f32 = 8.0;

/// A rectangle of cells in space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// The corner where both cell indices are 0 \[m\].
    pub corner: Vec3,
    /// Edge along which the first index grows \[m\].
    pub edge_x: Vec3,
    /// Edge along which the second index grows \[m\].
    pub edge_y: Vec3,
    /// Unit normal.
    pub normal: Vec3,
    /// Cells per metre along x, as a covector.
    cells_along_x: Vec3,
    /// Cells per metre along y.
    cells_along_y: Vec3,
    /// From cell to cell \[m\], along x and along y.
    steps: [Vec3; 2],
    /// Number of cells along x and y.
    pub num_cells: [u32; 2],
    /// Number of its first cell.
    pub first_cell: u32,
}

impl Surface {
    /// From corner and edges \[m\], which are at right angles.
    #[must_use]
    pub fn new(corner: Vec3, x: Vec3, y: Vec3, num_cells: [u32; 2], first_cell: u32) -> Self {
        Self {
            corner,
            edge_x: x,
            edge_y: y,
            normal: x.cross(y).normalize_or(Vec3::Z),
            cells_along_x: x * (num_cells[0] as f32 / x.length_squared()),
            cells_along_y: y * (num_cells[1] as f32 / y.length_squared()),
            steps: [x / num_cells[0] as f32, y / num_cells[1] as f32],
            num_cells,
            first_cell,
        }
    }

    /// Area of a cell \[m²\].
    #[must_use]
    pub fn cell_area(&self) -> f32 {
        1.0 / (self.cells_along_x.length() * self.cells_along_y.length())
    }

    /// Area of all cells \[m²\].
    pub(super) fn area(&self) -> f32 {
        self.edge_x.cross(self.edge_y).length()
    }

    /// Number of cells.
    pub(super) fn count(&self) -> usize {
        self.num_cells.iter().product::<u32>() as usize
    }

    /// The point at coordinates in cells \[m\].
    #[inline]
    #[must_use]
    pub fn point(&self, cells: Vec2) -> Vec3 {
        self.corner + self.steps[0] * cells.x + self.steps[1] * cells.y
    }

    /// From a cell to the next along x \[m\].
    #[inline]
    pub(super) fn step_x(&self) -> Vec3 {
        self.steps[0]
    }

    /// Coordinates in cells of a point.
    #[inline(always)]
    pub(super) fn cell_coordinates(&self, point: Vec3) -> Vec2 {
        let from_corner = point - self.corner;
        Vec2::new(from_corner.dot(self.cells_along_x), from_corner.dot(self.cells_along_y))
    }

    /// Number of the cell at indices along x and y.
    #[inline]
    pub(super) fn cell(&self, [x, y]: [u32; 2]) -> u32 {
        self.first_cell + y * self.num_cells[0] + x
    }

    /// Whether a point is on the side that the normal points to.
    #[inline]
    pub(super) fn is_in_front(&self, point: Vec3) -> bool {
        self.normal.dot(point - self.corner) >= 0.0
    }

    /// Where a ray crosses the cells, or comes close to them: the distance \[m\] and the nearest cell.
    #[inline]
    pub(super) fn crossing(&self, origin: Vec3, direction: Vec3) -> Option<(f32, u32)> {
        let along = self.normal.dot(self.corner - origin) / self.normal.dot(direction);
        if !(along > 0.0 && along < f32::INFINITY) {
            return None;
        }
        let at = self.cell_coordinates(origin + direction * along);
        let limit = Vec2::new(self.num_cells[0] as f32, self.num_cells[1] as f32);
        if at.cmplt(Vec2::splat(-MARGIN)).any() || at.cmpgt(limit + MARGIN).any() {
            return None;
        }
        Some((along, self.nearest_cell(at)))
    }

    /// Number of the cell that is nearest to coordinates in cells.
    #[inline]
    pub(super) fn nearest_cell(&self, at: Vec2) -> u32 {
        let limit = Vec2::new(self.num_cells[0] as f32, self.num_cells[1] as f32);
        self.cell(at.clamp(Vec2::ZERO, limit - 1.0).to_array().map(|index| index as u32))
    }

    /// Whether the box around a polygon in cells overlaps the cells.
    pub(super) fn overlaps(&self, polygon: &[Vec2]) -> bool {
        let low = polygon.iter().fold(Vec2::INFINITY, |low, &point| low.min(point));
        let high = polygon.iter().fold(Vec2::NEG_INFINITY, |high, &point| high.max(point));
        let limit = Vec2::new(self.num_cells[0] as f32, self.num_cells[1] as f32);
        high.cmpgt(Vec2::ZERO).all() && low.cmplt(limit).all()
    }

    /// A distance from a point that reaches every cell.
    pub(super) fn reach(&self, from: Vec3) -> f32 {
        let corner = self.corner - from;
        let corners =
            [corner, corner + self.edge_x, corner + self.edge_y, corner + self.edge_x + self.edge_y];
        corners.map(Vec3::length).into_iter().fold(0.0, f32::max) * 4.0 + 1.0
    }
}
