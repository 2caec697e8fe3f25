//! Cutting tubes along the borders between planes, as planned (`plan`).

use glam::Vec3;

use super::crossing::{Crossing, MixedEdge, SearchEffort};
use super::insert::Inserted;
use super::layer::Layer;
use super::pieces::{Crossings, NONE, NewCorner, NewPiece, join_middle};
use super::plan::{Cut, Plan};
use super::polygon::{Corners, MOST_CORNERS};
use super::rays::Probe;
use super::sequence::{Letter, MISS};
use super::split::{EdgeUse, sorted_edges};
use super::tag::Tag;
use super::tube::{Piece, Tube, Vertex};

impl Layer<'_> {
    /// Cuts the tubes where their borders are clear, and adds the others to `split`.
    pub fn resolve(&mut self, mixed: &[Tube], split: &mut Vec<Tube>) {
        let mut crossings = Crossings::default();
        let inserted = self.resolve_some(mixed, true, &mut crossings, split);
        self.note_borders(&inserted, &mut crossings);
        self.resolve_some(&inserted.tubes, false, &mut crossings, split);
    }

    /// The same; where that is wanted, leaves along whose edges something else is met than at their ends are returned
    /// with corners there. Crossings that are known are not sought again.
    fn resolve_some(
        &mut self,
        mixed: &[Tube],
        insert: bool,
        crossings: &mut Crossings,
        split: &mut Vec<Tube>,
    ) -> Inserted {
        let rough: Vec<bool> = mixed.iter().map(|tube| self.is_rough(tube)).collect();
        self.cross(mixed, &rough, insert, crossings);
        let crossings = &*crossings;
        let plan = |(index, tube): (usize, &Tube)| {
            self.plan(tube, crossings.of_tube(index), &crossings.found, rough[index])
        };
        let mut plans: Vec<Plan> = mixed.iter().enumerate().map(plan).collect();
        self.look_into_fans(mixed, &mut plans, crossings);
        let inserted = if insert {
            self.insert_corners(mixed, &rough, &mut plans, crossings)
        } else {
            Inserted::default()
        };
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
        crossings.of_edge.clear();
        crossings.of_edge.resize(tubes.len() * MOST_CORNERS, NONE);
        let (mut edges, mut sought) = (Vec::new(), Vec::new());
        for same in uses.chunk_by(|one, other| one.0 == other.0) {
            let (a, b) = same[0].0;
            let known = crossings.place_on((a, b));
            let number = known.unwrap_or((crossings.found.len() + sought.len()) as u32);
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
            sought.push((a, b));
        }
        let (found, rays) = self.world.cross(self.sequences, &edges, self.options.borders);
        self.effort.rays += rays;
        let vertices = sought.iter().zip(&found).map(|(&ends, found)| self.add_on_both_sides(ends, found));
        crossings.vertices.extend(vertices);
        crossings.found.extend(found);
        if crossings.edges.is_empty() {
            crossings.edges = sought;
        }
    }

    /// Adds the vertices on both sides of a crossing between the ends of an edge; returns the first.
    pub fn add_on_both_sides(&mut self, (a, b): (u32, u32), crossing: &Crossing) -> u32 {
        let first = self.vertices.len() as u32;
        let direction = crossing.direction.normalize();
        let is_on_rim = [a, b].iter().all(|end| self.vertices[*end as usize].is_on_rim);
        for end in [a, b] {
            let inside = &self.vertices[end as usize];
            let vertex = Vertex::on_border(direction, inside, inside.letter);
            self.add(Vertex { is_on_rim, ..vertex });
        }
        first
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
}
