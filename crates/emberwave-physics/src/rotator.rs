//! Jones vectors in the implicit bases (θ̂(k), φ̂(k)) and the rotators between bases.
//!
//! The ray loop transports 3-vectors ([`interaction`](crate::interaction)); Jones matrices are the form in which
//! channel matrices and antenna patterns are written, and the check of one by the other.

use crate::complex::Complex;
use crate::interaction::{Incidence, reflect_direction};
use crate::orientation::SphericalDirection;
use crate::real::Real;
use crate::slab::SlabCoefficients;
use crate::vector::{Vec3, cross, dot};

/// A real 2×2 matrix by rows.
pub type Mat2<R> = [[R; 2]; 2];

/// A complex 2×2 Jones matrix by rows.
pub type Jones<R> = [[Complex<R>; 2]; 2];

/// Rotator from the basis (a, k × a) to (b, k × b), where a and b are unit vectors perpendicular to k.
///
/// `W = [c, s; −s, c]`, c = a·b, s = k·(a × b): the components of a fixed field in the second
/// basis are W times those in the first. W is orthogonal. Smooth in all arguments.
#[inline]
pub fn rotator<R: Real>(k: Vec3<R>, a: Vec3<R>, b: Vec3<R>) -> Mat2<R> {
    let c = dot(a, b);
    let s = dot(k, cross(a, b));
    [[c, s], [-s, c]]
}

/// Jones matrix of a reflection: from the (θ̂, φ̂) basis of k to that of the reflected direction.
pub fn jones_reflection<R: Real>(k: Vec3<R>, n: Vec3<R>, surface: &SlabCoefficients<R>) -> Jones<R> {
    let s = tangent(k, n);
    let k_r = reflect_direction(k, n);
    let (theta_i, theta_r) = (theta_hat(k), theta_hat(k_r));
    sandwich(rotator(k_r, s, theta_r), [surface.r_te, surface.r_tm], rotator(k, theta_i, s))
}

/// Jones matrix of a transmission, in the (θ̂, φ̂) basis of k.
pub fn jones_transmission<R: Real>(k: Vec3<R>, n: Vec3<R>, surface: &SlabCoefficients<R>) -> Jones<R> {
    let s = tangent(k, n);
    let theta = theta_hat(k);
    sandwich(rotator(k, s, theta), [surface.t_te, surface.t_tm], rotator(k, theta, s))
}

/// The matrix times a Jones vector.
#[inline]
pub fn apply_jones<R: Real>(matrix: &Jones<R>, vector: [Complex<R>; 2]) -> [Complex<R>; 2] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1])
}

fn theta_hat<R: Real>(k: Vec3<R>) -> Vec3<R> {
    SphericalDirection::new(k).theta_hat()
}

/// Unit vector along k × n, or at normal incidence θ̂(k), which is as good as any other tangent.
fn tangent<R: Real>(k: Vec3<R>, n: Vec3<R>) -> Vec3<R> {
    let s = Incidence::new(k, n).s;
    if dot(s, s) > R::ZERO { s } else { theta_hat(k) }
}

/// `out · diag · in`.
fn sandwich<R: Real>(out: Mat2<R>, diagonal: [Complex<R>; 2], into: Mat2<R>) -> Jones<R> {
    let element = |i: usize, j: usize| {
        diagonal[0].scale(out[i][0] * into[0][j]) + diagonal[1].scale(out[i][1] * into[1][j])
    };
    [[element(0, 0), element(0, 1)], [element(1, 0), element(1, 1)]]
}
