//! One array as NumPy writes it: a header in Python's notation, then the numbers.
//!
//! Our own reader, because that of `ndarray-npy` allocates what the header claims before it looks for the numbers.

use super::HostArray;
use super::array_file::ElementType;

/// Reads an array.
pub(super) fn parse(bytes: &[u8]) -> Result<HostArray, String> {
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or("it is not an array of NumPy")?;
    let (length, rest) = match *rest {
        [1, _, low, high, ref rest @ ..] => (usize::from(u16::from_le_bytes([low, high])), rest),
        [2 | 3, _, a, b, c, d, ref rest @ ..] => (u32::from_le_bytes([a, b, c, d]) as usize, rest),
        _ => return Err("its version is not known".to_owned()),
    };
    let (header, numbers) = rest.split_at_checked(length).ok_or("the header is cut off")?;
    let header = std::str::from_utf8(header).map_err(|error| error.to_string())?;
    let element = element(value_of(header, "descr")?)?;
    let by_columns = value_of(header, "fortran_order")?.starts_with("True");
    HostArray::from_bytes(element, &shape(value_of(header, "shape")?)?, by_columns, numbers)
}

/// What follows a key.
fn value_of<'a>(header: &'a str, key: &str) -> Result<&'a str, String> {
    let missing = || format!("the header has no `{key}`");
    let (_, rest) = header.split_once(&format!("'{key}'")).ok_or_else(missing)?;
    rest.trim_start().strip_prefix(':').map(str::trim_start).ok_or_else(missing)
}

fn element(text: &str) -> Result<ElementType, String> {
    let name = text.strip_prefix('\'').and_then(|text| text.split_once('\'')).map_or("", |(name, _)| name);
    match name {
        "<f4" => Ok(ElementType::F32),
        "<f8" => Ok(ElementType::F64),
        "|b1" => Ok(ElementType::Bool),
        "|u1" => Ok(ElementType::U8),
        "<i4" => Ok(ElementType::I32),
        "<i8" => Ok(ElementType::I64),
        _ => Err(format!("elements of type `{name}` are not supported")),
    }
}

fn shape(text: &str) -> Result<Vec<usize>, String> {
    let wrong = || "the shape is not a tuple of numbers".to_owned();
    let (inside, _) = text.strip_prefix('(').and_then(|text| text.split_once(')')).ok_or_else(wrong)?;
    let lengths = inside.split(',').map(str::trim).filter(|length| !length.is_empty());
    lengths.map(|length| length.parse().map_err(|_| wrong())).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn npy(header: &str, numbers: &[u8]) -> Vec<u8> {
        let length = (header.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\x00", length.as_slice(), header.as_bytes(), numbers].concat()
    }

    #[test]
    fn orders_and_types_are_read() {
        let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }";
        let parsed = parse(&npy(header, &[1, 2, 3, 4, 5, 6]));
        assert_eq!(parsed, Ok(array![[1_u8, 3, 5], [2, 4, 6]].into()));
        let header = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }";
        assert_eq!(parse(&npy(header, &[7, 0, 0, 0, 0, 0, 0, 0])), Ok(array![7_i32].into()));
    }

    #[test]
    fn damage_is_told() {
        for (header, expected) in [
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999,), }", "there are 4 bytes"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 99), }", "4 bytes"),
            ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "type `<c8`"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "not a tuple of numbers"),
            ("{'descr': '<f4'}", "no `fortran_order`"),
            ("{}", "no `descr`"),
        ] {
            let message = parse(&npy(header, &[0; 4])).expect_err("damaged");
            assert!(message.contains(expected), "{message}");
        }
        for bytes in [&b""[..], b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff", b"\x93NUMPY\x09\x00\x01\x00{}"] {
            assert!(parse(bytes).is_err());
        }
    }
}
