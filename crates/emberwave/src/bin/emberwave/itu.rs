//! Choices about ITU-R P.2040 by the names that flags and run files give them.

use std::str::FromStr;

use clap::Args;
use emberwave::scene::{ItuEdition, ItuPolicy, OutOfRange};

/// `error`, `clamp` or `extrapolate`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedOutOfRange(pub(crate) OutOfRange);

/// `3` or `4`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedEdition(pub(crate) ItuEdition);

impl FromStr for NamedOutOfRange {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "error" => Ok(Self(OutOfRange::Error)),
            "clamp" => Ok(Self(OutOfRange::Clamp)),
            "extrapolate" => Ok(Self(OutOfRange::Extrapolate)),
            _ => Err(format!("`{name}` is not known (known: error, clamp, extrapolate)")),
        }
    }
}

impl FromStr for NamedEdition {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "3" => Ok(Self(ItuEdition::P2040v3)),
            "4" => Ok(Self(ItuEdition::P2040v4)),
            _ => Err(format!("`{name}` is not known (known: 3, 4)")),
        }
    }
}

/// The name of a policy.
pub(crate) fn out_of_range_name(policy: OutOfRange) -> &'static str {
    match policy {
        OutOfRange::Error => "error",
        OutOfRange::Clamp => "clamp",
        OutOfRange::Extrapolate => "extrapolate",
    }
}

/// The number of an edition.
pub(crate) fn edition_number(edition: ItuEdition) -> u8 {
    match edition {
        ItuEdition::P2040v3 => 3,
        ItuEdition::P2040v4 => 4,
    }
}

/// Flags about materials of ITU-R P.2040.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Materials")]
pub(crate) struct ItuArguments {
    /// What holds where an ITU material is not defined: error, clamp to the nearest frequency that is, or extrapolate
    /// the law of the nearest range [default: error]
    #[arg(long, value_name = "POLICY")]
    pub(crate) itu_out_of_range: Option<NamedOutOfRange>,
    /// Edition of ITU-R P.2040, 3 or 4 [default: 4]
    #[arg(long, value_name = "N")]
    pub(crate) itu_edition: Option<NamedEdition>,
}

impl ItuArguments {
    /// Takes over what flags say.
    pub(crate) fn apply(self, policy: &mut ItuPolicy) {
        policy.out_of_range = self.itu_out_of_range.map_or(policy.out_of_range, |named| named.0);
        policy.edition = self.itu_edition.map_or(policy.edition, |named| named.0);
    }
}
