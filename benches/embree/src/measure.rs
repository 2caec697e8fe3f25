//! Rates, and how far the answers agree.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use emberwave_geometry::{Bvh, HitStream};

use crate::embree::{EmbreeScene, Mode, Packets};
use crate::rays::{BATCH_SIZE, Hits, Rays, find_part};

/// Relative difference of two distances that counts as the same place.
const SAME_PLACE: f32 = 1e-5;

/// Embree's modes, in the order of the table.
pub const MODES: [Mode; 3] = [Mode::Single, Mode::Eight, Mode::EightCoherent];

/// Millions of closest hits per second, the best of some repeats.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rates {
    pub ours: f64,
    /// In the order of [`MODES`].
    pub embree: [f64; 3],
}

impl Display for Rates {
    /// Columns of the table: the rates, and ours over the better of the single and 8-wide modes and over the third.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (ours, [single, eight, coherent]) = (self.ours, self.embree);
        write!(f, "{ours:.1} | {single:.1} | {eight:.1} | {:.2} | ", ours / single.max(eight))?;
        write!(f, "{coherent:.1} | {:.2}", ours / coherent)
    }
}

/// Times all queries in turn, `repeats` times.
///
/// Each library has its rays in its own layout, and Embree's are laid out before the clock starts.
pub fn rates(rays: &Rays, bvh: &Bvh, embree: &EmbreeScene, threads: usize, repeats: u32) -> Rates {
    let mut hits = Hits::none(rays.len());
    let mut rates = Rates::default();
    let share = rays.len().div_ceil(threads).next_multiple_of(BATCH_SIZE);
    for _ in 0..repeats {
        let parts = hits.distance.chunks_mut(share).zip(hits.triangle.chunks_mut(share)).enumerate();
        let seconds = time(parts, |(part, (distance, triangle))| {
            find_part(rays, part * share, HitStream { distance, triangle }, bvh);
        });
        rates.ours = rates.ours.max(rays.len() as f64 / seconds / 1e6);
        for (best, mode) in rates.embree.iter_mut().zip(MODES) {
            let mut packets = Packets::new(mode, &rays.stream(0..rays.len()));
            let seconds = time(packets.split(threads), |part| embree.closest_hits(part));
            *best = best.max(rays.len() as f64 / seconds / 1e6);
        }
    }
    rates
}

/// Seconds until all parts are done, each by a thread of its own.
fn time<T: Send>(parts: impl IntoIterator<Item = T>, work: impl Fn(T) + Sync) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for part in parts {
            let work = &work;
            scope.spawn(move || work(part));
        }
    });
    start.elapsed().as_secs_f64()
}

/// How many rays two lists of hits agree about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Agreement {
    /// The same triangle, or nothing in both.
    pub same_triangle: usize,
    /// Another triangle at the same distance: faces that coincide, where a coin decides with us, and shared edges.
    pub same_place: usize,
    /// All else.
    pub different: usize,
}

impl Agreement {
    pub fn of(ours: &Hits, theirs: &Hits) -> Self {
        let mut agreement = Self::default();
        for index in 0..ours.distance.len() {
            let (a, b) = (ours.distance[index], theirs.distance[index]);
            if ours.triangle[index] == theirs.triangle[index] {
                agreement.same_triangle += 1;
            } else if (a - b).abs() <= SAME_PLACE * a.max(b) {
                agreement.same_place += 1;
            } else {
                agreement.different += 1;
            }
        }
        agreement
    }
}
