//! The sites as trainable numbers that cannot leave their ranges.

use std::f64::consts::TAU;

use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};

/// Where a site may stand along x and y \[m\].
pub const RANGE: [[f64; 2]; 2] = [[-150.0, 150.0], [-130.0, 130.0]];
/// Height of every antenna \[m\]: the highest roof of the window is at 26.5 m, so no site gets into a building.
pub const HEIGHT: f64 = 29.0;
/// Range of the tilt below the horizon \[rad\].
const TILT: [f64; 2] = [0.0, 0.8];

/// One site: x \[m\], y \[m\], yaw and tilt \[rad\].
pub type Site = [f64; 4];

/// Free numbers u `[num_sites, 4]`: x, y and the tilt are l + (h − l)/(1 + e^−u) between their bounds l and h,
/// the yaw is u.
#[derive(Module, Debug)]
pub struct Sites {
    free: Param<Tensor<2>>,
}

impl Sites {
    /// Sites to be trained.
    pub fn new(sites: &[Site], device: &Device) -> Self {
        let logit = |value: f64, [low, high]: [f64; 2]| {
            let share = ((value - low) / (high - low)).clamp(0.01, 0.99);
            (share / (1.0 - share)).ln()
        };
        let row =
            |&[x, y, yaw, tilt]: &Site| [logit(x, RANGE[0]), logit(y, RANGE[1]), yaw, logit(tilt, TILT)];
        let values: Vec<f32> = sites.iter().flat_map(row).map(|x| x as f32).collect();
        let free = TensorData::new(values, [sites.len(), 4]);
        Self { free: Param::from_tensor(Tensor::from_data(free, device)) }
    }

    /// x \[m\], y \[m\], yaw and tilt \[rad\], `[num_sites, 4]`.
    pub fn placed(&self) -> Tensor<2> {
        let column = |index| self.free.val().narrow(1, index, 1);
        let within = |index, [low, high]: [f64; 2]| sigmoid(column(index)) * (high - low) + low;
        Tensor::cat(vec![within(0, RANGE[0]), within(1, RANGE[1]), column(2), within(3, TILT)], 1)
    }

    /// The numbers as they are.
    pub fn read(&self) -> Vec<Site> {
        rows(self.placed())
    }
}

/// A tensor of four columns on the host.
pub fn rows(values: Tensor<2>) -> Vec<Site> {
    let values: Vec<f64> = values.into_data().iter::<f64>().collect();
    values.chunks_exact(4).map(|row| [row[0], row[1], row[2], row[3]]).collect()
}

/// Sites as a tensor, `[num_sites, 4]`.
pub fn tensor(sites: &[Site], device: &Device) -> Tensor<2> {
    let values: Vec<f32> = sites.iter().flatten().map(|&x| x as f32).collect();
    Tensor::from_data(TensorData::new(values, [sites.len(), 4]), device)
}

/// What a solver reads of sites `[num_sites, 4]`: position and rotation, `[num_sites, 12]`.
pub fn sources(placed: Tensor<2>) -> Tensor<2> {
    let column = |index| placed.clone().narrow(1, index, 1);
    let constant = |value: f64| column(0).zeros_like() + value;
    let orientation = Tensor::cat(vec![column(2), column(3), constant(0.0)], 1);
    let rotation = emberwave::em::rotation_matrices(orientation).reshape([-1, 9]);
    Tensor::cat(vec![column(0), column(1), constant(HEIGHT), rotation], 1)
}

/// The `number`-th of a sequence of starts: positions spread evenly over the middle of the window by the golden
/// ratio's sequence in three dimensions, yaw as well, all tilted by 0.2 rad.
///
/// Nothing is picked by hand: the n-th point is the fractional part of n·(1/g, 1/g², 1/g³), with g⁴ = g + 1.
pub fn start(number: usize, num_sites: usize) -> Vec<Site> {
    const G: f64 = 1.220_744_084_605_76;
    let site = |site| {
        let n = (number * num_sites + site + 1) as f64;
        let part = |power: i32| (n / G.powi(power)).fract();
        let within = |share: f64, [low, high]: [f64; 2]| low + (0.1 + 0.8 * share) * (high - low);
        [within(part(1), RANGE[0]), within(part(2), RANGE[1]), TAU * part(3), 0.2]
    };
    (0..num_sites).map(site).collect()
}
