//! Sequences of interactions, seen as image sources.

use glam::{DMat3, DVec3, Mat3, Vec3};

use super::planes::PlaneSet;

/// What a path does at a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Interaction {
    /// It is reflected.
    Reflection,
    /// It goes straight through.
    Transmission,
}

/// A plane and the side it is met from: twice the plane's index, plus one where the path goes along the normal.
pub type Letter = u32;

/// The letter of a path that meets nothing.
pub const MISS: Letter = u32::MAX;

/// A sequence of interactions from a transmitter: its image source, and how launch directions turn on the way.
#[derive(Clone, Copy, Debug)]
pub struct Sequence {
    /// The sequence without its last interaction; itself for the transmitter.
    pub parent: u32,
    /// Where the last interaction is; [`MISS`] for the transmitter.
    pub letter: Letter,
    /// What the last interaction is.
    pub interaction: Interaction,
    /// Number of interactions.
    pub depth: u32,
    /// The image source \[m\].
    pub source: Vec3,
    /// Direction after the last interaction from the launch direction.
    pub world_from_launch: Mat3,
    /// The last plane, oriented along the paths that leave it: normal and offset \[m\].
    pub exit_normal: Vec3,
    /// Distance of the image source behind the last plane \[m\].
    pub exit_height: f32,
    /// How far from the last plane its triangles may be \[m\].
    pub exit_clearance: f32,
    /// What the sampled choices on the way multiply powers with.
    pub weight: f32,
    exact_source: DVec3,
    exact_turn: DMat3,
}

/// Which sequences, of a list in which they come after those they continue, lead to some of it; the first always counts.
#[must_use]
pub fn leading_to(sequences: &[Sequence], ends: impl Iterator<Item = u32>) -> Vec<bool> {
    let mut leads = vec![false; sequences.len()];
    if let Some(root) = leads.first_mut() {
        *root = true;
    }
    ends.for_each(|sequence| leads[sequence as usize] = true);
    for (index, sequence) in sequences.iter().enumerate().rev() {
        if leads[index] {
            leads[sequence.parent as usize] = true;
        }
    }
    leads
}

impl Sequence {
    /// The empty sequence of a transmitter.
    #[must_use]
    pub fn root(position: Vec3) -> Self {
        Self {
            parent: 0,
            letter: MISS,
            interaction: Interaction::Transmission,
            depth: 0,
            source: position,
            world_from_launch: Mat3::IDENTITY,
            exit_normal: Vec3::ZERO,
            exit_height: 0.0,
            exit_clearance: 0.0,
            weight: 1.0,
            exact_source: position.as_dvec3(),
            exact_turn: DMat3::IDENTITY,
        }
    }

    /// This sequence, number `own`, followed by one more interaction that was chosen with probability 1/`weight`.
    #[must_use]
    pub fn followed_by(
        &self,
        own: u32,
        letter: Letter,
        interaction: Interaction,
        planes: &PlaneSet,
        weight: f32,
    ) -> Self {
        let plane = &planes.planes()[(letter >> 1) as usize];
        let (n, along) = (plane.normal, letter & 1 == 1);
        let (source, turn) = match interaction {
            Interaction::Transmission => (self.exact_source, self.exact_turn),
            Interaction::Reflection => (
                self.exact_source - 2.0 * (n.dot(self.exact_source) - plane.offset) * n,
                mirror(n) * self.exact_turn,
            ),
        };
        let leaves_along = along == (interaction == Interaction::Transmission);
        let sign = if leaves_along { 1.0 } else { -1.0 };
        Self {
            parent: own,
            letter,
            interaction,
            depth: self.depth + 1,
            source: source.as_vec3(),
            world_from_launch: turn.as_mat3(),
            exit_normal: (sign * n).as_vec3(),
            exit_height: (sign * (plane.offset - n.dot(source))) as f32,
            exit_clearance: plane.unevenness as f32,
            weight: self.weight * weight,
            exact_source: source,
            exact_turn: turn,
        }
    }
}

/// I − 2nnᵀ: mirrors directions at a plane with a unit normal.
pub(crate) fn mirror(n: DVec3) -> DMat3 {
    DMat3::from_cols(DVec3::X - 2.0 * n.x * n, DVec3::Y - 2.0 * n.y * n, DVec3::Z - 2.0 * n.z * n)
}
