//! Cutting tubes along the borders between planes.
//!
//! Mesh edges are straight, so a border is a great circle of directions. A tube with two crossings on one line is cut
//! exactly; so is one where two or three lines meet in a point inside of it (a corner of a house, or an edge behind which
//! two planes meet), or where all mesh edges around a vertex do (`fan`). Others are divided, and at the end cut through the middle of their crossings.

use glam::Vec3;

use super::crossing::{Crossing, MixedEdge, SearchEffort};
use super::fan::Fan;
use super::layer::Layer;
use super::pieces::{Crossings, NONE, NewCorner, NewPiece, join_middle};
use super::polygon::{Corners, MOST_CORNERS};
use super::rays::Probe;
use super::sequence::{Letter, MISS};
use super::split::{EdgeUse, sorted_edges};
use super::tag::{Tag, Tags};
use super::tube::{Piece, Tube, Vertex};

/// Lines that pass a point by less than this share of the tube go through it.
const CONCURRENT: f32 = 2e-3;

/// Lines at a smaller angle than this have no point in common.
const PARALLEL: f32 = 1e-3;

/// How the borders in a tube run.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// From one crossing to the other.
    Straight,
    /// From every crossing to a point.
    Star(Vec3),
    /// From crossing to crossing, around a middle that meets a letter.
    Around(Letter),
}

/// What is to be done with a mixed tube.
enum Plan {
    Cut(Cut),
    Split,
    /// Its middle is to be traced first.
    LookAt(Vec3),
    /// Its sectors are to be traced first.
    Fan(Box<Fan>),
    /// What was met along its edges is to become corners first.
    Insert,
}

impl Layer<'_> {
    /// Cuts the tubes where their borders are clear, and adds the others to `split`.
    pub fn resolve(&mut self, mixed: &[Tube], split: &mut Vec<Tube>) {
        let mut crossings = Crossings::default();
        let inserted = self.resolve_some(mixed, true, &mut crossings, split);
        self.resolve_some(&inserted, false, &mut crossings, split);
    }

    /// The same; where that is wanted, leaves along whose edges something else is met than at their ends are returned
    /// with corners there. Crossings that are known are not sought again.
    fn resolve_some(
        &mut self,
        mixed: &[Tube],
        insert: bool,
        crossings: &mut Crossings,
        split: &mut Vec<Tube>,
    ) -> Vec<Tube> {
        let rough: Vec<bool> = mixed.iter().map(|tube| self.is_rough(tube)).collect();
        self.cross(mixed, &rough, insert, crossings);
        let crossings = &*crossings;
        let plan = |(index, tube): (usize, &Tube)| {
            self.plan(tube, crossings.of_tube(index), &crossings.found, rough[index])
        };
        let mut plans: Vec<Plan> = mixed.iter().enumerate().map(plan).collect();
        self.look_into_fans(mixed, &mut plans, crossings);
        let inserted =
            if insert { self.insert_corners(mixed, &rough, &mut plans, crossings) } else { Vec::new() };
        for (tube, _) in mixed.iter().zip(&plans).filter(|(_, plan)| matches!(plan, Plan::Split)) {
            self.note_tips(tube);
        }
        self.look_at_middles(mixed, &mut plans);
        let mut parts = Vec::new();
        for (index, (tube, plan)) in mixed.iter().zip(&plans).enumerate() {
            parts.clear();
            match plan {
                Plan::Insert => {}
                Plan::Split | Plan::LookAt(_) => split.push(*tube),
                Plan::Fan(fan) => self.cut_fan(tube, fan, (crossings, crossings.of_tube(index)), &mut parts),
                Plan::Cut(cut) => self.cut(tube, crossings.of_tube(index), crossings, *cut, &mut parts),
            }
            if self.options.conservative && !self.is_leaf(tube) && self.any_hides(tube, &parts) {
                split.push(*tube);
            } else {
                parts.iter().for_each(|part| self.add_piece(tube, part));
            }
        }
        inserted
    }

    /// The leaves that would be guessed although more is known of their edges, with corners where that is.
    fn insert_corners(
        &mut self,
        mixed: &[Tube],
        rough: &[bool],
        plans: &mut [Plan],
        crossings: &Crossings,
    ) -> Vec<Tube> {
        let mut corner_of = vec![NONE; crossings.found.len()];
        let mut inserted = Vec::new();
        for (index, (tube, plan)) in mixed.iter().zip(plans).enumerate() {
            let of_edge = &crossings.of_tube(index)[..tube.corners().len()];
            let count = of_edge.iter().filter(|&&crossing| crossings.third(crossing).is_some()).count();
            let fits = count > 0 && of_edge.len() + count <= MOST_CORNERS;
            if fits && !rough[index] && crossings.is_guess(plan, of_edge) {
                *plan = Plan::Insert;
                inserted.push(self.with_corners(tube, of_edge, crossings, &mut corner_of));
            }
        }
        inserted
    }

    /// A tube with the corners that its crossings know of; those of other tubes are shared.
    fn with_corners(
        &mut self,
        tube: &Tube,
        of_edge: &[u32],
        crossings: &Crossings,
        corner_of: &mut [u32],
    ) -> Tube {
        let (mut corners, mut tags) = (Corners::default(), Tags::default());
        for (edge, (&corner, &crossing)) in tube.corners().iter().zip(of_edge).enumerate() {
            let tag = self.tags.get(tube.tags, edge);
            corners.push(corner);
            tags.push(tag);
            let Some((direction, letter)) = crossings.third(crossing) else { continue };
            let own = &mut corner_of[crossing as usize];
            if *own == NONE {
                let Vertex { sequence, power, .. } = self.vertices[corner as usize];
                *own = self.add(Vertex { letter, ..Vertex::new(direction, sequence, power) });
            }
            corners.push(*own);
            tags.push(tag);
        }
        Tube { corners, tags: self.tags.add(&tags), ..*tube }
    }

    /// Finds what the sectors of fans meet; where that contradicts something the tubes get another plan.
    fn look_into_fans(&mut self, mixed: &[Tube], plans: &mut [Plan], crossings: &Crossings) {
        let mut probes = Vec::new();
        for (tube, plan) in mixed.iter().zip(&*plans) {
            let Plan::Fan(fan) = plan else { continue };
            let sequence = tube.sequence;
            let probe = |direction| Probe { direction, sequence, letter: MISS };
            probes.extend(self.look_into_sectors(tube, fan).map(probe));
        }
        self.world.trace(self.sequences, &mut probes);
        self.effort.rays += probes.len();
        let mut letters = probes.iter().map(|probe| probe.letter);
        for (index, (tube, plan)) in mixed.iter().zip(plans).enumerate() {
            let Plan::Fan(fan) = plan else { continue };
            let letters: Vec<Letter> = letters.by_ref().take(fan.num_looks()).collect();
            if !self.learn_sectors(tube, fan, &letters) {
                *plan = self.plan_unclear(tube, crossings.of_tube(index), &crossings.found, false);
            }
        }
    }

    /// Lists the parts of a tube, with tags where these are wanted.
    fn cut(&self, tube: &Tube, of_edge: &[u32], crossings: &Crossings, cut: Cut, parts: &mut Vec<NewPiece>) {
        self.list_between_crossings(tube, of_edge, crossings, cut, parts);
        if self.options.borders {
            self.tag_parts(tube, of_edge, &crossings.found, cut, parts);
        }
        if let Cut::Around(_) = cut {
            join_middle(parts);
        }
    }

    /// Finds what the middles of tubes meet that are to be looked at.
    fn look_at_middles(&mut self, mixed: &[Tube], plans: &mut [Plan]) {
        let probe = |(tube, plan): (&Tube, &Plan)| match plan {
            Plan::LookAt(direction) => {
                Some(Probe { direction: *direction, sequence: tube.sequence, letter: MISS })
            }
            _ => None,
        };
        let mut probes: Vec<Probe> = mixed.iter().zip(&*plans).filter_map(probe).collect();
        self.world.trace(self.sequences, &mut probes);
        self.effort.rays += probes.len();
        let looks = plans.iter_mut().filter(|plan| matches!(plan, Plan::LookAt(_)));
        for (plan, probe) in looks.zip(probes) {
            *plan = Plan::Cut(Cut::Around(probe.letter));
        }
    }

    /// Finds where the letter changes along the edges of tubes, and puts vertices there.
    fn cross(&mut self, tubes: &[Tube], rough: &[bool], insert: bool, crossings: &mut Crossings) {
        let uses = sorted_edges(tubes, |a, b| self.letter(a) != self.letter(b));
        let num_known = crossings.found.len();
        crossings.of_edge.clear();
        crossings.of_edge.resize(tubes.len() * MOST_CORNERS, NONE);
        let mut edges = Vec::new();
        for same in uses.chunk_by(|one, other| one.0 == other.0) {
            let (a, b) = same[0].0;
            let known = crossings.place_on((a, b), num_known);
            let number = known.unwrap_or(crossings.edges.len() as u32);
            for &(_, at) in same {
                crossings.of_edge[at as usize] = number;
            }
            if known.is_some() {
                continue;
            }
            let is_rough = same.iter().all(|&(_, at)| rough[at as usize / MOST_CORNERS]);
            let effort = match (is_rough, insert) {
                (true, _) => SearchEffort::Guess,
                (false, true) => SearchEffort::PlaceOrThird,
                (false, false) => SearchEffort::Place,
            };
            edges.push(self.mixed_edge([a, b], effort));
            crossings.edges.push((a, b));
        }
        let (found, rays) = self.world.cross(self.sequences, &edges, self.options.borders);
        self.effort.rays += rays;
        for (&(a, b), crossing) in crossings.edges[num_known..].iter().zip(&found) {
            crossings.vertices.push(self.vertices.len() as u32);
            let direction = crossing.direction.normalize();
            let is_on_rim = [a, b].iter().all(|end| self.vertices[*end as usize].is_on_rim);
            for end in [a, b] {
                let inside = &self.vertices[end as usize];
                let vertex = Vertex::on_border(direction, inside, inside.letter);
                self.add(Vertex { is_on_rim, ..vertex });
            }
        }
        crossings.found.extend(found);
    }

    /// The edge between two corners, the same for the tubes on both sides, whatever the numbers of the corners there.
    fn mixed_edge(&self, ends: [u32; 2], effort: SearchEffort) -> MixedEdge {
        let [mut from, mut to] = ends.map(|end| &self.vertices[end as usize]);
        if from.direction.to_array() > to.direction.to_array() {
            std::mem::swap(&mut from, &mut to);
        }
        let (ends, letters) = ([from.direction, to.direction], [from.letter, to.letter]);
        MixedEdge { sequence: from.sequence, ends, letters, effort }
    }

    /// Adds to `split` the tubes along whose edges something else is met than at their ends.
    pub fn look_along_edges(&mut self, doubtful: &[Tube], split: &mut Vec<Tube>) {
        let uses = sorted_edges(doubtful, |a, b| self.letter(a) != self.letter(b));
        let edges: Vec<&[EdgeUse]> = uses.chunk_by(|one, other| one.0 == other.0).collect();
        let mixed =
            |same: &&[EdgeUse]| self.mixed_edge([same[0].0.0, same[0].0.1], SearchEffort::PlaceOrThird);
        let mixed: Vec<MixedEdge> = edges.iter().map(mixed).collect();
        let (found, rays) = self.world.cross(self.sequences, &mixed, false);
        self.effort.rays += rays;
        let mut surprises = vec![false; doubtful.len()];
        for (same, _) in edges.iter().zip(&found).filter(|(_, crossing)| crossing.third.is_some()) {
            for &(_, at) in *same {
                surprises[at as usize / MOST_CORNERS] = true;
            }
        }
        let surprising = doubtful.iter().zip(surprises).filter(|(_, surprises)| *surprises);
        split.extend(surprising.map(|(tube, _)| *tube));
    }

    fn add_piece(&mut self, tube: &Tube, piece: &NewPiece) {
        let first = self.vertices[tube.corners()[0] as usize];
        let mut corners = Corners::default();
        for corner in piece.corners.as_slice() {
            corners.push(match *corner {
                NewCorner::Known(vertex) => vertex,
                NewCorner::Border { direction, inside } => {
                    let inside = Vertex { direction: inside, ..first };
                    self.add(Vertex::on_border(direction, &inside, piece.letter))
                }
            });
        }
        if corners.len() >= 3 {
            let tags = self.tags.add(&piece.tags);
            self.pieces.push(Piece { tube: Tube { corners, tags, ..*tube }, letter: piece.letter });
        }
    }

    /// Whether something hides in a part of a tube.
    fn any_hides(&self, tube: &Tube, pieces: &[NewPiece]) -> bool {
        let direction = |corner: &NewCorner| match corner {
            NewCorner::Known(vertex) => self.vertices[*vertex as usize].direction,
            NewCorner::Border { direction, .. } => *direction,
        };
        let sequence = &self.sequences[tube.sequence as usize];
        let hides = |piece: &NewPiece| {
            self.world.hides(sequence, piece.letter, piece.corners.as_slice().iter().map(direction))
        };
        pieces.iter().any(hides)
    }

    fn plan(&self, tube: &Tube, of_edge: &[u32], found: &[Crossing], rough: bool) -> Plan {
        let mut letters: Corners<u32, MOST_CORNERS> = Corners::default();
        for &corner in tube.corners() {
            let letter = self.letter(corner);
            if !letters.as_slice().contains(&letter) {
                letters.push(letter);
            }
        }
        let on_edges = on_edges(of_edge);
        let of_tube = on_edges.as_slice();
        let crossing = |at: usize| &found[of_tube[at] as usize];
        let clear =
            of_tube.len() == letters.len() && (0..of_tube.len()).all(|at| crossing(at).line != Vec3::ZERO);
        let exact = if clear { self.exact_cut(tube, of_tube.len(), crossing) } else { None };
        if let Some(cut) = exact {
            return Plan::Cut(cut);
        }
        let fan = if rough { None } else { self.fan(tube, of_edge, found) };
        fan.map_or_else(|| self.plan_unclear(tube, of_edge, found, rough), |fan| Plan::Fan(Box::new(fan)))
    }

    /// What is to be done with a tube whose borders are not clear.
    fn plan_unclear(&self, tube: &Tube, of_edge: &[u32], found: &[Crossing], rough: bool) -> Plan {
        let on_edges = on_edges(of_edge);
        let of_tube = on_edges.as_slice();
        if !(rough || self.is_leaf(tube)) {
            return Plan::Split;
        }
        if of_tube.len() == 2 {
            return Plan::Cut(Cut::Straight);
        }
        let direction = |&crossing: &u32| found[crossing as usize].direction.normalize();
        let middle = of_tube.iter().map(direction).sum::<Vec3>().normalize();
        if rough { Plan::Cut(Cut::Star(middle)) } else { Plan::LookAt(middle) }
    }

    /// Lists the parts of a tube between its crossings.
    fn list_between_crossings(
        &self,
        tube: &Tube,
        of_edge: &[u32],
        crossings: &Crossings,
        cut: Cut,
        parts: &mut Vec<NewPiece>,
    ) {
        let edges: Corners<(u32, u32), MOST_CORNERS> = tube.edges().collect();
        let edges = edges.as_slice();
        let changes = |&(a, b): &(u32, u32)| self.letter(a) != self.letter(b);
        let Some(first) = edges.iter().position(changes) else { return };
        let on_side = |edge: usize, own: u32| {
            let (a, b) = edges[edge];
            NewCorner::Known(crossings.vertex(of_edge[edge], own != a.min(b)))
        };
        let mut middle: Corners<Vec3, MOST_CORNERS> = Corners::default();
        // From the first change on, corner by corner, around.
        for step in 0..edges.len() {
            let at = (first + step) % edges.len();
            let (_, to) = edges[at];
            if changes(&edges[at]) {
                let direction = crossings.found[of_edge[at] as usize].direction.normalize();
                middle.push(direction);
                let mut part = NewPiece::new(self.letter(to));
                part.corners.push(on_side(at, to));
                parts.push(part);
            }
            let Some(part) = parts.last_mut() else { continue };
            part.corners.push(NewCorner::Known(to));
            let next = (at + 1) % edges.len();
            if changes(&edges[next]) {
                part.corners.push(on_side(next, to));
                if let Cut::Star(point) = cut {
                    let inside = self.vertices[to as usize].direction;
                    part.corners.push(NewCorner::Border { direction: point, inside });
                }
            }
        }
        if let Cut::Around(letter) = cut {
            let inside = middle.as_slice().iter().sum::<Vec3>().normalize();
            let corners = middle.as_slice().iter().map(|&direction| NewCorner::Border { direction, inside });
            parts.push(NewPiece { corners: corners.collect(), ..NewPiece::new(letter) });
        }
    }

    /// Tags the edges of the parts of a tube: those along its own edges as these are, and the new ones by the mesh edges
    /// of the crossings where they end.
    fn tag_parts(&self, tube: &Tube, of_edge: &[u32], found: &[Crossing], cut: Cut, parts: &mut [NewPiece]) {
        let interactions = self.sequences[tube.sequence as usize].depth;
        let mixed: Vec<usize> = (0..tube.corners().len()).filter(|&edge| of_edge[edge] != NONE).collect();
        let num_borders = mixed.len();
        for (index, &at) in mixed.iter().enumerate() {
            let next = mixed[(index + 1) % num_borders];
            let [begin, end] = [at, next].map(|edge| &found[of_edge[edge] as usize]);
            let part = &mut parts[index];
            let steps = (next + tube.corners().len() - at) % tube.corners().len();
            for edge in at..=at + steps {
                part.tags.push(self.tags.get(tube.tags, edge % tube.corners().len()));
            }
            let closing = begin.nearer(end).tag(interactions);
            match cut {
                Cut::Straight => {
                    part.tags.push(closing);
                }
                Cut::Star(_) => {
                    part.tags.push(end.tag(interactions));
                    part.tags.push(begin.tag(interactions));
                }
                Cut::Around(letter) => {
                    let closing = if part.letter == letter { Tag::NONE } else { closing };
                    part.tags.push(closing);
                    parts[num_borders].tags.push(closing);
                }
            }
        }
    }

    /// How the lines of a tube's crossings run, where they leave no doubt.
    fn exact_cut<'c>(
        &self,
        tube: &Tube,
        count: usize,
        crossing: impl Fn(usize) -> &'c Crossing,
    ) -> Option<Cut> {
        let corners = tube.corners();
        let at = |corner: usize| self.vertices[corners[corner % corners.len()] as usize].direction;
        let tolerance = CONCURRENT * (at(0) - at(corners.len() / 2)).length();
        let misses = |line: Vec3, point: Vec3| line.dot(point).abs() > tolerance;
        if count == 2 {
            let (one, other) = (crossing(0), crossing(1));
            if !misses(one.line, other.direction) && !misses(other.line, one.direction) {
                return Some(Cut::Straight);
            }
        }
        let pairs = (0..count).flat_map(|i| (0..i).map(move |j| (i, j)));
        let meet = |(i, j): (usize, usize)| crossing(i).line.cross(crossing(j).line);
        let widest = pairs.map(meet).max_by(|a, b| a.length_squared().total_cmp(&b.length_squared()))?;
        if count > 3 || widest.length() < PARALLEL {
            return None;
        }
        let point = widest.normalize() * widest.dot(at(0)).signum();
        let from_first = |corner: usize| at(corner) - at(0);
        let areas = (1..corners.len() - 1).map(|i| from_first(i).cross(from_first(i + 1)));
        let turn = areas.sum::<Vec3>().dot(at(0)).signum();
        let inside = (0..corners.len()).all(|i| turn * at(i).cross(at(i + 1)).dot(point) >= 0.0);
        let concurrent = (0..count).all(|i| !misses(crossing(i).line, point));
        (inside && concurrent).then_some(Cut::Star(point))
    }
}

impl Crossings {
    /// The crossing on an edge among the first so many, unless something else is met there, too.
    fn place_on(&self, edge: (u32, u32), count: usize) -> Option<u32> {
        let at = self.edges[..count].binary_search(&edge).ok()?;
        self.found[at].third.is_none().then_some(at as u32)
    }

    /// What is met on an edge besides what its ends meet, and where.
    fn third(&self, crossing: u32) -> Option<(Vec3, Letter)> {
        if crossing == NONE { None } else { self.found[crossing as usize].third }
    }

    /// Whether a plan is a guess.
    fn is_guess(&self, plan: &Plan, of_edge: &[u32]) -> bool {
        let is_vague = |&crossing: &u32| self.found[crossing as usize].line == Vec3::ZERO;
        match plan {
            Plan::LookAt(_) => true,
            Plan::Cut(_) => on_edges(of_edge).as_slice().iter().any(is_vague),
            _ => false,
        }
    }
}

/// The crossings on the edges of a tube that have one.
fn on_edges(of_edge: &[u32]) -> Corners<u32, MOST_CORNERS> {
    of_edge.iter().copied().filter(|&crossing| crossing != NONE).collect()
}
