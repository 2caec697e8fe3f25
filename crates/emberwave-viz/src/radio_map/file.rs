//! Radio maps as files that can be read again.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use emberwave_scene::MeasurementPlane;
use emberwave_solvers::{RadioMap, RadioMapParts, Topology};
use ndarray::ArrayD;

use super::archive::{DIRECTIONS, VERSION, gather};
use crate::export::{ArrayFile, ExportError, HostElement, ImportError};

/// Separates the name of a map from that of its arrays.
const SEPARATOR: char = '/';

/// Saves radio maps with everything that makes them up, and reads them again, bit for bit.
///
/// The extension decides: `.npz` for NumPy, `.safetensors` for machine-learning frameworks. Both hold the arrays that
/// [`save_npz`](super::RadioMapExport::save_npz) lists.
///
/// ```no_run
/// use burn::tensor::Device;
/// use emberwave_solvers::RadioMap;
/// use emberwave_viz::RadioMapFile;
///
/// let map = RadioMap::load("map.npz", &Device::default())?;
/// map.save("map.safetensors")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RadioMapFile: Sized {
    /// Writes the map, whole or not at all.
    ///
    /// # Errors
    ///
    /// If the extension is neither `.npz` nor `.safetensors`, the map cannot be read from its device or the file cannot
    /// be written.
    fn save(&self, path: impl AsRef<Path>) -> Result<(), ExportError>;

    /// Reads a map onto a device.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is damaged, or does not hold a map.
    fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ImportError>;
}

impl RadioMapFile for RadioMap {
    fn save(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        gather(self)?.save(path)
    }

    fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ImportError> {
        let path = path.as_ref();
        Reader { file: &ArrayFile::load(path)?, path, prefix: "", device }.map()
    }
}

/// Writes several maps into one file, the arrays of each behind its name and `/`.
///
/// # Errors
///
/// As [`RadioMapFile::save`], and if two maps have one name.
pub fn save_maps(path: impl AsRef<Path>, maps: &[(&str, &RadioMap)]) -> Result<(), ExportError> {
    let mut file = ArrayFile::new();
    for (name, map) in maps {
        file = file.with_arrays_of(&format!("{name}{SEPARATOR}"), gather(map)?);
    }
    file.save(path)
}

/// Reads the maps that [`save_maps`] wrote, in the order of their names.
///
/// # Errors
///
/// As [`RadioMapFile::load`].
pub fn load_maps(path: impl AsRef<Path>, device: &Device) -> Result<Vec<(String, RadioMap)>, ImportError> {
    let path = path.as_ref();
    let file = ArrayFile::load(path)?;
    let suffix = format!("{SEPARATOR}path_gain");
    let mut names: Vec<&str> = file.arrays().filter_map(|(name, _)| name.strip_suffix(&suffix)).collect();
    names.sort_unstable();
    let read = |name: &str| {
        let prefix = &format!("{name}{SEPARATOR}");
        Ok((name.to_owned(), Reader { file: &file, path, prefix, device }.map()?))
    };
    names.into_iter().map(read).collect()
}

/// Takes a map out of a file.
struct Reader<'a> {
    file: &'a ArrayFile,
    path: &'a Path,
    prefix: &'a str,
    device: &'a Device,
}

impl Reader<'_> {
    fn map(&self) -> Result<RadioMap, ImportError> {
        let version = self.array::<i32>("format_version", &[])?[[]];
        if version != VERSION {
            return Err(self.refuse("format_version", format!("{version} is not known, only {VERSION}")));
        }
        let (vertices, topology) = self.geometry()?;
        let [arrival, departure] = DIRECTIONS.map(|names| self.pair(names.mean, names.variance));
        let parts = RadioMapParts {
            path_gain: self.gains()?,
            power: self.tensor("tx_power")?,
            tx_positions: self.tensor("tx_positions")?,
            tx_names: self.names()?,
            noise_power: self.array::<f64>("noise_power", &[])?[[]],
            plane: self.plane()?,
            vertices,
            topology: Arc::new(topology),
            delay: self.pair("mean_delay", "delay_variance")?,
            arrival: arrival?,
            departure: departure?,
            relative_error: self.optional("relative_error", Self::tensor)?,
            reached_error_db: self
                .optional("reached_error_db", |reader, name| Ok(reader.array::<f64>(name, &[])?[[]]))?,
        };
        RadioMap::from_parts(parts).map_err(|error| ImportError::damaged(self.path, error))
    }

    fn plane(&self) -> Result<MeasurementPlane, ImportError> {
        Ok(MeasurementPlane {
            center: self.numbers("plane_center")?,
            orientation: self.numbers("plane_orientation")?,
            size: self.numbers("plane_size")?,
            cell_size: self.numbers("cell_size")?,
        })
    }

    fn geometry(&self) -> Result<(Tensor<2>, Topology), ImportError> {
        let vertices = self.tensor::<2>("vertices")?;
        let num_vertices = vertices.dims()[0];
        let corners = self.any_array::<i32>("triangles")?;
        if corners.ndim() != 2 || corners.shape()[1] != 3 {
            return Err(self.refuse("triangles", "a row of three per triangle is needed"));
        }
        let known = |&corner: &i32| usize::try_from(corner).is_ok_and(|corner| corner < num_vertices);
        if !corners.iter().all(known) {
            return Err(self.refuse("triangles", "a triangle has a vertex that does not exist"));
        }
        let materials = self.array::<i32>("triangle_materials", &[corners.shape()[0]])?;
        if materials.iter().any(|&material| material < 0) {
            return Err(self.refuse("triangle_materials", "an index is below 0"));
        }
        let flat: Vec<u32> = corners.iter().map(|&corner| corner as u32).collect();
        let (triangles, _) = flat.as_chunks::<3>();
        let materials = materials.iter().map(|&material| material as u32).collect();
        Ok((vertices, Topology::new(triangles.to_vec(), materials, num_vertices)))
    }

    fn names(&self) -> Result<Vec<String>, ImportError> {
        let text: Vec<u8> = self.any_array::<u8>("tx_names")?.iter().copied().collect();
        serde_json::from_slice(&text).map_err(|error| self.refuse("tx_names", error))
    }

    fn gains(&self) -> Result<Tensor<3>, ImportError> {
        let gains = self.any_array::<f32>("path_gain")?;
        if gains.iter().any(|gain| !gain.is_finite() || *gain < 0.0) {
            return Err(self.refuse("path_gain", "a gain is below 0 or not finite"));
        }
        self.tensor("path_gain")
    }

    /// Two tensors that are both there or both not.
    fn pair<const A: usize, const B: usize>(
        &self,
        first: &str,
        second: &str,
    ) -> Result<Option<(Tensor<A>, Tensor<B>)>, ImportError> {
        if self.file.array(&self.full(first)).is_none() && self.file.array(&self.full(second)).is_none() {
            return Ok(None);
        }
        Ok(Some((self.tensor(first)?, self.tensor(second)?)))
    }

    /// What an array holds, if it is there.
    fn optional<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Self, &str) -> Result<T, ImportError>,
    ) -> Result<Option<T>, ImportError> {
        self.file.array(&self.full(name)).map(|_| read(self, name)).transpose()
    }

    fn tensor<const D: usize>(&self, name: &str) -> Result<Tensor<D>, ImportError> {
        let array = self.any_array::<f32>(name)?;
        let wrong =
            || self.refuse(name, format!("{D} dimensions are needed, but there are {}", array.ndim()));
        let shape: [usize; D] = array.shape().try_into().map_err(|_| wrong())?;
        if array.iter().any(|value| !value.is_finite()) {
            return Err(self.refuse(name, "a number is not finite"));
        }
        let values: Vec<f32> = array.iter().copied().collect();
        Ok(Tensor::from_data(TensorData::new(values, shape), self.device))
    }

    fn numbers<const N: usize>(&self, name: &str) -> Result<[f64; N], ImportError> {
        let array = self.array::<f64>(name, &[N])?;
        Ok(std::array::from_fn(|index| array[[index]]))
    }

    fn array<E: HostElement>(&self, name: &str, shape: &[usize]) -> Result<&ArrayD<E>, ImportError> {
        let array = self.any_array::<E>(name)?;
        if array.shape() == shape {
            return Ok(array);
        }
        Err(self.refuse(name, format!("the shape must be {shape:?}, but is {:?}", array.shape())))
    }

    fn any_array<E: HostElement>(&self, name: &str) -> Result<&ArrayD<E>, ImportError> {
        let array = self.file.array(&self.full(name)).ok_or_else(|| self.refuse(name, "there is none"))?;
        E::of(array).ok_or_else(|| self.refuse(name, "its elements have another type than a map's"))
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn refuse(&self, name: &str, message: impl ToString) -> ImportError {
        ImportError::array(self.path, &self.full(name), message)
    }
}
