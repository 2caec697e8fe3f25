//! The reflector as a Burn module: three scales, and a height per vertex.

use burn::module::{Module, Param, ParamGroup, ParamId};
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Device, Tensor};

use crate::hall::{HEIGHT, QUADS, dome, tensor};

/// Vertices along a side.
pub const SIDE: usize = QUADS + 1;
/// Least and largest scale of the sides: the frame is as large as it is.
const SIDES: [f64; 2] = [0.3, 1.0];
/// Farthest that a vertex moves up or down \[m\].
const REACH: f64 = 0.8;

/// Vertices \[m\] = diag(s)·dome + (0, 0, HEIGHT + u).
#[derive(Module, Debug)]
pub struct Reflector {
    /// Free numbers of the scales of the two sides, `[2]`, which a sigmoid keeps between [`SIDES`].
    sides: Param<Tensor<1>>,
    /// Scale of the bulge, `[1]`; a negative one makes the dome a bowl.
    bulge: Param<Tensor<1>>,
    /// Free numbers of the displacements u \[m\], `[SIDE, SIDE]`, which tanh keeps within ±[`REACH`].
    heights: Param<Tensor<2>>,
}

/// What of a reflector is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freedom {
    /// The three scales, as in Instant RM.
    Scales,
    /// A displacement of every vertex along the normal of the frame.
    Vertices,
}

impl Reflector {
    /// The dome with these scales.
    pub fn new([x, y, z]: [f64; 3], freedom: Freedom, device: &Device) -> Self {
        let [least, largest] = SIDES;
        let free = |scale: f64| ((scale - least) / (largest - scale)).ln();
        let reflector = Self {
            sides: parameter(tensor(&[free(x), free(y)], [2], device)),
            bulge: parameter(tensor(&[z], [1], device)),
            heights: parameter(Tensor::zeros([SIDE, SIDE], device)),
        };
        let trained = match freedom {
            Freedom::Scales => vec!["sides", "bulge"],
            Freedom::Vertices => vec!["heights"],
        };
        reflector.no_grad().set_require_grad_group(ParamGroup::from_paths(trained), true)
    }

    /// The scales along x, y and z, `[3]`.
    pub fn scales(&self) -> Tensor<1> {
        let [least, largest] = SIDES;
        let sides = sigmoid(self.sides.val()).mul_scalar(largest - least).add_scalar(least);
        Tensor::cat(vec![sides, self.bulge.val()], 0)
    }

    /// The displacements u \[m\], `[SIDE, SIDE]`, rows along y.
    pub fn displacements(&self) -> Tensor<2> {
        tanh(self.heights.val().div_scalar(REACH)).mul_scalar(REACH)
    }

    /// The vertices \[m\], `[SIDE², 3]`.
    pub fn vertices(&self) -> Tensor<2> {
        let device = &self.heights.device();
        let base = tensor(&dome().concat(), [SIDE * SIDE, 3], device);
        let up = self.displacements().reshape([SIDE * SIDE, 1]).add_scalar(HEIGHT);
        base * self.scales().reshape([1, 3]) + up * tensor(&[0.0, 0.0, 1.0], [1, 3], device)
    }

    /// Sum of the squared second differences of the displacements along both sides \[m²\].
    pub fn roughness(&self) -> Tensor<1> {
        let u = self.displacements();
        let second = |axis: usize| {
            let part = |start| u.clone().narrow(axis, start, SIDE - 2);
            (part(0) - part(1).mul_scalar(2.0) + part(2)).square().sum()
        };
        second(0) + second(1)
    }
}

fn parameter<const D: usize>(values: Tensor<D>) -> Param<Tensor<D>> {
    Param::initialized(ParamId::new(), values)
}
