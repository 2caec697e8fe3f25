//! How much of each cell a polygon covers.
//!
//! Exact areas and centroids by Green's theorem: each edge adds, to the cells it runs through, the area between it and
//! the right side of the cell, and to all cells right of them its rise. A running sum along the row gives the rest.

use glam::Vec2;

use super::polygon::{Corners, MOST_CLIPPED, clip};

/// Smaller covered parts of a cell are rounding.
const SMALLEST: f32 = 2e-6;

/// What the edges leave in a cell, with coordinates within the cell from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    area: f32,
    moment_x: f32,
    moment_y: f32,
    /// Rise of edges in this cell: area of every cell to the right.
    rise: f32,
    /// Moment of the rise.
    rise_moment: f32,
}

/// An edge of the polygon, in cells from the first column.
#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    from: Vec2,
    to: Vec2,
    low: f32,
    high: f32,
    /// Run over rise.
    slope: f32,
    /// Rise over run.
    steepness: f32,
}

/// Buffers for a row of cells.
#[derive(Debug, Default)]
pub(super) struct Rasterizer {
    row: Vec<Sums>,
    edges: Vec<Edge>,
    inside: Corners<Vec2, MOST_CLIPPED>,
    scratch: Corners<Vec2, MOST_CLIPPED>,
}

impl Rasterizer {
    /// Calls `cover` with each cell (along x, along y) that a polygon in cells touches, the covered area in cells and
    /// its centroid.
    pub fn cover(
        &mut self,
        polygon: &Corners<Vec2, MOST_CLIPPED>,
        num_cells: [u32; 2],
        mut cover: impl FnMut([u32; 2], f32, Vec2),
    ) {
        let limit = Vec2::new(num_cells[0] as f32, num_cells[1] as f32);
        let (mut low, mut high) = bounds(polygon.as_slice());
        if high.x <= 0.0 || high.y <= 0.0 || low.x >= limit.x || low.y >= limit.y {
            return;
        }
        self.inside = *polygon;
        if low.x < 0.0 || low.y < 0.0 || high.x >= limit.x || high.y >= limit.y {
            self.keep(|p| p.x);
            self.keep(|p| p.y);
            self.keep(|p| limit.x - p.x);
            self.keep(|p| limit.y - p.y);
            if self.inside.len() < 3 {
                return;
            }
            (low, high) = bounds(self.inside.as_slice());
        }
        let first = low.x as u32;
        let width = (high.x as u32).min(num_cells[0]) - first + 1;
        self.row.clear();
        self.row.resize(width as usize + 1, Sums::default());
        self.list_edges(first);
        for y in low.y as u32..=(high.y as u32).min(num_cells[1] - 1) {
            self.cover_row(first, y, num_cells[0], &mut cover);
        }
    }

    fn keep(&mut self, height: impl Fn(Vec2) -> f32) {
        clip(&self.inside, &mut self.scratch, height);
        std::mem::swap(&mut self.inside, &mut self.scratch);
    }

    /// Lists the edges that are not level.
    fn list_edges(&mut self, first: u32) {
        self.edges.clear();
        let corners = self.inside.as_slice();
        let shift = Vec2::new(first as f32, 0.0);
        let mut from = corners[corners.len() - 1] - shift;
        for &to in corners {
            let to = to - shift;
            if from.y != to.y {
                let (run, rise) = (to.x - from.x, to.y - from.y);
                let (low, high) = (from.y.min(to.y), from.y.max(to.y));
                self.edges.push(Edge { from, to, low, high, slope: run / rise, steepness: rise / run });
            }
            from = to;
        }
    }

    fn cover_row(
        &mut self,
        first: u32,
        y: u32,
        num_cells_x: u32,
        cover: &mut impl FnMut([u32; 2], f32, Vec2),
    ) {
        let bottom = y as f32;
        let (mut left, mut right) = (usize::MAX, 0);
        for edge in &self.edges {
            if edge.high <= bottom || edge.low >= bottom + 1.0 {
                continue;
            }
            let (a, b) = edge.within_row(bottom);
            let (low, high) = (a.x.min(b.x) as usize, a.x.max(b.x) as usize);
            (left, right) = (left.min(low), right.max(high));
            add_edge(&mut self.row, a, b, edge.steepness);
        }
        if left > right {
            return;
        }
        let (mut rise, mut rise_moment) = (0.0, 0.0);
        for x in left..=right.min(self.row.len() - 1) {
            let cell = first + x as u32;
            if cell < num_cells_x && self.row[x].is_zero() && (f32::abs(rise) - 1.0).abs() < SMALLEST {
                cover([cell, y], 1.0, Vec2::new(cell as f32, bottom) + 0.5);
                continue;
            }
            let sums = std::mem::take(&mut self.row[x]);
            let area = sums.area + rise;
            if area.abs() > SMALLEST && cell < num_cells_x {
                let moment = Vec2::new(sums.moment_x + 0.5 * rise, sums.moment_y + rise_moment);
                let centroid = (moment * area.recip()).clamp(Vec2::ZERO, Vec2::ONE);
                cover([cell, y], area.abs(), centroid + Vec2::new(cell as f32, bottom));
            }
            rise += sums.rise;
            rise_moment += sums.rise_moment;
        }
    }
}

fn bounds(corners: &[Vec2]) -> (Vec2, Vec2) {
    corners.iter().fold((Vec2::INFINITY, Vec2::NEG_INFINITY), |(low, high), &p| (low.min(p), high.max(p)))
}

impl Edge {
    /// The part within a row, with y from 0 to 1 there.
    #[inline(always)]
    fn within_row(&self, bottom: f32) -> (Vec2, Vec2) {
        let at = |p: Vec2| {
            let y = p.y.clamp(bottom, bottom + 1.0);
            let x = if y == p.y { p.x } else { self.from.x + (y - self.from.y) * self.slope };
            Vec2::new(x.max(0.0), y - bottom)
        };
        (at(self.from), at(self.to))
    }
}

/// Adds an edge within the row to the cells it runs through.
#[inline(always)]
fn add_edge(row: &mut [Sums], from: Vec2, to: Vec2, slope: f32) {
    let (mut a, sign, b) = if from.x <= to.x { (from, 1.0, to) } else { (to, -1.0, from) };
    let (mut cell, last) = (a.x as usize, (b.x as usize).min(row.len() - 1));
    while cell < last {
        let x = (cell + 1) as f32;
        let cut = Vec2::new(x, a.y + (x - a.x) * slope);
        row[cell].add(a, cut, cell as f32, sign);
        a = cut;
        cell += 1;
    }
    row[cell.min(last)].add(a, b, cell as f32, sign);
}

impl Sums {
    /// Whether no edge runs through the cell.
    #[inline(always)]
    fn is_zero(&self) -> bool {
        self.area == 0.0 && self.rise == 0.0 && self.moment_x == 0.0
    }

    /// Adds the part of an edge that lies in this cell.
    #[inline(always)]
    fn add(&mut self, a: Vec2, b: Vec2, left: f32, sign: f32) {
        let dy = sign * (b.y - a.y);
        let (xa, xb) = (a.x - left, b.x - left);
        self.area += dy * (1.0 - 0.5 * (xa + xb));
        self.moment_x += 0.5 * dy * (1.0 - (xa * xa + xa * xb + xb * xb) / 3.0);
        let (rise, run) = (b.y - a.y, xb - xa);
        self.moment_y += dy * (a.y * (1.0 - xa) + 0.5 * (rise * (1.0 - xa) - a.y * run) - rise * run / 3.0);
        self.rise += dy;
        self.rise_moment += 0.5 * dy * (a.y + b.y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CounterRng;

    /// Twice the area, by the shoelace formula.
    fn double_area(corners: &[Vec2]) -> f32 {
        let next = corners.iter().cycle().skip(1);
        corners.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum()
    }

    #[test]
    fn parts_of_cells_add_up_to_the_polygon() {
        let rng = CounterRng::new(1, 0);
        let mut rasterizer = Rasterizer::default();
        for index in 0..2000 {
            let scale = [0.3, 2.0, 12.0][index as usize % 3];
            let mut polygon = Corners::default();
            let [x, y, ..] = rng.uniforms(index, 0);
            for corner in 0..4 {
                let [radius, angle, ..] = rng.uniforms(index, 1 + corner);
                let turn = (corner as f32 + 0.9 * angle) * std::f32::consts::FRAC_PI_2;
                let offset = Vec2::from_angle(turn) * (0.1 + radius) * scale;
                polygon.push(Vec2::new(20.0 + 10.0 * x, 20.0 + 10.0 * y) + offset);
            }
            let (mut area, mut moment) = (0.0, Vec2::ZERO);
            rasterizer.cover(&polygon, [50, 50], |[x, y], part, centroid| {
                let inside = centroid - Vec2::new(x as f32, y as f32);
                assert!(part <= 1.0 + 1e-4 && inside.min_element() >= 0.0 && inside.max_element() <= 1.0);
                area += part;
                moment += centroid * part;
            });
            let expected = 0.5 * double_area(polygon.as_slice());
            assert!((area - expected).abs() < 1e-4 * (1.0 + expected), "{area} instead of {expected}");
            let (low, high) = bounds(polygon.as_slice());
            let centroid = moment / area;
            assert!(centroid.cmpge(low).all() && centroid.cmple(high).all());
        }
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut polygon = Corners::default();
        for corner in [[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]] {
            polygon.push(Vec2::from(corner));
        }
        let mut cells = 0;
        Rasterizer::default().cover(&polygon, [10, 7], |_, part, _| {
            cells += 1;
            assert!((part - 1.0).abs() < 1e-5);
        });
        assert_eq!(cells, 70);
    }
}
