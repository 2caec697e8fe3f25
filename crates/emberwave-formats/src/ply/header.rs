//! The header of a PLY file.

use super::{error::PlyError, scalar::ScalarKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Ascii,
    LittleEndian,
    BigEndian,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum PropertyKind {
    Scalar(ScalarKind),
    List { count: ScalarKind, item: ScalarKind },
}

#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) kind: PropertyKind,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) properties: Vec<Property>,
}

#[derive(Debug)]
pub(super) struct Header {
    pub(super) encoding: Encoding,
    pub(super) elements: Vec<Element>,
    /// Bytes before the data.
    pub(super) length: usize,
}

impl Header {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, PlyError> {
        let mut lines = Lines { bytes, position: 0 };
        if lines.next().is_none_or(|line| line.trim_ascii() != b"ply") {
            return Err(PlyError::NotPly);
        }
        let mut encoding = None;
        let mut elements: Vec<Element> = Vec::new();
        let mut number = 1;
        while let Some(line) = lines.next() {
            number += 1;
            // Comments may hold any bytes; a keyword that is not UTF-8 is refused as unknown.
            let line = String::from_utf8_lossy(line);
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            let outcome = match words[..] {
                [] | ["comment" | "obj_info", ..] => Ok(()),
                ["end_header"] => {
                    let encoding =
                        encoding.ok_or_else(|| fault(number, "no `format` line before it".to_owned()))?;
                    return Ok(Self { encoding, elements, length: lines.position });
                }
                ["format", name, ..] => encoding_from_name(name).map(|found| encoding = Some(found)),
                ["element", name, count] => add_element(&mut elements, name, count),
                ["property", ref words @ ..] => add_property(&mut elements, words),
                [word, ..] => Err(format!("`{}` is not understood", shown(word))),
            };
            outcome.map_err(|message| fault(number, message))?;
        }
        Err(fault(number, "the file ends before `end_header`".to_owned()))
    }
}

/// Lines without their ends. A line break is part of the header, so a file that ends in `end_header` has no data.
struct Lines<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.position..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.position = (self.position + length + 1).min(self.bytes.len());
        Some(&rest[..length])
    }
}

fn encoding_from_name(name: &str) -> Result<Encoding, String> {
    match name {
        "ascii" => Ok(Encoding::Ascii),
        "binary_little_endian" => Ok(Encoding::LittleEndian),
        "binary_big_endian" => Ok(Encoding::BigEndian),
        _ => Err(format!("format `{}` is not known", shown(name))),
    }
}

fn add_element(elements: &mut Vec<Element>, name: &str, count: &str) -> Result<(), String> {
    let count = count.parse().map_err(|_| format!("`{}` is not a count", shown(count)))?;
    if elements.len() >= MOST_DECLARATIONS {
        return Err(format!("more than {MOST_DECLARATIONS} elements"));
    }
    if elements.iter().any(|element| element.name == name) {
        return Err(format!("element `{}` is declared twice", shown(name)));
    }
    elements.push(Element { name: name.to_owned(), count, properties: Vec::new() });
    Ok(())
}

fn add_property(elements: &mut [Element], words: &[&str]) -> Result<(), String> {
    let element = elements.last_mut().ok_or("a property before the first element")?;
    let (name, kind) = match *words {
        ["list", count, item, name] => (name, list_kind(count, item)?),
        [kind, name] => (name, PropertyKind::Scalar(scalar_kind(kind)?)),
        _ => return Err("a property needs a type and a name".to_owned()),
    };
    if element.properties.len() >= MOST_DECLARATIONS {
        return Err(format!("more than {MOST_DECLARATIONS} properties"));
    }
    if element.properties.iter().any(|property| property.name == name) {
        return Err(format!("property `{}` is declared twice", shown(name)));
    }
    element.properties.push(Property { name: name.to_owned(), kind });
    Ok(())
}

/// Keeps the search for declarations of the same name from becoming quadratic in the length of a hostile file.
const MOST_DECLARATIONS: usize = 256;

fn list_kind(count: &str, item: &str) -> Result<PropertyKind, String> {
    let (count, item) = (scalar_kind(count)?, scalar_kind(item)?);
    if !count.is_integer() {
        return Err("the length of a list cannot be a fraction".to_owned());
    }
    Ok(PropertyKind::List { count, item })
}

fn scalar_kind(name: &str) -> Result<ScalarKind, String> {
    ScalarKind::from_name(name).ok_or_else(|| format!("type `{}` is not known", shown(name)))
}

fn fault(line: usize, message: String) -> PlyError {
    PlyError::Header { line, message }
}

/// Shows a word of the file in a message: printable and short.
pub(super) fn shown(word: &str) -> String {
    const SHOWN: usize = 24;
    word.chars().take(SHOWN).collect::<String>().escape_debug().to_string()
}
