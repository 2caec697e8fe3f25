//! Fluxes through the listed borders against central differences of covered areas.

use glam::{DVec3, Vec2, Vec3};

use super::*;
use crate::{Border, Bound, Bvh};

/// Step of the differences \[m\].
const STEP: f32 = 0.01;

#[derive(Clone)]
pub(super) struct Scene {
    pub vertices: Vec<Vec3>,
    pub triangles: Vec<[u32; 3]>,
    pub emitter: Vec3,
    pub surface: Surface,
    pub is_merged: bool,
}

/// What is moved by how much per unit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Emitter(Vec3),
    Vertex(usize, Vec3),
    Quad(usize, Vec3),
}

/// The planes that the paths of a sequence meet, as triangles, and what happens there.
pub(super) type Walls = Vec<(u32, Interaction)>;

fn quad(corner: [f32; 3], x: [f32; 3], y: [f32; 3]) -> [Vec3; 4] {
    let [corner, x, y] = [corner, x, y].map(Vec3::from);
    [corner, corner + x, corner + x + y, corner + y]
}

/// A smooth weight of points on the surface.
fn weight(p: DVec3) -> f64 {
    1.0 + 0.3 * (0.2 * p.x + 0.1).sin() + 0.2 * (0.15 * p.y + 0.7).cos()
}

impl Scene {
    fn new(quads: &[[Vec3; 4]], emitter: [f32; 3], is_merged: bool) -> Self {
        let corners = |quad: u32| [[0, 1, 2], [0, 2, 3]].map(|t| t.map(|corner| 4 * quad + corner));
        let surface =
            Surface::new(Vec3::new(-10.0, -10.0, 0.0), Vec3::X * 25.0, Vec3::Y * 20.0, [100, 80], 0);
        Self {
            vertices: quads.concat(),
            triangles: (0..quads.len() as u32).flat_map(corners).collect(),
            emitter: emitter.into(),
            surface,
            is_merged,
        }
    }

    pub fn moved(&self, change: Change, by: f32) -> Self {
        let mut scene = self.clone();
        match change {
            Change::Emitter(step) => scene.emitter += step * by,
            Change::Vertex(vertex, step) => scene.vertices[vertex] += step * by,
            Change::Quad(quad, step) => {
                scene.vertices[4 * quad..4 * quad + 4].iter_mut().for_each(|vertex| *vertex += step * by);
            }
        }
        scene
    }

    fn planes(&self) -> PlaneSet {
        let make = if self.is_merged { PlaneSet::cluster } else { PlaneSet::separate };
        make(&self.vertices, &self.triangles, &vec![0; self.triangles.len()])
    }

    pub fn coverage(&self, options: &TubeOptions) -> Coverage {
        let bvh = Bvh::build(&self.vertices, &self.triangles);
        let powers = PowerTable::new(1, |_, _| [0.5, 0.5]);
        let (planes, surfaces) = (self.planes(), [self.surface]);
        let world = World {
            bvh: &bvh,
            planes: &planes,
            powers: &powers,
            surfaces: &surfaces,
            buffers: &TubeBuffers::default(),
        };
        world.trace_coverage(&Emitter { position: self.emitter, power: &|_| 1.0, worth: None }, options)
    }

    pub fn corners(&self, triangle: u32) -> [DVec3; 3] {
        self.triangles[triangle as usize].map(|vertex| self.vertices[vertex as usize].as_dvec3())
    }

    /// A point after reflections in walls.
    pub fn mirrored<'w>(&self, point: DVec3, walls: impl Iterator<Item = &'w (u32, Interaction)>) -> DVec3 {
        walls.fold(point, |point, &(triangle, interaction)| {
            let [a, b, c] = self.corners(triangle);
            let normal = (b - a).cross(c - a).normalize();
            match interaction {
                Interaction::Reflection => point - 2.0 * normal.dot(point - a) * normal,
                Interaction::Transmission => point,
            }
        })
    }

    /// The image source and both ends of a mesh edge as the last segment sees them.
    fn unfolded(&self, walls: &Walls, interactions: u32, vertices: [u32; 2]) -> [DVec3; 3] {
        let later = || walls.iter().skip(interactions as usize);
        let end = |vertex: u32| self.mirrored(self.vertices[vertex as usize].as_dvec3(), later());
        [self.mirrored(self.emitter.as_dvec3(), walls.iter()), end(vertices[0]), end(vertices[1])]
    }

    pub fn walls(&self, coverage: &Coverage, mut sequence: u32) -> Walls {
        let planes = self.planes();
        let mut walls = Vec::new();
        while coverage.sequences[sequence as usize].depth > 0 {
            let last = &coverage.sequences[sequence as usize];
            let mut triangles = planes.plane_from_triangle().iter();
            let triangle = triangles.position(|&plane| plane == last.letter >> 1).expect("a triangle");
            walls.push((triangle as u32, last.interaction));
            sequence = last.parent;
        }
        walls.reverse();
        walls
    }

    /// By how much the covered area grows at a border per unit of a change \[m²\].
    pub fn growth(&self, border: &Border, walls: &Walls, change: Change) -> f64 {
        let steps = [self.moved(change, STEP), self.moved(change, -STEP)];
        let per_unit = 0.5 / f64::from(STEP);
        let normal = self.surface.normal.as_dvec3();
        let point = |cells: Vec2| self.surface.point(cells).as_dvec3();
        let (middle, along) = (Vec2::from(border.middle), Vec2::from(border.along));
        let s = point(middle);
        let outward = (point(middle + 0.5 * along) - point(middle - 0.5 * along)).cross(normal);
        match border.bound {
            Bound::Face { triangle } => {
                let height = |scene: &Self| {
                    let [a, b, c] = scene.corners(triangle);
                    (b - a).cross(c - a).normalize().dot(s - a)
                };
                let [a, b, c] = self.corners(triangle);
                let m = (b - a).cross(c - a).normalize();
                let across = m - normal * normal.dot(m);
                let rise = (height(&steps[0]) - height(&steps[1])) * per_unit;
                -rise * across.dot(outward) / across.length_squared()
            }
            Bound::Edge { interactions, vertices } => {
                let [source, a, b] = self.unfolded(walls, interactions, vertices);
                let d = (s - source).normalize();
                // Where the path passes the edge: a point of it in the plane through the path.
                let side = (b - a).cross(d).cross(d);
                let u = (source - a).dot(side) / (b - a).dot(side);
                let p = a.lerp(b, u);
                let tau = (s - source).length() / (p - source).length();
                let [more, less] = steps.map(|scene| {
                    let [source, a, b] = scene.unfolded(walls, interactions, vertices);
                    [source, a.lerp(b, u)]
                });
                let [of_source, of_edge] = [0, 1].map(|at| (more[at] - less[at]) * per_unit);
                let w = outward - normal * (d.dot(outward) / normal.dot(d));
                ((1.0 - tau) * of_source + tau * of_edge).dot(w)
            }
        }
    }

    /// Weighted covered area by paths with each number of interactions \[m²\].
    fn areas(&self, options: &TubeOptions) -> Vec<f64> {
        let coverage = self.coverage(options);
        let mut areas = vec![0.0; options.max_depth as usize + 1];
        for fragment in &coverage.fragments {
            let at = self.surface.point(fragment.centroid.into()).as_dvec3();
            let area = f64::from(fragment.area * self.surface.cell_area());
            areas[coverage.sequences[fragment.sequence as usize].depth as usize] += weight(at) * area;
        }
        areas
    }

    fn check(&self, options: &TubeOptions, changes: &[Change]) {
        let options = &TubeOptions { borders: true, ..*options };
        let coverage = self.coverage(options);
        let of_sequence: Vec<Walls> =
            (0..coverage.sequences.len() as u32).map(|sequence| self.walls(&coverage, sequence)).collect();
        for &change in changes {
            let mut sums = vec![(0.0, 0.0); options.max_depth as usize + 1];
            for border in &coverage.borders {
                let walls = &of_sequence[border.sequence as usize];
                let at = self.surface.point(border.middle.into()).as_dvec3();
                let growth = weight(at) * self.growth(border, walls, change);
                let sum = &mut sums[walls.len()];
                *sum = (sum.0 + growth, sum.1 + growth.abs());
            }
            let [more, less] = [STEP, -STEP].map(|by| self.moved(change, by).areas(options));
            for (depth, (flux, size)) in sums.into_iter().enumerate() {
                let expected = (more[depth] - less[depth]) * 0.5 / f64::from(STEP);
                let tolerance = 0.01 * expected.abs() + 2e-3 * size + 2e-3;
                println!("{change:?} depth {depth}: flux {flux:.5} difference {expected:.5} size {size:.4}");
                assert!((flux - expected).abs() < tolerance, "{change:?}, depth {depth}: {flux}, {expected}");
            }
        }
    }
}

fn options(max_depth: u32, transmission: bool) -> TubeOptions {
    let fine = TubeOptions {
        max_depth,
        transmission,
        grid: 24,
        leaf: 1e-6,
        ..TubeOptions::for_target_error(0.3, 4)
    };
    TubeOptions { negligible: Negligible::NOTHING, rough: 0.0, most_levels: 20, conservative: true, ..fine }
}

const EMITTER: [Change; 3] = [Change::Emitter(Vec3::X), Change::Emitter(Vec3::Y), Change::Emitter(Vec3::Z)];

fn screen() -> [Vec3; 4] {
    quad([2.0, 1.0, 4.0], [3.0, 0.0, 0.0], [0.0, 2.0, 0.0])
}

/// Beside the emitter, upright.
fn mirror() -> [Vec3; 4] {
    quad([10.0, -3.0, 1.0], [0.0, 6.0, 0.0], [0.3, 0.0, 5.0])
}

#[test]
fn the_borders_of_a_shadow_are_all_around_it_and_nowhere_else() {
    for is_merged in [true, false] {
        let scene = Scene::new(&[screen()], [0.0, 0.0, 8.0], is_merged);
        let coverage = scene.coverage(&TubeOptions { borders: true, ..options(0, false) });
        let length: f64 =
            coverage.borders.iter().map(|b| 0.25 * f64::from(Vec2::from(b.along).length())).sum();
        assert!((length - 20.0).abs() < 1e-2, "{length} m");
        // The shadow runs from (4, 2) to (10, 6) and shrinks as (h/(h − 4))²; what is lit lies around it.
        for border in &coverage.borders {
            let [x, y] = border.middle.map(|cells| 0.25 * cells - 10.0);
            let [dx, dy] = border.along;
            let clockwise = (x - 7.0) * dy - (y - 4.0) * dx < 0.0;
            assert!(clockwise && dx.abs().min(dy.abs()) < 1e-2, "{border:?}");
        }
        let rising = |border| scene.growth(border, &Vec::new(), Change::Emitter(Vec3::Z));
        let growth: f64 = coverage.borders.iter().map(rising).sum();
        assert!((growth - 6.0).abs() < 6e-3, "{growth} m");
        assert_eq!(coverage.fragments, scene.coverage(&options(0, false)).fragments);
    }
}

#[test]
fn a_shadow_moves_with_the_emitter_and_the_vertices() {
    let vertices = [Change::Vertex(0, Vec3::X), Change::Vertex(1, Vec3::new(0.3, -0.5, 0.8))];
    for is_merged in [true, false] {
        let scene = Scene::new(&[screen()], [0.5, 0.3, 8.0], is_merged);
        scene.check(&options(0, false), &EMITTER);
        scene.check(&options(0, false), &[Change::Quad(0, Vec3::Z)]);
    }
    Scene::new(&[screen()], [0.5, 0.3, 8.0], false).check(&options(0, false), &vertices);
}

#[test]
fn a_mirror_moves_what_it_lights() {
    for is_merged in [true, false] {
        let scene = Scene::new(&[mirror()], [4.0, 0.5, 7.0], is_merged);
        scene.check(&options(1, false), &EMITTER);
        scene.check(
            &options(1, false),
            &[Change::Quad(0, Vec3::X), Change::Quad(0, Vec3::new(0.2, 0.9, 0.3))],
        );
    }
    let scene = Scene::new(&[mirror()], [4.0, 0.5, 7.0], false);
    let vertices = [Change::Vertex(0, Vec3::X), Change::Vertex(1, Vec3::X), Change::Vertex(2, Vec3::ONE)];
    scene.check(&options(1, false), &vertices);
}

#[test]
fn screens_before_and_behind_a_mirror_cast_shadows() {
    let before = quad([7.0, -0.5, 3.6], [0.3, 1.2, 0.0], [0.0, 0.1, 0.8]);
    let behind = quad([6.0, -1.0, 1.5], [1.0, 0.2, 0.0], [0.0, 1.4, 0.3]);
    for other in [before, behind] {
        let scene = Scene::new(&[mirror(), other], [4.0, 0.5, 7.0], false);
        scene.check(&options(1, false), &EMITTER);
        let vertices = [4, 5, 6].map(|vertex| Change::Vertex(vertex, Vec3::new(0.4, -0.3, 0.8)));
        scene.check(&options(1, false), &vertices);
        scene.check(&options(1, false), &[0, 3].map(|vertex| Change::Vertex(vertex, Vec3::X)));
    }
}

#[test]
fn walls_that_stand_in_the_surface_end_there_and_let_through() {
    let wall = quad([5.0, -4.0, -2.0], [0.4, 7.0, 0.0], [0.0, 0.0, 5.0]);
    for is_merged in [true, false] {
        let scene = Scene::new(&[wall, mirror()], [0.0, 0.5, 7.0], is_merged);
        let options = options(2, true);
        scene.check(&options, &EMITTER);
        scene.check(&options, &[Change::Quad(0, Vec3::X), Change::Quad(0, Vec3::new(0.1, 0.7, 0.5))]);
    }
    let scene = Scene::new(&[wall, mirror()], [0.0, 0.5, 7.0], false);
    scene.check(
        &options(2, true),
        &[0, 1, 2, 5].map(|vertex| Change::Vertex(vertex, Vec3::new(1.0, 0.5, 0.4))),
    );
}

#[test]
fn separate_planes_are_the_triangles_even_where_these_are_degenerate() {
    let mut scene = Scene::new(&[screen()], [0.0, 0.0, 8.0], false);
    let lit = scene.areas(&options(0, false))[0];
    scene.triangles.splice(0..0, [[0, 0, 1], [2, 2, 2]]);
    let planes = scene.planes();
    assert_eq!(planes.plane_from_triangle(), [0, 1, 2, 3]);
    assert_eq!([0, 1, 2, 3].map(|plane| planes.outline_of(plane).len()), [0, 0, 3, 3]);
    assert_eq!(planes.outline_of(3)[0].vertices, [0, 2]);
    assert!((scene.areas(&options(0, false))[0] - lit).abs() < 1e-3);
    scene.check(&options(0, false), &EMITTER);
}

/// Two screens one above the other: some of their edges are hidden in part, and corners hide between those of tubes.
#[test]
fn every_grid_finds_the_same_borders() {
    let low = [[0.2, -1.1, 1.6], [2.3, -0.9, 1.7], [2.2, 1.4, 1.9], [0.3, 1.2, 1.8]];
    let high = [[-0.6, -0.9, 2.8], [1.1, -0.7, 3.1], [0.9, 0.8, 3.5], [-0.8, 0.6, 3.2]];
    let mut scene = Scene::new(&[high, low].map(|corners| corners.map(Vec3::from)), [0.3, -0.4, 6.0], false);
    scene.surface = Surface::new(Vec3::new(-4.0, -4.0, 0.0), Vec3::X * 8.0, Vec3::Y * 8.0, [16, 16], 0);
    let lengths = |seed: u64| {
        let options = TubeOptions { seed, rough: 0.0, ..TubeOptions::for_target_error(0.3, 0).for_motion() };
        let mut lengths = [[0.0_f32; 8]; 8];
        for border in scene.coverage(&TubeOptions { borders: true, ..options }).borders {
            if let Bound::Edge { vertices: [a, b], .. } = border.bound {
                lengths[a.min(b) as usize][a.max(b) as usize] += Vec2::from(border.along).length();
            }
        }
        lengths
    };
    let first = lengths(0);
    // An edge of which all is seen has a shadow as long as its projection \[cells\].
    let shadow = |vertex: usize| {
        let along = scene.vertices[vertex] - scene.emitter;
        2.0 * (scene.emitter - along * (scene.emitter.z / along.z))
    };
    let whole = shadow(4).distance(shadow(5));
    assert!((first[4][5] - whole).abs() < 1e-3, "{} instead of {whole}", first[4][5]);
    for seed in 1..16 {
        let others = lengths(seed);
        for (one, other) in first.iter().flatten().zip(others.iter().flatten()) {
            assert!((one - other).abs() < 5e-3, "grid {seed}: {other} instead of {one}");
        }
    }
}
