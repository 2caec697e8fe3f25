//! What happens to a ray where it hits.

use emberwave_geometry::{Hit, Ray};
use emberwave_physics::{
    EnabledEvents, EventProbabilities, Incidence, event_probabilities, reflect_direction, slab_coefficients,
};
use glam::Vec3;

use super::job::MapJob;
use super::propagate::Path;
use crate::topology::Facet;

/// Reflected and transmitted rays start this far from the surface, as a fraction of the largest coordinate (and at
/// least of 1 m): some sixteen roundings, so that they do not meet the surface they left, nor its exact copy.
const OFFSET: f32 = 16.0 * f32::EPSILON;

/// What a ray does at a surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Specular,
    Refraction,
}

/// Carries a ray through its interaction after `depth` earlier ones; false when it ends there.
#[inline]
pub(super) fn interact(job: &MapJob<'_>, depth: u32, hit: &Hit, ray: &mut Ray, path: &mut Path) -> bool {
    let facet = &job.acceleration.facets[hit.triangle as usize];
    let material = &job.materials[facet.material as usize];
    let (k, n) = (ray.direction.to_array(), facet.normal.to_array());
    let incidence = Incidence::new(k, n);
    let slab = slab_coefficients(material.eta, incidence.cos_theta, material.thickness_over_wavelength);
    let probabilities = event_probabilities(&slab, material.scattering, enabled(job));
    let [event_draw, roulette_draw, _, _] = job.rng.uniforms(path.index, depth);
    let Some((event, probability)) = choose(&probabilities, event_draw) else { return false };
    path.length += hit.distance;
    let (field, direction) = match event {
        Event::Specular => {
            let share = 1.0 - material.scattering * material.scattering;
            let field = incidence.reflect(&path.field, &slab).scale((share / probability).sqrt());
            (field, Vec3::from(reflect_direction(k, n)).normalize())
        }
        Event::Refraction => {
            (incidence.transmit(&path.field, &slab).scale(probability.sqrt().recip()), ray.direction)
        }
    };
    path.field = field;
    *ray = Ray::new(leave(facet, ray, hit, direction), direction);
    !stops(job, path) && survives(job, depth, roulette_draw, path)
}

#[inline]
fn enabled(job: &MapJob<'_>) -> EnabledEvents {
    let events = &job.config.events;
    EnabledEvents { specular: events.specular_reflection, diffuse: false, transmission: events.refraction }
}

/// The event that a uniform number draws, and its probability.
#[inline]
fn choose(probabilities: &EventProbabilities<f32>, draw: f32) -> Option<(Event, f32)> {
    if draw < probabilities.specular {
        Some((Event::Specular, probabilities.specular))
    } else if probabilities.transmission > 0.0 {
        Some((Event::Refraction, probabilities.transmission))
    } else {
        // Without transmission the specular probability may have been rounded to just below 1.
        (probabilities.specular > 0.0).then_some((Event::Specular, probabilities.specular))
    }
}

/// Where a ray that goes on in `direction` starts: at the hit, off the surface on the side it goes to.
#[inline]
fn leave(facet: &Facet, ray: &Ray, hit: &Hit, direction: Vec3) -> Vec3 {
    let point = ray.origin + ray.direction * hit.distance;
    let largest = point.abs().max_element().max(1.0);
    let side = if direction.dot(facet.normal) < 0.0 { -OFFSET } else { OFFSET };
    // Back onto the plane, which takes the rounding of the distance out.
    point + facet.normal * (facet.offset - facet.normal.dot(point) + side * largest)
}

/// Whether the path has become weaker than the stop threshold.
#[inline]
fn stops(job: &MapJob<'_>, path: &Path) -> bool {
    let Some(threshold) = job.config.stop_threshold else { return false };
    let spreading = job.friis_length / path.length;
    path.field.norm_sqr() * spreading * spreading <= threshold
}

/// Russian roulette: the field of a survivor grows so that the mean stays.
#[inline]
fn survives(job: &MapJob<'_>, depth: u32, draw: f32, path: &mut Path) -> bool {
    let Some(roulette) = job.config.roulette.filter(|roulette| depth + 1 >= roulette.depth) else {
        return true;
    };
    let probability = path.field.norm_sqr().min(roulette.probability);
    if draw >= probability {
        return false;
    }
    path.field = path.field.scale(probability.sqrt().recip());
    true
}
