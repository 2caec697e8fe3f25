//! What sequences are taken to add to the map.

use super::afterwards::Afterwards;
use super::domain::Domain;
use super::estimate::Estimate;
use super::groups::Group;
use super::tube::Piece;

/// What is added to a cell counts no more than this share of what it has. A map without a small share is wrong by 10/ln 10
/// decibels times the share; by these no cell is wrong by more than ten decibels.
const MOST_SHARE: f32 = 2.3;

/// Following a tube takes as long as covering so many cells.
const CELLS_PER_TUBE: f32 = 10.0;

/// What a piece is taken to add of which no corner is known to come by a surface.
struct Unknown {
    /// The share, where paths do not branch.
    share: f32,
    /// The area that a unit of solid angle covers \[m²/sr\].
    area: f32,
    /// The share of its power that comes to the surfaces.
    power: f32,
}

impl Unknown {
    const BRANCHED: Self = Self { share: 0.0, area: 1e4, power: 0.0 };

    /// Some power, so that such sequences are not drawn for far more than they turn out to have.
    const UNBRANCHED: Self = Self { share: 0.15, area: 3e4, power: 0.05 };
}

/// What a sequence is taken to add.
#[derive(Clone, Copy, Debug)]
pub(super) struct Importance {
    /// The share that it adds to what cells have, in the mean over those that it reaches; less where these are few for its
    /// tubes. Where the worth of cells is given, what it adds to the one that gets most.
    pub of_cells: f32,
    /// The share that it adds to what all cells together have.
    pub of_total: f32,
}

/// What is known of a sequence, as far as the corners of its pieces have been followed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    shares: f32,
    corners: u32,
    largest: f32,
    /// What those pieces may add to the cell that gets most of which no corner has been followed.
    potential: f32,
    tubes: usize,
    /// Area that is covered \[m²\].
    area: f32,
    power: f32,
}

impl Tally {
    /// Takes in a group of the sequence.
    pub fn add(&mut self, ahead: &Afterwards, domain: &Domain, group: &Group, estimate: &Estimate) {
        self.potential = self.potential.max(group.potential);
        self.tubes += group.num_tubes;
        for piece in &domain.pieces[group.pieces.clone()] {
            self.add_piece(ahead, domain, piece, estimate);
        }
    }

    fn add_piece(&mut self, ahead: &Afterwards, domain: &Domain, piece: &Piece, estimate: &Estimate) {
        let (mut corners, mut shares, mut area, mut power) = (0, 0.0, 0.0, 0.0);
        for vertex in domain.corners(piece) {
            let chain = ahead.chain(domain, vertex);
            if chain.is_known() {
                let share = ahead.share(domain, vertex, estimate);
                self.largest = self.largest.max(share);
                corners += 1;
                shares += share.min(MOST_SHARE);
                area += chain.area();
                power += ahead.power(domain, vertex);
            }
        }
        let first = &domain.vertices[piece.tube.corners()[0] as usize];
        if corners == 0 {
            (corners, shares, power) = (1, ahead.unseen_share(first), first.power);
        }
        if area == 0.0 {
            let unknown = if ahead.branches() { Unknown::BRANCHED } else { Unknown::UNBRANCHED };
            area = unknown.area * corners as f32;
            shares += unknown.share * corners as f32;
            power += unknown.power * first.power * corners as f32;
        }
        self.corners += corners;
        self.shares += shares;
        let solid_angle = domain.solid_angle(piece) / corners as f32;
        self.area += solid_angle * area;
        self.power += solid_angle * power;
    }

    /// What the sequence adds, for cells of an area \[m²\].
    pub fn importance(&self, estimate: &Estimate, cell_area: f32) -> Importance {
        let of_total = self.power / estimate.total();
        if estimate.is_given() {
            return Importance { of_cells: self.largest.max(self.potential), of_total };
        }
        let cells = self.area / cell_area;
        let for_its_tubes = cells / (cells + CELLS_PER_TUBE * self.tubes as f32);
        Importance { of_cells: for_its_tubes * self.shares / self.corners as f32, of_total }
    }
}
