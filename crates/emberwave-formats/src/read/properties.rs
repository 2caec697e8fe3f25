//! The named properties of a plugin: `<float name="thickness" value="0.1"/>`.

use std::collections::HashMap;

use super::numbers::{Range, parse_number, parse_numbers};
use crate::{SceneError, SceneWarning, xml::Node};

/// Properties by name. Each is taken once; what is never taken becomes a warning.
pub(crate) struct Properties<'a> {
    node: &'a Node,
    owner: String,
    untaken: HashMap<&'a str, &'a Node>,
}

const TAGS: [&str; 9] =
    ["float", "integer", "boolean", "string", "rgb", "spectrum", "point", "vector", "transform"];

impl<'a> Properties<'a> {
    /// The properties among the children of `node`, which messages call `owner`, as in "material `glass`".
    pub(crate) fn of(node: &'a Node, owner: String) -> Result<Self, SceneError> {
        let mut untaken = HashMap::new();
        for child in node.children.iter().filter(|child| TAGS.contains(&child.tag.as_str())) {
            let name = child.required("name", &format!("{owner}: a `{}`", child.tag))?;
            if let Some(first) = untaken.insert(name, child) {
                return Err(SceneError::Repeated {
                    location: child.location(),
                    owner,
                    name: name.to_owned(),
                    first: first.line,
                });
            }
        }
        Ok(Self { node, owner, untaken })
    }

    pub(crate) fn owner(&self) -> &str {
        &self.owner
    }

    pub(crate) fn node(&self) -> &'a Node {
        self.node
    }

    /// Takes a property whatever it is.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'a Node> {
        self.untaken.remove(name)
    }

    /// A number within a range; `default` if it is not given.
    pub(crate) fn number(&mut self, name: &str, default: f64, range: Range) -> Result<f64, SceneError> {
        match self.typed(name, &["float", "integer"], "a `float`")? {
            Some(node) => parse_number(node, "value", &self.owner, range),
            None => Ok(default),
        }
    }

    /// A whole number of at least 1; `default` if it is not given.
    pub(crate) fn count(&mut self, name: &str, default: u32) -> Result<u32, SceneError> {
        let Some(node) = self.typed(name, &["integer", "float"], "an `integer`")? else { return Ok(default) };
        let number = parse_number(node, "value", &self.owner, Range::ANY)?;
        if number >= 1.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0 {
            return Ok(number as u32);
        }
        Err(self.wrong(node, name, "a whole number that is at least 1"))
    }

    /// A text, if it is given.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<(&'a str, &'a Node)>, SceneError> {
        let Some(node) = self.typed(name, &["string"], "a `string`")? else { return Ok(None) };
        Ok(Some((node.required("value", &self.owner)?, node)))
    }

    /// A text that must be given.
    pub(crate) fn required_text(&mut self, name: &str) -> Result<(&'a str, &'a Node), SceneError> {
        let missing = SceneError::Missing {
            location: self.node.location(),
            owner: self.owner.clone(),
            missing: format!("`<string name=\"{name}\" value=\"...\"/>`"),
        };
        self.text(name)?.ok_or(missing)
    }

    /// `true` or `false`; `false` if it is not given.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, SceneError> {
        let Some(node) = self.typed(name, &["boolean"], "a `boolean`")? else { return Ok(false) };
        match node.required("value", &self.owner)? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.wrong(node, name, "`true` or `false`")),
        }
    }

    /// A point, as `x`, `y` and `z` or as three numbers in `value`.
    pub(crate) fn point(&mut self, name: &str, default: [f64; 3]) -> Result<[f64; 3], SceneError> {
        let Some(node) = self.typed(name, &["point", "vector"], "a `point`")? else { return Ok(default) };
        if node.attribute("value").is_some() {
            let numbers = parse_numbers(node, "value", &self.owner, &[3], "three finite numbers")?;
            return Ok([numbers[0], numbers[1], numbers[2]]);
        }
        let coordinate = |axis| parse_number(node, axis, &self.owner, Range::ANY);
        Ok([coordinate("x")?, coordinate("y")?, coordinate("z")?])
    }

    /// Warns of every property that was not taken, in the order of the document.
    pub(crate) fn warn_untaken(self, warnings: &mut Vec<SceneWarning>) {
        let ignored = |child: &&Node| {
            let name = child.attribute("name").unwrap_or_default();
            self.untaken.get(name).is_some_and(|untaken| std::ptr::eq(*untaken, *child))
        };
        for child in self.node.children.iter().filter(ignored) {
            let name = child.attribute("name").unwrap_or_default();
            let message = format!("{}: property `{name}` has no effect and was ignored", self.owner);
            warnings.push(SceneWarning::at(&child.location(), message));
        }
    }

    /// The error that a value is not what it should be.
    pub(crate) fn wrong(&self, node: &Node, name: &str, expected: &'static str) -> SceneError {
        SceneError::Value {
            location: node.location(),
            owner: self.owner.clone(),
            name: name.to_owned(),
            value: node.attribute("value").unwrap_or_default().to_owned(),
            expected,
        }
    }

    fn typed(
        &mut self,
        name: &str,
        tags: &[&str],
        expected: &'static str,
    ) -> Result<Option<&'a Node>, SceneError> {
        match self.take(name) {
            Some(node) if !tags.contains(&node.tag.as_str()) => Err(SceneError::Value {
                location: node.location(),
                owner: self.owner.clone(),
                name: name.to_owned(),
                value: format!("<{}>", node.tag),
                expected,
            }),
            found => Ok(found),
        }
    }
}
