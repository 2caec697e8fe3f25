//! Materials that a run changes.

use emberwave::scene::{Permittivity, RadioMaterial, Scene};

use crate::failure::Failure;

/// The name that means all materials.
pub(crate) const ALL: &str = "*";

/// Properties of a material, or of all, that differ from the scene file's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MaterialOverride {
    /// Where it is written, as in `run.toml:12`.
    pub(crate) location: String,
    pub(crate) name: String,
    pub(crate) relative_permittivity: Option<f64>,
    pub(crate) conductivity: Option<f64>,
    pub(crate) thickness: Option<f64>,
    pub(crate) scattering_coefficient: Option<f64>,
}

impl MaterialOverride {
    fn matches(&self, material: &RadioMaterial) -> bool {
        self.name == ALL || self.name == material.name
    }

    /// Tells of what the change does less than it may seem to.
    pub(super) fn warning(&self) -> Option<String> {
        let scattering = self.scattering_coefficient.filter(|&scattering| scattering > 0.0)?;
        Some(format!(
            "{}: material `{}`: scattering_coefficient is {scattering}: while diffuse reflection is off it only \
             scales specular reflection by sqrt(1 - S^2)",
            self.location, self.name
        ))
    }

    /// A property that is not given keeps its value; of permittivity and conductivity, the one that is not given
    /// keeps its value at the scene's frequency.
    fn change(&self, material: &mut RadioMaterial, scene: &Scene) -> Result<(), Failure> {
        let permittivity = match (self.relative_permittivity, self.conductivity) {
            (None, None) => None,
            (Some(relative_permittivity), Some(conductivity)) => Some((relative_permittivity, conductivity)),
            (relative_permittivity, conductivity) => {
                let old = material
                    .properties_under(scene.frequency(), scene.itu_policy())
                    .map_err(|error| Failure::input(format!("{}: {error}", self.location)))?;
                Some((relative_permittivity.unwrap_or(old.0), conductivity.unwrap_or(old.1)))
            }
        };
        if let Some((relative_permittivity, conductivity)) = permittivity {
            material.permittivity = Permittivity::Constant { relative_permittivity, conductivity };
        }
        material.thickness = self.thickness.unwrap_or(material.thickness);
        material.scattering_coefficient =
            self.scattering_coefficient.unwrap_or(material.scattering_coefficient);
        Ok(())
    }
}

/// Changes a scene's materials: those meant by `*` first, then those named.
pub(super) fn apply(overrides: &[MaterialOverride], mut scene: Scene) -> Result<Scene, Failure> {
    let known = |name: &str| name == ALL || scene.materials().iter().any(|material| material.name == name);
    if let Some(stray) = overrides.iter().find(|change| !known(&change.name)) {
        let names: Vec<&str> = scene.materials().iter().map(|material| material.name.as_str()).collect();
        return Err(Failure::input(format!(
            "{}: the scene has no material `{}` (it has: {})",
            stray.location,
            stray.name,
            names.join(", ")
        )));
    }
    for mut material in scene.materials().to_vec() {
        let (general, named): (Vec<_>, Vec<_>) = overrides
            .iter()
            .filter(|change| change.matches(&material))
            .partition(|change| change.name == ALL);
        if general.is_empty() && named.is_empty() {
            continue;
        }
        for change in general.into_iter().chain(named) {
            change.change(&mut material, &scene)?;
        }
        scene = scene.with_material(material)?;
    }
    Ok(scene)
}
