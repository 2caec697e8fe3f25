//! The same paths at single points by another way: images and hits in the world, no unfolding and no
//! polygons.

use emberwave_physics::constants::SPEED_OF_LIGHT;
use emberwave_physics::vector::{add_scaled, cross, dot, length, normalize, scale, sub};
use emberwave_physics::{
    Complex, PolarizationModel, Radiator, SlabCoefficients, complex_permittivity, slab_coefficients,
};

use super::world::{Vec3, World};

type ComplexVec = [Complex<f64>; 3];

/// Σ_paths ‖E‖² at a point.
pub fn power_at(world: &World, point: Vec3) -> f64 {
    let mut orders = vec![Vec::new()];
    let mut total = 0.0;
    while let Some(order) = orders.pop() {
        total += path_power(world, &order, point).unwrap_or(0.0);
        if world.reflection && order.len() < world.max_depth {
            orders.extend((0..world.triangles.len()).map(|t| [order.as_slice(), &[t]].concat()));
        }
    }
    total
}

fn normal(world: &World, triangle: usize) -> Vec3 {
    let [a, b, c] = world.corners(triangle);
    normalize(cross(sub(b, a), sub(c, a)))
}

/// ‖E‖² of the path over these reflectors, if there is one.
fn path_power(world: &World, order: &[usize], point: Vec3) -> Option<f64> {
    let points = reflection_points(world, order, point)?;
    let mut k = normalize(sub(points[1], points[0]));
    let tx = &world.transmitter;
    let radiator = Radiator::new(tx.pattern, tx.polarization, PolarizationModel::Two, tx.orientation);
    let mut field = radiator.field(k).map(Complex::from_real);
    let (mut crossings, mut range) = (0, 0.0);
    for (i, pair) in points.windows(2).enumerate() {
        range += length(sub(pair[1], pair[0]));
        let except = [i.checked_sub(1).map(|i| order[i]), order.get(i).copied()];
        for triangle in crossed(world, pair[0], pair[1], except) {
            crossings += 1;
            field = interact(world, triangle, field, k, false).0;
        }
        if let Some(triangle) = order.get(i) {
            (field, k) = interact(world, *triangle, field, k, true);
        }
    }
    let most = if world.refraction { world.max_depth - order.len() } else { 0 };
    if crossings > most || (crossings + order.len() == 0 && !world.los) {
        return None;
    }
    Some(field.iter().map(|z| z.norm_sqr()).sum::<f64>() / (range * range))
}

/// Transmitter, reflections and end of the path.
fn reflection_points(world: &World, order: &[usize], point: Vec3) -> Option<Vec<Vec3>> {
    let mut images = vec![world.transmitter.position];
    for triangle in order {
        let (n, last) = (normal(world, *triangle), images[images.len() - 1]);
        let distance = dot(n, sub(last, world.corners(*triangle)[0]));
        images.push(add_scaled(last, n, -2.0 * distance));
    }
    let mut points = vec![point];
    for (i, triangle) in order.iter().enumerate().rev() {
        let hit = hit(world, *triangle, images[i + 1], points[points.len() - 1])?.1;
        points.push(hit);
    }
    points.push(images[0]);
    points.reverse();
    // Each reflection must have both its neighbours on the same side.
    let same_side = |(i, triangle): (usize, &usize)| {
        let n = normal(world, *triangle);
        let side = |p: Vec3| dot(n, sub(p, points[i + 1]));
        side(points[i]) * side(points[i + 2]) > 1e-12
    };
    order.iter().enumerate().all(same_side).then_some(points)
}

/// Where a segment meets a triangle (Möller and Trumbore): the fraction of the way and the point.
fn hit(world: &World, triangle: usize, from: Vec3, to: Vec3) -> Option<(f64, Vec3)> {
    let [a, b, c] = world.corners(triangle);
    let (along, first, second) = (sub(to, from), sub(b, a), sub(c, a));
    let across = cross(along, second);
    let determinant = dot(first, across);
    if determinant.abs() < 1e-14 {
        return None;
    }
    let start = sub(from, a);
    let u = dot(start, across) / determinant;
    let turned = cross(start, first);
    let v = dot(along, turned) / determinant;
    let t = dot(second, turned) / determinant;
    let inside = u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 0.0 && t < 1.0;
    inside.then(|| (t, add_scaled(from, along, t)))
}

/// The triangles that a segment meets besides those it starts and ends at, in order.
fn crossed(world: &World, from: Vec3, to: Vec3, except: [Option<usize>; 2]) -> Vec<usize> {
    let others = (0..world.triangles.len()).filter(|t| !except.contains(&Some(*t)));
    let mut met: Vec<(f64, usize)> =
        others.filter_map(|t| hit(world, t, from, to).map(|(fraction, _)| (fraction, t))).collect();
    // The other triangle of a quadrilateral touches the ends of segments by rounding.
    met.retain(|(fraction, _)| *fraction > 1e-9 && *fraction < 1.0 - 1e-9);
    met.sort_by(|a, b| a.0.total_cmp(&b.0));
    met.into_iter().map(|(_, triangle)| triangle).collect()
}

/// The field by its TE and TM components, and its direction, behind a triangle.
fn interact(
    world: &World,
    triangle: usize,
    field: ComplexVec,
    k: Vec3,
    reflects: bool,
) -> (ComplexVec, Vec3) {
    let (slab, n) = (world.slab_of(triangle), normal(world, triangle));
    let eta = complex_permittivity(slab.permittivity, slab.conductivity, world.frequency);
    let wavelengths = slab.thickness * world.frequency / SPEED_OF_LIGHT;
    let SlabCoefficients { r_te, r_tm, t_te, t_tm } = slab_coefficients(eta, dot(k, n).abs(), wavelengths);
    let te = normalize(cross(k, n));
    let onward = if reflects { add_scaled(k, n, -2.0 * dot(k, n)) } else { k };
    let (by_te, by_tm) = if reflects { (r_te, r_tm) } else { (t_te, t_tm) };
    let component = |axis: Vec3| field[0].scale(axis[0]) + field[1].scale(axis[1]) + field[2].scale(axis[2]);
    let (along_te, along_tm) = (by_te * component(te), by_tm * component(cross(k, te)));
    let tm = cross(onward, te);
    ([0, 1, 2].map(|i| along_te.scale(te[i]) + along_tm.scale(tm[i])), scale(onward, 1.0))
}
