//! Anti-aliased text in an embedded typeface.

use ab_glyph::{Font, FontRef, GlyphId, ScaleFont, point};

use super::{Canvas, Mask, Rgb};
use crate::heatmap::FigureError;

/// DejaVu Sans, embedded in the program.
pub(crate) struct Typeface {
    font: FontRef<'static>,
}

/// Which part of a text is put at its position.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// A text and where its baseline runs.
pub(crate) struct Label<'a> {
    text: &'a str,
    size: f32,
    at: (f32, f32),
    align: Align,
    turned: bool,
    colour: Rgb,
}

impl<'a> Label<'a> {
    /// A text of an em size \[px\] whose baseline begins at a point \[px\].
    pub(crate) fn new(text: &'a str, size: f32, at: (f32, f32), colour: Rgb) -> Self {
        Self { text, size, at, align: Align::Left, turned: false, colour }
    }

    /// Chooses which part of the baseline is at the point.
    pub(crate) fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// Makes the text run upwards instead of to the right.
    pub(crate) fn turned(self) -> Self {
        Self { turned: true, ..self }
    }
}

impl Typeface {
    /// The embedded typeface.
    pub(crate) fn load() -> Result<Self, FigureError> {
        let font = FontRef::try_from_slice(dejavu::sans::regular()).map_err(|_| FigureError::Font)?;
        Ok(Self { font })
    }

    /// Length of a text \[px\] at an em size \[px\].
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let scaled = self.font.as_scaled(self.scale(size));
        self.layout(text, size).last().map_or(0.0, |&(id, x)| x + scaled.h_advance(id))
    }

    /// Height of capitals and digits \[px\] at an em size \[px\] (1493/2048 em in DejaVu Sans).
    pub(crate) fn cap_height(&self, size: f32) -> f32 {
        size * 1493.0 / 2048.0
    }

    /// The text, or its beginning and "…" when it is longer than `limit` \[px\].
    pub(crate) fn fitted(&self, text: &str, size: f32, limit: f32) -> String {
        if self.width(text, size) <= limit {
            return text.to_owned();
        }
        let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
        ends.iter()
            .rev()
            .map(|&end| format!("{}…", text[..end].trim_end_matches([' ', ',', '-'])))
            .find(|shortened| self.width(shortened, size) <= limit)
            .unwrap_or_else(|| "…".to_owned())
    }

    /// ab_glyph measures a size from ascender to descender; a size here is the em.
    fn scale(&self, size: f32) -> f32 {
        size * self.font.height_unscaled() / self.font.units_per_em().unwrap_or(2048.0)
    }

    /// Glyphs and the positions of their origins, kerned.
    fn layout(&self, text: &str, size: f32) -> Vec<(GlyphId, f32)> {
        let scaled = self.font.as_scaled(self.scale(size));
        let mut pen = 0.0;
        let mut previous = None;
        let mut glyphs = Vec::with_capacity(text.len());
        for id in text.chars().filter(|c| !c.is_control()).map(|c| scaled.glyph_id(c)) {
            if let Some(before) = previous {
                pen += scaled.kern(before, id);
            }
            glyphs.push((id, pen));
            pen += scaled.h_advance(id);
            previous = Some(id);
        }
        glyphs
    }

    /// Coverage of a text and the row of its baseline. Two columns at either end are spare.
    fn mask(&self, text: &str, size: f32) -> (Mask, i64) {
        let baseline = (size * 1.2).ceil();
        let width = self.width(text, size).ceil() + 2.0 * SPARE;
        let mut mask = Mask::new(width as u32, (size * 1.6).ceil() as u32);
        for (id, x) in self.layout(text, size) {
            let glyph = id.with_scale_and_position(self.scale(size), point(x + SPARE, baseline));
            if let Some(outlined) = self.font.outline_glyph(glyph) {
                let corner = outlined.px_bounds().min;
                outlined.draw(|column, row, coverage| {
                    mask.raise(
                        corner.x as i64 + i64::from(column),
                        corner.y as i64 + i64::from(row),
                        coverage,
                    );
                });
            }
        }
        (mask, baseline as i64)
    }
}

/// Empty columns at either end of a text's mask, for strokes that leave their glyph's advance.
const SPARE: f32 = 2.0;

impl Canvas {
    /// Writes a text.
    pub(crate) fn write(&mut self, typeface: &Typeface, label: &Label<'_>) {
        let (mask, baseline) = typeface.mask(label.text, label.size);
        let width = typeface.width(label.text, label.size);
        let back = SPARE + width * label.align.fraction();
        let (x, y) = label.at;
        if label.turned {
            let turned = mask.turned();
            let top = (y + back).round() as i64 - i64::from(turned.height());
            self.blend_mask(&turned, (x.round() as i64 - baseline, top), label.colour, 1.0);
        } else {
            let left = (x - back).round() as i64;
            self.blend_mask(&mask, (left, y.round() as i64 - baseline), label.colour, 1.0);
        }
    }
}

impl Align {
    fn fraction(self) -> f32 {
        match self {
            Self::Left => 0.0,
            Self::Centre => 0.5,
            Self::Right => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typeface_has_the_signs_of_a_figure() {
        let typeface = Typeface::load().expect("embedded");
        for sign in ['\u{2212}', '²', '°', '…', 'µ', 'λ', '·'] {
            assert_ne!(typeface.font.glyph_id(sign), GlyphId(0), "{sign}");
        }
    }

    #[test]
    fn width_is_proportional_to_size() {
        let typeface = Typeface::load().expect("embedded");
        let text = "Path gain [dB]";
        let ratio = typeface.width(text, 40.0) / typeface.width(text, 20.0);
        assert!((ratio - 2.0).abs() < 1e-3, "{ratio}");
    }

    #[test]
    fn a_long_text_is_cut_to_fit() {
        let typeface = Typeface::load().expect("embedded");
        let fitted = typeface.fitted("a transmitter with a very long name", 20.0, 150.0);
        assert!(fitted.ends_with('…') && typeface.width(&fitted, 20.0) <= 150.0, "{fitted}");
        assert_eq!(typeface.fitted("short", 20.0, 150.0), "short");
    }
}
