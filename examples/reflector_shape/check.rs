//! Derivatives beside finite differences, and the same shapes traced in other ways.

use burn::tensor::{Device, Tensor};
use emberwave::prelude::*;

use crate::descent::Problem;
use crate::hall::{dome, tensor};
use crate::reflector::{Reflector, SIDE};

/// Steps of the finite differences \[m\].
const STEPS: [f64; 4] = [3e-3, 1e-3, 3e-4, 1e-4];

/// A way to move all vertices.
type Motion = fn(usize, [f64; 3]) -> [f64; 3];

const MOTIONS: [(&str, Motion); 5] = [
    ("scale along x", |_, [x, _, _]| [x, 0.0, 0.0]),
    ("scale along z", |_, [_, _, z]| [0.0, 0.0, z]),
    ("tilt about x", |_, [_, y, _]| [0.0, 0.0, y]),
    ("a wave", |_, [x, y, _]| [0.0, 0.0, 0.3 * (2.0 * x + y).sin()]),
    ("the middle vertex up", |index, _| [0.0, 0.0, if index == SIDE * SIDE / 2 { 1.0 } else { 0.0 }]),
];

/// Prints derivatives of the mean SIR by motions of the vertices of a shape \[dB/m\].
pub fn derivatives(problem: &Problem, shape: &Reflector, device: &Device) -> Result<()> {
    let vertices = shape.vertices().detach().require_grad();
    let gradient = |problem: &Problem| -> Result<Tensor<2>> {
        let gradients = problem.solve(vertices.clone())?.mean.backward();
        Ok(vertices.grad(&gradients).expect("the vertices are tracked"))
    };
    let whole = gradient(problem)?;
    let fields = gradient(&problem.with_solver(|config| config.with_visibility_gradient(false)))?;
    println!("[dB/m]                 gradient     fields | differences of {STEPS:?} m");
    for (name, motion) in MOTIONS {
        let moved = dome().into_iter().enumerate().flat_map(|(index, at)| motion(index, at));
        let field: Tensor<2> = tensor(&moved.collect::<Vec<_>>(), [SIDE * SIDE, 3], device);
        let along =
            |gradient: &Tensor<2>| (gradient.clone() * field.clone().inner()).sum().into_scalar::<f32>();
        print!("{name:20} {:10.3} {:10.3} |", along(&whole), along(&fields));
        let at = |by: f64| -> Result<f64> {
            let vertices = vertices.clone().detach() + field.clone().mul_scalar(by);
            Ok(problem.solve(vertices)?.mean_db())
        };
        for step in STEPS {
            print!(" {:10.3}", (at(step)? - at(-step)?) / (2.0 * step));
        }
        println!();
    }
    Ok(())
}

/// Prints the mean SIR of a shape by finer tubes and with two reflections.
pub fn other_ways(name: &str, problem: &Problem, shape: &Reflector) -> Result<()> {
    let mean = |change: fn(RadioMapSolverConfig) -> RadioMapSolverConfig| -> Result<f64> {
        Ok(problem.with_solver(change).solve(shape.vertices().detach())?.mean_db())
    };
    let finer = mean(|config| config.with_target_error_db(Some(0.05)))?;
    let twice = mean(|config| config.with_max_depth(2))?;
    println!("{name}: finer tubes {finer:.2} dB, two reflections {twice:.2} dB");
    Ok(())
}

/// Whether the command line asks for the checks.
pub fn wanted() -> bool {
    std::env::args().any(|argument| argument == "--check")
}
