//! The legend of a categorical map.

use super::PixelRect;
use super::key::{Key, Side};
use super::style::Style;
use crate::canvas::{Canvas, Label, Rgb, Typeface};

/// Names beside patches of their colours, in columns.
pub(crate) struct Legend {
    pub(crate) entries: Vec<(Rgb, String)>,
}

/// How the entries are arranged.
struct Grid {
    rows: usize,
    columns: usize,
    /// Number of entries that are shown; when it is not all, one more place tells how many are hidden.
    shown: usize,
}

/// At most this many columns are put beside the panels.
const MAX_COLUMNS: usize = 4;
/// Space between columns, at style factor 1.
const COLUMN_GAP: f32 = 26.0;

impl Legend {
    fn row_height(style: &Style) -> f32 {
        style.px(31.0)
    }

    fn name(&self, index: usize, typeface: &Typeface, style: &Style) -> String {
        typeface.fitted(&self.entries[index].1, style.tick_text(), style.px(260.0))
    }

    /// Width of an entry with its patch \[px\].
    fn entry_width(&self, index: usize, typeface: &Typeface, style: &Style) -> f32 {
        let text = typeface.width(&self.name(index, typeface, style), style.tick_text());
        style.px(18.0) + style.px(10.0) + text.max(style.px(70.0))
    }

    fn grid(&self, typeface: &Typeface, style: &Style, side: Side, length: f32) -> Grid {
        let count = self.entries.len();
        let (rows, columns) = match side {
            Side::Right => {
                let rows = ((length / Self::row_height(style)) as usize).max(1);
                (rows.min(count), count.div_ceil(rows).min(MAX_COLUMNS))
            }
            Side::Below => {
                let widths = (0..count).map(|index| self.entry_width(index, typeface, style));
                let pitch = widths.fold(0.0, f32::max) + style.px(COLUMN_GAP);
                let columns = ((length / pitch) as usize).clamp(1, count.max(1));
                (count.div_ceil(columns), columns)
            }
        };
        let places = rows * columns;
        let shown = if count > places { places - 1 } else { count };
        Grid { rows, columns, shown }
    }

    /// Where each column begins, and where the last one ends.
    fn column_starts(&self, grid: &Grid, typeface: &Typeface, style: &Style, side: Side) -> Vec<f32> {
        let mut starts = vec![0.0];
        for column in 0..grid.columns {
            let members = (0..grid.shown).filter(|&place| grid.place(place, side).0 == column);
            let width =
                members.map(|index| self.entry_width(index, typeface, style)).fold(style.px(98.0), f32::max);
            starts.push(starts[column] + width + style.px(COLUMN_GAP));
        }
        starts
    }
}

impl Grid {
    /// Column and row of an entry.
    fn place(&self, place: usize, side: Side) -> (usize, usize) {
        match side {
            Side::Right => (place / self.rows, place % self.rows),
            Side::Below => (place % self.columns, place / self.columns),
        }
    }
}

impl Key for Legend {
    fn breadth(&self, typeface: &Typeface, style: &Style, side: Side, length: f32) -> f32 {
        let grid = self.grid(typeface, style, side, length);
        match side {
            Side::Right => {
                let starts = self.column_starts(&grid, typeface, style, side);
                (starts[grid.columns] - style.px(COLUMN_GAP)).max(0.0)
            }
            Side::Below => grid.rows as f32 * Self::row_height(style),
        }
    }

    fn draw(&self, canvas: &mut Canvas, typeface: &Typeface, style: &Style, side: Side, rect: PixelRect) {
        let along = if side == Side::Right { rect.height } else { rect.width } as f32;
        let grid = self.grid(typeface, style, side, along);
        let starts = self.column_starts(&grid, typeface, style, side);
        let patch = style.px(18.0).round() as u32;
        let size = style.tick_text();
        let hidden = self.entries.len() - grid.shown;
        for place in 0..grid.shown + usize::from(hidden > 0) {
            let (column, row) = grid.place(place, side);
            let x = rect.x + starts[column].round() as u32;
            let y = rect.y + (row as f32 * Self::row_height(style)).round() as u32;
            let text = if place < grid.shown {
                let square = PixelRect { x, y, width: patch, height: patch };
                canvas.fill(square, self.entries[place].0);
                canvas.frame(square, 1, Style::INK);
                self.name(place, typeface, style)
            } else {
                format!("… {hidden} more")
            };
            let baseline = y as f32 + 0.5 * (patch as f32 + typeface.cap_height(size));
            let at = ((x + patch) as f32 + style.px(10.0), baseline);
            let label = Label::new(&text, size, at, Style::INK);
            canvas.write(typeface, &label);
        }
    }
}
