//! Tracing the tubes of every transmitter.

use std::time::Instant;

use emberwave_geometry::tubes::{Emitter, Plane, PlaneSet, Surface, TubeOptions, World};
use glam::Vec3;

use super::power::{power_table, radiated_power};
use super::{Coverage, Frame, TransmitterCoverage, Wall};
use crate::config::TraceConfig;
use crate::cpu::{HostTensors, ray_coverage};
use crate::inputs::{SOURCE_COLUMNS, TraceInputs, floats};
use crate::topology::{Acceleration, Topology};

/// Finds which pieces of which cells every transmitter reaches along which sequence of planes, by adaptive ray tubes.
///
/// Geometry alone: it depends on vertices, positions and the surface. Materials (at the first frequency) only guide where
/// tubes are divided, so the result serves for others, too. Which events there are and how many comes from `config`, how
/// finely tubes are divided from `options`. Constant to a derivative.
///
/// A monitor's callback is asked after every transmitter; the coverage of a cancelled trace lacks the transmitters that
/// were left.
///
/// # Panics
///
/// If shapes do not fit each other or the configuration.
#[must_use]
pub fn trace_coverage(inputs: &TraceInputs, config: &TraceConfig, options: &TubeOptions) -> Coverage {
    inputs.check_shapes(config);
    let options = TubeOptions { borders: false, ..*options };
    cover(&inputs.to_host().as_host(), &inputs.topology, config, &options, &Tracing::default())
}

/// The same with the borders of what is reached, if the options ask for them, which derivatives by positions need. `by_vertex` takes triangles one by one,
/// as derivatives by vertices need it: those of a plane come apart when one of its vertices moves.
///
/// # Panics
///
/// As [`trace_coverage`].
#[must_use]
pub fn trace_borders(
    inputs: &TraceInputs,
    config: &TraceConfig,
    options: &TubeOptions,
    by_vertex: bool,
) -> Coverage {
    inputs.check_shapes(config);
    cover(
        &inputs.to_host().as_host(),
        &inputs.topology,
        config,
        options,
        &Tracing { is_faceted: by_vertex, ..Tracing::default() },
    )
}

/// What the rays of [`trace_map`](crate::trace_map) leave, for the first frequency and beam, as a coverage by triangles: the
/// second form's way to derivatives by positions. Memory grows with the rays. With borders as [`trace_borders`], if the
/// configuration's [`Motion`](crate::Motion) counts them.
///
/// # Panics
///
/// As [`trace_coverage`].
#[must_use]
pub fn trace_rays(inputs: &TraceInputs, config: &TraceConfig, by_vertex: bool) -> Coverage {
    inputs.check_shapes(config);
    ray_coverage(&inputs.to_host().as_host(), &inputs.topology, config, by_vertex)
}

/// What a trace is for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tracing {
    /// Whether paths are told by triangles one by one, or by the planes that they share.
    pub is_faceted: bool,
    /// What a unit of power over squared distance is worth in every cell, by transmitter; nothing if what counts is the map.
    pub worth: Vec<Vec<f32>>,
}

/// The coverage of all transmitters.
pub(crate) fn cover(
    tensors: &HostTensors<'_>,
    topology: &Topology,
    config: &TraceConfig,
    options: &TubeOptions,
    tracing: &Tracing,
) -> Coverage {
    let acceleration = topology.acceleration(tensors.vertices.values);
    let start = Instant::now();
    let planes = acceleration.letters(topology, tracing.is_faceted);
    let mut coverage =
        Coverage::without_parts(tensors, (topology, &acceleration), config, tracing.is_faceted);
    let options = TubeOptions {
        max_depth: config.max_depth,
        los: config.events.los,
        reflection: config.events.specular_reflection,
        transmission: config.events.refraction,
        accounts: config.monitor.is_some(),
        ..*options
    };
    trace_transmitters(tensors, config, &options, (&acceleration, planes), &tracing.worth, &mut coverage);
    if let Some(monitor) = &config.monitor {
        monitor.add_kernel_time(start.elapsed());
    }
    coverage
}

fn trace_transmitters(
    tensors: &HostTensors<'_>,
    config: &TraceConfig,
    options: &TubeOptions,
    (acceleration, planes): (&Acceleration, &PlaneSet),
    worth: &[Vec<f32>],
    coverage: &mut Coverage,
) {
    let surfaces: Vec<Surface> = coverage.frames.iter().map(Surface::from).collect();
    let wavenumber = tensors.wavenumber.values[0];
    let powers = power_table(tensors.materials.at(&[0]), wavenumber);
    let buffers = &acceleration.buffers;
    let world = World { bvh: &acceleration.bvh, planes, powers: &powers, surfaces: &surfaces, buffers };
    let mut rays_done = 0;
    for (index, antenna) in config.antennas.iter().enumerate() {
        let power = radiated_power(tensors, antenna, index);
        let position = Vec3::from_slice(tensors.sources.at(&[index]));
        let worth = worth.get(index).map(Vec::as_slice);
        let emitter = Emitter { position: position - acceleration.center, power: &power, worth };
        let seed = config.seed.wrapping_add(index as u64);
        let traced = world.trace_coverage(&emitter, &TubeOptions { seed, ..*options });
        let (rays, account) = (traced.effort.rays as u64, traced.account);
        coverage.transmitters.push(TransmitterCoverage::from_tubes(position, traced));
        rays_done += rays;
        // How many rays the others take is a guess.
        let rays_total = rays_done * config.antennas.len() as u64 / (index as u64 + 1);
        let flow = config.monitor.as_ref().map(|monitor| {
            monitor.set_account(index, account);
            monitor.advance(rays, rays, rays_total)
        });
        if flow.is_some_and(|flow| flow.is_break()) {
            return;
        }
    }
}

/// The planes of the measurement surface from their rows, in coordinates whose origin is `center`.
fn frames(surface: &[f32], config: &TraceConfig, center: Vec3) -> Vec<Frame> {
    let mut first_cell = 0;
    let frame = |(rows, &grid): (&[f32], _)| {
        let frame = Frame::new(rows, grid, first_cell, center);
        first_cell += grid.num_cells();
        frame
    };
    surface.chunks_exact(9).zip(&config.planes).map(frame).collect()
}

impl From<&Plane> for Wall {
    fn from(plane: &Plane) -> Self {
        Self { normal: plane.normal.as_vec3(), material: plane.material }
    }
}

impl From<&Frame> for Surface {
    fn from(frame: &Frame) -> Self {
        let num_cells = [frame.grid.num_cells_x, frame.grid.num_cells_y];
        let (x, y) = (frame.step_x * num_cells[0] as f32, frame.step_y * num_cells[1] as f32);
        Self::new(frame.corner, x, y, num_cells, frame.first_cell)
    }
}

impl Coverage {
    /// A coverage of which only walls and frames are known.
    pub(crate) fn without_parts(
        tensors: &HostTensors<'_>,
        (topology, acceleration): (&Topology, &Acceleration),
        config: &TraceConfig,
        is_faceted: bool,
    ) -> Self {
        Self {
            center: acceleration.center,
            walls: acceleration.walls(topology, is_faceted),
            is_faceted,
            frames: frames(tensors.surface.values, config, acceleration.center),
            transmitters: Vec::new(),
            fingerprint: acceleration.fingerprint(topology),
            buffers: acceleration.map_buffers.clone(),
        }
    }

    /// Tells in a line what of a scene or configuration is not what was traced, if anything.
    #[must_use]
    pub fn misfit(&self, inputs: &TraceInputs, config: &TraceConfig) -> Option<String> {
        if self.transmitters.len() != inputs.sources.dims()[0] {
            let [found, wanted] = [self.transmitters.len(), inputs.sources.dims()[0]];
            return Some(format!("it was traced for {found} transmitters, but there are {wanted}"));
        }
        if self.fingerprint != inputs.topology.fingerprint(&floats(&inputs.vertices)) {
            return Some("it was traced for other triangles or vertices".to_owned());
        }
        let sources = floats(&inputs.sources);
        let rows = sources.chunks_exact(SOURCE_COLUMNS).map(Vec3::from_slice);
        for (index, (transmitter, position)) in self.transmitters.iter().zip(rows).enumerate() {
            if transmitter.position != position {
                let [traced, now] = [transmitter.position, position].map(|at| at.to_array());
                return Some(format!("transmitter {index} was at {traced:?}, but is at {now:?}"));
            }
        }
        let surface = (self.frames != frames(&floats(&inputs.surface), config, self.center))
            .then(|| "it was traced for another measurement surface".to_owned());
        let num_materials = inputs.materials.dims()[1];
        let few = self.walls.iter().any(|wall| wall.material as usize >= num_materials);
        surface.or_else(|| few.then(|| "it was traced for more materials".to_owned()))
    }
}
