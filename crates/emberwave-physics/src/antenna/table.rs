//! Tabulated far fields of single elements.

use crate::complex::Complex;
use crate::orientation::SphericalDirection;
use crate::real::Real;

/// Numbers of an entry of a table: Re C_θ, Im C_θ, Re C_φ, Im C_φ.
pub const PATTERN_COLUMNS: usize = 4;

/// The directions of a table of complex fields (C_θ, C_φ) of one element without slant, in the element's own frame.
///
/// Row i is at θ = iπ/(rows − 1), both poles included; column j at φ = 2πj/columns, the first at the boresight's
/// azimuth, the last followed by the first. Entry (i, j) is number i·columns + j. Between entries each part of the
/// field is bilinear in θ and φ. A row at a pole holds, column by column, the limit along its meridian; at the pole
/// itself, where φ is taken as 0, the first column counts. |C_θ|² + |C_φ|² is the gain relative to isotropic.
///
/// ```
/// use emberwave_physics::{PatternGrid, SphericalDirection};
/// let grid = PatternGrid { rows: 3, columns: 4 };
/// let cell = grid.cell(&SphericalDirection::new([1.0f64, 0.0, 0.0])); // θ = π/2, φ = 0
/// assert_eq!((cell.entries[0], cell.weights[0]), (4, 1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatternGrid {
    /// Zenith angles, at least 2.
    pub rows: usize,
    /// Azimuths, at least 1.
    pub columns: usize,
}

/// Where a direction lies in a table: the four entries around it and their weights, which add up to 1.
///
/// The entries are chosen by the value of the direction. Its derivative is in the weights: with numbers that carry one
/// ([`Jet`](crate::Jet)), so does [`field`](Self::field).
#[derive(Debug, Clone, Copy)]
pub struct PatternCell<R> {
    /// Numbers of the entries.
    pub entries: [u32; 4],
    /// Their weights.
    pub weights: [R; 4],
}

impl PatternGrid {
    /// Number of entries.
    #[must_use]
    pub const fn len(self) -> usize {
        self.rows * self.columns
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The angles (θ, φ) of an entry \[rad\], φ in \[0, 2π).
    #[must_use]
    pub fn angles(self, entry: usize) -> [f64; 2] {
        let (row, column) = (entry / self.columns, entry % self.columns);
        let theta = std::f64::consts::PI * row as f64 / (self.rows - 1) as f64;
        [theta, std::f64::consts::TAU * column as f64 / self.columns as f64]
    }

    /// The entries around a direction.
    ///
    /// Differentiable in the direction but where entries lie (there from one side) and at the poles (derivative 0).
    #[inline(always)]
    pub fn cell<R: Real>(self, direction: &SphericalDirection<R>) -> PatternCell<R> {
        let per_radian = |steps: usize, angle: f64| R::from_f64(steps as f64 / angle);
        let theta = direction.sin_theta.atan2(direction.cos_theta);
        let phi = direction.sin_phi.atan2(direction.cos_phi);
        let down = theta * per_radian(self.rows - 1, std::f64::consts::PI);
        let around = phi * per_radian(self.columns, std::f64::consts::TAU);
        let whole = R::from_f64(self.columns as f64);
        let around = if around < R::ZERO { around + whole } else { around };
        let row = (down.to_f64() as u32).min(self.rows as u32 - 2);
        let column = around.to_f64() as u32;
        let below = down - R::from_f64(f64::from(row));
        let beside = around - R::from_f64(f64::from(column));
        // Rounding may bring a direction just before the first column to the end of the last.
        let columns = self.columns as u32;
        let wrapped = |column: u32| if column >= columns { column - columns } else { column };
        let [first, second] = [wrapped(column), wrapped(wrapped(column) + 1)];
        let [upper, lower] = [row * columns, (row + 1) * columns];
        let (above, before) = (R::ONE - below, R::ONE - beside);
        PatternCell {
            entries: [upper + first, upper + second, lower + first, lower + second],
            weights: [above * before, above * beside, below * before, below * beside],
        }
    }
}

impl<R: Real> PatternCell<R> {
    /// The field (C_θ, C_φ) from the table's entries.
    #[inline(always)]
    pub fn field(&self, table: &[[f32; PATTERN_COLUMNS]]) -> [Complex<R>; 2] {
        let mut sum = [R::ZERO; PATTERN_COLUMNS];
        for (&entry, &weight) in self.entries.iter().zip(&self.weights) {
            for (total, &part) in sum.iter_mut().zip(&table[entry as usize]) {
                *total += R::from_f64(f64::from(part)) * weight;
            }
        }
        [Complex::new(sum[0], sum[1]), Complex::new(sum[2], sum[3])]
    }

    /// Adjoint of [`Self::field`] by the table: the derivatives of a loss by the four entries, given those by the
    /// parts of the field.
    #[inline(always)]
    pub fn by_entries(&self, by_field: [R; PATTERN_COLUMNS]) -> [[R; PATTERN_COLUMNS]; 4] {
        self.weights.map(|weight| by_field.map(|by_part| by_part * weight))
    }
}

/// The field (C_θ, C_φ) of an element that is turned by a slant, from that without and the slant's
/// [`components`](super::PolarizationModel::components) (cosψ, sinψ).
///
/// (cosψ C_θ − sinψ C_φ, sinψ C_θ + cosψ C_φ), which is what a named pattern gives with C_φ = 0. As there, the
/// pattern is evaluated at the direction itself. The opposite angle undoes it, and is its adjoint.
#[inline(always)]
pub fn slanted<R: Real>([theta, phi]: [Complex<R>; 2], [cos, sin]: [R; 2]) -> [Complex<R>; 2] {
    [theta.scale(cos) - phi.scale(sin), theta.scale(sin) + phi.scale(cos)]
}
