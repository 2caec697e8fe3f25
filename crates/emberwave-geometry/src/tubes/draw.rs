//! Which sequences are followed where some add next to nothing.

use rayon::prelude::*;

use super::afterwards::Afterwards;
use super::domain::Domain;
use super::groups::Member;
use super::importance::{Importance, Tally};
use super::layer::Stage;
use super::options::Negligible;

/// Least probability of following a sequence.
const LEAST_PROBABILITY: f32 = 0.03;

/// Where tubes are limited no larger share is taken for negligible.
const MOST_NEGLIGIBLE: f32 = 1e3;

/// So few sequences are all followed, whatever they add.
const FEW: usize = 64;

/// Which of the next sequences are followed. A family is made of the groups of all domains that would become one.
///
/// Families are drawn together (systematic sampling): where probabilities add up to one, one is followed. So what is left
/// out and what others weigh more for it nearly cancel, in every part of the scene and in the sum over the map.
#[derive(Debug)]
pub(super) struct Draw {
    /// The factors by which powers grow on the way to the next sequences: the inverses of the probabilities of following
    /// them; none for those that are not followed.
    pub weights: Vec<Option<f32>>,
    /// The power of those of which some stand for all, if it is asked for.
    pub power: f64,
}

impl Draw {
    pub fn new(
        ahead: &Afterwards,
        families: &[&[Member]],
        (domains, step): (&[Domain], usize),
        stage: &Stage<'_>,
    ) -> Self {
        let options = stage.options;
        if families.len() <= FEW || options.negligible.of_cells <= 0.0 {
            return Self { weights: vec![Some(1.0); families.len()], power: 0.0 };
        }
        let group =
            |member: &Member| &domains[member.domain as usize].groups[step].list[member.group as usize];
        let num_tubes = |family: &&[Member]| family.iter().map(|member| group(member).num_tubes).sum();
        let num_tubes: Vec<usize> = families.iter().map(num_tubes).collect();
        let is_limited = num_tubes.iter().sum::<usize>() > options.most_tubes;
        let importance = |family: &&[Member]| {
            let mut tally = Tally::default();
            for member in family.iter() {
                tally.add(ahead, &domains[member.domain as usize], group(member), stage.estimate);
            }
            tally.importance(stage.estimate, stage.cell_area)
        };
        let importances: Vec<Importance> = families.par_iter().with_min_len(16).map(importance).collect();
        let mut chance = Chance::new(options.negligible_before(stage.segments - 1), options.transmission);
        if is_limited {
            chance.limit(&num_tubes, &importances, options.most_tubes);
        }
        let key = (stage.segments as u64) << 1 | ahead.interaction as u64;
        let weights = draw(&importances, chance, uniform(mixed(options.seed) ^ key));
        let power = |(family, &importance): (&&[Member], &Importance)| {
            let of_member = |member: &Member| {
                let domain = &domains[member.domain as usize];
                domain.power_after(&domain.pieces[group(member).pieces.clone()], ahead.interaction, stage)
            };
            if chance.of(importance) < 1.0 { family.iter().map(of_member).sum() } else { 0.0 }
        };
        let powers: Vec<f64> = if options.accounts {
            families.par_iter().zip(&importances).with_min_len(16).map(power).collect()
        } else {
            Vec::new()
        };
        Self { weights, power: powers.iter().sum() }
    }
}

/// The inverses of the probabilities of those that are drawn, from a number in [0, 1) that is as good as random.
fn draw(importances: &[Importance], chance: Chance, random: f32) -> Vec<Option<f32>> {
    let mut sum = f64::from(random);
    let weight = |&importance: &Importance| {
        let (before, probability) = (sum.floor(), chance.of(importance));
        sum += f64::from(probability);
        (sum.floor() > before).then_some(1.0 / probability)
    };
    importances.iter().map(weight).collect()
}

/// How probable it is that a sequence is followed.
#[derive(Clone, Copy, Debug)]
struct Chance {
    /// Those that add as much to cells or to their total are all followed.
    whole: Negligible,
    /// Whether others are drawn by what they add to cells, too, and not by what they add to the total alone. The many
    /// where paths branch are much together; of few a cell has less error without one than with its power many times over.
    is_by_cells: bool,
}

impl Chance {
    fn new(whole: Negligible, branches: bool) -> Self {
        Self { whole, is_by_cells: branches }
    }

    fn of(self, Importance { of_cells, of_total }: Importance) -> f32 {
        let by_cells = of_cells / self.whole.of_cells;
        let by_cells = if self.is_by_cells || by_cells >= 1.0 { by_cells } else { 0.0 };
        by_cells.max(of_total / self.whole.of_total).clamp(LEAST_PROBABILITY, 1.0)
    }

    /// Raises what is followed for certain until no more tubes are to be followed in the mean than `most`.
    fn limit(&mut self, num_tubes: &[usize], importances: &[Importance], most: usize) {
        let expected = |chance: Self| {
            let tubes = |(&count, &importance): (&usize, &Importance)| count as f32 * chance.of(importance);
            num_tubes.iter().zip(importances).map(tubes).sum::<f32>()
        };
        self.whole.of_cells = self.whole.of_cells.max(LEAST_PROBABILITY);
        while expected(*self) > most as f32 && self.whole.of_cells < MOST_NEGLIGIBLE {
            self.whole = self.whole.map(self.whole, |share, _| 1.1 * share);
        }
    }
}

/// Bits that are as good as random (the finaliser of `SplitMix64`).
fn mixed(key: u64) -> u64 {
    let mut bits = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// A number in [0, 1) that is as good as random.
fn uniform(key: u64) -> f32 {
    (mixed(key) >> 40) as f32 / (1_u32 << 24) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_keep_the_mean_of_each_and_nearly_the_sum() {
        let importance = |i| Importance { of_cells: 0.003 * i as f32, of_total: 0.0001 * (i % 7) as f32 };
        let importances: Vec<Importance> = (0..40).map(importance).collect();
        for branches in [false, true] {
            let chance = Chance::new(Negligible { of_cells: 0.1, of_total: 0.002 }, branches);
            let expected: f32 = importances.iter().map(|&importance| chance.of(importance)).sum();
            let mut means = vec![0.0; importances.len()];
            for step in 0..1000 {
                let drawn = draw(&importances, chance, step as f32 / 1000.0);
                let count = drawn.iter().flatten().count() as f32;
                assert!((count - expected).abs() <= 1.0, "{count} of {expected}");
                for (mean, weight) in means.iter_mut().zip(drawn) {
                    *mean += weight.unwrap_or(0.0) / 1000.0;
                }
            }
            for (importance, mean) in importances.iter().zip(means) {
                let one_draw = 1e-3 / chance.of(*importance);
                assert!((mean - 1.0).abs() <= 1.01 * one_draw, "{importance:?}: {mean}");
            }
        }
    }

    #[test]
    fn what_adds_little_to_cells_is_drawn_by_it_only_where_paths_branch() {
        let whole = Negligible { of_cells: 0.25, of_total: 0.5 };
        let [few, many] = [false, true].map(|branches| Chance::new(whole, branches));
        let little = Importance { of_cells: 0.125, of_total: 0.0625 };
        assert_eq!([few.of(little), many.of(little)], [0.125, 0.5]);
        let much = Importance { of_cells: 0.25, ..little };
        assert_eq!([few.of(much), many.of(much)], [1.0, 1.0]);
    }
}
