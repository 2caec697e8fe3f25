//! What waves meet, and what becomes of their fields and directions.

use burn::tensor::{Int, Tensor};
use emberwave_em::vector::scale;
use emberwave_em::{FieldTensor, IncidenceTensor, SlabTensor, reflect_direction};

/// Surfaces that waves meet, one row per wave.
#[derive(Clone, Debug)]
pub(super) struct Surfaces {
    pub incidence: IncidenceTensor,
    pub slab: SlabTensor,
    pub scattering: Tensor<1>,
    /// The scene's own materials there, `[n, 8]`.
    pub own: Tensor<2>,
}

/// Where waves meet surfaces, for functions in place of materials.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// \[m\], `[n, 3]`.
    pub positions: Tensor<2>,
    pub triangles: Tensor<1, Int>,
}

/// In all of these, `reflected` is 1 for waves that are reflected and 0 for those that go through, `[n]`.
impl Surfaces {
    /// The fields afterwards, but for the root of [`Self::share`].
    pub fn carry(&self, field: FieldTensor, reflected: Tensor<1>) -> FieldTensor {
        let passed = reflected.clone().neg().add_scalar(1.0);
        let there = self.incidence.reflect(field.clone(), &self.slab).scale(reflected);
        let through = self.incidence.transmit(field, &self.slab).scale(passed);
        FieldTensor::new(there.re + through.re, there.im + through.im)
    }

    /// The part of the power that stays specular: 1 − S² or 1.
    pub fn share(&self, reflected: Tensor<1>) -> Tensor<1> {
        (self.scattering.clone().square() * reflected).neg().add_scalar(1.0)
    }

    /// The directions afterwards.
    pub fn turn(&self, direction: Tensor<2>, reflected: Tensor<1>) -> Tensor<2> {
        let mirrored = reflect_direction(direction.clone(), self.incidence.n.clone());
        let turn = scale(mirrored - direction.clone(), reflected);
        direction + turn
    }
}
