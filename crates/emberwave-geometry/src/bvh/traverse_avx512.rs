//! The walk with AVX-512: sixteen neighbouring rays go down the tree together while they stay together.
//!
//! A box or a triangle is tested against all sixteen at once. Where only a few of them are left in a subtree, each
//! goes on alone ([`super::traverse_avx2`]). Rays of a group whose directions differ in a sign go in turn, those with
//! the same signs together.

use std::arch::x86_64::{
    __m512, __m512i, __mmask16, _CMP_EQ_OQ, _CMP_GE_OQ, _CMP_GT_OQ, _CMP_LE_OQ, _CMP_LT_OQ, _mm512_add_ps,
    _mm512_cmp_ps_mask, _mm512_div_ps, _mm512_fmadd_ps, _mm512_fmsub_ps, _mm512_loadu_ps, _mm512_loadu_si512,
    _mm512_mask_cmp_ps_mask, _mm512_mask_cmpneq_epi32_mask, _mm512_mask_mov_epi32, _mm512_mask_mov_ps,
    _mm512_mask_reduce_min_ps, _mm512_mask_storeu_epi32, _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps,
    _mm512_max_ps, _mm512_min_ps, _mm512_mul_ps, _mm512_set1_epi32, _mm512_set1_ps, _mm512_setzero_ps,
    _mm512_storeu_ps, _mm512_storeu_si512, _mm512_sub_ps,
};
use std::mem::MaybeUninit;

use super::node::{Node, Packet};
use super::traverse_avx2::{Stack, descend};
use super::traverse_portable::{EDGE_TOLERANCE, MIN_DIRECTION};
use super::{Bvh, LEAF, STACK_SIZE, WIDTH, coin};
use crate::ray::{Hit, HitStream, RayStream};

/// Rays in a group.
const GROUP: usize = 16;

/// With this many rays or fewer left in a subtree, each goes on alone.
const FEW: u32 = 3;

type Vector3 = [__m512; 3];

/// A subtree that some rays of the group have still to visit.
#[derive(Clone, Copy)]
struct Pending {
    /// Distance at which each ray enters the box.
    entry: __m512,
    reference: u32,
    /// Which rays meet the box.
    rays: __mmask16,
    /// Smallest of the entries.
    nearest: f32,
}

/// The closest hit of each ray so far; distance 0 in lanes without a ray.
#[repr(align(64))]
struct Closest {
    distance: __m512,
    triangle: __m512i,
}

type GroupStack = [MaybeUninit<Pending>; STACK_SIZE];

/// The closest hit of each ray.
///
/// # Safety
///
/// The processor must have AVX2, FMA and AVX-512F.
#[target_feature(enable = "avx2,fma,avx512f")]
pub(super) unsafe fn closest_hits(bvh: &Bvh, rays: &RayStream<'_>, mut hits: HitStream<'_>) {
    let mut group_stack: GroupStack = [MaybeUninit::uninit(); STACK_SIZE];
    let mut stack = Stack::new();
    for first in (0..rays.len()).step_by(GROUP) {
        let count = GROUP.min(rays.len() - first);
        let active = ((1_u32 << count) - 1) as __mmask16;
        let group = Group::load(rays, first, active);
        let mut closest = Closest::load(&hits, first, active);
        let mut left = active;
        while left != 0 {
            let alike = group.alike(left);
            left &= !alike.rays;
            group.walk(bvh, &alike, rays, &mut closest, &mut group_stack, &mut stack);
        }
        closest.store(&mut hits, first, active);
    }
}

impl Closest {
    /// Nothing yet within the farthest distances.
    #[inline]
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn load(hits: &HitStream<'_>, first: usize, active: __mmask16) -> Self {
        // SAFETY: only lanes in `active` are read, and these lie within the slice.
        let distance = unsafe { _mm512_maskz_loadu_ps(active, hits.distance.as_ptr().add(first)) };
        Self { distance, triangle: _mm512_set1_epi32(Hit::MISS.cast_signed()) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn store(&self, hits: &mut HitStream<'_>, first: usize, active: __mmask16) {
        // SAFETY: only lanes in `active` are written, and these lie within the slices.
        unsafe {
            _mm512_mask_storeu_ps(hits.distance.as_mut_ptr().add(first), active, self.distance);
            _mm512_mask_storeu_epi32(hits.triangle.as_mut_ptr().add(first).cast(), active, self.triangle);
        }
    }
}

/// Sixteen rays, one per lane.
struct Group {
    first: usize,
    origin: Vector3,
    direction: Vector3,
    inverse: Vector3,
    scaled_origin: Vector3,
    /// A bit per ray that decides between triangles at exactly the same distance, see [`super::coin`].
    coins: __mmask16,
    /// Which rays go towards smaller coordinates, for each axis.
    negative: [__mmask16; 3],
}

/// Rays of a group whose directions agree in all signs.
struct Alike {
    rays: __mmask16,
    /// Row of `Node::bounds` with the nearer plane of each axis.
    near: [usize; 3],
}

impl Group {
    #[inline]
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn load(rays: &RayStream<'_>, first: usize, active: __mmask16) -> Self {
        // SAFETY: only lanes in `active` are read, and these lie within the slices.
        let load = |slice: &[f32]| unsafe { _mm512_maskz_loadu_ps(active, slice.as_ptr().add(first)) };
        let origin = rays.origin.map(load);
        let direction = rays.direction.map(load);
        let inverse = direction.map(|component| reciprocal(component));
        let scaled_origin = [0, 1, 2].map(|axis| _mm512_mul_ps(origin[axis], inverse[axis]));
        let negative = inverse
            .map(|component| _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(active, component, _mm512_setzero_ps()));
        let lanes = 0..active.count_ones() as usize;
        let coins =
            lanes.fold(0, |coins, lane| coins | (u16::from(coin(rays.direction[0][first + lane])) << lane));
        Self { first, origin, direction, inverse, scaled_origin, coins, negative }
    }

    /// The rays among `left` whose directions have the signs of the first one's.
    #[inline]
    fn alike(&self, left: __mmask16) -> Alike {
        let first = left & left.wrapping_neg();
        let (mut alike, mut near) = (left, [0, 1, 2]);
        for (negative, near) in self.negative.into_iter().zip(&mut near) {
            if negative & first == 0 {
                alike &= !negative;
            } else {
                alike &= negative;
                *near += 3;
            }
        }
        Alike { rays: alike, near }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn walk(
        &self,
        bvh: &Bvh,
        alike: &Alike,
        rays: &RayStream<'_>,
        closest: &mut Closest,
        group_stack: &mut GroupStack,
        stack: &mut Stack,
    ) {
        let root = Pending { entry: _mm512_setzero_ps(), reference: 0, rays: alike.rays, nearest: 0.0 };
        group_stack[0].write(root);
        let mut top = 1;
        while top > 0 {
            top -= 1;
            // SAFETY: entries below `top` have been written; `top` stays below STACK_SIZE, see `traverse_avx2`.
            let pending = unsafe { group_stack.get_unchecked(top).assume_init() };
            let here = _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(pending.rays, pending.entry, closest.distance);
            if here == 0 {
                continue;
            }
            if here.count_ones() <= FEW {
                self.descend_alone(bvh, pending.reference, here, rays, closest, stack);
            } else if pending.reference & LEAF != 0 {
                // SAFETY: the builder wrote only references to packets and nodes that exist.
                let packet = unsafe { bvh.packets.get_unchecked((pending.reference & !LEAF) as usize) };
                self.intersect_packet(packet, here, closest);
            } else {
                // SAFETY: as above.
                let node = unsafe { bvh.nodes.get_unchecked(pending.reference as usize) };
                top = self.push_children(node, alike.near, here, closest.distance, group_stack, top);
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn push_children(
        &self,
        node: &Node,
        near: [usize; 3],
        here: __mmask16,
        distance: __m512,
        stack: &mut GroupStack,
        base: usize,
    ) -> usize {
        let mut top = base;
        for lane in 0..WIDTH {
            if node.bounds[0][lane] > node.bounds[3][lane] {
                break;
            }
            let (mut entry, mut exit) = (_mm512_setzero_ps(), distance);
            for (axis, near_row) in near.into_iter().enumerate() {
                let near_plane = _mm512_set1_ps(node.bounds[near_row][lane]);
                let far_plane = _mm512_set1_ps(node.bounds[2 * axis + 3 - near_row][lane]);
                let (inverse, scaled) = (self.inverse[axis], self.scaled_origin[axis]);
                entry = _mm512_max_ps(entry, _mm512_fmsub_ps(near_plane, inverse, scaled));
                exit = _mm512_min_ps(exit, _mm512_fmsub_ps(far_plane, inverse, scaled));
            }
            let met = _mm512_mask_cmp_ps_mask::<_CMP_LE_OQ>(here, entry, exit);
            if met == 0 {
                continue;
            }
            let nearest = _mm512_mask_reduce_min_ps(met, entry);
            let pending = Pending { entry, reference: node.children[lane], rays: met, nearest };
            let mut place = top;
            // SAFETY: entries from `base` to `top` were written in this loop; see `walk` for the bound.
            unsafe {
                while place > base && stack.get_unchecked(place - 1).assume_init_ref().nearest < nearest {
                    *stack.get_unchecked_mut(place) = *stack.get_unchecked(place - 1);
                    place -= 1;
                }
                stack.get_unchecked_mut(place).write(pending);
            }
            top += 1;
        }
        top
    }

    /// Möller and Trumbore's test of every triangle of a packet with the rays in `here`.
    #[inline]
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn intersect_packet(&self, packet: &Packet, here: __mmask16, closest: &mut Closest) {
        for lane in 0..WIDTH {
            if packet.triangle[lane] == Hit::MISS {
                break;
            }
            let splat = |rows: &[[f32; WIDTH]; 3]| [0, 1, 2].map(|axis| _mm512_set1_ps(rows[axis][lane]));
            let (edge1, edge2, corner) = (splat(&packet.edge1), splat(&packet.edge2), splat(&packet.corner));
            let p = cross(&self.direction, &edge2);
            let inverse = _mm512_div_ps(_mm512_set1_ps(1.0), dot(&edge1, &p));
            let s = [0, 1, 2].map(|axis| _mm512_sub_ps(self.origin[axis], corner[axis]));
            let u = _mm512_mul_ps(dot(&s, &p), inverse);
            let q = cross(&s, &edge1);
            let v = _mm512_mul_ps(dot(&self.direction, &q), inverse);
            let distance = _mm512_mul_ps(dot(&edge2, &q), inverse);
            let low = _mm512_set1_ps(-EDGE_TOLERANCE);
            let high = _mm512_set1_ps(1.0 + EDGE_TOLERANCE);
            let met = _mm512_mask_cmp_ps_mask::<_CMP_GE_OQ>(here, u, low);
            let met = _mm512_mask_cmp_ps_mask::<_CMP_GE_OQ>(met, v, low);
            let met = _mm512_mask_cmp_ps_mask::<_CMP_LE_OQ>(met, _mm512_add_ps(u, v), high);
            let met = _mm512_mask_cmp_ps_mask::<_CMP_GT_OQ>(met, distance, _mm512_setzero_ps());
            let best = closest.distance;
            let closer = _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(met, distance, best);
            let preferred = if packet.triangle[lane] & 1 == 0 { self.coins } else { !self.coins };
            let tied = _mm512_mask_cmp_ps_mask::<_CMP_EQ_OQ>(met & preferred, distance, best);
            let nothing = _mm512_set1_epi32(Hit::MISS.cast_signed());
            let met = closer | _mm512_mask_cmpneq_epi32_mask(tied, closest.triangle, nothing);
            let triangle = _mm512_set1_epi32(packet.triangle[lane].cast_signed());
            closest.distance = _mm512_mask_mov_ps(best, met, distance);
            closest.triangle = _mm512_mask_mov_epi32(closest.triangle, met, triangle);
        }
    }

    /// Each ray of `here` walks the subtree at `root` alone.
    #[target_feature(enable = "avx2,fma,avx512f")]
    fn descend_alone(
        &self,
        bvh: &Bvh,
        root: u32,
        mut here: __mmask16,
        rays: &RayStream<'_>,
        closest: &mut Closest,
        stack: &mut Stack,
    ) {
        let (mut distances, mut triangles) = ([0.0_f32; GROUP], [Hit::MISS; GROUP]);
        // SAFETY: sixteen numbers go into arrays of sixteen.
        unsafe {
            _mm512_storeu_ps(distances.as_mut_ptr(), closest.distance);
            _mm512_storeu_si512(triangles.as_mut_ptr().cast(), closest.triangle);
        }
        while here != 0 {
            let lane = here.trailing_zeros() as usize % GROUP;
            here &= here - 1;
            let mut hit = Hit { distance: distances[lane], triangle: triangles[lane] };
            descend(bvh, root, &rays.ray(self.first + lane, hit.distance), &mut hit, stack);
            (distances[lane], triangles[lane]) = (hit.distance, hit.triangle);
        }
        // SAFETY: sixteen numbers come from arrays of sixteen.
        unsafe {
            closest.distance = _mm512_loadu_ps(distances.as_ptr());
            closest.triangle = _mm512_loadu_si512(triangles.as_ptr().cast());
        }
    }
}

/// 1/x, with |x| raised to [`MIN_DIRECTION`], its sign kept.
#[inline]
#[target_feature(enable = "avx2,fma,avx512f")]
fn reciprocal(x: __m512) -> __m512 {
    let least = _mm512_set1_ps(MIN_DIRECTION);
    let small =
        _mm512_cmp_ps_mask::<_CMP_LT_OQ>(_mm512_max_ps(x, _mm512_sub_ps(_mm512_setzero_ps(), x)), least);
    let mut lanes = [0.0_f32; GROUP];
    if small == 0 {
        return _mm512_div_ps(_mm512_set1_ps(1.0), x);
    }
    // SAFETY: sixteen floats go into and come from an array of sixteen.
    unsafe {
        _mm512_storeu_ps(lanes.as_mut_ptr(), x);
        let lanes =
            lanes.map(|lane| if lane.abs() < MIN_DIRECTION { lane.signum() * MIN_DIRECTION } else { lane });
        _mm512_div_ps(_mm512_set1_ps(1.0), _mm512_loadu_ps(lanes.as_ptr()))
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,avx512f")]
fn cross(a: &Vector3, b: &Vector3) -> Vector3 {
    [
        _mm512_fmsub_ps(a[1], b[2], _mm512_mul_ps(a[2], b[1])),
        _mm512_fmsub_ps(a[2], b[0], _mm512_mul_ps(a[0], b[2])),
        _mm512_fmsub_ps(a[0], b[1], _mm512_mul_ps(a[1], b[0])),
    ]
}

#[inline]
#[target_feature(enable = "avx2,fma,avx512f")]
fn dot(a: &Vector3, b: &Vector3) -> __m512 {
    _mm512_fmadd_ps(a[0], b[0], _mm512_fmadd_ps(a[1], b[1], _mm512_mul_ps(a[2], b[2])))
}
