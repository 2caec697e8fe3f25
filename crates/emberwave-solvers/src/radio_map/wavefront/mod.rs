//! The tracer as tensor operations.
//!
//! The kernel gives the discrete choices of every ray (triangle, event, cell); all that is continuous is computed from
//! them by the tensor functions of `emberwave_em`, in the element type of the materials, so that Burn differentiates it
//! by every input. The probabilities of event and roulette are constants. Under automatic differentiation memory grows
//! with the number of rays: this form is for checks, and for parts that only exist as tensor functions.
//!
//! A coverage ([`coverage`]) has no choices but its lists, and no probabilities; what fields depend on ([`radio`]), what
//! surfaces do to them ([`interactions`]) and the sums over cells ([`deposits`]) are the same.

mod coverage;
mod custom;
mod deposits;
mod interactions;
mod memory;
mod radio;
mod rays;
mod world;

use std::ops::ControlFlow;
use std::sync::Arc;

use burn::tensor::Tensor;
use emberwave_em::real::{abs, at_most};
use emberwave_em::vector::{dot, scale};
use emberwave_em::{FieldTensor, event_probabilities};
use emberwave_geometry::{CounterRng, FibonacciLattice};
use emberwave_kernels::{RayRange, TraceConfig, TraceInputs, trace_choices};
use emberwave_physics::EnabledEvents;
use emberwave_physics::fast_math::sin_cos_turns;

pub(super) use coverage::CoverageWavefront;
pub(super) use custom::CustomParts;
pub use custom::{AntennaFunction, MaterialFunction, MaterialQuery};
use deposits::{Deposits, map_of, stacked};
use interactions::{Places, Surfaces};
use radio::Radio;
use rays::{Choices, Rays, indices};
pub(super) use world::cast;
use world::{World, constant, constants, in_type};

/// Rays whose tensors are made together.
const CHUNK: usize = 1 << 15;

/// A trace of one scene.
pub(super) struct Wavefront<'a> {
    constants: TraceInputs,
    world: World,
    radio: Radio<'a>,
    config: Arc<TraceConfig>,
    /// Whether derivatives are recorded; functions may bring tracked tensors of their own.
    is_tracked: bool,
}

impl<'a> Wavefront<'a> {
    /// Of a scene whose middle is `center` \[m\].
    pub fn new(
        inputs: TraceInputs,
        center: [f64; 3],
        config: Arc<TraceConfig>,
        custom: &'a CustomParts,
    ) -> Self {
        let is_tracked = memory::is_tracked(&inputs, custom);
        let constants = constants(&inputs);
        let dtype = inputs.materials.dtype();
        let inputs = in_type(inputs, dtype);
        Self {
            constants,
            world: World::new(&inputs, center),
            radio: Radio::new(inputs, custom),
            config,
            is_tracked,
        }
    }

    /// What `emberwave_kernels::trace_map` gives for the first frequency and beam, `[channels, 1, num_tx, 1, num_cells]`;
    /// none if the monitor cancels.
    pub fn trace(&self) -> Option<Tensor<5>> {
        let transmitters = 0..self.config.antennas.len();
        let maps: Option<Vec<_>> = transmitters.map(|transmitter| self.map(transmitter)).collect();
        maps.map(stacked)
    }

    /// The map of one transmitter, `[channels, num_cells]`.
    fn map(&self, transmitter: usize) -> Option<Tensor<2>> {
        let num_rays = self.config.samples_per_tx;
        let mut deposits = Vec::new();
        for first in (0..num_rays).step_by(CHUNK) {
            let count = (num_rays - first).min(CHUNK as u64) as usize;
            let segments = self.trace_chunk(RayRange { transmitter, first, count }, &mut deposits);
            if self.advance(count, segments).is_break() {
                return None;
            }
        }
        Some(map_of(deposits, &self.config, &self.radio.materials))
    }

    /// Tells the monitor of a chunk and asks it whether to go on.
    fn advance(&self, rays: usize, segments: usize) -> ControlFlow<()> {
        let rays_total = self.config.samples_per_tx.saturating_mul(self.config.antennas.len() as u64);
        let monitor = self.config.monitor.as_ref();
        monitor.map_or(ControlFlow::Continue(()), |monitor| {
            monitor.advance(rays as u64, segments as u64, rays_total)
        })
    }

    /// Returns the number of segments of the paths.
    fn trace_chunk(&self, range: RayRange, deposits: &mut Vec<Deposits>) -> usize {
        let choices = trace_choices(self.constants.clone(), Arc::clone(&self.config), range);
        let choices = Choices::new(choices);
        let mut rays = self.launch(range);
        let mut segments = 0;
        for depth in 0..=self.config.max_depth as usize {
            segments += rays.index.len();
            deposits.extend(self.deposit(&rays, &choices, depth));
            match self.interact(&rays, &choices, depth) {
                Some(next) => rays = next,
                None => break,
            }
        }
        segments
    }

    fn launch(&self, range: RayRange) -> Rays {
        let rng = CounterRng::new(self.config.seed, range.transmitter as u32);
        let lattice = FibonacciLattice::new(self.config.samples_per_tx, &rng);
        let direction = |ray: usize| lattice.direction_with(range.first + ray as u64, sin_cos_turns);
        let directions = (0..range.count).flat_map(|ray| direction(ray).to_array().map(f64::from)).collect();
        let direction = constant(directions, range.count, &self.radio.materials);
        let antenna = &self.config.antennas[range.transmitter];
        let field = self.radio.radiate(range.transmitter, antenna, direction.clone());
        Rays {
            index: (0..range.count).collect(),
            origin: self.world.position(range.transmitter).expand([range.count, 3]),
            length: field.re.clone().detach().narrow(1, 0, 1).squeeze_dim::<1>(1).zeros_like(),
            field,
            departure: direction.clone(),
            direction,
        }
    }

    fn deposit(&self, rays: &Rays, choices: &Choices, depth: usize) -> Option<Deposits> {
        let cell_of = |&ray: &usize| choices.cell(ray, depth);
        let places: Vec<usize> =
            (0..rays.index.len()).filter(|&place| cell_of(&rays.index[place]).is_some()).collect();
        if places.is_empty() {
            return None;
        }
        let rays = rays.select(&places);
        let cosine = dot(rays.direction.clone(), self.world.plane_normal.clone());
        let height = dot(self.world.plane_corner.clone() - rays.origin, self.world.plane_normal.clone());
        let per_ray = 1.0 / self.config.samples_per_tx as f64;
        Some(Deposits {
            cell: indices(rays.index.iter().filter_map(cell_of), &cosine.device()),
            weight: rays.field.norm_sqr().mul_scalar(per_ray) / abs(cosine.clone()),
            length: rays.length + height / cosine,
            arrival: rays.direction.neg(),
            departure: rays.departure,
        })
    }

    /// The rays that go on after the interaction that follows `depth` others.
    fn interact(&self, rays: &Rays, choices: &Choices, depth: usize) -> Option<Rays> {
        let event = |&place: &usize| choices.is_reflected(rays.index[place], depth);
        let places: Vec<usize> = (0..rays.index.len()).filter(|place| event(place).is_some()).collect();
        if places.is_empty() {
            return None;
        }
        let reflected = places.iter().filter_map(event).map(|is| if is { 1.0 } else { 0.0 }).collect();
        let reflected = constant(reflected, places.len(), &self.radio.materials).squeeze_dim::<1>(1);
        let rays = rays.select(&places);
        let triangles: Vec<i32> = rays.index.iter().map(|&ray| choices.triangle(ray, depth)).collect();
        let Hits { surfaces, distance, positions } = self.meet(&rays, &triangles);
        let field = surfaces.carry(rays.field.clone(), reflected.clone());
        let field = field.scale(self.event_factor(&surfaces, reflected.clone()));
        Some(Rays {
            origin: positions,
            direction: surfaces.turn(rays.direction.clone(), reflected),
            field: self.survive(field, depth),
            length: rays.length + distance,
            ..rays
        })
    }

    /// Where and what rays hit.
    fn meet(&self, rays: &Rays, triangles: &[i32]) -> Hits {
        let world = &self.world;
        let material_of = self.constants.topology.material_from_triangle();
        let materials = triangles.iter().map(|&triangle| material_of[triangle as usize]);
        let triangles = indices(triangles.iter().copied(), &self.radio.materials.device());
        let normals = world.normals.clone().select(0, triangles.clone());
        let corners = world.corners.clone().select(0, triangles.clone());
        let distance = dot(corners - rays.origin.clone(), normals.clone())
            / dot(rays.direction.clone(), normals.clone());
        let positions = rays.origin.clone() + scale(rays.direction.clone(), distance.clone());
        let places = || Places { positions: positions.clone() + world.center.clone(), triangles };
        let surfaces = self.radio.surfaces(rays.direction.clone(), normals, materials, places);
        Hits { surfaces, distance, positions }
    }

    /// √(1 − S²) or 1, over the root of the event's probability, which is a constant.
    fn event_factor(&self, surfaces: &Surfaces, reflected: Tensor<1>) -> Tensor<1> {
        let events = EnabledEvents {
            specular: self.config.events.specular_reflection,
            diffuse: false,
            transmission: self.config.events.refraction,
        };
        let (slab, scattering) = self.radio.drawn(surfaces);
        let drawn = event_probabilities(&slab, scattering, events).detach();
        let passed = reflected.clone().neg().add_scalar(1.0);
        let probability = drawn.specular * reflected.clone() + drawn.transmission * passed;
        (surfaces.share(reflected) / probability).sqrt()
    }

    /// Makes up for the rays that ended in roulette.
    fn survive(&self, field: FieldTensor, depth: usize) -> FieldTensor {
        match self.config.roulette {
            Some(roulette) if depth + 1 >= roulette.depth as usize => {
                let power = field.clone().detach().norm_sqr();
                let probability = at_most(power, f64::from(roulette.probability));
                field.scale(probability.sqrt().recip())
            }
            _ => field,
        }
    }
}

/// What rays hit, one row per ray.
struct Hits {
    surfaces: Surfaces,
    /// From the segment's start \[m\].
    distance: Tensor<1>,
    /// \[m\].
    positions: Tensor<2>,
}
