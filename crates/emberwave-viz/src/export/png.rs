//! PNG files.

use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageError, RgbaImage};

use super::{ExportError, write_atomically};
use crate::heatmap::{CategoryMap, HeatMap};

/// Writes a picture as PNG, whole or not at all.
///
/// # Errors
///
/// See [`ExportError`].
pub fn save_png(picture: &RgbaImage, path: impl AsRef<Path>) -> Result<(), ExportError> {
    let path = path.as_ref();
    write_atomically(path, |writer| {
        let encoder = PngEncoder::new_with_quality(writer, CompressionType::Default, FilterType::Adaptive);
        picture.write_with_encoder(encoder).map_err(|source| match source {
            ImageError::IoError(source) => ExportError::Io { path: path.to_owned(), source },
            source => ExportError::Png { path: path.to_owned(), source },
        })
    })
}

impl HeatMap {
    /// Draws the figure and writes it as PNG.
    ///
    /// # Errors
    ///
    /// See [`ExportError`].
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        save_png(&self.render()?, path)
    }
}

impl CategoryMap {
    /// Draws the figure and writes it as PNG.
    ///
    /// # Errors
    ///
    /// See [`ExportError`].
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<(), ExportError> {
        save_png(&self.render()?, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_survives_the_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("picture.png");
        let picture = RgbaImage::from_fn(7, 5, |x, y| image::Rgba([x as u8, y as u8, 9, 50 * y as u8]));
        save_png(&picture, &path).expect("written");
        assert_eq!(image::open(&path).expect("readable").to_rgba8(), picture);
    }
}
