//! Parameters that know what the host wrote into them.
//!
//! A scene is described on the host in f64 (a law of the ITU, a position) and has Burn parameters in f32 beside it. As long as
//! a parameter holds what was written from the description, the description is what counts; once an optimiser, a
//! record or a program has changed a value, the parameter is.

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::{DType, Device, FloatDType, Tensor, TensorData};

use crate::constraint::Within;

/// Values that are looked at at a time.
const BLOCK: usize = 256;

/// A parameter that is not trained until somebody asks for it.
pub(crate) fn frozen<const D: usize>(
    values: Vec<f32>,
    shape: [usize; D],
    device: &Device,
) -> Param<Tensor<D>> {
    Param::initialized(ParamId::new(), Tensor::from_data(TensorData::new(values, shape), device))
}

/// The values of a parameter, with its reparameterisation.
pub(crate) fn read<const D: usize>(parameter: &Param<Tensor<D>>) -> Vec<f32> {
    parameter.val().into_data().try_into_vec_as().expect("a tensor of numbers can be read as f32")
}

/// The first value that is not finite, if any.
pub(crate) fn first_not_finite<const D: usize>(parameter: &Param<Tensor<D>>) -> Option<f32> {
    let values = read(parameter);
    // Without a way out within a block, many are looked at at a time.
    let all_finite = |block: &&[f32]| block.iter().fold(true, |all, value| all & value.is_finite());
    let wrong = values.chunks(BLOCK).find(|block| !all_finite(block))?;
    wrong.iter().copied().find(|value| !value.is_finite())
}

/// Whether a value is still the one that was written, bit for bit.
pub(crate) fn unchanged(value: f32, written: f32) -> bool {
    value.to_bits() == written.to_bits()
}

/// Writes values into a parameter, which keeps its identity, its device, whether it is trained, and its range.
pub(crate) fn overwritten<const D: usize>(parameter: Param<Tensor<D>>, values: Vec<f32>) -> Param<Tensor<D>> {
    let base = match parameter.reparameterization::<Within>() {
        Some(range) => values.into_iter().map(|value| range.base(value)).collect(),
        None => values,
    };
    Module::map(parameter, &mut Overwrite(base))
}

struct Overwrite(Vec<f32>);

impl ModuleMapper for Overwrite {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let values = std::mem::take(&mut self.0);
        Param::map(parameter, |old| replaced(&old, values))
    }
}

/// A leaf with other values and the same shape, unless they do not fill it.
pub(crate) fn replaced<const D: usize>(old: &Tensor<D>, values: Vec<f32>) -> Tensor<D> {
    if values.len() != old.shape().num_elements() {
        return old.clone();
    }
    let new = Tensor::from_data(TensorData::new(values, old.dims()), &old.device());
    if old.is_require_grad() { new.require_grad() } else { new }
}

/// The same parameter with one row more, of values that follow one another in memory.
pub(crate) fn extended<const D: usize>(parameter: &Param<Tensor<D>>, row: &[f32]) -> Param<Tensor<D>> {
    let old = parameter.val();
    let mut shape = old.dims();
    shape[0] += 1;
    let values = [read(parameter).as_slice(), row].concat();
    let new = Tensor::from_data(TensorData::new(values, shape), &old.device());
    let trained = parameter.is_require_grad();
    Param::initialized(parameter.id, if trained { new.require_grad() } else { new })
}

/// `values`, with the derivative of `path`, which has the same values up to rounding.
///
/// So what a solver sees is the host's number, whether somebody differentiates or not. `trained` weighs the derivative.
pub(crate) fn with_derivative<const D: usize>(
    values: Tensor<D>,
    path: Tensor<D>,
    trained: Option<Tensor<D>>,
) -> Tensor<D> {
    let path = if path.dtype() == DType::F32 { path } else { path.cast(FloatDType::F32) };
    let zero = path.clone() - path.detach();
    values
        + match trained {
            Some(trained) => zero * trained,
            None => zero,
        }
}
