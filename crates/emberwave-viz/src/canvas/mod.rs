//! A picture with anti-aliased lines, markers and text.

mod line;
mod marker;
mod mask;
mod text;

use image::{Rgba, RgbaImage};

pub(crate) use line::trace_lines;
pub(crate) use marker::TriangleMarker;
pub(crate) use mask::Mask;
pub(crate) use text::{Align, Label, Typeface};

use crate::heatmap::PixelRect;

/// An sRGB colour.
pub(crate) type Rgb = [u8; 3];

/// An RGBA picture (straight alpha) that is drawn on in sRGB space.
pub(crate) struct Canvas {
    image: RgbaImage,
}

impl Canvas {
    /// A canvas of one opaque colour.
    pub(crate) fn new(width: u32, height: u32, background: Rgb) -> Self {
        let [r, g, b] = background;
        Self { image: RgbaImage::from_pixel(width, height, Rgba([r, g, b, 255])) }
    }

    /// The picture.
    pub(crate) fn into_image(self) -> RgbaImage {
        self.image
    }

    /// Replaces one pixel; outside the canvas it does nothing.
    pub(crate) fn set(&mut self, x: u32, y: u32, rgba: [u8; 4]) {
        if let Some(pixel) = self.image.get_pixel_mut_checked(x, y) {
            pixel.0 = rgba;
        }
    }

    /// Replaces all pixels of a rectangle by one opaque colour.
    pub(crate) fn fill(&mut self, rect: PixelRect, [r, g, b]: Rgb) {
        for y in rect.y..rect.y + rect.height {
            for x in rect.x..rect.x + rect.width {
                self.set(x, y, [r, g, b, 255]);
            }
        }
    }

    /// A frame of `thickness` pixels just outside a rectangle, so that no pixel of it is hidden.
    pub(crate) fn frame(&mut self, rect: PixelRect, thickness: u32, colour: Rgb) {
        let t = thickness;
        let (x, y, w, h) = (rect.x.saturating_sub(t), rect.y.saturating_sub(t), rect.width, rect.height);
        self.fill(PixelRect { x, y, width: w + 2 * t, height: t }, colour);
        self.fill(PixelRect { x, y: rect.y + h, width: w + 2 * t, height: t }, colour);
        self.fill(PixelRect { x, y: rect.y, width: t, height: h }, colour);
        self.fill(PixelRect { x: rect.x + w, y: rect.y, width: t, height: h }, colour);
    }

    /// Puts a colour over one pixel with the given opacity in [0, 1].
    pub(crate) fn blend(&mut self, x: i64, y: i64, colour: Rgb, opacity: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        let Some(Rgba(pixel)) = self.image.get_pixel_mut_checked(x, y) else { return };
        let over = opacity.clamp(0.0, 1.0);
        let under = f32::from(pixel[3]) / 255.0 * (1.0 - over);
        let alpha = over + under;
        if alpha <= 0.0 {
            return;
        }
        for (channel, source) in pixel.iter_mut().zip(colour) {
            *channel = ((f32::from(source) * over + f32::from(*channel) * under) / alpha).round() as u8;
        }
        pixel[3] = (alpha * 255.0).round() as u8;
    }

    /// Puts a colour over the canvas through a mask whose upper left pixel is at (x, y).
    pub(crate) fn blend_mask(&mut self, mask: &Mask, (x, y): (i64, i64), colour: Rgb, opacity: f32) {
        for (column, row, coverage) in mask.covered() {
            self.blend(x + i64::from(column), y + i64::from(row), colour, coverage * opacity);
        }
    }
}
