//! Numbers as the command line writes them.

/// Units of frequency, longest first, so that `Hz` is not found in `GHz`.
const FREQUENCY_UNITS: [(&str, f64); 5] =
    [("thz", 1e12), ("ghz", 1e9), ("mhz", 1e6), ("khz", 1e3), ("hz", 1.0)];

/// Most samples per transmitter; all counts up to here are exact in f64 and add up in u64.
pub(crate) const MOST_SAMPLES: u64 = 1_000_000_000_000_000;

/// A finite number.
pub(crate) fn number(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err("a finite number is needed".to_owned()),
        Err(_) => Err(format!("`{}` is not a number", text.trim())),
    }
}

/// A finite number above 0.
pub(crate) fn positive_number(text: &str) -> Result<f64, String> {
    match number(text)? {
        number if number > 0.0 => Ok(number),
        _ => Err("a number above 0 is needed".to_owned()),
    }
}

/// A finite number that f32 can hold.
pub(crate) fn single(text: &str) -> Result<f32, String> {
    let single = number(text)? as f32;
    if single.is_finite() { Ok(single) } else { Err("a number below 3.4e38 is needed".to_owned()) }
}

/// A frequency \[Hz\]: a number, or a number with a unit.
pub(crate) fn frequency(text: &str) -> Result<f64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let with_unit =
        FREQUENCY_UNITS.iter().find_map(|(unit, factor)| Some((lower.strip_suffix(unit)?, factor)));
    let (digits, factor) = with_unit.unwrap_or((&lower, &1.0));
    let frequency = number(digits).map_err(|why| format!("{why}, as in 3.5e9 or 3.5GHz"))? * factor;
    if frequency > 0.0 && frequency.is_finite() {
        Ok(frequency)
    } else {
        Err("a frequency must be positive and finite".to_owned())
    }
}

/// Numbers separated by commas.
fn numbers<const N: usize>(text: &str, form: &str) -> Result<[f64; N], String> {
    let parts = text.split(',').map(number).collect::<Result<Vec<_>, _>>()?;
    let count = parts.len();
    parts.try_into().map_err(|_| format!("{form} is needed, but there are {count} numbers"))
}

/// A point or three angles: `X,Y,Z`.
pub(crate) fn triple(text: &str) -> Result<[f64; 3], String> {
    numbers(text, "X,Y,Z")
}

/// Two positive lengths: `X,Y`.
pub(crate) fn size(text: &str) -> Result<[f64; 2], String> {
    positive(numbers(text, "X,Y")?)
}

/// Two positive lengths, or one for both.
pub(crate) fn cell_size(text: &str) -> Result<[f64; 2], String> {
    if text.contains(',') { size(text) } else { positive([number(text)?; 2]) }
}

fn positive(lengths: [f64; 2]) -> Result<[f64; 2], String> {
    if lengths.iter().all(|&length| length > 0.0) {
        Ok(lengths)
    } else {
        Err("lengths must be above 0".to_owned())
    }
}

/// A number of rays, also as `1e7`.
pub(crate) fn samples(text: &str) -> Result<u64, String> {
    let count = text.trim().parse().or_else(|_| whole(number(text)?))?;
    samples_in_range(count)
}

/// Refuses numbers of rays that cannot be traced.
pub(crate) fn samples_in_range(count: u64) -> Result<u64, String> {
    if (1..=MOST_SAMPLES).contains(&count) {
        Ok(count)
    } else {
        Err("the number of rays must be from 1 to 1e15".to_owned())
    }
}

/// A number without a fraction as an integer.
pub(crate) fn whole(number: f64) -> Result<u64, String> {
    if number.fract() == 0.0 && (0.0..=MOST_SAMPLES as f64).contains(&number) {
        Ok(number as u64)
    } else {
        Err(format!("{number} is not a whole number from 0 to 1e15"))
    }
}

/// A probability above 0.
pub(crate) fn probability(text: &str) -> Result<f64, String> {
    match number(text)? {
        number if number > 0.0 && number <= 1.0 => Ok(number),
        _ => Err("a probability above 0 and at most 1 is needed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_have_units_of_any_case() {
        for text in ["3.5GHz", "3500MHz", "3.5e9", "3500000 khz", " 3.5 ghz ", "3500000000Hz", "0.0035THz"] {
            assert_eq!(frequency(text), Ok(3.5e9), "{text}");
        }
        for text in ["", "GHz", "3.5 furlongs", "0", "-1GHz", "nan", "inf", "1e300THz"] {
            assert!(frequency(text).is_err(), "{text}");
        }
    }

    #[test]
    fn points_need_three_finite_numbers() {
        assert_eq!(triple("-1, 2.5,3e1"), Ok([-1.0, 2.5, 30.0]));
        for text in ["1,2", "1,2,3,4", "1,,3", "a,b,c", "1,2,nan", "1,2,inf", ""] {
            assert!(triple(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_positive() {
        assert_eq!((cell_size("2"), cell_size("1,2")), (Ok([2.0, 2.0]), Ok([1.0, 2.0])));
        for text in ["0", "-1", "1,0", "1,2,3"] {
            assert!(cell_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn samples_may_have_an_exponent() {
        assert_eq!((samples("1e7"), samples("12")), (Ok(10_000_000), Ok(12)));
        for text in ["0", "1.5", "-3", "1e16", "99999999999999999999", "many", "NaN"] {
            assert!(samples(text).is_err(), "{text}");
        }
    }
}
