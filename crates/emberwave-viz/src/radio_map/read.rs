//! Values of a radio map on the host.

use burn::tensor::{Bool, Int, Tensor, TensorReadError};
use emberwave_physics::units::{db_from_linear, dbm_from_watt};
use emberwave_solvers::RadioMap;
use ndarray::{ArrayD, Axis, IxDyn};

use super::MapQuantity;
use crate::export::ExportError;

/// A tensor of floats as an array.
pub(super) fn floats<const D: usize>(
    quantity: &'static str,
    tensor: Tensor<D>,
) -> Result<ArrayD<f32>, ExportError> {
    let shape = tensor.dims();
    array(quantity, shape, tensor.try_into_vec_as::<f32>())
}

/// A tensor of truth values as an array.
pub(super) fn truths<const D: usize>(
    quantity: &'static str,
    tensor: Tensor<D, Bool>,
) -> Result<ArrayD<bool>, ExportError> {
    let shape = tensor.dims();
    array(quantity, shape, tensor.try_into_vec_as::<bool>())
}

/// A tensor of indices as an array.
pub(super) fn indices<const D: usize>(
    quantity: &'static str,
    tensor: Tensor<D, Int>,
) -> Result<ArrayD<i32>, ExportError> {
    let shape = tensor.dims();
    array(quantity, shape, tensor.try_into_vec_as::<i32>())
}

/// A quantity as it is drawn, \[tx, y, x\]: decibels, nanoseconds, degrees or percent.
pub(super) fn levels(map: &RadioMap, quantity: MapQuantity) -> Result<ArrayD<f32>, ExportError> {
    let name = quantity.name();
    let wanted = |tensor: Option<Tensor<3>>| match tensor {
        Some(tensor) => floats(name, tensor),
        None => Err(not_asked_for(name)),
    };
    match quantity {
        MapQuantity::PathGain => floats(name, map.path_gain_db()),
        MapQuantity::Rss => Ok(floats(name, map.rss())?.mapv_into(dbm_from_watt)),
        MapQuantity::Sinr => Ok(floats(name, map.sinr())?.mapv_into(db_from_linear)),
        MapQuantity::RmsDelaySpread => Ok(wanted(map.rms_delay_spread())?.mapv_into(|seconds| 1e9 * seconds)),
        MapQuantity::DirectionSpreadOfArrival => wanted(map.direction_spread_of_arrival()),
        MapQuantity::DirectionSpreadOfDeparture => wanted(map.direction_spread_of_departure()),
        MapQuantity::RelativeError => Ok(wanted(map.relative_error())?.mapv_into(|error| 100.0 * error)),
        MapQuantity::MeanDirectionOfArrival => azimuths(name, map.mean_direction_of_arrival()),
        MapQuantity::MeanDirectionOfDeparture => azimuths(name, map.mean_direction_of_departure()),
    }
}

/// Azimuths \[deg\] of vectors `[tx, y, x, 3]`.
fn azimuths(name: &'static str, vectors: Option<Tensor<4>>) -> Result<ArrayD<f32>, ExportError> {
    let vectors = floats(name, vectors.ok_or_else(|| not_asked_for(name))?)?;
    let last = Axis(vectors.ndim() - 1);
    Ok(vectors.map_axis(last, |vector| vector[1].atan2(vector[0]).to_degrees()))
}

fn not_asked_for(quantity: &'static str) -> ExportError {
    ExportError::Read { quantity, message: "the solver was not asked for it".to_owned() }
}

/// The values by which transmitters are compared, \[tx, y, x\]: RSS where the quantity itself does not tell who serves.
pub(super) fn linear(map: &RadioMap, quantity: MapQuantity) -> Tensor<3> {
    match quantity {
        MapQuantity::PathGain => map.path_gain(),
        MapQuantity::Sinr => map.sinr(),
        _ => map.rss(),
    }
}

fn array<E, const D: usize>(
    quantity: &'static str,
    shape: [usize; D],
    values: Result<Vec<E>, TensorReadError>,
) -> Result<ArrayD<E>, ExportError> {
    let refused = |message: String| {
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        ExportError::Read { quantity, message }
    };
    let values = values.map_err(|error| refused(error.to_string()))?;
    ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(|error| refused(error.to_string()))
}
