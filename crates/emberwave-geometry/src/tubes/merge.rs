//! Joining what neighbouring pieces cover of a cell.

use glam::Vec2;

use super::coverage::Fragment;

/// Joins fragments of one sequence in one cell, so that their field is computed once.
#[derive(Debug, Default)]
pub(super) struct Merger {
    /// Where the fragment of each cell stands, if it is of the present round.
    slots: Vec<Slot>,
    round: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    round: u32,
    place: u32,
}

impl Merger {
    /// Makes room for cells.
    pub fn fit(&mut self, num_cells: usize) {
        if self.slots.len() < num_cells {
            self.slots.resize(num_cells, Slot::default());
        }
    }

    /// Begins with the fragments of another sequence.
    pub fn start(&mut self) {
        if self.round == u32::MAX {
            self.slots.fill(Slot::default());
            self.round = 0;
        }
        self.round += 1;
    }

    /// Adds a fragment to the list, or to the one of its cell that stands there since [`Self::start`].
    #[inline]
    pub fn add(&mut self, fragments: &mut Vec<Fragment>, fragment: Fragment) {
        let slot = &mut self.slots[fragment.cell as usize];
        if slot.round == self.round {
            fragments[slot.place as usize].join(&fragment);
            return;
        }
        // A cell that is covered whole has no other fragments.
        if fragment.area < 1.0 {
            *slot = Slot { round: self.round, place: fragments.len() as u32 };
        }
        fragments.push(fragment);
    }
}

impl Fragment {
    /// Takes in another part of the same cell.
    fn join(&mut self, other: &Self) {
        let area = self.area + other.area;
        let moment = Vec2::from(self.centroid) * self.area + Vec2::from(other.centroid) * other.area;
        (self.area, self.centroid) = (area, (moment / area).to_array());
    }
}
