//! Batches of vectors, `[n, 3]`, and their products.

use burn::tensor::Tensor;

/// a·b of each row: `[n, 3]`, `[n, 3]` → `[n]`.
pub fn dot(a: Tensor<2>, b: Tensor<2>) -> Tensor<1> {
    (a * b).sum_dim(1).squeeze_dim(1)
}

/// a × b of each row, right-handed: `[n, 3]`, `[n, 3]` → `[n, 3]`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let device = Device::default();
/// let (x, y) = (Tensor::from_data([[1.0, 0.0, 0.0]], &device), Tensor::from_data([[0.0, 1.0, 0.0]], &device));
/// let z = emberwave_em::vector::cross(x, y);
/// assert_eq!(z.try_into_vec_as::<f32>()?, [0.0, 0.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cross(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    a.cross(b, 1)
}

/// Each row times its factor: `[n, 3]`, `[n]` → `[n, 3]`.
pub fn scale(a: Tensor<2>, factor: Tensor<1>) -> Tensor<2> {
    a * column(factor)
}

/// A `[n]` as `[n, 1]`, which spreads over the coordinates of a `[n, 3]`.
pub(crate) fn column(scalars: Tensor<1>) -> Tensor<2> {
    scalars.unsqueeze_dim(1)
}

/// The coordinates x, y and z: `[n, 3]` → three `[n]`.
pub fn coordinates(a: Tensor<2>) -> [Tensor<1>; 3] {
    [0usize, 1, 2].map(|axis| a.clone().narrow(1, axis, 1).squeeze_dim(1))
}

/// Vectors of given coordinates: three `[n]` → `[n, 3]`.
pub fn from_coordinates(coordinates: [Tensor<1>; 3]) -> Tensor<2> {
    Tensor::stack(coordinates.to_vec(), 1)
}

/// m·a of each row a, for one matrix of m rows: `[m, 3]`, `[n, 3]` → `[n, m]`.
///
/// Written as a product and a sum, because a device may multiply matrices in less than f32.
pub fn transform(m: Tensor<2>, a: Tensor<2>) -> Tensor<2> {
    (a.unsqueeze_dim::<3>(1) * m.unsqueeze_dim::<3>(0)).sum_dim(2).squeeze_dim(2)
}

/// mᵀ·a of each row a, the inverse of [`transform`] for a rotation: `[3, 3]`, `[n, 3]` → `[n, 3]`.
pub fn transform_transposed(m: Tensor<2>, a: Tensor<2>) -> Tensor<2> {
    transform(m.transpose(), a)
}
