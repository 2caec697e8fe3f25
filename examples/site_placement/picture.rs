//! The picture: what is covered, and the ways the sites went.

use burn::tensor::Tensor;
use emberwave::prelude::*;
use emberwave::viz::{
    ExportError, Extent, FigureError, HeatMap, MapPlane, Panel, PixelRect, RgbaImage, Segment,
    outline::outline, save_png,
};
use glam::Vec3;
use ndarray::Array2;

use crate::descent::Run;
use crate::district::{District, RECEIVERS};
use crate::sites::{RANGE, Site, tensor};

/// Colours of a track and of the line around it.
const TRACK: [[u8; 4]; 2] = [[255, 255, 255, 255], [20, 20, 20, 255]];
/// Half widths of both, and the radius of the disc at its start \[px\].
const WIDTHS: [f32; 2] = [2.0, 4.0];
const START: f32 = 7.0;

/// One panel: its title, and the tracks of the sites up to where they are.
pub struct View<'a> {
    pub title: String,
    pub track: &'a [Vec<Site>],
}

impl<'a> View<'a> {
    /// Where a run ended.
    pub fn end(title: &str, run: &'a Run) -> Self {
        Self { title: title.to_owned(), track: &run.track }
    }

    /// Where a run started.
    pub fn start(title: &str, run: &'a Run) -> Self {
        Self { title: title.to_owned(), track: &run.track[..1] }
    }
}

/// Draws and saves the views.
pub fn save(district: &District, views: &[View<'_>], path: &str) -> Result<()> {
    let [x, y] = RANGE.map(|range| range.map(|x| x as f32));
    let extent = Extent::new(x[0], x[1], y[0], y[1]);
    let mut figure = HeatMap::new(extent).with_colour_bar_label("P/(P + P₀) [%]").with_range(0.0, 100.0);
    for view in views {
        let sites = view.track.last().expect("a track has a start");
        let map = district.map(tensor(sites, &Device::default()))?;
        if figure.frame.outlines.is_empty() {
            figure = figure.with_outlines(outlines(&map, extent).map_err(ExportError::from)?);
        }
        let mut panel = Panel::new(
            &view.title,
            array(district.covered(&map) * 100.0),
            array(district.outdoor()).mapv(|x| x > 0.0),
        );
        panel.markers = sites.iter().map(|&[x, y, ..]| [x as f32, y as f32]).collect();
        figure = figure.with_panel(panel);
    }
    if let Some(directory) = std::path::Path::new(path).parent() {
        std::fs::create_dir_all(directory).expect("the folder of the picture can be made");
    }
    let mut picture = figure.render().map_err(ExportError::from)?;
    let rects = figure.panel_rects().map_err(ExportError::from)?;
    for (view, rect) in views.iter().zip(rects) {
        draw_tracks(&mut picture, rect, view.track);
    }
    Ok(save_png(&picture, path)?)
}

/// The walls at the height of the map.
fn outlines(map: &RadioMap, extent: Extent) -> Result<Vec<Segment>, FigureError> {
    let plane = MapPlane::new(Vec3::Z * RECEIVERS as f32, Vec3::X, Vec3::Y, extent)?;
    let (vertices, topology) = map.geometry();
    let coordinates: Vec<f32> = vertices.into_data().iter::<f32>().collect();
    let vertex = |index: u32| Vec3::from_slice(&coordinates[3 * index as usize..]);
    Ok(outline(topology.triangles().iter().map(|corners| corners.map(vertex)), &plane))
}

fn array(values: Tensor<2>) -> Array2<f32> {
    let [num_y, num_x] = values.dims();
    let values: Vec<f32> = values.into_data().iter::<f32>().collect();
    Array2::from_shape_fn((num_y, num_x), |(y, x)| values[y * num_x + x])
}

/// Draws the way of each site, first the dark lines around all of them.
fn draw_tracks(picture: &mut RgbaImage, rect: PixelRect, track: &[Vec<Site>]) {
    let pixel = |&[x, y, ..]: &Site| {
        let share = |value: f64, [low, high]: [f64; 2]| ((value - low) / (high - low)) as f32;
        let (right, up) = (share(x, RANGE[0]), share(y, RANGE[1]));
        [rect.x as f32 + right * rect.width as f32, rect.y as f32 + (1.0 - up) * rect.height as f32]
    };
    for (colour, half_width) in TRACK.into_iter().zip(WIDTHS).rev() {
        for site in 0..track[0].len() {
            let points: Vec<[f32; 2]> = track.iter().map(|sites| pixel(&sites[site])).collect();
            disc(picture, points[0], START - WIDTHS[1] + half_width, colour);
            for pair in points.windows(2).take(points.len().saturating_sub(2)) {
                stroke(picture, [pair[0], pair[1]], half_width, colour);
            }
        }
    }
}

fn stroke(picture: &mut RgbaImage, [a, b]: [[f32; 2]; 2], half_width: f32, colour: [u8; 4]) {
    let steps = (2.0 * (b[0] - a[0]).hypot(b[1] - a[1])).ceil().max(1.0) as usize;
    for step in 0..=steps {
        let share = step as f32 / steps as f32;
        disc(picture, [0, 1].map(|axis| a[axis] + share * (b[axis] - a[axis])), half_width, colour);
    }
}

fn disc(picture: &mut RgbaImage, [x, y]: [f32; 2], radius: f32, colour: [u8; 4]) {
    let range = |middle: f32, end: u32| {
        (middle - radius).max(0.0) as u32..((middle + radius).max(0.0) as u32 + 1).min(end)
    };
    for row in range(y, picture.height()) {
        for column in range(x, picture.width()) {
            if (column as f32 + 0.5 - x).hypot(row as f32 + 0.5 - y) <= radius {
                picture.get_pixel_mut(column, row).0 = colour;
            }
        }
    }
}
