//! Putting together what domains have found.

use rayon::prelude::*;

use super::buffers::TubeBuffers;
use super::coverage::{Coverage, Fragment};
use super::domain::Domain;
use super::sequence::{Sequence, leading_to};

/// The coverage that domains have found, of the sequences that lead to something; parents come before children.
pub(super) fn gather(sequences: Vec<Sequence>, domains: &mut [Domain], buffers: &TubeBuffers) -> Coverage {
    let mut coverage = Coverage::default();
    for domain in &mut *domains {
        coverage.effort += domain.effort;
        coverage.borders.append(&mut domain.deposits.border_lister.borders);
    }
    let mut runs: Vec<(u32, &[Fragment])> =
        domains.iter().flat_map(|domain| domain.deposits.by_sequence()).collect();
    runs.sort_by_key(|(sequence, _)| *sequence);
    let with_fragments = runs.iter().map(|(sequence, _)| *sequence);
    let with_borders = coverage.borders.iter().map(|border| border.sequence);
    let (sequences, numbers) = needed(sequences, with_fragments.chain(with_borders));
    coverage.borders.iter_mut().for_each(|border| border.sequence = numbers[border.sequence as usize]);
    coverage.borders.sort_by_key(|border| border.sequence);
    runs.iter_mut().for_each(|(sequence, _)| *sequence = numbers[*sequence as usize]);
    Coverage { sequences, fragments: joined(&runs, buffers), ..coverage }
}

/// The sequences that lead to some of them, and the new number of each; others have none that counts.
fn needed(sequences: Vec<Sequence>, ends: impl Iterator<Item = u32>) -> (Vec<Sequence>, Vec<u32>) {
    let is_needed = leading_to(&sequences, ends);
    let mut kept = Vec::with_capacity(sequences.len());
    let mut numbers = Vec::with_capacity(sequences.len());
    for (sequence, is_needed) in sequences.into_iter().zip(is_needed) {
        numbers.push(kept.len() as u32);
        if is_needed {
            let mut sequence = sequence;
            sequence.parent = numbers[sequence.parent as usize];
            kept.push(sequence);
        }
    }
    (kept, numbers)
}

/// Lists of fragments one after the other, copied by all threads; they get the numbers of the sequences beside them.
fn joined(lists: &[(u32, &[Fragment])], buffers: &TubeBuffers) -> Vec<Fragment> {
    let total = lists.iter().map(|(_, list)| list.len()).sum();
    let mut joined = buffers.take_fragments(total);
    let mut rest = &mut joined.spare_capacity_mut()[..total];
    let mut copies = Vec::with_capacity(lists.len());
    for (sequence, list) in lists {
        let (places, after) = rest.split_at_mut(list.len());
        copies.push((places, *sequence, *list));
        rest = after;
    }
    copies.into_par_iter().with_min_len(64).for_each(|(places, sequence, list)| {
        for (place, fragment) in places.iter_mut().zip(list) {
            place.write(Fragment { sequence, ..*fragment });
        }
    });
    // SAFETY: the places are the first `total` and all of them have been written.
    unsafe { joined.set_len(total) };
    joined
}
