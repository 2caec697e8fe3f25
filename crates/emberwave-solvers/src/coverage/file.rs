//! Coverages in files of safetensors.

use std::path::Path;
use std::sync::Arc;

use emberwave_kernels::{CoverageParts, Events, TransmitterParts};
use safetensors::SafeTensors;

use super::rows::{Stored, one_row, rows};
use super::{Coverage, CoverageError};

/// Version of the layout below.
const VERSION: u32 = 1;

impl Coverage {
    /// Saves it as safetensors; the file is written beside and renamed.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CoverageError> {
        let path = path.as_ref();
        let refused = |source| CoverageError::Write { path: path.to_owned(), source };
        let bytes = safetensors::serialize(self.arrays(), None)
            .map_err(|error| refused(std::io::Error::other(error.to_string())))?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(name);
        let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
        if written.is_err() {
            // What is left of the failure is worth no second error.
            let _ = std::fs::remove_file(&beside);
        }
        written.map_err(refused)
    }

    /// Loads what [`Self::save`] wrote. Whether it fits a scene is checked where it is evaluated.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or does not hold a coverage.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CoverageError> {
        let path = path.as_ref();
        let bytes =
            std::fs::read(path).map_err(|source| CoverageError::Read { path: path.to_owned(), source })?;
        let file = SafeTensors::deserialize(&bytes).map_err(|error| CoverageError::damaged(path, error))?;
        Self::from_arrays(&file).map_err(|message| CoverageError::damaged(path, message))
    }

    fn arrays(&self) -> Vec<(String, Stored)> {
        let parts = self.lists.to_parts();
        let Events { los, specular_reflection, refraction } = self.events;
        let [low, high] = [parts.fingerprint as u32, (parts.fingerprint >> 32) as u32];
        let header = [
            VERSION,
            low,
            high,
            self.max_depth,
            los.into(),
            specular_reflection.into(),
            refraction.into(),
            parts.transmitters.len() as u32,
        ];
        let materials: Vec<[u32; 1]> = parts.wall_materials.iter().map(|&material| [material]).collect();
        let mut arrays = vec![
            ("coverage".to_owned(), Stored::new(&[header])),
            ("center".to_owned(), Stored::new(&[parts.center])),
            ("wall_normals".to_owned(), Stored::new(&parts.wall_normals)),
            ("wall_materials".to_owned(), Stored::new(&materials)),
            ("surfaces".to_owned(), Stored::new(&parts.surfaces)),
            ("grids".to_owned(), Stored::new(&parts.grids)),
        ];
        for (index, transmitter) in parts.transmitters.iter().enumerate() {
            let name = |what: &str| format!("transmitter_{index}.{what}");
            arrays.push((name("position"), Stored::new(&[transmitter.position])));
            arrays.push((name("steps"), Stored::new(&transmitter.steps)));
            arrays.push((name("images"), Stored::new(&transmitter.images)));
            arrays.push((name("fragments"), Stored::new(&transmitter.fragments)));
            arrays.push((name("areas"), Stored::new(&transmitter.areas)));
        }
        arrays
    }

    fn from_arrays(file: &SafeTensors<'_>) -> Result<Self, String> {
        let [version, low, high, max_depth, los, specular_reflection, refraction, num_tx] =
            one_row::<u32, 8>(file, "coverage")?;
        if version != VERSION {
            return Err(format!("it is of version {version}, but only {VERSION} is known"));
        }
        let transmitter = |index: u32| {
            let name = |what: &str| format!("transmitter_{index}.{what}");
            Ok(TransmitterParts {
                position: one_row(file, &name("position"))?,
                steps: rows(file, &name("steps"))?,
                images: rows(file, &name("images"))?,
                fragments: rows(file, &name("fragments"))?,
                areas: rows(file, &name("areas"))?,
                ..TransmitterParts::default()
            })
        };
        let parts = CoverageParts {
            center: one_row(file, "center")?,
            wall_normals: rows(file, "wall_normals")?,
            wall_materials: rows(file, "wall_materials")?.into_iter().map(|[material]| material).collect(),
            surfaces: rows(file, "surfaces")?,
            grids: rows(file, "grids")?,
            transmitters: (0..num_tx).map(transmitter).collect::<Result<_, String>>()?,
            fingerprint: u64::from(high) << 32 | u64::from(low),
            ..CoverageParts::default()
        };
        Ok(Self {
            lists: Arc::new(emberwave_kernels::Coverage::from_parts(&parts)?),
            events: Events {
                los: los != 0,
                specular_reflection: specular_reflection != 0,
                refraction: refraction != 0,
            },
            max_depth,
        })
    }
}
