//! Rows of numbers as arrays of a file of safetensors.

use std::borrow::Cow;

use safetensors::{Dtype, SafeTensors, View};

/// A number of a file, in four bytes.
pub(super) trait Word: Copy {
    const DTYPE: Dtype;
    fn to_bytes(self) -> [u8; 4];
    fn from_bytes(bytes: [u8; 4]) -> Self;
}

impl Word for f32 {
    const DTYPE: Dtype = Dtype::F32;

    fn to_bytes(self) -> [u8; 4] {
        self.to_le_bytes()
    }

    fn from_bytes(bytes: [u8; 4]) -> Self {
        Self::from_le_bytes(bytes)
    }
}

impl Word for u32 {
    const DTYPE: Dtype = Dtype::U32;

    fn to_bytes(self) -> [u8; 4] {
        self.to_le_bytes()
    }

    fn from_bytes(bytes: [u8; 4]) -> Self {
        Self::from_le_bytes(bytes)
    }
}

/// An array as the writer sees it.
pub(super) struct Stored {
    dtype: Dtype,
    shape: [usize; 2],
    bytes: Vec<u8>,
}

impl Stored {
    pub fn new<W: Word, const N: usize>(rows: &[[W; N]]) -> Self {
        let bytes = rows.iter().flatten().flat_map(|&word| word.to_bytes()).collect();
        Self { dtype: W::DTYPE, shape: [rows.len(), N], bytes }
    }
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

/// The rows of an array of a file; what is wrong, if something is.
pub(super) fn rows<W: Word, const N: usize>(
    file: &SafeTensors<'_>,
    name: &str,
) -> Result<Vec<[W; N]>, String> {
    let array = file.tensor(name).map_err(|_| format!("it has no array `{name}`"))?;
    if array.dtype() != W::DTYPE || array.shape().get(1..) != Some(&[N]) {
        let (dtype, shape) = (array.dtype(), array.shape());
        return Err(format!(
            "array `{name}` must be {:?} of rows of {N}, but is {dtype:?} of shape {shape:?}",
            W::DTYPE
        ));
    }
    let word = |at: usize, row: &[u8]| {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&row[4 * at..4 * at + 4]);
        W::from_bytes(bytes)
    };
    let row = |row: &[u8]| std::array::from_fn(|at| word(at, row));
    Ok(array.data().chunks_exact(4 * N).map(row).collect())
}

/// The only row of an array.
pub(super) fn one_row<W: Word, const N: usize>(file: &SafeTensors<'_>, name: &str) -> Result<[W; N], String> {
    match rows(file, name)?.as_slice() {
        [row] => Ok(*row),
        rows => Err(format!("array `{name}` must have one row, but has {}", rows.len())),
    }
}
