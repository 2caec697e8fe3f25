//! What explains the colours beside or below the panels.

use super::PixelRect;
use super::style::Style;
use crate::canvas::{Canvas, Typeface};

/// Where the key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// To the right of the panels and as high as they are.
    Right,
    /// Below the panels and as wide as they are; for maps that are much wider than high.
    Below,
}

/// A colour bar or a legend.
pub(crate) trait Key {
    /// Pixels it needs away from the panels, when it has `length` pixels along them.
    fn breadth(&self, typeface: &Typeface, style: &Style, side: Side, length: f32) -> f32;

    /// Draws it into its rectangle.
    fn draw(&self, canvas: &mut Canvas, typeface: &Typeface, style: &Style, side: Side, rect: PixelRect);
}
