//! The borders of what is reached, sampled by lines of launch directions.
//!
//! A map is an integral over launch directions of what each path leaves on its way. What a path does, which
//! triangles it meets and which surfaces it crosses, changes at curves on the sphere of launch directions:
//! where an edge is seen, directly or through mirrors, and at the feet of triangles that stand in a
//! measurement surface. The derivative of a map by positions has an integral along these curves. Here they
//! are sampled, whatever their number, by what crosses lines.
//!
//! # Formula
//!
//! A face of a randomly turned cube is covered by rows β = const. and columns α = const. (`lines`). The rows,
//! shifted by uniform random numbers, lie densely with 1/Δ per unit of β. A curve with unit tangent e
//! crosses, per length dl, dl·|e·∇β|/Δ of them on average. Along u, the axis about which rows turn, ∇β is
//! $$ \nabla\beta = \pm\frac{u \times \omega}{|u \times \omega|^2}, $$
//! since ω moves by |u × ω| dβ, at right angles to the row. With the likewise rate of columns,
//! $$ r_\mathrm{row} = \frac{|e \cdot (u \times \omega)|}{\Delta\,|u \times \omega|^2}, \qquad
//!    r_\mathrm{col} = \frac{|e \cdot (v \times \omega)|}{\Delta\,|v \times \omega|^2}, $$
//! every crossing, found by whichever family, stands for the length 1/(r_row + r_col): by the balance
//! heuristic
//! $$ \mathrm{E} \sum_\mathrm{crossings} \frac{h}{r_\mathrm{row} + r_\mathrm{col}}
//!    = \oint h\, \frac{r_\mathrm{row} + r_\mathrm{col}}{r_\mathrm{row} + r_\mathrm{col}}\, dl
//!    = \oint h\, dl. $$
//! The weights are bounded, since no curve is parallel to both. (Where ν is the curve's normal and t
//! the row's tangent, |ν·t| = |e·(u × ω)|/|u × ω|, and Δ |u × ω| is the distance between rows.)
//!
//! A length dl of the curve, seen from the image source I of a sequence in direction d, where it meets the
//! surface with normal n at s, is there
//! $$ g = |s - I| \left(e - d\,\frac{n \cdot e}{n \cdot d}\right) dl, $$
//! e turned by the mirrors: [`Border::along`]. Its flux of what is reached, when I moves by δI and the
//! unfolded edge, which the line from I to s meets at p, by δp, is with τ = |s − I|/|p − I|
//! $$ \bigl((1 - \tau)\,\delta I + \tau\,\delta p\bigr) \cdot
//!    \left(g \times n - n\,\frac{d \cdot (g \times n)}{n \cdot d}\right). $$
//!
//! # What it misses
//!
//! Things thinner than a step, on a line and on both lines beside it: what a neighbouring line has found is
//! looked for on a line as well, so that the corners of what is wider than a step are not cut off. Lines
//! where triangles meet that have no edge there ([`Effort::seams`]): their borders move, but
//! [`Bound`](crate::Bound) does not know them. Where a path comes by two discontinuities within some 1e-5
//! rad, one of them.
//!
//! Close to where paths graze a surface the segments g are long: errors are those of few, heavy samples.
//!
//! A foot on the ground (a wall whose lower edge lies upon another triangle) is bound by the wall's edge.
//! Lifting it opens a gap and sinking it opens none: such derivatives are one-sided, and the one here is that
//! of an edge that hides.

mod divergence;
mod events;
mod follow;
mod lines;
mod options;
mod scene;
mod search;
mod tree;
mod unfold;
mod walk;

use std::ops::{AddAssign, Range};

use glam::Vec3;
use rayon::prelude::*;

use crate::Border;
use events::Events;
use follow::Listing;
use lines::{Line, LineGrid};
pub use options::BorderOptions;
pub use scene::BorderScene;
use search::Search;
pub use tree::StepTree;
use unfold::Cells;
use walk::Track;

/// Lines that are searched one after the other, by one thread.
const LINES_AT_ONCE: u64 = 16;

/// The last interaction of a sequence, and the sequence before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PathStep {
    /// The sequence without this interaction.
    pub parent: u32,
    /// Where it happens; [`Hit::MISS`](crate::Hit::MISS) for the empty sequence.
    pub triangle: u32,
    /// Whether the path is reflected; it goes through if not.
    pub reflected: bool,
}

/// A sample of a border.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampledBorder {
    /// The border; its sequence is an index into [`SampledBorders::steps`].
    pub border: Border,
    /// 1 over the probability of the sequence's events.
    pub weight: f32,
}

/// What a search took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Number of ray queries.
    pub rays: u64,
    /// Number of discontinuities found.
    pub discontinuities: u64,
    /// Number of those where triangles meet in no edge, which are not listed.
    pub seams: u64,
    /// Number of differences between neighbouring rays that were given up.
    pub unresolved: u64,
}

impl AddAssign for Effort {
    fn add_assign(&mut self, other: Self) {
        self.rays += other.rays;
        self.discontinuities += other.discontinuities;
        self.seams += other.seams;
        self.unresolved += other.unresolved;
    }
}

/// Samples of borders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampledBorders {
    /// The sequences: each one's last interaction and the sequence before it, which has a smaller index. The
    /// first is the empty one.
    pub steps: Vec<PathStep>,
    /// In the order of lines, and along each line.
    pub borders: Vec<SampledBorder>,
    /// What it took.
    pub effort: Effort,
}

/// Samples the borders of a transmitter.
///
/// ```
/// # use emberwave_geometry::borders::{BorderOptions, BorderSampler, BorderScene};
/// # use emberwave_geometry::{Bvh, tubes::Surface};
/// # use glam::Vec3;
/// let vertices = [Vec3::new(-1.0, -1.0, 1.0), Vec3::new(1.0, -1.0, 1.0), Vec3::new(0.0, 1.0, 1.0)];
/// let triangles = [[0, 1, 2]];
/// let ground = Surface::new(Vec3::new(-5.0, -5.0, 0.0), Vec3::X * 10.0, Vec3::Y * 10.0, [20, 20], 0);
/// let scene = BorderScene {
///     bvh: &Bvh::build(&vertices, &triangles),
///     vertices: &vertices,
///     triangles: &triangles,
///     planes: None,
///     surfaces: &[ground],
///     probability_of_reflection: &|_| 0.5,
/// };
/// let options = BorderOptions::with_lines(20);
/// let sampler = BorderSampler::new(scene, options, Vec3::Z * 3.0, 0);
/// assert!(!sampler.sample(0..options.num_lines()).borders.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct BorderSampler<'a> {
    scene: BorderScene<'a>,
    options: BorderOptions,
    cells: Vec<Cells>,
    grid: LineGrid,
    position: Vec3,
    extent: f64,
}

impl<'a> BorderSampler<'a> {
    /// For a transmitter at a position \[m\]; its number goes into the random numbers.
    ///
    /// # Panics
    ///
    /// If there are more than 64 surfaces.
    #[must_use]
    pub fn new(scene: BorderScene<'a>, options: BorderOptions, position: Vec3, transmitter: u32) -> Self {
        assert!(scene.surfaces.len() <= 64, "at most 64 surfaces");
        let largest = |vertices: &[Vec3]| vertices.iter().map(|v| v.abs().max_element()).fold(0.0, f32::max);
        Self {
            scene,
            options,
            cells: scene.surfaces.iter().map(Cells::new).collect(),
            grid: LineGrid::new(&options, transmitter),
            position,
            extent: f64::from(largest(scene.vertices)),
        }
    }

    /// The borders that some of the [`BorderOptions::num_lines`] lines cross. The samples of all lines
    /// together estimate the borders; their number grows with the lines' at once.
    #[must_use]
    pub fn sample(&self, lines: Range<u64>) -> SampledBorders {
        let places: Vec<f64> = self.grid.places().collect();
        let end = lines.end.min(self.options.num_lines());
        let starts: Vec<u64> = (lines.start..end).step_by(LINES_AT_ONCE as usize).collect();
        let parts: Vec<SampledBorders> = starts
            .par_iter()
            .map(|&start| self.sample_some(start..end.min(start + LINES_AT_ONCE), &places))
            .collect();
        join(&parts)
    }

    fn sample_some(&self, lines: Range<u64>, places: &[f64]) -> SampledBorders {
        // The neighbours of the first and the last line are searched for hints only.
        let with_neighbours = lines.start.saturating_sub(1)..(lines.end + 1).min(self.options.num_lines());
        let searched: Vec<(Line, Events, Search)> =
            with_neighbours.clone().map(|number| self.search(number, places)).collect();
        let (mut listing, mut effort) = (Listing::default(), Effort::default());
        for number in lines {
            let index = (number - with_neighbours.start) as usize;
            let neighbours = self.grid.neighbours(number).flatten();
            let neighbours =
                neighbours.filter_map(|number| searched.get((number - with_neighbours.start) as usize));
            let (line, events, search) = &searched[index];
            let (track, mut search) = (self.track(line, events), search.clone());
            search.follow_hints(&track, neighbours.flat_map(|(_, _, search)| search.hints()));
            for finding in &search.findings {
                listing.follow(&track, &self.options, &search.paths, finding);
            }
            effort += Effort {
                rays: search.walker.queries - searched[index].2.walker.queries,
                discontinuities: search.findings.len() as u64,
                seams: 0,
                unresolved: search.unresolved,
            };
        }
        effort.rays += searched.iter().map(|(_, _, search)| search.walker.queries).sum::<u64>();
        effort.seams = listing.seams;
        SampledBorders { steps: listing.tree.into_steps(), borders: listing.borders, effort }
    }

    fn search(&self, number: u64, places: &[f64]) -> (Line, Events, Search) {
        let line = self.grid.line(number);
        let events = Events::new(&self.options, &self.grid, number);
        let mut search = Search::default();
        search.run(&self.track(&line, &events), places);
        (line, events, search)
    }

    fn track<'b>(&'b self, line: &'b Line, events: &'b Events) -> Track<'b> {
        Track {
            scene: &self.scene,
            cells: &self.cells,
            line,
            events,
            source: self.position.as_dvec3(),
            step: self.grid.step(),
            extent: self.extent,
        }
    }
}

/// Puts parts one behind the other, with one list of sequences.
fn join(parts: &[SampledBorders]) -> SampledBorders {
    let (mut tree, mut borders, mut effort) = (StepTree::default(), Vec::new(), Effort::default());
    for part in parts {
        let numbers = tree.absorb(&part.steps);
        borders.extend(part.borders.iter().map(|sample| {
            let sequence = numbers[sample.border.sequence as usize];
            SampledBorder { border: Border { sequence, ..sample.border }, ..*sample }
        }));
        effort += part.effort;
    }
    SampledBorders { steps: tree.into_steps(), borders, effort }
}

#[cfg(test)]
mod tests;
