//! Sizes and colours of a figure's furniture.

use crate::canvas::Rgb;

/// All sizes of a figure, in proportion to one factor, which follows the size of the axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    factor: f32,
}

impl Style {
    /// Colour of the paper.
    pub(crate) const PAPER: Rgb = [255, 255, 255];
    /// Colour of texts, frames and tick marks.
    pub(crate) const INK: Rgb = [26, 26, 26];
    /// Colour of outlines and of the light line around them.
    pub(crate) const OUTLINE: [Rgb; 2] = [[20, 20, 20], [255, 255, 255]];

    /// A style for panels of `panel` pixels on the long side in axes of `total` pixels on the long side.
    pub(crate) fn new(panel: f32, total: f32) -> Self {
        Self { factor: (panel / 900.0).max(total / 1700.0).clamp(0.85, 2.2) }
    }

    /// A length at factor 1, in pixels.
    pub(crate) fn px(&self, length: f32) -> f32 {
        length * self.factor
    }

    pub(crate) fn title(&self) -> f32 {
        self.px(23.0)
    }

    pub(crate) fn label(&self) -> f32 {
        self.px(22.0)
    }

    pub(crate) fn tick_text(&self) -> f32 {
        self.px(19.0)
    }

    /// Length of a tick mark.
    pub(crate) fn tick(&self) -> f32 {
        self.px(7.0).round()
    }

    /// Thickness of frames and tick marks.
    pub(crate) fn stroke(&self) -> u32 {
        self.px(1.3).round().max(1.0) as u32
    }

    /// From a tick mark to its text.
    pub(crate) fn gap(&self) -> f32 {
        self.px(6.0)
    }

    /// White space at the edge of the picture.
    pub(crate) fn padding(&self) -> f32 {
        self.px(20.0)
    }
}
