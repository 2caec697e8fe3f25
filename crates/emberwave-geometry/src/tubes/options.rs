//! How finely tubes are divided.

use super::surface::Surface;

/// Area of surfaces up to which leaves grow with them \[m²\].
const LARGE: f32 = 250_000.0;

/// Leaves shrink to no less than this share.
const SMALLEST_SCALE: f32 = 1e-7;

/// Options of [`World::trace_coverage`](super::World::trace_coverage).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TubeOptions {
    /// Largest number of interactions.
    pub max_depth: u32,
    /// Whether paths without an interaction count.
    pub los: bool,
    /// Whether paths are reflected.
    pub reflection: bool,
    /// Whether paths go through planes.
    pub transmission: bool,
    /// Tubes along an edge of the launch cube.
    pub grid: u32,
    /// Tubes with a smaller cross-section \[m²\] at the farthest plane they meet are divided by what their edges show.
    /// For surfaces of 500 m × 500 m with cells of 1 m or more; where these are smaller so are the leaves.
    pub leaf: f32,
    /// How often a tube is divided in four at most, per interaction.
    pub most_levels: u8,
    /// Sequences that add less than this share to what any cell has are followed with a probability in proportion, and
    /// weigh more then; all are followed where there are only some hundred. Larger shares where paths do not branch, unless
    /// borders are listed.
    pub negligible: f32,
    /// Where more tubes than this follow an interaction and paths branch, larger shares are taken for negligible.
    pub most_tubes: usize,
    /// Cells that have less than a typical one by more than this \[dB\] do not count in these shares.
    pub dynamic_range_db: f32,
    /// Tubes that add less than this share to what any cell has are divided without rays.
    pub rough: f32,
    /// Whether every tube is searched for things that hide between its corners; takes several times as long.
    pub conservative: bool,
    /// Whether the parts of cells that are reached are listed.
    pub areas: bool,
    /// Whether the visible edges that bound what is reached are listed.
    pub borders: bool,
    /// Whether the power that is not followed is added up.
    pub accounts: bool,
    /// Turns the grid, by an angle of so many golden ratios.
    pub seed: u64,
}

impl TubeOptions {
    /// Options for a mean error of the map \[dB\].
    #[must_use]
    pub fn for_target_error(decibels: f64) -> Self {
        let (grid, leaf, negligible, rough, dynamic_range_db) = match decibels {
            d if d >= 1.0 => (24, 20.0, 0.2, 0.05, 23.0),
            d if d >= 0.5 => (40, 3.0, 0.08, 0.05, 27.0),
            d if d >= 0.3 => (100, 3.0, 0.03, 0.02, 31.0),
            d if d >= 0.1 => (288, 0.15, 0.002, 0.002, 50.0),
            d if d >= 0.03 => (576, 0.04, 0.0, 0.0, 100.0),
            _ => (1024, 0.01, 0.0, 0.0, 100.0),
        };
        Self {
            max_depth: 3,
            los: true,
            reflection: true,
            transmission: true,
            grid,
            leaf,
            most_levels: 8,
            negligible,
            most_tubes: usize::MAX,
            dynamic_range_db,
            rough,
            conservative: false,
            areas: true,
            borders: false,
            accounts: false,
            seed: 0,
        }
    }

    /// Options for the borders of a map of rays: finer than those of a map of 0.3 dB, but where paths branch the borders of
    /// few sequences, drawn by what they are worth, stand for all.
    #[must_use]
    pub fn for_borders(branches: bool) -> Self {
        let leaf = if branches { 2.0 } else { 0.5 };
        Self { leaf, negligible: 0.05, rough: 0.005, most_tubes: 60_000, ..Self::for_target_error(0.3) }
    }

    /// The same for derivatives by places, whose borders want smaller leaves and more rays; where paths branch, sequences
    /// that are worth little are drawn.
    #[must_use]
    pub fn for_motion(&self) -> Self {
        let (leaf, rough) = (self.leaf.min(1.5), 0.25 * self.rough);
        Self { leaf, rough, most_tubes: self.most_tubes.min(350_000), ..*self }
    }

    /// The same with the next coarser division: that of the next larger target error, or beyond the largest one with
    /// half as many tubes along an edge.
    #[must_use]
    pub fn coarser(&self) -> Self {
        let steps = [0.03, 0.1, 0.3, 0.5, 1.0].map(Self::for_target_error);
        let beyond = Self {
            grid: (self.grid / 2).max(4),
            leaf: 2.0 * self.leaf,
            negligible: (2.0 * self.negligible).min(0.5),
            rough: (2.0 * self.rough).min(0.5),
            ..*self
        };
        let next = steps.into_iter().find(|step| step.grid < self.grid).unwrap_or(beyond);
        let Self { grid, leaf, negligible, dynamic_range_db, rough, .. } = next;
        Self { grid, leaf, negligible, dynamic_range_db, rough, ..*self }
    }

    /// The same for what paths do. Where they do not branch there are so few sequences that larger shares may be drawn,
    /// but only of what cells have: those that have nothing else keep theirs. Borders that are not many are all kept.
    pub(super) fn for_branches(&self) -> Self {
        if self.transmission {
            return *self;
        }
        let negligible = if self.borders { 0.0 } else { 2.5 * self.negligible };
        Self { negligible, most_tubes: usize::MAX, rough: 0.0, dynamic_range_db: 60.0, ..*self }
    }

    /// The same with leaves for the given surfaces.
    pub(super) fn for_surfaces(&self, surfaces: &[Surface]) -> Self {
        let area: f32 = surfaces.iter().map(|surface| surface.edge_x.cross(surface.edge_y).length()).sum();
        let cell = surfaces.iter().map(Surface::cell_area).fold(1.0, f32::min);
        let scale = (area / LARGE).min(1.0).powf(1.5) * cell.sqrt();
        Self { leaf: self.leaf * scale.max(SMALLEST_SCALE), ..*self }
    }

    /// The same, missing no thin thing: every tube is searched for what hides between its corners, and divided down to
    /// 0.05 m². Takes about ten times as long where there are many thin things.
    #[must_use]
    pub fn conservative(self) -> Self {
        let (leaf, most_levels) = (self.leaf.min(0.05), self.most_levels.max(10));
        // Nothing hides, so a fine grid has nothing to find.
        Self { conservative: true, grid: self.grid.min(56), leaf, most_levels, ..self }
    }
}
