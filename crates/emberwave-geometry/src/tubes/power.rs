//! What materials let through, for guessing which tubes matter.

/// Steps of the cosine of the angle of incidence.
const STEPS: usize = 32;

/// Reflected and transmitted power of each material over the cosine of the angle of incidence.
///
/// Only used to weigh tubes against each other: fields are computed elsewhere.
#[derive(Clone, Debug, Default)]
pub struct PowerTable {
    rows: Vec<[[f32; 2]; STEPS + 1]>,
}

impl PowerTable {
    /// From the share of the power that material `material` (below `count`) reflects and lets through at a cosine.
    #[must_use]
    pub fn new(count: usize, share: impl Fn(usize, f32) -> [f32; 2]) -> Self {
        let cosine = |step: usize| (step as f32 / STEPS as f32).max(0.5 / STEPS as f32);
        let row = |material| std::array::from_fn(|step| share(material, cosine(step)));
        Self { rows: (0..count).map(row).collect() }
    }

    /// The share that is reflected and the share that goes through, at the nearest step.
    ///
    /// # Panics
    ///
    /// If there is no such material.
    #[inline]
    #[must_use]
    pub fn at(&self, material: u32, cosine: f32) -> [f32; 2] {
        self.rows[material as usize][(cosine.abs().min(1.0) * STEPS as f32 + 0.5) as usize]
    }
}
