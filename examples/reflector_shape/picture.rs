//! Pictures of maps and shapes.

use std::path::Path;

use burn::tensor::Tensor;
use emberwave::prelude::*;
use emberwave::viz::{ColourMap, ExportError, Extent, HeatMap, Panel, RgbaImage, save_png};
use image::{GenericImage, Rgba};
use ndarray::Array2;

use crate::descent::Outcome;
use crate::hall::{HALF_SIDE, HEIGHT, QUADS, plane};
use crate::reflector::{Reflector, SIDE};

/// Pixels of a picture of a shape between two vertices.
const FINENESS: usize = 8;
/// Colours of the ratios \[dB\] and of the heights over the frame \[m\].
const SIR_RANGE: [f32; 2] = [-10.0, 30.0];
const HEIGHT_RANGE: [f32; 2] = [-1.0, 0.4];

/// A shape, its map, and what to call them.
pub struct Scenery<'a> {
    pub title: String,
    pub shape: &'a Reflector,
    pub outcome: &'a Outcome,
}

/// Writes a picture: maps above, shapes below, one column each.
pub fn save(columns: &[Scenery<'_>], path: impl AsRef<Path>) -> Result<(), ExportError> {
    let (mut maps, mut shapes) = (map_figure(), shape_figure());
    for column in columns {
        maps = maps.with_panel(panel(&column.title, array(column.outcome.sir.clone())));
        shapes = shapes.with_panel(panel("", heights(column.shape)));
    }
    save_png(&stacked(&maps.render()?, &shapes.render()?), path)
}

fn map_figure() -> HeatMap {
    let ([x, y, _], [width, depth]) = (plane().center, plane().size);
    let edges = [x - 0.5 * width, x + 0.5 * width, y - 0.5 * depth, y + 0.5 * depth].map(|edge| edge as f32);
    let [left, right, low, high] = edges;
    HeatMap::new(Extent::new(left, right, low, high))
        .with_colour_bar_label("SIR [dB]")
        .with_range(SIR_RANGE[0], SIR_RANGE[1])
}

fn shape_figure() -> HeatMap {
    let half = HALF_SIDE as f32;
    HeatMap::new(Extent::new(-half, half, -half, half))
        .with_colour_bar_label("Height [m]")
        .with_colours(ColourMap::Cividis)
        .with_range(HEIGHT_RANGE[0], HEIGHT_RANGE[1])
}

fn panel(title: &str, values: Array2<f32>) -> Panel {
    let covered = values.mapv(f32::is_finite);
    Panel::new(title, values, covered)
}

fn array(values: Tensor<2>) -> Array2<f32> {
    let [rows, columns] = values.dims();
    let values: Vec<f32> = values.into_data().iter::<f32>().collect();
    Array2::from_shape_fn((rows, columns), |(row, column)| values[row * columns + column])
}

/// Heights over the frame \[m\], linear between the vertices; what the scales leave of the frame is empty.
fn heights(shape: &Reflector) -> Array2<f32> {
    let vertices = array(shape.vertices());
    let pixels = FINENESS * QUADS;
    let place = |pixel: usize| HALF_SIDE as f32 * ((2 * pixel + 1) as f32 / pixels as f32 - 1.0);
    // On one row of vertices, at a place along x.
    let on_row = |row: usize, x: f32| {
        let vertex = |column: usize, axis: usize| vertices[[row * SIDE + column, axis]];
        let column = (0..QUADS).find(|&column| (vertex(column, 0)..vertex(column + 1, 0)).contains(&x))?;
        let share = (x - vertex(column, 0)) / (vertex(column + 1, 0) - vertex(column, 0));
        Some(vertex(column, 2) * (1.0 - share) + vertex(column + 1, 2) * share)
    };
    let height = |x: f32, y: f32| {
        let along = |row: usize| vertices[[row * SIDE, 1]];
        let row = (0..QUADS).find(|&row| (along(row)..along(row + 1)).contains(&y))?;
        let share = (y - along(row)) / (along(row + 1) - along(row));
        Some(on_row(row, x)? * (1.0 - share) + on_row(row + 1, x)? * share - HEIGHT as f32)
    };
    Array2::from_shape_fn((pixels, pixels), |(row, column)| {
        height(place(column), place(row)).unwrap_or(f32::NAN)
    })
}

/// Two pictures, one above the other, on white; sides are even, as encoders of films like them.
fn stacked(above: &RgbaImage, below: &RgbaImage) -> RgbaImage {
    let width = above.width().max(below.width()).next_multiple_of(2);
    let height = (above.height() + below.height()).next_multiple_of(2);
    let mut both = RgbaImage::from_pixel(width, height, Rgba([255; 4]));
    both.copy_from(above, 0, 0).expect("it is as large as both");
    both.copy_from(below, 0, above.height()).expect("it is as large as both");
    both
}
