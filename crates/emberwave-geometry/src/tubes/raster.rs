//! How much of each cell a polygon covers.
//!
//! Exact areas and centroids by Green's theorem: each edge adds, to the cells it runs through, the area between it and
//! the right side of the cell, and to all cells right of them its rise. A running sum along the row gives the rest: cells
//! that no edge runs through have what the one before them has. Polygons that share edges are added up before: what is
//! between them cancels, and edges that two of them have in common are left out.

use glam::Vec2;

use super::polygon::{Corners, MOST_CLIPPED, clip};

/// Smaller covered parts of a cell are rounding: of one polygon, and of several.
const SMALLEST: [f32; 2] = [2e-6, 1e-5];

/// A cell of which no more than this is not covered is covered.
const WHOLE: f32 = 2e-5;

/// Products are quicker than quotients.
const THIRD: f32 = 1.0 / 3.0;

/// Columns in a word of the marks of a row.
const WORD: usize = u64::BITS as usize;

/// An empty place in the table of edges.
const EMPTY: u32 = u32::MAX;

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

/// An edge of a polygon that is not level, in cells.
#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    low: Vec2,
    high: Vec2,
    /// −1 where the polygon turns from the higher to the lower end, 0 where another polygon has the edge, too.
    sign: f32,
}

/// Cells in a row that are covered alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The first of them, along x and y.
    pub first: [u32; 2],
    /// Their number.
    pub count: u32,
    /// The covered area of each, in cells.
    pub area: f32,
    /// The centroid of what is covered of the first; those of the others have the same place in their cells.
    pub centroid: Vec2,
}

/// Polygons that are added up cell by cell: where they share an edge, what it leaves cancels.
#[derive(Debug, Default)]
pub(super) struct Rasterizer {
    num_polygons: usize,
    edges: Vec<Edge>,
    /// Edges by their ends.
    table: Vec<u32>,
    /// The first cell of the window, and its width.
    first: [u32; 2],
    width: usize,
    /// The window, row after row; zero but while polygons are added up.
    sums: Vec<Sums>,
    /// The columns of each row that edges run through, one bit each; zero but while polygons are added up.
    marks: Vec<u64>,
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
            self.num_polygons += 1;
            self.list_edges(inside.as_slice());
        }
    }

    fn keep(&mut self, inside: &mut Corners<Vec2, MOST_CLIPPED>, height: impl Fn(Vec2) -> f32) {
        clip(inside, &mut self.scratch, height);
        std::mem::swap(inside, &mut self.scratch);
    }

    /// Lists the edges that are not level.
    fn list_edges(&mut self, corners: &[Vec2]) {
        let mut from = corners[corners.len() - 1];
        for &to in corners {
            if from.y != to.y {
                // From below, so that an edge is the same number by number for the polygons on both sides of it.
                let (low, high, sign) = if from.y < to.y { (from, to, 1.0) } else { (to, from, -1.0) };
                self.edges.push(Edge { low, high, sign });
            }
            from = to;
        }
    }

    /// Calls `cover` with all cells that the polygons touch, row by row, and forgets them.
    pub fn cover(&mut self, num_cells: [u32; 2], mut cover: impl FnMut(Run)) {
        let are_several = std::mem::take(&mut self.num_polygons) > 1;
        if are_several {
            self.leave_out_common_edges();
        }
        if self.edges.is_empty() {
            return;
        }
        let height = self.open(num_cells);
        for index in 0..self.edges.len() {
            self.add_edge(self.edges[index], height);
        }
        let smallest = SMALLEST[usize::from(are_several)];
        for row in 0..height {
            self.cover_row(row, num_cells[0], smallest, &mut cover);
        }
        self.edges.clear();
    }

    /// Forgets the edges that two polygons have in common, one on either side.
    fn leave_out_common_edges(&mut self) {
        let size = (2 * self.edges.len()).next_power_of_two();
        self.table.clear();
        self.table.resize(size, EMPTY);
        for index in 0..self.edges.len() {
            let edge = self.edges[index];
            let mut place = edge.hash() & (size - 1);
            loop {
                let known = self.table[place];
                if known == EMPTY {
                    self.table[place] = index as u32;
                    break;
                }
                let other = &mut self.edges[known as usize];
                if other.sign == -edge.sign && other.low == edge.low && other.high == edge.high {
                    (other.sign, self.edges[index].sign) = (0.0, 0.0);
                    break;
                }
                place = (place + 1) & (size - 1);
            }
        }
        self.edges.retain(|edge| edge.sign != 0.0);
    }

    /// Makes room for all cells around the edges; returns the number of rows.
    fn open(&mut self, num_cells: [u32; 2]) -> usize {
        let around = |(low, high): (Vec2, Vec2), edge: &Edge| {
            (low.min(edge.low).min(edge.high), high.max(edge.low).max(edge.high))
        };
        let (low, high) = self.edges.iter().fold((Vec2::INFINITY, Vec2::NEG_INFINITY), around);
        self.first = [low.x as u32, low.y as u32];
        let last = [high.x as u32, high.y as u32];
        // An edge on the last column's right side runs through the column after it.
        self.width = (last[0].min(num_cells[0]) - self.first[0] + 2) as usize;
        let height = (last[1].min(num_cells[1] - 1) - self.first[1] + 1) as usize;
        if self.sums.len() < self.width * height {
            self.sums.resize(self.width * height, Sums::default());
        }
        let words = self.words() * height;
        if self.marks.len() < words {
            self.marks.resize(words, 0);
        }
        height
    }

    /// Words in the marks of a row.
    fn words(&self) -> usize {
        self.width.div_ceil(WORD)
    }

    /// Adds an edge to the cells of all rows that it runs through.
    fn add_edge(&mut self, edge: Edge, height: usize) {
        let shift = Vec2::new(self.first[0] as f32, self.first[1] as f32);
        let edge = Edge { low: edge.low - shift, high: edge.high - shift, ..edge };
        let (run, rise) = (edge.high.x - edge.low.x, edge.high.y - edge.low.y);
        let (slope, steepness) = (run / rise, rise / run);
        let last = (edge.high.y as usize).min(height - 1);
        let words = self.words();
        for row in edge.low.y as usize..=last {
            let bottom = row as f32;
            if edge.high.y <= bottom {
                break;
            }
            let part = edge.within_row(bottom, slope);
            let marks = &mut self.marks[row * words..][..words];
            add_edge(&mut self.sums[row * self.width..][..self.width], marks, part, steepness, edge.sign);
        }
    }

    fn cover_row(&mut self, row: usize, num_cells_x: u32, smallest: f32, cover: &mut impl FnMut(Run)) {
        let words = self.words();
        let marks = &mut self.marks[row * words..][..words];
        let sums = &mut self.sums[row * self.width..][..self.width];
        let (left, y) = (self.first[0], self.first[1] + row as u32);
        let (mut rise, mut rise_moment, mut next) = (0.0, 0.0, left);
        for (word, marks) in marks.iter_mut().enumerate() {
            let mut bits = std::mem::take(marks);
            while bits != 0 {
                let column = word * WORD + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let cell = left + column as u32;
                let between = f32::abs(rise);
                if cell > next && between > smallest {
                    let moment = Vec2::new(0.5 * rise, rise_moment);
                    cover(Run::new([next, y], cell - next, between, moment / rise));
                }
                let sums = std::mem::take(&mut sums[column]);
                let area = f32::abs(sums.area + rise);
                if area > smallest && cell < num_cells_x {
                    let moment = Vec2::new(sums.moment_x + 0.5 * rise, sums.moment_y + rise_moment);
                    cover(Run::new([cell, y], 1, area, moment / (sums.area + rise)));
                }
                rise += sums.rise;
                rise_moment += sums.rise_moment;
                next = cell + 1;
            }
        }
    }
}

impl Run {
    /// From the place of the centroid within a cell.
    #[inline(always)]
    fn new(first: [u32; 2], count: u32, area: f32, within: Vec2) -> Self {
        let is_whole = (area - 1.0).abs() < WHOLE;
        let (area, within) =
            if is_whole { (1.0, Vec2::splat(0.5)) } else { (area, within.clamp(Vec2::ZERO, Vec2::ONE)) };
        Self { first, count, area, centroid: Vec2::new(first[0] as f32, first[1] as f32) + within }
    }
}

fn bounds(corners: &[Vec2]) -> (Vec2, Vec2) {
    corners.iter().fold((Vec2::INFINITY, Vec2::NEG_INFINITY), |(low, high), &p| (low.min(p), high.max(p)))
}

impl Edge {
    /// The part within a row, with y from 0 to 1 there.
    #[inline(always)]
    fn within_row(&self, bottom: f32, slope: f32) -> (Vec2, Vec2) {
        let at = |p: Vec2| {
            let y = p.y.clamp(bottom, bottom + 1.0);
            let x = if y == p.y { p.x } else { self.low.x + (y - self.low.y) * slope };
            Vec2::new(x.max(0.0), y - bottom)
        };
        (at(self.low), at(self.high))
    }

    /// Bits that depend on both ends.
    #[inline(always)]
    fn hash(&self) -> usize {
        let [a, b, c, d] =
            [self.low.x, self.low.y, self.high.x, self.high.y].map(|number| u64::from(number.to_bits()));
        let ends = [a << 32 | b, c << 32 | d].map(|end| end.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        ((ends[0] >> 32) ^ ends[1].rotate_left(17) >> 32) as usize
    }
}

/// Adds an edge within the row to the cells it runs through, and marks these.
#[inline(always)]
fn add_edge(row: &mut [Sums], marks: &mut [u64], (from, to): (Vec2, Vec2), slope: f32, sign: f32) {
    let (mut a, sign, b) = if from.x <= to.x { (from, sign, to) } else { (to, -sign, from) };
    let (mut cell, last) = (a.x as usize, (b.x as usize).min(row.len() - 1));
    while cell < last {
        let x = (cell + 1) as f32;
        let cut = Vec2::new(x, a.y + (x - a.x) * slope);
        row[cell].add(a, cut, cell as f32, sign);
        marks[cell / WORD] |= 1 << (cell % WORD);
        a = cut;
        cell += 1;
    }
    row[last].add(a, b, cell as f32, sign);
    marks[last / WORD] |= 1 << (last % WORD);
}

impl Sums {
    /// Adds the part of an edge that lies in this cell.
    #[inline(always)]
    fn add(&mut self, a: Vec2, b: Vec2, left: f32, sign: f32) {
        let dy = sign * (b.y - a.y);
        let (xa, xb) = (a.x - left, b.x - left);
        self.area += dy * (1.0 - 0.5 * (xa + xb));
        self.moment_x += 0.5 * dy * (1.0 - THIRD * (xa * xa + xa * xb + xb * xb));
        let (rise, run) = (b.y - a.y, xb - xa);
        self.moment_y += dy * (a.y * (1.0 - xa) + 0.5 * (rise * (1.0 - xa) - a.y * run) - THIRD * rise * run);
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
            rasterizer.cover([50, 50], |run| {
                let inside = run.centroid - Vec2::new(run.first[0] as f32, run.first[1] as f32);
                assert!(run.area <= 1.0 + 1e-4 && inside.min_element() >= 0.0 && inside.max_element() <= 1.0);
                for cell in 0..run.count {
                    area += run.area;
                    moment += (run.centroid + Vec2::new(cell as f32, 0.0)) * run.area;
                }
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
        rasterizer.cover([100, 100], |run| {
            let [x, y] = run.first;
            for cell in &mut parts[(100 * y + x) as usize..][..run.count as usize] {
                assert_eq!(*cell, 0.0, "a cell of {run:?} comes twice");
                *cell = run.area;
            }
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
        rasterizer.cover([10, 7], |run| {
            cells += run.count;
            assert!((run.area - 1.0).abs() < 1e-5);
        });
        assert_eq!(cells, 70);
    }
}
