//! The borders of what a transmitter reaches, from lines of rays, as coverages.

use emberwave_geometry::Border;
use emberwave_geometry::borders::{BorderOptions, BorderSampler, BorderScene, SampledBorders, StepTree};
use emberwave_geometry::tubes::Surface;
use emberwave_physics::slab_coefficients;

use super::job::{MapJob, SlabMaterial};
use crate::coverage::Frame;
use crate::topology::Topology;

/// Lines whose borders are kept at a time.
const LINES_AT_ONCE: u64 = 768;

/// Fewest and most lines per face of the launch cube and direction.
const LINES: (f64, f64) = (64.0, 4096.0);

/// Samples the borders of a job in parts, which together are all of them. `by_vertex` counts the edges between triangles
/// of a plane.
pub(super) fn sample_borders<'a>(
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
        let planes = job.acceleration.planes(topology);
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
