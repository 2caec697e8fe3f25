//! Rays as a coverage: derivatives by positions, antennas and frequency.
//!
//! A deposit of a ray samples the integral over its cell at the point where the ray crosses the measurement surface. Seen so,
//! it is a fragment of area 4πr²/|cos θ| per ray, over the probabilities of what was drawn on the way; point and area stay
//! what they are while the field that reaches the point changes. So tile by tile the deposits become a coverage,
//! whose derivatives are those of tubes. Borders come from tubes or from lines of directions (`borders`).

use std::f32::consts::PI;

use emberwave_geometry::Border;
use emberwave_geometry::borders::StepTree;
use glam::Vec3;

use super::batch::{BATCH_SIZE, Column};
use super::borders::{TubeBorders, numbered};
use super::coverage::MotionPass;
use super::interact::Outcome;
use super::job::MapJob;
use super::launch::num_tiles;
use super::propagate::Workspace;
use super::rounds::Rounds;
use super::sequences::sequences;
use super::tape::Record;
use super::{HostTensors, MapGradient, split};
use crate::config::TraceConfig;
use crate::coverage::{Coverage, Frame, Piece, Tracing, TransmitterCoverage};
use crate::gradients::{Gradients, Wanted};
use crate::topology::Topology;

/// The derivatives by all tensors.
pub(super) fn gradients(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    wanted: Wanted,
) -> Gradients {
    let acceleration = topology.acceleration(tensors.vertices.values);
    let coverage = Coverage::without_parts(tensors, (topology, &acceleration), config, true);
    let gradients = Gradients::zeros(tensors);
    let mut pass = MotionPass::new(tensors, (topology, &acceleration), config, &coverage, gradients);
    let counts = tensors.num_maps();
    let num_maps = counts.iter().product();
    let mut rounds = Rounds::<GatherSlot>::new(config, num_maps);
    let borders = (wanted.moves() && config.motion.borders).then(|| {
        let worth = map.worth(counts, config, &coverage.frames);
        TubeBorders::trace(tensors, topology, config, &Tracing { is_faceted: wanted.vertices, worth })
    });
    for index in 0..num_maps {
        let at = split(index, counts);
        let job = MapJob::new(tensors, &acceleration, config, at);
        let of_map = map.of(index, counts, config);
        let cotangent = of_map.as_cotangent(config, 1.0 / config.samples_per_tx as f64);
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| slot.gather(&job, topology, &coverage.frames, tile),
            |slots| slots.iter().for_each(|slot| pass.add(&slot.part, at, &cotangent)),
        );
        if let Some(borders) = &borders {
            let cotangent = of_map.as_cotangent(config, 1.0);
            for sampled in borders.of_job(&job, topology, &coverage.frames, wanted.vertices, at[1]) {
                let mut tree = StepTree::default();
                let borders = numbered(&sampled, &mut tree).collect();
                pass.add(&part(&job, topology, &tree, Vec::new(), borders), at, &cotangent);
            }
        }
    }
    pass.finish()
}

/// What the rays of every transmitter leave, as a coverage, for the first frequency and beam; with the borders of what is
/// reached if the configuration counts them, those between triangles of a plane if `by_vertex`.
pub(crate) fn ray_coverage(
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    by_vertex: bool,
) -> Coverage {
    let acceleration = topology.acceleration(tensors.vertices.values);
    let mut coverage = Coverage::without_parts(tensors, (topology, &acceleration), config, true);
    let tracing = Tracing { is_faceted: by_vertex, ..Tracing::default() };
    let borders = config.motion.borders.then(|| TubeBorders::trace(tensors, topology, config, &tracing));
    for transmitter in 0..config.antennas.len() {
        let job = MapJob::new(tensors, &acceleration, config, [0, transmitter, 0]);
        let mut slot = GatherSlot::default();
        for tile in 0..num_tiles(config.samples_per_tx) {
            slot.add_tile(&job, &coverage.frames, tile);
        }
        let per_ray = (1.0 / config.samples_per_tx as f64) as f32;
        slot.pieces.iter_mut().for_each(|piece| piece.area *= per_ray);
        let mut listed = Vec::new();
        if let Some(borders) = &borders {
            for sampled in borders.of_job(&job, topology, &coverage.frames, by_vertex, transmitter) {
                listed.extend(numbered(&sampled, &mut slot.tree));
            }
        }
        let position = Vec3::from_slice(tensors.sources.at(&[transmitter]));
        let part = part(&job, topology, &slot.tree, slot.pieces, listed);
        coverage.transmitters.push(TransmitterCoverage { position, ..part });
    }
    coverage
}

/// What rays found of a job; its position is in the coordinates of rays.
fn part(
    job: &MapJob<'_>,
    topology: &Topology,
    tree: &StepTree,
    pieces: Vec<Piece>,
    borders: Vec<Border>,
) -> TransmitterCoverage {
    let position = job.source.position;
    let sequences = sequences(tree.steps(), position, job.acceleration.letters(topology, true));
    TransmitterCoverage::sorted(position, &sequences, pieces, borders)
}

/// What a tile needs, and the coverage of its rays.
#[derive(Debug)]
struct GatherSlot {
    workspace: Workspace,
    record: Box<Record>,
    /// The sequence of each ray so far.
    sequence: Box<Column<u32>>,
    /// One over the probabilities of what was drawn.
    weight: Box<Column<f32>>,
    tree: StepTree,
    pieces: Vec<Piece>,
    part: TransmitterCoverage,
}

impl Default for GatherSlot {
    fn default() -> Self {
        Self {
            workspace: Workspace::default(),
            record: Record::new(),
            sequence: Box::new([0; BATCH_SIZE]),
            weight: Box::new([0.0; BATCH_SIZE]),
            tree: StepTree::default(),
            pieces: Vec::new(),
            part: TransmitterCoverage::default(),
        }
    }
}

impl GatherSlot {
    /// Makes a coverage of one tile; returns the number of ray queries made.
    fn gather(&mut self, job: &MapJob<'_>, topology: &Topology, frames: &[Frame], tile: u64) -> u64 {
        self.tree.clear();
        let queries = self.add_tile(job, frames, tile);
        let pieces = std::mem::take(&mut self.pieces);
        self.part = part(job, topology, &self.tree, pieces, Vec::new());
        queries
    }

    /// Adds the sequences and pieces of one tile.
    fn add_tile(&mut self, job: &MapJob<'_>, frames: &[Frame], tile: u64) -> u64 {
        let mut workspace = std::mem::take(&mut self.workspace);
        let follow = |workspace: &mut Workspace| self.follow(workspace, job, frames);
        let queries = workspace.for_each_batch(job, tile, follow);
        self.workspace = workspace;
        queries
    }

    fn follow(&mut self, workspace: &mut Workspace, job: &MapJob<'_>, frames: &[Frame]) -> u64 {
        self.sequence.fill(0);
        self.weight.fill(1.0);
        let mut queries = 0;
        for depth in 0..=job.config.max_depth {
            if workspace.batch.len == 0 {
                break;
            }
            queries += workspace.find_hits(job, depth);
            if depth > 0 || job.config.events.los {
                self.deposit(workspace, job, frames);
                workspace.advance_surface_length(job);
            }
            if depth < job.config.max_depth {
                let triangles = workspace.batch.triangle;
                workspace.surfaces.interact(job, depth, &mut workspace.batch, Some(&mut self.record));
                self.continue_sequences(&triangles);
            }
        }
        queries
    }

    fn deposit(&mut self, workspace: &mut Workspace, job: &MapJob<'_>, frames: &[Frame]) {
        let Workspace { batch, crossings, .. } = workspace;
        for (plane, frame) in job.planes.iter().zip(frames) {
            for (ray, cell, distance, cosine) in crossings.on_plane(plane, batch) {
                let point = batch.origin(ray) + batch.direction(ray) * distance;
                let range = batch.length[ray] + distance;
                let area = 4.0 * PI * range * range / (cosine * frame.cell_area) * self.weight[ray];
                if area.is_finite() {
                    let (sequence, centroid) = (self.sequence[ray], frame.coordinates(point));
                    self.pieces.push(Piece { sequence, cell, area, centroid });
                }
            }
        }
    }

    /// Moves sequences and weights to the places of the rays that went on, and continues them.
    fn continue_sequences(&mut self, triangles: &Column<u32>) {
        let (sequences, weights) = (self.sequence.clone(), self.weight.clone());
        for (place, &survivor) in self.record.survivors.iter().enumerate() {
            let hit = survivor as usize;
            let ray = self.record.hits[hit] as usize;
            let contacts = &self.record.contacts;
            let is_reflected = contacts.outcome[hit] == Outcome::Reflected;
            let s = contacts.scattering[hit];
            let share = if is_reflected { 1.0 - s * s } else { 1.0 };
            self.weight[place] = weights[ray] * contacts.factor[hit] * contacts.factor[hit] / share;
            self.sequence[place] = self.tree.follow(sequences[ray], triangles[ray], is_reflected);
        }
    }
}
