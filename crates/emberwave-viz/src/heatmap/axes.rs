//! Frame, ticks and labels of a panel.

use super::PixelRect;
use super::frame::Frame;
use super::layout::Layout;
use super::style::Style;
use super::ticks::Tick;
use crate::canvas::{Align, Canvas, Label, Typeface};

/// The axes of one panel.
pub(crate) struct Axes<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) layout: &'a Layout,
    pub(crate) typeface: &'a Typeface,
    /// Number of the panel.
    pub(crate) index: usize,
}

impl Axes<'_> {
    /// Draws frame, ticks and title, and tick texts and labels where no other panel is in between.
    pub(crate) fn draw(&self, canvas: &mut Canvas, title: &str) {
        canvas.frame(self.rect(), self.style().stroke(), Style::INK);
        self.draw_title(canvas, title);
        self.draw_x(canvas, self.layout.grid.is_lowest(self.index));
        self.draw_y(canvas, self.layout.grid.place(self.index)[1] == 0);
    }

    fn rect(&self) -> PixelRect {
        self.layout.panels[self.index]
    }

    fn style(&self) -> &Style {
        &self.layout.style
    }

    fn draw_title(&self, canvas: &mut Canvas, title: &str) {
        let (rect, style) = (self.rect(), self.style());
        let text = self.typeface.fitted(title, style.title(), self.layout.title_limit);
        let at = (rect.x as f32 + 0.5 * rect.width as f32, rect.y as f32 - style.px(13.0));
        canvas.write(self.typeface, &Label::new(&text, style.title(), at, Style::INK).aligned(Align::Centre));
    }

    fn draw_x(&self, canvas: &mut Canvas, labelled: bool) {
        let (rect, style) = (self.rect(), self.style());
        let edge = rect.y + rect.height + style.stroke();
        let size = style.tick_text();
        let below = edge as f32 + style.tick() + style.gap() + self.typeface.cap_height(size);
        let extent = self.frame.extent;
        for tick in &self.layout.x_ticks {
            let position = (tick.value - f64::from(extent.x_min)) / extent.width();
            let x = rect.x as f32 + position as f32 * rect.width as f32;
            let (width, height) = (style.stroke(), style.tick() as u32);
            let left = (x - 0.5 * width as f32).round() as u32;
            canvas.fill(PixelRect { x: left, y: edge, width, height }, Style::INK);
            if labelled {
                let at = (self.centre_of_digits(tick, x), below);
                canvas.write(
                    self.typeface,
                    &Label::new(&tick.text, size, at, Style::INK).aligned(Align::Centre),
                );
            }
        }
        if labelled {
            let size = style.label();
            let baseline = below + style.px(14.0) + self.typeface.cap_height(size);
            let at = (rect.x as f32 + 0.5 * rect.width as f32, baseline);
            let label = Label::new(&self.frame.x_label, size, at, Style::INK).aligned(Align::Centre);
            canvas.write(self.typeface, &label);
        }
    }

    fn draw_y(&self, canvas: &mut Canvas, labelled: bool) {
        let (rect, style) = (self.rect(), self.style());
        let length = style.tick() as u32;
        let edge = rect.x.saturating_sub(style.stroke() + length);
        let size = style.tick_text();
        let extent = self.frame.extent;
        for tick in &self.layout.y_ticks {
            let position = (f64::from(extent.y_max) - tick.value) / extent.height();
            let y = rect.y as f32 + position as f32 * rect.height as f32;
            let height = style.stroke();
            let top = (y - 0.5 * height as f32).round() as u32;
            canvas.fill(PixelRect { x: edge, y: top, width: length, height }, Style::INK);
            if labelled {
                let at = (edge as f32 - style.gap(), y + 0.5 * self.typeface.cap_height(size));
                canvas.write(
                    self.typeface,
                    &Label::new(&tick.text, size, at, Style::INK).aligned(Align::Right),
                );
            }
        }
        if labelled {
            let texts = super::bar::widest(&self.layout.y_ticks, self.typeface, style);
            let x = edge as f32 - style.gap() - texts - style.px(14.0);
            let at = (x, rect.y as f32 + 0.5 * rect.height as f32);
            let label = Label::new(&self.frame.y_label, style.label(), at, Style::INK);
            canvas.write(self.typeface, &label.aligned(Align::Centre).turned());
        }
    }

    /// Where a tick's text is centred, so that its digits and not its minus sign stand under the mark.
    fn centre_of_digits(&self, tick: &Tick, x: f32) -> f32 {
        let sign = if tick.text.starts_with('\u{2212}') { "\u{2212}" } else { "" };
        x - 0.25 * self.typeface.width(sign, self.style().tick_text())
    }
}
