//! The map of a coverage by other means, on the host: paths through their points of reflection, borders through the
//! shadows of both ends of an edge.

use emberwave_kernels::FACE;
use emberwave_physics::constants::SPEED_OF_LIGHT;
use emberwave_physics::{
    Complex, Field, Incidence, Polarization, PolarizationModel, Radiator, rotation_matrix, slab_coefficients,
};
use glam::{DMat3, DVec3};

use super::case::{Case, MATERIALS, ORIENTATION, Placement, WAVENUMBER};

/// Something in a cell.
#[derive(Clone, Copy, Debug)]
struct Deposit {
    cell: usize,
    weight: f64,
    length: f64,
    arrival: DVec3,
    departure: DVec3,
}

/// The channels, one after the other, with everything at `at`; borders were found, and are weighed, at `before`.
pub fn map(case: &Case, at: &Placement, before: &Placement) -> Vec<f64> {
    let fragments = case.fragments.iter().map(|&([sequence, cell], [share, x, y])| {
        let point = at.point(case, [x, y].map(f64::from));
        deposit(case, at, sequence, cell, point, f64::from(share) * case.cell_area)
    });
    let borders = case.borders.iter().map(|border| {
        let ([sequence, cell, ..], [x, y, ..]) = border;
        let point = before.point(case, [*x, *y].map(f64::from));
        let swept = swept(case, at, border) - swept(case, before, border);
        deposit(case, before, *sequence, *cell, point, swept)
    });
    channels(fragments.chain(borders).collect(), case.num_cells())
}

/// The path by the image method, as points from the source to `point`.
fn path(case: &Case, at: &Placement, sequence: u32, point: DVec3) -> Vec<DVec3> {
    let codes = case.codes(sequence);
    let mut images = vec![at.source];
    for &code in &codes {
        let image = images[images.len() - 1];
        images.push(if code & 1 == 1 { mirror(at.plane(case, code >> 1), image) } else { image });
    }
    let mut points = vec![point];
    for (index, &code) in codes.iter().enumerate().rev() {
        let (normal, offset) = at.plane(case, code >> 1);
        let (end, image) = (points[points.len() - 1], images[index + 1]);
        let part = (offset - normal.dot(end)) / normal.dot(image - end);
        points.push(end + (image - end) * part);
    }
    points.push(at.source);
    points.reverse();
    points
}

fn mirror((normal, offset): (DVec3, f64), point: DVec3) -> DVec3 {
    point - 2.0 * (normal.dot(point) - offset) * normal
}

fn deposit(case: &Case, at: &Placement, sequence: u32, cell: u32, point: DVec3, area: f64) -> Deposit {
    let points = path(case, at, sequence, point);
    let ways: Vec<DVec3> = points.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let length: f64 = ways.iter().map(|way| way.length()).sum();
    let directions: Vec<DVec3> = ways.iter().map(|way| way.normalize()).collect();
    let rotation = rotation_matrix(ORIENTATION);
    let radiator = Radiator::with_rotation(case.pattern, Polarization::V, PolarizationModel::Two, rotation);
    let mut field = Field::from_real(radiator.field(directions[0].to_array()));
    for (direction, code) in directions.iter().zip(case.codes(sequence)) {
        let [re, im, thickness, scattering] = MATERIALS[case.materials[(code >> 1) as usize] as usize];
        let normal = at.plane(case, code >> 1).0;
        let incidence = Incidence::new(direction.to_array(), normal.to_array());
        let in_wavelengths = thickness * WAVENUMBER / std::f64::consts::TAU;
        let slab = slab_coefficients(Complex::new(re, im), incidence.cos_theta, in_wavelengths);
        field = match code & 1 {
            1 => incidence.reflect(&field, &slab).scale((1.0 - scattering * scattering).sqrt()),
            _ => incidence.transmit(&field, &slab),
        };
    }
    let spread = 4.0 * std::f64::consts::PI * length * length;
    let weight = f64::from(case.weights[sequence as usize]) * area * field.norm_sqr() / spread;
    let arrival = -directions[directions.len() - 1];
    Deposit { cell: cell as usize, weight, length, arrival, departure: directions[0] }
}

/// How far a border lies outwards of its middle, times its length \[m²\].
fn swept(case: &Case, at: &Placement, &(bound, line): &([u32; 5], [f32; 4])) -> f64 {
    let [x, y, along_x, along_y] = line.map(f64::from);
    let [first, second] = match bound[2] {
        FACE => trace(case, at, bound[3]),
        _ => shadow(case, at, bound),
    };
    // Outwards is to the right; where middle + part·(along_y, −along_x) is on the line through both points.
    let (to_x, to_y) = (second[0] - first[0], second[1] - first[1]);
    let part = ((first[0] - x) * to_y - (first[1] - y) * to_x) / (along_y * to_y + along_x * to_x);
    part * (along_x * along_x + along_y * along_y) * case.cell_area
}

/// Where the lines from the source through both ends of an edge meet the surface, in cells: the surface is taken back to the
/// space in which the edge is.
fn shadow(case: &Case, at: &Placement, [sequence, _, interactions, a, b]: [u32; 5]) -> [[f64; 2]; 2] {
    let codes = case.codes(sequence);
    let (earlier, later) = codes.split_at(interactions as usize);
    let reflecting = |codes: &[u32]| -> Vec<(DVec3, f64)> {
        codes.iter().filter(|&code| code & 1 == 1).map(|code| at.plane(case, code >> 1)).collect()
    };
    let source = reflecting(earlier).into_iter().fold(at.source, |point, plane| mirror(plane, point));
    let back =
        |point: DVec3| reflecting(later).into_iter().rev().fold(point, |point, plane| mirror(plane, point));
    let [corner, x, y] = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]].map(|cells| back(at.point(case, cells)));
    [a, b].map(|vertex| {
        let towards = at.vertices[vertex as usize] - source;
        let cells = DMat3::from_cols(x - corner, y - corner, -towards).inverse() * (source - corner);
        [cells.x, cells.y]
    })
}

/// Two points of the line in which a triangle's plane meets the surface, in cells.
fn trace(case: &Case, at: &Placement, triangle: u32) -> [[f64; 2]; 2] {
    let (normal, offset) = at.plane(case, triangle);
    let [corner, x, y] = at.cells(case);
    let [height, by_x, by_y] = [offset - normal.dot(corner), normal.dot(x), normal.dot(y)];
    let foot = height / (by_x * by_x + by_y * by_y);
    [[foot * by_x, foot * by_y], [foot * by_x - by_y, foot * by_y + by_x]]
}

/// A quantity of which maps hold moments.
type Value = fn(&Deposit) -> DVec3;

fn channels(deposits: Vec<Deposit>, num_cells: usize) -> Vec<f64> {
    let sum = |cell: usize, of: &dyn Fn(&Deposit) -> f64| -> f64 {
        deposits
            .iter()
            .filter(|deposit| deposit.cell == cell)
            .map(|deposit| deposit.weight * of(deposit))
            .sum()
    };
    let powers: Vec<f64> = (0..num_cells).map(|cell| sum(cell, &|_| 1.0)).collect();
    let quantities: [(usize, Value); 3] = [
        (1, |deposit| DVec3::X * (deposit.length / SPEED_OF_LIGHT)),
        (3, |deposit| deposit.arrival),
        (3, |deposit| deposit.departure),
    ];
    let mut channels = vec![powers.clone()];
    for (columns, value) in quantities {
        let mean = |cell: usize| {
            DVec3::from_array([0, 1, 2].map(|axis| sum(cell, &|deposit| value(deposit)[axis]) / powers[cell]))
        };
        let means: Vec<DVec3> = (0..num_cells).map(mean).collect();
        channels.extend((0..columns).map(|axis| means.iter().map(|mean| mean[axis]).collect()));
        let variance = |cell: usize| {
            sum(cell, &|deposit| (value(deposit) - means[cell]).length_squared()) / powers[cell]
        };
        channels.push((0..num_cells).map(variance).collect());
    }
    channels.concat()
}
