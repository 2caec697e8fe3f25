//! What in a scene is probably not meant: doubled faces, walls in walls, transmitters in buildings.

mod boxes;
mod closed;
mod degenerate;
mod doubled;
mod edges;
mod faces;
mod inside;
mod materials;
mod overlap;

use std::fmt;

use emberwave_formats::SceneDescription;

use crate::material::ItuPolicy;
use crate::scene::DEFAULT_FREQUENCY;
use faces::Faces;

/// Examples that a finding names.
const EXAMPLES: usize = 3;

/// A check of a scene's geometry, materials and transmitters.
///
/// ```
/// # use emberwave_formats::SceneDescription;
/// # use emberwave_scene::SceneCheck;
/// let empty = SceneDescription { path: "a.xml".into(), objects: vec![], materials: vec![], warnings: vec![] };
/// assert!(SceneCheck::new().run(&empty).is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct SceneCheck {
    frequency: f64,
    itu: ItuPolicy,
    transmitters: Vec<[f64; 3]>,
}

impl Default for SceneCheck {
    fn default() -> Self {
        Self { frequency: DEFAULT_FREQUENCY, itu: ItuPolicy::default(), transmitters: Vec::new() }
    }
}

impl SceneCheck {
    /// A check at 3.5 GHz without transmitters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the frequency \[Hz\] at which materials must have values.
    #[must_use]
    pub fn with_frequency(mut self, frequency: f64) -> Self {
        self.frequency = frequency;
        self
    }

    /// Sets how ITU materials are evaluated.
    #[must_use]
    pub fn with_itu_policy(mut self, itu: ItuPolicy) -> Self {
        self.itu = itu;
        self
    }

    /// Sets the positions of transmitters \[m\] that should be outside of closed objects.
    #[must_use]
    pub fn with_transmitters(mut self, positions: impl Into<Vec<[f64; 3]>>) -> Self {
        self.transmitters = positions.into();
        self
    }

    /// All findings, at most one of each kind, in the order of [`FindingKind`].
    ///
    /// Lengths are compared with a tolerance of 0.1 mm and four units in the last place of the largest coordinate.
    #[must_use]
    pub fn run(&self, scene: &SceneDescription) -> Vec<Finding> {
        let faces = Faces::of(scene);
        let degenerate = degenerate::flags(&faces);
        let doubled = doubled::flags(&faces, &degenerate);
        let boundary = edges::open_edges(&faces, &degenerate);
        let left_out: Vec<bool> = degenerate.iter().zip(&doubled.flags).map(|(a, b)| *a || *b).collect();
        [
            degenerate::finding(&faces, &degenerate),
            doubled.finding,
            overlap::finding(&faces, &left_out),
            inside::finding(&faces, &boundary, &self.transmitters),
            materials::finding(scene, self.frequency, self.itu),
            edges::finding(&faces, &boundary),
        ]
        .into_iter()
        .filter(|finding| finding.count > 0)
        .collect()
    }
}

/// Kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// Faces without an area: rays never hit them.
    DegenerateFaces,
    /// Faces with the same corners as an earlier one: which of them a ray hits is chance.
    DoubledFaces,
    /// Faces that share a part of their plane with another face: which of them a ray hits is chance.
    OverlappingFaces,
    /// Transmitters inside closed bodies (see [`Self::OpenEdges`]) that are not the room around the whole scene.
    TransmittersInside,
    /// ITU materials without values at the frequency.
    MaterialsOutOfRange,
    /// Edges that only one face of a body has. Surfaces such as a ground have them, a closed building does not. A body is
    /// an object, or all objects of one name that exporters split by material, as in `hall-itu_brick` and `hall-itu_glass`.
    OpenEdges,
}

impl FindingKind {
    /// Whether this is only worth knowing, rather than probably wrong.
    #[must_use]
    pub const fn is_note(self) -> bool {
        matches!(self, Self::OpenEdges)
    }

    /// What is counted, as in "doubled faces".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DegenerateFaces => "degenerate faces",
            Self::DoubledFaces => "doubled faces",
            Self::OverlappingFaces => "coplanar overlapping faces",
            Self::TransmittersInside => "transmitters inside objects",
            Self::MaterialsOutOfRange => "materials without values",
            Self::OpenEdges => "open edges",
        }
    }
}

/// What was found of one kind, displayed on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// How many there are.
    pub count: usize,
    /// The first few, with the ids of their objects.
    pub examples: Vec<String>,
    /// Whether there are more than the examples.
    pub more: bool,
}

impl Finding {
    fn new(kind: FindingKind) -> Self {
        Self { kind, count: 0, examples: Vec::new(), more: false }
    }

    /// Counts one more, and remembers the first few.
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example());
        } else {
            self.more = true;
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = if self.more { ", ..." } else { "" };
        write!(f, "{} {}: {}{more}", self.count, self.kind.name(), self.examples.join(", "))
    }
}
