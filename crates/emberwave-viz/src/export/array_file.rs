//! Named arrays on the host: what files of arrays hold.

use std::path::Path;

use ndarray::{Array, ArrayD, Dimension, IxDyn};

use super::{ExportError, ImportError};

/// An array of one of the element types that a file can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum HostArray {
    /// Single precision.
    F32(ArrayD<f32>),
    /// Double precision.
    F64(ArrayD<f64>),
    /// Truth values.
    Bool(ArrayD<bool>),
    /// Bytes, for example text in UTF-8.
    U8(ArrayD<u8>),
    /// Indices; −1 is none.
    I32(ArrayD<i32>),
}

/// An element type of [`HostArray`].
pub trait HostElement: Sized {
    /// The array, if it has this type.
    fn of(array: &HostArray) -> Option<&ArrayD<Self>>;
}

macro_rules! elements {
    ($($element:ty => $variant:ident),*) => {$(
        impl<D: Dimension> From<Array<$element, D>> for HostArray {
            fn from(array: Array<$element, D>) -> Self {
                Self::$variant(array.into_dyn())
            }
        }

        impl HostElement for $element {
            fn of(array: &HostArray) -> Option<&ArrayD<Self>> {
                match array {
                    HostArray::$variant(array) => Some(array),
                    _ => None,
                }
            }
        }
    )*};
}

elements!(f32 => F32, f64 => F64, bool => Bool, u8 => U8, i32 => I32);

/// Element types by the bytes of their numbers, for readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ElementType {
    F32,
    F64,
    Bool,
    U8,
    I32,
    I64,
}

impl HostArray {
    /// An array from bytes in little-endian order, row by row or column by column; 64-bit integers become 32-bit.
    /// Allocates no more than there are bytes.
    pub(super) fn from_bytes(
        element: ElementType,
        shape: &[usize],
        by_columns: bool,
        bytes: &[u8],
    ) -> Result<Self, String> {
        Ok(match element {
            ElementType::F32 => Self::F32(array(shape, by_columns, bytes, f32::from_le_bytes)?),
            ElementType::F64 => Self::F64(array(shape, by_columns, bytes, f64::from_le_bytes)?),
            ElementType::Bool => Self::Bool(array(shape, by_columns, bytes, |[byte]: [u8; 1]| byte != 0)?),
            ElementType::U8 => Self::U8(array(shape, by_columns, bytes, |[byte]: [u8; 1]| byte)?),
            ElementType::I32 => Self::I32(array(shape, by_columns, bytes, i32::from_le_bytes)?),
            ElementType::I64 => {
                let wide = array(shape, by_columns, bytes, i64::from_le_bytes)?;
                if wide.iter().any(|&value| i32::try_from(value).is_err()) {
                    return Err("an integer does not fit in 32 bits".to_owned());
                }
                Self::I32(wide.mapv(|value| value as i32))
            }
        })
    }
}

fn array<E, const N: usize>(
    shape: &[usize],
    by_columns: bool,
    bytes: &[u8],
    read: impl Fn([u8; N]) -> E,
) -> Result<ArrayD<E>, String> {
    let count = shape.iter().try_fold(N, |product, &length| product.checked_mul(length));
    if count != Some(bytes.len()) {
        return Err(format!("there are {} bytes for the shape {shape:?}", bytes.len()));
    }
    let (chunks, _) = bytes.as_chunks::<N>();
    let values = chunks.iter().map(|&chunk| read(chunk)).collect();
    let ordered = ndarray::ShapeBuilder::set_f(IxDyn(shape), by_columns);
    ArrayD::from_shape_vec(ordered, values).map_err(|error| error.to_string())
}

/// Named arrays, in the order in which they were added.
///
/// ```no_run
/// # use emberwave_viz::ArrayFile;
/// # use ndarray::array;
/// ArrayFile::new()
///     .with_array("path_gain", array![[1e-9_f32, 2e-9]])
///     .with_array("covered", array![[true, true]])
///     .save("map.npz")?;
/// # Ok::<(), emberwave_viz::ExportError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArrayFile {
    arrays: Vec<(String, HostArray)>,
}

/// What a file of arrays can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Npz,
    Safetensors,
}

impl Kind {
    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "npz" => Some(Self::Npz),
            "safetensors" => Some(Self::Safetensors),
            _ => None,
        }
    }
}

impl ArrayFile {
    /// A file without arrays.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array; no copy is made.
    #[must_use]
    pub fn with_array(mut self, name: impl Into<String>, array: impl Into<HostArray>) -> Self {
        self.arrays.push((name.into(), array.into()));
        self
    }

    /// Adds all arrays of another file, their names behind a prefix.
    #[must_use]
    pub fn with_arrays_of(mut self, prefix: &str, other: Self) -> Self {
        self.arrays.extend(other.arrays.into_iter().map(|(name, array)| (format!("{prefix}{name}"), array)));
        self
    }

    /// The array of a name.
    #[must_use]
    pub fn array(&self, name: &str) -> Option<&HostArray> {
        self.arrays.iter().find(|(known, _)| known == name).map(|(_, array)| array)
    }

    /// Names and arrays.
    pub fn arrays(&self) -> impl Iterator<Item = (&str, &HostArray)> {
        self.arrays.iter().map(|(name, array)| (name.as_str(), array))
    }

    /// Writes `.npz` or `.safetensors`, by the extension, whole or not at all.
    ///
    /// # Errors
    ///
    /// If the extension is another, or two arrays have one name; see [`ExportError`] for the rest.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        let path = path.as_ref();
        match Kind::of(path) {
            Some(Kind::Npz) => self.save_npz(path),
            Some(Kind::Safetensors) => self.save_safetensors(path),
            None => Err(ExportError::Extension { path: path.to_owned() }),
        }
    }

    /// Reads `.npz` or `.safetensors`, by the extension.
    ///
    /// # Errors
    ///
    /// If the extension is another, the file cannot be read, it is damaged, or it holds elements of other types.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ImportError> {
        let path = path.as_ref();
        match Kind::of(path) {
            Some(Kind::Npz) => Self::load_npz(path),
            Some(Kind::Safetensors) => Self::load_safetensors(path),
            None => Err(ImportError::Extension { path: path.to_owned() }),
        }
    }

    /// Refuses two arrays of one name.
    pub(super) fn check_names(&self, path: &Path) -> Result<(), ExportError> {
        let mut names = std::collections::HashSet::new();
        match self.arrays().find(|(name, _)| !names.insert(*name)) {
            Some((name, _)) => {
                Err(ExportError::DuplicateArray { path: path.to_owned(), array: name.to_owned() })
            }
            None => Ok(()),
        }
    }
}
