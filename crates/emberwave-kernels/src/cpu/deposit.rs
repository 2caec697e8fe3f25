//! What rays leave on the measurement surface.

use glam::Vec3;

use super::accumulate::Layout;
use crate::config::PlaneGrid;

/// ‖E‖²/|cos θ| in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Deposit {
    pub cell: u32,
    pub value: f32,
}

/// The deposits of one tile, first in the order in which rays left them, then sorted by the part of the map they
/// belong to.
#[derive(Debug, Default)]
pub(super) struct Deposits {
    unsorted: Vec<Deposit>,
    sorted: Vec<Deposit>,
    starts: Vec<u32>,
}

impl Deposits {
    pub fn clear(&mut self) {
        self.unsorted.clear();
    }

    #[inline]
    pub fn push(&mut self, deposit: Deposit) {
        self.unsorted.push(deposit);
    }

    /// Sorts by part of the map, keeping the order within each part.
    pub fn sort_into(&mut self, layout: Layout) {
        self.starts.clear();
        self.starts.resize(layout.num_parts + 1, 0);
        for deposit in &self.unsorted {
            self.starts[layout.part(deposit.cell) + 1] += 1;
        }
        for part in 0..layout.num_parts {
            self.starts[part + 1] += self.starts[part];
        }
        self.sorted.resize(self.unsorted.len(), Deposit::default());
        let mut places = self.starts.clone();
        for &deposit in &self.unsorted {
            let place = &mut places[layout.part(deposit.cell)];
            self.sorted[*place as usize] = deposit;
            *place += 1;
        }
    }

    /// The deposits of one part of the map, after [`Self::sort_into`].
    pub fn of_part(&self, part: usize) -> &[Deposit] {
        &self.sorted[self.starts[part] as usize..self.starts[part + 1] as usize]
    }
}

/// A plane of the measurement surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    corner: Vec3,
    normal: Vec3,
    /// Cells per metre along the edges, as covectors.
    cells_along_x: Vec3,
    cells_along_y: Vec3,
    grid: PlaneGrid,
    first_cell: u32,
}

impl Plane {
    /// From corner and edges \[m\], as nine numbers; its cells are numbered from `first_cell`.
    pub fn new(rows: &[f32], grid: PlaneGrid, first_cell: usize) -> Self {
        let [corner, x, y] = [0, 3, 6].map(|at| Vec3::from_slice(&rows[at..at + 3]));
        Self {
            corner,
            normal: x.cross(y).normalize_or(Vec3::Z),
            cells_along_x: x * (grid.num_cells_x as f32 / x.length_squared()),
            cells_along_y: y * (grid.num_cells_y as f32 / y.length_squared()),
            grid,
            first_cell: first_cell as u32,
        }
    }

    /// Distance to the crossing, the cell it lies in, and |cos θ|, if the ray crosses the plane's cells nearer than
    /// `limit`.
    #[inline]
    pub fn crossing(&self, origin: Vec3, direction: Vec3, limit: f32) -> Option<Crossing> {
        let cosine = self.normal.dot(direction);
        let from_corner = origin - self.corner;
        let distance = -self.normal.dot(from_corner) / cosine;
        // Positive comparisons, so that the NaN of a ray within the plane is refused.
        if !(distance > 0.0 && distance < limit) {
            return None;
        }
        let point = from_corner + direction * distance;
        let (x, y) = (point.dot(self.cells_along_x), point.dot(self.cells_along_y));
        let inside =
            x >= 0.0 && y >= 0.0 && x < self.grid.num_cells_x as f32 && y < self.grid.num_cells_y as f32;
        let cell = || self.first_cell + y as u32 * self.grid.num_cells_x + x as u32;
        inside.then(|| Crossing { distance, cell: cell(), cosine: cosine.abs() })
    }
}

/// Where a ray crosses the measurement surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Crossing {
    pub distance: f32,
    pub cell: u32,
    pub cosine: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_find_the_cell_and_respect_the_limit() {
        let grid = PlaneGrid { num_cells_x: 4, num_cells_y: 2 };
        let plane = Plane::new(&[0.0, 0.0, 1.0, 8.0, 0.0, 0.0, 0.0, 2.0, 0.0], grid, 100);
        let (origin, down) = (Vec3::new(5.0, 1.5, 3.0), Vec3::NEG_Z);
        let crossing = plane.crossing(origin, down, f32::INFINITY).expect("the ray meets the plane");
        assert_eq!(crossing, Crossing { distance: 2.0, cell: 100 + 4 + 2, cosine: 1.0 });
        assert!(plane.crossing(origin, down, 2.0).is_none());
        assert!(plane.crossing(origin, Vec3::Z, 9.0).is_none());
        assert!(plane.crossing(Vec3::new(5.0, 1.5, 1.0), Vec3::X, 9.0).is_none());
        assert!(plane.crossing(Vec3::new(8.5, 1.5, 3.0), down, 9.0).is_none());
    }
}
