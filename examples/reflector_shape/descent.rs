//! The ratio that a shape gives, and the way uphill.

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::Tensor;
use emberwave::prelude::*;

use crate::hall;
use crate::reflector::{Freedom, Reflector, SIDE};

/// Weight of the roughness of the displacements \[dB/m²\].
const SMOOTHNESS: f64 = 10.0;
/// The learning rate falls to this share of itself.
const LAST_RATE: f64 = 0.05;

/// The hall and how it is traced.
pub struct Problem {
    solver: RadioMapSolver,
    tensors: SceneTensors,
    /// Vertices that are not the reflector's \[m\].
    others: Tensor<2>,
}

/// How long to go uphill, and how fast.
#[derive(Clone, Copy)]
pub struct Descent {
    /// Steps of Adam.
    pub steps: u32,
    /// Learning rate at the start, in the units of the parameters.
    pub rate: f64,
}

/// What a shape gives.
pub struct Outcome {
    /// SIR of every cell \[dB\], `[num_cells_y, num_cells_x]`.
    pub sir: Tensor<2>,
    /// Its mean \[dB\], `[1]`.
    pub mean: Tensor<1>,
}

impl Outcome {
    /// The mean \[dB\].
    pub fn mean_db(&self) -> f64 {
        f64::from(self.mean.clone().into_scalar::<f32>())
    }

    /// The ratio of the worst cell \[dB\].
    pub fn worst_db(&self) -> f64 {
        f64::from(self.sir.clone().min().into_scalar::<f32>())
    }
}

impl Problem {
    /// One reflection, by tubes.
    pub fn new(device: &Device) -> Result<Self> {
        let tensors = hall::scene(device)?.tensors()?;
        let others = tensors.vertices.clone().slice(SIDE * SIDE..);
        let solver = RadioMapSolverConfig::new()
            .with_max_depth(1)
            .with_refraction(false)
            .with_measurement_surface(hall::plane())
            .init();
        Ok(Self { solver, tensors, others })
    }

    /// The same with other options of the solver.
    pub fn with_solver(&self, change: impl Fn(RadioMapSolverConfig) -> RadioMapSolverConfig) -> Self {
        let solver = change(self.solver.config().clone()).init();
        Self { solver, tensors: self.tensors.clone(), others: self.others.clone() }
    }

    /// The map of a reflector's vertices \[m\], `[SIDE², 3]`.
    pub fn solve(&self, vertices: Tensor<2>) -> Result<Outcome> {
        let vertices = Tensor::cat(vec![vertices, self.others.clone()], 0);
        let map = self.solver.solve_tensors(self.tensors.clone().with_vertices(vertices))?;
        let sir = hall::sir_db(&map);
        Ok(Outcome { mean: sir.clone().mean(), sir })
    }

    /// Goes uphill from a shape with Adam and gives the best one met; `look` sees every step.
    pub fn ascend(
        &self,
        start: Reflector,
        descent: Descent,
        mut look: impl FnMut(u32, &Reflector, &Outcome) -> Result<()>,
    ) -> Result<(Reflector, f64)> {
        let mut optimiser = AdamConfig::new().init();
        let (mut shape, mut best) = (start.clone(), (start, f64::NEG_INFINITY));
        for step in 0..=descent.steps {
            let outcome = self.solve(shape.vertices())?;
            look(step, &shape, &outcome)?;
            if outcome.mean_db() > best.1 {
                best = (shape.clone(), outcome.mean_db());
            }
            let loss = shape.roughness().mul_scalar(SMOOTHNESS) - outcome.mean;
            let gradients = GradientsParams::from_grads(loss.backward(), &shape);
            let rate = descent.rate * LAST_RATE.powf(f64::from(step) / f64::from(descent.steps));
            shape = optimiser.step(rate, shape, gradients);
        }
        Ok(best)
    }

    /// The best three scales: a grid of them, then uphill from the best of the grid.
    pub fn best_scales(&self, device: &Device, starts: usize, descent: Descent) -> Result<(Reflector, f64)> {
        const SIDES: [f64; 4] = [0.4, 0.6, 0.8, 0.95];
        let bulges = (0..12).map(|index| 1.1 - 0.2 * f64::from(index));
        let mut grid = Vec::new();
        for [x, y] in SIDES.into_iter().flat_map(|x| SIDES.map(|y| [x, y])) {
            for z in bulges.clone() {
                let shape = Reflector::new([x, y, z], Freedom::Scales, device);
                let mean = self.solve(shape.vertices().detach())?.mean_db();
                grid.push((shape, mean));
            }
        }
        grid.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        grid.truncate(starts);
        let mut best = grid[0].clone();
        for (start, _) in grid {
            let found = self.ascend(start, descent, |_, _, _| Ok(()))?;
            if found.1 > best.1 {
                best = found;
            }
        }
        Ok(best)
    }
}
