//! The evaluation of a coverage as tensor operations: the second form beside `emberwave_kernels::coverage_map`.
//!
//! What the lists of a coverage fix (image sources, centroids, planes) is constant; the field of every fragment is computed
//! from it by the tensor functions of `emberwave_em`, in the element type of the materials, so that Burn differentiates
//! it by materials, wavenumber, rotations, ports and precoding. Nothing is drawn, so no probability enters.

use std::sync::Arc;

use burn::tensor::{DType, Tensor};
use emberwave_em::FieldTensor;
use emberwave_em::real::sqrt;
use emberwave_kernels::{Coverage, CoverageParts, CoverageWalls, TraceConfig, TraceInputs};

use super::coverage_rows::{FragmentRange, FragmentRows, ranges};
use super::custom::CustomParts;
use super::deposits::{Deposits, map_of, stacked};
use super::interactions::{Places, Surfaces};
use super::memory;
use super::radio::Radio;
use super::rays::indices;
use super::world::{constant, in_type};
use crate::error::SolveError;

/// An evaluation of one coverage.
pub(in crate::radio_map) struct CoverageWavefront<'a> {
    coverage: &'a Coverage,
    parts: CoverageParts,
    /// Where planes are, if a function in place of materials may ask.
    walls: Option<CoverageWalls>,
    radio: Radio<'a>,
    config: Arc<TraceConfig>,
    is_tracked: bool,
}

impl<'a> CoverageWavefront<'a> {
    /// Of a coverage that fits inputs and configuration.
    pub fn new(
        inputs: TraceInputs,
        coverage: &'a Coverage,
        config: Arc<TraceConfig>,
        custom: &'a CustomParts,
    ) -> Self {
        let dtype = inputs.materials.dtype();
        Self {
            is_tracked: memory::is_tracked(&inputs, custom),
            walls: custom.material.is_some().then(|| coverage.walls(&inputs)),
            radio: Radio::new(in_type(inputs, dtype), custom),
            parts: coverage.to_parts(),
            coverage,
            config,
        }
    }

    /// What `emberwave_kernels::coverage_map` gives for the first frequency and beam,
    /// `[channels, 1, num_tx, 1, num_cells]`.
    ///
    /// # Errors
    ///
    /// If it does not fit in memory, or the monitor cancels.
    pub fn evaluate(&self) -> Result<Tensor<5>, SolveError> {
        memory::check_coverage(self.coverage, &self.parts, self.tracked_type())?;
        let transmitters = 0..self.parts.transmitters.len();
        let maps: Result<Vec<_>, _> = transmitters.map(|transmitter| self.map(transmitter)).collect();
        maps.map(stacked)
    }

    /// The element type of what is kept for derivatives, if there are any.
    fn tracked_type(&self) -> Option<DType> {
        self.is_tracked.then(|| self.radio.materials.dtype())
    }

    /// The map of one transmitter, `[channels, num_cells]`.
    fn map(&self, transmitter: usize) -> Result<Tensor<2>, SolveError> {
        let mut deposits = Vec::new();
        for range in ranges(&self.parts.transmitters[transmitter]) {
            deposits.push(self.deposit(transmitter, &range));
            self.check_cancelled()?;
        }
        Ok(map_of(deposits, &self.config, &self.radio.materials))
    }

    /// Asks the monitor whether to go on; no ray is launched.
    fn check_cancelled(&self) -> Result<(), SolveError> {
        match &self.config.monitor {
            Some(monitor) if monitor.advance(0, 0, monitor.num_rays()).is_break() => {
                Err(SolveError::Cancelled)
            }
            _ => Ok(()),
        }
    }

    fn deposit(&self, transmitter: usize, range: &FragmentRange) -> Deposits {
        let rows = FragmentRows::new(&self.parts, transmitter, range);
        let (num_rows, like) = (rows.cells.len(), &self.radio.materials);
        let vectors = |values: Vec<f64>| constant(values, num_rows, like);
        let scalars = |values: Vec<f64>| constant(values, num_rows, like).squeeze_dim::<1>(1);
        let departure = vectors(rows.departures());
        let antenna = &self.config.antennas[transmitter];
        let field = self.radio.radiate(transmitter, antenna, departure.clone());
        let field = self.follow(&rows, departure.clone(), field);
        Deposits {
            cell: indices(rows.cells.iter().map(|&cell| cell as i32), &like.device()),
            weight: field.norm_sqr() * scalars(rows.gains()),
            length: scalars(rows.lengths()),
            arrival: vectors(rows.arrivals()),
            departure,
        }
    }

    /// The fields after all interactions.
    fn follow(&self, rows: &FragmentRows, mut direction: Tensor<2>, mut field: FieldTensor) -> FieldTensor {
        for before in 0..rows.depth {
            let reflected = rows.codes(before).map(|code| f64::from(code & 1)).collect();
            let reflected = constant(reflected, rows.cells.len(), &direction).squeeze_dim::<1>(1);
            let surfaces = self.meet(rows, before, direction.clone());
            let share = sqrt(surfaces.share(reflected.clone()));
            field = surfaces.carry(field, reflected.clone()).scale(share);
            direction = surfaces.turn(direction, reflected);
        }
        field
    }

    /// What paths meet after `before` interactions.
    fn meet(&self, rows: &FragmentRows, before: usize, direction: Tensor<2>) -> Surfaces {
        let materials = rows.codes(before).map(|code| self.parts.wall_materials[(code >> 1) as usize]);
        let normals = constant(rows.normals(&self.parts, before), rows.cells.len(), &direction);
        self.radio.surfaces(direction, normals, materials, || self.places(rows, before))
    }

    /// Where that is.
    fn places(&self, rows: &FragmentRows, before: usize) -> Places {
        let like = &self.radio.materials;
        let (mut positions, mut triangles) = (Vec::new(), Vec::new());
        for (wall, point) in self.walls.iter().flat_map(|walls| rows.places(&self.parts, walls, before)) {
            let triangle = self.walls.as_ref().and_then(|walls| walls.triangle_at(wall, point));
            triangles.push(triangle.unwrap_or_default() as i32);
            positions.extend(point);
        }
        let center = constant(self.parts.center.map(f64::from).to_vec(), 1, like);
        Places {
            positions: constant(positions, triangles.len(), like) + center,
            triangles: indices(triangles.into_iter(), &like.device()),
        }
    }
}
