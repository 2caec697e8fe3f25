//! Orientations of devices as rotation matrices.

use std::f64::consts::FRAC_PI_2;

use burn::tensor::Tensor;

use crate::direction::spherical_angles;
use crate::vector::{coordinates, from_coordinates};

/// `R = R_z(α) R_y(β) R_x(γ)`, `[n, 3, 3]`, for orientations (α, β, γ) = (yaw, pitch, roll) \[rad\], `[n, 3]`.
///
/// World vector = R · local vector. Boresight is local +x, so a positive pitch tilts it down. Source: 3GPP TR
/// 38.901, section 7.1. Smooth.
pub fn rotation_matrices(orientations: Tensor<2>) -> Tensor<3> {
    let count = orientations.dims()[0];
    let [sa, sb, sg] = coordinates(orientations.clone().sin());
    let [ca, cb, cg] = coordinates(orientations.cos());
    let product = |factors: &[&Tensor<1>]| {
        factors[1..].iter().fold(factors[0].clone(), |product, &factor| product * factor.clone())
    };
    let rows = vec![
        product(&[&ca, &cb]),
        product(&[&ca, &sb, &sg]) - product(&[&sa, &cg]),
        product(&[&ca, &sb, &cg]) + product(&[&sa, &sg]),
        product(&[&sa, &cb]),
        product(&[&sa, &sb, &sg]) + product(&[&ca, &cg]),
        product(&[&sa, &sb, &cg]) - product(&[&ca, &sg]),
        sb.neg(),
        product(&[&cb, &sg]),
        product(&[&cb, &cg]),
    ];
    Tensor::stack::<2>(rows, 1).reshape([count, 3, 3])
}

/// One rotation matrix `[3, 3]` of one orientation `[3]`; see [`rotation_matrices`].
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let orientation = Tensor::<1>::from_data([0.0, 0.1, 0.0], &Device::default());
/// let matrix = emberwave_em::rotation_matrix(orientation).try_into_vec_as::<f32>()?;
/// assert!((matrix[6] + 0.1f32.sin()).abs() < 1e-7); // z component of the rotated boresight
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rotation_matrix(orientation: Tensor<1>) -> Tensor<2> {
    rotation_matrices(orientation.unsqueeze_dim(0)).squeeze_dim(0)
}

/// Orientations (α, β, γ) `[n, 3]` that point the boresight from positions to targets, both `[n, 3]`: (φ, θ − π/2, 0).
///
/// Straight up or down the yaw is 0 (and its derivative too); a target at the position itself gives (0, 0, 0).
/// Differentiable in both.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let point = |x: [f64; 3]| Tensor::<2>::from_data([x], &Device::default());
/// let orientation = emberwave_em::look_at(point([0.0, 0.0, 10.0]), point([10.0, 0.0, 0.0]));
/// let pitch = orientation.try_into_vec_as::<f32>()?[1];
/// assert!((pitch - std::f32::consts::FRAC_PI_4).abs() < 1e-6); // 45° down
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn look_at(positions: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    let directions = targets - positions;
    let nowhere = directions.clone().detach().abs().sum_dim(1).squeeze_dim::<1>(1).equal_scalar(0.0);
    let (theta, phi) = spherical_angles(directions);
    let pitch = theta.sub_scalar(FRAC_PI_2).mask_fill(nowhere, 0.0);
    let roll = pitch.zeros_like();
    from_coordinates([phi, pitch, roll])
}
