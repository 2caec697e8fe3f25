//! The walk with AVX2 and FMA: one node or one packet of triangles per step.

use std::arch::x86_64::{
    __m256, _CMP_GE_OQ, _CMP_GT_OQ, _CMP_LE_OQ, _mm256_add_ps, _mm256_and_ps, _mm256_cmp_ps, _mm256_div_ps,
    _mm256_fmadd_ps, _mm256_fmsub_ps, _mm256_load_ps, _mm256_max_ps, _mm256_min_ps, _mm256_movemask_ps,
    _mm256_mul_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps, _mm256_sub_ps,
};
use std::mem::MaybeUninit;

use super::node::{Node, Packet};
use super::traverse_portable::{EDGE_TOLERANCE, reciprocal};
use super::{Bvh, LEAF, STACK_SIZE, WIDTH, coin, replaces};
use crate::ray::{Hit, HitStream, Ray, RayStream};

/// A child still to be visited and the distance at which its box begins.
type Pending = (u32, f32);

/// Children still to be visited, the next one last.
pub(super) struct Stack([MaybeUninit<Pending>; STACK_SIZE]);

impl Stack {
    pub fn new() -> Self {
        Self([MaybeUninit::uninit(); STACK_SIZE])
    }
}

/// The closest hit of each ray.
///
/// # Safety
///
/// The processor must have AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn closest_hits(bvh: &Bvh, rays: &RayStream<'_>, hits: HitStream<'_>) {
    let mut stack = Stack::new();
    for index in 0..rays.len() {
        let mut hit = Hit { distance: hits.distance[index], triangle: Hit::MISS };
        descend(bvh, 0, &rays.ray(index, hit.distance), &mut hit, &mut stack);
        (hits.distance[index], hits.triangle[index]) = (hit.distance, hit.triangle);
    }
}

type Vector3 = [__m256; 3];

/// The ray in every lane.
struct WideRay {
    origin: Vector3,
    direction: Vector3,
    inverse: Vector3,
    scaled_origin: Vector3,
    near: [usize; 3],
    coin: bool,
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn splat(v: [f32; 3]) -> Vector3 {
    [_mm256_set1_ps(v[0]), _mm256_set1_ps(v[1]), _mm256_set1_ps(v[2])]
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn load(row: &[f32; WIDTH]) -> __m256 {
    // SAFETY: rows lie in 64-byte aligned structs at multiples of 32 bytes.
    unsafe { _mm256_load_ps(row.as_ptr()) }
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn load3(rows: &[[f32; WIDTH]; 3]) -> Vector3 {
    [load(&rows[0]), load(&rows[1]), load(&rows[2])]
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn cross(a: &Vector3, b: &Vector3) -> Vector3 {
    [
        _mm256_fmsub_ps(a[1], b[2], _mm256_mul_ps(a[2], b[1])),
        _mm256_fmsub_ps(a[2], b[0], _mm256_mul_ps(a[0], b[2])),
        _mm256_fmsub_ps(a[0], b[1], _mm256_mul_ps(a[1], b[0])),
    ]
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn dot(a: &Vector3, b: &Vector3) -> __m256 {
    _mm256_fmadd_ps(a[0], b[0], _mm256_fmadd_ps(a[1], b[1], _mm256_mul_ps(a[2], b[2])))
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn widen(ray: &Ray) -> WideRay {
    let (origin, inverse) = (ray.origin.to_array(), ray.direction.to_array().map(reciprocal));
    let near = |axis: usize| if inverse[axis] < 0.0 { axis + 3 } else { axis };
    WideRay {
        origin: splat(origin),
        direction: splat(ray.direction.to_array()),
        inverse: splat(inverse),
        scaled_origin: splat([origin[0] * inverse[0], origin[1] * inverse[1], origin[2] * inverse[2]]),
        near: [near(0), near(1), near(2)],
        coin: coin(ray.direction.x),
    }
}

/// Walks the subtree at `root` and replaces `hit` by what is closer.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub(super) fn descend(bvh: &Bvh, root: u32, ray: &Ray, hit: &mut Hit, stack: &mut Stack) {
    let wide = widen(ray);
    let stack = &mut stack.0;
    let (mut top, mut reference) = (0, root);
    loop {
        let mut next = None;
        if reference & LEAF != 0 {
            // SAFETY: the builder wrote only references to packets and nodes that exist.
            let packet = unsafe { bvh.packets.get_unchecked((reference & !LEAF) as usize) };
            intersect_packet(packet, &wide, hit);
        } else {
            // SAFETY: as above.
            let node = unsafe { bvh.nodes.get_unchecked(reference as usize) };
            (next, top) = push_children(node, &wide, hit.distance, stack, top);
        }
        let Some(child) = next.or_else(|| pop(stack, &mut top, hit.distance)) else { return };
        reference = child;
    }
}

/// The next child on the stack that begins before a distance.
#[inline(always)]
fn pop(stack: &[MaybeUninit<Pending>; STACK_SIZE], top: &mut usize, limit: f32) -> Option<u32> {
    while *top > 0 {
        *top -= 1;
        // SAFETY: entries below `top` have been written, and `top` stays below STACK_SIZE because the tree has at most
        // MAX_LEVELS levels of eight children.
        let (pending, entry) = unsafe { stack.get_unchecked(*top).assume_init() };
        if entry < limit {
            return Some(pending);
        }
    }
    None
}

/// The nearest child whose box the ray meets; the others go on the stack, the nearest of these on top.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn push_children(
    node: &Node,
    ray: &WideRay,
    limit: f32,
    stack: &mut [MaybeUninit<Pending>; STACK_SIZE],
    base: usize,
) -> (Option<u32>, usize) {
    let (mut entry, mut exit) = (_mm256_setzero_ps(), _mm256_set1_ps(limit));
    for axis in 0..3 {
        // SAFETY: `near` is `axis` or `axis + 3`, so both rows are among the six.
        let (near, far) = unsafe {
            (
                node.bounds.get_unchecked(ray.near[axis]),
                node.bounds.get_unchecked(2 * axis + 3 - ray.near[axis]),
            )
        };
        entry = _mm256_max_ps(entry, _mm256_fmsub_ps(load(near), ray.inverse[axis], ray.scaled_origin[axis]));
        exit = _mm256_min_ps(exit, _mm256_fmsub_ps(load(far), ray.inverse[axis], ray.scaled_origin[axis]));
    }
    let mut met = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(entry, exit)) as u32;
    if met == 0 {
        return (None, base);
    }
    let mut entries = [0.0_f32; WIDTH];
    // SAFETY: eight floats are stored into an array of eight.
    unsafe { _mm256_storeu_ps(entries.as_mut_ptr(), entry) };
    let lane = met.trailing_zeros() as usize % WIDTH;
    met &= met - 1;
    let mut nearest = (node.children[lane], entries[lane]);
    let mut top = base;
    while met != 0 {
        let lane = met.trailing_zeros() as usize % WIDTH;
        met &= met - 1;
        let mut pending = (node.children[lane], entries[lane]);
        if pending.1 < nearest.1 {
            std::mem::swap(&mut pending, &mut nearest);
        }
        let mut place = top;
        // SAFETY: entries from `base` to `top` were written in this loop; see `descend` for the bound.
        unsafe {
            while place > base && stack.get_unchecked(place - 1).assume_init().1 < pending.1 {
                *stack.get_unchecked_mut(place) = *stack.get_unchecked(place - 1);
                place -= 1;
            }
            stack.get_unchecked_mut(place).write(pending);
        }
        top += 1;
    }
    (Some(nearest.0), top)
}

/// Möller and Trumbore's test for every triangle of a packet.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn intersect_packet(packet: &Packet, ray: &WideRay, hit: &mut Hit) {
    let (edge1, edge2, corner) = (load3(&packet.edge1), load3(&packet.edge2), load3(&packet.corner));
    let p = cross(&ray.direction, &edge2);
    let inverse = _mm256_div_ps(_mm256_set1_ps(1.0), dot(&edge1, &p));
    let s = [0, 1, 2].map(|axis| _mm256_sub_ps(ray.origin[axis], corner[axis]));
    let u = _mm256_mul_ps(dot(&s, &p), inverse);
    let q = cross(&s, &edge1);
    let v = _mm256_mul_ps(dot(&ray.direction, &q), inverse);
    let distance = _mm256_mul_ps(dot(&edge2, &q), inverse);
    let low = _mm256_set1_ps(-EDGE_TOLERANCE);
    let within = _mm256_and_ps(
        _mm256_and_ps(_mm256_cmp_ps::<_CMP_GE_OQ>(u, low), _mm256_cmp_ps::<_CMP_GE_OQ>(v, low)),
        _mm256_cmp_ps::<_CMP_LE_OQ>(_mm256_add_ps(u, v), _mm256_set1_ps(1.0 + EDGE_TOLERANCE)),
    );
    let ahead = _mm256_and_ps(
        _mm256_cmp_ps::<_CMP_GT_OQ>(distance, _mm256_setzero_ps()),
        _mm256_cmp_ps::<_CMP_LE_OQ>(distance, _mm256_set1_ps(hit.distance)),
    );
    let mut lanes = _mm256_movemask_ps(_mm256_and_ps(within, ahead)) as u32;
    if lanes == 0 {
        return;
    }
    let mut distances = [0.0_f32; WIDTH];
    // SAFETY: eight floats are stored into an array of eight.
    unsafe { _mm256_storeu_ps(distances.as_mut_ptr(), distance) };
    while lanes != 0 {
        let lane = lanes.trailing_zeros() as usize;
        lanes &= lanes - 1;
        let (distance, triangle) = (distances[lane], packet.triangle[lane]);
        if replaces(distance, triangle, hit, ray.coin) {
            *hit = Hit { distance, triangle };
        }
    }
}
