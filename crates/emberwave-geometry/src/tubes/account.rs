//! What becomes of the power that tubes do not follow.

use std::f64::consts::PI;
use std::ops::AddAssign;

use rayon::prelude::*;

use super::domain::Domain;
use super::layer::Stage;
use super::sequence::{Interaction, MISS};
use super::tube::{Piece, Vertex};

/// Power that tubes do not follow one by one, over that of an isotropic transmitter, by the power tables.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PowerAccount {
    /// In sequences that add next to nothing, of which some are drawn and stand for all, added up over the interactions: none
    /// of it is missing in the mean.
    pub drawn: f64,
    /// What goes on after the last interaction that is followed, of tubes that came by a surface until then: the most that
    /// further interactions have to give, most of which goes elsewhere.
    pub ended: f64,
}

impl AddAssign for PowerAccount {
    fn add_assign(&mut self, other: Self) {
        self.drawn += other.drawn;
        self.ended += other.ended;
    }
}

impl Domain {
    /// The power that pieces carry on by an interaction.
    pub fn power_after(&self, pieces: &[Piece], interaction: Interaction, stage: &Stage<'_>) -> f64 {
        let of_piece = |piece: &Piece| {
            let sequence = &stage.sequences[piece.tube.sequence as usize];
            let of_corner = |vertex: &Vertex| {
                let share =
                    |letter| stage.world.share_of_power(sequence, vertex.direction, letter, interaction);
                if vertex.letter == MISS { 0.0 } else { vertex.power * share(vertex.letter) }
            };
            // Corners of a piece may meet different things if that is all it does.
            let mean = self.corners(piece).map(of_corner).sum::<f32>() / piece.tube.corners().len() as f32;
            f64::from(mean) * f64::from(self.solid_angle(piece)) / (4.0 * PI)
        };
        pieces.iter().map(of_piece).sum()
    }
}

/// What goes on after the last interaction.
pub(super) fn ended(stage: &Stage<'_>, domains: &[Domain]) -> f64 {
    let of_domain = |domain: &Domain| {
        stage.interactions().map(|interaction| domain.power_after(&domain.pieces, interaction, stage)).sum()
    };
    // Added up in order, so that the sum does not depend on the number of threads.
    let powers: Vec<f64> = domains.par_iter().map(of_domain).collect();
    powers.iter().sum()
}
