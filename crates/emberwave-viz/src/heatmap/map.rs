//! Maps of a quantity in dB.

use std::ops::Range;

use image::RgbaImage;
use ndarray::{Array2, s};

use super::bar::ColourBar;
use super::figure::{Drawing, Figure, check_shape};
use super::scale::ColourScale;
use super::{ColourMap, Extent, FigureError, Frame, PixelRect};
use crate::outline::Segment;

/// One map of a figure, for example that of one transmitter.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Text above the panel; may be empty.
    pub title: String,
    /// Values \[cells_y, cells_x\] in dB; row 0 is the smallest y, the bottom of the picture.
    pub values: Array2<f32>,
    /// Which cells have a value, \[cells_y, cells_x\]. The others are transparent, as are values that are
    /// not finite.
    pub covered: Array2<bool>,
    /// Transmitters to mark, in map-local metres; those outside the extent are left out.
    pub markers: Vec<[f32; 2]>,
}

impl Panel {
    /// A panel without markers.
    #[must_use]
    pub fn new(title: impl Into<String>, values: Array2<f32>, covered: Array2<bool>) -> Self {
        Self { title: title.into(), values, covered, markers: Vec::new() }
    }

    /// Marks a transmitter at a point in map-local metres.
    #[must_use]
    pub fn with_marker(mut self, position: [f32; 2]) -> Self {
        self.markers.push(position);
        self
    }

    fn covered_values(&self) -> impl Iterator<Item = f32> {
        let pairs = self.values.iter().zip(&self.covered);
        pairs.filter(|(value, covered)| **covered && value.is_finite()).map(|(&value, _)| value)
    }

    /// The mean of the covered values of a block; none where most of it is uncovered.
    fn block_mean(&self, rows: Range<usize>, columns: Range<usize>) -> Option<f32> {
        let cells = rows.len() * columns.len();
        if cells == 1 {
            let cell = [rows.start, columns.start];
            return (self.covered[cell] && self.values[cell].is_finite()).then(|| self.values[cell]);
        }
        let values = self.values.slice(s![rows.clone(), columns.clone()]);
        let covered = self.covered.slice(s![rows, columns]);
        let (mut sum, mut count) = (0.0, 0);
        for (&value, &covered) in values.iter().zip(&covered) {
            if covered && value.is_finite() {
                sum += f64::from(value);
                count += 1;
            }
        }
        (2 * count > cells).then(|| (sum / f64::from(count as u32)) as f32)
    }
}

/// A figure of one or several maps on one colour scale.
///
/// Where a pixel shows several cells (only in figures beyond about 4000 pixels), it has the colour of the
/// mean of their values in dB, and is transparent when half of them or more are uncovered.
///
/// ```
/// # use emberwave_viz::{ColourMap, Extent, HeatMap, Panel};
/// # use ndarray::arr2;
/// let panel = Panel::new("tx", arr2(&[[-90.0, -70.0]]), arr2(&[[true, true]]));
/// let figure = HeatMap::new(Extent::new(0.0, 2.0, 0.0, 1.0)).with_panel(panel).with_range(-100.0, -60.0);
/// let (picture, panel) = (figure.render()?, figure.panel_rects()?[0]);
/// let [r, g, b] = ColourMap::Viridis.colour(0.25);
/// assert_eq!(picture.get_pixel(panel.x, panel.y).0, [r, g, b, 255]); // −90 dB is a quarter up the scale
/// # Ok::<(), emberwave_viz::FigureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// Extent, axis labels and outlines.
    pub frame: Frame,
    /// The maps, all of one shape.
    pub panels: Vec<Panel>,
    /// Text beside the colour bar.
    pub colour_bar_label: String,
    /// Value of the lowest colour; see [`HeatMap::with_range`] for the automatic choice.
    pub vmin: Option<f32>,
    /// Value of the highest colour.
    pub vmax: Option<f32>,
    /// The colours.
    pub colours: ColourMap,
}

impl HeatMap {
    /// A figure without panels, labelled "Path gain \[dB\]", in viridis, with an automatic range.
    #[must_use]
    pub fn new(extent: Extent) -> Self {
        Self {
            frame: Frame::new(extent),
            panels: Vec::new(),
            colour_bar_label: "Path gain [dB]".into(),
            vmin: None,
            vmax: None,
            colours: ColourMap::default(),
        }
    }

    /// Adds a map.
    #[must_use]
    pub fn with_panel(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }

    /// Sets the text beside the colour bar.
    #[must_use]
    pub fn with_colour_bar_label(mut self, label: impl Into<String>) -> Self {
        self.colour_bar_label = label.into();
        self
    }

    /// Sets the colour map.
    #[must_use]
    pub fn with_colours(mut self, colours: ColourMap) -> Self {
        self.colours = colours;
        self
    }

    /// Sets the values of the lowest and highest colour; values beyond them have the colour of the end.
    ///
    /// Without it, the ends are the 1 % and 99.9 % percentiles of the covered values of all panels, rounded
    /// outwards to multiples of 5 dB (of 1, 2 or 5 times a smaller power of ten when they are less than 10 dB
    /// apart). Each end can be fixed alone by [`HeatMap::vmin`] or [`HeatMap::vmax`].
    #[must_use]
    pub fn with_range(mut self, vmin: f32, vmax: f32) -> Self {
        (self.vmin, self.vmax) = (Some(vmin), Some(vmax));
        self
    }

    /// Sets the line segments drawn over every panel, in map-local metres.
    #[must_use]
    pub fn with_outlines(mut self, outlines: Vec<Segment>) -> Self {
        self.frame.outlines = outlines;
        self
    }

    /// Draws the figure.
    ///
    /// # Errors
    ///
    /// If there is no panel, shapes differ, or the extent or range is not finite and increasing.
    pub fn render(&self) -> Result<RgbaImage, FigureError> {
        self.with_figure(|figure| figure.render())
    }

    /// Where the cells of each panel are in the picture, for example to draw more over them.
    ///
    /// # Errors
    ///
    /// As [`HeatMap::render`].
    pub fn panel_rects(&self) -> Result<Vec<PixelRect>, FigureError> {
        self.with_figure(|figure| figure.panel_rects())
    }

    fn with_figure<T>(
        &self,
        use_it: impl Fn(&Figure<'_>) -> Result<T, FigureError>,
    ) -> Result<T, FigureError> {
        let shape = self.check()?;
        let mut values: Vec<f32> = self.panels.iter().flat_map(Panel::covered_values).collect();
        let scale = ColourScale::fit(&mut values, [self.vmin, self.vmax], self.colours)?;
        drop(values);
        let panels = self.panels.iter().map(|panel| Drawing {
            title: &panel.title,
            markers: &panel.markers,
            colour: Box::new(move |rows, columns| {
                panel.block_mean(rows, columns).map(|value| scale.colour(value))
            }),
        });
        let key = ColourBar { scale, label: &self.colour_bar_label };
        use_it(&Figure { frame: &self.frame, shape, panels: panels.collect(), key: &key })
    }

    /// The shape of all panels.
    fn check(&self) -> Result<[usize; 2], FigureError> {
        self.frame.extent.check()?;
        let first = self.panels.first().ok_or(FigureError::NoPanels)?;
        let shape = [first.values.nrows(), first.values.ncols()];
        for panel in &self.panels {
            check_shape(&panel.title, "values", panel.values.dim(), shape)?;
            check_shape(&panel.title, "covered", panel.covered.dim(), shape)?;
        }
        Ok(shape)
    }
}
