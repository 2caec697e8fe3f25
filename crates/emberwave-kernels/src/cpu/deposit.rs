//! What rays leave on the measurement surface.

use glam::Vec3;
use multiversion::multiversion;

use super::accumulate::Layout;
use super::batch::{BATCH_SIZE, Batch, Column};
use super::job::MapJob;
use super::statistics::MapCotangent;
use crate::config::PlaneGrid;

/// ‖E‖²/|cos θ| in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Deposit {
    pub cell: u32,
    pub value: f32,
}

/// What the statistics need to know of a deposit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Details {
    /// Unfolded length from the transmitter \[m\].
    pub length: f32,
    /// Towards where the wave comes from.
    pub arrival: Vec3,
    /// Launch direction at the transmitter.
    pub departure: Vec3,
}

/// The deposits of one tile, first in the order in which rays left them, then sorted by the part of the map they
/// belong to.
#[derive(Debug, Default)]
pub(super) struct Deposits {
    unsorted: Vec<Deposit>,
    sorted: Vec<Deposit>,
    /// One per deposit where statistics are wanted, none otherwise.
    unsorted_details: Vec<Details>,
    sorted_details: Vec<Details>,
    starts: Vec<u32>,
    /// Where the next deposit of each part goes.
    next: Vec<u32>,
}

impl Deposits {
    pub fn clear(&mut self) {
        self.unsorted.clear();
        self.unsorted_details.clear();
    }

    pub fn push(&mut self, deposit: Deposit) {
        self.unsorted.push(deposit);
    }

    /// Tells more of the deposit that was pushed last: of all of them or of none.
    pub fn push_details(&mut self, details: Details) {
        self.unsorted_details.push(details);
    }

    /// Makes room for deposits in these cells, all of them or none with details; they are then given by [`Self::place`], in
    /// this order.
    pub fn expect(&mut self, cells: impl Iterator<Item = u32>, detailed: bool, layout: Layout) {
        self.starts.clear();
        self.starts.resize(layout.num_parts + 1, 0);
        // Neighbours mostly belong to the same part, and a count in memory would wait for its last change.
        let (mut part, mut count, mut total) = (0, 0, 0);
        for next in cells.map(|cell| layout.part(cell)) {
            if next != part {
                self.starts[part + 1] += count;
                total += count as usize;
                (part, count) = (next, 0);
            }
            count += 1;
        }
        self.starts[part + 1] += count;
        total += count as usize;
        self.add_up_starts(layout);
        self.sorted.resize(total, Deposit::default());
        self.sorted_details.resize(if detailed { total } else { 0 }, Details::default());
        self.next.clone_from(&self.starts);
    }

    /// Puts the next deposits where they belong.
    pub fn place(
        &mut self,
        cells: &[u32],
        values: &[f32],
        details: impl Fn(usize) -> Details,
        layout: Layout,
    ) {
        let mut first = 0;
        for span in cells.chunk_by(|&a, &b| layout.part(a) == layout.part(b)) {
            let next = &mut self.next[layout.part(span[0])];
            let places = *next as usize..*next as usize + span.len();
            *next += span.len() as u32;
            let deposits = span.iter().zip(&values[first..]).map(|(&cell, &value)| Deposit { cell, value });
            for (place, deposit) in self.sorted[places.clone()].iter_mut().zip(deposits) {
                *place = deposit;
            }
            if !self.sorted_details.is_empty() {
                for (index, place) in self.sorted_details[places].iter_mut().enumerate() {
                    *place = details(first + index);
                }
            }
            first += span.len();
        }
    }

    fn add_up_starts(&mut self, layout: Layout) {
        for part in 0..layout.num_parts {
            self.starts[part + 1] += self.starts[part];
        }
    }

    /// Sorts by part of the map, keeping the order within each part.
    pub fn sort_into(&mut self, layout: Layout) {
        self.starts.clear();
        self.starts.resize(layout.num_parts + 1, 0);
        for deposit in &self.unsorted {
            self.starts[layout.part(deposit.cell) + 1] += 1;
        }
        self.add_up_starts(layout);
        self.sorted.resize(self.unsorted.len(), Deposit::default());
        self.sorted_details.resize(self.unsorted_details.len(), Details::default());
        self.next.clone_from(&self.starts);
        for (index, &deposit) in self.unsorted.iter().enumerate() {
            let place = &mut self.next[layout.part(deposit.cell)];
            self.sorted[*place as usize] = deposit;
            if let Some(&details) = self.unsorted_details.get(index) {
                self.sorted_details[*place as usize] = details;
            }
            *place += 1;
        }
    }

    /// The deposits of one part of the map, after [`Self::sort_into`].
    pub fn of_part(&self, part: usize) -> &[Deposit] {
        &self.sorted[self.starts[part] as usize..self.starts[part + 1] as usize]
    }

    /// The details of the same deposits, where they were listed.
    pub fn details_of_part(&self, part: usize) -> &[Details] {
        &self.sorted_details[self.starts[part] as usize..self.starts[part + 1] as usize]
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

    /// The same plane in coordinates whose origin is `center`.
    pub fn seen_from(self, center: Vec3) -> Self {
        Self { corner: self.corner - center, ..self }
    }

    /// Where a ray crosses the plane's cells; `cell` is [`NO_CELL`] where it does not.
    #[inline(always)]
    fn crossing(&self, origin: Vec3, direction: Vec3) -> Crossing {
        let cosine = self.normal.dot(direction);
        let from_corner = origin - self.corner;
        let distance = -self.normal.dot(from_corner) / cosine;
        let point = from_corner + direction * distance;
        let (x, y) = (point.dot(self.cells_along_x), point.dot(self.cells_along_y));
        let (num_x, num_y) = (self.grid.num_cells_x, self.grid.num_cells_y);
        // Positive comparisons, so that the NaN of a ray within the plane is refused.
        let inside = (distance > 0.0)
            & (distance < f32::INFINITY)
            & (x >= 0.0)
            & (y >= 0.0)
            & (x < num_x as f32)
            & (y < num_y as f32);
        let (x, y) = if inside { (x, y) } else { (0.0, 0.0) };
        // SAFETY: both lie between 0 and a number of cells.
        let (x, y) = unsafe { (x.to_int_unchecked::<i32>() as u32, y.to_int_unchecked::<i32>() as u32) };
        // Rounding the number of cells to f32 may let the coordinate reach it.
        let cell = self.first_cell + y.min(num_y - 1) * num_x + x.min(num_x - 1);
        Crossing { distance, cell: if inside { cell } else { NO_CELL }, cosine: cosine.abs() }
    }
}

/// The cell index of a ray that crosses no cell.
const NO_CELL: u32 = u32::MAX;

/// Where a ray crosses the measurement surface.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Crossing {
    distance: f32,
    cell: u32,
    cosine: f32,
}

/// Where the rays of a batch cross a plane, and what they leave there.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Crossings {
    cell: Column<u32>,
    value: Column<f32>,
    distance: Column<f32>,
    cosine: Column<f32>,
}

impl Crossings {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self { cell: [NO_CELL; BATCH_SIZE], value: zero, distance: zero, cosine: zero })
    }

    /// Lists what the rays leave on the planes before they hit.
    pub fn deposit(&mut self, job: &MapJob<'_>, batch: &Batch, deposits: &mut Deposits) {
        let detailed = job.config.channels.any();
        for plane in &job.planes {
            cross(plane, batch, self);
            for ray in 0..batch.len {
                let cell = self.cell[ray];
                if cell != NO_CELL {
                    deposits.push(Deposit { cell, value: self.value[ray] });
                    if detailed {
                        deposits.push_details(self.details(job, batch, ray));
                    }
                }
            }
        }
    }

    /// The derivative of a loss by ‖E‖² of every ray, given that by every deposit.
    pub fn pull_back(
        &mut self,
        job: &MapJob<'_>,
        batch: &Batch,
        cotangent: &MapCotangent<'_>,
        seeds: &mut Column<f32>,
    ) {
        seeds.fill(0.0);
        for plane in &job.planes {
            cross(plane, batch, self);
            for (ray, seed) in seeds.iter_mut().enumerate().take(batch.len) {
                let cell = self.cell[ray];
                if cell != NO_CELL {
                    let details = || self.details(job, batch, ray);
                    *seed += cotangent.of_deposit(cell as usize, details) / self.cosine[ray];
                }
            }
        }
    }

    /// Where the rays cross a plane: the ray, the cell, the distance \[m\] and |cos θ|.
    pub fn on_plane(&mut self, plane: &Plane, batch: &Batch) -> impl Iterator<Item = (usize, u32, f32, f32)> {
        cross(plane, batch, self);
        let crossing = |ray: usize| (ray, self.cell[ray], self.distance[ray], self.cosine[ray]);
        (0..batch.len).map(crossing).filter(|crossing| crossing.1 != NO_CELL)
    }

    /// The cell of each ray that crosses the plane before it hits.
    pub fn cells(&mut self, plane: &Plane, batch: &Batch) -> impl Iterator<Item = Option<u32>> {
        cross(plane, batch, self);
        self.cell[..batch.len].iter().map(|&cell| (cell != NO_CELL).then_some(cell))
    }

    fn details(&self, job: &MapJob<'_>, batch: &Batch, ray: usize) -> Details {
        Details {
            length: batch.length[ray] + self.distance[ray],
            arrival: -batch.direction(ray),
            departure: job.lattice.direction(batch.index[ray]),
        }
    }

    /// Sets the farthest distance that each ray has to go to where it leaves the last plane it crosses, 0 where it
    /// crosses none; returns the number of rays that cross one.
    pub fn limit_to_planes(&mut self, planes: &[Plane], batch: &mut Batch) -> u64 {
        batch.distance.fill(0.0);
        for plane in planes {
            limit(plane, batch);
        }
        batch.distance[..batch.len].iter().filter(|&&distance| distance > 0.0).count() as u64
    }
}

/// Finds the cell of every ray that crosses the plane nearer than its hit, and ‖E‖²/|cos θ|.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn cross(plane: &Plane, batch: &Batch, crossings: &mut Crossings) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let crossing = plane.crossing(batch.origin(i), batch.direction(i));
        let reached = crossing.distance < batch.distance[i];
        crossings.cell[i] = if reached { crossing.cell } else { NO_CELL };
        crossings.value[i] = batch.power(i) / crossing.cosine;
        crossings.distance[i] = crossing.distance;
        crossings.cosine[i] = crossing.cosine;
    }
}

/// Lengthens each ray to beyond where it crosses the plane.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn limit(plane: &Plane, batch: &mut Batch) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let crossing = plane.crossing(batch.origin(i), batch.direction(i));
        let beyond = crossing.distance * (1.0 + 4.0 * f32::EPSILON);
        let needed = if crossing.cell == NO_CELL { 0.0 } else { beyond };
        batch.distance[i] = batch.distance[i].max(needed);
    }
}

/// Adds the distance to the last crossing of the measurement surface, for rays that cross it before they hit.
pub(super) fn add_surface_length(planes: &[Plane], batch: &mut Batch) {
    for i in 0..batch.len {
        let crossings = planes.iter().map(|plane| plane.crossing(batch.origin(i), batch.direction(i)));
        let reached =
            crossings.filter(|crossing| crossing.cell != NO_CELL && crossing.distance < batch.distance[i]);
        batch.surface_length[i] += reached.map(|crossing| crossing.distance).fold(0.0, f32::max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deposits_come_in_the_same_order_whether_expected_or_sorted() {
        let layout = Layout::new(1000);
        let cells: Vec<u32> = (0..300).map(|i| (i / 7 * 331 + i % 7) % 1000).collect();
        let values: Vec<f32> = (0..300u16).map(f32::from).collect();
        let details = |index: usize| Details { length: values[index], ..Details::default() };
        let [mut sorted, mut placed] = [Deposits::default(), Deposits::default()];
        for (index, (&cell, &value)) in cells.iter().zip(&values).enumerate() {
            sorted.push(Deposit { cell, value });
            sorted.push_details(details(index));
        }
        sorted.sort_into(layout);
        placed.expect(cells.iter().copied(), true, layout);
        placed.place(&cells[..100], &values[..100], details, layout);
        placed.place(&cells[100..], &values[100..], |index| details(100 + index), layout);
        for part in 0..layout.num_parts {
            assert_eq!(placed.of_part(part), sorted.of_part(part));
            assert_eq!(placed.details_of_part(part), sorted.details_of_part(part));
        }
    }

    #[test]
    fn crossings_find_the_cell_ahead_of_a_ray() {
        let grid = PlaneGrid { num_cells_x: 4, num_cells_y: 2 };
        let plane = Plane::new(&[0.0, 0.0, 1.0, 8.0, 0.0, 0.0, 0.0, 2.0, 0.0], grid, 100);
        let (origin, down) = (Vec3::new(5.0, 1.5, 3.0), Vec3::NEG_Z);
        let crossing = plane.crossing(origin, down);
        assert_eq!(crossing, Crossing { distance: 2.0, cell: 100 + 4 + 2, cosine: 1.0 });
        assert_eq!(plane.crossing(origin, Vec3::Z).cell, NO_CELL);
        assert_eq!(plane.crossing(Vec3::new(5.0, 1.5, 1.0), Vec3::X).cell, NO_CELL);
        assert_eq!(plane.crossing(Vec3::new(8.5, 1.5, 3.0), down).cell, NO_CELL);
    }
}
