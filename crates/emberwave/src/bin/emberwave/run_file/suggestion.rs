//! What somebody may have meant.

/// The known word nearest to a misspelt one, if one is near.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    let best = known.iter().map(|&candidate| (distance(word, candidate), candidate)).min_by_key(|it| it.0);
    best.filter(|&(distance, _)| distance <= allowed).map(|(_, candidate)| candidate)
}

/// Edit distance of Levenshtein.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let known = ["max_depth", "seed", "los"];
        assert_eq!(nearest("max_dept", &known), Some("max_depth"));
        assert_eq!(nearest("sed", &known), Some("seed"));
        assert_eq!(nearest("frequency", &known), None);
        assert_eq!((distance("kitten", "sitting"), distance("", "abc")), (3, 3));
    }
}
