//! Parts of the tracer that a user replaces.

use std::fmt;
use std::sync::Arc;

use burn::tensor::{Int, Tensor};
use emberwave_em::ComplexTensor;

/// What a custom material is asked for: n interactions at once.
#[derive(Clone, Debug)]
pub struct MaterialQuery {
    /// Where the rays hit \[m\], `[n, 3]`.
    pub positions: Tensor<2>,
    /// Which triangle, `[n]`.
    pub triangles: Tensor<1, Int>,
    /// Which material, `[n]`.
    pub materials: Tensor<1, Int>,
    /// The scene's own values, `[n, 8]`; columns as in `emberwave_kernels::MATERIAL_COLUMNS`.
    pub rows: Tensor<2>,
}

/// Gives the values to use in place of `rows`, `[n, 4]` or wider: η′, η″ (at most 0), thickness \[m\], S.
pub type MaterialFunction = Arc<dyn Fn(MaterialQuery) -> Tensor<2> + Send + Sync>;

/// Gives the fields (C_θ, C_φ), each `[n]`, that a transmitter (by its index) radiates along unit directions `[n, 3]` of
/// its own frame.
pub type AntennaFunction = Arc<dyn Fn(usize, Tensor<2>) -> [ComplexTensor<1>; 2] + Send + Sync>;

/// The custom parts of a solver.
#[derive(Clone, Default)]
pub(in crate::radio_map) struct CustomParts {
    pub material: Option<MaterialFunction>,
    pub antenna: Option<AntennaFunction>,
}

impl CustomParts {
    pub fn any(&self) -> bool {
        self.material.is_some() || self.antenna.is_some()
    }
}

impl fmt::Debug for CustomParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomParts")
            .field("material", &self.material.is_some())
            .field("antenna", &self.antenna.is_some())
            .finish()
    }
}
