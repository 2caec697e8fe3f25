//! Electrical properties of building materials as differentiable functions of frequency: ITU-R P.2040.

use burn::tensor::{DType, Tensor, TensorData};
use emberwave_physics::{Dual, ItuClass, ItuEdition, OutOfRange, PhysicsError, Real};

use crate::real::with_slope;

/// ε_r and σ of a material, each of the shape of the frequencies.
#[derive(Debug, Clone)]
pub struct ElectricalPropertiesTensor {
    /// ε_r, at least 1 for every row of the table within its range.
    pub relative_permittivity: Tensor<1>,
    /// σ \[S/m\].
    pub conductivity: Tensor<1>,
}

/// ε_r = a f^b and σ = c f^d S/m of a class at frequencies \[Hz\], `[n]`, with f in GHz.
///
/// The row of the table is chosen on the host, so the frequencies are read from the device once; there the law is
/// evaluated in f64 with its derivative (by dual numbers), and both are handed to Burn. Differentiable in the frequency
/// within a row; a clamped frequency has derivative 0. Source: ITU-R P.2040-4 (P.2040-3 by choice).
///
/// # Errors
/// Those of `emberwave_physics::itu_properties`: a frequency that is not positive and finite, a class that the edition
/// lacks, or, under [`OutOfRange::Error`], a frequency in none of the ranges.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_physics::{ItuClass, ItuEdition, OutOfRange};
/// let frequency = Tensor::<1>::from_data([3.5e9], &Device::default());
/// let concrete = emberwave_em::itu_properties(
///     ItuClass::Concrete, frequency, ItuEdition::default(), OutOfRange::Error)?;
/// assert!((concrete.conductivity.into_scalar::<f32>() - 0.1231).abs() < 1e-4);
/// # Ok::<(), emberwave_physics::PhysicsError>(())
/// ```
pub fn itu_properties(
    class: ItuClass,
    frequency: Tensor<1>,
    edition: ItuEdition,
    policy: OutOfRange,
) -> Result<ElectricalPropertiesTensor, PhysicsError> {
    let values = frequency.to_data_dtype(DType::F64).try_into_vec::<f64>();
    // A failing read gives no frequency: the shapes differ and Burn reports it where it arises.
    let values = values.unwrap_or_default();
    let laws = values
        .iter()
        .map(|&hertz| emberwave_physics::itu_properties(class, Dual::variable(hertz), edition, policy))
        .collect::<Result<Vec<_>, _>>()?;
    let attach = |numbers: Vec<Dual>| {
        let value = constant(numbers.iter().map(|x| x.to_f64()).collect(), &frequency);
        let slope = constant(numbers.iter().map(|x| x.d).collect(), &frequency);
        with_slope(value, frequency.clone(), slope)
    };
    Ok(ElectricalPropertiesTensor {
        relative_permittivity: attach(laws.iter().map(|law| law.relative_permittivity).collect()),
        conductivity: attach(laws.iter().map(|law| law.conductivity).collect()),
    })
}

fn constant(values: Vec<f64>, like: &Tensor<1>) -> Tensor<1> {
    let shape = [values.len()];
    Tensor::from_data(TensorData::new::<f64, _>(values, shape), (&like.device(), like.dtype()))
}
