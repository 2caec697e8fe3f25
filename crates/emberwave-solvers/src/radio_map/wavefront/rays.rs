//! Rays as columns of tensors, and what they decided.

use burn::tensor::{Device, Int, Tensor, TensorData};
use emberwave_em::FieldTensor;
use emberwave_kernels::CHOICE_COLUMNS;

/// Rays under way, all tensors with one row per ray.
#[derive(Clone, Debug)]
pub(super) struct Rays {
    /// Place of each ray in its chunk.
    pub index: Vec<usize>,
    /// Where the segment starts, from the middle of the scene \[m\].
    pub origin: Tensor<2>,
    pub direction: Tensor<2>,
    /// Range-free field.
    pub field: FieldTensor,
    /// Unfolded length so far \[m\].
    pub length: Tensor<1>,
    /// Direction at launch.
    pub departure: Tensor<2>,
}

impl Rays {
    /// The rays at these places.
    pub fn select(&self, places: &[usize]) -> Self {
        let at = indices(places.iter().map(|&place| place as i32), &self.origin.device());
        let rows = |tensor: &Tensor<2>| tensor.clone().select(0, at.clone());
        Self {
            index: places.iter().map(|&place| self.index[place]).collect(),
            origin: rows(&self.origin),
            direction: rows(&self.direction),
            field: FieldTensor::new(rows(&self.field.re), rows(&self.field.im)),
            length: self.length.clone().select(0, at.clone()),
            departure: rows(&self.departure),
        }
    }
}

/// A list of indices as a tensor.
pub(super) fn indices(values: impl Iterator<Item = i32>, device: &Device) -> Tensor<1, Int> {
    let values: Vec<i32> = values.collect();
    let shape = [values.len()];
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// What the rays of a chunk decided.
#[derive(Debug)]
pub(super) struct Choices {
    values: Vec<i32>,
    num_segments: usize,
}

impl Choices {
    /// From `emberwave_kernels::trace_choices`.
    pub fn new(choices: Tensor<3, Int>) -> Self {
        let num_segments = choices.dims()[1];
        Self { values: choices.into_data().iter::<i32>().collect(), num_segments }
    }

    /// How many interactions and deposits there are.
    pub fn counts(&self) -> [usize; 2] {
        let rows = || self.values.chunks_exact(CHOICE_COLUMNS);
        [rows().filter(|row| row[1] > 0).count(), rows().filter(|row| row[2] >= 0).count()]
    }

    fn at(&self, ray: usize, depth: usize, column: usize) -> i32 {
        self.values[(ray * self.num_segments + depth) * CHOICE_COLUMNS + column]
    }

    /// The triangle that a ray hits after `depth` interactions.
    pub fn triangle(&self, ray: usize, depth: usize) -> i32 {
        self.at(ray, depth, 0)
    }

    /// Whether a ray is reflected there (or goes through); none if it ends.
    pub fn is_reflected(&self, ray: usize, depth: usize) -> Option<bool> {
        let event = self.at(ray, depth, 1);
        (event > 0).then_some(event == 1)
    }

    /// The cell that a ray crosses before.
    pub fn cell(&self, ray: usize, depth: usize) -> Option<i32> {
        Some(self.at(ray, depth, 2)).filter(|&cell| cell >= 0)
    }
}
