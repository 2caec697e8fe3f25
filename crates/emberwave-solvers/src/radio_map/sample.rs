//! A radio map at points between the centres of its cells.

use burn::tensor::{Bool, Int, Tensor, TensorData};
use emberwave_physics::units::SMALLEST_LINEAR;
use glam::DVec3;

use super::RadioMap;

/// Smallest sum of weights that is divided by.
const SMALLEST_WEIGHT: f32 = 1e-20;

/// In which measure values between cell centres are interpolated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interpolation {
    /// Bilinear in the linear path gain; cells that no path reaches count as 0.
    #[default]
    Linear,
    /// Bilinear in the path gain in dB, among those of the four neighbours that a path reaches.
    Decibel,
}

/// A radio map at points.
///
/// Where a point lies outside the map, or no path reaches its neighbourhood, the gain is 0 and
/// [`covered`](Self::covered) false.
#[derive(Clone, Debug)]
pub struct RadioMapSamples {
    path_gain: Tensor<2>,
    power: Tensor<1>,
    inside: Tensor<1, Bool>,
}

impl RadioMapSamples {
    /// Path gain, linear, `[num_tx, num_points]`.
    #[must_use]
    pub fn path_gain(&self) -> Tensor<2> {
        self.path_gain.clone()
    }

    /// Path gain \[dB\], `[num_tx, num_points]`, bounded below as that of a [`RadioMap`].
    #[must_use]
    pub fn path_gain_db(&self) -> Tensor<2> {
        decibels(self.path_gain())
    }

    /// Received signal strength \[W\], `[num_tx, num_points]`.
    #[must_use]
    pub fn rss(&self) -> Tensor<2> {
        self.path_gain() * self.power.clone().unsqueeze_dim(1)
    }

    /// Received signal strength \[dBm\], `[num_tx, num_points]`, bounded below.
    #[must_use]
    pub fn rss_dbm(&self) -> Tensor<2> {
        self.path_gain_db() + decibels(self.power.clone().unsqueeze_dim(1)).add_scalar(30.0)
    }

    /// Which values mean something, `[num_tx, num_points]`.
    #[must_use]
    pub fn covered(&self) -> Tensor<2, Bool> {
        self.path_gain().greater_elem(0.0)
    }

    /// Which points lie on the map, `[num_points]`.
    #[must_use]
    pub fn inside(&self) -> Tensor<1, Bool> {
        self.inside.clone()
    }
}

impl RadioMap {
    /// The map at points \[m\], `[num_points, 3]`, on the map's device.
    ///
    /// Values are bilinear between the centres of cells and constant from the outermost centres to the border. A
    /// point counts as on the map if its projection is and its distance from the plane is at most half of a cell's
    /// shorter edge. Differentiable in the map's values, and piecewise in the points.
    ///
    /// # Panics
    ///
    /// If the points do not have three coordinates.
    #[must_use]
    pub fn sample_at(&self, points: Tensor<2>, interpolation: Interpolation) -> RadioMapSamples {
        assert_eq!(points.dims()[1], 3, "a point has three coordinates");
        let [num_tx, num_y, num_x] = self.path_gain.dims();
        let (in_cells, inside) = self.in_cells(points);
        let [x, y] = [(0, num_x), (1, num_y)].map(|(axis, count)| {
            Axis::between_centers(in_cells.clone().narrow(1, axis, 1).squeeze_dim(1), count)
        });
        let flat = self.path_gain().reshape([num_tx, num_y * num_x]);
        let corner = |right: usize, up: usize| {
            let index = y.cell(up).mul_scalar(num_x as i64) + x.cell(right);
            let weight: Tensor<2> = (x.weight(right) * y.weight(up)).unsqueeze_dim(0);
            (flat.clone().select(1, index), weight)
        };
        let corners = [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)];
        let values = match interpolation {
            Interpolation::Linear => linear(corners),
            Interpolation::Decibel => logarithmic(corners),
        };
        let outside = inside.clone().bool_not().unsqueeze_dim::<2>(0).expand(values.dims());
        RadioMapSamples { path_gain: values.mask_fill(outside, 0.0), power: self.power.clone(), inside }
    }

    /// Points in units of cells from the map's corner, `[num_points, 2]`, and which of them lie on the map. The others
    /// are put at its corner, so that what is not a number spreads no further.
    fn in_cells(&self, points: Tensor<2>) -> (Tensor<2>, Tensor<1, Bool>) {
        let (plane, device) = (&self.plane, points.device());
        let [axis_x, axis_y] = plane.axes().map(DVec3::from);
        let normal = axis_x.cross(axis_y);
        let half = 0.5 * plane.cell_size[0].min(plane.cell_size[1]);
        // Half a cell's edge from the plane is one unit.
        let columns = [axis_x / plane.cell_size[0], axis_y / plane.cell_size[1], normal / half];
        let matrix: Vec<f32> =
            (0..3).flat_map(|row| columns.map(|column| column.to_array()[row] as f32)).collect();
        let center: Vec<f32> = plane.center.iter().map(|&x| x as f32).collect();
        let [num_x, num_y] = plane.num_cells();
        let middle = vec![0.5 * num_x as f32, 0.5 * num_y as f32, 0.0];
        let matrix = Tensor::<2>::from_data(TensorData::new(matrix, [3, 3]), &device);
        let [center, middle, end] = [center, middle, vec![num_x as f32, num_y as f32, 1.0]]
            .map(|row| Tensor::<2>::from_data(TensorData::new(row, [1, 3]), &device));
        let begin = Tensor::<2>::from_data([[0.0, 0.0, -1.0]], &device);
        let local = (points - center).matmul(matrix) + middle;
        let shape = local.dims();
        let above = local.clone().greater_equal(begin.expand(shape));
        let below = local.clone().lower_equal(end.expand(shape));
        let inside = above.bool_and(below).all_dim(1);
        let outside = inside.clone().bool_not().expand(shape);
        (local.mask_fill(outside, 0.0), inside.squeeze_dim(1))
    }
}

/// The two cells around each point along one axis.
struct Axis {
    lower: Tensor<1, Int>,
    last: i64,
    fraction: Tensor<1>,
}

impl Axis {
    fn between_centers(in_cells: Tensor<1>, count: usize) -> Self {
        let last = count as i64 - 1;
        let place = in_cells.sub_scalar(0.5).clamp(0.0, last as f64);
        let lower = place.clone().detach().floor().clamp_max((last - 1).max(0) as f64);
        Self { fraction: place - lower.clone(), lower: lower.int(), last }
    }

    fn cell(&self, upper: usize) -> Tensor<1, Int> {
        self.lower.clone().add_scalar(upper as i64).clamp_max(self.last)
    }

    fn weight(&self, upper: usize) -> Tensor<1> {
        let fraction = self.fraction.clone();
        if upper == 1 { fraction } else { fraction.neg().add_scalar(1.0) }
    }
}

fn linear(corners: [(Tensor<2>, Tensor<2>); 4]) -> Tensor<2> {
    let [a, b, c, d] = corners.map(|(value, weight)| value * weight);
    a + b + c + d
}

/// exp(Σ w ln g / Σ w) over the corners that are covered.
fn logarithmic(corners: [(Tensor<2>, Tensor<2>); 4]) -> Tensor<2> {
    let [a, b, c, d] = corners.map(|(value, weight)| {
        let weight = weight * value.clone().detach().greater_elem(0.0).float();
        (value.clamp_min(SMALLEST_LINEAR).log() * weight.clone(), weight)
    });
    let (sum, total) = (a.0 + b.0 + c.0 + d.0, a.1 + b.1 + c.1 + d.1);
    let nothing = total.clone().lower_equal_elem(SMALLEST_WEIGHT);
    (sum / total.clamp_min(SMALLEST_WEIGHT)).exp().mask_fill(nothing, 0.0)
}

/// 10·log₁₀, bounded below.
fn decibels(linear: Tensor<2>) -> Tensor<2> {
    linear.clamp_min(SMALLEST_LINEAR).log().mul_scalar(10.0 / std::f64::consts::LN_10)
}
