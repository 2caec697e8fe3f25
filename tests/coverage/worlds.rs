//! The scenes of these tests.

use emberwave::prelude::*;

use crate::common::world::{Slab, World, config};

pub const FREQUENCY: f64 = 3.5e9;

/// A few materials that reflect and let through.
pub const PLASTER: Slab = Slab::new(3.0, 0.02, 0.05);

pub fn ground() -> Scene {
    World::new().floor(0.0, 60.0, Slab::CONCRETE).scene().with_frequency(FREQUENCY)
}

/// A closed room with a screen in it.
pub fn room() -> Scene {
    World::new()
        .room([-4.0, -3.0, 0.0], [5.0, 4.0, 3.5], Slab::CONCRETE)
        .quad([[1.0, -1.0, 0.5], [1.0, 2.0, 0.5], [1.0, 2.0, 3.0], [1.0, -1.0, 3.0]], PLASTER)
        .scene()
        .with_frequency(FREQUENCY)
}

pub fn room_plane() -> MeasurementPlane {
    MeasurementPlane::new([0.5, 0.5, 1.2], [8.0, 6.0], [0.5, 0.5])
}

pub fn two_transmitters(scene: Scene) -> Scene {
    scene
        .with_transmitter(Transmitter::new("a", [-2.6, -0.7, 2.3]).with_polarization(Polarization::Cross))
        .with_transmitter(
            Transmitter::new("b", [3.0, 1.2, 2.8])
                .with_pattern(AntennaPattern::Tr38901)
                .with_polarization(Polarization::H)
                .with_look_at([0.0, 0.0, 0.5]),
        )
}

/// Options for tubes.
pub fn tubes(max_depth: u32, plane: MeasurementPlane) -> RadioMapSolverConfig {
    config(1, max_depth, plane).with_reconstruction(Reconstruction::Tubes).with_target_error_db(Some(0.1))
}

pub fn values<const D: usize>(tensor: burn::tensor::Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}
