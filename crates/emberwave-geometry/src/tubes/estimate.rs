//! What every cell has so far, roughly: what the importance of tubes is measured against.

/// Power over squared distance in every cell, by the power tables \[1/m²\].
#[derive(Debug)]
pub(super) struct Estimate {
    gains: Vec<f32>,
    /// Cells with less count as having this.
    floor: f32,
    typical: f32,
    /// Linear.
    dynamic_range: f32,
}

impl Estimate {
    pub fn new(num_cells: usize, dynamic_range_db: f32) -> Self {
        let dynamic_range = 10.0_f32.powf(-0.1 * dynamic_range_db);
        Self { gains: vec![0.0; num_cells], floor: f32::MIN_POSITIVE, typical: 1.0, dynamic_range }
    }

    /// Whether anybody asks for it.
    pub fn is_wanted(&self) -> bool {
        !self.gains.is_empty()
    }

    pub fn add(&mut self, cell: u32, gain: f32) {
        self.gains[cell as usize] += gain;
    }

    /// What a cell has.
    #[inline]
    pub fn at(&self, cell: u32) -> f32 {
        self.gains.get(cell as usize).map_or(self.floor, |gain| gain.max(self.floor))
    }

    /// The geometric mean over the cells that have something when they are first lit; 1 before.
    pub fn typical(&self) -> f32 {
        self.typical
    }

    /// Takes the typical cell from the first paths that light any.
    pub fn settle(&mut self) {
        if self.floor > f32::MIN_POSITIVE {
            return;
        }
        let lit = self.gains.iter().filter(|gain| **gain > 0.0);
        let (count, sum) =
            lit.fold((0_u32, 0.0), |(count, sum), &gain| (count + 1, sum + f64::from(gain).ln()));
        if count > 0 {
            self.typical = (sum / f64::from(count)).exp() as f32;
            self.floor = self.typical * self.dynamic_range;
        }
    }
}
