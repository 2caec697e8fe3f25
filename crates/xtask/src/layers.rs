//! `cargo xtask layers`: every crate stands on a floor and depends only on strictly lower floors.
//!
//! The floor is written in the crate's manifest:
//!
//! ```toml
//! [package.metadata.emberwave]
//! floor = 2
//! ```
//!
//! The rule, for dependencies between packages of the workspace:
//!
//! * normal and build dependencies go to strictly lower floors, so neighbours never import each other;
//! * dev-dependencies may also stay on the same floor (a test may compare two neighbours, and cargo allows that
//!   cycle),
//!   but never go up: the tests of a crate without Burn must not compile Burn. Tests that need more live in the
//!   root package's `tests/`.
//!
//! Optional and target-specific dependencies count like all others.

use crate::{Result, workspace};
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads `cargo metadata` and fails with one line for each broken rule.
pub fn run() -> Result {
    let output = workspace::cargo(&["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .map_err(|error| format!("cargo metadata does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata is not valid JSON: {error}"))?;
    let (floors, violations) = inspect(&metadata);
    if violations.is_empty() {
        println!("layers: {} packages, every dependency goes to a lower floor", floors.len());
        Ok(())
    } else {
        Err(format!("the layers are broken:\n  {}", violations.join("\n  ")))
    }
}

/// The floor of each package and a line for each violation.
fn inspect(metadata: &Value) -> (BTreeMap<String, u64>, Vec<String>) {
    let mut floors = BTreeMap::new();
    let mut violations = Vec::new();
    for package in list(&metadata["packages"]) {
        let name = text(&package["name"]);
        match package["metadata"]["emberwave"]["floor"].as_u64() {
            Some(floor) => {
                floors.insert(name.to_owned(), floor);
            }
            None => violations.push(format!(
                "`{name}` has no floor: add `[package.metadata.emberwave] floor = N` to its manifest"
            )),
        }
    }
    for package in list(&metadata["packages"]) {
        let name = text(&package["name"]);
        let Some(&floor) = floors.get(name) else { continue };
        violations.extend(
            list(&package["dependencies"])
                .iter()
                .filter_map(|dependency| judge(name, floor, dependency, &floors)),
        );
    }
    (floors, violations)
}

/// The line about one dependency, or `None` when it is allowed.
fn judge(name: &str, floor: u64, dependency: &Value, floors: &BTreeMap<String, u64>) -> Option<String> {
    // A registry dependency has a source; a neighbour in the workspace has none.
    if !dependency["source"].is_null() {
        return None;
    }
    let target = text(&dependency["name"]);
    let &target_floor = floors.get(target)?;
    let kind = dependency["kind"].as_str().unwrap_or("normal");
    let allowed = if kind == "dev" { target_floor <= floor } else { target_floor < floor };
    let rule = if kind == "dev" { "the same or a lower floor" } else { "a strictly lower floor" };
    (!allowed).then(|| {
        format!(
            "`{name}` (floor {floor}) has a {kind} dependency on `{target}` (floor {target_floor}); only {rule} is allowed"
        )
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::inspect;
    use serde_json::{Value, json};

    fn package(name: &str, floor: u64, dependencies: &[Value]) -> Value {
        json!({ "name": name, "metadata": { "emberwave": { "floor": floor } }, "dependencies": dependencies })
    }

    fn dependency(name: &str, kind: Option<&str>) -> Value {
        json!({ "name": name, "kind": kind, "source": null })
    }

    fn violations(packages: &[Value]) -> Vec<String> {
        inspect(&json!({ "packages": packages })).1
    }

    #[test]
    fn dependency_on_a_lower_floor_is_allowed() {
        let upper = package("upper", 2, &[dependency("lower", None), dependency("lower", Some("build"))]);
        assert_eq!(violations(&[upper, package("lower", 1, &[])]), Vec::<String>::new());
    }

    #[test]
    fn dependency_on_the_same_or_a_higher_floor_names_both_crates_and_floors() {
        let left = package("left", 1, &[dependency("right", None), dependency("roof", Some("build"))]);
        let found = violations(&[left, package("right", 1, &[]), package("roof", 4, &[])]);
        assert_eq!(found.len(), 2);
        for part in ["`left` (floor 1)", "normal dependency", "`right` (floor 1)"] {
            assert!(found[0].contains(part), "{} lacks {part}", found[0]);
        }
        for part in ["`left` (floor 1)", "build dependency", "`roof` (floor 4)"] {
            assert!(found[1].contains(part), "{} lacks {part}", found[1]);
        }
    }

    #[test]
    fn dev_dependency_may_stay_on_the_floor_but_not_go_up() {
        let left = package("left", 1, &[dependency("right", Some("dev")), dependency("roof", Some("dev"))]);
        let found = violations(&[left, package("right", 1, &[]), package("roof", 4, &[])]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("`roof` (floor 4)"));
    }

    #[test]
    fn renamed_dependency_is_judged_by_its_package_name() {
        let mut renamed = dependency("roof", None);
        renamed["rename"] = json!("something_else");
        let found = violations(&[package("left", 1, &[renamed]), package("roof", 4, &[])]);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn registry_packages_have_no_floor() {
        let registry =
            json!({ "name": "roof", "kind": null, "source": "registry+https://example.org/index" });
        assert_eq!(
            violations(&[package("left", 1, &[registry]), package("roof", 4, &[])]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn package_without_floor_is_named() {
        let found = violations(&[json!({ "name": "lost", "metadata": null, "dependencies": [] })]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("`lost` has no floor"));
    }
}
