//! The arrays of a radio map's file.

use emberwave_scene::MeasurementPlane;
use emberwave_solvers::{RadioMap, RadioMapParts};
use ndarray::{Array1, Array2, Axis, arr0};

use super::read::{floats, indices, truths};
use crate::export::{ArrayFile, ExportError};

/// Version of the layout, for readers of the future.
pub(super) const VERSION: i32 = 1;

/// All arrays, in the order of the table at [`RadioMapExport::save_npz`](super::RadioMapExport::save_npz).
pub(super) fn gather(map: &RadioMap) -> Result<ArrayFile, ExportError> {
    let file = ArrayFile::new()
        .with_array("path_gain", floats("path_gain", map.path_gain())?)
        .with_array("path_gain_db", floats("path_gain_db", map.path_gain_db())?)
        .with_array("covered", truths("covered", map.covered())?)
        .with_array("rss", floats("rss", map.rss())?)
        .with_array("sinr", floats("sinr", map.sinr())?)
        .with_array("tx_association", indices("tx_association", map.tx_association())?)
        .with_array("cell_centers", floats("cell_centers", map.cell_centers())?)
        .with_array("tx_positions", floats("tx_positions", map.tx_positions())?);
    let file = with_errors(with_statistics(file, map)?, map)?;
    let parts = map.clone().into_parts();
    let names = serde_json::Value::from(parts.tx_names.as_slice()).to_string();
    let file = file
        .with_array("tx_power", floats("tx_power", parts.power.clone())?)
        .with_array("tx_names", Array1::from(names.into_bytes()))
        .with_array("noise_power", arr0(parts.noise_power))
        .with_array("format_version", arr0(VERSION));
    with_geometry(with_plane(file, &parts.plane), parts)
}

fn with_plane(file: ArrayFile, plane: &MeasurementPlane) -> ArrayFile {
    file.with_array("plane_center", Array1::from(plane.center.to_vec()))
        .with_array("plane_orientation", Array1::from(plane.orientation.to_vec()))
        .with_array("plane_size", Array1::from(plane.size.to_vec()))
        .with_array("cell_size", Array1::from(plane.cell_size.to_vec()))
}

fn with_geometry(file: ArrayFile, parts: RadioMapParts) -> Result<ArrayFile, ExportError> {
    let topology = &parts.topology;
    let corner = |(triangle, corner): (usize, usize)| topology.triangles()[triangle][corner] as i32;
    let triangles = Array2::from_shape_fn((topology.triangles().len(), 3), corner);
    let materials = topology.material_from_triangle().iter().map(|&material| material as i32);
    let materials: Array1<i32> = materials.collect();
    Ok(file
        .with_array("vertices", floats("vertices", parts.vertices)?)
        .with_array("triangles", triangles)
        .with_array("triangle_materials", materials))
}

/// Those that the solver was asked for.
fn with_statistics(mut file: ArrayFile, map: &RadioMap) -> Result<ArrayFile, ExportError> {
    let parts = map.clone().into_parts();
    if let Some((mean, variance)) = parts.delay {
        file = file
            .with_array("mean_delay", floats("mean_delay", mean)?)
            .with_array("delay_variance", floats("delay_variance", variance)?);
    }
    if let Some(spread) = map.rms_delay_spread() {
        file = file.with_array("rms_delay_spread", floats("rms_delay_spread", spread)?);
    }
    let spreads = [map.direction_spread_of_arrival(), map.direction_spread_of_departure()];
    for ((way, moments), spread) in DIRECTIONS.into_iter().zip([parts.arrival, parts.departure]).zip(spreads)
    {
        let (Some((mean, variance)), Some(spread)) = (moments, spread) else { continue };
        file = file
            .with_array(way.mean, floats(way.mean, mean)?)
            .with_array(way.variance, floats(way.variance, variance)?)
            .with_array(way.spread, floats(way.spread, spread)?);
    }
    Ok(file)
}

/// Estimates of errors, if there are any.
fn with_errors(mut file: ArrayFile, map: &RadioMap) -> Result<ArrayFile, ExportError> {
    if let Some(error) = map.relative_error() {
        file = file.with_array("relative_error", floats("relative_error", error)?);
    }
    if let Some(error) = map.reached_error_db() {
        file = file.with_array("reached_error_db", arr0(error));
    }
    Ok(file)
}

/// Names of the arrays of directions.
pub(super) struct DirectionNames {
    pub(super) mean: &'static str,
    pub(super) variance: &'static str,
    spread: &'static str,
}

/// Of arrival, of departure.
pub(super) const DIRECTIONS: [DirectionNames; 2] = [
    DirectionNames {
        mean: "mean_direction_of_arrival",
        variance: "direction_variance_of_arrival",
        spread: "direction_spread_of_arrival",
    },
    DirectionNames {
        mean: "mean_direction_of_departure",
        variance: "direction_variance_of_departure",
        spread: "direction_spread_of_departure",
    },
];

/// Which transmitter has the largest of some values, \[y, x\].
pub(super) fn association(
    map: &RadioMap,
    values: burn::tensor::Tensor<3>,
) -> Result<Array2<i32>, ExportError> {
    let servers = indices("tx_association", map.tx_association_by(values))?;
    let columns = servers.len_of(Axis(1));
    Ok(Array2::from_shape_fn((servers.len_of(Axis(0)), columns), |(y, x)| servers[[y, x]]))
}
