//! Files of safetensors, as machine-learning frameworks read them.

use std::borrow::Cow;
use std::path::Path;

use ndarray::ArrayD;
use safetensors::{Dtype, SafeTensors, View};

use super::array_file::ElementType;
use super::{ArrayFile, ExportError, HostArray, ImportError, write_atomically};

/// An array as the writer sees it.
struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for Stored {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

impl Stored {
    fn new<E: Copy, const N: usize>(dtype: Dtype, array: &ArrayD<E>, write: impl Fn(E) -> [u8; N]) -> Self {
        let bytes = array.iter().flat_map(|&value| write(value)).collect();
        Self { dtype, shape: array.shape().to_vec(), bytes }
    }
}

impl From<&HostArray> for Stored {
    fn from(array: &HostArray) -> Self {
        match array {
            HostArray::F32(array) => Self::new(Dtype::F32, array, f32::to_le_bytes),
            HostArray::F64(array) => Self::new(Dtype::F64, array, f64::to_le_bytes),
            HostArray::Bool(array) => Self::new(Dtype::BOOL, array, |value| [u8::from(value)]),
            HostArray::U8(array) => Self::new(Dtype::U8, array, |value| [value]),
            HostArray::I32(array) => Self::new(Dtype::I32, array, i32::to_le_bytes),
        }
    }
}

impl ArrayFile {
    /// Writes a file that the `safetensors` libraries read, whole or not at all.
    ///
    /// # Errors
    ///
    /// If two arrays have one name; see [`ExportError`] for the rest.
    pub fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        let path = path.as_ref();
        self.check_names(path)?;
        let stored = self.arrays().map(|(name, array)| (name, Stored::from(array)));
        let bytes = safetensors::serialize(stored, None)
            .map_err(|source| ExportError::Safetensors { path: path.to_owned(), source })?;
        write_atomically(path, |writer| {
            std::io::Write::write_all(writer, &bytes)
                .map_err(|source| ExportError::Io { path: path.to_owned(), source })
        })
    }

    /// Reads a file of safetensors.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<Self, ImportError> {
        let path = path.as_ref();
        let bytes =
            std::fs::read(path).map_err(|source| ImportError::Io { path: path.to_owned(), source })?;
        let file = SafeTensors::deserialize(&bytes).map_err(|error| ImportError::damaged(path, error))?;
        let mut tensors = file.tensors();
        tensors.sort_by(|a, b| a.0.cmp(&b.0));
        let mut read = Self::new();
        for (name, tensor) in tensors {
            let refused = |message| ImportError::array(path, &name, message);
            let element = element(tensor.dtype()).map_err(refused)?;
            let array =
                HostArray::from_bytes(element, tensor.shape(), false, tensor.data()).map_err(refused)?;
            read = read.with_array(name, array);
        }
        Ok(read)
    }
}

fn element(dtype: Dtype) -> Result<ElementType, String> {
    match dtype {
        Dtype::F32 => Ok(ElementType::F32),
        Dtype::F64 => Ok(ElementType::F64),
        Dtype::BOOL => Ok(ElementType::Bool),
        Dtype::U8 => Ok(ElementType::U8),
        Dtype::I32 => Ok(ElementType::I32),
        Dtype::I64 => Ok(ElementType::I64),
        other => Err(format!("elements of type {other:?} are not supported")),
    }
}
