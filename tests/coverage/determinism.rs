//! The same question gets the same bits.

use crate::common::world::path_gain;
use crate::worlds::{room, room_plane, tubes, two_transmitters};
use emberwave::prelude::*;

/// Bits of the map and of the gradient of its sum by the materials, with so many threads.
fn bits(threads: usize) -> (Vec<u32>, Vec<u32>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| {
        let plane = MeasurementPlane { cell_size: [0.1, 0.1], ..room_plane() };
        let config = tubes(3, plane);
        let scene = two_transmitters(room());
        let map = path_gain(&scene, &config);
        let tensors = scene.tensors().expect("valid");
        let device = Device::default().autodiff();
        let materials = burn::tensor::Tensor::<3>::from_data(tensors.materials.clone().into_data(), &device);
        let materials = materials.require_grad();
        let tensors = tensors.with_materials(materials.clone());
        let map_again = config.init().solve_tensors(tensors).expect("in range");
        let grads = (map_again.path_gain().sum() * 1e6).backward();
        let gradient = materials.grad(&grads).expect("a gradient").into_data();
        let to_bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect();
        (to_bits(map), to_bits(gradient.iter::<f32>().collect()))
    })
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let one = bits(1);
    assert!(one.1.iter().any(|&bits| f32::from_bits(bits) != 0.0));
    assert!(bits(2) == one);
    assert!(bits(3) == one);
}
