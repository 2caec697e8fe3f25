//! The colour bar.

use super::PixelRect;
use super::key::{Key, Side};
use super::scale::ColourScale;
use super::style::Style;
use super::ticks::{Tick, axis_ticks};
use crate::canvas::{Align, Canvas, Label, Typeface};

/// A colour bar with ticks and a label.
pub(crate) struct ColourBar<'a> {
    pub(crate) scale: ColourScale,
    pub(crate) label: &'a str,
}

impl ColourBar<'_> {
    fn thickness(style: &Style) -> f32 {
        style.px(24.0).round()
    }

    fn ticks(&self, typeface: &Typeface, style: &Style, side: Side, length: f32) -> Vec<Tick> {
        let range = [f64::from(self.scale.vmin), f64::from(self.scale.vmax)];
        axis_ticks(range, length, |ticks| match side {
            Side::Right => style.px(44.0),
            Side::Below => (widest(ticks, typeface, style) + style.px(24.0)).max(style.px(60.0)),
        })
    }

    fn label_size(&self, typeface: &Typeface, style: &Style, length: f32) -> f32 {
        let width = typeface.width(self.label, style.label());
        style.label() * (length / width.max(1.0)).min(1.0)
    }

    fn draw_right(&self, canvas: &mut Canvas, typeface: &Typeface, style: &Style, rect: PixelRect) {
        let bar = PixelRect { width: Self::thickness(style) as u32, ..rect };
        for row in 0..bar.height {
            let position = 1.0 - (row as f32 + 0.5) / bar.height as f32;
            let y = bar.y + row;
            canvas.fill(PixelRect { y, height: 1, ..bar }, self.scale.colours.colour(position));
        }
        canvas.frame(bar, style.stroke(), Style::INK);
        let ticks = self.ticks(typeface, style, Side::Right, rect.height as f32);
        let edge = bar.x + bar.width + style.stroke();
        for tick in &ticks {
            let y = bar.y as f32 + (1.0 - self.position(tick)) * bar.height as f32;
            let (height, width) = (style.stroke(), style.tick() as u32);
            let mark = PixelRect { x: edge, y: (y - 0.5 * height as f32).round() as u32, width, height };
            canvas.fill(mark, Style::INK);
            let size = style.tick_text();
            let at =
                (edge as f32 + style.tick() + style.gap(), (y + 0.5 * typeface.cap_height(size)).round());
            let label = Label::new(&tick.text, size, at, Style::INK);
            canvas.write(typeface, &label);
        }
        let x = edge as f32 + style.tick() + style.gap() + widest(&ticks, typeface, style) + style.px(12.0);
        let size = self.label_size(typeface, style, rect.height as f32);
        let at = (x + typeface.cap_height(size), rect.y as f32 + 0.5 * rect.height as f32);
        let label = Label::new(self.label, size, at, Style::INK).aligned(Align::Centre).turned();
        canvas.write(typeface, &label);
    }

    fn draw_below(&self, canvas: &mut Canvas, typeface: &Typeface, style: &Style, rect: PixelRect) {
        let bar = PixelRect { height: Self::thickness(style) as u32, ..rect };
        for column in 0..bar.width {
            let position = (column as f32 + 0.5) / bar.width as f32;
            let x = bar.x + column;
            canvas.fill(PixelRect { x, width: 1, ..bar }, self.scale.colours.colour(position));
        }
        canvas.frame(bar, style.stroke(), Style::INK);
        let edge = bar.y + bar.height + style.stroke();
        let size = style.tick_text();
        let baseline = (edge as f32 + style.tick() + style.gap() + typeface.cap_height(size)).round();
        for tick in self.ticks(typeface, style, Side::Below, rect.width as f32) {
            let x = bar.x as f32 + self.position(&tick) * bar.width as f32;
            let (width, height) = (style.stroke(), style.tick() as u32);
            let mark = PixelRect { x: (x - 0.5 * width as f32).round() as u32, y: edge, width, height };
            canvas.fill(mark, Style::INK);
            let at = (x, baseline);
            let label = Label::new(&tick.text, size, at, Style::INK).aligned(Align::Centre);
            canvas.write(typeface, &label);
        }
        let size = self.label_size(typeface, style, rect.width as f32);
        let at =
            (rect.x as f32 + 0.5 * rect.width as f32, baseline + style.px(13.0) + typeface.cap_height(size));
        let label = Label::new(self.label, size, at, Style::INK).aligned(Align::Centre);
        canvas.write(typeface, &label);
    }

    /// Where on the bar a tick is, from 0 to 1.
    fn position(&self, tick: &Tick) -> f32 {
        let (vmin, vmax) = (f64::from(self.scale.vmin), f64::from(self.scale.vmax));
        ((tick.value - vmin) / (vmax - vmin)) as f32
    }
}

impl Key for ColourBar<'_> {
    fn breadth(&self, typeface: &Typeface, style: &Style, side: Side, length: f32) -> f32 {
        let marks = Self::thickness(style) + style.stroke() as f32 + style.tick() + style.gap();
        let label = style.px(12.0) + 1.25 * typeface.cap_height(style.label());
        let text = match side {
            Side::Right => widest(&self.ticks(typeface, style, side, length), typeface, style),
            Side::Below => typeface.cap_height(style.tick_text()),
        };
        marks + text + label
    }

    fn draw(&self, canvas: &mut Canvas, typeface: &Typeface, style: &Style, side: Side, rect: PixelRect) {
        match side {
            Side::Right => self.draw_right(canvas, typeface, style, rect),
            Side::Below => self.draw_below(canvas, typeface, style, rect),
        }
    }
}

/// Width of the widest tick text.
pub(crate) fn widest(ticks: &[Tick], typeface: &Typeface, style: &Style) -> f32 {
    ticks.iter().map(|tick| typeface.width(&tick.text, style.tick_text())).fold(0.0, f32::max)
}
