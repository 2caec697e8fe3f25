//! What happens to rays where they hit.

use emberwave_geometry::{CounterRng, Hit, START_OFFSET};
use emberwave_physics::{
    Complex, EnabledEvents, Field, Incidence, event_probabilities, reflect_direction, slab_coefficients,
};
use multiversion::multiversion;

use super::batch::{BATCH_SIZE, Batch, Column};
use super::job::MapJob;
use super::tape::Record;
use crate::config::Events;

/// What a ray did at a surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Outcome {
    /// It missed, was absorbed or ended.
    Ended,
    Reflected,
    Transmitted,
}

/// What the rays of a batch met, and what became of them there.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Contacts {
    pub normal: [Column<f32>; 3],
    pub eta_re: Column<f32>,
    pub eta_im: Column<f32>,
    pub thickness_over_wavelength: Column<f32>,
    pub scattering: Column<f32>,
    pub material: Column<u32>,
    /// Amplitude factor: √(1 − S²) or 1, over the roots of the probabilities of event and roulette.
    pub factor: Column<f32>,
    pub outcome: Column<Outcome>,
}

impl Contacts {
    pub fn new() -> Self {
        let zero = [0.0; BATCH_SIZE];
        Self {
            normal: [zero; 3],
            eta_re: zero,
            eta_im: zero,
            thickness_over_wavelength: zero,
            scattering: zero,
            material: [0; BATCH_SIZE],
            factor: zero,
            outcome: [Outcome::Ended; BATCH_SIZE],
        }
    }
}

/// The surfaces that the rays of a batch hit.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Surfaces {
    contacts: Contacts,
    offset: Column<f32>,
    places: Vec<u32>,
}

impl Surfaces {
    pub fn new() -> Box<Self> {
        Box::new(Self {
            contacts: Contacts::new(),
            offset: [0.0; BATCH_SIZE],
            places: Vec::with_capacity(BATCH_SIZE),
        })
    }

    /// Carries every ray through its interaction after `depth` earlier ones, and drops those that end there; writes down
    /// what happened where a record is given.
    pub fn interact(&mut self, job: &MapJob<'_>, depth: u32, batch: &mut Batch, record: Option<&mut Record>) {
        self.drop_misses(batch);
        self.gather(job, batch);
        if let Some(record) = record {
            record.hits.clone_from(&self.places);
            record.direction = batch.direction;
            self.carry_on(job, depth, batch);
            record.contacts.clone_from(&self.contacts);
            record.survivors.clone_from(&self.places);
        } else {
            self.carry_on(job, depth, batch);
        }
        batch.select(&self.places);
    }

    fn carry_on(&mut self, job: &MapJob<'_>, depth: u32, batch: &mut Batch) {
        scatter(self, batch, &job.rng, depth, job.config.events);
        if let Some(threshold) = job.config.stop_threshold {
            stop(self, batch, threshold, job.friis_length);
        }
        if let Some(roulette) = job.config.roulette.filter(|roulette| depth + 1 >= roulette.depth) {
            play_roulette(self, batch, &job.rng, depth, roulette.probability);
        }
        self.list_survivors(batch.len);
    }

    fn drop_misses(&mut self, batch: &mut Batch) {
        self.places.clear();
        self.places
            .extend((0..batch.len as u32).filter(|&place| batch.triangle[place as usize] != Hit::MISS));
        if self.places.len() < batch.len {
            for (new, &place) in self.places.iter().enumerate() {
                batch.distance[new] = batch.distance[place as usize];
                batch.triangle[new] = batch.triangle[place as usize];
            }
            batch.select(&self.places);
        }
    }

    /// Looks up the facet and material that each ray hit.
    fn gather(&mut self, job: &MapJob<'_>, batch: &Batch) {
        for place in 0..batch.len {
            let facet = &job.acceleration.facets[batch.triangle[place] as usize];
            let material = &job.materials[facet.material as usize];
            for axis in 0..3 {
                self.contacts.normal[axis][place] = facet.normal[axis];
            }
            self.offset[place] = facet.offset;
            self.contacts.eta_re[place] = material.eta.re;
            self.contacts.eta_im[place] = material.eta.im;
            self.contacts.thickness_over_wavelength[place] = material.thickness_over_wavelength;
            self.contacts.scattering[place] = material.scattering;
            self.contacts.material[place] = facet.material;
        }
    }

    /// Lists the rays that go on: first those that were reflected, then those that went through, so that neighbours stay
    /// neighbours.
    fn list_survivors(&mut self, num_rays: usize) {
        self.places.clear();
        for wanted in [Outcome::Reflected, Outcome::Transmitted] {
            let outcomes = &self.contacts.outcome;
            let of_kind = (0..num_rays as u32).filter(|&place| outcomes[place as usize] == wanted);
            self.places.extend(of_kind);
        }
    }
}

/// Draws an event for every ray with a probability proportional to the power it carries on, divides the field by
/// the root of the probability, and sends the ray off.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn scatter(surfaces: &mut Surfaces, batch: &mut Batch, rng: &CounterRng, depth: u32, events: Events) {
    let enabled = EnabledEvents {
        specular: events.specular_reflection,
        diffuse: false,
        transmission: events.refraction,
    };
    for i in 0..batch.len.min(BATCH_SIZE) {
        let k = [0, 1, 2].map(|axis| batch.direction[axis][i]);
        let n = [0, 1, 2].map(|axis| surfaces.contacts.normal[axis][i]);
        let incidence = Incidence::new(k, n);
        let eta = Complex::new(surfaces.contacts.eta_re[i], surfaces.contacts.eta_im[i]);
        let slab =
            slab_coefficients(eta, incidence.cos_theta, surfaces.contacts.thickness_over_wavelength[i]);
        let scattering = surfaces.contacts.scattering[i];
        let probabilities = event_probabilities(&slab, scattering, enabled);
        let [draw, ..] = rng.uniforms(batch.index[i], depth);
        // Without transmission the specular probability may have been rounded to just below 1.
        let specular = (draw < probabilities.specular) | (probabilities.transmission <= 0.0);
        let probability = if specular { probabilities.specular } else { probabilities.transmission };
        let share = if specular { 1.0 - scattering * scattering } else { 1.0 };
        let factor = (share / probability.max(f32::MIN_POSITIVE)).sqrt();
        let field = Field {
            re: [0, 1, 2].map(|axis| batch.field_re[axis][i]),
            im: [0, 1, 2].map(|axis| batch.field_im[axis][i]),
        };
        let (reflected, transmitted) = (incidence.reflect(&field, &slab), incidence.transmit(&field, &slab));
        let mirrored = reflect_direction(k, n);
        let distance = batch.distance[i];
        let along = k[0] * n[0] + k[1] * n[1] + k[2] * n[2];
        let side = if (along > 0.0) == specular { -START_OFFSET } else { START_OFFSET };
        let point = [0, 1, 2].map(|axis| batch.origin[axis][i] + k[axis] * distance);
        let largest = point[0].abs().max(point[1].abs()).max(point[2].abs()).max(1.0);
        // Back onto the plane, which takes the rounding of the distance out, and off it again.
        let height = point[0] * n[0] + point[1] * n[1] + point[2] * n[2] - surfaces.offset[i];
        let shift = side * largest - height;
        for axis in 0..3 {
            let (re, im) = if specular {
                (reflected.re[axis], reflected.im[axis])
            } else {
                (transmitted.re[axis], transmitted.im[axis])
            };
            batch.field_re[axis][i] = re * factor;
            batch.field_im[axis][i] = im * factor;
            batch.direction[axis][i] = if specular { mirrored[axis] } else { k[axis] };
            batch.origin[axis][i] = point[axis] + n[axis] * shift;
        }
        surfaces.contacts.factor[i] = factor;
        batch.length[i] += distance;
        let kind = if specular { Outcome::Reflected } else { Outcome::Transmitted };
        surfaces.contacts.outcome[i] = if probability > 0.0 { kind } else { Outcome::Ended };
    }
}

/// Ends the rays whose gain has fallen to the threshold, with the length as Sionna RT 2.2.0 counts it: a ray that has
/// not crossed the measurement surface yet goes on.
fn stop(surfaces: &mut Surfaces, batch: &Batch, threshold: f32, friis_length: f32) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let length = batch.surface_length[i];
        if batch.power(i) * friis_length * friis_length <= threshold * length * length {
            surfaces.contacts.outcome[i] = Outcome::Ended;
        }
    }
}

/// Russian roulette: weak rays end with a probability that makes up for the growth of those that go on.
fn play_roulette(surfaces: &mut Surfaces, batch: &mut Batch, rng: &CounterRng, depth: u32, largest: f32) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        let probability = batch.power(i).min(largest);
        let [_, draw, ..] = rng.uniforms(batch.index[i], depth);
        if draw >= probability {
            surfaces.contacts.outcome[i] = Outcome::Ended;
        } else {
            let factor = probability.sqrt().recip();
            surfaces.contacts.factor[i] *= factor;
            for axis in 0..3 {
                batch.field_re[axis][i] *= factor;
                batch.field_im[axis][i] *= factor;
            }
        }
    }
}
