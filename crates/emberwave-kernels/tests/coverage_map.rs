//! Coverages of several frequencies, transmitters, beams and planes at once.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use emberwave_kernels::{
    Antenna, Channels, Coverage, Events, Motion, PlaneGrid, Topology, TraceConfig, TraceInputs, TubeOptions,
    coverage_map, trace_coverage, trace_map,
};
use emberwave_physics::{AntennaPattern, PolarizationModel};

/// Cells of the two planes.
const CELLS: usize = 24 + 6;

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), &Device::default())
}

/// A floor and a wall, two transmitters of two ports with three beams, at two frequencies, over two planes.
fn inputs() -> TraceInputs {
    let vertices = [
        [-30.0, -30.0, 0.0],
        [30.0, -30.0, 0.0],
        [30.0, 30.0, 0.0],
        [-30.0, 30.0, 0.0],
        [8.0, -30.0, 0.0],
        [8.0, 30.0, 0.0],
        [8.0, 30.0, 20.0],
        [8.0, -30.0, 20.0],
    ];
    let triangles = vec![[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]];
    let material =
        |eta_im| [[5.0, eta_im, 0.1, 0.2, 0.0, 0.0, 0.0, 0.0], [3.0, -0.1, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0]];
    let materials = [material(-0.4), material(-0.2)].into_iter().flatten().flatten().collect();
    let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let source = |position: [f32; 3]| position.into_iter().chain(identity).collect::<Vec<_>>();
    let beams = [[1.0, 0.0, 0.0, 0.0], [0.6, 0.0, 0.0, 0.8], [0.0, 0.5, -0.5, 0.0]];
    TraceInputs {
        vertices: tensor(vertices.into_iter().flatten().collect(), [8, 3]),
        materials: tensor(materials, [2, 2, 8]),
        wavenumber: tensor(vec![73.0, 146.0], [2]),
        sources: tensor([source([-3.0, 1.0, 6.0]), source([2.0, -4.0, 9.0])].concat(), [2, 12]),
        pattern_tables: tensor(Vec::new(), [0, 2, 1, 4]),
        ports: tensor([[0.0, -0.01, 0.0, 0.0, 0.01, 0.0]; 2].concat(), [2, 2, 3]),
        precoding: tensor([beams.concat(), beams.concat()].concat(), [2, 3, 2, 2]),
        surface: tensor(
            [[-4.0, -4.0, 1.5, 8.0, 0.0, 0.0, 0.0, 6.0, 0.0], [3.0, 4.0, 1.0, 0.0, 3.0, 0.0, 0.0, 0.0, 2.0]]
                .concat(),
            [2, 3, 3],
        ),
        topology: Arc::new(Topology::new(triangles, vec![0, 0, 1, 1], 8)),
    }
}

fn config() -> TraceConfig {
    let antenna =
        Antenna { pattern: AntennaPattern::Dipole.into(), model: PolarizationModel::Two, slants: vec![0.0] };
    TraceConfig {
        events: Events { los: true, specular_reflection: true, refraction: true },
        max_depth: 2,
        roulette: None,
        stop_threshold: None,
        samples_per_tx: 1_000_000,
        seed: 7,
        antennas: vec![antenna; 2],
        planes: vec![
            PlaneGrid { num_cells_x: 6, num_cells_y: 4 },
            PlaneGrid { num_cells_x: 3, num_cells_y: 2 },
        ],
        channels: Channels { delay: true, ..Channels::default() },
        motion: Motion::default(),
        monitor: None,
    }
}

fn values(map: Tensor<5>) -> Vec<f32> {
    map.into_data().iter::<f32>().collect()
}

fn coverage() -> Coverage {
    trace_coverage(&inputs(), &config(), &TubeOptions::for_target_error(0.05, 4))
}

#[test]
fn every_frequency_transmitter_and_beam_has_the_map_that_it_has_alone() {
    let coverage = Arc::new(coverage());
    let all = coverage_map(inputs(), Arc::clone(&coverage), Arc::new(config()));
    assert_eq!(all.dims(), [3, 2, 2, 3, CELLS]);
    for (frequency, beam) in [(0, 0), (0, 2), (1, 1)] {
        let inputs = inputs();
        let alone = TraceInputs {
            materials: inputs.materials.clone().narrow(0, frequency, 1),
            wavenumber: inputs.wavenumber.clone().narrow(0, frequency, 1),
            precoding: inputs.precoding.clone().narrow(1, beam, 1),
            ..inputs
        };
        let alone = coverage_map(alone, Arc::clone(&coverage), Arc::new(config()));
        let among_all = all.clone().narrow(1, frequency, 1).narrow(3, beam, 1);
        assert_eq!(values(among_all), values(alone));
    }
}

#[test]
fn power_and_delay_are_those_of_rays_in_every_map() {
    let tubes = coverage_map(inputs(), Arc::new(coverage()), Arc::new(config()));
    let rays = trace_map(inputs(), Arc::new(config()));
    let of = |map: &Tensor<5>, channel: usize| values(map.clone().narrow(0, channel, 1));
    // Some thousands of rays cross a cell.
    for (found, expected) in of(&tubes, 0).into_iter().zip(of(&rays, 0)) {
        assert!((found / expected - 1.0).abs() < 0.3, "{found} where rays give {expected}");
    }
    for (found, expected) in of(&tubes, 1).into_iter().zip(of(&rays, 1)) {
        assert!((found / expected - 1.0).abs() < 0.1, "{found} s where rays give {expected} s");
    }
    let total = |map: &Tensor<5>| map.clone().narrow(0, 0, 1).sum_dim(4);
    for (found, expected) in values(total(&tubes)).into_iter().zip(values(total(&rays))) {
        assert!((found / expected - 1.0).abs() < 0.02, "{found} in all where rays give {expected}");
    }
}

#[test]
fn a_coverage_survives_its_parts() {
    let coverage = coverage();
    assert_eq!(Coverage::from_parts(&coverage.to_parts()), Ok(coverage.clone()));
    assert_eq!(coverage.misfit(&inputs(), &config()), None);
    let mut parts = coverage.to_parts();
    parts.transmitters[1].fragments[0][0] = 0xffff;
    assert_eq!(
        Coverage::from_parts(&parts),
        Err("a fragment refers to a sequence or cell that is not there".to_owned())
    );
    let mut parts = coverage.to_parts();
    parts.transmitters[0].steps[1][0] = 5;
    assert_eq!(Coverage::from_parts(&parts), Err("a sequence continues one that comes after it".to_owned()));
    let mut parts = coverage.to_parts();
    parts.transmitters[0].areas[3][0] = f32::NAN;
    assert_eq!(Coverage::from_parts(&parts), Err("a number is not finite".to_owned()));
}
