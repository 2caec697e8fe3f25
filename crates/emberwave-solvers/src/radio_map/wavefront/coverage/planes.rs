//! Planes that paths meet, one per row.

use burn::tensor::{Int, Tensor};
use emberwave_em::reflect_direction;
use emberwave_em::vector::{dot, scale};

use super::super::rays::indices;
use super::super::world::constant;
use super::rows::PathRows;

/// Planes, one per row.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    /// Unit normals, `[n, 3]`.
    pub normals: Tensor<2>,
    /// Distances from the origin along them \[m\], `[n]`.
    pub offsets: Tensor<1>,
}

impl Planes {
    /// These planes, in this order.
    pub fn select(&self, index: Tensor<1, Int>) -> Self {
        let normals = self.normals.clone().select(0, index.clone());
        Self { normals, offsets: self.offsets.clone().select(0, index) }
    }

    /// Signed distances of points `[n, 3]` \[m\], `[n]`.
    pub fn heights(&self, points: Tensor<2>) -> Tensor<1> {
        dot(points, self.normals.clone()) - self.offsets.clone()
    }
}

/// What rows meet after some number of interactions.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    pub planes: Planes,
    /// 1 for rows that are reflected, 0 for those that go through, `[rows]`.
    pub reflected: Tensor<1>,
}

impl Meeting {
    /// Points `[rows, 3]` \[m\] as seen behind what reflects; other rows keep theirs.
    pub fn mirror(&self, points: Tensor<2>) -> Tensor<2> {
        self.mirror_where(points, self.reflected.clone())
    }

    /// The same where `mask` `[rows]` is 1; other rows keep theirs.
    pub fn mirror_where(&self, points: Tensor<2>, mask: Tensor<1>) -> Tensor<2> {
        let twice = self.planes.heights(points.clone()).mul_scalar(-2.0) * mask;
        points + scale(self.planes.normals.clone(), twice)
    }

    /// Directions `[rows, 3]` afterwards, or before from those afterwards.
    pub fn turn(&self, directions: Tensor<2>) -> Tensor<2> {
        let mirrored = reflect_direction(directions.clone(), self.planes.normals.clone());
        directions.clone() + scale(mirrored - directions, self.reflected.clone())
    }
}

/// The walls that rows meet after `before` interactions.
pub(super) fn walls(rows: &PathRows, before: usize, like: &Tensor<2>) -> Tensor<1, Int> {
    indices(rows.codes(before).map(|code| (code >> 1) as i32), &like.device())
}

/// Which of them reflect, as [`Meeting::reflected`].
pub(super) fn reflected(rows: &PathRows, before: usize, like: &Tensor<2>) -> Tensor<1> {
    let reflected = rows.codes(before).map(|code| f64::from(code & 1)).collect();
    constant(reflected, rows.count(), like).squeeze_dim(1)
}
