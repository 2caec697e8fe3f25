//! How many lines are drawn, and which paths count.

/// Options of [`BorderSampler`](super::BorderSampler).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BorderOptions {
    /// Largest number of interactions.
    pub max_depth: u32,
    /// Whether paths without an interaction count.
    pub los: bool,
    /// Whether paths are reflected.
    pub reflection: bool,
    /// Whether paths go through triangles.
    pub transmission: bool,
    /// Number of lines per face of the launch cube, in each of both families.
    pub lines: u32,
    /// Number of steps along a line. What is thinner than a step may be missed.
    ///
    /// As many as lines do where everything is wide.
    pub steps: u32,
    /// Turns the launch cube, shifts the lines and draws their events.
    pub seed: u64,
}

impl BorderOptions {
    /// Options with this many lines per face and family, and steps four times as fine as their spacing.
    #[must_use]
    pub fn with_lines(lines: u32) -> Self {
        Self {
            max_depth: 3,
            los: true,
            reflection: true,
            transmission: false,
            lines,
            steps: 4 * lines,
            seed: 0,
        }
    }

    /// Number of lines in all: six faces, two families.
    #[must_use]
    pub fn num_lines(&self) -> u64 {
        12 * u64::from(self.lines)
    }

    /// Whether both events may follow, so that one has to be drawn.
    pub(super) fn branches(&self) -> bool {
        self.reflection && self.transmission
    }

    /// Largest number of interactions that can happen.
    pub(super) fn depth(&self) -> usize {
        if self.reflection || self.transmission { self.max_depth as usize } else { 0 }
    }
}
