//! The mark of a transmitter.

use glam::Vec2;

use super::{Canvas, Rgb};

/// A triangle that stands on its base: filled white, edged black, with a thin white rim, so that it is seen
/// on every colour.
pub(crate) struct TriangleMarker {
    /// Centre \[px\].
    pub(crate) centre: Vec2,
    /// Distance from the centre to a corner of the filled part \[px\].
    pub(crate) radius: f32,
    /// Thickness of the edge \[px\].
    pub(crate) edge: f32,
}

impl TriangleMarker {
    const LAYERS: [(f32, Rgb); 3] = [(1.45, [255, 255, 255]), (1.0, [0, 0, 0]), (0.0, [255, 255, 255])];

    /// Draws the marker.
    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        let reach = self.radius + 4.0 * self.edge + 2.0;
        let low = (self.centre - reach).floor();
        let high = (self.centre + reach).ceil();
        for (growth, colour) in Self::LAYERS {
            for y in low.y as i64..high.y as i64 {
                for x in low.x as i64..high.x as i64 {
                    let point = Vec2::new(x as f32 + 0.5, y as f32 + 0.5) - self.centre;
                    let coverage = 0.5 - (self.signed_distance(point) - growth * self.edge);
                    if coverage > 0.0 {
                        canvas.blend(x, y, colour, coverage);
                    }
                }
            }
        }
    }

    /// Distance to the nearest side, negative inside; growing it keeps the corners sharp.
    fn signed_distance(&self, point: Vec2) -> f32 {
        let slanted = Vec2::new(3.0_f32.sqrt() * 0.5, -0.5);
        let inradius = 0.5 * self.radius;
        let mirrored = Vec2::new(point.x.abs(), point.y);
        mirrored.dot(slanted).max(mirrored.y) - inradius
    }
}
