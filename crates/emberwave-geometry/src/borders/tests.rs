//! The flux over sampled borders against finite differences of what is reached, integrated line by line.

use glam::{DVec3, Vec3};

use super::*;
use crate::tubes::{PlaneSet, Surface};
use crate::{Bound, Bvh, Hit};

const HALF_WIDTH: f64 = 5.0;

/// A mesh with an emitter, and how both move.
#[derive(Clone, Debug)]
struct Model {
    vertices: Vec<DVec3>,
    triangles: Vec<[u32; 3]>,
    emitter: DVec3,
}

impl Model {
    fn quads(emitter: [f64; 3], quads: &[[[f64; 3]; 4]]) -> Self {
        let mut model = Self { vertices: Vec::new(), triangles: Vec::new(), emitter: DVec3::from(emitter) };
        for quad in quads {
            let first = model.vertices.len() as u32;
            model.vertices.extend(quad.map(DVec3::from));
            model.triangles.extend([[first, first + 1, first + 2], [first, first + 2, first + 3]]);
        }
        model.rounded()
    }

    /// A house of four walls and a roof: centre, half of its sizes, height of foot and roof, angle; a floor
    /// if wanted.
    fn with_house(mut self, [x, y, along, across, foot, roof, angle]: [f64; 7], floor: bool) -> Self {
        let first = self.vertices.len() as u32;
        let (sin, cos) = angle.sin_cos();
        for z in [foot, roof] {
            for (u, v) in [(-along, -across), (along, -across), (along, across), (-along, across)] {
                self.vertices.push(DVec3::new(x + u * cos - v * sin, y + u * sin + v * cos, z));
            }
        }
        let mut quads = vec![[0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7], [4, 5, 6, 7]];
        if floor {
            quads.push([0, 1, 2, 3]);
        }
        for [a, b, c, d] in quads {
            self.triangles.extend([[a, b, c], [a, c, d]].map(|triangle| triangle.map(|v| first + v)));
        }
        self.rounded()
    }

    fn rounded(mut self) -> Self {
        self.vertices.iter_mut().for_each(|vertex| *vertex = vertex.as_vec3().as_dvec3());
        self.emitter = self.emitter.as_vec3().as_dvec3();
        self
    }

    fn plane(&self, triangle: u32) -> (DVec3, f64) {
        let [a, b, c] = self.triangles[triangle as usize].map(|v| self.vertices[v as usize]);
        let normal = (b - a).cross(c - a).normalize();
        (normal, normal.dot(a))
    }

    fn mirrored(&self, point: DVec3, steps: &[(u32, bool)]) -> DVec3 {
        steps.iter().filter(|step| step.1).fold(point, |point, step| {
            let (normal, offset) = self.plane(step.0);
            point - 2.0 * (normal.dot(point) - offset) * normal
        })
    }

    /// Where a line meets a triangle, from 0 at its beginning to 1 at its end.
    fn meets(&self, triangle: u32, from: DVec3, to: DVec3) -> Option<f64> {
        let corners = self.triangles[triangle as usize].map(|v| self.vertices[v as usize]);
        let (normal, offset) = self.plane(triangle);
        let at = (offset - normal.dot(from)) / normal.dot(to - from);
        let point = from + (to - from) * at;
        let inside = (0..3).all(|side| {
            let (a, b) = (corners[side], corners[(side + 1) % 3]);
            (b - a).cross(point - a).dot(normal) >= 0.0
        });
        (inside && at.is_finite()).then_some(at)
    }

    /// Whether a point is reached along a sequence.
    fn reaches(&self, steps: &[(u32, bool)], point: DVec3) -> bool {
        let mut target = point;
        for depth in (0..=steps.len()).rev() {
            let image = self.mirrored(self.emitter, &steps[..depth]);
            let start = match depth {
                0 => self.emitter,
                _ => match self.meets(steps[depth - 1].0, image, target) {
                    Some(at) if at > 0.0 && at < 1.0 => image + (target - image) * at,
                    _ => return false,
                },
            };
            let is_blocked = (0..self.triangles.len() as u32).any(|triangle| {
                self.meets(triangle, start, target).is_some_and(|at| at > 1e-9 && at < 1.0 - 1e-9)
            });
            if is_blocked || depth > 0 && !self.is_on_right_side(steps[depth - 1], image, start, target) {
                return false;
            }
            target = start;
        }
        true
    }

    /// An image source is behind its mirror.
    fn is_on_right_side(&self, step: (u32, bool), image: DVec3, start: DVec3, target: DVec3) -> bool {
        step.1 || (target - start).dot(start - image) > 0.0
    }

    /// All sequences of at most so many interactions.
    fn sequences(&self, depth: usize, events: &[bool]) -> Vec<Vec<(u32, bool)>> {
        let mut all = vec![Vec::new()];
        let mut last = all.clone();
        for _ in 0..depth {
            let mut next = Vec::new();
            for sequence in &last {
                for triangle in 0..self.triangles.len() as u32 {
                    for &event in events {
                        if sequence.last().is_none_or(|&(previous, _)| previous != triangle) {
                            let mut longer: Vec<(u32, bool)> = sequence.clone();
                            longer.push((triangle, event));
                            next.push(longer);
                        }
                    }
                }
            }
            all.extend(next.iter().cloned());
            last = next;
        }
        all
    }

    /// Integral over the plane z = 0 of what is reached along all sequences.
    fn total(&self, sequences: &[Vec<(u32, bool)>]) -> f64 {
        let (rows, columns) = (800, 200);
        let height = 2.0 * HALF_WIDTH / f64::from(rows);
        sequences
            .par_iter()
            .map(|steps| {
                let of_row = |row| self.row(steps, -HALF_WIDTH + (f64::from(row) + 0.5) * height, columns);
                height * (0..rows).map(of_row).sum::<f64>() * amplitude(steps)
            })
            .sum()
    }

    fn row(&self, steps: &[(u32, bool)], y: f64, columns: u32) -> f64 {
        let lit = |x: f64| self.reaches(steps, DVec3::new(x, y, 0.0));
        let at = |column| -HALF_WIDTH + 2.0 * HALF_WIDTH * f64::from(column) / f64::from(columns);
        let (mut sum, mut is_lit) = (0.0, lit(at(0)));
        let primitive = |x: f64| x - 0.5 * x.cos() + 0.3 * x * (1.3 * y).cos();
        if is_lit {
            sum -= primitive(at(0));
        }
        for column in 0..columns {
            let (mut low, mut high) = (at(column), at(column + 1));
            if lit(high) == is_lit {
                continue;
            }
            while high - low > 1e-10 {
                let middle = 0.5 * (low + high);
                *(if lit(middle) == is_lit { &mut low } else { &mut high }) = middle;
            }
            sum += primitive(low) * if is_lit { 1.0 } else { -1.0 };
            is_lit = !is_lit;
        }
        if is_lit { sum + primitive(at(columns)) } else { sum }
    }

    fn moved(&self, motion: &Motion, by: f64) -> Self {
        let mut moved = self.clone();
        moved.emitter += motion.emitter * by;
        for (vertex, velocity) in moved.vertices.iter_mut().zip(&motion.vertices) {
            *vertex += *velocity * by;
        }
        moved
    }
}

/// What is integrated over the plane.
fn density(point: DVec3) -> f64 {
    1.0 + 0.5 * point.x.sin() + 0.3 * (1.3 * point.y).cos()
}

/// By what paths of a sequence are multiplied: different for each.
fn amplitude(steps: &[(u32, bool)]) -> f64 {
    steps
        .iter()
        .enumerate()
        .map(|(depth, step)| 0.6 + 0.05 * f64::from(step.0) + 0.1 * depth as f64 * f64::from(step.1))
        .product()
}

#[derive(Clone, Debug)]
struct Motion {
    emitter: DVec3,
    vertices: Vec<DVec3>,
}

impl Motion {
    fn of_emitter(emitter: [f64; 3], model: &Model) -> Self {
        Self { emitter: DVec3::from(emitter), vertices: vec![DVec3::ZERO; model.vertices.len()] }
    }

    fn of_vertices(model: &Model, velocity: impl Fn(usize, DVec3) -> DVec3) -> Self {
        let vertices = model.vertices.iter().enumerate().map(|(index, &v)| velocity(index, v)).collect();
        Self { emitter: DVec3::ZERO, vertices }
    }
}

fn steps_of(samples: &SampledBorders, mut sequence: u32) -> Vec<(u32, bool)> {
    let mut steps = Vec::new();
    while sequence != 0 {
        let step = samples.steps[sequence as usize];
        assert!(step.parent < sequence && step.triangle != Hit::MISS);
        steps.push((step.triangle, step.reflected));
        sequence = step.parent;
    }
    steps.reverse();
    steps
}

/// How fast what is reached grows over a border.
fn flux(model: &Model, motion: &Motion, surface: &Surface, border: &Border, steps: &[(u32, bool)]) -> f64 {
    const BY: f64 = 1e-5;
    let both = [BY, -BY].map(|by| model.moved(motion, by));
    let rate = |of: &dyn Fn(&Model) -> DVec3| (of(&both[0]) - of(&both[1])) / (2.0 * BY);
    let size = 2.0 * HALF_WIDTH / f64::from(surface.num_cells[0]);
    let [x, y] = border.middle.map(|c| f64::from(c) * size - HALF_WIDTH);
    let [gx, gy] = border.along.map(|c| f64::from(c) * size);
    let (s, g, n) = (DVec3::new(x, y, 0.0), DVec3::new(gx, gy, 0.0), DVec3::Z);
    let outwards = g.cross(n);
    match border.bound {
        Bound::Edge { interactions, vertices } => {
            let image = |model: &Model| model.mirrored(model.emitter, steps);
            let later = &steps[interactions as usize..];
            let ends = |model: &Model| vertices.map(|v| model.mirrored(model.vertices[v as usize], later));
            let ([a, b], source) = (ends(model), image(model));
            // The point of the edge's line in the plane of the source and the surface's point.
            let across = (b - a).cross(s - source).cross(s - source);
            let share = (source - a).dot(across) / (b - a).dot(across);
            let p = a + (b - a) * share;
            let d = (s - source).normalize();
            assert!((p - source).cross(d).length() < 2e-4, "{border:?} {steps:?}");
            assert!((-1e-3..1.001).contains(&share), "{share} {border:?}");
            let tau = (s - source).length() / (p - source).length();
            let point = |model: &Model| {
                let [a, b] = ends(model);
                a + (b - a) * share
            };
            let velocity = rate(&image) * (1.0 - tau) + rate(&point) * tau;
            velocity.dot(outwards - n * (d.dot(outwards) / n.dot(d)))
        }
        Bound::Face { triangle } => foot_flux(model, &both, triangle, s, outwards, 2.0 * BY),
    }
}

/// The same where a triangle stands in the surface; both models are apart by `apart`.
fn foot_flux(model: &Model, both: &[Model; 2], triangle: u32, s: DVec3, outwards: DVec3, apart: f64) -> f64 {
    let of = |model: &Model| {
        let (normal, offset) = model.plane(triangle);
        (offset - normal.dot(s)) / normal.dot(outwards)
    };
    assert!(of(model).abs() * outwards.length() < 1e-4, "not on the foot");
    (of(&both[0]) - of(&both[1])) / apart * outwards.length_squared()
}

fn surface() -> Surface {
    let (corner, width) = (Vec3::new(-HALF_WIDTH as f32, -HALF_WIDTH as f32, 0.0), 2.0 * HALF_WIDTH as f32);
    Surface::new(corner, Vec3::X * width, Vec3::Y * width, [40, 40], 0)
}

fn sample(model: &Model, options: BorderOptions, planes: Option<&[u32]>) -> SampledBorders {
    sample_lines(model, options, planes, 0..options.num_lines())
}

fn sample_lines(
    model: &Model,
    options: BorderOptions,
    planes: Option<&[u32]>,
    lines: Range<u64>,
) -> SampledBorders {
    let vertices: Vec<Vec3> = model.vertices.iter().map(|v| v.as_vec3()).collect();
    let scene = BorderScene {
        bvh: &Bvh::build(&vertices, &model.triangles),
        vertices: &vertices,
        triangles: &model.triangles,
        planes,
        surfaces: &[surface()],
        probability_of_reflection: &|triangle| 0.3 + 0.1 * triangle as f32,
    };
    BorderSampler::new(scene, options, model.emitter.as_vec3(), 0).sample(lines)
}

fn options(lines: u32, max_depth: u32) -> BorderOptions {
    BorderOptions { max_depth, steps: lines, ..BorderOptions::with_lines(lines) }
}

/// The derivative along motions must be met within three standard errors, which must be below a share of it.
fn check(name: &str, model: &Model, options: BorderOptions, seeds: u64, motions: &[Motion]) {
    let events: &[bool] = match (options.reflection, options.transmission) {
        (true, true) => &[true, false],
        (reflection, _) => &[reflection],
    };
    let sequences = model.sequences(options.max_depth as usize, events);
    let all: Vec<SampledBorders> =
        (0..seeds).map(|seed| sample(model, BorderOptions { seed, ..options }, None)).collect();
    let mut effort = Effort::default();
    all.iter().for_each(|samples| effort += samples.effort);
    for motion in motions {
        let expected = [0.02, -0.02].map(|by| model.moved(motion, by).total(&sequences));
        let expected = (expected[0] - expected[1]) / 0.04;
        let estimates: Vec<f64> = all.iter().map(|samples| estimate(model, motion, samples)).collect();
        let mean = estimates.iter().sum::<f64>() / seeds as f64;
        let squares = estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>();
        let error = (squares / (seeds * (seeds - 1)) as f64).sqrt();
        let (z, share) = ((mean - expected) / error, error / expected.abs());
        println!(
            "{name}: expected {expected:.5}, mean {mean:.5} ± {error:.5} ({:.2} %), z = {z:.2}; {effort:?}",
            100.0 * share
        );
        assert!((mean - expected).abs() < 3.0 * error + 5e-3 * expected.abs(), "{mean} for {expected}");
        assert!(share < 0.02, "{share}");
    }
    assert_eq!(effort.seams, 0);
    assert!(effort.unresolved * 1000 <= effort.discontinuities, "{effort:?}");
}

fn estimate(model: &Model, motion: &Motion, samples: &SampledBorders) -> f64 {
    let of_sample = |sample: &SampledBorder| {
        let steps = steps_of(samples, sample.border.sequence);
        let [x, y] = sample.border.middle.map(|c| f64::from(c) * 0.25 - HALF_WIDTH);
        let factor = amplitude(&steps) * density(DVec3::new(x, y, 0.0)) * f64::from(sample.weight);
        flux(model, motion, &surface(), &sample.border, &steps) * factor
    };
    samples.borders.iter().map(of_sample).sum()
}

const SCREEN: [[f64; 3]; 4] = [[-1.1, -0.8, 1.2], [0.9, -1.0, 1.1], [1.2, 0.9, 1.3], [-0.9, 1.1, 1.4]];
const MIRROR: [[f64; 3]; 4] = [[3.0, -2.3, 0.4], [3.4, 2.1, 0.6], [2.7, 2.0, 3.1], [2.4, -2.2, 2.8]];
const WALL: [[f64; 3]; 4] = [[-2.5, 1.5, -0.5], [1.5, 2.2, -0.6], [1.4, 1.7, 1.9], [-2.4, 0.9, 1.6]];

fn wobble(index: usize, vertex: DVec3) -> DVec3 {
    let phase = 1.7 * index as f64 + vertex.x;
    DVec3::new(1.0 + 0.1 * phase.sin(), -0.6 + 0.1 * (1.3 * phase).cos(), 0.7 + 0.1 * (2.1 * phase).sin())
}

#[test]
fn a_screen_casts_a_shadow() {
    let model = Model::quads([0.3, -0.4, 3.1], &[SCREEN]);
    let motions = [
        Motion::of_emitter([1.0, 0.3, 0.2], &model),
        Motion::of_emitter([0.0, 0.0, 1.0], &model),
        Motion::of_vertices(&model, |index, v| if index < 2 { wobble(index, v) } else { DVec3::ZERO }),
    ];
    check("screen", &model, options(128, 0), 16, &motions);
}

#[test]
fn a_mirror_ends_at_its_edges() {
    let model = Model::quads([-0.3, 0.4, 4.2], &[MIRROR]);
    let motions = [Motion::of_emitter([0.4, 1.0, 0.3], &model), Motion::of_vertices(&model, wobble)];
    check("mirror", &model, options(128, 1), 16, &motions);
}

#[test]
fn occluders_hide_mirrors_and_what_they_show() {
    let before = [[1.0, -0.9, 1.4], [1.1, 0.2, 1.3], [1.2, 0.1, 2.4], [1.1, -1.0, 2.2]];
    let after = [[0.6, 0.5, 0.5], [1.9, 0.7, 0.6], [1.8, 1.9, 0.8], [0.5, 1.7, 0.7]];
    let model = Model::quads([-0.3, 0.4, 4.1], &[MIRROR, before, after]);
    let motions = [Motion::of_emitter([0.4, 1.0, 0.3], &model), Motion::of_vertices(&model, wobble)];
    check("occluders", &model, options(128, 1), 16, &motions);
}

#[test]
fn walls_stand_on_their_feet() {
    let model = Model::quads([-0.3, -0.4, 4.1], &[WALL]);
    let foot = |index, _| if index < 2 { DVec3::Y } else { DVec3::ZERO };
    let motions = [Motion::of_emitter([0.4, 1.0, 0.3], &model), Motion::of_vertices(&model, foot)];
    for depth in [0, 1] {
        // With reflections the motion of the foot changes next to nothing.
        check("wall", &model, options(128, depth), 16, &motions[..2 - depth as usize]);
    }
}

#[test]
fn two_mirrors_are_seen_in_each_other() {
    let model = Model::quads([-0.3, -0.4, 4.1], &[WALL, MIRROR]);
    let motions = [Motion::of_emitter([0.4, 1.0, 0.3], &model), Motion::of_vertices(&model, wobble)];
    check("two mirrors", &model, options(128, 2), 16, &motions);
}

#[test]
fn houses_stand_on_the_ground() {
    let ground = [[-20.0, -20.0, -0.7], [20.0, -20.0, -0.7], [20.0, 20.0, -0.7], [-20.0, 20.0, -0.7]];
    let model = Model::quads([-0.4, -0.3, 3.4], &[ground])
        .with_house([2.3, 1.6, 1.1, 0.8, -0.7, 1.4, 0.4], false)
        .with_house([-2.4, 1.2, 0.7, 1.3, -0.7, 1.9, 0.15], false);
    let motions = [
        Motion::of_emitter([0.4, 1.0, 0.3], &model),
        // The ground stays, and houses on it.
        Motion::of_vertices(&model, |index, v| match index {
            0..4 => DVec3::ZERO,
            _ if v.z < 0.0 => wobble(index, v).with_z(0.0),
            _ => wobble(index, v),
        }),
    ];
    check("houses", &model, options(128, 1), 16, &motions);
}

#[test]
fn a_town_is_resolved() {
    let ground = [[-90.0, -90.0, 0.0], [90.0, -90.0, 0.0], [90.0, 90.0, 0.0], [-90.0, 90.0, 0.0]];
    let mut model = Model::quads([-0.4, -0.3, 12.4], &[ground]);
    for house in 0..25 {
        let (x, y) = (f64::from(house % 5) * 30.0 - 57.0, f64::from(house / 5) * 30.0 - 58.0);
        let number = f64::from(house);
        let sizes = [8.0 + number.sin(), 8.0 + number.cos(), 0.0, 10.0 + 5.0 * (2.0 * number).sin()];
        model = model.with_house([x, y, sizes[0], sizes[1], sizes[2], sizes[3], 0.1 * number], true);
    }
    let vertices: Vec<Vec3> = model.vertices.iter().map(|v| v.as_vec3()).collect();
    let planes = PlaneSet::cluster(&vertices, &model.triangles, &vec![0; model.triangles.len()]);
    let (corner, width) = (Vec3::new(-80.0, -80.0, 1.5), 160.0);
    let surface = Surface::new(corner, Vec3::X * width, Vec3::Y * width, [80, 80], 0);
    let scene = BorderScene {
        bvh: &Bvh::build(&vertices, &model.triangles),
        vertices: &vertices,
        triangles: &model.triangles,
        planes: Some(planes.plane_from_triangle()),
        surfaces: &[surface],
        probability_of_reflection: &|_| 0.5,
    };
    for transmission in [false, true] {
        let options = BorderOptions { transmission, steps: 192, ..options(48, 3) };
        let start = std::time::Instant::now();
        let samples =
            BorderSampler::new(scene, options, model.emitter.as_vec3(), 0).sample(0..options.num_lines());
        let effort = samples.effort;
        println!("{effort:?}, {} borders, {:?}", samples.borders.len(), start.elapsed());
        assert!(effort.discontinuities > 1000 && effort.seams == 0, "{effort:?}");
        assert!(effort.unresolved * 1000 <= effort.discontinuities, "{effort:?}");
    }
}

#[test]
fn drawn_events_have_the_right_mean() {
    let model = Model::quads([-0.3, -0.4, 4.1], &[WALL, MIRROR]);
    let motions = [Motion::of_emitter([0.4, 1.0, 0.3], &model), Motion::of_vertices(&model, wobble)];
    let options = BorderOptions { transmission: true, ..options(128, 2) };
    check("events", &model, options, 64, &motions);
}

#[test]
fn flat_pieces_have_no_inner_borders() {
    let flat = [[2.5, -2.0, 0.5], [2.5, 2.0, 0.5], [2.5, 2.0, 3.0], [2.5, -2.0, 3.0]];
    let model = Model::quads([-0.3, 0.4, 4.2], &[flat]);
    let vertices: Vec<Vec3> = model.vertices.iter().map(|v| v.as_vec3()).collect();
    let planes = PlaneSet::cluster(&vertices, &model.triangles, &[0; 2]);
    let is_diagonal =
        |sample: &SampledBorder| matches!(sample.border.bound, Bound::Edge { vertices: [0, 2] | [2, 0], .. });
    let counts = [None, Some(planes.plane_from_triangle())].map(|planes| {
        let samples = sample(&model, options(16, 1), planes);
        let diagonal = samples.borders.iter().filter(|sample| is_diagonal(sample)).count();
        (diagonal, samples.borders.len() - diagonal)
    });
    assert!(counts[0].0 > 0, "{counts:?}");
    assert_eq!(counts[1], (0, counts[0].1));
}

#[test]
fn threads_and_ranges_do_not_matter() -> Result<(), rayon::ThreadPoolBuildError> {
    let model = Model::quads([-0.3, -0.4, 4.1], &[WALL, MIRROR]);
    let options = BorderOptions { transmission: true, ..options(24, 2) };
    let of_threads = |threads| -> Result<_, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(pool.install(|| sample(&model, options, None)))
    };
    let one = of_threads(1)?;
    assert!(one.borders.len() > 100);
    assert_eq!(one, of_threads(3)?);
    let ranges = [0..7, 7..61, 61..options.num_lines()];
    let pieces: Vec<_> = ranges.map(|lines| sample_lines(&model, options, None, lines)).into();
    let places = |all: &[SampledBorders]| -> Vec<_> {
        let listed = |samples: &SampledBorders| {
            let line =
                |s: &SampledBorder| (s.border.middle, s.border.along, steps_of(samples, s.border.sequence));
            samples.borders.iter().map(line).collect::<Vec<_>>()
        };
        all.iter().flat_map(listed).collect()
    };
    assert_eq!(places(&[one]), places(&pieces));
    Ok(())
}
