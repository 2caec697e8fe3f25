//! How finely tubes are divided.

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
    pub leaf: f32,
    /// How often a tube is divided in four at most, per interaction.
    pub most_levels: u8,
    /// Sequences that add less than this share to what any cell has are followed with a probability in proportion, and
    /// weigh more then.
    pub negligible: f32,
    /// Cells that have less than a typical one by more than this \[dB\] do not count in these shares.
    pub dynamic_range_db: f32,
    /// Tubes that add less than this share to what any cell has are divided without rays.
    pub rough: f32,
    /// Whether every tube is searched for things that hide between its corners; takes several times as long.
    pub conservative: bool,
    /// Turns the grid, by an angle of so many golden ratios.
    pub seed: u64,
}

impl TubeOptions {
    /// Options for a mean error of the map \[dB\].
    #[must_use]
    pub fn for_target_error(decibels: f64) -> Self {
        let (grid, leaf, negligible, dynamic_range_db) = match decibels {
            d if d >= 1.0 => (24, 64.0, 0.1, 20.0),
            d if d >= 0.5 => (32, 32.0, 0.05, 25.0),
            d if d >= 0.3 => (48, 16.0, 0.02, 30.0),
            d if d >= 0.1 => (96, 1.0, 0.002, 50.0),
            _ => (256, 0.25, 0.0, 100.0),
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
            dynamic_range_db,
            rough: negligible,
            conservative: false,
            seed: 0,
        }
    }
}
