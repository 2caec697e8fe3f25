//! The hall: two transmitters, a screen, a metal reflector below the ceiling, and the plane that it lights.

use burn::tensor::{Tensor, TensorData};
use emberwave::formats::{
    MaterialDescription, ObjectDescription, ScatteringPatternDescription, SceneDescription,
};
use emberwave::geometry::TriangleMesh;
use emberwave::prelude::*;

/// Quads along each side of the reflector, half its side \[m\], radius of the sphere it is cut from \[m\].
pub const QUADS: usize = 12;
pub const HALF_SIDE: f64 = 2.5;
const RADIUS: f64 = 10.0;
/// Height of the reflector's frame \[m\].
pub const HEIGHT: f64 = 8.0;

/// Share of what an isotropic antenna sends that reaches every cell from either transmitter by ways that are
/// not traced (over the screen, scattered): −90 dB. It keeps the ratio finite where the reflector lights nothing.
pub const BACKGROUND: f64 = 1e-9;

/// Where a map is measured: 4 m × 4 m, 1 m above the floor, in cells of 0.25 m.
pub fn plane() -> MeasurementPlane {
    MeasurementPlane::new([8.0, 0.0, 1.0], [4.0, 4.0], [0.25, 0.25])
}

/// By how much a row of vertices is shifted along x \[m\]: a quarter of a quad, to and fro, so that triangles are
/// close to equilateral and no two neighbours on a sphere are close to one plane.
pub fn shift(row: usize) -> f64 {
    let quarter = 0.5 * HALF_SIDE / QUADS as f64;
    if row.is_multiple_of(2) { -quarter } else { quarter }
}

/// Where a vertex is along a row before it is shifted, or along a column \[m\].
fn place(index: usize, half: f64) -> f64 {
    half * (2.0 * index as f64 / QUADS as f64 - 1.0)
}

/// Vertices of the reflector from the middle of its frame \[m\]: a dome that bulges down, its corners at 0.
pub fn dome() -> Vec<[f64; 3]> {
    let depth = |x: f64, y: f64| (RADIUS * RADIUS - x * x - y * y).sqrt();
    let vertex = |x, y| [x, y, depth(HALF_SIDE, HALF_SIDE) - depth(x, y)];
    let row = |row: usize| {
        let y = place(row, HALF_SIDE);
        (0..=QUADS).map(move |column| vertex(place(column, HALF_SIDE + shift(0)) + shift(row), y))
    };
    (0..=QUADS).flat_map(row).collect()
}

/// Two triangles a quad, along its shorter diagonal.
fn triangles() -> Vec<[u32; 3]> {
    let quad = |row: usize, column: usize| {
        let at = |row: usize, column: usize| (row * (QUADS + 1) + column) as u32;
        let [a, b, c, d] =
            [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
        if row.is_multiple_of(2) { [[a, b, d], [b, c, d]] } else { [[a, b, c], [a, c, d]] }
    };
    (0..QUADS).flat_map(|row| (0..QUADS).flat_map(move |column| quad(row, column))).collect()
}

/// A vertical screen between the transmitters and the plane, 3 m high.
fn screen() -> TriangleMesh {
    let vertices = [[3.0, -12.0, 0.0], [3.0, 12.0, 0.0], [3.0, 12.0, 3.0], [3.0, -12.0, 3.0]];
    TriangleMesh { vertices: vertices.map(Into::into).into(), triangles: vec![[0, 1, 2], [0, 2, 3]] }
}

/// The hall with the dome in it; the reflector's vertices come first. Nothing else reflects.
pub fn scene(device: &Device) -> Result<Scene> {
    let metal = MaterialDescription {
        name: "metal".into(),
        permittivity: Permittivity::Itu { class: "metal".into() },
        thickness: 0.01,
        scattering_coefficient: 0.0,
        xpd_coefficient: 0.0,
        scattering_pattern: ScatteringPatternDescription::default(),
    };
    let vertices = dome().into_iter().map(|[x, y, z]| [x as f32, y as f32, (HEIGHT + z) as f32].into());
    let reflector = TriangleMesh { vertices: vertices.collect(), triangles: triangles() };
    let object = |id: &str, mesh| ObjectDescription { id: id.into(), mesh, material: 0 };
    let description = SceneDescription {
        path: "reflector_shape".into(),
        objects: vec![object("reflector", reflector), object("screen", screen())],
        materials: vec![metal],
        warnings: Vec::new(),
    };
    Ok(Scene::from_description(description, device)?
        .with_frequency(3.5e9)
        .with_transmitter(Transmitter::new("serving", [-7.0, -2.0, 1.5]))
        .with_transmitter(Transmitter::new("interfering", [-8.0, 3.0, 1.5])))
}

/// Signal to interference in every cell \[dB\], `[num_cells_y, num_cells_x]`, both with the background.
pub fn sir_db(map: &RadioMap) -> Tensor<2> {
    let level = |tx: usize| map.path_gain().narrow(0, tx, 1).squeeze_dim::<2>(0).add_scalar(BACKGROUND).log();
    (level(0) - level(1)).mul_scalar(10.0 / std::f64::consts::LN_10)
}

/// A tensor of numbers in single precision.
pub fn tensor<const D: usize>(values: &[f64], shape: [usize; D], device: &Device) -> Tensor<D> {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}
