//! How the rays of a map are divided into rounds and lattices.

/// Independent lattices of a round whose scatter estimates the error.
pub(super) const LATTICES: u64 = 32;

/// Fewest rays of a lattice of a first round: fewer are traced hardly faster.
const FEWEST_OF_LATTICE: u64 = 1024;

/// Fewest rays of a first round: a map in milliseconds.
const FEWEST_OF_ROUND: u64 = 1 << 14;

/// Rounds of rays; after each a map can be had of all rays so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Rays of each round.
    rounds: Vec<u64>,
    /// Lattices of each round.
    lattices: u64,
}

/// Part of a launch that stands for itself: an independent lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Launch {
    pub rays: u64,
    pub seed: u64,
}

impl Plan {
    /// At most `budget` rays, in a single round or in rounds that double the rays; in `LATTICES` lattices each where
    /// `scatter` is wanted, and otherwise in one.
    pub fn new(budget: u64, in_rounds: bool, scatter: bool) -> Self {
        let lattices = if scatter { LATTICES } else { 1 };
        let fewest = FEWEST_OF_ROUND.max(lattices * FEWEST_OF_LATTICE);
        let halvings = if in_rounds { (budget / fewest).checked_ilog2().unwrap_or(0) } else { 0 };
        let mut done = 0;
        let rounds = (0..=halvings).rev().map(|halving| {
            let rays = (budget >> halving) - done;
            done += rays;
            rays
        });
        Self { rounds: rounds.collect(), lattices }
    }

    pub fn num_rounds(&self) -> usize {
        self.rounds.len()
    }

    /// Lattices of all rounds.
    pub fn num_launches(&self) -> u64 {
        self.rounds.len() as u64 * self.lattices
    }

    /// Rays of a round.
    pub fn rays(&self, round: usize) -> u64 {
        self.rounds[round]
    }

    /// The lattices of a round. A plan of a single lattice takes the seed as it is.
    pub fn launches(&self, round: usize, seed: u64) -> impl Iterator<Item = Launch> {
        let (rays, lattices) = (self.rays(round), self.lattices);
        let is_single = self.rounds.len() == 1 && lattices == 1;
        let first =
            move |lattice: u64| (u128::from(rays) * u128::from(lattice) / u128::from(lattices)) as u64;
        (0..lattices).map(move |lattice| {
            let place = round as u64 * lattices + lattice;
            let seed = if is_single { seed } else { derived_seed(seed, place) };
            Launch { rays: first(lattice + 1) - first(lattice), seed }
        })
    }
}

/// A seed that has nothing to do with others (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
pub(super) fn derived_seed(seed: u64, place: u64) -> u64 {
    let mixed = seed.wrapping_add((place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_double_the_rays_and_take_them_all() {
        let plan = Plan::new(1_000_003, true, false);
        let totals: Vec<u64> =
            (0..plan.num_rounds()).map(|last| (0..=last).map(|r| plan.rays(r)).sum()).collect();
        assert_eq!(totals, [31_250, 62_500, 125_000, 250_000, 500_001, 1_000_003]);
        assert_eq!(Plan::new(5, true, false), Plan::new(5, false, false));
    }

    #[test]
    fn lattices_share_the_rays_and_no_seed() {
        let plan = Plan::new(1_000_003, true, true);
        let launches: Vec<Launch> =
            (0..plan.num_rounds()).flat_map(|round| plan.launches(round, 7)).collect();
        assert_eq!(launches.iter().map(|launch| launch.rays).sum::<u64>(), 1_000_003);
        let mut seeds: Vec<u64> = launches.iter().map(|launch| launch.seed).collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), launches.len());
        assert_eq!(Plan::new(9, false, false).launches(0, 7).next(), Some(Launch { rays: 9, seed: 7 }));
    }
}
