//! Truth for gradients of radio maps in f64: exact visibility by polygons, Gauss–Legendre inside them.
//!
//! A map is g_i = (1/|C_i|) ∫_{C_i} Σ_paths ‖E(s)‖² ds, without the factor (λ/4π)²: the caller multiplies.
//! Paths are chains of specular reflections and straight transmissions; at every triangle that a path meets
//! it is reflected or transmitted, or, without transmissions, blocked. The powers of the paths are added.
//!
//! For each chain of reflectors the measurement plane is cut into the convex polygons in which the paths meet
//! the same triangles ([`chain`]), and these along the borders of the cells. The integrand is analytic in
//! each piece, so that a few points per piece are exact to many digits and so is the objective's dependence
//! on moving shadow borders: it is continuously differentiable except where a border of a shadow is parallel
//! to and crosses a border of cells with different weights.

#![allow(dead_code)] // each test uses a part of it

#[cfg(test)]
mod brute_force;
pub mod chain;
#[cfg(test)]
mod checks;
pub mod field;
pub mod gradient;
pub mod polygon;
pub mod scenes;
pub mod world;

pub use gradient::Param;
#[cfg(test)]
use gradient::gradient;
pub use polygon::Quadrature;
pub use world::{Plane, Slab, Source, World};

use chain::Chain;
use field::Medium;
use polygon::{HalfPlane, Polygon};

impl Default for Quadrature {
    /// Five points in each direction on every cell.
    fn default() -> Self {
        Self::new(5, 1)
    }
}

/// Σ_i weight(i) g_i.
pub fn objective(world: &World, weight: &dyn Fn(usize) -> f64) -> f64 {
    objective_by(world, weight, &Quadrature::default())
}

/// [`objective`] with a rule of the caller's choice.
pub fn objective_by(world: &World, weight: &dyn Fn(usize) -> f64, rule: &Quadrature) -> f64 {
    map_by(world, rule).iter().enumerate().map(|(cell, g)| weight(cell) * g).sum()
}

/// The map g_i, cell (i, j) at j·nx + i.
pub fn map(world: &World) -> Vec<f64> {
    map_by(world, &Quadrature::default())
}

/// [`map`] with a rule of the caller's choice.
pub fn map_by(world: &World, rule: &Quadrature) -> Vec<f64> {
    let medium = Medium::new(world);
    let mut cells = vec![0.0; world.plane.num_cells()];
    let mut reflectors = Vec::new();
    add_chains(world, &medium, rule, &mut reflectors, &mut cells);
    cells
}

/// Adds the paths of this chain of reflectors and of all that continue it.
fn add_chains(
    world: &World,
    medium: &Medium,
    rule: &Quadrature,
    reflectors: &mut Vec<usize>,
    cells: &mut [f64],
) {
    let left = world.max_depth - reflectors.len();
    let chain = Chain::new(world, reflectors);
    for piece in chain.lit(if world.refraction { left } else { 0 }) {
        if reflectors.is_empty() && piece.transmissions.is_empty() && !world.los {
            continue;
        }
        let power = |uv: [f64; 2]| medium.power(&chain, &piece.transmissions, world.plane.point(uv));
        add_polygon(world, rule, &piece.polygon, &power, cells);
    }
    if left == 0 || !world.reflection {
        return;
    }
    for triangle in 0..world.triangles.len() {
        // The next reflection is never at the same triangle, but may be at a later one.
        if reflectors.last() != Some(&triangle) {
            reflectors.push(triangle);
            add_chains(world, medium, rule, reflectors, cells);
            reflectors.pop();
        }
    }
}

/// Adds ∫ power over the parts of a polygon in each cell, in units of a cell's area.
fn add_polygon(
    world: &World,
    rule: &Quadrature,
    polygon: &Polygon,
    power: &impl Fn([f64; 2]) -> f64,
    cells: &mut [f64],
) {
    let [nx, _] = world.plane.cells;
    for (row, strip) in strips(polygon, 1, rule.splits) {
        for (column, part) in strips(&strip, 0, rule.splits) {
            cells[row * nx + column] += rule.integrate(&part, power);
        }
    }
}

/// Cuts a polygon at the multiples of 1/splits of a coordinate; each part with the cell it is in.
fn strips(polygon: &Polygon, axis: usize, splits: usize) -> Vec<(usize, Polygon)> {
    let (low, high) = polygon.extent(axis);
    let first = (low * splits as f64 + 1e-9).floor().max(0.0) as usize;
    let end = (high * splits as f64 - 1e-9).ceil() as usize;
    let part = |i: usize| {
        let above = HalfPlane::on_axis(axis, i as f64 / splits as f64, true);
        let below = HalfPlane::on_axis(axis, (i + 1) as f64 / splits as f64, false);
        // The outer parts keep what rounding has put beyond the border.
        let part = if i == first { polygon.clone() } else { polygon.clip(above) };
        (i / splits, if i + 1 >= end { part } else { part.clip(below) })
    };
    (first..end).map(part).filter(|(_, part)| !part.is_empty()).collect()
}
