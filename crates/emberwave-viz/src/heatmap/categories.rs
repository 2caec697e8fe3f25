//! Maps of categories, such as the transmitter that serves a cell.

use std::ops::Range;

use image::RgbaImage;
use ndarray::{Array2, s};

use super::colours::category_colour;
use super::figure::{Drawing, Figure, check_shape};
use super::legend::Legend;
use super::{Extent, FigureError, Frame, PixelRect};
use crate::outline::Segment;

/// One categorical map of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryPanel {
    /// Text above the panel; may be empty.
    pub title: String,
    /// Index of each cell's category \[cells_y, cells_x\], negative where it has none; row 0 is the
    /// smallest y.
    pub categories: Array2<i32>,
    /// Transmitters to mark, in map-local metres; those outside the extent are left out.
    pub markers: Vec<[f32; 2]>,
}

impl CategoryPanel {
    /// A panel without markers.
    #[must_use]
    pub fn new(title: impl Into<String>, categories: Array2<i32>) -> Self {
        Self { title: title.into(), categories, markers: Vec::new() }
    }

    /// Marks a transmitter at a point in map-local metres.
    #[must_use]
    pub fn with_marker(mut self, position: [f32; 2]) -> Self {
        self.markers.push(position);
        self
    }

    /// The most frequent category of a block (the smallest of several), none if that is no category.
    fn block_mode(&self, rows: Range<usize>, columns: Range<usize>) -> Option<usize> {
        let block = self.categories.slice(s![rows, columns]);
        if block.len() == 1 {
            return block.first().and_then(|&index| usize::try_from(index).ok());
        }
        let mut sorted: Vec<i32> = block.iter().map(|&index| index.max(-1)).collect();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|a, b| a == b);
        let longest = runs.fold(&sorted[..0], |best, run| if run.len() > best.len() { run } else { best });
        longest.first().and_then(|&index| usize::try_from(index).ok())
    }
}

/// A figure of categorical maps with a legend.
///
/// Where a pixel shows several cells (only in figures beyond about 4000 pixels), it has the colour of the
/// most frequent category.
///
/// ```
/// # use emberwave_viz::{CategoryMap, CategoryPanel, Extent};
/// # use ndarray::arr2;
/// let best_server = CategoryPanel::new("Best server", arr2(&[[0, 0, 1], [0, -1, 1]]));
/// let names = vec!["north".to_owned(), "south".to_owned()];
/// let figure = CategoryMap::new(Extent::new(0.0, 3.0, 0.0, 2.0), names).with_panel(best_server);
/// assert!(figure.render()?.width() > 800);
/// # Ok::<(), emberwave_viz::FigureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryMap {
    /// Extent, axis labels and outlines.
    pub frame: Frame,
    /// The maps, all of one shape.
    pub panels: Vec<CategoryPanel>,
    /// Names of the categories, by index.
    pub names: Vec<String>,
}

impl CategoryMap {
    /// A figure without panels.
    #[must_use]
    pub fn new(extent: Extent, names: Vec<String>) -> Self {
        Self { frame: Frame::new(extent), panels: Vec::new(), names }
    }

    /// Adds a map.
    #[must_use]
    pub fn with_panel(mut self, panel: CategoryPanel) -> Self {
        self.panels.push(panel);
        self
    }

    /// Sets the line segments drawn over every panel, in map-local metres.
    #[must_use]
    pub fn with_outlines(mut self, outlines: Vec<Segment>) -> Self {
        self.frame.outlines = outlines;
        self
    }

    /// The colour of a category.
    #[must_use]
    pub fn colour(&self, category: usize) -> [u8; 3] {
        category_colour(category, self.names.len())
    }

    /// Draws the figure.
    ///
    /// # Errors
    ///
    /// If there is no panel, shapes differ, the extent is not finite and increasing, or a category has no
    /// name.
    pub fn render(&self) -> Result<RgbaImage, FigureError> {
        self.with_figure(|figure| figure.render())
    }

    /// Where the cells of each panel are in the picture.
    ///
    /// # Errors
    ///
    /// As [`CategoryMap::render`].
    pub fn panel_rects(&self) -> Result<Vec<PixelRect>, FigureError> {
        self.with_figure(|figure| figure.panel_rects())
    }

    fn with_figure<T>(
        &self,
        use_it: impl Fn(&Figure<'_>) -> Result<T, FigureError>,
    ) -> Result<T, FigureError> {
        let shape = self.check()?;
        let panels = self.panels.iter().map(|panel| Drawing {
            title: &panel.title,
            markers: &panel.markers,
            colour: Box::new(move |rows, columns| {
                panel.block_mode(rows, columns).map(|category| self.colour(category))
            }),
        });
        let entries = self.names.iter().enumerate().map(|(index, name)| (self.colour(index), name.clone()));
        let key = Legend { entries: entries.collect() };
        use_it(&Figure { frame: &self.frame, shape, panels: panels.collect(), key: &key })
    }

    /// The shape of all panels.
    fn check(&self) -> Result<[usize; 2], FigureError> {
        self.frame.extent.check()?;
        let first = self.panels.first().ok_or(FigureError::NoPanels)?;
        let shape = [first.categories.nrows(), first.categories.ncols()];
        let count = self.names.len();
        for panel in &self.panels {
            check_shape(&panel.title, "categories", panel.categories.dim(), shape)?;
            let nameless = |index: &&i32| usize::try_from(**index).is_ok_and(|index| index >= count);
            if let Some(&index) = panel.categories.iter().find(nameless) {
                return Err(FigureError::Category { panel: panel.title.clone(), index, count });
            }
        }
        Ok(shape)
    }
}
