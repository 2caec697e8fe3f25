//! The fields that paths of a coverage bring to the measurement surface.

use std::sync::Arc;

use burn::tensor::Tensor;
use emberwave_em::FieldTensor;
use emberwave_em::real::sqrt;
use emberwave_kernels::{Antenna, CoverageParts, CoverageWalls};
use glam::DVec3;

use super::super::deposits::Deposits;
use super::super::interactions::{Places, Surfaces};
use super::super::radio::Radio;
use super::super::rays::indices;
use super::super::world::constant;
use super::geometry::Geometry;
use super::planes::{Meeting, walls};
use super::rows::PathRows;
use super::view::View;

/// The lists of a coverage.
#[derive(Debug)]
pub(super) struct Lists {
    pub parts: CoverageParts,
    /// Where planes are, if a function in place of materials may ask.
    pub walls: Option<CoverageWalls>,
}

/// What the fields of paths are computed from.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pub lists: Arc<Lists>,
    pub radio: Radio<'a>,
    /// None if nothing moves: then it is what the lists fix.
    pub geometry: Option<Geometry>,
}

impl Fields<'_> {
    /// What the paths of rows leave in their cells.
    pub fn deposit(&self, rows: &PathRows, antenna: &Antenna) -> Deposits {
        let like = &self.radio.materials;
        let view = match &self.geometry {
            Some(geometry) => geometry.view(rows),
            None => View::constant(rows, &self.lists.parts, like),
        };
        let field = self.radio.radiate(rows.transmitter, antenna, view.departure.clone());
        let field = self.follow(rows, &view, field);
        Deposits {
            cell: indices(rows.cells.iter().map(|&cell| cell as i32), &like.device()),
            weight: field.norm_sqr() * view.gain,
            length: view.length,
            arrival: view.arrival,
            departure: view.departure,
        }
    }

    /// The fields after all interactions.
    fn follow(&self, rows: &PathRows, view: &View, mut field: FieldTensor) -> FieldTensor {
        let mut direction = view.departure.clone();
        for (before, meeting) in view.course.iter().enumerate() {
            let reflected = meeting.reflected.clone();
            let surfaces = self.meet(rows, view, meeting, before, direction.clone());
            let share = sqrt(surfaces.share(reflected.clone()));
            field = surfaces.carry(field, reflected.clone()).scale(share);
            direction = surfaces.turn(direction, reflected);
        }
        field
    }

    /// What paths meet after `before` interactions.
    fn meet(
        &self,
        rows: &PathRows,
        view: &View,
        meeting: &Meeting,
        before: usize,
        direction: Tensor<2>,
    ) -> Surfaces {
        let material_of = &self.lists.parts.wall_materials;
        let materials = rows.codes(before).map(|code| material_of[(code >> 1) as usize]);
        let normals = meeting.planes.normals.clone();
        self.radio.surfaces(direction, normals, materials, || self.places(rows, view, before))
    }

    /// Where that is.
    fn places(&self, rows: &PathRows, view: &View, before: usize) -> Places {
        let like = &self.radio.materials;
        let parts = &self.lists.parts;
        let center = constant(parts.center.map(f64::from).to_vec(), 1, like);
        let (mut positions, mut triangles) = (Vec::new(), Vec::new());
        let departures = rows.sights(parts).into_iter().map(|sight| sight.departure);
        let departures: Vec<DVec3> = departures.collect();
        let walls_of = self.lists.walls.iter();
        let met = walls_of.flat_map(|walls| rows.places(parts, walls, departures.iter().copied(), before));
        for (wall, point) in met {
            let triangle = self.lists.walls.as_ref().and_then(|walls| walls.triangle_at(wall, point));
            triangles.push(triangle.unwrap_or_default() as i32);
            positions.extend(point);
        }
        let positions = match &self.geometry {
            Some(geometry) => view.hits(geometry.starts(rows), before),
            None => constant(positions, rows.count(), like),
        };
        let triangles = match parts.is_faceted {
            true => walls(rows, before, like),
            false => indices(triangles.into_iter(), &like.device()),
        };
        Places { positions: positions + center, triangles }
    }
}
