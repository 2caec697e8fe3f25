//! `emberwave info`: what a scene file holds.

use std::fmt::Write;
use std::path::Path;

use emberwave::formats::{SceneDescription, load_scene};
use emberwave::scene::{
    Finding, FindingKind, ItuPolicy, Permittivity, RadioMaterial, SceneCheck, SceneError,
};

use crate::args::InfoArguments;
use crate::console;
use crate::failure::{Failure, one_line};

/// Objects that are listed unless all are asked for.
const LISTED: usize = 20;

/// Prints objects, triangles, bounds, materials and warnings, and with `--check` findings, which are a failure.
pub(crate) fn print(arguments: &InfoArguments) -> Result<(), Failure> {
    let scene = load_scene(&arguments.scene).map_err(SceneError::from)?;
    let mut itu = ItuPolicy::default();
    arguments.itu.apply(&mut itu);
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_totals(&mut text, &scene);
    let _ = write_materials(&mut text, &scene, arguments.frequency, itu);
    let _ = write_objects(&mut text, &scene, if arguments.all { usize::MAX } else { LISTED });
    let _ = write_warnings(&mut text, &scene);
    if !arguments.check {
        return console::print(&text);
    }
    let check = SceneCheck::new()
        .with_frequency(arguments.frequency)
        .with_itu_policy(itu)
        .with_transmitters(arguments.tx.clone());
    let findings = check.run(&scene);
    let _ = write_findings(&mut text, &findings);
    console::print(&text)?;
    refuse(&arguments.scene, &findings)
}

fn write_findings(text: &mut String, findings: &[Finding]) -> std::fmt::Result {
    if findings.is_empty() {
        return writeln!(text, "\nno findings");
    }
    writeln!(text, "\nfindings")?;
    findings.iter().try_for_each(|finding| {
        let note = if finding.kind.is_note() { "note: " } else { "" };
        writeln!(text, "  {note}{}", one_line(&finding.to_string()))
    })
}

/// Fails if anything was found that is more than a note.
fn refuse(scene: &Path, findings: &[Finding]) -> Result<(), Failure> {
    let kinds: Vec<&str> = findings
        .iter()
        .map(|finding| finding.kind)
        .filter(|kind| !kind.is_note())
        .map(FindingKind::name)
        .collect();
    if kinds.is_empty() {
        return Ok(());
    }
    Err(Failure::runtime(format!("{}: the check found {}", scene.display(), kinds.join(", "))))
}

fn write_totals(text: &mut String, scene: &SceneDescription) -> std::fmt::Result {
    writeln!(text, "scene      {}", one_line(&scene.path.display().to_string()))?;
    writeln!(text, "objects    {}", scene.objects.len())?;
    writeln!(text, "triangles  {}", scene.num_triangles())?;
    writeln!(text, "vertices   {}", scene.num_vertices())?;
    let bounds = scene.bounds();
    if scene.num_vertices() == 0 {
        return writeln!(text, "bounds     none: the scene is empty");
    }
    let (low, size) = (bounds.center() - 0.5 * bounds.size(), bounds.size());
    let axes = ["x", "y", "z"].into_iter().zip(low.to_array()).zip(size.to_array());
    let ranges: Vec<String> =
        axes.map(|((axis, low), size)| format!("{axis} {low:.2} to {:.2}", low + size)).collect();
    writeln!(text, "bounds     {} m", ranges.join(", "))
}

fn write_materials(
    text: &mut String,
    scene: &SceneDescription,
    frequency: f64,
    itu: ItuPolicy,
) -> std::fmt::Result {
    writeln!(text, "\nmaterials at {} GHz", frequency * 1e-9)?;
    let width = widest(scene.materials.iter().map(|material| material.name.as_str()), "name");
    writeln!(
        text,
        "  {:width$}  {:>9}  {:>8}  {:>10}  {:>9}  {:>10}  source",
        "name", "triangles", "eps_r", "sigma S/m", "thickness", "scattering"
    )?;
    for (index, description) in scene.materials.iter().enumerate() {
        let users = scene.objects.iter().filter(|object| object.material == index);
        let triangles: usize = users.map(|object| object.mesh.triangles.len()).sum();
        let material = RadioMaterial::from(description.clone());
        write!(text, "  {:width$}  {triangles:>9}  ", one_line(&material.name))?;
        let properties = material.properties_under(frequency, itu);
        match &properties {
            Ok((eps, sigma)) => write!(text, "{eps:>8.4}  {:>10}", compact(*sigma))?,
            Err(_) => write!(text, "{:>8}  {:>10}", "-", "-")?,
        }
        let (thickness, scattering) = (material.thickness, material.scattering_coefficient);
        write!(text, "  {:>7} m  {scattering:>10}  ", compact(thickness))?;
        writeln!(text, "{}", source(&material, properties.err(), itu))?;
    }
    Ok(())
}

/// Where the values of a material come from, or why it has none.
fn source(material: &RadioMaterial, error: Option<SceneError>, itu: ItuPolicy) -> String {
    match (&material.permittivity, error) {
        (_, Some(SceneError::Material { source, .. })) => one_line(&source.to_string()),
        (_, Some(error)) => one_line(&error.to_string()),
        (Permittivity::Itu { class }, None) if itu == ItuPolicy::default() => format!("ITU-R P.2040 {class}"),
        (Permittivity::Itu { class }, None) => format!("ITU-R {} {class}", itu.edition.name()),
        (Permittivity::Constant { .. }, None) => "constant".to_owned(),
    }
}

fn write_objects(text: &mut String, scene: &SceneDescription, most: usize) -> std::fmt::Result {
    let listed = &scene.objects[..most.min(scene.objects.len())];
    if listed.is_empty() {
        return Ok(());
    }
    let width = widest(listed.iter().map(|object| object.name()), "name");
    writeln!(text, "\nobjects\n  {:width$}  {:>9}  material", "name", "triangles")?;
    for object in listed {
        let material = &scene.materials[object.material].name;
        let (name, triangles) = (one_line(object.name()), object.mesh.triangles.len());
        writeln!(text, "  {name:width$}  {triangles:>9}  {}", one_line(material))?;
    }
    match scene.objects.len() - listed.len() {
        0 => Ok(()),
        more => writeln!(text, "  and {more} more; --all lists them"),
    }
}

fn write_warnings(text: &mut String, scene: &SceneDescription) -> std::fmt::Result {
    if scene.warnings.is_empty() {
        return writeln!(text, "\nno warnings");
    }
    writeln!(text, "\nwarnings")?;
    scene.warnings.iter().try_for_each(|warning| writeln!(text, "  {warning}"))
}

fn widest<'a>(names: impl Iterator<Item = &'a str>, heading: &str) -> usize {
    names.map(|name| one_line(name).chars().count()).max().unwrap_or(0).max(heading.len())
}

/// A number in about six characters.
fn compact(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        1e-3..1e4 => format!("{number:.4}").trim_end_matches('0').trim_end_matches('.').to_owned(),
        _ => format!("{number:.2e}"),
    }
}
