//! Scalars written as text, separated by white space. Line breaks mean nothing: some exporters wrap long rows.

use std::str::FromStr;

use super::scalar::{Fault, ScalarKind, ScalarSource};

pub(super) struct AsciiSource<'a> {
    bytes: &'a [u8],
}

impl<'a> AsciiSource<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn token(&mut self) -> Result<&'a [u8], Fault> {
        let start = self.bytes.iter().position(|byte| !byte.is_ascii_whitespace()).ok_or(Fault::Ended)?;
        let rest = &self.bytes[start..];
        let length = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        let (token, after) = rest.split_at(length);
        self.bytes = after;
        Ok(token)
    }

    fn parsed<T: FromStr>(token: &[u8]) -> Result<T, Fault> {
        std::str::from_utf8(token).ok().and_then(|text| text.parse().ok()).ok_or_else(|| not_a_number(token))
    }
}

impl ScalarSource for AsciiSource<'_> {
    fn smallest_size(_kind: ScalarKind) -> usize {
        2
    }

    fn remaining(&self) -> usize {
        // The last token needs no white space after it.
        self.bytes.len() + 1
    }

    fn integer(&mut self, kind: ScalarKind) -> Result<i64, Fault> {
        let token = self.token()?;
        let value = Self::parsed(token)?;
        if kind.holds(value) { Ok(value) } else { Err(not_a_number(token)) }
    }

    fn float(&mut self, kind: ScalarKind) -> Result<f32, Fault> {
        let token = self.token()?;
        match kind {
            ScalarKind::F64 => Ok(Self::parsed::<f64>(token)? as f32),
            ScalarKind::F32 => Self::parsed(token),
            _ => Ok(Self::parsed::<i64>(token)? as f32),
        }
    }

    fn skip(&mut self, _kind: ScalarKind, count: usize) -> Result<(), Fault> {
        for _ in 0..count {
            self.token()?;
        }
        Ok(())
    }
}

/// Shows a token in a message: printable and short whatever the file holds.
fn not_a_number(token: &[u8]) -> Fault {
    const SHOWN: usize = 24;
    Fault::NotANumber(token[..token.len().min(SHOWN)].escape_ascii().to_string())
}
