//! Maps with known values, put together without a solver.

use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use emberwave::prelude::*;
use emberwave::solvers::RadioMapParts;

/// A plane of 4 × 3 cells of 2 m × 1 m with its corner at (10, 20) and z = 1.5.
pub fn plane() -> MeasurementPlane {
    MeasurementPlane::new([14.0, 21.5, 1.5], [8.0, 3.0], [2.0, 1.0])
}

/// A map whose gain from transmitter t to cell (x, y) is `gain(t, centre of the cell)`.
pub fn map_of(plane: MeasurementPlane, num_tx: usize, gain: impl Fn(usize, [f64; 3]) -> f64) -> RadioMap {
    let [num_x, num_y] = plane.num_cells();
    let mut values = Vec::new();
    for tx in 0..num_tx {
        for (y, x) in (0..num_y).flat_map(|y| (0..num_x).map(move |x| (y, x))) {
            values.push(gain(tx, plane.cell_center(x, y)) as f32);
        }
    }
    let device = Device::default();
    map_from(Tensor::from_data(TensorData::new(values, [num_tx, num_y, num_x]), &device), plane)
}

/// A map with these gains, on their device; transmitter t sends 10^t W.
pub fn map_from(path_gain: Tensor<3>, plane: MeasurementPlane) -> RadioMap {
    let (num_tx, device) = (path_gain.dims()[0], path_gain.device());
    let power: Vec<f32> = (0..num_tx).map(|tx| 10.0_f32.powi(tx as i32)).collect();
    let positions: Vec<f32> = (0..3 * num_tx).map(|x| x as f32).collect();
    let topology = emberwave::solvers::Topology::new(vec![[0, 1, 2]], vec![0], 3);
    let vertices = vec![0.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0, 30.0, 9.0_f32];
    RadioMap::from_parts(RadioMapParts {
        path_gain,
        power: Tensor::from_data(TensorData::new(power, [num_tx]), &device),
        tx_positions: Tensor::from_data(TensorData::new(positions, [num_tx, 3]), &device),
        tx_names: (0..num_tx).map(|tx| format!("tx-{tx}\nµ")).collect(),
        noise_power: 4.04e-15,
        plane,
        vertices: Tensor::from_data(TensorData::new(vertices, [3, 3]), &device),
        topology: Arc::new(topology),
        delay: None,
        arrival: None,
        departure: None,
        relative_error: None,
        reached_error_db: None,
    })
    .expect("shapes fit")
}

/// Points as a tensor.
pub fn points<const N: usize>(points: [[f32; 3]; N], device: &Device) -> Tensor<2> {
    Tensor::from_data(points, device)
}

/// All values of a tensor.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.try_into_vec_as::<f32>().expect("readable")
}
