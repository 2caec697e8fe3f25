//! The cells of a map as pixels.

use std::ops::Range;

use super::PixelRect;
use crate::canvas::Canvas;

/// What a pixel of an uncovered cell holds: transparent, and white for viewers that ignore transparency.
const UNCOVERED: [u8; 4] = [255, 255, 255, 0];

/// Paints `shape` = \[rows, columns\] of cells into a rectangle, row 0 at its bottom.
///
/// `colour` gives the colour of a block of cells \[rows, columns\]: a single cell where there is at least one
/// pixel per cell, all the cells that a pixel shows otherwise.
pub(crate) fn paint_cells(
    canvas: &mut Canvas,
    rect: PixelRect,
    shape: [usize; 2],
    colour: impl Fn(Range<usize>, Range<usize>) -> Option<[u8; 3]>,
) {
    let columns = blocks(shape[1], rect.width);
    for (row, cells_y) in blocks(shape[0], rect.height).into_iter().enumerate() {
        let y = rect.y + rect.height - 1 - row as u32;
        for (column, cells_x) in columns.iter().enumerate() {
            let rgba = match colour(cells_y.clone(), cells_x.clone()) {
                Some([r, g, b]) => [r, g, b, 255],
                None => UNCOVERED,
            };
            canvas.set(rect.x + column as u32, y, rgba);
        }
    }
}

/// For each pixel the cells it shows.
fn blocks(cells: usize, pixels: u32) -> Vec<Range<usize>> {
    let pixels = pixels as usize;
    (0..pixels)
        .map(|pixel| {
            if pixels >= cells {
                let cell = (2 * pixel + 1) * cells / (2 * pixels);
                cell..cell + 1
            } else {
                pixel * cells / pixels..((pixel + 1) * cells).div_ceil(pixels)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_gets_the_same_whole_number_of_pixels() {
        let blocks = blocks(7, 35);
        assert!((0..7).all(|cell| blocks.iter().filter(|block| block.contains(&cell)).count() == 5));
    }

    #[test]
    fn no_cell_is_lost_when_pixels_are_few() {
        let blocks = blocks(1001, 400);
        assert_eq!((blocks[0].start, blocks[399].end), (0, 1001));
        assert!(blocks.windows(2).all(|pair| pair[0].end >= pair[1].start && pair[0].len() <= 4));
    }
}
