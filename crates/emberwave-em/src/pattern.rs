//! What an element radiates: a named pattern, or a table of complex fields.

use std::f64::consts::{PI, TAU};

use burn::tensor::{Int, Tensor};
use emberwave_physics::{AntennaPattern, PATTERN_COLUMNS};

use crate::complex::ComplexTensor;
use crate::direction::DirectionTensor;

/// The far field of one element without slant, in the element's own frame.
#[derive(Debug, Clone)]
pub enum PatternTensor {
    /// A named pattern, vertically polarised.
    Named(AntennaPattern),
    /// A table of fields; see [`table_field`].
    Table(Box<Tensor<3>>),
}

/// Fields (C_θ, C_φ), each `[n]`, along directions, from a table `[rows, columns, 4]` of Re C_θ, Im C_θ, Re C_φ and
/// Im C_φ.
///
/// Rows are at θ = 0 … π, both included, columns at φ = 0, 2π/columns, …, the last followed by the first; at least
/// two rows and one column, of the element type of the directions. Between entries each part is bilinear in θ and
/// φ; at the poles, where φ is taken as 0, the first column counts. As `emberwave_physics::PatternGrid`.
///
/// Differentiable in the table, and in the directions but where entries lie (there from one side) and at the poles
/// (derivative 0).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_em::{DirectionTensor, table_field};
/// let device = Device::default();
/// // |C_θ| falls from 1 above to 0 below.
/// let table = Tensor::<3>::from_data([[[1.0, 0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]]], &device);
/// let boresight = DirectionTensor::new(Tensor::from_data([[1.0, 0.0, 0.0]], &device));
/// let [theta, _] = table_field(&table, &boresight);
/// assert!((theta.re.into_scalar::<f32>() - 0.5).abs() < 1e-6);
/// ```
pub fn table_field(table: &Tensor<3>, directions: &DirectionTensor) -> [ComplexTensor<1>; 2] {
    let [rows, columns, _] = table.dims();
    let theta = directions.sin_theta.clone().atan2(directions.cos_theta.clone());
    let phi = directions.sin_phi.clone().atan2(directions.cos_phi.clone());
    let down = theta.mul_scalar((rows - 1) as f64 / PI);
    let around = phi.mul_scalar(columns as f64 / TAU);
    let before_zero = around.clone().detach().lower_scalar(0.0);
    let around = around.clone().mask_where(before_zero, around.add_scalar(columns as f64));
    let row = down.clone().detach().floor().clamp(0.0, (rows - 2) as f64);
    let column = around.clone().detach().floor();
    let (below, beside) = (down - row.clone(), around - column.clone());
    let [above, before] = [&below, &beside].map(|part| part.clone().neg().add_scalar(1.0));
    let (row, column) = (row.int(), column.int());
    let entries = table.clone().reshape([rows * columns, PATTERN_COLUMNS]);
    let share = |down: i64, right: i64, weight: Tensor<1>| {
        let place: Tensor<1, Int> = (column.clone() + right).remainder_scalar(columns as i64);
        let place = place + (row.clone() + down) * columns as i64;
        entries.clone().select(0, place) * weight.unsqueeze_dim::<2>(1)
    };
    let upper = share(0, 0, above.clone() * before.clone()) + share(0, 1, above * beside.clone());
    let sum = upper + share(1, 0, below.clone() * before) + share(1, 1, below * beside);
    let part = |column: usize| sum.clone().narrow(1, column, 1).squeeze_dim(1);
    [ComplexTensor::new(part(0), part(1)), ComplexTensor::new(part(2), part(3))]
}

/// The fields (C_θ, C_φ), each `[n]`, of an element that is turned by a slant, from those without and the slant's
/// [`components`](crate::antenna::components) (cosψ, sinψ): (cosψ C_θ − sinψ C_φ, sinψ C_θ + cosψ C_φ).
pub fn slanted([theta, phi]: [ComplexTensor<1>; 2], [cos, sin]: [Tensor<1>; 2]) -> [ComplexTensor<1>; 2] {
    let along_theta = theta.clone().scale(cos.clone()) - phi.clone().scale(sin.clone());
    [along_theta, theta.scale(sin) + phi.scale(cos)]
}
