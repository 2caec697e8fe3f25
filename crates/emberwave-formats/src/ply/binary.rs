//! Scalars written as bytes.

use super::scalar::{Fault, ScalarKind, ScalarSource};

/// Binary data; `BIG` says that the most significant byte comes first.
pub(super) struct BinarySource<'a, const BIG: bool> {
    bytes: &'a [u8],
}

impl<'a, const BIG: bool> BinarySource<'a, BIG> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (bytes, rest) = self.bytes.split_first_chunk::<N>().ok_or(Fault::Ended)?;
        self.bytes = rest;
        let mut bytes = *bytes;
        if BIG {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

impl<const BIG: bool> ScalarSource for BinarySource<'_, BIG> {
    fn smallest_size(kind: ScalarKind) -> usize {
        kind.size()
    }

    fn remaining(&self) -> usize {
        self.bytes.len()
    }

    fn integer(&mut self, kind: ScalarKind) -> Result<i64, Fault> {
        Ok(match kind {
            ScalarKind::I8 => i8::from_le_bytes(self.take()?).into(),
            ScalarKind::U8 => u8::from_le_bytes(self.take()?).into(),
            ScalarKind::I16 => i16::from_le_bytes(self.take()?).into(),
            ScalarKind::U16 => u16::from_le_bytes(self.take()?).into(),
            ScalarKind::I32 => i32::from_le_bytes(self.take()?).into(),
            ScalarKind::U32 => u32::from_le_bytes(self.take()?).into(),
            // The header refuses counts and indices of these types.
            ScalarKind::F32 | ScalarKind::F64 => return Err(Fault::NotANumber("a fraction".to_owned())),
        })
    }

    fn float(&mut self, kind: ScalarKind) -> Result<f32, Fault> {
        match kind {
            ScalarKind::F32 => Ok(f32::from_le_bytes(self.take()?)),
            ScalarKind::F64 => Ok(f64::from_le_bytes(self.take()?) as f32),
            _ => Ok(self.integer(kind)? as f32),
        }
    }

    fn skip(&mut self, kind: ScalarKind, count: usize) -> Result<(), Fault> {
        let length = count.checked_mul(kind.size()).ok_or(Fault::Ended)?;
        self.bytes = self.bytes.get(length..).ok_or(Fault::Ended)?;
        Ok(())
    }
}
