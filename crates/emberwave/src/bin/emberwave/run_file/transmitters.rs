//! `[[transmitters]]`.

use emberwave::physics::AntennaPattern;
use emberwave::scene::{Transmitter, TransmitterPattern};

use super::section::Section;
use super::set;
use crate::failure::Failure;
use crate::pattern_tables::PatternTables;
use crate::run::transmitters::default_name;

const KEYS: [&str; 9] = [
    "name",
    "position",
    "orientation",
    "look_at",
    "power_dbm",
    "pattern",
    "pattern_table",
    "polarization",
    "polarization_model",
];
const LATER: [&str; 2] = ["array", "precoding"];

pub(super) fn read(root: &Section<'_>, tables: &mut PatternTables) -> Result<Vec<Transmitter>, Failure> {
    let sections = root.array("transmitters")?;
    let mut transmitters: Vec<Transmitter> = Vec::with_capacity(sections.len());
    for (index, section) in sections.iter().enumerate() {
        let transmitter = read_one(section, default_name(index, sections.len()), tables)?;
        if let Some(first) = transmitters.iter().position(|other| other.name == transmitter.name) {
            let place = sections[first].location();
            let why = format!("`{}` is already the name of the transmitter at {place}", transmitter.name);
            return Err(section.refused("name", &why));
        }
        transmitters.push(transmitter);
    }
    Ok(transmitters)
}

fn read_one(
    section: &Section<'_>,
    default_name: String,
    tables: &mut PatternTables,
) -> Result<Transmitter, Failure> {
    section.check_keys(&KEYS, &LATER)?;
    let name = section.text("name")?.map_or(default_name, str::to_owned);
    let position = section.required("position", Section::triple)?;
    let mut transmitter = Transmitter::new(name, position);
    let orientation = section.triple("orientation")?;
    let look_at = section.triple("look_at")?;
    if orientation.is_some() && look_at.is_some() {
        return Err(section.refused("look_at", "and `orientation` exclude each other"));
    }
    set(&mut transmitter.orientation, orientation);
    if let Some(target) = look_at {
        if target == position {
            return Err(section.refused("look_at", "must differ from `position`"));
        }
        transmitter = transmitter.with_look_at(target);
    }
    let power = section.number("power_dbm", "between -300 and 300", |power| power.abs() <= 300.0)?;
    set(&mut transmitter.power_dbm, power);
    set(&mut transmitter.pattern, pattern(section, tables)?);
    set(&mut transmitter.polarization, section.named("polarization")?);
    set(&mut transmitter.polarization_model, section.named("polarization_model")?);
    Ok(transmitter)
}

/// A pattern by its name or from a file.
fn pattern(section: &Section<'_>, tables: &mut PatternTables) -> Result<Option<TransmitterPattern>, Failure> {
    const TABLE: &str = "pattern_table";
    let named: Option<AntennaPattern> = section.named("pattern")?;
    let Some(file) = section.text(TABLE)? else { return Ok(named.map(Into::into)) };
    if named.is_some() {
        return Err(section.refused(TABLE, "and `pattern` exclude each other"));
    }
    let table = tables.read(file).map_err(|why| section.refused(TABLE, &format!("is of no use: {why}")))?;
    Ok(Some(table.into()))
}
