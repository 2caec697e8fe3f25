//! Radio materials on the host.

use emberwave_formats::MaterialDescription;
pub use emberwave_formats::Permittivity;
use emberwave_physics::{ItuClass, ItuEdition, OutOfRange, itu_properties};

use crate::error::{SceneError, require};

/// A radio material: a slab in air with a complex permittivity.
#[derive(Clone, Debug, PartialEq)]
pub struct RadioMaterial {
    /// Unique name.
    pub name: String,
    /// Constant, or a class of ITU-R P.2040 whose values follow the frequency.
    pub permittivity: Permittivity,
    /// Thickness of the slab \[m\]; 0 is transparent.
    pub thickness: f64,
    /// Share S of the reflected amplitude that is scattered diffusely, in \[0, 1\].
    pub scattering_coefficient: f64,
    /// Share K_x of the scattered power that changes polarisation, in \[0, 1\].
    pub xpd_coefficient: f64,
}

impl RadioMaterial {
    /// Relative permittivity and conductivity \[S/m\] at a frequency \[Hz\].
    ///
    /// # Errors
    ///
    /// If the ITU class has no values at the frequency.
    pub fn properties(&self, frequency: f64) -> Result<(f64, f64), SceneError> {
        match &self.permittivity {
            Permittivity::Constant { relative_permittivity, conductivity } => {
                Ok((*relative_permittivity, *conductivity))
            }
            Permittivity::Itu { class } => {
                let of_class = |class: ItuClass| {
                    itu_properties(class, frequency, ItuEdition::default(), OutOfRange::default())
                };
                let properties = class
                    .parse()
                    .and_then(of_class)
                    .map_err(|source| SceneError::Material { material: self.name.clone(), source })?;
                Ok((properties.relative_permittivity, properties.conductivity))
            }
        }
    }

    pub(crate) fn validate(&self) -> Result<(), SceneError> {
        let subject = || format!("material `{}`", self.name);
        let unit = |x: f64| (0.0..=1.0).contains(&x);
        if let Permittivity::Constant { relative_permittivity, conductivity } = self.permittivity {
            let valid = relative_permittivity.is_finite() && relative_permittivity >= 1.0;
            require(valid, subject, "relative_permittivity", "finite and at least 1", relative_permittivity)?;
            let valid = conductivity.is_finite() && conductivity >= 0.0;
            require(valid, subject, "conductivity", "finite and at least 0", conductivity)?;
        }
        let valid = self.thickness.is_finite() && self.thickness >= 0.0;
        require(valid, subject, "thickness", "finite and at least 0", self.thickness)?;
        let (s, k) = (self.scattering_coefficient, self.xpd_coefficient);
        require(unit(s), subject, "scattering_coefficient", "between 0 and 1", s)?;
        require(unit(k), subject, "xpd_coefficient", "between 0 and 1", k)
    }
}

impl From<MaterialDescription> for RadioMaterial {
    fn from(description: MaterialDescription) -> Self {
        Self {
            name: description.name,
            permittivity: description.permittivity,
            thickness: description.thickness,
            scattering_coefficient: description.scattering_coefficient,
            xpd_coefficient: description.xpd_coefficient,
        }
    }
}
