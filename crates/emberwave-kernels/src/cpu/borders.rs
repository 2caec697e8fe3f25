//! The borders of what transmitters reach, for maps of rays: from tubes, or from lines of rays.

use std::borrow::Cow;

use emberwave_geometry::Border;
use emberwave_geometry::Hit;
use emberwave_geometry::borders::{
    BorderOptions, BorderSampler, BorderScene, PathStep, SampledBorder, SampledBorders, StepTree,
};
use emberwave_geometry::tubes::{Surface, TubeOptions};
use emberwave_physics::slab_coefficients;

use super::HostTensors;
use super::job::{MapJob, SlabMaterial};
use crate::config::TraceConfig;
use crate::coverage::{Coverage, Frame, Tracing, TransmitterCoverage, cover};
use crate::topology::Topology;

/// Lines whose borders are kept at a time.
const LINES_AT_ONCE: u64 = 768;

/// Fewest and most lines per face of the launch cube and direction.
const LINES: (f64, f64) = (64.0, 4096.0);

/// The borders of all transmitters, where these are searched by tubes.
pub(super) struct TubeBorders(Option<Vec<SampledBorders>>);

impl TubeBorders {
    /// Traces the tubes, if the configuration wants any.
    pub fn trace(
        tensors: &HostTensors<'_>,
        topology: &Topology,
        config: &TraceConfig,
        tracing: &Tracing,
    ) -> Self {
        let trace = |options| {
            let config = TraceConfig { monitor: None, ..config.clone() };
            let options = TubeOptions { areas: false, borders: true, ..options };
            let coverage = cover(tensors, topology, &config, &options, tracing);
            let triangles = first_triangles(&coverage, tensors, topology);
            coverage.transmitters.iter().map(|part| by_triangles(part, &triangles)).collect()
        };
        Self(config.motion.tubes.map(trace))
    }

    /// The borders of a job in parts, which together are all of them.
    pub fn of_job<'a>(
        &'a self,
        job: &'a MapJob<'_>,
        topology: &'a Topology,
        frames: &[Frame],
        by_vertex: bool,
        transmitter: usize,
    ) -> impl Iterator<Item = Cow<'a, SampledBorders>> {
        let traced = self.0.as_ref().map(|all| Cow::Borrowed(&all[transmitter]));
        let lines = self.0.is_none().then(|| sample_borders(job, topology, frames, by_vertex, transmitter));
        traced.into_iter().chain(lines.into_iter().flatten().map(Cow::Owned))
    }
}

/// A triangle of each wall of a coverage.
fn first_triangles(coverage: &Coverage, tensors: &HostTensors<'_>, topology: &Topology) -> Vec<u32> {
    let acceleration = topology.acceleration(tensors.vertices.values);
    let mut triangles = vec![Hit::MISS; coverage.walls.len()];
    let walls = acceleration.letters(topology, coverage.is_faceted).plane_from_triangle();
    for (triangle, &wall) in walls.iter().enumerate().rev() {
        triangles[wall as usize] = triangle as u32;
    }
    triangles
}

/// The borders of a coverage, whose paths are told by triangles in place of walls.
fn by_triangles(part: &TransmitterCoverage, triangle_from_wall: &[u32]) -> SampledBorders {
    let step = |(index, step): (usize, &crate::coverage::Step)| PathStep {
        parent: step.parent,
        triangle: if index == 0 { Hit::MISS } else { triangle_from_wall[(step.code >> 1) as usize] },
        reflected: step.code & 1 == 1,
    };
    let sample = |border: &Border| SampledBorder {
        border: *border,
        weight: part.images[border.sequence as usize].weight,
    };
    SampledBorders {
        steps: part.steps.iter().enumerate().map(step).collect(),
        borders: part.borders.iter().map(sample).collect(),
        ..SampledBorders::default()
    }
}

/// Samples the borders of a job in parts, which together are all of them. `by_vertex` counts the edges between triangles
/// of a plane.
fn sample_borders<'a>(
    job: &'a MapJob<'_>,
    topology: &'a Topology,
    frames: &[Frame],
    by_vertex: bool,
    transmitter: usize,
) -> impl Iterator<Item = SampledBorders> + use<'a> {
    let options = options(job);
    let chances: Vec<f32> = job.materials.iter().map(chance_of_reflection).collect();
    let surfaces: Vec<Surface> = frames.iter().map(Surface::from).collect();
    let vertices = job.acceleration.vertices();
    let starts = (0..options.num_lines()).step_by(LINES_AT_ONCE as usize);
    starts.map(move |first| {
        let planes = job.acceleration.letters(topology, false);
        let scene = BorderScene {
            bvh: &job.acceleration.bvh,
            vertices: &vertices,
            triangles: topology.triangles(),
            planes: (!by_vertex).then(|| planes.plane_from_triangle()),
            surfaces: &surfaces,
            probability_of_reflection: &|triangle| {
                chances[topology.material_from_triangle()[triangle as usize] as usize]
            },
        };
        let sampler = BorderSampler::new(scene, options, job.source.position, transmitter as u32);
        sampler.sample(first..first + LINES_AT_ONCE)
    })
}

/// The borders of a part with the numbers of their sequences in a tree, as long as their weights tell.
pub(super) fn numbered(sampled: &SampledBorders, tree: &mut StepTree) -> impl Iterator<Item = Border> {
    let numbers = tree.absorb(&sampled.steps);
    sampled.borders.iter().map(move |sample| {
        let along = sample.border.along.map(|x| x * sample.weight);
        Border { sequence: numbers[sample.border.sequence as usize], along, ..sample.border }
    })
}

/// About a seventh as many rays as the map has, twice as many along a line as there are lines; to these come the rays that
/// look where borders are.
fn options(job: &MapJob<'_>) -> BorderOptions {
    let config = job.config;
    let lines = (config.samples_per_tx as f64 / 160.0).sqrt().clamp(LINES.0, LINES.1) as u32;
    BorderOptions {
        max_depth: config.max_depth,
        los: config.events.los,
        reflection: config.events.specular_reflection,
        transmission: config.events.refraction,
        lines,
        steps: 2 * lines,
        seed: config.seed,
    }
}

/// How often a line is reflected where it could go through as well: by the powers at 45°, but neither never nor always.
fn chance_of_reflection(material: &SlabMaterial) -> f32 {
    let cosine = std::f32::consts::FRAC_1_SQRT_2;
    let slab = slab_coefficients(material.eta, cosine, material.thickness_over_wavelength);
    let share = 1.0 - material.scattering * material.scattering;
    let reflected = (slab.r_te.norm_sqr() + slab.r_tm.norm_sqr()) * share;
    let transmitted = slab.t_te.norm_sqr() + slab.t_tm.norm_sqr();
    (reflected / (reflected + transmitted).max(f32::MIN_POSITIVE)).clamp(0.2, 0.95)
}
