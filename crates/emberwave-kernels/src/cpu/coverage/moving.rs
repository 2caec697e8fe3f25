//! Derivatives by everything that fragments depend on: beside the materials the image sources, the normals of what is met,
//! the places of the fragments and the antenna.
//!
//! Covered areas and the surface coordinates of centroids are constants here: a map is an integral over fixed points of the
//! measurement surface, to which the motion of borders comes ([`super::borders`]). With the point s, the image source I,
//! r = |s − I| and the last direction d = (s − I)/r, the launch direction is Tᵀd with the sequence's matrix T, and a
//! fragment's value falls with r².

use glam::{DMat3, DVec3, Vec3};

use super::super::backward::add_sums;
use super::super::batch::{BATCH_SIZE, Column, row, total};
use super::super::source_back::{SourceReturn, SourceSums};
use super::super::statistics::MapCotangent;
use super::CoverageJob;
use super::follow::{Return, bend_back};
use super::motion::{FrameSum, SequenceSum};
use super::slots::Workspace;
use super::tiles::FragmentBatch;
use crate::inputs::MATERIAL_COLUMNS;

/// What a tile needs, and the derivatives it leaves.
#[derive(Debug, Default)]
pub(super) struct MovingSlot {
    workspace: Workspace,
    buffers: Buffers,
    materials: Vec<[f64; MATERIAL_COLUMNS]>,
    pub source: SourceSums,
    pub sequences: Vec<(u32, SequenceSum)>,
    /// By the normals of walls.
    pub walls: Vec<(u32, DVec3)>,
    pub frames: Vec<FrameSum>,
}

/// What one sequence of a tile needs on the way back.
#[derive(Debug)]
struct Buffers {
    back: Box<Return>,
    /// By ‖E‖² at the ends of paths.
    seeds: Box<Column<f32>>,
    /// At launch.
    launch: Box<SourceReturn>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self { back: Return::new(), seeds: Box::new([0.0; BATCH_SIZE]), launch: SourceReturn::new() }
    }
}

impl MovingSlot {
    /// Sweeps one tile; returns the number of ray queries, of which there are none.
    pub fn sweep(&mut self, job: &CoverageJob<'_>, tile: u64, cotangent: &MapCotangent<'_>) -> u64 {
        self.clear(job);
        for fragments in job.runs(tile) {
            self.workspace.launch(job, &fragments);
            self.workspace.follow_noting();
            self.workspace.patches.pull_back(cotangent, &mut self.buffers.seeds);
            self.go_back(job);
            self.aim_back(job, &fragments, cotangent);
        }
        0
    }

    /// Adds this tile's derivatives by materials.
    pub fn add_to(&self, materials: &mut [[f64; MATERIAL_COLUMNS]]) {
        add_sums(&self.materials, materials);
    }

    fn clear(&mut self, job: &CoverageJob<'_>) {
        self.materials.clear();
        self.materials.resize(job.materials.len(), [0.0; MATERIAL_COLUMNS]);
        self.source.clear(job.source.ports.len());
        self.sequences.clear();
        self.walls.clear();
        self.frames.clear();
        self.frames.resize(job.coverage.frames.len(), FrameSum::default());
    }

    /// From the end of the paths to their launch: fields and directions.
    fn go_back(&mut self, job: &CoverageJob<'_>) {
        let Workspace { patches, batch, meetings, passages } = &self.workspace;
        let Buffers { back, seeds, .. } = &mut self.buffers;
        back.start(batch, seeds);
        for (meeting, passage) in meetings.iter().zip(passages).rev() {
            bend_back(meeting, passage, batch.len, back);
            let sum = |column: &Column<f32>| total(&column[..patches.len()]);
            self.walls.push((meeting.wall, DVec3::from(back.normal.each_ref().map(sum))));
            let of_material = &mut self.materials[meeting.material as usize];
            for ((of_material, column), scale) in
                of_material.iter_mut().zip(&back.material).zip(job.material_scales())
            {
                *of_material += scale * sum(column);
            }
        }
    }

    /// From the launch to image sources and fragments.
    fn aim_back(&mut self, job: &CoverageJob<'_>, fragments: &FragmentBatch, cotangent: &MapCotangent<'_>) {
        let Buffers { back, seeds, launch } = &mut self.buffers;
        let Workspace { patches, batch, .. } = &self.workspace;
        let Return { re, im, .. } = &**back;
        job.source.pull_back(patches.departures(), [re, im], patches.len(), launch, &mut self.source);
        let pieces = &job.transmitter.pieces[fragments.range.clone()];
        let Some(sequence) = pieces.first().map(|piece| piece.sequence) else { return };
        let turn = job.transmitter.images[sequence as usize].world_from_launch.as_dmat3();
        let mut sum = SequenceSum::default();
        for (place, piece) in pieces.iter().enumerate() {
            let details = patches.details(place);
            let by_launch =
                Vec3::from(row(&back.direction, place)) + Vec3::from(row(&launch.direction, place));
            let cell = patches.cell(place);
            let by = cotangent.of_details(cell as usize, patches.value(batch, place), &details);
            let by_range = -2.0 * f64::from(seeds[place]) * f64::from(batch.power(place));
            let sight = Sight {
                along: -details.arrival.as_dvec3(),
                launch: details.departure.as_dvec3(),
                length: f64::from(details.length),
                turn,
            };
            let by_launch = by_launch.as_dvec3() + by.departure;
            let (by_path, by_turn) = sight.pull_back(by_launch, by.arrival, by.length, by_range);
            sum.source -= by_path;
            sum.turn += by_turn;
            self.frames[job.coverage.frame_index(cell)].add(by_path, piece.centroid);
        }
        self.sequences.push((sequence, sum));
    }
}

/// A fragment as its image source sees it.
struct Sight {
    along: DVec3,
    launch: DVec3,
    length: f64,
    turn: DMat3,
}

impl Sight {
    /// The derivatives by s − I and by T.
    fn pull_back(
        &self,
        by_launch: DVec3,
        by_arrival: DVec3,
        by_length: f64,
        by_range: f64,
    ) -> (DVec3, DMat3) {
        let by_launch = across(by_launch, self.launch);
        let by_along = across(self.turn * by_launch - by_arrival, self.along);
        let by_path = by_along / self.length + self.along * (by_length + by_range / self.length);
        // A fragment at the transmitter has no direction, and one out of all proportion has no derivative.
        if !by_path.is_finite() {
            return (DVec3::ZERO, DMat3::ZERO);
        }
        let by_turn =
            DMat3::from_cols(self.along * by_launch.x, self.along * by_launch.y, self.along * by_launch.z);
        (by_path, by_turn)
    }
}

/// The part of a vector across a unit vector.
fn across(vector: DVec3, along: DVec3) -> DVec3 {
    vector - along * along.dot(vector)
}
