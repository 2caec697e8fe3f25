//! Tensors from and to plain numbers, comparisons.

#[path = "../../../emberwave-physics/tests/support/random.rs"]
mod random;

use burn::tensor::{DType, Device, Gradients, Tensor, TensorData};
use emberwave_em::{ComplexTensor, FieldTensor, SlabTensor};
use emberwave_physics::{Complex, Field, SlabCoefficients, Vec3};

pub use random::Random;

/// Element types under test, each with its relative tolerance.
pub const PRECISIONS: [(DType, f64); 2] = [(DType::F32, 1e-5), (DType::F64, 1e-11)];

/// Where and in what precision tensors are made.
#[derive(Clone)]
pub struct Maker {
    device: Device,
    dtype: DType,
}

impl Maker {
    pub fn new(dtype: DType) -> Self {
        Self { device: Device::default(), dtype }
    }
    /// In f64, with gradients.
    pub fn autodiff() -> Self {
        Self { device: Device::default().autodiff(), dtype: DType::F64 }
    }
    pub fn autodiff_single() -> Self {
        Self { device: Device::default().autodiff(), dtype: DType::F32 }
    }
    /// The value that the tensors will have.
    pub fn round(&self, x: f64) -> f64 {
        if self.dtype == DType::F32 { f64::from(x as f32) } else { x }
    }
    pub fn round3(&self, x: Vec3<f64>) -> Vec3<f64> {
        x.map(|x| self.round(x))
    }
    pub fn tensor<const D: usize>(&self, values: Vec<f64>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new::<f64, _>(values, shape), (&self.device, self.dtype))
    }
    pub fn scalars(&self, values: impl IntoIterator<Item = f64>) -> Tensor<1> {
        let values = values.into_iter().collect::<Vec<_>>();
        let shape = [values.len()];
        self.tensor(values, shape)
    }
    pub fn vectors(&self, values: &[Vec3<f64>]) -> Tensor<2> {
        self.tensor(values.concat(), [values.len(), 3])
    }
    pub fn complex(&self, values: &[Complex<f64>]) -> ComplexTensor<1> {
        ComplexTensor::new(
            self.scalars(values.iter().map(|z| z.re)),
            self.scalars(values.iter().map(|z| z.im)),
        )
    }
    pub fn fields(&self, values: &[Field<f64>]) -> FieldTensor {
        let part =
            |part: fn(&Field<f64>) -> Vec3<f64>| self.vectors(&values.iter().map(part).collect::<Vec<_>>());
        FieldTensor::new(part(|field| field.re), part(|field| field.im))
    }
    pub fn slabs(&self, values: &[SlabCoefficients<f64>]) -> SlabTensor {
        let part = |part: fn(&SlabCoefficients<f64>) -> Complex<f64>| {
            self.complex(&values.iter().map(part).collect::<Vec<_>>())
        };
        SlabTensor {
            r_te: part(|s| s.r_te),
            r_tm: part(|s| s.r_tm),
            t_te: part(|s| s.t_te),
            t_tm: part(|s| s.t_tm),
        }
    }
}

pub fn values<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    let values = tensor.to_data_dtype(DType::F64).try_into_vec::<f64>().expect("numbers");
    assert!(values.iter().all(|x| x.is_finite()), "not finite: {values:?}");
    values
}

pub fn triples(tensor: &Tensor<2>) -> Vec<Vec3<f64>> {
    values(tensor).chunks_exact(3).map(|v| [v[0], v[1], v[2]]).collect()
}

pub fn complexes<const D: usize>(tensor: &ComplexTensor<D>) -> Vec<Complex<f64>> {
    let parts = values(&tensor.re).into_iter().zip(values(&tensor.im));
    parts.map(|(re, im)| Complex::new(re, im)).collect()
}

/// Gradient of a leaf, zeros where nothing depends on it.
pub fn gradient<const D: usize>(leaf: &Tensor<D>, gradients: &Gradients) -> Vec<f64> {
    leaf.grad(gradients).map_or_else(|| vec![0.0; leaf.shape().num_elements()], |g| values(&g))
}

/// Re Σ conj(cotangent) z: the loss whose cotangent in z is the given one.
pub fn paired<const D: usize>(z: ComplexTensor<D>, cotangent: ComplexTensor<D>) -> Tensor<1> {
    (z.re * cotangent.re + z.im * cotangent.im).sum()
}

#[track_caller]
pub fn assert_close(actual: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (actual - expected).abs();
    assert!(error <= tolerance, "{what}: {actual:e} instead of {expected:e}, by {error:e} > {tolerance:e}");
}

#[track_caller]
pub fn assert_all_close(actual: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert_close(*a, *e, tolerance * e.abs().max(1.0), &format!("{what} [{i}]"));
    }
}
