//! How much of each cell a polygon covers.
//!
//! Exact areas and centroids by Green's theorem: each edge adds, to the cells it runs through, the area between it and
//! the right side of the cell, and to all cells right of them its rise. A running sum along the row gives the rest. Polygons
//! that share edges are added up before: what is between them cancels.

use glam::Vec2;

use super::polygon::{Corners, MOST_CLIPPED, clip};

/// Smaller covered parts of a cell are rounding: of one polygon, and of several.
const SMALLEST: [f32; 2] = [2e-6, 1e-5];

/// A cell of which no more than this is not covered is covered.
const WHOLE: f32 = 2e-5;

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
    low: Vec2,
    high: Vec2,
    /// −1 where the polygon turns from the higher to the lower end.
    sign: f32,
    /// Run over rise.
    slope: f32,
    /// Rise over run.
    steepness: f32,
}

/// The columns of a row that edges run through.
#[derive(Clone, Copy, Debug)]
struct Span {
    left: u32,
    right: u32,
}

impl Span {
    const EMPTY: Self = Self { left: u32::MAX, right: 0 };
}

/// Polygons that are added up cell by cell: where they share an edge, what it leaves cancels.
#[derive(Debug, Default)]
pub(super) struct Rasterizer {
    polygons: Vec<Corners<Vec2, MOST_CLIPPED>>,
    /// The first cell of the window, and its width.
    first: [u32; 2],
    width: usize,
    /// The window, row after row; zero but while polygons are added up.
    sums: Vec<Sums>,
    spans: Vec<Span>,
    /// Smaller covered parts of a cell do not count.
    smallest: f32,
    edges: Vec<Edge>,
    scratch: Corners<Vec2, MOST_CLIPPED>,
}

impl Rasterizer {
    /// Takes in what of a polygon in cells lies within the grid. All have the same sense of turning.
    pub fn add(&mut self, polygon: &Corners<Vec2, MOST_CLIPPED>, num_cells: [u32; 2]) {
        let limit = Vec2::new(num_cells[0] as f32, num_cells[1] as f32);
        let (low, high) = bounds(polygon.as_slice());
        if high.x <= 0.0 || high.y <= 0.0 || low.x >= limit.x || low.y >= limit.y {
            return;
        }
        let mut inside = *polygon;
        if low.x < 0.0 || low.y < 0.0 || high.x >= limit.x || high.y >= limit.y {
            self.keep(&mut inside, |p| p.x);
            self.keep(&mut inside, |p| p.y);
            self.keep(&mut inside, |p| limit.x - p.x);
            self.keep(&mut inside, |p| limit.y - p.y);
        }
        if inside.len() >= 3 {
            self.polygons.push(inside);
        }
    }

    fn keep(&mut self, inside: &mut Corners<Vec2, MOST_CLIPPED>, height: impl Fn(Vec2) -> f32) {
        clip(inside, &mut self.scratch, height);
        std::mem::swap(inside, &mut self.scratch);
    }

    /// Calls `cover` with each cell (along x, along y) that the polygons touch, the covered area in cells and its
    /// centroid, and forgets them.
    pub fn cover(&mut self, num_cells: [u32; 2], mut cover: impl FnMut([u32; 2], f32, Vec2)) {
        if self.polygons.is_empty() {
            return;
        }
        let polygons = std::mem::take(&mut self.polygons);
        self.open(&polygons, num_cells);
        for polygon in &polygons {
            self.list_edges(polygon.as_slice());
            for index in 0..self.edges.len() {
                self.add_edge(self.edges[index]);
            }
        }
        for row in 0..self.spans.len() {
            self.cover_row(row, num_cells[0], &mut cover);
        }
        self.polygons = polygons;
        self.polygons.clear();
    }

    /// Makes room for all cells around polygons.
    fn open(&mut self, polygons: &[Corners<Vec2, MOST_CLIPPED>], num_cells: [u32; 2]) {
        let around = |(low, high): (Vec2, Vec2), polygon: &Corners<Vec2, MOST_CLIPPED>| {
            let (own_low, own_high) = bounds(polygon.as_slice());
            (low.min(own_low), high.max(own_high))
        };
        let (low, high) = polygons.iter().fold((Vec2::INFINITY, Vec2::NEG_INFINITY), around);
        self.first = [low.x as u32, low.y as u32];
        self.smallest = SMALLEST[usize::from(polygons.len() > 1)];
        let last = [high.x as u32, high.y as u32];
        // An edge on the last column's right side runs through the column after it.
        self.width = (last[0].min(num_cells[0]) - self.first[0] + 2) as usize;
        let height = (last[1].min(num_cells[1] - 1) - self.first[1] + 1) as usize;
        if self.sums.len() < self.width * height {
            self.sums.resize(self.width * height, Sums::default());
        }
        self.spans.clear();
        self.spans.resize(height, Span::EMPTY);
    }

    /// Lists the edges that are not level.
    fn list_edges(&mut self, corners: &[Vec2]) {
        self.edges.clear();
        let shift = Vec2::new(self.first[0] as f32, self.first[1] as f32);
        let mut from = corners[corners.len() - 1] - shift;
        for &to in corners {
            let to = to - shift;
            if from.y != to.y {
                // From below, so that an edge is the same number by number for the polygons on both sides of it.
                let (low, high, sign) = if from.y < to.y { (from, to, 1.0) } else { (to, from, -1.0) };
                let (run, rise) = (high.x - low.x, high.y - low.y);
                self.edges.push(Edge { low, high, sign, slope: run / rise, steepness: rise / run });
            }
            from = to;
        }
    }

    /// Adds an edge to the cells of all rows that it runs through.
    fn add_edge(&mut self, edge: Edge) {
        let last = (edge.high.y as usize).min(self.spans.len() - 1);
        for row in edge.low.y as usize..=last {
            let bottom = row as f32;
            if edge.high.y <= bottom {
                break;
            }
            let (a, b) = edge.within_row(bottom);
            let span = &mut self.spans[row];
            let (left, right) = (a.x.min(b.x) as u32, a.x.max(b.x) as u32);
            *span = Span { left: span.left.min(left), right: span.right.max(right) };
            add_edge(&mut self.sums[row * self.width..][..self.width], (a, b), edge.steepness, edge.sign);
        }
    }

    fn cover_row(&mut self, row: usize, num_cells_x: u32, cover: &mut impl FnMut([u32; 2], f32, Vec2)) {
        let Span { left, right } = self.spans[row];
        if left > right {
            return;
        }
        let (first, y) = (self.first[0], self.first[1] + row as u32);
        let sums = &mut self.sums[row * self.width..][..self.width];
        let (mut rise, mut rise_moment) = (0.0, 0.0);
        for x in left as usize..=(right as usize).min(sums.len() - 1) {
            let cell = first + x as u32;
            let sums = std::mem::take(&mut sums[x]);
            let area = f32::abs(sums.area + rise);
            if area > self.smallest && cell < num_cells_x {
                let corner = Vec2::new(cell as f32, y as f32);
                if (area - 1.0).abs() < WHOLE {
                    cover([cell, y], 1.0, corner + 0.5);
                } else {
                    let moment = Vec2::new(sums.moment_x + 0.5 * rise, sums.moment_y + rise_moment);
                    let centroid = (moment / (sums.area + rise)).clamp(Vec2::ZERO, Vec2::ONE);
                    cover([cell, y], area, centroid + corner);
                }
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
            let x = if y == p.y { p.x } else { self.low.x + (y - self.low.y) * self.slope };
            Vec2::new(x.max(0.0), y - bottom)
        };
        (at(self.low), at(self.high))
    }
}

/// Adds an edge within the row to the cells it runs through.
#[inline(always)]
fn add_edge(row: &mut [Sums], (from, to): (Vec2, Vec2), slope: f32, sign: f32) {
    let (mut a, sign, b) = if from.x <= to.x { (from, sign, to) } else { (to, -sign, from) };
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
            rasterizer.add(&polygon, [50, 50]);
            rasterizer.cover([50, 50], |[x, y], part, centroid| {
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
    fn polygons_with_common_edges_leave_one_part_in_each_cell() {
        let rng = CounterRng::new(2, 0);
        let corner = |i: u32, j: u32| {
            let [x, y, ..] = rng.uniforms(u64::from(13 * i + j), 0);
            Vec2::new(20.0 + 4.0 * i as f32 + x, 20.0 + 3.0 * j as f32 + y)
        };
        let mut rasterizer = Rasterizer::default();
        let (mut expected, mut polygon) = (0.0, Corners::default());
        for (i, j) in (0..12).flat_map(|i| (0..12).map(move |j| (i, j))) {
            polygon.clear();
            for (i, j) in [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)] {
                polygon.push(corner(i, j));
            }
            expected += 0.5 * double_area(polygon.as_slice());
            rasterizer.add(&polygon, [100, 100]);
        }
        let mut parts = vec![0.0; 100 * 100];
        rasterizer.cover([100, 100], |[x, y], part, _| {
            let cell = &mut parts[(100 * y + x) as usize];
            assert_eq!(*cell, 0.0, "cell {x}, {y} comes twice");
            *cell = part;
        });
        let whole = (22..66).flat_map(|x| (22..55).map(move |y| 100 * y + x));
        assert!(whole.into_iter().all(|cell| parts[cell] == 1.0));
        let area: f32 = parts.iter().sum();
        assert!((area - expected).abs() < 1e-5 * expected, "{area} instead of {expected}");
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut polygon = Corners::default();
        for corner in [[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]] {
            polygon.push(Vec2::from(corner));
        }
        let mut cells = 0;
        let mut rasterizer = Rasterizer::default();
        rasterizer.add(&polygon, [10, 7]);
        rasterizer.cover([10, 7], |_, part, _| {
            cells += 1;
            assert!((part - 1.0).abs() < 1e-5);
        });
        assert_eq!(cells, 70);
    }
}
