//! Plain values of TOML.

use toml::de::DeValue;

/// An integer or a float as a number; TOML's `nan` and `inf` are none.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Integer(integer) => i128::from_str_radix(integer.as_str(), integer.radix()).ok()? as f64,
        DeValue::Float(float) => float.as_str().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// An integer.
pub(super) fn integer(value: &DeValue<'_>) -> Option<i128> {
    match value {
        DeValue::Integer(integer) => i128::from_str_radix(integer.as_str(), integer.radix()).ok(),
        _ => None,
    }
}

/// Numbers of an array of that length.
pub(super) fn numbers<const N: usize>(value: &DeValue<'_>) -> Option<[f64; N]> {
    let DeValue::Array(array) = value else { return None };
    let numbers: Option<Vec<f64>> = array.iter().map(|value| number(value.get_ref())).collect();
    numbers?.try_into().ok()
}
