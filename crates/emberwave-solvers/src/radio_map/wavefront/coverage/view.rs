//! How points of the measurement surface see their image sources.

use burn::tensor::Tensor;
use emberwave_em::vector::{dot, scale};
use emberwave_kernels::CoverageParts;

use super::super::world::constant;
use super::planes::{Meeting, Planes, reflected};
use super::rows::{PathRows, Sight};

/// Unfolded paths, one per row.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// Direction at launch, `[rows, 3]`.
    pub departure: Tensor<2>,
    /// Towards where the wave comes from, `[rows, 3]`.
    pub arrival: Tensor<2>,
    /// \[m\], `[rows]`.
    pub length: Tensor<1>,
    /// What is left in the cells over ‖E‖²: area over 4πr², times the weight of the sequence, `[rows]`.
    pub gain: Tensor<1>,
    /// What paths meet, in order.
    pub course: Vec<Meeting>,
}

impl View {
    /// As constants that the lists of a coverage fix, in the element type of `like`. Planes are without their offsets.
    pub fn constant(rows: &PathRows, parts: &CoverageParts, like: &Tensor<2>) -> Self {
        let sights = rows.sights(parts);
        let tensor = |values: Vec<f64>| constant(values, rows.count(), like);
        let scalars = |values: Vec<f64>| tensor(values).squeeze_dim::<1>(1);
        let gain = |(sight, factor): (&Sight, &f64)| factor / (sight.length * sight.length);
        let meeting = |before: usize| Meeting {
            planes: Planes {
                normals: tensor(rows.normals(parts, before)),
                offsets: scalars(vec![0.0; rows.count()]),
            },
            reflected: reflected(rows, before, like),
        };
        Self {
            departure: tensor(sights.iter().flat_map(|sight| sight.departure.to_array()).collect()),
            arrival: tensor(sights.iter().flat_map(|sight| (-sight.along).to_array()).collect()),
            length: scalars(sights.iter().map(|sight| sight.length).collect()),
            gain: scalars(sights.iter().zip(&rows.factors).map(gain).collect()),
            course: (0..rows.depth).map(meeting).collect(),
        }
    }

    /// Where paths from `starts` `[rows, 3]` meet what they meet after `before` interactions \[m\], `[rows, 3]`.
    pub fn hits(&self, starts: Tensor<2>, before: usize) -> Tensor<2> {
        let (mut points, mut directions) = (starts, self.departure.clone());
        for meeting in &self.course[..=before] {
            let planes = &meeting.planes;
            let cosines = dot(directions.clone(), planes.normals.clone());
            let is_grazing = cosines.clone().equal_scalar(0.0);
            let inverse = cosines.mask_fill(is_grazing.clone(), 1.0).recip().mask_fill(is_grazing, 0.0);
            let distances = planes.heights(points.clone()).neg() * inverse;
            points = points + scale(directions.clone(), distances);
            directions = meeting.turn(directions);
        }
        points
    }
}
