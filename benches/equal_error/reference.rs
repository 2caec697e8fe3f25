//! The converged map that errors are measured against.

use std::fs::File;
use std::path::{Path, PathBuf};

use emberwave::prelude::*;
use ndarray::Array1;
use ndarray_npy::{NpzReader, NpzWriter};

use crate::setting::{Setting, solve};

/// Most rays of one of the maps that are averaged.
const RAYS_PER_MAP: u64 = 20_000_000;

/// Fewest maps that are averaged: the standard error is found from their spread.
const FEWEST_MAPS: u64 = 32;

/// Seeds from here on are the reference's; what is measured against it uses smaller ones.
const FIRST_SEED: u64 = 1 << 32;

/// Mean over many independently rotated lattices of `cell` rays.
pub struct Reference {
    /// Path gain by cell.
    pub mean: Vec<f64>,
    /// Standard error of the mean by cell.
    pub standard_error: Vec<f64>,
}

impl Reference {
    /// The reference from about `rays` rays, read from its file in the target directory where it has been made before.
    ///
    /// The file knows the scene file, transmitter, kinds of paths, depth and rays, but not the program that made it:
    /// remove `target/tmp/equal_error` when the physics has changed.
    pub fn of(setting: &Setting, scene: &Scene, rays: u64) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equal_error");
        let path = folder.join(format!("{}-{:.2e}.npz", setting.key(), rays as f64));
        if let Some(reference) = Self::read(&path) {
            return reference;
        }
        eprintln!("making the reference {}", path.display());
        let reference = Self::make(&setting.config(), scene, rays);
        std::fs::create_dir_all(&folder).expect("the target directory can be written");
        reference.write(&path);
        reference
    }

    fn make(config: &RadioMapSolverConfig, scene: &Scene, rays: u64) -> Self {
        let maps = rays.div_ceil(RAYS_PER_MAP).max(FEWEST_MAPS);
        let (mut mean, mut squares) = (Vec::new(), Vec::new());
        for map in 0..maps {
            let config = config.clone().with_samples_per_tx(rays.div_ceil(maps)).with_seed(FIRST_SEED + map);
            let values = solve(config, scene);
            mean.resize(values.len(), 0.0);
            squares.resize(values.len(), 0.0);
            for ((mean, squares), value) in mean.iter_mut().zip(&mut squares).zip(values) {
                let step = value - *mean;
                *mean += step / (map + 1) as f64;
                *squares += step * (value - *mean);
            }
        }
        let scale = 1.0 / (maps * (maps - 1)) as f64;
        let standard_error = squares.iter().map(|squares: &f64| (squares * scale).sqrt()).collect();
        Self { mean, standard_error }
    }

    fn read(path: &Path) -> Option<Self> {
        let mut archive = NpzReader::new(File::open(path).ok()?).ok()?;
        let mut column = |name| archive.by_name(name).ok().map(|column: Array1<f64>| column.to_vec());
        Some(Self { mean: column("mean")?, standard_error: column("standard_error")? })
    }

    /// Written beside and renamed, so that a file is never half-written.
    fn write(&self, path: &Path) {
        let beside = PathBuf::from(format!("{}.{}", path.display(), std::process::id()));
        let mut archive = NpzWriter::new(File::create(&beside).expect("the target directory can be written"));
        for (name, column) in [("mean", &self.mean), ("standard_error", &self.standard_error)] {
            archive.add_array(name, &Array1::from(column.clone())).expect("the reference can be written");
        }
        archive.finish().expect("the reference can be written");
        std::fs::rename(&beside, path).expect("the reference can be renamed");
    }
}
