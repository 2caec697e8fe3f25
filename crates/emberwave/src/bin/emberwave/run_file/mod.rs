//! Run files: the settings of a map as TOML.
//!
//! A file is read by hand from TOML's spanned tree, because every mistake is to be named with its line and key.

mod document;
mod materials;
mod measurement;
mod section;
mod solver;
mod suggestion;
mod transmitters;
mod value;

use std::path::Path;

use document::Document;
use section::Section;
use toml::de::DeTable;

use crate::failure::Failure;
use crate::itu::{NamedEdition, NamedOutOfRange};
use crate::pattern_tables::PatternTables;
use crate::run::Run;

const KEYS: [&str; 10] = [
    "scene",
    "frequency",
    "bandwidth",
    "temperature",
    "itu_out_of_range",
    "itu_edition",
    "materials",
    "transmitters",
    "measurement",
    "solver",
];

/// Reads a run file; what it leaves out has its default.
pub(crate) fn read(path: &Path) -> Result<Run, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("{}: cannot be read: {error}", path.display())))?;
    let document = Document::new(path, &text);
    let tree = DeTable::parse(document.text()).map_err(|error| {
        let line = document.line(error.span().map_or(0, |span| span.start));
        Failure::input(format!("{line}: {}", error.message()))
    })?;
    read_run(&Section::root(&document, tree.get_ref()), path)
}

fn read_run(root: &Section<'_>, path: &Path) -> Result<Run, Failure> {
    root.check_keys(&KEYS, &[])?;
    let scene = root.required("scene", Section::text)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let mut run = Run::new(directory.join(scene));
    set(&mut run.frequency, root.frequency("frequency")?);
    set(&mut run.bandwidth, root.number("bandwidth", "positive and finite [Hz]", |b| b > 0.0)?);
    set(&mut run.temperature, root.number("temperature", "at least 0 and finite [K]", |t| t >= 0.0)?);
    set(&mut run.itu.out_of_range, root.named("itu_out_of_range")?.map(|named: NamedOutOfRange| named.0));
    set(&mut run.itu.edition, root.named("itu_edition")?.map(|named: NamedEdition| named.0));
    run.materials = materials::read(root)?;
    run.pattern_tables = PatternTables::within(directory);
    run.transmitters = transmitters::read(root, &mut run.pattern_tables)?;
    if let Some(section) = root.section("measurement")? {
        run.measurement = measurement::read(&section)?;
    }
    if let Some(section) = root.section("solver")? {
        solver::read(&section, &mut run.solver)?;
    }
    Ok(run)
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}
