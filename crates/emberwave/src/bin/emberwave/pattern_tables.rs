//! Tables of antenna gains in files.

use std::path::{Path, PathBuf};

use emberwave::scene::{PatternTable, TransmitterPattern};

/// Tables of a run and their files, each of which is read once, so that transmitters with one file share a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatternTables {
    directory: PathBuf,
    tables: Vec<(PathBuf, PatternTable)>,
}

impl PatternTables {
    /// Of files whose names are relative to a directory.
    pub(crate) fn within(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), tables: Vec::new() }
    }

    /// Reads gains \[dBi\] of a vertically polarised element: a line for each zenith angle from 0 to π, both included, in it the
    /// gains at azimuths from 0 on over the full turn, separated by commas. `-inf` is no field; empty lines and what
    /// follows a `#` do not count.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or holds something else; the message names file and line.
    pub(crate) fn read(&mut self, file: &str) -> Result<PatternTable, String> {
        let path = self.directory.join(file);
        if let Some((_, table)) = self.tables.iter().find(|(known, _)| *known == path) {
            return Ok(table.clone());
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let table = parse(&text).map_err(|(line, why)| format!("{}:{line}: {why}", path.display()))?;
        self.tables.push((path, table.clone()));
        Ok(table)
    }

    /// The file that a pattern comes from.
    pub(crate) fn file_of(&self, pattern: &TransmitterPattern) -> Option<&Path> {
        let TransmitterPattern::Table(table) = pattern else { return None };
        self.tables.iter().find(|(_, known)| known == table).map(|(path, _)| path.as_path())
    }
}

/// The table of a text, or the line of it that is wrong, and why.
fn parse(text: &str) -> Result<PatternTable, (usize, String)> {
    let mut gains: Vec<f64> = Vec::new();
    let mut shape = [0; 2];
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        let before = gains.len();
        for word in text.split(',').map(str::trim) {
            let gain: Option<f64> = word.parse().ok().filter(|gain: &f64| *gain < f64::INFINITY);
            gains.push(gain.ok_or_else(|| (line, format!("`{word}` is not a gain [dBi]")))?);
        }
        let columns = gains.len() - before;
        if before > 0 && columns != shape[1] {
            return Err((
                line,
                format!("the number of gains is {columns} here and {} in the first row", shape[1]),
            ));
        }
        shape = [shape[0] + 1, columns];
    }
    Ok(PatternTable::from_gains_dbi(shape, gains))
}
