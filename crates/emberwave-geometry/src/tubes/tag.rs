//! Which mesh edges the edges of tubes lie on.

use super::polygon::{Corners, MOST_CORNERS};

/// How many bits of a tag number the mesh edge; the others number interactions.
const EDGE_BITS: u32 = 27;

/// The mesh edge that a tube's edge lies on, and the segment that it limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(u32);

impl Default for Tag {
    fn default() -> Self {
        Self::NONE
    }
}

impl Tag {
    /// An edge within what a sequence reaches, or one of which nothing is known.
    pub const NONE: Self = Self(u32::MAX);

    /// Tags an outline edge that limits the segment after so many interactions.
    pub fn new(edge: u32, interactions: u32) -> Self {
        let fits = edge < (1 << EDGE_BITS) - 1 && interactions < 1 << (u32::BITS - EDGE_BITS);
        if fits { Self(interactions << EDGE_BITS | edge) } else { Self::NONE }
    }

    /// Index of the outline edge, and the number of interactions before the segment that it limits.
    pub fn get(self) -> Option<(u32, u32)> {
        (self != Self::NONE).then_some((self.0 & ((1 << EDGE_BITS) - 1), self.0 >> EDGE_BITS))
    }
}

/// A tag for each edge of a tube.
pub(super) type Tags = Corners<Tag, MOST_CORNERS>;

/// The tags of tubes; those without any share one list.
#[derive(Debug)]
pub(super) struct TagLists {
    lists: Vec<Tags>,
}

impl Default for TagLists {
    fn default() -> Self {
        Self { lists: vec![Tags::default()] }
    }
}

impl TagLists {
    /// Number of the list in which no edge has a tag.
    pub const NO_TAGS: u32 = 0;

    /// Forgets all but the list without tags.
    pub fn clear(&mut self) {
        self.lists.truncate(1);
    }

    /// Keeps a list and numbers it.
    pub fn add(&mut self, tags: &Tags) -> u32 {
        if tags.as_slice().iter().all(|&tag| tag == Tag::NONE) {
            return Self::NO_TAGS;
        }
        self.lists.push(*tags);
        self.lists.len() as u32 - 1
    }

    /// The tag of an edge.
    pub fn get(&self, list: u32, edge: usize) -> Tag {
        self.lists[list as usize].as_slice().get(edge).copied().unwrap_or_default()
    }
}
