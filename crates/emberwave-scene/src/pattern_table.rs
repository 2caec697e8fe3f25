//! What the elements of transmitters radiate: named patterns and tables.

use std::sync::Arc;

use emberwave_physics::units::linear_from_db;
use emberwave_physics::{AntennaPattern, Complex, PATTERN_COLUMNS, PatternGrid};

use crate::error::{SceneError, require};

/// Largest real or imaginary part of a field in a table: 120 dBi.
const MAX_FIELD: f32 = 1e6;

/// The far field of an antenna element without slant.
#[derive(Clone, Debug, PartialEq)]
pub enum TransmitterPattern {
    /// A named pattern, vertically polarised.
    Named(AntennaPattern),
    /// A measured or learned one.
    Table(PatternTable),
}

impl TransmitterPattern {
    /// The pattern's name; `table` for a table.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Named(pattern) => pattern.name(),
            Self::Table(_) => "table",
        }
    }
}

impl Default for TransmitterPattern {
    fn default() -> Self {
        AntennaPattern::default().into()
    }
}

impl From<AntennaPattern> for TransmitterPattern {
    fn from(pattern: AntennaPattern) -> Self {
        Self::Named(pattern)
    }
}

impl From<PatternTable> for TransmitterPattern {
    fn from(table: PatternTable) -> Self {
        Self::Table(table)
    }
}

/// A table of the complex far field (C_θ, C_φ) of one element without slant, in the antenna's frame (boresight +x,
/// θ from +z).
///
/// |C_θ|² + |C_φ|² is the gain relative to an isotropic antenna. Rows are at θ = 0 … π, both included, columns at φ = 0,
/// 2π/columns, …, over a full turn. Between entries real and imaginary parts are bilinear in θ and φ, so the error of a smooth
/// field falls with the square of the steps. At the poles the first column counts; a row there holds the limit
/// along each meridian. A table does not follow the frequency.
///
/// Clones share the table, also as a parameter that is trained: see
/// [`Scene::train_pattern_tables`](crate::Scene::train_pattern_tables). All tables of a scene must have the same
/// shape. What is wrong with a table is reported by [`Scene::validate`](crate::Scene::validate) and before every
/// solve.
///
/// ```
/// use emberwave_scene::{PatternTable, Transmitter};
/// // 6 dBi in front, 0 dBi elsewhere, by steps of 45° and 90°.
/// let gains = (0..5 * 4).map(|entry| if entry % 4 == 0 { 6.0 } else { 0.0 });
/// let table = PatternTable::from_gains_dbi([5, 4], gains);
/// assert!((table.fields()[0][0] - 1.9953).abs() < 1e-4); // 10^(6/20)
/// let tx = Transmitter::new("tx", [0.0, 0.0, 20.0]).with_pattern(table);
/// assert_eq!(tx.pattern.name(), "table");
/// ```
#[derive(Clone, Debug)]
pub struct PatternTable {
    shape: [usize; 2],
    fields: Arc<[[f32; PATTERN_COLUMNS]]>,
}

impl PatternTable {
    /// From fields (C_θ, C_φ), row after row, of so many rows and columns.
    #[must_use]
    pub fn new(shape: [usize; 2], fields: impl IntoIterator<Item = [Complex<f64>; 2]>) -> Self {
        let parts = |[theta, phi]: [Complex<f64>; 2]| [theta.re, theta.im, phi.re, phi.im].map(|x| x as f32);
        Self { shape, fields: fields.into_iter().map(parts).collect() }
    }

    /// From gains \[dBi\] of a vertically polarised element (C_φ = 0, no phase), row after row; −∞ is no field.
    #[must_use]
    pub fn from_gains_dbi(shape: [usize; 2], gains: impl IntoIterator<Item = f64>) -> Self {
        let field = |gain: f64| [Complex::from_real(linear_from_db(gain).sqrt()), Complex::ZERO];
        Self::new(shape, gains.into_iter().map(field))
    }

    /// From a function of θ in \[0, π\] and φ in \[0, 2π) \[rad\] that gives (C_θ, C_φ).
    #[must_use]
    pub fn sampled(shape: [usize; 2], field: impl Fn(f64, f64) -> [Complex<f64>; 2]) -> Self {
        let grid = PatternGrid { rows: shape[0], columns: shape[1] };
        let at = |entry: usize| {
            let [theta, phi] = grid.angles(entry);
            field(theta, phi)
        };
        Self::new(shape, (0..grid.len()).map(at))
    }

    /// Rows (zenith angles) and columns (azimuths).
    #[must_use]
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// Re C_θ, Im C_θ, Re C_φ, Im C_φ of every entry, row after row.
    #[must_use]
    pub fn fields(&self) -> &[[f32; PATTERN_COLUMNS]] {
        &self.fields
    }

    /// Whether there is a field for each pair of angles, and there are enough of both.
    pub(crate) fn is_filled(&self) -> bool {
        let [rows, columns] = self.shape;
        rows >= 2 && columns >= 1 && rows.checked_mul(columns) == Some(self.fields.len())
    }

    /// Whether the other is a clone of this one.
    pub(crate) fn is_clone_of(&self, other: &Self) -> bool {
        self.shape == other.shape && Arc::ptr_eq(&self.fields, &other.fields)
    }

    /// The same table with other values; itself if they are the same.
    pub(crate) fn with_values(&self, values: &[f32]) -> Self {
        let (fields, _) = values.as_chunks();
        if fields == &*self.fields { self.clone() } else { Self { shape: self.shape, fields: fields.into() } }
    }

    pub(crate) fn validate(&self, subject: impl Fn() -> String) -> Result<(), SceneError> {
        let [rows, columns] = self.shape;
        let expected = "a table of at least 2 zenith angles and 1 azimuth";
        let shape = format_args!("of {rows} and {columns}");
        require(rows >= 2 && columns >= 1, &subject, "pattern", expected, shape)?;
        let count = self.fields.len();
        let shape = format_args!("{count} for {rows} zenith angles and {columns} azimuths");
        require(
            self.is_filled(),
            &subject,
            "pattern",
            "a table with a field for each pair of angles",
            shape,
        )?;
        let sane = |field: &[f32; PATTERN_COLUMNS]| field.iter().all(|part| part.abs() <= MAX_FIELD);
        let wrong = self.fields.iter().position(|field| !sane(field));
        let at = wrong.map(|entry| (entry / columns, entry % columns, self.fields[entry]));
        let value = at.map(|(row, column, field)| format!("{field:?} in row {row}, column {column}"));
        let value = value.unwrap_or_default();
        let expected = "a table of finite fields of at most 1e6";
        require(wrong.is_none(), subject, "pattern", expected, format_args!("{value}"))
    }
}

impl PartialEq for PatternTable {
    fn eq(&self, other: &Self) -> bool {
        self.is_clone_of(other) || (self.shape == other.shape && self.fields == other.fields)
    }
}
