//! The field that arrives at a point along one unfolded path.

use emberwave_physics::constants::SPEED_OF_LIGHT;
use emberwave_physics::vector::{dot, scale, sub};
use emberwave_physics::{
    Complex, Field, Incidence, PolarizationModel, Radiator, complex_permittivity, reflect_direction,
    slab_coefficients,
};

use super::chain::{Chain, Encounter, Wall};
use super::world::{Vec3, World};

/// What the field depends on besides the path.
pub struct Medium {
    radiator: Radiator<f64>,
    /// Unit normal, permittivity and thickness in wavelengths of each triangle.
    surfaces: Vec<(Vec3, Complex<f64>, f64)>,
}

impl Medium {
    pub fn new(world: &World) -> Self {
        let tx = &world.transmitter;
        let radiator = Radiator::new(tx.pattern, tx.polarization, PolarizationModel::Two, tx.orientation);
        let surface = |triangle: usize| {
            let slab = world.slab_of(triangle);
            let eta = complex_permittivity(slab.permittivity, slab.conductivity, world.frequency);
            let normal = Wall::through(world.corners(triangle)).normal;
            (normal, eta, slab.thickness * world.frequency / SPEED_OF_LIGHT)
        };
        Self { radiator, surfaces: (0..world.triangles.len()).map(surface).collect() }
    }

    /// ‖E‖² at `point` for the path of the chain with these transmissions.
    pub fn power(&self, chain: &Chain, transmissions: &[Encounter], point: Vec3) -> f64 {
        let ray = sub(point, chain.image);
        let squared = dot(ray, ray);
        let last = scale(ray, 1.0 / squared.sqrt());
        let back = |k: Vec3, wall: &Wall| reflect_direction(k, wall.normal);
        let mut k = chain.walls.iter().rev().fold(last, back);
        let mut field = Field::from_real(self.radiator.field(k));
        if transmissions.is_empty() {
            for encounter in &chain.encounters {
                (field, k) = self.interact(encounter, field, k);
            }
            return field.norm_sqr() / squared;
        }
        let mut encounters: Vec<(f64, &Encounter)> =
            chain.encounters.iter().chain(transmissions).map(|e| (fraction(e, ray, point), e)).collect();
        encounters.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, encounter) in encounters {
            (field, k) = self.interact(encounter, field, k);
        }
        field.norm_sqr() / squared
    }

    /// The field and its direction behind a surface.
    fn interact(&self, encounter: &Encounter, field: Field<f64>, k: Vec3) -> (Field<f64>, Vec3) {
        let (normal, eta, thickness) = self.surfaces[encounter.triangle];
        let incidence = Incidence::new(k, normal);
        let surface = slab_coefficients(eta, incidence.cos_theta, thickness);
        if encounter.reflects {
            (incidence.reflect(&field, &surface), reflect_direction(k, normal))
        } else {
            (incidence.transmit(&field, &surface), k)
        }
    }
}

/// Where the straight ray that ends at `point` meets the plane, as a fraction of the ray from its end.
fn fraction(encounter: &Encounter, ray: Vec3, point: Vec3) -> f64 {
    1.0 - encounter.wall.distance(point) / dot(encounter.wall.normal, ray)
}
