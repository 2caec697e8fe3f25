//! What a scene file says about a material.

/// A radio material as a scene file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct MaterialDescription {
    /// The name that Sionna reports: the id of the `bsdf` without a leading `mat-`.
    pub name: String,
    /// Where permittivity and conductivity come from.
    pub permittivity: Permittivity,
    /// Thickness of the slab \[m\], finite and at least 0; default 0.1.
    pub thickness: f64,
    /// Scattering coefficient S in \[0, 1\]; default 0.
    pub scattering_coefficient: f64,
    /// Cross-polarisation discrimination coefficient K_x in \[0, 1\]; default 0.
    pub xpd_coefficient: f64,
    /// Shape of the diffuse reflection; default Lambertian.
    pub scattering_pattern: ScatteringPatternDescription,
}

impl MaterialDescription {
    /// Thickness of a material that does not state one \[m\], as in Sionna.
    pub const DEFAULT_THICKNESS: f64 = 0.1;
}

/// Where a material's permittivity and conductivity come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Permittivity {
    /// A row of the table of ITU-R P.2040, evaluated at the scene's frequency.
    Itu {
        /// One of [`ITU_CLASSES`](crate::ITU_CLASSES).
        class: String,
    },
    /// Numbers that hold at every frequency.
    Constant {
        /// Real part ε_r, at least 1.
        relative_permittivity: f64,
        /// Conductivity σ \[S/m\], at least 0.
        conductivity: f64,
    },
}

/// The shape of a material's diffuse reflection.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ScatteringPatternDescription {
    /// cos θ_s / π.
    #[default]
    Lambertian,
    /// A lobe around the specular direction.
    Directive {
        /// Width of the lobe, at least 1; larger is narrower.
        alpha_r: u32,
    },
    /// A lobe around the specular direction and one back to the source.
    Backscattering {
        /// Width of the specular lobe, at least 1.
        alpha_r: u32,
        /// Width of the lobe back to the source, at least 1.
        alpha_i: u32,
        /// Share Λ of the specular lobe in \[0, 1\].
        lambda_: f64,
    },
}
