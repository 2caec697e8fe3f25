//! How much of each pixel a shape covers.

/// Coverage in [0, 1] of each pixel of a rectangle.
pub(crate) struct Mask {
    width: u32,
    height: u32,
    coverage: Vec<f32>,
}

impl Mask {
    /// A mask that covers nothing.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self { width, height, coverage: vec![0.0; width as usize * height as usize] }
    }

    /// Number of columns.
    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    /// Number of rows.
    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    /// Raises the coverage of a pixel. The largest value wins, so that shapes which meet do not darken twice.
    pub(crate) fn raise(&mut self, x: i64, y: i64, coverage: f32) {
        if (0..i64::from(self.width)).contains(&x) && (0..i64::from(self.height)).contains(&y) {
            let slot = &mut self.coverage[y as usize * self.width as usize + x as usize];
            *slot = slot.max(coverage.clamp(0.0, 1.0));
        }
    }

    /// The mask turned by a quarter counter-clockwise: text that ran to the right runs upwards.
    pub(crate) fn turned(&self) -> Self {
        let mut turned = Self::new(self.height, self.width);
        for (x, y, coverage) in self.covered() {
            turned.raise(i64::from(y), i64::from(self.width - 1 - x), coverage);
        }
        turned
    }

    /// Column, row and coverage of every pixel that is not empty.
    pub(crate) fn covered(&self) -> impl Iterator<Item = (u32, u32, f32)> {
        let width = self.width as usize;
        self.coverage
            .iter()
            .enumerate()
            .filter(|(_, coverage)| **coverage > 0.0)
            .map(move |(index, &coverage)| ((index % width) as u32, (index / width) as u32, coverage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_moves_the_end_of_the_text_to_the_top() {
        let mut mask = Mask::new(3, 1);
        mask.raise(2, 0, 0.5);
        let turned = mask.turned();
        assert_eq!((turned.width(), turned.height()), (1, 3));
        assert_eq!(turned.covered().collect::<Vec<_>>(), vec![(0, 0, 0.5)]);
    }

    #[test]
    fn pixels_outside_are_ignored() {
        let mut mask = Mask::new(2, 2);
        mask.raise(-1, 0, 1.0);
        mask.raise(0, 2, 1.0);
        assert_eq!(mask.covered().count(), 0);
    }
}
