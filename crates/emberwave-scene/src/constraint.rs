//! Ranges that an optimiser cannot leave, as reparameterisations of Burn.

use burn::module::{Module, Param, ParamId, Reparameterization, Reparameterizer};
use burn::tensor::{Device, Int, Tensor, TensorData};

/// Nearer to the end of a range than this a start value is moved: at the end itself the derivative is zero.
const MARGIN: f64 = 1e-6;

/// Keeps a parameter above a lower bound, or between two.
///
/// With the free parameter b, the value is l + ln(1 + e^b) without an upper bound u, and l + (u − l)/(1 + e^−b) with one.
/// Near a bound equal steps of b change the distance from it by equal factors, so one learning rate serves a permittivity of 5
/// and a conductivity of 0.01 S/m.
///
/// ```
/// use burn::module::Reparameterization;
/// use burn::tensor::{Device, Tensor};
/// use emberwave_scene::Within;
/// let device = Device::default();
/// let base = Tensor::<1>::from_data([-100.0, 0.0, 100.0], &device);
/// let at_least_one = Within::at_least(1.0, &device).apply(base.clone()).into_data();
/// assert_eq!(at_least_one.try_to_vec::<f32>()?, [1.0, 1.0 + std::f32::consts::LN_2, 101.0]);
/// let unit = Within::between(0.0, 1.0, &device).apply(base).into_data();
/// assert_eq!(unit.try_to_vec::<f32>()?[1..], [0.5, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Module, Debug)]
pub struct Within {
    lower: f64,
    upper: f64,
    /// Tells records with free parameters from records with values: one is refused where the other is expected.
    free: Param<Tensor<1, Int>>,
}

impl Within {
    /// Values above `lower`.
    #[must_use]
    pub fn at_least(lower: f64, device: &Device) -> Self {
        Self::between(lower, f64::INFINITY, device)
    }

    /// Values between `lower` and `upper`.
    #[must_use]
    pub fn between(lower: f64, upper: f64, device: &Device) -> Self {
        Self { lower, upper, free: Param::initialized(ParamId::new(), Tensor::from_data([1], device)) }
    }

    /// The free parameter that gives a value, which is moved inside the range first.
    pub(crate) fn base(&self, value: f32) -> f32 {
        let above = (f64::from(value) - self.lower).max(MARGIN);
        let base = if self.upper.is_finite() {
            let share = (above / (self.upper - self.lower)).clamp(MARGIN, 1.0 - MARGIN);
            (share / (1.0 - share)).ln()
        } else {
            above + (-(-above).exp_m1()).ln()
        };
        base as f32
    }
}

impl Reparameterization for Within {
    const NAME: &'static str = "within";

    fn apply<const D: usize>(&self, base: Tensor<D>) -> Tensor<D> {
        if self.upper.is_finite() {
            return burn::tensor::activation::sigmoid(base) * (self.upper - self.lower) + self.lower;
        }
        // ln(1 + e^b) without overflow.
        base.clone().clamp_min(0.0) + base.abs().neg().exp().log1p() + self.lower
    }
}

/// Puts the physical range of each quantity on parameters of these names.
pub(crate) struct PhysicalRanges(pub Vec<&'static str>);

impl Reparameterizer for PhysicalRanges {
    type Reparam = Within;

    fn reparameterize<const D: usize>(
        &mut self,
        path: &str,
        parameter: Param<Tensor<D>>,
    ) -> (Param<Tensor<D>>, Option<Within>) {
        if !self.0.contains(&path) {
            return (parameter, None);
        }
        let device = &parameter.lazy_device();
        let range = match path {
            "relative_permittivity" => Within::at_least(1.0, device),
            "scattering_coefficient" | "xpd_coefficient" => Within::between(0.0, 1.0, device),
            _ => Within::at_least(0.0, device),
        };
        (parameter.map(|value| in_base(&value, &range)), Some(range))
    }
}

fn in_base<const D: usize>(value: &Tensor<D>, range: &Within) -> Tensor<D> {
    let base: Vec<f32> = value.to_data().iter::<f32>().map(|value| range.base(value)).collect();
    let base = Tensor::from_data(TensorData::new(base, value.dims()), &value.device());
    if value.is_require_grad() { base.require_grad() } else { base }
}
