//! Values of a radio map on the host.

use burn::tensor::{Bool, Int, Tensor, TensorReadError};
use emberwave_physics::units::{db_from_linear, dbm_from_watt};
use emberwave_solvers::RadioMap;
use ndarray::{ArrayD, IxDyn};

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

/// A quantity in its decibels, \[tx, y, x\].
pub(super) fn levels(map: &RadioMap, quantity: MapQuantity) -> Result<ArrayD<f32>, ExportError> {
    let name = quantity.name();
    match quantity {
        MapQuantity::PathGain => floats(name, map.path_gain_db()),
        MapQuantity::Rss => Ok(floats(name, map.rss())?.mapv_into(dbm_from_watt)),
        MapQuantity::Sinr => Ok(floats(name, map.sinr())?.mapv_into(db_from_linear)),
    }
}

/// A quantity in linear units, \[tx, y, x\].
pub(super) fn linear(map: &RadioMap, quantity: MapQuantity) -> Tensor<3> {
    match quantity {
        MapQuantity::PathGain => map.path_gain(),
        MapQuantity::Rss => map.rss(),
        MapQuantity::Sinr => map.sinr(),
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
