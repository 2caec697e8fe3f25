//! Vectors and matrices of three dimensions, as plain arrays.

use crate::real::Real;

/// A vector (x, y, z).
pub type Vec3<R> = [R; 3];

/// A matrix by rows.
pub type Mat3<R> = [[R; 3]; 3];

/// `a·b`.
#[inline(always)]
pub fn dot<R: Real>(a: Vec3<R>, b: Vec3<R>) -> R {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// `a × b`, right-handed.
#[inline(always)]
pub fn cross<R: Real>(a: Vec3<R>, b: Vec3<R>) -> Vec3<R> {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// `a + b`.
#[inline(always)]
pub fn add<R: Real>(a: Vec3<R>, b: Vec3<R>) -> Vec3<R> {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// `a − b`.
#[inline(always)]
pub fn sub<R: Real>(a: Vec3<R>, b: Vec3<R>) -> Vec3<R> {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// `a·s`.
#[inline(always)]
pub fn scale<R: Real>(a: Vec3<R>, s: R) -> Vec3<R> {
    [a[0] * s, a[1] * s, a[2] * s]
}

/// `a + b·s`.
#[inline(always)]
pub fn add_scaled<R: Real>(a: Vec3<R>, b: Vec3<R>, s: R) -> Vec3<R> {
    [a[0] + b[0] * s, a[1] + b[1] * s, a[2] + b[2] * s]
}

/// Length; its derivative at 0 is 0.
#[inline(always)]
pub fn length<R: Real>(a: Vec3<R>) -> R {
    dot(a, a).sqrt()
}

/// `a/|a|`; the zero vector stays zero.
#[inline(always)]
pub fn normalize<R: Real>(a: Vec3<R>) -> Vec3<R> {
    let squared = dot(a, a);
    if squared > R::ZERO { scale(a, squared.sqrt().recip()) } else { a }
}

/// A constant vector from double precision.
#[inline(always)]
pub fn from_f64<R: Real>(a: [f64; 3]) -> Vec3<R> {
    a.map(R::from_f64)
}

/// `m·a`.
#[inline(always)]
pub fn transform<R: Real>(m: &Mat3<R>, a: Vec3<R>) -> Vec3<R> {
    [dot(m[0], a), dot(m[1], a), dot(m[2], a)]
}

/// `mᵀ·a`, the inverse of [`transform`] for a rotation.
#[inline(always)]
pub fn transform_transposed<R: Real>(m: &Mat3<R>, a: Vec3<R>) -> Vec3<R> {
    [0, 1, 2].map(|i| m[0][i] * a[0] + m[1][i] * a[1] + m[2][i] * a[2])
}

/// `a·b`, the matrix product.
#[inline(always)]
pub fn compose<R: Real>(a: &Mat3<R>, b: &Mat3<R>) -> Mat3<R> {
    a.map(|row| transform_transposed(b, row))
}

/// The rows of the identity matrix.
#[inline(always)]
pub fn identity<R: Real>() -> Mat3<R> {
    [[R::ONE, R::ZERO, R::ZERO], [R::ZERO, R::ONE, R::ZERO], [R::ZERO, R::ZERO, R::ONE]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_product_is_right_handed() {
        assert_eq!(cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn composition_applies_the_right_matrix_first() {
        let a = [[1.0, 2.0, 3.0], [0.0, 1.0, 4.0], [5.0, 6.0, 0.0]];
        let b = [[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 1.0]];
        let v = [1.0, -2.0, 0.5];
        assert_eq!(transform(&compose(&a, &b), v), transform(&a, transform(&b, v)));
    }

    #[test]
    fn zero_stays_zero() {
        assert_eq!(normalize([0.0f32; 3]), [0.0; 3]);
    }
}
