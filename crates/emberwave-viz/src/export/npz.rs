//! NumPy archives.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use ndarray_npy::{NpzWriter, WriteNpzError};
use zip::ZipArchive;

use super::npy;
use super::{ArrayFile, ExportError, HostArray, ImportError, write_atomically};

impl ArrayFile {
    /// Writes an archive that `numpy.load` reads, uncompressed, whole or not at all.
    ///
    /// # Errors
    ///
    /// If two arrays have one name or an array has more than 4 GiB; see [`ExportError`] for the rest.
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        let path = path.as_ref();
        self.check_names(path)?;
        write_atomically(path, |writer| {
            let refused = |array: &str| {
                let (path, array) = (path.to_owned(), array.to_owned());
                move |source| ExportError::Npz { path, array, source }
            };
            let mut archive = NpzWriter::new(writer);
            for (name, array) in self.arrays() {
                array.add_to(&mut archive, name).map_err(refused(name))?;
            }
            archive.finish().map(|_| ()).map_err(refused("(directory)"))
        })
    }

    /// Reads an archive as `numpy.savez` or `numpy.savez_compressed` writes it.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub fn load_npz(path: impl AsRef<Path>) -> Result<Self, ImportError> {
        let path = path.as_ref();
        let io_error = |source| ImportError::Io { path: path.to_owned(), source };
        let file = BufReader::new(File::open(path).map_err(io_error)?);
        let mut archive = ZipArchive::new(file).map_err(|error| ImportError::damaged(path, error))?;
        let mut read = Self::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(|error| ImportError::damaged(path, error))?;
            let name = entry.name().strip_suffix(".npy").unwrap_or(entry.name()).to_owned();
            let mut bytes = Vec::new();
            let size = entry.size();
            entry
                .by_ref()
                .take(size)
                .read_to_end(&mut bytes)
                .map_err(|error| ImportError::array(path, &name, error))?;
            let array = npy::parse(&bytes).map_err(|message| ImportError::array(path, &name, message))?;
            read = read.with_array(name, array);
        }
        Ok(read)
    }
}

impl HostArray {
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
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn arrays_survive_the_files() {
        let directory = tempfile::tempdir().expect("a directory");
        let gain = array![[1e-9_f32, 2e-9, 3e-9], [4e-9, 5e-9, 6e-9]];
        let written = ArrayFile::new()
            .with_array("gain", gain.clone())
            .with_array("transposed", gain.t().to_owned())
            .with_array("covered", array![true, false])
            .with_array("frequency", ndarray::arr0(3.5e9_f64))
            .with_array("name", Array1::from(b"tx".to_vec()))
            .with_array("none", Array1::<f32>::zeros(0))
            .with_array("a/server", array![-1_i32, 3]);
        for name in ["map.npz", "map.safetensors"] {
            let path = directory.path().join(name);
            written.save(&path).expect("written");
            let read = ArrayFile::load(&path).expect("readable");
            assert_eq!(read.arrays().count(), 7);
            for (name, array) in written.arrays() {
                assert_eq!(read.array(name), Some(array), "{name}");
            }
        }
    }

    #[test]
    fn two_arrays_of_one_name_are_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let twice = ArrayFile::new().with_array("a", array![1.0_f32]).with_array("a", array![2.0_f32]);
        for name in ["x.npz", "x.safetensors"] {
            let refused = twice.save(directory.path().join(name)).expect_err("duplicate").to_string();
            assert!(refused.contains("two arrays are named `a`"), "{refused}");
        }
        let refused = twice.save(directory.path().join("x.txt")).expect_err("unknown").to_string();
        assert!(refused.ends_with("the extension must be .npz or .safetensors"), "{refused}");
        assert_eq!(std::fs::read_dir(directory.path()).expect("readable").count(), 0);
    }
}
