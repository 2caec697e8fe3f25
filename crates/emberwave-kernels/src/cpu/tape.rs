//! What the reverse sweep needs to know of a batch: a fixed record per ray and interaction.

use super::batch::{BATCH_SIZE, Column};
use super::interact::Contacts;

/// One interaction of every ray of a batch.
///
/// Columns up to `num_rays` belong to the rays that were under way, columns up to `num_hits` to those that hit; each
/// stage's survivors are listed by their places among the earlier ones.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Record {
    pub num_rays: usize,
    /// Derivative of the loss by ‖E‖², from what the ray left on the measurement surface before it hit.
    pub seeds: Column<f32>,
    /// Field before the interaction.
    pub field_re: [Column<f32>; 3],
    pub field_im: [Column<f32>; 3],
    /// Places, among the rays, of those that hit; empty when the record is the last.
    pub hits: Vec<u32>,
    pub direction: [Column<f32>; 3],
    pub contacts: Contacts,
    /// Places, among the hits, of the rays that went on.
    pub survivors: Vec<u32>,
}

impl Record {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            num_rays: 0,
            seeds: zero,
            field_re: [zero; 3],
            field_im: [zero; 3],
            hits: Vec::with_capacity(BATCH_SIZE),
            direction: [zero; 3],
            contacts: Contacts::new(),
            survivors: Vec::with_capacity(BATCH_SIZE),
        })
    }
}
