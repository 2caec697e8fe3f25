//! NumPy archives.

use std::collections::HashSet;
use std::path::Path;

use ndarray::{Array, ArrayD, Dimension};
use ndarray_npy::{NpzWriter, WriteNpzError};

use super::{ExportError, write_atomically};

/// An array of one of the element types that an archive can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum NpzArray {
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

macro_rules! from_array {
    ($($element:ty => $variant:ident),*) => {$(
        impl<D: Dimension> From<Array<$element, D>> for NpzArray {
            fn from(array: Array<$element, D>) -> Self {
                Self::$variant(array.into_dyn())
            }
        }
    )*};
}

from_array!(f32 => F32, f64 => F64, bool => Bool, u8 => U8, i32 => I32);

/// Named arrays that `numpy.load` reads, in the order in which they were added; uncompressed.
///
/// An array may have up to 4 GiB.
///
/// ```no_run
/// # use emberwave_viz::NpzFile;
/// # use ndarray::array;
/// NpzFile::new()
///     .with_array("path_gain", array![[1e-9_f32, 2e-9]])
///     .with_array("covered", array![[true, true]])
///     .save("map.npz")?;
/// # Ok::<(), emberwave_viz::ExportError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NpzFile {
    arrays: Vec<(String, NpzArray)>,
}

impl NpzFile {
    /// An archive without arrays.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array; no copy is made.
    #[must_use]
    pub fn with_array(mut self, name: impl Into<String>, array: impl Into<NpzArray>) -> Self {
        self.arrays.push((name.into(), array.into()));
        self
    }

    /// Writes the archive, whole or not at all.
    ///
    /// # Errors
    ///
    /// If two arrays have one name; see [`ExportError`] for the rest.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        let path = path.as_ref();
        let mut names = HashSet::new();
        if let Some((name, _)) = self.arrays.iter().find(|(name, _)| !names.insert(name)) {
            return Err(ExportError::DuplicateArray { path: path.to_owned(), array: name.clone() });
        }
        write_atomically(path, |writer| {
            let refused = |array: &str| {
                let (path, array) = (path.to_owned(), array.to_owned());
                move |source| ExportError::Npz { path, array, source }
            };
            let mut archive = NpzWriter::new(writer);
            for (name, array) in &self.arrays {
                array.add_to(&mut archive, name).map_err(refused(name))?;
            }
            archive.finish().map(|_| ()).map_err(refused("(directory)"))
        })
    }
}

impl NpzArray {
    fn add_to<W>(&self, archive: &mut NpzWriter<W>, name: &str) -> Result<(), WriteNpzError>
    where
        W: std::io::Write + std::io::Seek,
    {
        match self {
            Self::F32(array) => archive.add_array(name, array),
            Self::F64(array) => archive.add_array(name, array),
            Self::Bool(array) => archive.add_array(name, array),
            Self::U8(array) => archive.add_array(name, array),
            Self::I32(array) => archive.add_array(name, array),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use ndarray::{Array1, Array2, array};
    use ndarray_npy::NpzReader;

    use super::*;

    #[test]
    fn arrays_survive_the_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("map.npz");
        let gain = array![[1e-9_f32, 2e-9, 3e-9], [4e-9, 5e-9, 6e-9]];
        NpzFile::new()
            .with_array("gain", gain.clone())
            .with_array("transposed", gain.t().to_owned())
            .with_array("covered", array![true, false])
            .with_array("frequency", ndarray::arr0(3.5e9_f64))
            .with_array("name", Array1::from(b"tx".to_vec()))
            .with_array("server", array![-1_i32, 3])
            .save(&path)
            .expect("written");
        let mut archive = NpzReader::new(File::open(&path).expect("exists")).expect("readable");
        assert_eq!(archive.names().expect("names").len(), 6);
        let read: Array2<f32> = archive.by_name("gain").expect("there");
        assert_eq!(read, gain);
        let transposed: Array2<f32> = archive.by_name("transposed").expect("there");
        assert_eq!(transposed, gain.t());
        let covered: Array1<bool> = archive.by_name("covered").expect("there");
        assert_eq!(covered, array![true, false]);
        let server: Array1<i32> = archive.by_name("server").expect("there");
        assert_eq!(server, array![-1, 3]);
    }

    #[test]
    fn two_arrays_of_one_name_are_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let twice = NpzFile::new().with_array("a", array![1.0_f32]).with_array("a", array![2.0_f32]);
        let refused = twice.save(directory.path().join("x.npz")).expect_err("duplicate").to_string();
        assert!(refused.contains("two arrays are named `a`"), "{refused}");
        assert_eq!(std::fs::read_dir(directory.path()).expect("readable").count(), 0);
    }
}
