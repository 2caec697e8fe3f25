//! Numbers in attributes.

use crate::{SceneError, xml::Node};

/// Which numbers a property may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) smallest: f64,
    pub(crate) largest: f64,
    /// For the message, as in "a number that is at least 0".
    pub(crate) words: &'static str,
}

impl Range {
    pub(crate) const ANY: Self = Self { smallest: f64::MIN, largest: f64::MAX, words: "a finite number" };
    pub(crate) const NON_NEGATIVE: Self =
        Self { smallest: 0.0, largest: f64::MAX, words: "a finite number that is at least 0" };
    pub(crate) const AT_LEAST_ONE: Self =
        Self { smallest: 1.0, largest: f64::MAX, words: "a finite number that is at least 1" };
    pub(crate) const UNIT: Self = Self { smallest: 0.0, largest: 1.0, words: "a number from 0 to 1" };
    pub(crate) const POSITIVE: Self =
        Self { smallest: f64::MIN_POSITIVE, largest: f64::MAX, words: "a finite number greater than 0" };
}

/// The number in an attribute of `node`; NaN is in no range.
pub(crate) fn parse_number(
    node: &Node,
    attribute: &str,
    owner: &str,
    range: Range,
) -> Result<f64, SceneError> {
    let text = node.required(attribute, owner)?;
    let number = text.trim().parse::<f64>().ok();
    number.filter(|number| *number >= range.smallest && *number <= range.largest).ok_or_else(|| {
        SceneError::Value {
            location: node.location(),
            owner: owner.to_owned(),
            name: property_name(node, attribute),
            value: text.to_owned(),
            expected: range.words,
        }
    })
}

/// The finite numbers of a list that white space or commas separate, if it is one of the `lengths`.
pub(crate) fn parse_numbers(
    node: &Node,
    attribute: &str,
    owner: &str,
    lengths: &[usize],
    expected: &'static str,
) -> Result<Vec<f64>, SceneError> {
    let text = node.required(attribute, owner)?;
    let words = text.split(|character: char| character.is_whitespace() || character == ',');
    let numbers: Result<Vec<f64>, _> = words.filter(|word| !word.is_empty()).map(str::parse).collect();
    match numbers {
        Ok(numbers)
            if lengths.contains(&numbers.len()) && numbers.iter().all(|number| number.is_finite()) =>
        {
            Ok(numbers)
        }
        _ => Err(SceneError::Value {
            location: node.location(),
            owner: owner.to_owned(),
            name: property_name(node, attribute),
            value: text.to_owned(),
            expected,
        }),
    }
}

/// What a message calls a value: the property's name if the attribute is its value.
fn property_name(node: &Node, attribute: &str) -> String {
    match node.attribute("name") {
        Some(name) if attribute == "value" => name.to_owned(),
        _ => format!("{} {attribute}", node.tag),
    }
}
