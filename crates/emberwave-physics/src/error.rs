//! What can be wrong with a physical input.

/// An input that has no physical meaning, or a name that is not known.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PhysicsError {
    /// A name that is none of the known ones.
    #[error("unknown {what} `{name}` (known: {known})")]
    UnknownName {
        /// What the name should have been the name of.
        what: &'static str,
        /// The name as given.
        name: String,
        /// The known names, separated by commas.
        known: String,
    },
    /// A frequency outside of the ranges for which ITU-R P.2040 has a row.
    #[error(
        "ITU material `{class}` is not defined at {frequency_ghz} GHz (defined: {ranges} GHz); \
         choose another frequency, give the permittivity and conductivity, or set the policy to clamp or extrapolate"
    )]
    FrequencyOutOfRange {
        /// The material class.
        class: &'static str,
        /// The frequency asked for, in GHz.
        frequency_ghz: f64,
        /// The ranges of the class in GHz.
        ranges: String,
    },
    /// A frequency that is not a positive finite number.
    #[error("frequency must be positive and finite, not {0} Hz")]
    InvalidFrequency(f64),
    /// A class that the chosen edition of ITU-R P.2040 does not have.
    #[error("ITU material `{class}` is not in edition {edition} of the recommendation")]
    NotInEdition {
        /// The material class.
        class: &'static str,
        /// The edition.
        edition: &'static str,
    },
}

impl PhysicsError {
    /// An [`UnknownName`](Self::UnknownName) that lists the known names.
    pub(crate) fn unknown(
        what: &'static str,
        name: &str,
        known: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let known = known.into_iter().map(|k| k.as_ref().to_string()).collect::<Vec<_>>().join(", ");
        Self::UnknownName { what, name: name.to_string(), known }
    }
}
