//! Places where outline edges meet.

/// The outline edges that begin or end at each place; vertices of the mesh at one place are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Joints {
    /// Where each outline edge begins and ends.
    places: Vec<[u32; 2]>,
    /// Where the edges of each place begin in `edges`, and the end.
    first: Vec<u32>,
    edges: Vec<u32>,
}

impl Joints {
    /// From the places where each outline edge begins and ends.
    pub fn new(places: Vec<[u32; 2]>) -> Self {
        let num_places = places.iter().flatten().max().map_or(0, |&last| last as usize + 1);
        let mut first = vec![0; num_places + 1];
        for &place in places.iter().flatten() {
            first[place as usize + 1] += 1;
        }
        for place in 0..num_places {
            first[place + 1] += first[place];
        }
        let mut next = first.clone();
        let mut edges = vec![0; 2 * places.len()];
        for (edge, ends) in (0..).zip(&places) {
            for &place in ends {
                edges[next[place as usize] as usize] = edge;
                next[place as usize] += 1;
            }
        }
        Self { places, first, edges }
    }

    /// Where an outline edge begins and ends.
    #[inline]
    pub fn places(&self, edge: u32) -> [u32; 2] {
        self.places[edge as usize]
    }

    /// The outline edges that begin or end at a place.
    #[inline]
    pub fn edges(&self, place: u32) -> &[u32] {
        let [from, to] = [place, place + 1].map(|at| self.first[at as usize] as usize);
        &self.edges[from..to]
    }
}
