//! Reflecting and transmitting tubes.

use super::afterwards::Afterwards;
use super::chain::ChainPart;
use super::domain::Domain;
use super::draw::Draw;
use super::groups::{Child, Group, Member, members};
use super::layer::Stage;
use super::sequence::{Interaction, Letter, Sequence};
use super::tube::{Tube, Vertex};
use super::world::World;

/// Vertices without a place among those of the next layer.
const NOWHERE: u32 = u32::MAX;

/// Chooses which groups of all domains go on; returns the sequences that they become, and the power of those that were drawn
/// for it.
pub(super) fn choose(stage: &Stage<'_>, domains: &mut [Domain]) -> (Vec<Sequence>, f64) {
    let (mut born, mut drawn) = (Vec::new(), 0.0);
    for (step, interaction) in stage.interactions().enumerate() {
        let ahead = Afterwards::new(interaction, stage);
        let members = members(domains, step);
        let key = |member: &Member| (member.sequence, member.letter);
        let families: Vec<&[Member]> = members.chunk_by(|one, other| key(one) == key(other)).collect();
        let draw = Draw::new(&ahead, &families, (domains, step), stage);
        drawn += draw.power;
        for (family, weight) in families.into_iter().zip(draw.weights) {
            let Some(weight) = weight else { continue };
            let (own, letter) = key(&family[0]);
            let number = (stage.sequences.len() + born.len()) as u32;
            let parent = &stage.sequences[own as usize];
            born.push(parent.followed_by(own, letter, interaction, stage.world.planes, weight));
            for &Member { domain, group, .. } in family {
                let groups = &mut domains[domain as usize].groups[step];
                groups.list[group as usize].child = Some(Child { number, weight });
            }
        }
    }
    (born, drawn)
}

/// A corner of the next layer.
struct Place {
    /// The vertex of this layer.
    old: u32,
    /// What it goes on after.
    letter: Letter,
    interaction: Interaction,
    child: Child,
}

impl Place {
    fn vertex(&self, world: &World<'_>, sequences: &[Sequence], domain: &Domain) -> Vertex {
        let old = &domain.vertices[self.old as usize];
        let sequence = &sequences[old.sequence as usize];
        let share = world.share_of_power(sequence, old.direction, self.letter, self.interaction);
        let chain = old.after(self.interaction);
        Vertex {
            sequence: self.child.number,
            letter: domain.chains.at(chain).letter(),
            chain,
            through: ChainPart::UNKNOWN,
            power: old.power * share * self.child.weight,
            ..*old
        }
    }
}

impl Domain {
    /// Turns the pieces that are followed into the tubes of the next layer, whose stage this is.
    pub fn go_on(&mut self, stage: &Stage<'_>) {
        let mut places = Vec::new();
        let mut place = Vec::new();
        self.tubes.clear();
        for step in &self.groups {
            place.clear();
            place.resize(self.vertices.len(), NOWHERE);
            for &Group { ref pieces, letter, child, .. } in &step.list {
                let Some(child) = child else { continue };
                let all = self.pieces[pieces.clone()].iter().zip(&step.matters[pieces.clone()]);
                for (piece, _) in all.filter(|(_, matters)| **matters) {
                    let mut tube = Tube { sequence: child.number, level: 0, ..piece.tube };
                    for corner in tube.corners.as_mut_slice() {
                        let place = &mut place[*corner as usize];
                        if *place == NOWHERE {
                            *place = places.len() as u32;
                            places.push(Place { old: *corner, letter, interaction: step.interaction, child });
                        }
                        *corner = *place;
                    }
                    self.tubes.push(tube);
                }
            }
        }
        let mut vertices = std::mem::take(&mut self.spare_vertices);
        vertices.clear();
        vertices.extend(places.iter().map(|place| place.vertex(&stage.world, stage.sequences, self)));
        self.spare_vertices = std::mem::replace(&mut self.vertices, vertices);
    }
}
