//! What all panels of a figure share: extent, labels and outlines.

use super::FigureError;
use crate::outline::Segment;

/// The rectangle that a map covers, in map-local metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Left edge of the first column of cells \[m\].
    pub x_min: f32,
    /// Right edge of the last column of cells \[m\].
    pub x_max: f32,
    /// Lower edge of the first row of cells \[m\].
    pub y_min: f32,
    /// Upper edge of the last row of cells \[m\].
    pub y_max: f32,
}

impl Extent {
    /// The rectangle x_min..x_max, y_min..y_max \[m\].
    #[must_use]
    pub fn new(x_min: f32, x_max: f32, y_min: f32, y_max: f32) -> Self {
        Self { x_min, x_max, y_min, y_max }
    }

    /// Whether a point lies in the rectangle or on its edge.
    #[must_use]
    pub fn contains(&self, [x, y]: [f32; 2]) -> bool {
        (self.x_min..=self.x_max).contains(&x) && (self.y_min..=self.y_max).contains(&y)
    }

    /// Length along x \[m\].
    pub(crate) fn width(&self) -> f64 {
        f64::from(self.x_max) - f64::from(self.x_min)
    }

    /// Length along y \[m\].
    pub(crate) fn height(&self) -> f64 {
        f64::from(self.y_max) - f64::from(self.y_min)
    }

    pub(crate) fn check(&self) -> Result<(), FigureError> {
        let Self { x_min, x_max, y_min, y_max } = *self;
        let finite = [x_min, x_max, y_min, y_max].iter().all(|edge| edge.is_finite());
        if finite && x_min < x_max && y_min < y_max {
            return Ok(());
        }
        Err(FigureError::Extent { x_min, x_max, y_min, y_max })
    }
}

/// What all panels of a figure share.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The rectangle that every panel covers.
    pub extent: Extent,
    /// Label of the horizontal axis.
    pub x_label: String,
    /// Label of the vertical axis.
    pub y_label: String,
    /// Line segments drawn over every panel, in map-local metres; see [`outline`](crate::outline::outline).
    pub outlines: Vec<Segment>,
}

impl Frame {
    /// A frame labelled "x \[m\]" and "y \[m\]" without outlines.
    #[must_use]
    pub fn new(extent: Extent) -> Self {
        Self { extent, x_label: "x [m]".into(), y_label: "y [m]".into(), outlines: Vec::new() }
    }
}
