//! Pictures of radio maps.

use emberwave_solvers::RadioMap;
use image::RgbaImage;
use ndarray::{Array2, ArrayD, ArrayView3, Axis, Ix3, s};

use super::place::Place;
use super::read::{levels, linear, truths};
use super::{MapQuantity, MapView, PictureOptions, archive};
use crate::export::ExportError;
use crate::heatmap::{CategoryMap, CategoryPanel, FigureError, HeatMap, Panel};
use crate::outline::Segment;

/// Draws a map.
pub(super) fn draw(map: &RadioMap, options: &PictureOptions) -> Result<RgbaImage, ExportError> {
    let place = Place::of(map.measurement_plane());
    let values = levels(map, options.quantity)?;
    let covered = truths("covered", map.covered())?;
    let servers = || archive::association(map, linear(map, options.quantity));
    let drawing = Drawing {
        options,
        values: three(&values)?,
        covered: three(&covered)?,
        names: map.tx_names(),
        markers: place.transmitters(map)?,
    };
    let outlines = place.outlines(map)?;
    Ok(match options.view {
        MapView::EachTransmitter => drawing.heat_map(&place, outlines, drawing.each()).render()?,
        MapView::BestServer => {
            drawing.heat_map(&place, outlines, vec![drawing.best(&servers()?)]).render()?
        }
        MapView::Association => drawing.association(&place, outlines, servers()?).render()?,
    })
}

fn three<E>(values: &ArrayD<E>) -> Result<ArrayView3<'_, E>, FigureError> {
    values.view().into_dimensionality::<Ix3>().map_err(|_| FigureError::NoPanels)
}

/// The values of a map, ready to be arranged in panels.
struct Drawing<'a> {
    options: &'a PictureOptions,
    values: ArrayView3<'a, f32>,
    covered: ArrayView3<'a, bool>,
    names: &'a [String],
    markers: Vec<[f32; 2]>,
}

impl Drawing<'_> {
    fn heat_map(&self, place: &Place, outlines: Vec<Segment>, panels: Vec<Panel>) -> HeatMap {
        let mut figure = HeatMap::new(place.extent)
            .with_colour_bar_label(self.options.quantity.label())
            .with_outlines(outlines);
        (figure.vmin, figure.vmax, figure.panels) = (self.options.vmin, self.options.vmax, panels);
        figure
    }

    fn each(&self) -> Vec<Panel> {
        let panel = |tx: usize| {
            let (values, covered) = (self.values.slice(s![tx, .., ..]), self.covered.slice(s![tx, .., ..]));
            let mut panel = Panel::new(&self.names[tx], values.to_owned(), covered.to_owned());
            panel.markers.extend(self.markers.get(tx));
            panel
        };
        (0..self.values.len_of(Axis(0))).map(panel).collect()
    }

    /// The best server's values in one panel; `servers` is the transmitter with the largest value in each cell, −1 for none.
    fn best(&self, servers: &Array2<i32>) -> Panel {
        let largest = |(y, x): (usize, usize)| {
            usize::try_from(servers[[y, x]]).map_or(f32::NEG_INFINITY, |tx| self.values[[tx, y, x]])
        };
        let values = Array2::from_shape_fn(servers.dim(), largest);
        let covered = servers.mapv(|server| server >= 0);
        let mut panel = Panel::new("Best server", values, covered);
        panel.markers.clone_from(&self.markers);
        panel
    }

    fn association(&self, place: &Place, outlines: Vec<Segment>, servers: Array2<i32>) -> CategoryMap {
        let title = match self.options.quantity {
            MapQuantity::PathGain => "Best server by path gain",
            MapQuantity::Sinr => "Best server by SINR",
            _ => "Best server by received signal strength",
        };
        let mut panel = CategoryPanel::new(title, servers);
        panel.markers.clone_from(&self.markers);
        CategoryMap::new(place.extent, self.names.to_vec()).with_outlines(outlines).with_panel(panel)
    }
}
