//! Draws synthetic maps into a directory, to look at the figures: `cargo run --example heat_maps -- /tmp`.

use std::error::Error;
use std::path::Path;

use emberwave_viz::{CategoryMap, CategoryPanel, ColourMap, Extent, HeatMap, MapPlane, Panel, outline};
use glam::Vec3;
use ndarray::Array2;

/// A town of square blocks with a map of the path gain from each transmitter.
struct Town {
    extent: Extent,
    shape: [usize; 2],
    block: f32,
    transmitters: Vec<[f32; 2]>,
}

impl Town {
    fn is_inside(&self, [x, y]: [f32; 2]) -> bool {
        [x, y].iter().all(|c| (c / self.block).rem_euclid(1.0) > 0.4)
    }

    fn centre(&self, row: usize, column: usize) -> [f32; 2] {
        let e = self.extent;
        [
            e.x_min + (column as f32 + 0.5) / self.shape[1] as f32 * (e.x_max - e.x_min),
            e.y_min + (row as f32 + 0.5) / self.shape[0] as f32 * (e.y_max - e.y_min),
        ]
    }

    fn gain(&self, transmitter: usize) -> (Array2<f32>, Array2<bool>) {
        let [tx, ty] = self.transmitters[transmitter];
        let values = Array2::from_shape_fn(self.shape, |(row, column)| {
            let [x, y] = self.centre(row, column);
            let steps = 32;
            let blocked = (0..steps).filter(|step| {
                let t = *step as f32 / steps as f32;
                self.is_inside([tx + t * (x - tx), ty + t * (y - ty)])
            });
            let distance = (x - tx).hypot(y - ty).max(1.0);
            -45.0 - 22.0 * distance.log10() - 2.2 * blocked.count() as f32 + 2.0 * (distance * 0.4).sin()
        });
        let covered = Array2::from_shape_fn(self.shape, |(row, column)| {
            !self.is_inside(self.centre(row, column)) && values[[row, column]] > -165.0
        });
        (values, covered)
    }

    fn outlines(&self) -> Result<Vec<[[f32; 2]; 2]>, Box<dyn Error>> {
        let e = self.extent;
        let mut triangles = Vec::new();
        let range =
            |low: f32, high: f32| (low / self.block).floor() as i32..(high / self.block).ceil() as i32;
        for (i, j) in range(e.x_min, e.x_max).flat_map(|i| range(e.y_min, e.y_max).map(move |j| (i, j))) {
            let low = [(i as f32 + 0.4) * self.block, (j as f32 + 0.4) * self.block];
            let high = [(i as f32 + 1.0) * self.block, (j as f32 + 1.0) * self.block];
            let ring = [[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]];
            for k in 0..4 {
                let ([ax, ay], [bx, by]) = (ring[k], ring[(k + 1) % 4]);
                triangles.push([Vec3::new(ax, ay, 0.0), Vec3::new(bx, by, 0.0), Vec3::new(bx, by, 9.0)]);
                triangles.push([Vec3::new(ax, ay, 0.0), Vec3::new(bx, by, 9.0), Vec3::new(ax, ay, 9.0)]);
            }
        }
        let plane = MapPlane::new(Vec3::new(0.0, 0.0, 1.5), Vec3::X, Vec3::Y, e)?;
        Ok(outline(triangles.into_iter(), &plane))
    }

    fn figure(&self) -> Result<HeatMap, Box<dyn Error>> {
        let mut figure = HeatMap::new(self.extent).with_outlines(self.outlines()?);
        for (index, &position) in self.transmitters.iter().enumerate() {
            let (values, covered) = self.gain(index);
            figure =
                figure.with_panel(Panel::new(format!("tx-{index}"), values, covered).with_marker(position));
        }
        Ok(figure)
    }

    fn best_server(&self) -> Result<CategoryMap, Box<dyn Error>> {
        let gains: Vec<_> = (0..self.transmitters.len()).map(|index| self.gain(index)).collect();
        let best = Array2::from_shape_fn(self.shape, |cell| {
            let served = (0..gains.len()).filter(|&index| gains[index].1[cell]);
            served.max_by(|&a, &b| gains[a].0[cell].total_cmp(&gains[b].0[cell])).map_or(-1, |i| i as i32)
        });
        let mut panel = CategoryPanel::new("Best server", best);
        panel.markers.clone_from(&self.transmitters);
        let names = (0..gains.len()).map(|index| format!("tx-{index}")).collect();
        Ok(CategoryMap::new(self.extent, names).with_outlines(self.outlines()?).with_panel(panel))
    }
}

fn town(extent: [f32; 4], shape: [usize; 2], block: f32, transmitters: &[[f32; 2]]) -> Town {
    let extent = Extent::new(extent[0], extent[1], extent[2], extent[3]);
    Town { extent, shape, block, transmitters: transmitters.to_vec() }
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let at = |name: &str| Path::new(&directory).join(format!("{name}.png"));
    let single = town([-200.0, 200.0, -150.0, 150.0], [300, 400], 60.0, &[[10.0, -8.0]]);
    single.figure()?.save_png(at("single"))?;
    single.figure()?.with_colours(ColourMap::Inferno).save_png(at("inferno"))?;
    let two = town([-1000.0, 1000.0, -1000.0, 1000.0], [200, 200], 250.0, &[[-390.0, 30.0], [600.0, 540.0]]);
    two.figure()?.with_range(-160.0, -60.0).save_png(at("two"))?;
    two.best_server()?.save_png(at("best_server"))?;
    let many: Vec<_> = (0..7).map(|i| [-900.0 + 250.0 * i as f32, 20.0 + 250.0 * (i % 3) as f32]).collect();
    let seven = town([-1000.0, 1000.0, -800.0, 800.0], [80, 100], 250.0, &many);
    seven.figure()?.save_png(at("seven"))?;
    seven.best_server()?.save_png(at("seven_servers"))?;
    let wide = town([0.0, 1200.0, 0.0, 60.0], [60, 1200], 100.0, &[[20.0, 20.0], [620.0, 35.0]]);
    wide.figure()?.save_png(at("wide"))?;
    wide.best_server()?.save_png(at("wide_servers"))?;
    let tall = town([-30.0, 30.0, -400.0, 400.0], [400, 30], 50.0, &[[-5.0, -100.0]]);
    tall.figure()?.save_png(at("tall"))?;
    let large = town([-1000.0, 1000.0, -1000.0, 1000.0], [2000, 2000], 130.0, &[[12.0, 30.0]]);
    large.figure()?.save_png(at("large"))?;
    let tiny = Panel::new("", Array2::from_elem((1, 1), -80.0), Array2::from_elem((1, 1), true));
    HeatMap::new(Extent::new(0.0, 1.0, 0.0, 1.0)).with_panel(tiny).save_png(at("tiny"))?;
    Ok(())
}
