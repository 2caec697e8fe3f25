//! Pictures and files of radio maps, in pure Rust.
//!
//! * [`radio_map`]: a solver's [`RadioMap`](emberwave_solvers::RadioMap) as picture or file of arrays, and back.
//! * [`heatmap`]: figures for a paper: [`HeatMap`] for quantities in dB, [`CategoryMap`] for the best server.
//! * [`outline`](mod@outline): where meshes cross the plane of a map, as line segments to draw over it.
//! * [`export`]: PNG, NumPy and safetensors files that appear whole or not at all.
//!
//! Nothing here needs a system library or a system font: the text of a figure is set in DejaVu Sans, which
//! is embedded (Bitstream Vera licence, which permits that).
//!
//! ```
//! use emberwave_viz::{Extent, HeatMap, Panel};
//! use ndarray::Array2;
//!
//! let path_gain_db = Array2::from_shape_fn((40, 60), |(y, x)| -80.0 - (x + y) as f32 * 0.5);
//! let covered = Array2::from_elem((40, 60), true);
//! let figure = HeatMap::new(Extent::new(0.0, 60.0, 0.0, 40.0))
//!     .with_panel(Panel::new("roof", path_gain_db, covered).with_marker([30.0, 20.0]));
//! let picture = figure.render()?;
//! assert!(picture.width() > 780);
//! # Ok::<(), emberwave_viz::FigureError>(())
//! ```

mod canvas;
pub mod export;
pub mod heatmap;
pub mod outline;
pub mod radio_map;

pub use export::{
    ArrayFile, ExportError, HostArray, HostElement, ImportError, check_writable, save_png, write_atomically,
};
pub use heatmap::{
    CategoryMap, CategoryPanel, ColourMap, Extent, FigureError, Frame, HeatMap, Panel, PixelRect,
};
pub use image::RgbaImage;
pub use outline::{MapPlane, Segment, mesh_outline, outline};
pub use radio_map::{
    MapQuantity, MapView, PictureOptions, RadioMapExport, RadioMapFile, load_maps, save_maps,
};
