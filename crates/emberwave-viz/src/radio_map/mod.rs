//! A solver's radio map as picture or file of arrays, and back.

mod archive;
mod file;
mod options;
mod picture;
mod place;
mod read;

use std::path::Path;

use emberwave_solvers::RadioMap;
use image::RgbaImage;

pub use file::{RadioMapFile, load_maps, save_maps};
pub use options::{MapQuantity, MapView, PictureOptions};

use crate::export::{ExportError, save_png};

/// Saves radio maps. Every file appears whole or not at all.
///
/// ```no_run
/// # use emberwave_solvers::RadioMap;
/// # use emberwave_viz::ExportError;
/// use emberwave_viz::{MapQuantity, PictureOptions, RadioMapExport};
/// # fn save(map: &RadioMap) -> Result<(), ExportError> {
/// map.save_png("path_gain.png")?;
/// map.save_npz("map.npz")?;
/// map.save_picture("sinr.png", &PictureOptions::new(MapQuantity::Sinr).with_range(-10.0, 40.0))
/// # }
/// ```
pub trait RadioMapExport {
    /// Writes the path gain \[dB\] as a PNG figure with one panel per transmitter.
    ///
    /// Axes are in metres, the outlines of buildings at the plane and the transmitters are drawn over the map, and
    /// cells that no path reaches are transparent.
    ///
    /// # Errors
    ///
    /// If the map cannot be read from its device or the file cannot be written.
    fn save_png(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        self.save_picture(path, &PictureOptions::default())
    }

    /// Writes a figure of the chosen quantity as PNG.
    ///
    /// # Errors
    ///
    /// As [`Self::save_png`], and if the ends of the colour scale are not increasing finite numbers.
    fn save_picture(&self, path: impl AsRef<Path>, options: &PictureOptions) -> Result<(), ExportError>;

    /// Draws a figure of the chosen quantity.
    ///
    /// # Errors
    ///
    /// If the map cannot be read from its device, or the ends of the colour scale are not increasing finite numbers.
    fn picture(&self, options: &PictureOptions) -> Result<RgbaImage, ExportError>;

    /// Writes a NumPy archive that `numpy.load` reads.
    ///
    /// | array | shape | type | holds |
    /// |---|---|---|---|
    /// | `path_gain` | tx, y, x | f32 | path gain, linear; 0 where no path arrives |
    /// | `path_gain_db` | tx, y, x | f32 | path gain \[dB\]; −300 where no path arrives |
    /// | `covered` | tx, y, x | bool | whether a path arrives |
    /// | `rss` | tx, y, x | f32 | received signal strength \[W\] |
    /// | `sinr` | tx, y, x | f32 | signal to interference and noise, linear |
    /// | `tx_association` | y, x | i32 | which transmitter has the largest signal strength; −1 where no path arrives |
    /// | `cell_centers` | y, x, 3 | f32 | positions of the cells \[m\] |
    /// | `tx_positions` | tx, 3 | f32 | positions of the transmitters \[m\] |
    /// | `mean_delay`, `delay_variance`, `rms_delay_spread` | tx, y, x | f32 | delays \[s\], \[s²\], \[s\], if asked for |
    /// | `mean_direction_of_arrival`, `…_departure` | tx, y, x, 3 | f32 | mean of unit vectors, if asked for |
    /// | `direction_variance_of_…`, `direction_spread_of_…` | tx, y, x | f32 | mean squared distance from it, and its root |
    /// | `relative_error` | tx, y, x | f32 | estimated error of the path gain over the path gain, if asked for |
    /// | `reached_error_db` | | f64 | mean estimated error of a cell \[dB\], if known |
    /// | `tx_power` | tx | f32 | transmit powers \[W\] |
    /// | `tx_names` | bytes | u8 | names of the transmitters, a JSON list in UTF-8 |
    /// | `noise_power` | | f64 | power of the noise \[W\] |
    /// | `format_version` | | i32 | 1 |
    /// | `plane_center`, `plane_orientation` | 3 | f64 | centre \[m\], yaw, pitch and roll \[rad\] of the plane |
    /// | `plane_size`, `cell_size` | 2 | f64 | extent of the plane as asked for, and of a cell \[m\] |
    /// | `vertices` | vertices, 3 | f32 | the scene \[m\] |
    /// | `triangles`, `triangle_materials` | triangles, 3 and triangles | i32 | vertices and material of each |
    ///
    /// # Errors
    ///
    /// If the map cannot be read from its device or the file cannot be written.
    fn save_npz(&self, path: impl AsRef<Path>) -> Result<(), ExportError>;
}

impl RadioMapExport for RadioMap {
    fn save_picture(&self, path: impl AsRef<Path>, options: &PictureOptions) -> Result<(), ExportError> {
        save_png(&self.picture(options)?, path)
    }

    fn picture(&self, options: &PictureOptions) -> Result<RgbaImage, ExportError> {
        picture::draw(self, options)
    }

    fn save_npz(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        archive::gather(self)?.save_npz(path)
    }
}
