//! How finely tubes are divided.

use super::surface::Surface;

/// Area of surfaces up to which leaves grow with them \[m²\].
const LARGE: f32 = 250_000.0;

/// Beyond the coarsest target error no larger share is taken for next to nothing.
const MOST_SHARE: f32 = 2.0;

/// Leaves shrink to no less than this share.
const SMALLEST_SCALE: f32 = 1e-7;

/// The share of a leaf to which tubes are divided before their first interaction.
const FIRST_LEAF: f32 = 0.3;

/// The power of the cells per tube with which leaves grow where scenes are open.
const EASE: f32 = 1.1;

/// Leaves grow by no more than this factor.
const MOST_EASE: f32 = 8.0;

/// What sequences add that are not all followed: each is followed with a probability in proportion to what it adds to the
/// total, and where paths branch to cells, and weighs more then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Negligible {
    /// Less than this share to what cells have, in the mean over those they reach.
    pub of_cells: f32,
    /// And less than this share of what all cells together have from the first paths.
    pub of_total: f32,
}

impl Negligible {
    /// All sequences are followed.
    pub const NOTHING: Self = Self::new([0.0, 0.0]);

    const fn new([of_cells, of_total]: [f32; 2]) -> Self {
        Self { of_cells, of_total }
    }

    /// What is found number by number.
    pub(super) fn map(self, other: Self, number: impl Fn(f32, f32) -> f32) -> Self {
        Self::new([number(self.of_cells, other.of_cells), number(self.of_total, other.of_total)])
    }
}

/// Options for a target error.
#[derive(Clone, Copy, Debug)]
struct Row {
    decibels: f32,
    grid: f32,
    near: f32,
    leaf: f32,
    dark_leaf: f32,
    open: f32,
    negligible: Negligible,
    negligible_unbranched: Negligible,
    rough: f32,
    dynamic_range_db: f32,
}

impl Row {
    const fn new(
        [decibels, grid, near]: [f32; 3],
        [leaf, dark_leaf, open]: [f32; 3],
        negligible: [f32; 2],
        negligible_unbranched: [f32; 2],
        [rough, dynamic_range_db]: [f32; 2],
    ) -> Self {
        let (negligible, negligible_unbranched) =
            (Negligible::new(negligible), Negligible::new(negligible_unbranched));
        Self {
            decibels,
            grid,
            near,
            leaf,
            dark_leaf,
            open,
            negligible,
            negligible_unbranched,
            rough,
            dynamic_range_db,
        }
    }

    /// The row for a target error, or what lies between two.
    fn for_target(decibels: f32) -> Self {
        let Some(after) = ROWS.iter().position(|row| row.decibels <= decibels) else {
            return ROWS[ROWS.len() - 1];
        };
        match after {
            0 => ROWS[0],
            after => ROWS[after].towards(&ROWS[after - 1], decibels),
        }
    }

    /// What lies between this row and a coarser one: logarithms are linear in that of the error.
    fn towards(&self, coarser: &Self, decibels: f32) -> Self {
        let way = (decibels / self.decibels).ln() / (coarser.decibels / self.decibels).ln();
        let between = |own: f32, other: f32| if own > 0.0 { own * (other / own).powf(way) } else { 0.0 };
        Self {
            decibels,
            grid: between(self.grid, coarser.grid),
            near: between(self.near, coarser.near),
            leaf: between(self.leaf, coarser.leaf),
            dark_leaf: between(self.dark_leaf, coarser.dark_leaf),
            open: between(self.open, coarser.open),
            negligible: self.negligible.map(coarser.negligible, between),
            negligible_unbranched: self.negligible_unbranched.map(coarser.negligible_unbranched, between),
            rough: between(self.rough, coarser.rough),
            dynamic_range_db: between(self.dynamic_range_db, coarser.dynamic_range_db),
        }
    }

    /// The next coarser one for tubes with such leaves: that of the next larger target error that was measured, if any.
    fn coarser_than(leaf: f32) -> Option<Self> {
        ROWS.into_iter().rev().find(|row| row.leaf > leaf)
    }

    /// Some options with these instead of theirs.
    fn within(self, options: TubeOptions) -> TubeOptions {
        TubeOptions {
            grid: self.grid.round() as u32,
            near: self.near,
            leaf: self.leaf,
            dark_leaf: self.dark_leaf,
            open: self.open,
            negligible: self.negligible,
            negligible_unbranched: self.negligible_unbranched,
            rough: self.rough,
            dynamic_range_db: self.dynamic_range_db,
            ..options
        }
    }
}

/// The largest number of interactions for which the rows are.
const ROW_DEPTH: u32 = 4;

/// With fewer interactions the antenna's pattern asks for tubes as fine as with so many.
const LEAST_DEPTH: u32 = 3;

/// What more interactions add is not worth finer tubes.
const MOST_DEPTH: u32 = 10;

/// From coarse to fine. In cities the mean error is a quarter to the whole of the target.
const ROWS: [Row; 8] = [
    // Target, grid and near; leaves, dark leaves and open; negligible, with branches and without; rough and dynamic range.
    Row::new([4.0, 12.0, 0.1], [200.0, 3000.0, 4.6], [0.5, 1e-3], [0.8, 1e-3], [0.05, 23.0]),
    Row::new([2.0, 12.0, 0.1], [60.0, 1200.0, 3.5], [0.2, 8e-4], [0.2, 5e-4], [0.05, 23.0]),
    Row::new([1.0, 12.0, 0.1], [22.0, 300.0, 2.3], [0.07, 7e-4], [0.08, 5e-4], [0.05, 23.0]),
    Row::new([0.5, 16.0, 0.04], [8.5, 30.0, 1.5], [0.025, 7e-4], [0.025, 4e-4], [0.05, 26.0]),
    Row::new([0.3, 40.0, 0.022], [2.5, 8.0, 1.0], [0.01, 1e-4], [0.005, 1e-4], [0.02, 31.0]),
    Row::new([0.1, 100.0, 0.008], [0.15, 2.0, 0.7], [1e-3, 1e-4], [1.5e-3, 1e-4], [0.002, 50.0]),
    Row::new([0.04, 576.0, 0.004], [0.04, 1.0, 1e6], [0.0, 0.0], [0.0, 0.0], [0.0, 100.0]),
    Row::new([0.0133, 1024.0, 0.002], [0.01, 0.3, 1e6], [0.0, 0.0], [0.0, 0.0], [0.0, 100.0]),
];

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
    /// Tubes that light cells which look larger than 1/32 rad are divided until they are no wider than this \[rad\]: the field is
    /// not the same all over such cells.
    pub near: f32,
    /// Tubes with a smaller cross-section \[m²\] at the farthest plane they meet are divided by what their edges show; three
    /// tenths of it before their first interaction, unless borders are listed.
    /// For surfaces of 500 m × 500 m with cells of 1 m or more; where these are smaller so are the leaves.
    pub leaf: f32,
    /// Before the first interaction, tubes with a larger cross-section \[m²\] are divided even if their corners' paths come by
    /// no surface, as long as these meet different things: there is something between that they do not know of.
    pub dark_leaf: f32,
    /// Where tubes before the first interaction light more cells than this in the mean, the scene is open, and coarser tubes do
    /// after it.
    pub open: f32,
    /// How often a tube is divided in four at most, per interaction.
    pub most_levels: u8,
    /// Sequences that add less are drawn, unless there are only a few.
    pub negligible: Negligible,
    /// The same where paths do not branch, before three more interactions; before others in proportion to their number.
    pub negligible_unbranched: Negligible,
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
    /// Options for a mean error \[dB\] of the map of paths with so many interactions at most: as measured in cities, and in
    /// proportion between what was measured. With the same options the error grows with the number of interactions,
    /// about in proportion, so targets are divided by it.
    #[must_use]
    pub fn for_target_error(decibels: f64, max_depth: u32) -> Self {
        let of_row = decibels as f32 * ROW_DEPTH as f32 / max_depth.clamp(LEAST_DEPTH, MOST_DEPTH) as f32;
        Row::for_target(of_row).within(Self {
            max_depth,
            los: true,
            reflection: true,
            transmission: true,
            grid: 0,
            near: 0.0,
            leaf: 0.0,
            dark_leaf: 0.0,
            open: f32::INFINITY,
            most_levels: 8,
            negligible: Negligible::NOTHING,
            negligible_unbranched: Negligible::NOTHING,
            most_tubes: usize::MAX,
            dynamic_range_db: 0.0,
            rough: 0.0,
            conservative: false,
            areas: true,
            borders: false,
            accounts: false,
            seed: 0,
        })
    }

    /// Options for the borders of a map of rays: finer than those of a map of 0.3 dB, but where paths branch the borders of
    /// few sequences, drawn by what they are worth, stand for all.
    #[must_use]
    pub fn for_borders(branches: bool) -> Self {
        let leaf = if branches { 2.0 } else { 0.5 };
        let fine = Self::for_target_error(0.3, ROW_DEPTH);
        let negligible = Negligible { of_cells: 0.05, ..fine.negligible };
        Self { grid: 100, leaf, open: f32::INFINITY, negligible, rough: 0.005, most_tubes: 60_000, ..fine }
    }

    /// The same for derivatives by places, whose borders want a finer grid, smaller leaves and more rays; where paths branch,
    /// sequences that are worth little are drawn.
    #[must_use]
    pub fn for_motion(&self) -> Self {
        let (leaf, rough) = (self.leaf.min(1.5), 0.25 * self.rough);
        let negligible = Negligible { of_cells: 2.0 * self.negligible.of_cells, ..self.negligible };
        let (grid, most_tubes) = (self.grid.max(100), self.most_tubes.min(350_000));
        Self { grid, leaf, open: f32::INFINITY, rough, negligible, most_tubes, ..*self }
    }

    /// The same with the next coarser division: that of the next larger target error that was measured, or
    /// beyond the largest with half as many tubes along an edge.
    #[must_use]
    pub fn coarser(&self) -> Self {
        Row::coarser_than(self.leaf).map_or_else(|| self.beyond_rows(), |row| row.within(*self))
    }

    /// The same with half as many tubes along an edge.
    fn beyond_rows(&self) -> Self {
        let double = |share: f32| (2.0 * share).min(MOST_SHARE.max(share));
        let both = |shares: Negligible| shares.map(shares, |share, _| double(share));
        Self {
            grid: (self.grid / 2).max(4),
            near: 2.0 * self.near,
            leaf: 2.0 * self.leaf,
            dark_leaf: 2.0 * self.dark_leaf,
            negligible: both(self.negligible),
            negligible_unbranched: both(self.negligible_unbranched),
            rough: double(self.rough),
            ..*self
        }
    }

    /// The same for what paths do. Where they do not branch there are so few sequences that larger shares may be drawn,
    /// but of all that cells have: those that have nothing else keep theirs. Borders that are not many are all kept.
    pub(super) fn for_branches(&self) -> Self {
        if self.transmission {
            return *self;
        }
        let negligible = if self.borders { Negligible::NOTHING } else { self.negligible_unbranched };
        Self { negligible, most_tubes: usize::MAX, rough: 0.0, dynamic_range_db: 60.0, ..*self }
    }

    /// The same with leaves for the given surfaces.
    pub(super) fn for_surfaces(&self, surfaces: &[Surface]) -> Self {
        let area: f32 = surfaces.iter().map(Surface::area).sum();
        let cell = surfaces.iter().map(Surface::cell_area).fold(1.0, f32::min);
        let scale = (area / LARGE).min(1.0).powf(1.5) * cell.sqrt();
        Self { leaf: self.leaf * scale.max(SMALLEST_SCALE), ..*self }
    }

    /// The same after the first interaction, where tubes before it lit so many cells in the mean: the error of the same tubes is
    /// smaller where these are many, and where paths branch so is that of drawing.
    pub(super) fn for_openness(&self, cells_per_tube: f32) -> Self {
        let factor = (cells_per_tube / self.open).powf(EASE).clamp(1.0, MOST_EASE);
        let drawn = if self.transmission { factor } else { 1.0 };
        let negligible = Negligible { of_cells: drawn * self.negligible.of_cells, ..self.negligible };
        Self { leaf: factor * self.leaf, negligible, ..*self }
    }

    /// What sequences add that are not all followed to so many more interactions. Where paths do not branch it is in
    /// proportion to these in cells, like the time that following takes, and as given for three.
    pub(super) fn negligible_before(&self, interactions: usize) -> Negligible {
        let Negligible { of_cells, of_total } = self.negligible;
        let of_cells = if self.transmission { of_cells } else { of_cells * interactions as f32 / 3.0 };
        Negligible { of_cells, of_total }
    }

    /// Leaves of tubes after so many interactions. Before the first their borders are those of all that follows.
    pub(super) fn leaf_after(&self, interactions: u32) -> f32 {
        if interactions == 0 && !self.borders && !self.conservative {
            FIRST_LEAF * self.leaf
        } else {
            self.leaf
        }
    }

    /// The same, missing no thin thing: every tube is searched for what hides between its corners, and divided down to
    /// 0.05 m². Takes about ten times as long where there are many thin things.
    #[must_use]
    pub fn conservative(self) -> Self {
        let (leaf, most_levels) = (self.leaf.min(0.05), self.most_levels.max(10));
        // Nothing hides, so a fine grid has nothing to find.
        let (grid, open) = (self.grid.min(56), f32::INFINITY);
        Self { conservative: true, grid, leaf, open, most_levels, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_errors_take_finer_tubes_step_by_step() {
        let targets: Vec<f64> = (0..65).map(|step| 5.0 * 0.9_f64.powi(step)).collect();
        let options: Vec<TubeOptions> =
            targets.iter().map(|&target| TubeOptions::for_target_error(target, ROW_DEPTH)).collect();
        for pair in options.windows(2) {
            let [coarse, fine] = [&pair[0], &pair[1]];
            assert!(fine.grid >= coarse.grid && fine.grid <= coarse.grid + coarse.grid / 2, "{fine:?}");
            assert!(fine.leaf <= coarse.leaf && fine.leaf >= 0.6 * coarse.leaf, "{fine:?}");
            assert!(fine.dark_leaf <= coarse.dark_leaf && fine.near <= coarse.near, "{fine:?}");
            let pairs = [
                (fine.negligible, coarse.negligible),
                (fine.negligible_unbranched, coarse.negligible_unbranched),
            ];
            for (fine, coarse) in pairs {
                assert!(fine.of_cells <= coarse.of_cells && fine.of_total <= coarse.of_total, "{fine:?}");
            }
            assert!(fine.rough <= coarse.rough, "{fine:?}");
            assert!(fine.dynamic_range_db >= coarse.dynamic_range_db, "{fine:?}");
        }
        for row in ROWS {
            let options = TubeOptions::for_target_error(f64::from(row.decibels), ROW_DEPTH);
            assert_eq!((options.grid as f32, options.leaf), (row.grid, row.leaf));
        }
    }

    #[test]
    fn targets_are_shared_among_interactions() {
        let options = |target, max_depth| TubeOptions::for_target_error(target, max_depth);
        for (target, max_depth) in [(0.75, 2), (0.75, 3), (0.5, 8), (0.25, 16)] {
            let of_row = options(target * 4.0 / f64::from(max_depth.clamp(3, 10)), 4);
            assert_eq!(options(target, max_depth), TubeOptions { max_depth, ..of_row });
        }
    }

    #[test]
    fn open_scenes_do_with_coarser_tubes() {
        let options = TubeOptions::for_target_error(0.5, 4);
        assert_eq!(options.for_openness(options.open), options);
        assert_eq!(options.for_openness(0.0), options);
        let open = options.for_openness(3.0 * options.open);
        assert!(open.leaf > options.leaf && open.negligible.of_cells > options.negligible.of_cells);
        assert_eq!(open.negligible.of_total, options.negligible.of_total);
        assert_eq!(options.for_openness(1e9).leaf, MOST_EASE * options.leaf);
        let conservative = options.conservative();
        assert_eq!(conservative.for_openness(1e9), conservative);
    }

    #[test]
    fn every_target_has_coarser_tubes() {
        for target in [5.0, 3.0, 1.0, 0.4, 0.3, 0.05, 0.001] {
            let options = TubeOptions::for_target_error(target, ROW_DEPTH);
            let coarser = options.coarser();
            assert!(coarser.grid <= options.grid && coarser.leaf > options.leaf, "{target}");
            assert!(coarser.dark_leaf > options.dark_leaf, "{target}");
            let shares = [
                (options.negligible, coarser.negligible),
                (options.negligible_unbranched, coarser.negligible_unbranched),
            ];
            for (own, coarser) in shares {
                assert!(coarser.of_cells >= own.of_cells && coarser.of_total >= own.of_total, "{target}");
            }
            assert!(coarser.rough >= options.rough, "{target}");
        }
    }
}
