//! Why a figure cannot be drawn.

/// What is wrong with the data of a figure. It is found before anything is drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FigureError {
    /// There is nothing to draw.
    #[error("a figure needs at least one panel")]
    NoPanels,
    /// A panel has no cells.
    #[error("panel `{panel}` has no cells: its shape is {shape:?}")]
    NoCells {
        /// Title of the panel.
        panel: String,
        /// Its shape \[cells_y, cells_x\].
        shape: [usize; 2],
    },
    /// An array of a panel has another shape than the values of the first panel.
    #[error("panel `{panel}`: `{array}` has shape {found:?}, expected {expected:?}")]
    Shape {
        /// Title of the panel.
        panel: String,
        /// Which of its arrays.
        array: &'static str,
        /// Its shape \[cells_y, cells_x\].
        found: [usize; 2],
        /// Shape of the first panel's values.
        expected: [usize; 2],
    },
    /// The extent is empty, reversed or not finite.
    #[error("the extent x {x_min}..{x_max} m, y {y_min}..{y_max} m is not a finite rectangle")]
    Extent {
        /// Left \[m\].
        x_min: f32,
        /// Right \[m\].
        x_max: f32,
        /// Bottom \[m\].
        y_min: f32,
        /// Top \[m\].
        y_max: f32,
    },
    /// The given ends of the colour scale are not increasing finite numbers.
    #[error("the colour scale from {vmin} to {vmax} is not an increasing finite range")]
    Range {
        /// Lower end.
        vmin: f32,
        /// Upper end.
        vmax: f32,
    },
    /// A cell holds the index of a category that has no name.
    #[error("panel `{panel}` refers to category {index}, but only {count} are named")]
    Category {
        /// Title of the panel.
        panel: String,
        /// The index found.
        index: i32,
        /// Number of names.
        count: usize,
    },
    /// The axes of a plane do not span one.
    #[error("the plane's axes {x_axis:?} and {y_axis:?} must be finite, non-zero and perpendicular")]
    Axes {
        /// Local x axis.
        x_axis: [f32; 3],
        /// Local y axis.
        y_axis: [f32; 3],
    },
    /// The embedded typeface cannot be read.
    #[error("the embedded typeface cannot be read")]
    Font,
}
