//! Rays as a coverage: derivatives by positions, antennas and frequency.
//!
//! A deposit of a ray samples the integral over its cell at the point where the ray crosses the measurement surface. Seen so,
//! it is a fragment of area 4πr²/|cos θ| per ray, over the probabilities of what was drawn on the way; point and area stay
//! what they are while the field that reaches the point changes. So tile by tile the deposits become a coverage,
//! whose derivatives are those of tubes. Borders come from lines of directions.

use std::f32::consts::PI;

use emberwave_geometry::tubes::{Interaction, Sequence};
use glam::Vec3;
use rustc_hash::FxHashMap;

use super::batch::{BATCH_SIZE, Column};
use super::borders::border_parts;
use super::coverage::MotionPass;
use super::interact::Outcome;
use super::job::MapJob;
use super::propagate::Workspace;
use super::rounds::Rounds;
use super::tape::Record;
use super::{HostTensors, MapGradient, split};
use crate::config::TraceConfig;
use crate::coverage::{Coverage, Frame, Piece, TransmitterCoverage, Wall, frames};
use crate::gradients::{Gradients, Wanted};
use crate::topology::{Acceleration, Topology};

/// Adds the derivatives by all tensors.
pub(super) fn add_gradients(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    wanted: Wanted,
    gradients: &mut Gradients,
) {
    let acceleration = topology.acceleration(tensors.vertices.values);
    let coverage = without_parts(tensors, topology, config, &acceleration);
    let pass = MotionPass::new(tensors, topology, config, &coverage);
    let counts = tensors.num_maps();
    let num_maps = counts.iter().product();
    let mut rounds = Rounds::<GatherSlot>::new(config, num_maps);
    for index in 0..num_maps {
        let at = split(index, counts);
        let job = MapJob::new(tensors, &acceleration, config, at);
        let of_map = map.of(index, counts, config);
        let cotangent = of_map.as_cotangent(config, 1.0 / config.samples_per_tx as f64);
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| slot.gather(&job, topology, &coverage.frames, tile),
            |slots| slots.iter().for_each(|slot| pass.add(&slot.part, at, &cotangent, gradients)),
        );
        if wanted.moves() && config.motion.borders {
            let cotangent = of_map.as_cotangent(config, 1.0);
            let parts = border_parts(&job, topology, &coverage.frames, wanted.vertices, at[1]);
            parts.for_each(|part| pass.add(&part, at, &cotangent, gradients));
        }
    }
}

/// A coverage by triangles of which only walls and frames are known.
fn without_parts(
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    acceleration: &Acceleration,
) -> Coverage {
    Coverage {
        center: acceleration.center,
        walls: acceleration.facet_planes(topology).planes().iter().map(Wall::from).collect(),
        is_faceted: true,
        frames: frames(tensors.surface.values, config, acceleration.center),
        transmitters: Vec::new(),
        fingerprint: 0,
    }
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
    sequences: Vec<Sequence>,
    /// The sequence that continues another with a letter and an interaction.
    continued: FxHashMap<(u32, u32), u32>,
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
            sequences: Vec::new(),
            continued: FxHashMap::default(),
            pieces: Vec::new(),
            part: TransmitterCoverage::default(),
        }
    }
}

impl GatherSlot {
    /// Traces one tile; returns the number of ray queries made.
    fn gather(&mut self, job: &MapJob<'_>, topology: &Topology, frames: &[Frame], tile: u64) -> u64 {
        self.sequences.clear();
        self.sequences.push(Sequence::root(job.source.position));
        self.continued.clear();
        self.pieces.clear();
        let mut workspace = std::mem::take(&mut self.workspace);
        let queries =
            workspace.for_each_batch(job, tile, |workspace| self.follow(workspace, job, topology, frames));
        self.workspace = workspace;
        let pieces = std::mem::take(&mut self.pieces);
        self.part = TransmitterCoverage::new(job.source.position, &self.sequences, pieces, Vec::new());
        queries
    }

    fn follow(
        &mut self,
        workspace: &mut Workspace,
        job: &MapJob<'_>,
        topology: &Topology,
        frames: &[Frame],
    ) -> u64 {
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
                self.continue_sequences(&triangles, job.acceleration, topology);
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
    fn continue_sequences(
        &mut self,
        triangles: &Column<u32>,
        acceleration: &Acceleration,
        topology: &Topology,
    ) {
        let (sequences, weights) = (self.sequence.clone(), self.weight.clone());
        let planes = acceleration.facet_planes(topology);
        for (place, &survivor) in self.record.survivors.iter().enumerate() {
            let hit = survivor as usize;
            let ray = self.record.hits[hit] as usize;
            let contacts = &self.record.contacts;
            let [normal, direction] = [&contacts.normal, &self.record.direction]
                .map(|columns| Vec3::from([0, 1, 2].map(|axis| columns[axis][hit])));
            let letter = 2 * triangles[ray] + u32::from(normal.dot(direction) > 0.0);
            let is_reflected = contacts.outcome[hit] == Outcome::Reflected;
            let s = contacts.scattering[hit];
            let share = if is_reflected { 1.0 - s * s } else { 1.0 };
            self.weight[place] = weights[ray] * contacts.factor[hit] * contacts.factor[hit] / share;
            let own = sequences[ray];
            let key = (own, 2 * letter + u32::from(is_reflected));
            let all = &mut self.sequences;
            self.sequence[place] = *self.continued.entry(key).or_insert_with(|| {
                let how = if is_reflected { Interaction::Reflection } else { Interaction::Transmission };
                all.push(all[own as usize].followed_by(own, letter, how, planes, 1.0));
                all.len() as u32 - 1
            });
        }
    }
}
