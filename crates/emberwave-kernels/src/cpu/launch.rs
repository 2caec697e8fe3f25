//! The order in which rays are launched.
//!
//! A tile is a run of consecutive lattice points: a narrow band around the lattice's axis. Within a tile the rays are
//! ordered by azimuth, so that rays of one batch leave in nearly the same direction and meet the same nodes.

/// Fewest and most rays in a tile.
const TILE_SIZES: (u64, u64) = (1024, 32768);

/// How many tiles a launch is divided into where the sizes allow.
const TILES_WANTED: u64 = 256;

/// Rays per tile: depends on nothing but the number of rays, so that results do not depend on the machine.
pub(super) fn tile_size(num_rays: u64) -> u64 {
    (num_rays / TILES_WANTED).next_power_of_two().clamp(TILE_SIZES.0, TILE_SIZES.1)
}

pub(super) fn num_tiles(num_rays: u64) -> u64 {
    num_rays.div_ceil(tile_size(num_rays))
}

/// Rays in the `count` tiles from `first`.
pub(super) fn rays_in_tiles(num_rays: u64, first: u64, count: u64) -> u64 {
    let size = tile_size(num_rays);
    ((first + count) * size).min(num_rays) - first * size
}

/// Orders the rays of a tile by azimuth.
#[derive(Debug, Default)]
pub(super) struct TileOrder {
    starts: Vec<u32>,
    /// Offsets from the tile's first ray.
    pub offsets: Vec<u32>,
}

impl TileOrder {
    /// Fills `offsets` with 0 … `length` − 1 ordered by `azimuth` (a fraction of a turn times 2³²) to within a sector,
    /// and by height within a sector.
    pub fn sort(&mut self, length: usize, num_rays: u64, azimuth: impl Fn(usize) -> u32) {
        let bits = sector_bits(num_rays);
        let sector = |offset: usize| (azimuth(offset) >> (32 - bits)) as usize;
        self.starts.clear();
        self.starts.resize((1 << bits) + 1, 0);
        for offset in 0..length {
            self.starts[sector(offset) + 1] += 1;
        }
        for sector in 0..1 << bits {
            self.starts[sector + 1] += self.starts[sector];
        }
        self.offsets.resize(length, 0);
        for offset in 0..length {
            let place = &mut self.starts[sector(offset)];
            self.offsets[*place as usize] = offset as u32;
            *place += 1;
        }
    }
}

/// Logarithm of the number of sectors: so many that sixteen rays in a row fill a square, which takes √(N/64π)·2π/4
/// sectors, about 0.44 √N.
fn sector_bits(num_rays: u64) -> u32 {
    (0.44 * (num_rays as f64).sqrt()).max(1.0).log2().round().clamp(1.0, 13.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_every_ray_once() {
        for num_rays in [1, 1000, 1024, 1025, 99_999, 10_000_000, (1 << 33) + 5] {
            assert_eq!(rays_in_tiles(num_rays, 0, num_tiles(num_rays)), num_rays);
        }
    }

    #[test]
    fn tile_order_is_a_permutation_sorted_by_sector() {
        let azimuth = |offset: usize| (offset as u32).wrapping_mul(2_654_435_769);
        let mut order = TileOrder::default();
        order.sort(1000, 5000, azimuth);
        let mut seen = order.offsets.clone();
        seen.sort_unstable();
        assert!(seen.iter().enumerate().all(|(i, &offset)| i == offset as usize));
        assert!(
            order.offsets.windows(2).all(|w| azimuth(w[0] as usize) >> 27 <= azimuth(w[1] as usize) >> 27)
        );
    }
}
