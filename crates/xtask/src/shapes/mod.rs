//! Shapes from which the scenes are put together.
//!
//! Only sums, products, quotients and square roots are used, which IEEE 754 rounds the same way on every machine;
//! there is no `sin`.

mod footprint;
mod panel;
mod plain;
mod roofed;
mod row;

pub use footprint::{Footprint, Frame, Turn, octagon, rectangle};
pub use panel::{Opening, panel};
pub use plain::{ground, plate, raised_box};
pub use roofed::{courtyard, flat, gabled, hipped, pointed, stepped};
pub use row::{House, row};

use crate::mesh::Mesh;

/// The skin of a body in two parts, which may be made of different materials. It has no face where it stands.
#[derive(Default)]
pub struct Solid {
    /// Upright faces.
    pub walls: Mesh,
    /// All other faces.
    pub roof: Mesh,
}

impl Solid {
    /// Both parts as one mesh.
    pub fn into_mesh(mut self) -> Mesh {
        self.walls.append(&self.roof);
        self.walls
    }

    /// Adds another body that stands apart from this one, or on top of it.
    pub fn append(&mut self, other: &Self) {
        self.walls.append(&other.walls);
        self.roof.append(&other.roof);
    }
}
