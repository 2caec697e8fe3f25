//! Where everything of a figure goes.

use super::frame::Frame;
use super::key::{Key, Side};
use super::style::Style;
use super::ticks::{Tick, axis_ticks};
use super::{Extent, PixelRect, bar::widest};
use crate::canvas::Typeface;

/// The measured parts of a figure.
pub(crate) struct Layout {
    /// Width and height of the picture.
    pub(crate) size: [u32; 2],
    pub(crate) style: Style,
    /// Where the cells of each panel are.
    pub(crate) panels: Vec<PixelRect>,
    pub(crate) grid: Grid,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    pub(crate) side: Side,
    /// Where the key is.
    pub(crate) key: PixelRect,
    /// Longest title \[px\].
    pub(crate) title_limit: f32,
}

/// Panels in rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) count: usize,
}

/// What a layout is made for.
pub(crate) struct Request<'a> {
    pub(crate) frame: &'a Frame,
    /// \[rows, columns\] of cells.
    pub(crate) shape: [usize; 2],
    pub(crate) titles: Vec<&'a str>,
    pub(crate) key: &'a dyn Key,
    pub(crate) typeface: &'a Typeface,
}

/// Pixels that all panels of a row or column may have together.
const LARGEST_AXES: f64 = 3300.0;
/// A panel's long side is stretched up to twice its goal until its short side has this many pixels.
const SHORTEST_SIDE: f64 = 80.0;
/// Width of all panels by their height from which the key is below.
const WIDE: f32 = 2.1;

impl Layout {
    pub(crate) fn new(request: &Request<'_>) -> Self {
        let Request { frame, typeface, .. } = *request;
        let grid = Grid::choose(request.titles.len(), frame.extent.width() / frame.extent.height());
        let panel = panel_size(&frame.extent, request.shape, grid);
        let [width, height] = panel.map(|side| side as f32);
        let axes = [width * grid.columns as f32, height * grid.rows as f32];
        let style = Style::new(width.max(height), axes[0].max(axes[1]));
        let x_range = [f64::from(frame.extent.x_min), f64::from(frame.extent.x_max)];
        let y_range = [f64::from(frame.extent.y_min), f64::from(frame.extent.y_max)];
        let x_ticks = axis_ticks(x_range, width, |ticks| {
            (widest(ticks, typeface, &style) + style.px(22.0)).max(style.px(90.0))
        });
        let y_ticks = axis_ticks(y_range, height, |_| {
            // A low map keeps more than one tick: their texts are still two lines apart.
            (height / 8.0).clamp(style.px(34.0), style.px(70.0))
        });
        let title_limit = width.max(style.px(320.0));
        let margins = Margins::measure(request, &style, panel, &x_ticks, &y_ticks);
        let side = if axes[0] > WIDE * axes[1] { Side::Below } else { Side::Right };
        let panels = (0..grid.count).map(|index| margins.place(panel, grid.place(index))).collect();
        let (size, key) = margins.close(request, &style, panel, grid, side);
        Self { size, style, panels, grid, x_ticks, y_ticks, side, key, title_limit }
    }
}

impl Grid {
    /// The grid whose panels together come closest to the shape of a page (3:2) with few empty places.
    fn choose(count: usize, aspect: f64) -> Self {
        let cost = |columns: usize| {
            let rows = count.div_ceil(columns);
            let shape = (aspect * columns as f64 / rows as f64 / 1.5).ln().abs();
            shape + 2.5 * (rows * columns - count) as f64 / count as f64
        };
        let columns = (1..=count).min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap_or(1);
        Self { rows: count.div_ceil(columns), columns, count }
    }

    /// Row and column of a panel.
    pub(crate) fn place(self, index: usize) -> [usize; 2] {
        [index / self.columns, index % self.columns]
    }

    /// Whether no panel is below this one.
    pub(crate) fn is_lowest(self, index: usize) -> bool {
        index + self.columns >= self.count
    }
}

/// Width and height of a panel \[px\].
fn panel_size(extent: &Extent, [rows, columns]: [usize; 2], grid: Grid) -> [u32; 2] {
    let (width, height) = (extent.width(), extent.height());
    let (long, short) = (width.max(height), width.min(height));
    let goal = match grid.rows.max(grid.columns) {
        1 => 800.0,
        2 => 600.0,
        3 => 480.0,
        _ => 400.0,
    };
    let goal = (SHORTEST_SIDE * long / short).clamp(goal, 2.0 * goal);
    let (cells, cell) = if width >= height {
        (columns as f64, width / columns as f64)
    } else {
        (rows as f64, height / rows as f64)
    };
    let pixels_per_cell = (goal / cells).round().max(1.0);
    let most_x = LARGEST_AXES / grid.columns as f64 / width;
    let most_y = LARGEST_AXES / grid.rows as f64 / height;
    let pixels_per_metre = (pixels_per_cell / cell).min(most_x).min(most_y);
    [width, height].map(|side| (side * pixels_per_metre).round().max(1.0) as u32)
}

/// White space around and between the panels \[px\].
struct Margins {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    column_gap: f32,
    row_gap: f32,
}

impl Margins {
    fn measure(request: &Request<'_>, style: &Style, panel: [u32; 2], x: &[Tick], y: &[Tick]) -> Self {
        let Request { frame, typeface, .. } = *request;
        let [width, height] = panel.map(|side| side as f32);
        let longest =
            |texts: &[&str], size| texts.iter().map(|text| typeface.width(text, size)).fold(0.0, f32::max);
        let limit = width.max(style.px(320.0));
        let title_width = longest(&request.titles, style.title()).min(limit);
        let label_width = longest(&[&frame.x_label], style.label());
        let overhang = (0.5 * (title_width.max(label_width) - width)).max(0.5 * widest(x, typeface, style));
        let label_overhang = (0.5 * (longest(&[&frame.y_label], style.label()) - height)).max(0.0);
        let has_titles = request.titles.iter().any(|title| !title.is_empty());
        let title = if has_titles { style.px(13.0) + typeface.cap_height(style.title()) } else { 0.0 };
        let marks = style.stroke() as f32 + style.tick() + style.gap();
        let text = 1.25 * typeface.cap_height(style.label()) + style.px(14.0);
        let left = marks + widest(y, typeface, style) + text;
        let bottom = marks + typeface.cap_height(style.tick_text()) + text;
        Self {
            left: style.padding() + left.max(overhang),
            right: overhang,
            top: style.padding() + title.max(label_overhang),
            bottom: bottom.max(label_overhang),
            column_gap: style.px(26.0).max(2.0 * overhang + style.px(24.0)),
            row_gap: (title + style.px(26.0)).max(2.0 * label_overhang + style.px(10.0)),
        }
    }

    fn place(&self, [width, height]: [u32; 2], [row, column]: [usize; 2]) -> PixelRect {
        let x = self.left + column as f32 * (width as f32 + self.column_gap).round();
        let y = self.top + row as f32 * (height as f32 + self.row_gap).round();
        PixelRect { x: x.round() as u32, y: y.round() as u32, width, height }
    }

    /// The size of the picture and the rectangle of the key.
    fn close(
        &self,
        request: &Request<'_>,
        style: &Style,
        panel: [u32; 2],
        grid: Grid,
        side: Side,
    ) -> ([u32; 2], PixelRect) {
        let first = self.place(panel, [0, 0]);
        let last = self.place(panel, [grid.rows - 1, grid.columns - 1]);
        let (axes_right, axes_bottom) = (last.x + last.width, last.y + last.height);
        let along = match side {
            Side::Right => axes_bottom - first.y,
            Side::Below => axes_right - first.x,
        };
        let breadth = request.key.breadth(request.typeface, style, side, along as f32).ceil() as u32;
        let padding = style.padding().ceil() as u32;
        let bottom = axes_bottom + self.bottom.ceil() as u32;
        match side {
            Side::Right => {
                let x = axes_right + self.right.max(style.px(30.0)).ceil() as u32;
                let key = PixelRect { x, y: first.y, width: breadth, height: along };
                ([x + breadth + padding, bottom + padding], key)
            }
            Side::Below => {
                let y = bottom + style.px(20.0).ceil() as u32;
                let key = PixelRect { x: first.x, y, width: along, height: breadth };
                ([axes_right + self.right.ceil() as u32 + padding, y + breadth + padding], key)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(extent: Extent, shape: [usize; 2], count: usize) -> [u32; 2] {
        panel_size(&extent, shape, Grid::choose(count, extent.width() / extent.height()))
    }

    #[test]
    fn small_maps_grow_by_whole_pixels_and_large_ones_keep_one_pixel_per_cell() {
        assert_eq!(size(Extent::new(0.0, 10.0, 0.0, 10.0), [10, 10], 1), [800, 800]);
        assert_eq!(size(Extent::new(0.0, 600.0, 0.0, 300.0), [150, 300], 1), [900, 450]);
        assert_eq!(size(Extent::new(-1e3, 1e3, -1e3, 1e3), [2000, 2000], 1), [2000, 2000]);
    }

    #[test]
    fn huge_maps_are_reduced_and_keep_their_aspect() {
        assert_eq!(size(Extent::new(0.0, 2e4, 0.0, 1e4), [10_000, 20_000], 1), [3300, 1650]);
    }

    #[test]
    fn grids_fill_a_page() {
        let columns = |count, aspect| Grid::choose(count, aspect).columns;
        assert_eq!((columns(1, 1.0), columns(2, 1.0), columns(4, 1.0), columns(6, 1.0)), (1, 2, 2, 3));
        assert_eq!((columns(3, 6.0), columns(3, 0.2)), (1, 3));
        assert_eq!((columns(7, 1.0), columns(3, 1.0)), (4, 3));
    }
}
