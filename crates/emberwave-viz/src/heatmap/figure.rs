//! Panels, axes, outlines, markers and key put together.

use std::ops::Range;

use glam::Vec2;
use image::RgbaImage;

use super::axes::Axes;
use super::cells::paint_cells;
use super::frame::Frame;
use super::key::Key;
use super::layout::{Layout, Request};
use super::style::Style;
use super::{FigureError, PixelRect};
use crate::canvas::{Canvas, Mask, Rgb, TriangleMarker, Typeface, trace_lines};

/// The colour of a block of cells \[rows, columns\]; none where it is uncovered.
pub(crate) type CellColour<'a> = Box<dyn Fn(Range<usize>, Range<usize>) -> Option<Rgb> + 'a>;

/// One panel, ready to be painted.
pub(crate) struct Drawing<'a> {
    pub(crate) title: &'a str,
    pub(crate) markers: &'a [[f32; 2]],
    pub(crate) colour: CellColour<'a>,
}

/// A figure of any kind of map.
pub(crate) struct Figure<'a> {
    pub(crate) frame: &'a Frame,
    /// \[rows, columns\] of cells.
    pub(crate) shape: [usize; 2],
    pub(crate) panels: Vec<Drawing<'a>>,
    pub(crate) key: &'a dyn Key,
}

impl Figure<'_> {
    /// Where the cells of each panel are.
    pub(crate) fn panel_rects(&self) -> Result<Vec<PixelRect>, FigureError> {
        Ok(self.layout(&Typeface::load()?).panels)
    }

    /// Draws everything.
    pub(crate) fn render(&self) -> Result<RgbaImage, FigureError> {
        let typeface = Typeface::load()?;
        let layout = self.layout(&typeface);
        let [width, height] = layout.size;
        let mut canvas = Canvas::new(width, height, Style::PAPER);
        let outlines = self.outline_masks(&layout);
        for (index, panel) in self.panels.iter().enumerate() {
            let rect = layout.panels[index];
            paint_cells(&mut canvas, rect, self.shape, &panel.colour);
            for ((mask, opacity), colour) in outlines.iter().zip(Style::OUTLINE).rev() {
                canvas.blend_mask(mask, (i64::from(rect.x), i64::from(rect.y)), colour, *opacity);
            }
            Axes { frame: self.frame, layout: &layout, typeface: &typeface, index }
                .draw(&mut canvas, panel.title);
            self.draw_markers(&mut canvas, &layout, rect, panel.markers);
        }
        self.key.draw(&mut canvas, &typeface, &layout.style, layout.side, layout.key);
        Ok(canvas.into_image())
    }

    fn layout(&self, typeface: &Typeface) -> Layout {
        let titles = self.panels.iter().map(|panel| panel.title).collect();
        Layout::new(&Request { frame: self.frame, shape: self.shape, titles, key: self.key, typeface })
    }

    /// Masks and opacities of the outlines' dark core and of the light line around it, which keeps it visible
    /// on dark colours. Masks are as large as a panel, so nothing is drawn outside.
    fn outline_masks(&self, layout: &Layout) -> [(Mask, f32); 2] {
        let rect = PixelRect { x: 0, y: 0, ..layout.panels[0] };
        [(layout.style.px(1.3), 0.95), (layout.style.px(3.2), 0.45)].map(|(thickness, opacity)| {
            let mut mask = Mask::new(rect.width, rect.height);
            let segments =
                self.frame.outlines.iter().map(|segment| segment.map(|point| self.pixel(rect, point)));
            trace_lines(&mut mask, segments, thickness);
            (mask, opacity)
        })
    }

    fn draw_markers(&self, canvas: &mut Canvas, layout: &Layout, rect: PixelRect, markers: &[[f32; 2]]) {
        let (radius, edge) = (layout.style.px(9.5), layout.style.px(2.2));
        for &marker in markers.iter().filter(|marker| self.frame.extent.contains(**marker)) {
            TriangleMarker { centre: self.pixel(rect, marker), radius, edge }.draw(canvas);
        }
    }

    /// Where a point of the map is in the picture.
    fn pixel(&self, rect: PixelRect, [x, y]: [f32; 2]) -> Vec2 {
        let extent = self.frame.extent;
        let right = (f64::from(x) - f64::from(extent.x_min)) / extent.width();
        let down = (f64::from(extent.y_max) - f64::from(y)) / extent.height();
        let size = Vec2::new(rect.width as f32, rect.height as f32);
        Vec2::new(rect.x as f32, rect.y as f32) + Vec2::new(right as f32, down as f32) * size
    }
}

/// Checks an array of a panel against the shape of the first panel.
pub(crate) fn check_shape(
    panel: &str,
    array: &'static str,
    found: (usize, usize),
    expected: [usize; 2],
) -> Result<(), FigureError> {
    let found = [found.0, found.1];
    if found.contains(&0) {
        return Err(FigureError::NoCells { panel: panel.to_owned(), shape: found });
    }
    if found != expected {
        return Err(FigureError::Shape { panel: panel.to_owned(), array, found, expected });
    }
    Ok(())
}
