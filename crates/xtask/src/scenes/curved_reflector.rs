//! `curved_reflector`: a tessellated spherical mirror above a floor, the start of shape optimisation.

use crate::mesh::{Mesh, Point};
use crate::scene_model::SceneModel;
use crate::shapes::{ground, rectangle};

/// Radius of the sphere, half the side of the square aperture, height of its centre (m).
const RADIUS: f64 = 12.0;
const HALF_APERTURE: f64 = 3.0;
const CENTRE_HEIGHT: f64 = 8.0;
/// Cells along each side of the aperture.
const CELLS: i32 = 24;

/// The mirror's middle is at (0, 0, 8); it looks along +x, and its focus is near (6, 0, 8).
pub fn scene() -> SceneModel {
    let mut scene = SceneModel::new("curved_reflector", "A spherical metal mirror above a floor.")
        .with_material("concrete", 0.1)
        .with_material("metal", 0.01);
    scene.sheet("floor", "concrete", ground(&rectangle([-20.0, -40.0], [60.0, 40.0]), 0.0));
    scene.sheet("reflector", "metal", mirror());
    scene
}

fn mirror() -> Mesh {
    let mut mesh = Mesh::default();
    for row in 0..CELLS {
        for column in 0..CELLS {
            let [a, b, c, d] = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]]
                .map(|[i, j]| point(i, j));
            // The diagonals run towards the middle in all four quarters, so the mesh is as symmetric as the mirror.
            if (2 * row < CELLS) == (2 * column < CELLS) {
                mesh.polygon(&[a, b, c]);
                mesh.polygon(&[a, c, d]);
            } else {
                mesh.polygon(&[a, b, d]);
                mesh.polygon(&[b, c, d]);
            }
        }
    }
    mesh
}

/// A grid corner on the sphere x = R − √(R² − y² − z²).
fn point(column: i32, row: i32) -> Point {
    let [y, z] = [column, row].map(|index| HALF_APERTURE * f64::from(2 * index - CELLS) / f64::from(CELLS));
    [RADIUS - (RADIUS * RADIUS - y * y - z * z).sqrt(), y, CENTRE_HEIGHT + z]
}
