//! Scalar types, and where scalars come from.

/// A scalar type of PLY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarKind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

impl ScalarKind {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "char" | "int8" => Self::I8,
            "uchar" | "uint8" => Self::U8,
            "short" | "int16" => Self::I16,
            "ushort" | "uint16" => Self::U16,
            "int" | "int32" => Self::I32,
            "uint" | "uint32" => Self::U32,
            "float" | "float32" => Self::F32,
            "double" | "float64" => Self::F64,
            _ => return None,
        })
    }

    /// Bytes in a binary file.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    pub(super) const fn is_integer(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }

    /// Whether a value of this type can be `value`.
    pub(super) fn holds(self, value: i64) -> bool {
        match self {
            Self::I8 => i8::try_from(value).is_ok(),
            Self::U8 => u8::try_from(value).is_ok(),
            Self::I16 => i16::try_from(value).is_ok(),
            Self::U16 => u16::try_from(value).is_ok(),
            Self::I32 => i32::try_from(value).is_ok(),
            Self::U32 => u32::try_from(value).is_ok(),
            Self::F32 | Self::F64 => false,
        }
    }
}

/// Why a scalar could not be had.
#[derive(Debug)]
pub(super) enum Fault {
    Ended,
    NotANumber(String),
}

/// The data after a header, as a sequence of scalars.
pub(super) trait ScalarSource {
    /// The fewest bytes that a scalar of this type takes, so that counts can be checked before allocating.
    fn smallest_size(kind: ScalarKind) -> usize;

    /// An upper bound of the bytes that are left, by the measure of `smallest_size`.
    fn remaining(&self) -> usize;

    /// The next scalar, of an integer type.
    fn integer(&mut self, kind: ScalarKind) -> Result<i64, Fault>;

    /// The next scalar as a coordinate, rounded once.
    fn float(&mut self, kind: ScalarKind) -> Result<f32, Fault>;

    /// Passes over `count` scalars.
    fn skip(&mut self, kind: ScalarKind, count: usize) -> Result<(), Fault>;
}
