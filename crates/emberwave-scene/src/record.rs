//! The parameters of a scene in a file.

use std::path::Path;

use burn::module::Module;
use burn::store::{ModuleRecord, RecordError};

use crate::error::SceneError;
use crate::scene::Scene;

impl Scene {
    /// Saves the parameters (vertices, materials at the scene's frequency, transmitters) in Burn's format.
    ///
    /// The file is written beside and renamed. Of constrained parameters it holds the values, where [`Module::save_file`]
    /// writes the free numbers behind them.
    ///
    /// # Errors
    ///
    /// If a parameter is out of range or the file cannot be written.
    pub fn save_parameters(&self, path: impl AsRef<Path>) -> Result<(), SceneError> {
        let path = path.as_ref();
        let current = self.checked()?;
        let mut scene = self.clone().no_grad().materialize();
        scene.materials = scene.materials.holding(&current.materials, self.frequency());
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(name);
        let written = scene.into_record().save(&beside).map_err(|error| refused(path, &error));
        let renamed = written.and_then(|()| {
            std::fs::rename(&beside, path)
                .map_err(|error| SceneError::Parameters { path: path.to_owned(), reason: error.to_string() })
        });
        if renamed.is_err() {
            // What is left of the failure is worth no second error.
            let _ = std::fs::remove_file(&beside);
        }
        renamed
    }

    /// Takes the parameters from a file of [`Self::save_parameters`], keeping what is trained and constrained.
    ///
    /// Values that differ from the scene's description are constants from then on. Their ranges are checked by
    /// [`Self::validate`] and before every solve.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or holds free numbers, or is of a scene with other numbers of vertices, materials or transmitters.
    pub fn load_parameters(self, path: impl AsRef<Path>) -> Result<Self, SceneError> {
        let path = path.as_ref();
        let record = ModuleRecord::load(path).map_err(|error| refused(path, &error))?;
        let loaded = self.clone().no_grad().materialize().try_load_record(record);
        let loaded = loaded.map_err(|error| refused(path, &error))?;
        Ok(self.with_values_of(&loaded))
    }
}

fn refused(path: &Path, error: &RecordError) -> SceneError {
    let reason = match error {
        RecordError::Io(reason) => reason.clone(),
        RecordError::Validation(reason) => format!("it is of another scene: {reason}"),
    };
    SceneError::Parameters { path: path.to_owned(), reason: reason.replace('\n', " ") }
}
