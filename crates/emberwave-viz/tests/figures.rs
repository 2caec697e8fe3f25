//! Laws of the pictures of maps.

use emberwave_viz::{
    CategoryMap, CategoryPanel, ColourMap, Extent, FigureError, HeatMap, Panel, PixelRect, RgbaImage,
};
use ndarray::{Array2, arr2};

const UNIT: Extent = Extent { x_min: 0.0, x_max: 1.0, y_min: 0.0, y_max: 1.0 };

fn full(values: Array2<f32>) -> Panel {
    let covered = Array2::from_elem(values.raw_dim(), true);
    Panel::new("tx", values, covered)
}

/// The pixel in the middle of a cell.
fn cell(picture: &RgbaImage, rect: PixelRect, shape: [u32; 2], [row, column]: [u32; 2]) -> [u8; 4] {
    let x = rect.x + (2 * column + 1) * rect.width / (2 * shape[1]);
    let y = rect.y + rect.height - 1 - (2 * row + 1) * rect.height / (2 * shape[0]);
    picture.get_pixel(x, y).0
}

fn drawn(figure: &HeatMap) -> (RgbaImage, Vec<PixelRect>) {
    (figure.render().expect("drawn"), figure.panel_rects().expect("drawn"))
}

fn opaque([r, g, b]: [u8; 3]) -> [u8; 4] {
    [r, g, b, 255]
}

#[test]
fn a_cell_has_the_colour_of_its_value_and_the_top_row_is_the_largest_y() {
    let values = arr2(&[[-100.0, -90.0, -80.0], [-70.0, -60.0, -110.0]]);
    let extent = Extent::new(0.0, 3.0, -1.0, 1.0);
    let (picture, rects) =
        drawn(&HeatMap::new(extent).with_panel(full(values.clone())).with_range(-100.0, -60.0));
    for ((row, column), value) in values.indexed_iter() {
        let expected = opaque(ColourMap::Viridis.colour((value + 100.0) / 40.0));
        assert_eq!(cell(&picture, rects[0], [2, 3], [row as u32, column as u32]), expected, "{row} {column}");
    }
    let top = picture.get_pixel(rects[0].x, rects[0].y).0;
    assert_eq!(top, opaque(ColourMap::Viridis.colour(0.75)));
}

#[test]
fn uncovered_cells_are_transparent_and_all_else_is_opaque() {
    let covered = arr2(&[[true, false], [true, true]]);
    let values = arr2(&[[-80.0, -70.0], [f32::NAN, -75.0]]);
    let (picture, rects) = drawn(&HeatMap::new(UNIT).with_panel(Panel::new("", values, covered)));
    assert_eq!(cell(&picture, rects[0], [2, 2], [0, 1])[3], 0, "uncovered");
    assert_eq!(cell(&picture, rects[0], [2, 2], [1, 0])[3], 0, "not a number");
    let transparent = picture.pixels().filter(|pixel| pixel.0[3] < 255).count() as u32;
    assert_eq!(transparent, rects[0].width * rects[0].height / 2);
}

#[test]
fn panels_share_one_scale() {
    let weak = full(Array2::from_elem((4, 4), -120.0));
    let strong = full(Array2::from_elem((4, 4), -60.0));
    let both = full(Array2::from_shape_fn((4, 4), |(_, x)| if x < 2 { -120.0 } else { -60.0 }));
    let figure = HeatMap::new(UNIT).with_panel(weak).with_panel(strong).with_panel(both);
    let (picture, rects) = drawn(&figure);
    let colour = |panel: usize, column| cell(&picture, rects[panel], [4, 4], [1, column]);
    assert_eq!((colour(0, 0), colour(1, 0)), (colour(2, 0), colour(2, 3)));
    assert_eq!(colour(0, 0), opaque(ColourMap::Viridis.colour(0.0)));
    assert_eq!(colour(1, 0), opaque(ColourMap::Viridis.colour(1.0)));
}

#[test]
fn outlines_stay_within_their_panel() {
    let plain = HeatMap::new(UNIT).with_panel(full(Array2::from_elem((5, 5), -80.0)));
    let crossed = plain.clone().with_outlines(vec![[[-9.0, 0.5], [9.0, 0.5]], [[-3.0, 2.0], [3.0, 2.0]]]);
    let ((before, rects), (after, _)) = (drawn(&plain), drawn(&crossed));
    let rect = rects[0];
    let mut changed = 0;
    for (x, y, pixel) in after.enumerate_pixels().filter(|(x, y, pixel)| before.get_pixel(*x, *y) != *pixel) {
        assert!((rect.x..rect.x + rect.width).contains(&x), "{pixel:?} at {x}, {y}");
        assert!(y.abs_diff(rect.y + rect.height / 2) < 4, "{pixel:?} at {x}, {y}");
        changed += 1;
    }
    assert!(changed >= rect.width);
}

#[test]
fn an_outline_is_seen_over_transparent_cells() {
    let panel = Panel::new("", Array2::zeros((5, 5)), Array2::from_elem((5, 5), false));
    let figure = HeatMap::new(UNIT).with_panel(panel).with_outlines(vec![[[0.0, 0.5], [1.0, 0.5]]]);
    let (picture, rects) = drawn(&figure);
    let column = rects[0].x + rects[0].width / 4;
    let darkest = (rects[0].y..rects[0].y + rects[0].height).map(|y| picture.get_pixel(column, y).0);
    assert!(darkest.clone().any(|pixel| pixel[3] > 150 && pixel[0] < 90));
    assert!(darkest.filter(|pixel| pixel[3] == 0).count() as u32 > rects[0].height - 12);
}

#[test]
fn degenerate_maps_are_drawn() {
    let uncovered = Panel::new("", Array2::zeros((3, 4)), Array2::from_elem((3, 4), false));
    let constant = full(Array2::from_elem((3, 4), -80.0));
    let single = full(Array2::from_elem((1, 1), 0.0));
    for panel in [uncovered, constant, single] {
        let (picture, rects) = drawn(&HeatMap::new(Extent::new(-2.0, 2.0, 0.0, 3.0)).with_panel(panel));
        assert!(rects[0].width >= 780 && picture.width() > rects[0].width);
    }
}

#[test]
fn every_shape_of_map_fits_its_picture() {
    for (width, height) in [(1e4, 1.0), (1.0, 1e4), (30.0, 400.0), (1200.0, 60.0)] {
        for count in [1, 3, 5] {
            let mut figure = HeatMap::new(Extent::new(-width, width, -height, height));
            for index in 0..count {
                figure = figure.with_panel(full(Array2::from_elem((7, 9), -50.0 - index as f32)));
            }
            let (picture, rects) = drawn(&figure);
            assert!(picture.width() <= 4000 && picture.height() <= 4000, "{:?}", picture.dimensions());
            for rect in rects {
                assert!(rect.x + rect.width < picture.width() && rect.y + rect.height < picture.height());
            }
        }
    }
}

#[test]
fn markers_inside_are_drawn_and_those_outside_are_not() {
    let plain = HeatMap::new(UNIT).with_panel(full(Array2::from_elem((5, 5), -80.0)));
    let mut marked = plain.clone();
    marked.panels[0].markers = vec![[2.0, 0.5], [f32::NAN, 0.5]];
    assert_eq!(plain.render(), marked.render());
    marked.panels[0].markers = vec![[0.5, 0.5]];
    assert_ne!(plain.render(), marked.render());
}

#[test]
fn categories_have_their_colours_and_none_is_transparent() {
    let names = vec!["north".to_owned(), "south".to_owned()];
    let panel = CategoryPanel::new("", arr2(&[[0, 1], [-1, 1]]));
    let figure = CategoryMap::new(UNIT, names).with_panel(panel);
    let (picture, rect) = (figure.render().expect("drawn"), figure.panel_rects().expect("drawn")[0]);
    assert_eq!(cell(&picture, rect, [2, 2], [0, 0]), opaque(figure.colour(0)));
    assert_eq!(cell(&picture, rect, [2, 2], [0, 1]), opaque(figure.colour(1)));
    assert_eq!(cell(&picture, rect, [2, 2], [1, 0])[3], 0);
}

#[test]
fn wrong_data_is_refused_before_drawing() {
    let panel = full(Array2::from_elem((2, 3), -80.0));
    assert_eq!(HeatMap::new(UNIT).render(), Err(FigureError::NoPanels));
    let empty = HeatMap::new(UNIT).with_panel(full(Array2::zeros((0, 3))));
    assert!(matches!(empty.render(), Err(FigureError::NoCells { .. })));
    let mixed =
        HeatMap::new(UNIT).with_panel(panel.clone()).with_panel(full(Array2::from_elem((3, 2), -80.0)));
    assert!(matches!(mixed.render(), Err(FigureError::Shape { array: "values", .. })));
    let flat = HeatMap::new(Extent::new(0.0, 1.0, 2.0, 2.0)).with_panel(panel.clone());
    assert!(matches!(flat.render(), Err(FigureError::Extent { .. })));
    let reversed = HeatMap::new(UNIT).with_panel(panel).with_range(-60.0, -90.0);
    assert!(matches!(reversed.render(), Err(FigureError::Range { .. })));
    let nameless = CategoryMap::new(UNIT, vec![]).with_panel(CategoryPanel::new("", arr2(&[[0]])));
    assert!(matches!(nameless.render(), Err(FigureError::Category { index: 0, count: 0, .. })));
    let no_one = CategoryMap::new(UNIT, vec![]).with_panel(CategoryPanel::new("", arr2(&[[-1]])));
    assert!(no_one.render().is_ok());
}
