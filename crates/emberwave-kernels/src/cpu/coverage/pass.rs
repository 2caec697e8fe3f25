//! Derivatives by all tensors, of one coverage after another.

use emberwave_physics::PATTERN_COLUMNS;
use glam::Vec3;

use super::super::HostTensors;
use super::super::rounds::Rounds;
use super::super::source_back::SourceSums;
use super::super::statistics::MapCotangent;
use super::CoverageJob;
use super::borders::{BorderSlot, BorderWorld, as_pieces};
use super::motion::{MotionSums, SequenceSum, WallPlane, fold, wall_planes};
use super::moving::MovingSlot;
use crate::config::{Pattern, TraceConfig};
use crate::coverage::{Coverage, TransmitterCoverage};
use crate::gradients::{Gradients, add_to};
use crate::inputs::MATERIAL_COLUMNS;
use crate::topology::{Acceleration, Topology};

/// What parts of coverages refer to.
struct PassScene<'a> {
    tensors: &'a HostTensors<'a>,
    topology: &'a Topology,
    config: &'a TraceConfig,
    /// Whose walls and frames the parts refer to.
    coverage: &'a Coverage,
    walls: Vec<WallPlane>,
    faces: Vec<WallPlane>,
    vertices: Vec<Vec3>,
    center: Vec3,
}

/// Gathers derivatives, part after part, in buffers that are kept.
pub(in crate::cpu) struct MotionPass<'a> {
    scene: PassScene<'a>,
    sums: MotionSums,
    gradients: Gradients,
    of_fragments: Rounds<'a, MovingSlot>,
    of_borders: Rounds<'a, BorderSlot>,
}

impl<'a> MotionPass<'a> {
    /// Of parts whose walls and frames are those of a coverage; `gradients` is what they are added to.
    pub fn new(
        tensors: &'a HostTensors<'a>,
        (topology, acceleration): (&'a Topology, &Acceleration),
        config: &'a TraceConfig,
        coverage: &'a Coverage,
        gradients: Gradients,
    ) -> Self {
        let scene = PassScene {
            walls: wall_planes(coverage.is_faceted, acceleration, topology),
            faces: wall_planes(true, acceleration, topology),
            vertices: acceleration.vertices(),
            center: acceleration.center,
            tensors,
            topology,
            config,
            coverage,
        };
        let sums =
            MotionSums::new(scene.walls.len(), scene.faces.len(), &coverage.frames, gradients.vertices.len());
        let (of_fragments, of_borders) = (Rounds::unwatched(), Rounds::unwatched());
        Self { scene, sums, gradients, of_fragments, of_borders }
    }

    /// Adds the derivatives of map `at` (frequency, transmitter, beam) that come by `part`.
    pub fn add(&mut self, part: &TransmitterCoverage, at: [usize; 3], cotangent: &MapCotangent<'_>) {
        let mut sequences = vec![SequenceSum::default(); part.steps.len()];
        if !part.pieces.is_empty() {
            self.sweep_fragments(part, at, cotangent, &mut sequences);
        }
        if !part.borders.is_empty() {
            self.sweep_borders(part, at, cotangent, &mut sequences);
        }
        let PassScene { tensors, center, walls, .. } = &self.scene;
        let position = Vec3::from_slice(tensors.sources.at(&[at[1]])) - *center;
        let by_position = fold(&mut sequences, part, position.as_dvec3(), walls, &mut self.sums.walls);
        for (sum, by_axis) in self.gradients.sources[at[1]].iter_mut().zip(by_position.to_array()) {
            *sum += by_axis;
        }
    }

    /// All derivatives.
    pub fn finish(mut self) -> Gradients {
        let PassScene { topology, coverage, vertices, .. } = &self.scene;
        if coverage.is_faceted {
            self.sums.bend_walls(topology, vertices);
        }
        self.sums.bend_faces(topology, vertices);
        self.sums.add_to(&mut self.gradients.vertices, &mut self.gradients.surface, &coverage.frames);
        self.gradients
    }

    fn sweep_fragments(
        &mut self,
        part: &TransmitterCoverage,
        at: [usize; 3],
        cotangent: &MapCotangent<'_>,
        sequences: &mut [SequenceSum],
    ) {
        let PassScene { tensors, config, coverage, .. } = &self.scene;
        let job = CoverageJob::new(tensors, coverage, part, config, at);
        let mut materials = vec![[0.0; MATERIAL_COLUMNS]; tensors.materials.shape[1]];
        let mut source = SourceSums::default();
        source.clear(job.source.ports.len());
        self.of_fragments.set_num_tiles(job.tiles.count());
        let sums = &mut self.sums;
        let entries = table_of(&mut self.gradients, tensors, config.antennas[at[1]].pattern);
        // Nobody can end it.
        let _ = self.of_fragments.trace(
            |slot, tile| slot.sweep(&job, tile, cotangent),
            |slots| {
                for slot in slots {
                    slot.add_to(&mut materials);
                    source.add(&slot.source);
                    slot.source.add_to_table(entries);
                    sums.add_fragments(slot, sequences);
                }
            },
        );
        self.add_radio(at, &materials, &source);
    }

    /// Adds the derivatives by materials, wavenumber, rotation, ports and precoding.
    fn add_radio(
        &mut self,
        [frequency, transmitter, beam]: [usize; 3],
        materials: &[[f64; MATERIAL_COLUMNS]],
        source: &SourceSums,
    ) {
        let (tensors, gradients) = (self.scene.tensors, &mut self.gradients);
        let rows = tensors.materials.at(&[frequency]).chunks_exact(MATERIAL_COLUMNS);
        // A thickness over a wavelength is dκ/2π, so its derivative by κ is that by d times d/κ.
        let by_thickness: f64 = rows.zip(materials).map(|(row, sum)| f64::from(row[2]) * sum[2]).sum();
        let wavenumber = f64::from(tensors.wavenumber.values[frequency]);
        gradients.wavenumber[frequency] += by_thickness / wavenumber + source.wavenumber;
        for (sum, part) in gradients.materials[frequency * materials.len()..].iter_mut().zip(materials) {
            add_to(sum, *part);
        }
        for (element, sum) in gradients.sources[transmitter][3..].iter_mut().enumerate() {
            *sum += source.rotation[element % 3][element / 3];
        }
        let (num_ports, num_beams) = (tensors.ports.shape[1], tensors.precoding.shape[1]);
        let ports = &mut gradients.ports[transmitter * num_ports..];
        for (sum, part) in ports.iter_mut().zip(&source.ports) {
            add_to(sum, part.to_array());
        }
        let weights = &mut gradients.precoding[(transmitter * num_beams + beam) * num_ports..];
        for (sum, part) in weights.iter_mut().zip(&source.weights) {
            add_to(sum, *part);
        }
    }

    fn sweep_borders(
        &mut self,
        part: &TransmitterCoverage,
        at: [usize; 3],
        cotangent: &MapCotangent<'_>,
        sequences: &mut [SequenceSum],
    ) {
        let PassScene { tensors, config, coverage, walls, faces, vertices, .. } = &self.scene;
        let pieces = as_pieces(part, &coverage.frames);
        let job = CoverageJob::new(tensors, coverage, &pieces, config, at);
        let world = BorderWorld { borders: &part.borders, walls, vertices, faces };
        self.of_borders.set_num_tiles(job.tiles.count());
        let sums = &mut self.sums;
        let _ = self.of_borders.trace(
            |slot, tile| slot.sweep(&job, &world, tile, cotangent),
            |slots| slots.iter().for_each(|slot| sums.add_borders(slot, sequences)),
        );
    }
}

/// The derivatives by the entries of an antenna's table; none if it has none.
fn table_of<'g>(
    gradients: &'g mut Gradients,
    tensors: &HostTensors<'_>,
    pattern: Pattern,
) -> &'g mut [[f64; PATTERN_COLUMNS]] {
    let Pattern::Table(table) = pattern else { return &mut [] };
    let length = tensors.pattern_tables.shape[1] * tensors.pattern_tables.shape[2];
    &mut gradients.pattern_tables[table * length..][..length]
}

impl MotionSums {
    fn add_fragments(&mut self, slot: &MovingSlot, sequences: &mut [SequenceSum]) {
        for (sequence, part) in &slot.sequences {
            let sum = &mut sequences[*sequence as usize];
            sum.source += part.source;
            sum.turn += part.turn;
        }
        for (wall, by_normal) in &slot.walls {
            self.walls[*wall as usize].normal += *by_normal;
        }
        for (sum, part) in self.frames.iter_mut().zip(&slot.frames) {
            sum.merge(part);
        }
    }

    fn add_borders(&mut self, slot: &BorderSlot, sequences: &mut [SequenceSum]) {
        for (sequence, by_source) in &slot.sequences {
            sequences[*sequence as usize].source += *by_source;
        }
        for (sums, parts) in [(&mut self.walls, &slot.walls), (&mut self.faces, &slot.faces)] {
            for (wall, part) in parts {
                sums[*wall as usize].normal += part.normal;
                sums[*wall as usize].offset += part.offset;
            }
        }
        for (vertex, by_vertex) in &slot.vertices {
            self.vertices[*vertex as usize] += *by_vertex;
        }
        for (sum, part) in self.frames.iter_mut().zip(&slot.frames) {
            sum.merge(part);
        }
    }
}
