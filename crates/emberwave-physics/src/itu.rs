//! Electrical properties of building materials by frequency: the laws of ITU-R P.2040.
//!
//! ε_r = a f^b and σ = c f^d S/m with f in GHz; the coefficients are in the private module `table`.

mod table;

use std::fmt;
use std::str::FromStr;

use crate::error::PhysicsError;
use crate::real::Real;

/// A material class of ITU-R P.2040.
///
/// ```
/// use emberwave_physics::ItuClass;
/// assert_eq!("itu_concrete".parse(), Ok(ItuClass::Concrete));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each variant is the material it names
pub enum ItuClass {
    Vacuum,
    Concrete,
    Brick,
    Plasterboard,
    Wood,
    Glass,
    ClearAcrylic,
    CeilingBoard,
    Chipboard,
    Plywood,
    Marble,
    Floorboard,
    VinylTile,
    CarpetTile,
    AsphaltConcrete,
    Metal,
    VeryDryGround,
    MediumDryGround,
    WetGround,
}

impl ItuClass {
    /// All classes in the order of the recommendation.
    pub const ALL: [Self; 19] = [
        Self::Vacuum,
        Self::Concrete,
        Self::Brick,
        Self::Plasterboard,
        Self::Wood,
        Self::Glass,
        Self::ClearAcrylic,
        Self::CeilingBoard,
        Self::Chipboard,
        Self::Plywood,
        Self::Marble,
        Self::Floorboard,
        Self::VinylTile,
        Self::CarpetTile,
        Self::AsphaltConcrete,
        Self::Metal,
        Self::VeryDryGround,
        Self::MediumDryGround,
        Self::WetGround,
    ];

    /// Sionna RT's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vacuum => "vacuum",
            Self::Concrete => "concrete",
            Self::Brick => "brick",
            Self::Plasterboard => "plasterboard",
            Self::Wood => "wood",
            Self::Glass => "glass",
            Self::ClearAcrylic => "clear_acrylic",
            Self::CeilingBoard => "ceiling_board",
            Self::Chipboard => "chipboard",
            Self::Plywood => "plywood",
            Self::Marble => "marble",
            Self::Floorboard => "floorboard",
            Self::VinylTile => "vinyl_tile",
            Self::CarpetTile => "carpet_tile",
            Self::AsphaltConcrete => "asphalt_concrete",
            Self::Metal => "metal",
            Self::VeryDryGround => "very_dry_ground",
            Self::MediumDryGround => "medium_dry_ground",
            Self::WetGround => "wet_ground",
        }
    }

    /// The rows of the class in an edition, in table order; empty when the edition does not have the class.
    pub fn rows(self, edition: ItuEdition) -> impl Iterator<Item = &'static ItuRow> + Clone {
        let in_edition = move |row: &&ItuRow| edition == ItuEdition::P2040v4 || row.in_edition_3;
        table::ROWS.iter().filter(move |(class, _)| *class == self).map(|(_, row)| row).filter(in_edition)
    }
}

impl fmt::Display for ItuClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ItuClass {
    type Err = PhysicsError;

    /// A name, with or without the prefix `itu_` or `itu-` that scene files use.
    fn from_str(name: &str) -> Result<Self, PhysicsError> {
        let bare = name.strip_prefix("itu_").or_else(|| name.strip_prefix("itu-")).unwrap_or(name);
        let known = || PhysicsError::unknown("ITU material", name, Self::ALL.map(Self::name));
        Self::ALL.into_iter().find(|class| class.name() == bare).ok_or_else(known)
    }
}

/// Edition of ITU-R P.2040.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ItuEdition {
    /// P.2040-3: low bands only, except glass and ceiling board; what Sionna RT 1 has.
    P2040v3,
    /// P.2040-4: with the rows above 100 GHz; what Sionna RT 2.2 has.
    #[default]
    P2040v4,
}

impl ItuEdition {
    /// The name of the recommendation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P2040v3 => "P.2040-3",
            Self::P2040v4 => "P.2040-4",
        }
    }
}

/// What to do at a frequency for which the table has no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OutOfRange {
    /// Refuse.
    #[default]
    Error,
    /// Take ε_r and σ at the nearest end of a range (nearest in log f, the earlier row on ties).
    Clamp,
    /// Apply the law of the nearest range at the frequency itself.
    Extrapolate,
}

/// One row of the table: the law of a class in a range of frequencies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItuRow {
    /// First and last frequency in GHz, both included.
    pub range_ghz: [f64; 2],
    /// Factor of ε_r.
    pub a: f64,
    /// Exponent of ε_r.
    pub b: f64,
    /// Factor of σ in S/m.
    pub c: f64,
    /// Exponent of σ.
    pub d: f64,
    /// Whether the row is in P.2040-3 already.
    pub(crate) in_edition_3: bool,
}

impl ItuRow {
    /// Evaluates the law at a frequency in Hz, whether in range or not. Differentiable in the frequency.
    pub fn evaluate<R: Real>(&self, frequency: R) -> ElectricalProperties<R> {
        let f = frequency * R::from_f64(1e-9);
        let power = |factor: f64, exponent: f64| {
            let factor = R::from_f64(factor);
            if exponent == 0.0 { factor } else { factor * f.powf(exponent) }
        };
        ElectricalProperties {
            relative_permittivity: power(self.a, self.b),
            conductivity: power(self.c, self.d),
        }
    }

    /// How far a frequency is outside of the range, as a logarithm of a ratio.
    fn distance(&self, frequency_ghz: f64) -> f64 {
        let [low, high] = self.range_ghz;
        (low / frequency_ghz).max(frequency_ghz / high).ln().max(0.0)
    }
}

/// Real relative permittivity and conductivity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ElectricalProperties<R> {
    /// ε_r, at least 1 for every row of the table within its range.
    pub relative_permittivity: R,
    /// σ in S/m.
    pub conductivity: R,
}

/// ε_r and σ of a class at a frequency in Hz.
///
/// The first row in table order whose range has the frequency is taken. Differentiable in the frequency within a row.
/// Source: ITU-R P.2040-4, table of material properties (P.2040-3 by choice).
///
/// # Errors
/// A frequency that is not positive and finite, a class that the edition lacks, or, under [`OutOfRange::Error`], a
/// frequency in none of the ranges.
///
/// ```
/// use emberwave_physics::{ItuClass, ItuEdition, OutOfRange, itu_properties};
/// let concrete = itu_properties(ItuClass::Concrete, 3.5e9f64, ItuEdition::default(), OutOfRange::Error)?;
/// assert_eq!(concrete.relative_permittivity, 5.24);
/// assert!((concrete.conductivity - 0.1231).abs() < 1e-4);
/// # Ok::<(), emberwave_physics::PhysicsError>(())
/// ```
pub fn itu_properties<R: Real>(
    class: ItuClass,
    frequency: R,
    edition: ItuEdition,
    policy: OutOfRange,
) -> Result<ElectricalProperties<R>, PhysicsError> {
    let hertz = frequency.to_f64();
    if !(hertz.is_finite() && hertz > 0.0) {
        return Err(PhysicsError::InvalidFrequency(hertz));
    }
    // An f32 frequency has a relative error of 6·10⁻⁸, which must not put 100 GHz outside of a range.
    const SLACK: f64 = 1e-7;
    let ghz = hertz / 1e9;
    let mut nearest: Option<(&ItuRow, f64)> = None;
    for row in class.rows(edition) {
        let distance = row.distance(ghz);
        if distance <= SLACK {
            return Ok(row.evaluate(frequency));
        }
        if nearest.is_none_or(|(_, least)| distance < least) {
            nearest = Some((row, distance));
        }
    }
    let Some((row, _)) = nearest else {
        return Err(PhysicsError::NotInEdition { class: class.name(), edition: edition.name() });
    };
    match policy {
        OutOfRange::Error => Err(out_of_range(class, edition, ghz)),
        OutOfRange::Extrapolate => Ok(row.evaluate(frequency)),
        OutOfRange::Clamp => {
            let [low, high] = row.range_ghz;
            Ok(row.evaluate(R::from_f64(ghz.clamp(low, high) * 1e9)))
        }
    }
}

fn out_of_range(class: ItuClass, edition: ItuEdition, frequency_ghz: f64) -> PhysicsError {
    let show = |row: &ItuRow| format!("{}–{}", row.range_ghz[0], row.range_ghz[1]);
    let ranges = class.rows(edition).map(show).collect::<Vec<_>>().join(", ");
    PhysicsError::FrequencyOutOfRange { class: class.name(), frequency_ghz, ranges }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(class: ItuClass, ghz: f64, policy: OutOfRange) -> Result<ElectricalProperties<f64>, PhysicsError> {
        itu_properties(class, ghz * 1e9, ItuEdition::P2040v4, policy)
    }

    #[test]
    fn the_table_has_38_rows_and_19_classes() {
        assert_eq!(table::ROWS.len(), 38);
        assert!(ItuClass::ALL.iter().all(|class| class.rows(ItuEdition::P2040v4).count() > 0));
        let edition_3 =
            ItuClass::ALL.iter().map(|class| class.rows(ItuEdition::P2040v3).count()).sum::<usize>();
        assert_eq!(edition_3, 17);
    }

    #[test]
    fn an_error_names_class_frequency_and_ranges() {
        let error = at(ItuClass::Brick, 60.0, OutOfRange::Error).map_err(|e| e.to_string());
        let text = error.err().unwrap_or_default();
        for part in ["brick", "60 GHz", "1–40, 110–330"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn policies_clamp_to_the_edge_or_apply_the_law() {
        let edge = at(ItuClass::Brick, 40.0, OutOfRange::Error);
        assert_eq!(at(ItuClass::Brick, 60.0, OutOfRange::Clamp), edge);
        let beyond = at(ItuClass::Brick, 60.0, OutOfRange::Extrapolate).map(|p| p.conductivity);
        assert!(beyond.is_ok_and(|c| (c - 0.0238 * 60.0f64.powf(0.16)).abs() < 1e-15));
    }

    #[test]
    fn editions_differ() {
        let acrylic = itu_properties(ItuClass::ClearAcrylic, 1e9f64, ItuEdition::P2040v3, OutOfRange::Clamp);
        assert!(matches!(acrylic, Err(PhysicsError::NotInEdition { .. })));
        let concrete = itu_properties(ItuClass::Concrete, 140e9f64, ItuEdition::P2040v3, OutOfRange::Error);
        assert!(matches!(concrete, Err(PhysicsError::FrequencyOutOfRange { .. })));
    }

    #[test]
    fn bad_frequencies_are_refused() {
        for ghz in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                at(ItuClass::Wood, ghz, OutOfRange::Extrapolate),
                Err(PhysicsError::InvalidFrequency(_))
            ));
        }
    }

    #[test]
    fn single_precision_reaches_the_ends_of_a_range() {
        for ghz in [1.0f32, 100.0] {
            let concrete =
                itu_properties(ItuClass::Concrete, ghz * 1e9, ItuEdition::P2040v4, OutOfRange::Error);
            assert!(concrete.is_ok());
        }
    }

    #[test]
    fn names_are_read_back_and_unknown_ones_list_the_known() {
        for class in ItuClass::ALL {
            assert_eq!(class.to_string().parse(), Ok(class));
        }
        let error = "granite".parse::<ItuClass>().map_err(|e| e.to_string()).err().unwrap_or_default();
        assert!(error.contains("granite") && error.contains("wet_ground"), "{error}");
    }
}
