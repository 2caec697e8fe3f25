//! Anti-aliased straight lines.

use glam::Vec2;

use super::Mask;

/// Draws line segments of the given width into a mask; what lies outside it is cut off.
///
/// Coordinates are pixels with the origin at the upper left corner; pixel (0, 0) has its centre at (0.5,
/// 0.5). The ends are round. Work grows with the length of the lines that is inside the mask.
pub(crate) fn trace_lines(mask: &mut Mask, segments: impl Iterator<Item = [Vec2; 2]>, width: f32) {
    let reach = 0.5 * width + 0.5;
    for [start, end] in segments {
        let steep = (end - start).y.abs() > (end - start).x.abs();
        trace_line(mask, [start, end], 0.5 * width, if steep { Sweep::Rows } else { Sweep::Columns }, reach);
    }
}

/// Which pixels a line is drawn along: the ones of its longer extent.
#[derive(Clone, Copy)]
enum Sweep {
    Rows,
    Columns,
}

impl Sweep {
    /// (along, across) of a point; its own inverse.
    fn order(self, point: Vec2) -> Vec2 {
        match self {
            Self::Columns => point,
            Self::Rows => Vec2::new(point.y, point.x),
        }
    }

    /// Number of pixels along the sweep.
    fn length(self, mask: &Mask) -> u32 {
        match self {
            Self::Columns => mask.width(),
            Self::Rows => mask.height(),
        }
    }
}

fn trace_line(mask: &mut Mask, ends: [Vec2; 2], radius: f32, sweep: Sweep, reach: f32) {
    let [a, b] = ends.map(|point| sweep.order(point));
    if !(a.is_finite() && b.is_finite()) {
        return;
    }
    let first = (a.x.min(b.x) - reach).floor().max(0.0) as i64;
    let last = (a.x.max(b.x) + reach).ceil().min(sweep.length(mask) as f32) as i64;
    // At 45° a band of half width `reach` is √2 times as tall.
    let half_height = reach * std::f32::consts::SQRT_2;
    for along in first..last {
        let centre = along as f32 + 0.5;
        let parameter = if a.x == b.x { 0.0 } else { ((centre - a.x) / (b.x - a.x)).clamp(0.0, 1.0) };
        let middle = a.y + parameter * (b.y - a.y);
        let (low, high) = ((middle - half_height).floor() as i64, (middle + half_height).ceil() as i64);
        for across in low..=high {
            let point = Vec2::new(centre, across as f32 + 0.5);
            let coverage = radius + 0.5 - distance_to_segment(point, a, b);
            if coverage > 0.0 {
                let pixel = sweep.order(Vec2::new(along as f32, across as f32));
                mask.raise(pixel.x as i64, pixel.y as i64, coverage.min(2.0 * radius));
            }
        }
    }
}

fn distance_to_segment(point: Vec2, a: Vec2, b: Vec2) -> f32 {
    let along = b - a;
    let length_squared = along.length_squared();
    let t =
        if length_squared > 0.0 { ((point - a).dot(along) / length_squared).clamp(0.0, 1.0) } else { 0.0 };
    point.distance(a + t * along)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_covers_its_length_times_its_width() {
        for end in
            [Vec2::new(90.0, 10.0), Vec2::new(10.0, 90.0), Vec2::new(80.0, 70.0), Vec2::new(80.0, 75.0)]
        {
            let mut mask = Mask::new(100, 100);
            let start = Vec2::splat(10.0);
            trace_lines(&mut mask, std::iter::once([start, end]), 2.0);
            let area: f32 = mask.covered().map(|(_, _, coverage)| coverage).sum();
            let expected = 2.0 * start.distance(end) + std::f32::consts::PI;
            assert!((area / expected - 1.0).abs() < 0.04, "{end}: {area} px², expected {expected}");
        }
    }

    #[test]
    fn a_line_far_outside_leaves_no_trace() {
        let mut mask = Mask::new(10, 10);
        let segments =
            [[Vec2::new(-50.0, -3.0), Vec2::new(50.0, -3.0)], [Vec2::splat(1e9), Vec2::splat(2e9)]];
        trace_lines(&mut mask, segments.into_iter(), 1.0);
        assert_eq!(mask.covered().count(), 0);
    }
}
