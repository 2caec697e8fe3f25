//! Which sequences are followed where some add next to nothing.

use rayon::prelude::*;

use super::afterwards::Afterwards;
use super::domain::Domain;
use super::groups::{Groups, Member};
use super::layer::Stage;
use super::options::TubeOptions;

/// Least probability of following a sequence.
const LEAST_PROBABILITY: f32 = 0.02;

/// Where tubes are limited no larger share is taken for negligible.
const MOST_NEGLIGIBLE: f32 = 1e3;

/// So few sequences are all followed, whatever they add.
const FEW: usize = 256;

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
        (domains, groups): (&[Domain], &[Groups]),
        stage: &Stage<'_>,
    ) -> Self {
        let options = stage.options;
        if families.len() <= FEW || options.negligible <= 0.0 {
            return Self { weights: vec![Some(1.0); families.len()], power: 0.0 };
        }
        let group = |member: &Member| &groups[member.domain as usize].list[member.group as usize];
        let num_tubes = |family: &&[Member]| family.iter().map(|member| group(member).num_tubes).sum();
        let num_tubes: Vec<usize> = families.iter().map(num_tubes).collect();
        let is_limited = num_tubes.iter().sum::<usize>() > options.most_tubes;
        let enough = if is_limited { f32::INFINITY } else { options.negligible };
        let importance = |family: &&[Member]| {
            let of_member = |member: &Member| {
                ahead.importance(group(member), &domains[member.domain as usize], stage, enough)
            };
            family.iter().map(of_member).fold(0.0, f32::max)
        };
        let importances: Vec<f32> = families.par_iter().with_min_len(16).map(importance).collect();
        let negligible =
            if is_limited { limit(&num_tubes, &importances, options) } else { options.negligible };
        let key = (stage.segments as u64) << 1 | ahead.interaction as u64;
        let weights = draw(&importances, negligible, uniform(mixed(options.seed) ^ key));
        let power = |(family, &importance): (&&[Member], &f32)| {
            let of_member = |member: &Member| {
                let domain = &domains[member.domain as usize];
                domain.power_after(&domain.pieces[group(member).pieces.clone()], ahead.interaction, stage)
            };
            if importance < negligible { family.iter().map(of_member).sum() } else { 0.0 }
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
fn draw(importances: &[f32], negligible: f32, random: f32) -> Vec<Option<f32>> {
    let mut sum = f64::from(random);
    let weight = |&importance: &f32| {
        let (before, probability) = (sum.floor(), probability(importance, negligible));
        sum += f64::from(probability);
        (sum.floor() > before).then_some(1.0 / probability)
    };
    importances.iter().map(weight).collect()
}

/// The probability of following a sequence.
fn probability(importance: f32, negligible: f32) -> f32 {
    if importance >= negligible { 1.0 } else { (importance / negligible).max(LEAST_PROBABILITY) }
}

/// What is negligible if no more tubes are to be followed in the mean than options say.
fn limit(num_tubes: &[usize], importances: &[f32], options: &TubeOptions) -> f32 {
    let expected = |negligible: f32| {
        let tubes =
            |(&count, &importance): (&usize, &f32)| count as f32 * probability(importance, negligible);
        num_tubes.iter().zip(importances).map(tubes).sum::<f32>()
    };
    let mut negligible = options.negligible.max(LEAST_PROBABILITY);
    while expected(negligible) > options.most_tubes as f32 && negligible < MOST_NEGLIGIBLE {
        negligible *= 1.1;
    }
    negligible
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
        let importances: Vec<f32> = (0..40).map(|i| 0.003 * i as f32).collect();
        let expected: f32 = importances.iter().map(|&importance| probability(importance, 0.1)).sum();
        let mut means = vec![0.0; importances.len()];
        for step in 0..1000 {
            let drawn = draw(&importances, 0.1, step as f32 / 1000.0);
            let count = drawn.iter().flatten().count() as f32;
            assert!((count - expected).abs() <= 1.0, "{count} of {expected}");
            for (mean, weight) in means.iter_mut().zip(drawn) {
                *mean += weight.unwrap_or(0.0) / 1000.0;
            }
        }
        for (importance, mean) in importances.iter().zip(means) {
            let one_draw = 1e-3 / probability(*importance, 0.1);
            assert!((mean - 1.0).abs() <= 1.01 * one_draw, "{importance}: {mean}");
        }
    }
}
