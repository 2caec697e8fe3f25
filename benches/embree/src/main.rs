//! Closest hits of emberwave and Embree 3, on the same rays, the same machine, in the same run; see `README.md`.

mod embree;
mod measure;
mod rays;

use std::path::{Path, PathBuf};

use emberwave_geometry::{Bvh, TriangleMesh};
use glam::Vec3;

use embree::{EmbreeScene, Mode, Packets};
use measure::{Agreement, rates};
use rays::{Hits, Rays, find_part};

/// Bounces of the rays at which rates are measured, after the primary rays.
const BOUNCES: usize = 3;

struct Arguments {
    num_rays: u64,
    repeats: u32,
    scenes: Vec<(PathBuf, [f32; 3])>,
}

fn main() {
    let arguments = arguments();
    println!("{} primary rays, best of {}, millions of rays/s", arguments.num_rays, arguments.repeats);
    println!(
        "| scene | bounce | rays | threads | ours | Embree, 1 | Embree, 8 | ratio | Embree, 8 coherent | ratio |\n\
         |---|---|---|---|---|---|---|---|---|---|"
    );
    let mut agreements = Vec::new();
    for (path, transmitter) in &arguments.scenes {
        compare(&arguments, path, Vec3::from(*transmitter), &mut agreements);
    }
    println!("\n| scene | bounce | same triangle | or same distance | different |\n|---|---|---|---|---|");
    agreements.iter().for_each(|line| println!("{line}"));
}

/// Prints the rates in one scene, and adds lines about how far the answers agree.
fn compare(arguments: &Arguments, path: &Path, transmitter: Vec3, agreements: &mut Vec<String>) {
    let (mesh, center) = load(path);
    let bvh = Bvh::build(&mesh.vertices, &mesh.triangles);
    let embree = EmbreeScene::build(&mesh.vertices, &mesh.triangles);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut rays = Rays::launch(transmitter - center, arguments.num_rays);
    for bounce in 0..=BOUNCES {
        if bounce > 0 {
            rays = rays.reflected(&mesh, &bvh);
        }
        if rays.len() == 0 {
            break;
        }
        for threads in [1, 2] {
            let rates = rates(&rays, &bvh, &embree, threads, arguments.repeats);
            println!("| {name} | {bounce} | {} | {threads} | {rates} |", rays.len());
        }
        agreements.push(format!("| {name} | {bounce} | {} |", agreement(&rays, &bvh, &embree)));
    }
}

fn agreement(rays: &Rays, bvh: &Bvh, embree: &EmbreeScene) -> String {
    let (mut ours, mut theirs) = (Hits::none(rays.len()), Hits::none(rays.len()));
    find_part(rays, 0, ours.stream(), bvh);
    let mut packets = Packets::new(Mode::Eight, &rays.stream(0..rays.len()));
    packets.split(1).into_iter().for_each(|part| embree.closest_hits(part));
    packets.write_hits(theirs.stream());
    let agreement = Agreement::of(&ours, &theirs);
    let percent = |count: usize| 100.0 * count as f64 / rays.len() as f64;
    format!(
        "{:.4} % | {:.4} % | {}",
        percent(agreement.same_triangle),
        percent(agreement.same_triangle + agreement.same_place),
        agreement.different
    )
}

/// All triangles of a scene in coordinates whose origin is its centre, and that centre.
fn load(path: &Path) -> (TriangleMesh, Vec3) {
    let scene = emberwave_formats::load_scene(path).unwrap_or_else(|error| panic!("{error}"));
    let center = scene.bounds().center();
    let mut all = TriangleMesh::default();
    for object in &scene.objects {
        let first = all.vertices.len() as u32;
        all.vertices.extend(object.mesh.vertices.iter().map(|&vertex| vertex - center));
        all.triangles.extend(object.mesh.triangles.iter().map(|t| t.map(|vertex| vertex + first)));
    }
    (all, center)
}

fn arguments() -> Arguments {
    let mut arguments = Arguments { num_rays: 1_000_000, repeats: 5, scenes: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("`{word}` needs a value"));
        match word.as_str() {
            "--rays" => arguments.num_rays = number(&value()),
            "--repeats" => arguments.repeats = number(&value()),
            _ => {
                let position: Vec<f32> = value().split(',').map(number).collect();
                let position = position.try_into().expect("a scene is followed by X,Y,Z");
                arguments.scenes.push((PathBuf::from(word), position));
            }
        }
    }
    if arguments.scenes.is_empty() {
        arguments.scenes = default_scenes();
    }
    arguments
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is not a number"))
}

/// Munich and etoile where Sionna RT's scenes lie beside the repository, else our own district.
fn default_scenes() -> Vec<(PathBuf, [f32; 3])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let theirs = ["munich", "etoile"]
        .map(|name| (root.join(format!("../shared/scenes/{name}/{name}.xml")), [8.5, 21.0, 30.0]));
    if theirs.iter().all(|(path, _)| path.exists()) {
        return theirs.into();
    }
    vec![(root.join("assets/scenes/district/district.xml"), [0.0, 0.0, 30.0])]
}
