//! Checks the lines of an OBJ file and writes those that matter anew.

use std::fmt::Write;

use super::{ObjError, ObjFault};

/// A name in the file.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) line: usize,
}

/// An OBJ file with nothing but `v`, `f`, `o` and `usemtl`, whose names are numbers of `groups` and `materials`.
#[derive(Debug, Default)]
pub(super) struct Filtered {
    pub(super) text: String,
    pub(super) groups: Vec<Label>,
    pub(super) materials: Vec<Label>,
    pub(super) last_line: usize,
    num_vertices: usize,
}

impl Filtered {
    /// Without `parts`, groups and materials are left out, so that the file is one mesh.
    pub(super) fn new(bytes: &[u8], parts: bool) -> Result<Self, ObjError> {
        let mut filtered = Self::default();
        if parts {
            filtered.text.push_str("mtllib names\n");
        }
        let mut lines = bytes.split(|byte| *byte == b'\n');
        while let Some(line) = lines.next() {
            filtered.last_line += 1;
            let first = filtered.last_line;
            // Names and comments may be in any encoding; numbers are ascii.
            let mut line = String::from_utf8_lossy(line).into_owned();
            while let Some(length) = continued(&line) {
                let Some(next) = lines.next() else { break };
                filtered.last_line += 1;
                line.truncate(length);
                line.push(' ');
                line.push_str(&String::from_utf8_lossy(next));
            }
            filtered.add(&line, first, parts).map_err(|fault| ObjError { line: first, fault })?;
        }
        Ok(filtered)
    }

    fn add(&mut self, line: &str, number: usize, parts: bool) -> Result<(), ObjFault> {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (keyword, rest) = line.split_once(|letter: char| letter.is_whitespace()).unwrap_or((line, ""));
        match keyword {
            "v" => self.add_vertex(rest),
            "f" => self.add_face(rest),
            "o" | "g" if parts => {
                self.write(format_args!("o {}\n", self.groups.len()));
                self.groups.push(Label { name: rest.trim().to_owned(), line: number });
                Ok(())
            }
            "usemtl" if parts => self.add_material(rest.trim(), number),
            _ => Ok(()),
        }
    }

    /// A position; weights and colours may follow it.
    fn add_vertex(&mut self, rest: &str) -> Result<(), ObjFault> {
        let mut words = rest.split_whitespace();
        self.text.push('v');
        for _ in 0..3 {
            let word = words.next().ok_or(ObjFault::Vertex)?;
            if !word.parse().is_ok_and(f32::is_finite) {
                return Err(ObjFault::Vertex);
            }
            self.write(format_args!(" {word}"));
        }
        self.text.push('\n');
        self.num_vertices += 1;
        Ok(())
    }

    fn add_face(&mut self, rest: &str) -> Result<(), ObjFault> {
        self.text.push('f');
        let mut corners = 0;
        for word in rest.split_whitespace() {
            let corner = corner(word, self.num_vertices)?;
            self.write(format_args!(" {corner}"));
            corners += 1;
        }
        self.text.push('\n');
        if corners < 3 { Err(ObjFault::FewCorners) } else { Ok(()) }
    }

    fn add_material(&mut self, name: &str, line: usize) -> Result<(), ObjFault> {
        if name.is_empty() {
            return Err(ObjFault::NoMaterialName);
        }
        // Exporters write these for faces without a material.
        if ["None", "(null)"].contains(&name) {
            self.text.push_str("usemtl none\n");
            return Ok(());
        }
        self.write(format_args!("usemtl {}\n", self.materials.len()));
        self.materials.push(Label { name: name.to_owned(), line });
        Ok(())
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(text);
    }
}

/// The length without the backslash, if that is how the line ends; a comment may end so as well, as in `# C:\`.
fn continued(line: &str) -> Option<usize> {
    let kept = line.trim_end_matches('\r').strip_suffix('\\')?;
    (!line.trim_start().starts_with('#')).then_some(kept.len())
}

/// The vertex, counted from 1, of a corner such as `7`, `7/1/3` or `-1`, which is the last vertex so far.
fn corner(word: &str, count: usize) -> Result<usize, ObjFault> {
    let number: i64 = word.split('/').next().and_then(|word| word.parse().ok()).ok_or(ObjFault::Corner)?;
    let from_one = if number < 0 { number.checked_add_unsigned(count as u64 + 1) } else { Some(number) };
    from_one
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| (1..=count).contains(number) && u32::try_from(*number).is_ok())
        .ok_or(ObjFault::Corner)
}
