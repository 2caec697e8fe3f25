//! The derivatives of an evaluated coverage by the tensors.

use glam::Vec3;

use super::super::rounds::Rounds;
use super::super::source_back::SourceSums;
use super::super::statistics::MapCotangent;
use super::super::{HostTensors, MapGradient, split};
use super::CoverageJob;
use super::borders::{BorderSlot, BorderWorld, as_pieces};
use super::motion::{MotionSums, WallPlane, wall_planes};
use super::moving::MovingSlot;
use super::slots::BackwardSlot;
use crate::config::TraceConfig;
use crate::coverage::{Coverage, TransmitterCoverage, cover};
use crate::gradients::{Gradients, Wanted, add_to};
use crate::topology::{Acceleration, Topology};

/// Mean error of the map \[dB\] for which tubes are divided on the way back, where nothing else is asked for.
const TARGET_ERROR: f64 = 0.3;

/// Derivatives of a loss by the tensors, given those by the map's values; see
/// [`TraceOps::coverage_map_backward`](crate::TraceOps::coverage_map_backward).
pub(crate) fn coverage_map_backward(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    topology: &Topology,
    coverage: &Coverage,
    config: &TraceConfig,
    wanted: Wanted,
) -> Gradients {
    let mut gradients = Gradients::zeros(tensors);
    if wanted.only_materials() {
        by_materials(map, tensors, coverage, config, &mut gradients);
        return gradients;
    }
    let retraced = wanted.moves().then(|| {
        let mut options =
            config.motion.tubes.unwrap_or_else(|| crate::TubeOptions::for_target_error(TARGET_ERROR));
        options.borders = config.motion.borders;
        cover(tensors, topology, config, &options, wanted.vertices)
    });
    let coverage = retraced.as_ref().unwrap_or(coverage);
    let pass = MotionPass::new(tensors, topology, config, coverage);
    let counts = tensors.num_maps();
    for index in 0..counts.iter().product() {
        let cotangent = map.of(index, counts, config);
        let at = split(index, counts);
        pass.add(&coverage.transmitters[at[1]], at, &cotangent.as_cotangent(config, 1.0), &mut gradients);
    }
    gradients
}

/// The derivatives by materials alone: no direction is followed.
fn by_materials(
    map: MapGradient<'_>,
    tensors: &HostTensors<'_>,
    coverage: &Coverage,
    config: &TraceConfig,
    gradients: &mut Gradients,
) {
    let counts = tensors.num_maps();
    let num_materials = tensors.materials.shape[1];
    let mut rounds = Rounds::<BackwardSlot>::unwatched();
    for index in 0..counts.iter().product() {
        let at = split(index, counts);
        let job = CoverageJob::new(tensors, coverage, &coverage.transmitters[at[1]], config, at);
        let of_map = map.of(index, counts, config);
        let cotangent = of_map.as_cotangent(config, 1.0);
        let of_frequency = &mut gradients.materials[at[0] * num_materials..][..num_materials];
        rounds.set_num_tiles(job.tiles.count());
        // Nobody can end it.
        let _ = rounds.trace(
            |slot, tile| slot.sweep(&job, tile, &cotangent),
            |slots| slots.iter().for_each(|slot| slot.add_to(of_frequency)),
        );
    }
}

/// Derivatives by everything, of one transmitter's coverage after another.
pub(in crate::cpu) struct MotionPass<'a> {
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

impl<'a> MotionPass<'a> {
    pub fn new(
        tensors: &'a HostTensors<'a>,
        topology: &'a Topology,
        config: &'a TraceConfig,
        coverage: &'a Coverage,
    ) -> Self {
        let acceleration: &Acceleration = &topology.acceleration(tensors.vertices.values);
        Self {
            walls: wall_planes(coverage.is_faceted, acceleration, topology),
            faces: wall_planes(true, acceleration, topology),
            vertices: acceleration.vertices(),
            center: acceleration.center,
            tensors,
            topology,
            config,
            coverage,
        }
    }

    /// Adds the derivatives of map `at` (frequency, transmitter, beam) that come by `part`.
    pub fn add(
        &self,
        part: &TransmitterCoverage,
        at: [usize; 3],
        cotangent: &MapCotangent<'_>,
        gradients: &mut Gradients,
    ) {
        let job = CoverageJob::new(self.tensors, self.coverage, part, self.config, at);
        let mut sums = MotionSums::new(self.coverage, part, self.vertices.len());
        self.sweep_fragments(&job, at, cotangent, &mut sums, gradients);
        if !part.borders.is_empty() {
            self.sweep_borders(part, at, cotangent, &mut sums);
        }
        let position = Vec3::from_slice(self.tensors.sources.at(&[at[1]])) - self.center;
        let by_position = sums.fold(part, position.as_dvec3(), &self.walls);
        for (sum, by_axis) in gradients.sources[at[1]].iter_mut().zip(by_position.to_array()) {
            *sum += by_axis;
        }
        if self.coverage.is_faceted {
            sums.bend(self.topology, &self.vertices);
        }
        sums.add_to(&mut gradients.vertices, &mut gradients.surface, &self.coverage.frames);
    }

    fn sweep_fragments(
        &self,
        job: &CoverageJob<'_>,
        at: [usize; 3],
        cotangent: &MapCotangent<'_>,
        sums: &mut MotionSums,
        gradients: &mut Gradients,
    ) {
        let num_materials = self.tensors.materials.shape[1];
        let mut materials = vec![[0.0; crate::MATERIAL_COLUMNS]; num_materials];
        let mut source = SourceSums::default();
        source.clear(job.source.ports.len());
        let mut rounds = Rounds::<MovingSlot>::unwatched();
        rounds.set_num_tiles(job.tiles.count());
        let _ = rounds.trace(
            |slot, tile| slot.sweep(job, tile, cotangent),
            |slots| {
                for slot in slots {
                    slot.add_to(&mut materials);
                    source.add(&slot.source);
                    sums.add_fragments(slot);
                }
            },
        );
        let wavenumber = f64::from(self.tensors.wavenumber.values[at[0]]);
        let rows = self.tensors.materials.at(&[at[0]]).chunks_exact(crate::MATERIAL_COLUMNS);
        // A thickness over a wavelength is dκ/2π, so its derivative by κ is that by d times d/κ.
        let by_thickness: f64 = rows.zip(&materials).map(|(row, sum)| f64::from(row[2]) * sum[2]).sum();
        gradients.wavenumber[at[0]] += by_thickness / wavenumber + source.wavenumber;
        for (sum, part) in gradients.materials[at[0] * num_materials..].iter_mut().zip(materials) {
            add_to(sum, part);
        }
        self.add_source(at, &source, gradients);
    }

    fn add_source(&self, [_, transmitter, beam]: [usize; 3], source: &SourceSums, gradients: &mut Gradients) {
        let row = &mut gradients.sources[transmitter];
        for (axis, element) in row[3..].iter_mut().enumerate() {
            *element += source.rotation[axis % 3][axis / 3];
        }
        let (num_ports, num_beams) = (self.tensors.ports.shape[1], self.tensors.precoding.shape[1]);
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
        &self,
        part: &TransmitterCoverage,
        at: [usize; 3],
        cotangent: &MapCotangent<'_>,
        sums: &mut MotionSums,
    ) {
        let pieces = as_pieces(part, &self.coverage.frames);
        let job = CoverageJob::new(self.tensors, self.coverage, &pieces, self.config, at);
        let world = BorderWorld {
            borders: &part.borders,
            walls: &self.walls,
            vertices: &self.vertices,
            faces: &self.faces,
        };
        let mut faces = vec![WallPlane::default(); self.faces.len()];
        let mut rounds = Rounds::<BorderSlot>::unwatched();
        rounds.set_num_tiles(job.tiles.count());
        let _ = rounds.trace(
            |slot, tile| slot.sweep(&job, &world, tile, cotangent),
            |slots| slots.iter().for_each(|slot| sums.add_borders(slot, &mut faces)),
        );
        sums.bend_faces(&faces, self.topology, &self.vertices);
    }
}

impl MotionSums {
    fn add_fragments(&mut self, slot: &MovingSlot) {
        for (sequence, part) in &slot.sequences {
            let sum = &mut self.sequences[*sequence as usize];
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

    fn add_borders(&mut self, slot: &BorderSlot, faces: &mut [WallPlane]) {
        for (sequence, by_source) in &slot.sequences {
            self.sequences[*sequence as usize].source += *by_source;
        }
        for (sums, parts) in [(&mut self.walls[..], &slot.walls), (faces, &slot.faces)] {
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
