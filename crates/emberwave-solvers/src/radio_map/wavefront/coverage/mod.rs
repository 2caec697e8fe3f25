//! The evaluation of a coverage as tensor operations: the second form beside `emberwave_kernels::coverage_map`.
//!
//! The lists of a coverage are constant: sequences, cells, covered parts and centroids. The field of every fragment is
//! computed from them by the tensor functions of `emberwave_em`, in the element type of the materials, so that Burn
//! differentiates it by materials, wavenumber, rotations, ports and precoding. Nothing is drawn, so no probability enters.
//!
//! If positions, vertices or the measurement surface are tracked, paths are tensor functions of these, too
//! ([`geometry`]), and the borders of what is reached add the derivative of their motion ([`borders`]); else paths are
//! constants ([`view`]).

mod borders;
mod fields;
mod geometry;
mod planes;
mod rows;
#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;

use burn::tensor::Tensor;
use emberwave_kernels::{Coverage, TraceConfig, TraceInputs};

use super::custom::CustomParts;
use super::deposits::{Deposits, map_of, stacked};
use super::memory;
use super::radio::Radio;
use super::world::{detached, in_type};
use crate::error::SolveError;
use borders::BorderRows;
use fields::{Fields, Lists};
use geometry::Geometry;
use rows::PathRows;
pub(super) use rows::ranges;

/// An evaluation of one coverage.
pub(in crate::radio_map) struct CoverageWavefront<'a> {
    coverage: &'a Coverage,
    fields: Fields<'a>,
    /// The same as constants, if anything moves.
    still: Option<Fields<'a>>,
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
        let is_tracked = memory::is_tracked(&inputs, custom);
        let moves = inputs.moves();
        let lists = Arc::new(Lists {
            walls: custom.material.is_some().then(|| coverage.walls(&inputs)),
            parts: coverage.to_parts(),
        });
        let fields = |inputs: TraceInputs| Fields {
            geometry: moves.then(|| Geometry::new(&inputs, coverage, &lists.parts)),
            radio: Radio::new(inputs, custom),
            lists: Arc::clone(&lists),
        };
        let inputs = in_type(inputs, dtype);
        let still = moves.then(|| fields(detached(inputs.clone())));
        Self { coverage, fields: fields(inputs), still, config, is_tracked }
    }

    /// What `emberwave_kernels::coverage_map` gives for the first frequency and beam,
    /// `[channels, 1, num_tx, 1, num_cells]`.
    ///
    /// # Errors
    ///
    /// If it does not fit in memory, or the monitor cancels.
    pub fn evaluate(&self) -> Result<Tensor<5>, SolveError> {
        let parts = &self.fields.lists.parts;
        let tracked = self.is_tracked.then_some(&self.fields.radio);
        memory::check_coverage(self.coverage, parts, tracked, self.still.is_some())?;
        let transmitters = 0..parts.transmitters.len();
        let maps: Result<Vec<_>, _> = transmitters.map(|transmitter| self.map(transmitter)).collect();
        maps.map(stacked)
    }

    /// The map of one transmitter, `[channels, num_cells]`.
    fn map(&self, transmitter: usize) -> Result<Tensor<2>, SolveError> {
        let parts = &self.fields.lists.parts;
        let (lists, antenna) = (&parts.transmitters[transmitter], &self.config.antennas[transmitter]);
        let mut deposits = Vec::new();
        for range in ranges(&lists.steps, &lists.fragments) {
            let rows = PathRows::of_fragments(parts, transmitter, &range);
            deposits.push(self.fields.deposit(&rows, antenna));
            self.check_cancelled()?;
        }
        if let Some(still) = &self.still {
            for range in ranges(&lists.steps, &lists.borders) {
                let borders = BorderRows::split(parts, transmitter, &range);
                deposits.extend(borders.iter().filter_map(|borders| self.sweep(borders, still)));
                self.check_cancelled()?;
            }
        }
        Ok(map_of(deposits, &self.config, &self.fields.radio.materials))
    }

    /// What borders leave: nothing, with the derivative of their motion.
    fn sweep(&self, borders: &BorderRows, still: &Fields) -> Option<Deposits> {
        let (moving, fixed) = (self.fields.geometry.as_ref()?, still.geometry.as_ref()?);
        let per_area = still.deposit(&borders.rows, &self.config.antennas[borders.rows.transmitter]);
        let weight = per_area.weight.detach() * borders.swept(moving, fixed);
        Some(Deposits { weight, ..per_area })
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
}
