//! Polygons of launch directions, and of points on a plane.

use glam::{Vec2, Vec3};

/// Most corners that a tube has.
pub(super) const MOST_CORNERS: usize = 8;

/// Most corners of a clipped tube: every half-space may add one.
pub(super) const MOST_CLIPPED: usize = MOST_CORNERS + 8;

/// A short list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corners<T, const N: usize> {
    items: [T; N],
    len: u8,
}

impl<T: Copy + Default, const N: usize> Default for Corners<T, N> {
    fn default() -> Self {
        Self { items: [T::default(); N], len: 0 }
    }
}

impl<T: Copy + Default, const N: usize> Corners<T, N> {
    #[inline]
    pub fn push(&mut self, item: T) -> bool {
        let fits = (self.len as usize) < N;
        if fits {
            self.items[self.len as usize] = item;
            self.len += 1;
        }
        fits
    }

    /// Takes out an item.
    pub fn remove(&mut self, index: usize) {
        self.items.copy_within(index + 1..self.len as usize, index);
        self.len -= 1;
    }

    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    #[inline]
    pub fn as_slice(&self) -> &[T] {
        &self.items[..self.len as usize]
    }

    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items[..self.len as usize]
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len as usize
    }
}

/// As many as fit.
impl<T: Copy + Default, const N: usize> FromIterator<T> for Corners<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        for item in items {
            list.push(item);
        }
        list
    }
}

/// What can be clipped: points with straight lines between them.
pub(super) trait Point: Copy + Default {
    fn between(self, other: Self, fraction: f32) -> Self;
}

impl Point for Vec3 {
    #[inline(always)]
    fn between(self, other: Self, fraction: f32) -> Self {
        self + (other - self) * fraction
    }
}

impl Point for Vec2 {
    #[inline(always)]
    fn between(self, other: Self, fraction: f32) -> Self {
        self + (other - self) * fraction
    }
}

/// Keeps the part of a polygon where `height` is not negative (Sutherland and Hodgman).
#[inline(always)]
pub(super) fn clip<P: Point, const N: usize>(
    polygon: &Corners<P, N>,
    kept: &mut Corners<P, N>,
    height: impl Fn(P) -> f32,
) {
    kept.clear();
    let corners = polygon.as_slice();
    let Some(&last) = corners.last() else { return };
    let (mut from, mut from_height) = (last, height(last));
    for &to in corners {
        let to_height = height(to);
        if (from_height >= 0.0) != (to_height >= 0.0) {
            kept.push(from.between(to, from_height / (from_height - to_height)));
        }
        if to_height >= 0.0 {
            kept.push(to);
        }
        (from, from_height) = (to, to_height);
    }
}

/// Solid angle of a small cone of directions, by its flat area.
#[inline]
pub(super) fn solid_angle(corners: &[Vec3]) -> f32 {
    let origin = corners[0];
    let cross: Vec3 = corners[1..].windows(2).map(|pair| (pair[0] - origin).cross(pair[1] - origin)).sum();
    0.5 * cross.length()
}
