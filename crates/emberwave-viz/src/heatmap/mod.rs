//! Figures of radio maps: panels with axes in metres, a colour bar or a legend, outlines and transmitters.
//!
//! The pixels of an uncovered cell are transparent (alpha 0) and everything else of the figure is opaque,
//! so a figure can be put over a photograph or a plan. No pixel of a cell is hidden by the frame of its
//! panel.
//!
//! The metre aspect ratio is kept. Where a map has fewer cells than its panel should have pixels, a cell of a
//! square grid is a whole number of pixels; larger maps get one pixel per cell until the figure reaches about
//! 4000 pixels, and from there on a pixel shows several cells (see [`HeatMap`] and [`CategoryMap`]).

mod axes;
mod bar;
mod categories;
mod cells;
mod colours;
mod error;
mod figure;
mod frame;
mod key;
mod layout;
mod legend;
mod map;
mod rect;
mod scale;
mod style;
mod ticks;

pub use categories::{CategoryMap, CategoryPanel};
pub use colours::ColourMap;
pub use error::FigureError;
pub use frame::{Extent, Frame};
pub use map::{HeatMap, Panel};
pub use rect::PixelRect;
