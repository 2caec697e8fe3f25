//! Gradients where formulas have singular points: finite, all of them.

use burn::tensor::{Device, Tensor};
use emberwave::prelude::*;

use crate::common::tables::elliptic;
use crate::common::world::{Slab, World};

/// What is put at a singular point.
struct Case {
    name: &'static str,
    world: World,
    position: [f64; 3],
    orientation: [f64; 3],
    plane: MeasurementPlane,
}

fn case(name: &'static str, world: World, position: [f64; 3]) -> Case {
    let plane = MeasurementPlane::new([0.0, 0.0, 1.5], [8.0, 8.0], [1.0, 1.0]);
    Case { name, world, position, orientation: [0.0; 3], plane }
}

fn cases() -> Vec<Case> {
    let concrete = || World::new().floor(0.0, 20.0, Slab::CONCRETE);
    // Brewster's angle of a lossless slab: tan θ = √ε.
    let lossless = World::new().floor(0.0, 20.0, Slab::new(4.0, 0.0, 0.05));
    let mut cases = vec![
        // Above the middle of a cell: the floor is met at normal incidence, and the antenna's pole points there.
        case("normal incidence", concrete(), [0.5, 0.5, 5.0]),
        case("above a corner of cells", concrete(), [0.0, 0.0, 5.0]),
        case("grazing", concrete(), [0.0, 0.0, 1.5 + 1e-4]),
        case("in the measurement plane", concrete(), [0.3, 0.2, 1.5]),
        case("Brewster", lossless, [-4.0, 0.0, 2.0]),
        case("metal", World::new().floor(0.0, 20.0, Slab::METAL), [0.0, 0.0, 4.0]),
        case("no thickness", World::new().floor(0.0, 20.0, Slab::new(4.0, 0.1, 0.0)), [0.0, 0.0, 4.0]),
        case("nothing there", World::new(), [0.0, 0.0, 4.0]),
        case("in the plane of a wall", concrete().wall_at_x(2.0, 3.0, Slab::CONCRETE), [2.0, 5.0, 4.0]),
        case("over an edge", concrete().wall_at_x(2.0, 3.0, Slab::CONCRETE), [2.0, 0.0, 6.0]),
        case("in a room", World::new().room([-5.0; 3], [5.0; 3], Slab::CONCRETE), [0.0, 0.0, 0.0]),
    ];
    // Behind everything: an empty map.
    let mut dark = case("empty map", concrete(), [0.0, 0.0, -5.0]);
    dark.world = World::new().floor(0.0, 20.0, Slab::METAL);
    cases.push(dark);
    cases
}

fn check(case: &Case, pattern: &TransmitterPattern, config: &RadioMapSolverConfig) {
    let device = Device::default().autodiff();
    let transmitter = Transmitter::new("tx", case.position)
        .with_orientation(case.orientation)
        .with_pattern(pattern.clone())
        .with_polarization(Polarization::Cross);
    let scene = case.world.scene_on(&device).with_transmitter(transmitter);
    let tensors = scene.tensors().expect("in range");
    let vertices = tensors.vertices.clone().require_grad();
    let materials = tensors.materials.clone().require_grad();
    let sources = tensors.sources.clone().require_grad();
    let wavenumber = tensors.wavenumber.clone().require_grad();
    let mut tensors = tensors
        .with_vertices(vertices.clone())
        .with_materials(materials.clone())
        .with_sources(sources.clone())
        .with_wavenumber(wavenumber.clone());
    if let TransmitterPattern::Table(_) = pattern {
        tensors.pattern_tables = tensors.pattern_tables.require_grad();
    }
    let tables = tensors.pattern_tables.clone();
    let map = config.clone().with_measurement_surface(case.plane).init().solve_tensors(tensors);
    let map = map.expect("it can be solved");
    let spread = map.rms_delay_spread().expect("asked for") * 1e9;
    let directions = map.direction_spread_of_arrival().expect("asked for");
    let gains: Tensor<3> = (map.path_gain() + 1e-12).log();
    let grads = (gains.sum() + spread.square().sum() + directions.square().sum()).backward();
    let name = case.name;
    all_finite(name, "vertices", vertices.grad(&grads));
    all_finite(name, "materials", materials.grad(&grads));
    all_finite(name, "sources", sources.grad(&grads));
    all_finite(name, "wavenumber", wavenumber.grad(&grads));
    all_finite(name, "tables", tables.grad(&grads));
}

fn all_finite<const D: usize>(case: &str, what: &str, gradient: Option<Tensor<D>>) {
    let Some(gradient) = gradient else { return };
    let values: Vec<f32> = gradient.into_data().iter::<f32>().collect();
    assert!(values.iter().all(|x| x.is_finite()), "{case}: the gradient by {what} is {values:?}");
}

#[test]
fn gradients_are_finite_at_singular_points() {
    let base =
        RadioMapSolverConfig::new().with_delays(true).with_directions_of_arrival(true).with_max_depth(2);
    let patterns = [AntennaPattern::HalfWaveDipole.into(), elliptic([5, 8]).into()];
    for case in cases() {
        for pattern in &patterns {
            check(&case, pattern, &base.clone().with_reconstruction(Reconstruction::Tubes));
            check(&case, pattern, &base.clone().with_samples_per_tx(4_000));
        }
    }
}
