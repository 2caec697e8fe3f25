//! Radio materials on the host.

use emberwave_formats::MaterialDescription;
pub use emberwave_formats::Permittivity;
use emberwave_physics::{ElectricalProperties, ItuClass, Real, itu_properties};
pub use emberwave_physics::{ItuEdition, OutOfRange};

use crate::error::{SceneError, require};

/// How materials of an ITU class are evaluated.
///
/// ```
/// use emberwave_scene::{ItuPolicy, OutOfRange, Permittivity, RadioMaterial};
/// let ground = RadioMaterial {
///     name: "lawn".into(),
///     permittivity: Permittivity::Itu { class: "wet_ground".into() },
///     thickness: 0.01,
///     scattering_coefficient: 0.0,
///     xpd_coefficient: 0.0,
/// };
/// assert!(ground.properties(28e9).is_err());
/// let clamp = ItuPolicy { out_of_range: OutOfRange::Clamp, ..ItuPolicy::default() };
/// assert_eq!(ground.properties_under(28e9, clamp)?, ground.properties(10e9)?);
/// # Ok::<(), emberwave_scene::SceneError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItuPolicy {
    /// Edition of ITU-R P.2040; by default the fourth.
    pub edition: ItuEdition,
    /// What holds at a frequency outside of a class's ranges; by default an error.
    pub out_of_range: OutOfRange,
}

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
    /// Relative permittivity and conductivity \[S/m\] at a frequency \[Hz\]: those of P.2040-4 for an ITU class.
    ///
    /// # Errors
    ///
    /// If the ITU class has no values at the frequency.
    pub fn properties(&self, frequency: f64) -> Result<(f64, f64), SceneError> {
        self.properties_under(frequency, ItuPolicy::default())
    }

    /// As [`Self::properties`], with a choice of edition and of what holds outside of an ITU class's ranges.
    ///
    /// # Errors
    ///
    /// If the ITU class has no values at the frequency, or an extrapolated permittivity is below 1.
    pub fn properties_under(&self, frequency: f64, policy: ItuPolicy) -> Result<(f64, f64), SceneError> {
        let properties = self.properties_of(frequency, policy)?;
        Ok((properties.relative_permittivity, properties.conductivity))
    }

    /// The same with numbers that may carry a derivative.
    pub(crate) fn properties_of<R: Real>(
        &self,
        frequency: R,
        policy: ItuPolicy,
    ) -> Result<ElectricalProperties<R>, SceneError> {
        let class = match &self.permittivity {
            Permittivity::Constant { relative_permittivity, conductivity } => {
                return Ok(ElectricalProperties {
                    relative_permittivity: R::from_f64(*relative_permittivity),
                    conductivity: R::from_f64(*conductivity),
                });
            }
            Permittivity::Itu { class } => class,
        };
        let of_class =
            |class: ItuClass| itu_properties(class, frequency, policy.edition, policy.out_of_range);
        let properties = class
            .parse()
            .and_then(of_class)
            .map_err(|source| SceneError::Material { material: self.name.clone(), source })?;
        let (eps, sigma) = (properties.relative_permittivity.to_f64(), properties.conductivity.to_f64());
        // Laws of the table hold in their ranges; far outside, some fall below that of the vacuum.
        let valid = eps >= 1.0 && eps.is_finite() && sigma.is_finite();
        let subject = || format!("material `{}` at {} GHz", self.name, frequency.to_f64() * 1e-9);
        require(valid, subject, "extrapolated relative_permittivity", "finite and at least 1", eps)?;
        Ok(properties)
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
