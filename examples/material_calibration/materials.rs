//! Materials with more parameters than they need.

use burn::module::{Module, Param, ParamId};
use burn::tensor::{Tensor, TensorData};
use emberwave::prelude::*;
use emberwave::scene::SceneError;

/// Entries of each vector.
const DIMENSION: usize = 4;

/// The largest exponent, so that values stay finite.
const LARGEST: f32 = 25.0;

/// A scene whose materials are ε_r = 1 + exp(uᵀv/√4) and ε_i = exp(uᵀw/√4), with one u for all and a v and a w for each.
///
/// More parameters than values, but all of about 1, so one rate suits a permittivity of 5 and the loss of a metal alike.
#[derive(Module, Debug)]
pub struct LearnedMaterials {
    /// u, `[4]`.
    shared: Param<Tensor<1>>,
    /// v of each material, `[num_materials, 4]`.
    real: Param<Tensor<2>>,
    /// w of each material, `[num_materials, 4]`.
    imaginary: Param<Tensor<2>>,
    scene: Scene,
}

impl LearnedMaterials {
    /// All materials alike, of a permittivity ε_r − jε_i; `direction` is u.
    pub fn new(scene: Scene, [real, imaginary]: [f32; 2], direction: [f32; DIMENSION]) -> Self {
        let (device, num_materials) = (scene.device(), scene.materials().len());
        let norm: f32 = direction.iter().map(|x| x * x).sum();
        // exp(uᵀv/2) is the value for v = 2 u ln(value) / |u|².
        let rows = |value: f32| {
            let row = direction.map(|x| 2.0 * x * value.ln() / norm);
            let values = row.repeat(num_materials);
            let tensor = Tensor::from_data(TensorData::new(values, [num_materials, DIMENSION]), &device);
            Param::initialized(ParamId::new(), tensor.require_grad())
        };
        let shared = Tensor::from_data(direction, &device).require_grad();
        Self {
            shared: Param::initialized(ParamId::new(), shared),
            real: rows(real - 1.0),
            imaginary: rows(imaginary),
            scene: scene.no_grad(),
        }
    }

    /// The same materials, one of which has another ε_r, and another ε_i if one is given.
    #[must_use]
    pub fn with_permittivity(mut self, material: usize, real: f32, imaginary: Option<f32>) -> Self {
        let shared: Vec<f32> = self.shared.val().into_data().iter::<f32>().collect();
        self.real = with_row(self.real, &shared, material, real - 1.0);
        if let Some(imaginary) = imaginary {
            self.imaginary = with_row(self.imaginary, &shared, material, imaginary);
        }
        self
    }

    /// ε_r and −ε_i of all materials, `[num_materials, 2]`.
    pub fn permittivities(&self) -> Tensor<2> {
        let shared = self.shared.val().unsqueeze_dim(1).div_scalar((DIMENSION as f64).sqrt());
        let value =
            |vectors: &Param<Tensor<2>>| vectors.val().matmul(shared.clone()).clamp_max(LARGEST).exp();
        Tensor::cat(vec![value(&self.real) + 1.0, value(&self.imaginary).neg()], 1)
    }
}

impl CalibrationModel for LearnedMaterials {
    fn tensors(&self) -> Result<SceneTensors, SceneError> {
        let tensors = self.scene.tensors()?;
        let others = tensors.materials.clone().slice([0..1, 0..self.scene.materials().len(), 2..8]);
        let learned = self.permittivities().unsqueeze_dim(0);
        Ok(tensors.with_materials(Tensor::cat(vec![learned, others], 2)))
    }
}

/// The same vectors, one of which gives another value.
fn with_row(rows: Param<Tensor<2>>, shared: &[f32], row: usize, value: f32) -> Param<Tensor<2>> {
    let norm: f32 = shared.iter().map(|x| x * x).sum();
    rows.map(|rows| {
        let mut values: Vec<f32> = rows.to_data().iter::<f32>().collect();
        let vector = &mut values[row * DIMENSION..][..DIMENSION];
        vector.iter_mut().zip(shared).for_each(|(v, u)| *v = 2.0 * u * value.ln() / norm);
        Tensor::from_data(TensorData::new(values, rows.dims()), &rows.device()).require_grad()
    })
}
