//! Parameters (`<default name="x" value="1"/>`, `$x`) and included files.

use std::{collections::HashMap, fs, io, path::Path, sync::Arc};

use super::{Node, parse::parse};
use crate::{SceneError, gzip, location::OneLine};

const MOST_INCLUDES: usize = 256;
const MOST_INCLUDE_DEPTH: usize = 8;
/// Attributes of scene files are short; parameters must not blow them up.
const LONGEST_ATTRIBUTE: usize = 1 << 16;

/// Reads a scene file with its parameters filled in and its includes in place.
pub(crate) fn read_document(path: &Path) -> Result<Node, SceneError> {
    let not_readable = |source| SceneError::Read { path: path.to_owned(), source };
    let bytes = read_text(path).map_err(not_readable)?;
    let root = scene_root(&bytes, path)?;
    Expansion::default().expand(root, 0)
}

/// The bytes of a regular file, decompressed where it is gzip.
fn read_text(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("is not a regular file"));
    }
    gzip::decompressed(fs::read(path)?).map_err(io::Error::other)
}

fn scene_root(bytes: &[u8], path: &Path) -> Result<Node, SceneError> {
    let root = parse(bytes, &Arc::from(path))?;
    if root.tag == "scene" {
        return Ok(root);
    }
    Err(root.syntax_error(format!("the root element is `{}`, expected `scene`", root.tag)))
}

#[derive(Default)]
struct Expansion {
    parameters: HashMap<String, String>,
    includes: usize,
}

impl Expansion {
    fn expand(&mut self, mut node: Node, include_depth: usize) -> Result<Node, SceneError> {
        self.fill_in(&mut node)?;
        let mut children = Vec::with_capacity(node.children.len());
        for child in node.children {
            let child = self.expand(child, include_depth)?;
            match child.tag.as_str() {
                "default" => self.define(&child)?,
                "include" => children.append(&mut self.include(&child, include_depth)?),
                _ => children.push(child),
            }
        }
        node.children = children;
        Ok(node)
    }

    /// The first definition holds, as in Mitsuba: it is a default for whoever includes the file.
    fn define(&mut self, node: &Node) -> Result<(), SceneError> {
        let name = node.required("name", "a `default`")?.to_owned();
        let value = node.required("value", &format!("default `{name}`"))?.to_owned();
        self.parameters.entry(name).or_insert(value);
        Ok(())
    }

    fn include(&mut self, node: &Node, depth: usize) -> Result<Vec<Node>, SceneError> {
        self.includes += 1;
        if depth == MOST_INCLUDE_DEPTH || self.includes > MOST_INCLUDES {
            return Err(node.syntax_error("too many included files; does one include itself?"));
        }
        let path = sibling(&node.file, node.required("filename", "an `include`")?);
        let not_readable =
            |error: io::Error| node.syntax_error(format!("include `{}`: {error}", OneLine(&path)));
        let root = scene_root(&read_text(&path).map_err(not_readable)?, &path)?;
        Ok(self.expand(root, depth + 1)?.children)
    }

    fn fill_in(&self, node: &mut Node) -> Result<(), SceneError> {
        for index in 0..node.attributes.len() {
            let value = &node.attributes[index].1;
            if value.contains('$') {
                let filled = self.filled(value).map_err(|message| node.syntax_error(message))?;
                node.attributes[index].1 = filled;
            }
        }
        Ok(())
    }

    /// `text` with every `$name` replaced; a `$` before anything else stays.
    fn filled(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut pieces = text.split('$');
        filled.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            let length = piece.find(|character| !is_name(character)).unwrap_or(piece.len());
            let (name, rest) = piece.split_at(length);
            match self.parameters.get(name) {
                _ if name.is_empty() => filled.push('$'),
                Some(value) => filled.push_str(value),
                None => return Err(format!("parameter `${name}` has no `default` before it")),
            }
            filled.push_str(rest);
            if filled.len() > LONGEST_ATTRIBUTE {
                return Err("parameters make an attribute too long".to_owned());
            }
        }
        Ok(filled)
    }
}

/// A path as a file names it: relative to the folder of that file.
fn sibling(file: &Path, name: &str) -> std::path::PathBuf {
    file.parent().unwrap_or(Path::new("")).join(name)
}
