use glam::Vec3;
use proptest::prelude::*;

use super::*;
use crate::random::CounterRng;

/// `count` triangles of size about `size` in the cube of half-width 10 around `center`.
fn soup(count: u32, size: f32, center: Vec3, seed: u64) -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let rng = CounterRng::new(seed, 0);
    let point = |i: u64, j: u32, scale: f32| {
        let [x, y, z, _] = rng.uniforms(i, j);
        (Vec3::new(x, y, z) - 0.5) * scale
    };
    let vertices = (0..u64::from(count))
        .flat_map(|i| {
            let corner = center + point(i, 0, 20.0);
            [corner, corner + point(i, 1, size), corner + point(i, 2, size)]
        })
        .collect();
    (vertices, (0..count).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect())
}

fn ray(center: Vec3, seed: u64, index: u64) -> Ray {
    let rng = CounterRng::new(seed, 77);
    let [a, b, c, _] = rng.uniforms(index, 0);
    let [x, y, z, _] = rng.uniforms(index, 1);
    Ray::new(center + (Vec3::new(a, b, c) - 0.5) * 24.0, (Vec3::new(x, y, z) - 0.5).normalize())
}

/// Every triangle by Möller and Trumbore in f64.
fn brute_force(vertices: &[Vec3], triangles: &[[u32; 3]], ray: &Ray) -> f64 {
    let (o, d) = (ray.origin.as_dvec3(), ray.direction.as_dvec3());
    let mut closest = f64::INFINITY;
    for triangle in triangles {
        let [a, b, c] = triangle.map(|i| vertices[i as usize].as_dvec3());
        let (e1, e2) = (b - a, c - a);
        let p = d.cross(e2);
        let inverse = 1.0 / e1.dot(p);
        let u = (o - a).dot(p) * inverse;
        let q = (o - a).cross(e1);
        let (v, t) = (d.dot(q) * inverse, e2.dot(q) * inverse);
        if u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 0.0 {
            closest = closest.min(t);
        }
    }
    closest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn closest_hit_agrees_with_every_triangle_tested_in_f64(
        seed in 0_u64..1000,
        count in 1_u32..400,
        size in 0.05_f32..8.0,
        shift in prop::sample::select(vec![0.0_f32, 100.0, 3000.0]),
    ) {
        let center = Vec3::new(shift, -shift, 0.3 * shift);
        let (vertices, triangles) = soup(count, size, center, seed);
        let bvh = Bvh::build(&vertices, &triangles);
        let walks = walks(&bvh);
        // Rounding of coordinates moves a distance by about ε·|coordinate| / cos, and may flip a graze of an edge.
        let tolerance = 1e-4 + 2e-5 * f64::from(shift);
        let mut differing = 0;
        for index in 0..100 {
            let ray = ray(center, seed, index);
            let expected = brute_force(&vertices, &triangles, &ray);
            for hit in walks.iter().map(|bvh| bvh.closest_hit(&ray)) {
                prop_assert_eq!(hit.is_hit(), hit.distance.is_finite());
                let same = f64::from(hit.distance) == expected
                    || (f64::from(hit.distance) - expected).abs() < tolerance * (1.0 + expected);
                differing += u32::from(!same);
            }
        }
        let allowed = walks.len() * if shift > 1000.0 { 3 } else { 1 };
        prop_assert!(differing <= allowed as u32, "{} of {} queries differ", differing, 100 * walks.len());
    }

    #[test]
    fn groups_of_rays_hit_what_each_ray_hits(seed in 0_u64..1000, count in 1_u32..400, spread in 0.0_f32..2.0) {
        let (vertices, triangles) = soup(count, 4.0, Vec3::ZERO, seed);
        let bvh = Bvh::build(&vertices, &triangles);
        let rays: Vec<Ray> = (0..100).map(|i| bundle(seed, i, spread)).collect();
        let column = |of: fn(&Ray) -> Vec3, axis: usize| rays.iter().map(|ray| of(ray)[axis]).collect::<Vec<_>>();
        let origins = [0, 1, 2].map(|axis| column(|ray| ray.origin, axis));
        let directions = [0, 1, 2].map(|axis| column(|ray| ray.direction, axis));
        let stream = RayStream {
            origin: std::array::from_fn(|axis| origins[axis].as_slice()),
            direction: std::array::from_fn(|axis| directions[axis].as_slice()),
        };
        for bvh in walks(&bvh) {
            let (mut distance, mut triangle) = (vec![f32::INFINITY; 100], vec![0; 100]);
            bvh.closest_hits(&stream, HitStream { distance: &mut distance, triangle: &mut triangle });
            let alone = bvh.clone().without_simd();
            let mut differing = 0;
            for (index, ray) in rays.iter().enumerate() {
                let hit = alone.closest_hit(ray);
                differing += u32::from((hit.distance - distance[index]).abs() > 1e-3 * hit.distance);
            }
            prop_assert!(differing <= 1, "{} of 100 rays differ", differing);
        }
    }
}

/// Rays of one origin whose directions differ by about `spread`.
fn bundle(seed: u64, index: u64, spread: f32) -> Ray {
    let axis = ray(Vec3::ZERO, seed, 0);
    let other = ray(Vec3::ZERO, seed, index + 1);
    Ray::new(axis.origin, (axis.direction + spread * other.direction).normalize_or(Vec3::X))
}

/// The same tree with every walk that the processor has.
fn walks(bvh: &Bvh) -> Vec<Bvh> {
    let mut walks = vec![bvh.clone(), bvh.clone().without_simd()];
    #[cfg(target_arch = "x86_64")]
    walks.push(bvh.clone().limited_to(Walk::Avx2));
    walks
}

#[test]
fn axis_parallel_rays_hit_axis_parallel_walls() {
    let vertices = [Vec3::ZERO, Vec3::X, Vec3::new(1.0, 1.0, 0.0), Vec3::Y];
    let bvh = Bvh::build(&vertices, &[[0, 1, 2], [0, 2, 3]]);
    for bvh in [bvh.clone(), bvh.without_simd()] {
        for (x, y) in [(0.5, 0.25), (0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.0, 0.7)] {
            for z in [2.0_f32, -2.0] {
                let hit = bvh.closest_hit(&Ray::new(Vec3::new(x, y, z), Vec3::NEG_Z * z.signum()));
                assert!(hit.is_hit(), "({x}, {y}) from {z}");
                assert_eq!(hit.distance, 2.0);
            }
        }
        assert!(!bvh.closest_hit(&Ray::new(Vec3::new(1.5, 0.5, 2.0), Vec3::NEG_Z)).is_hit());
        assert!(!bvh.closest_hit(&Ray::new(Vec3::new(0.5, 0.5, 2.0), Vec3::X)).is_hit());
    }
}

#[test]
fn hits_at_or_beyond_the_farthest_distance_do_not_count() {
    let bvh = Bvh::build(&[Vec3::ZERO, Vec3::X, Vec3::Y], &[[0, 1, 2]]);
    let mut ray = Ray::new(Vec3::new(0.2, 0.2, 3.0), Vec3::NEG_Z);
    ray.max_distance = 3.0;
    assert_eq!(bvh.closest_hit(&ray), Hit { distance: 3.0, triangle: Hit::MISS });
    ray.max_distance = 3.001;
    assert!(bvh.closest_hit(&ray).is_hit());
    // Together as alone: a group of rays, half of which would win the coin.
    let x: Vec<f32> = (0..16).map(|i| 1e-6 * i as f32).collect();
    let (level, height, down) = ([0.2_f32; 16], [3.0_f32; 16], [-1.0_f32; 16]);
    let stream = RayStream { origin: [&level, &level, &height], direction: [&x, &level.map(|_| 0.0), &down] };
    for bvh in walks(&bvh) {
        let (mut distance, mut triangle) = ([3.0_f32; 16], [0; 16]);
        bvh.closest_hits(&stream, HitStream { distance: &mut distance, triangle: &mut triangle });
        assert_eq!((distance, triangle), ([3.0; 16], [Hit::MISS; 16]));
    }
}

#[test]
fn empty_and_degenerate_meshes_are_never_hit() {
    let ray = Ray::new(Vec3::new(0.5, 0.0, 1.0), Vec3::NEG_Z);
    assert!(!Bvh::build(&[], &[]).closest_hit(&ray).is_hit());
    let line = [Vec3::ZERO, Vec3::X, Vec3::X * 0.5];
    assert!(!Bvh::build(&line, &[[0, 1, 2], [1, 1, 1]]).closest_hit(&ray).is_hit());
}

#[test]
fn many_coincident_triangles_are_one_surface() {
    let vertices = [Vec3::ZERO, Vec3::X, Vec3::Y];
    let bvh = Bvh::build(&vertices, &vec![[0, 1, 2]; 5000]);
    let hit = bvh.closest_hit(&Ray::new(Vec3::new(0.2, 0.2, 3.0), Vec3::NEG_Z));
    assert_eq!(hit.distance, 3.0);
}
