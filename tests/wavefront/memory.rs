//! A trace that would not fit in memory is refused before it starts; one that does is not.

use std::ops::ControlFlow;
use std::sync::Arc;

use burn::tensor::{Device, FloatDType};
use emberwave::prelude::*;

use crate::common::world::{Slab, World, config};
use crate::scenes::{room, tensors};

/// More rays than any machine has memory for, and tracing of which would take weeks.
const TOO_MANY: u64 = 1_000_000_000_000;

fn options(rays: u64) -> RadioMapSolverConfig {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [12.0, 10.0], [1.0, 1.0]);
    config(rays, 4, plane).with_execution(Execution::Wavefront)
}

/// MiB that a refusal says are needed.
fn refused(rays: u64, tensors: SceneTensors) -> f64 {
    let error = options(rays).init().solve_tensors(tensors).expect_err("there is not so much memory");
    let message = error.to_string();
    let start = format!("the wavefront form of {rays} rays for 1 transmitters needs about ");
    assert!(message.starts_with(&start) && !message.contains('\n'), "{message}");
    let needed = message[start.len()..].split(' ').next().expect("a number");
    needed.parse().expect("a number")
}

#[test]
fn more_rays_than_fit_are_refused_at_once() {
    let constant = refused(TOO_MANY, tensors(&room(), &Device::default(), FloatDType::F32));
    let device = Device::default().autodiff();
    let tracked = |dtype| {
        let tensors = tensors(&room(), &device, dtype);
        let materials = tensors.materials.clone().detach().require_grad();
        refused(TOO_MANY, tensors.with_materials(materials))
    };
    let untracked = refused(TOO_MANY, tensors(&room(), &device, FloatDType::F64));
    assert_eq!(untracked, constant);
    let (single, double) = (tracked(FloatDType::F32), tracked(FloatDType::F64));
    assert!(single > 3.0 * constant && double > 1.5 * single, "{constant} {single} {double} MiB");
    assert!(refused(2 * TOO_MANY, tensors(&room(), &device, FloatDType::F32)) > 1.9 * constant);
}

#[test]
fn rays_that_leave_nothing_need_no_memory() {
    // A plane that no ray crosses, beside a floor that most rays miss: only the number of rays is large.
    let world = World::new().floor(0.0, 1.0, Slab::CONCRETE);
    let scene = world.scene().with_transmitter(Transmitter::new("tx", [0.0, 0.0, 50.0]));
    let away = MeasurementPlane::new([0.0, 0.0, -9e5], [1.0, 1.0], [1.0, 1.0]);
    let cancelling = Monitor::with_callback(|_| ControlFlow::Break(()));
    let solver = options(TOO_MANY).with_measurement_surface(away).init().with_monitor(Arc::new(cancelling));
    let error = solver.solve(&scene).expect_err("the monitor cancels");
    assert!(matches!(error, emberwave::solvers::SolveError::Cancelled), "{error}");
}
