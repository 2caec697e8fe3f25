//! The classes of ITU-R P.2040 by name. Their numbers live with the physics; a reader only has to know them apart.

/// The 19 material classes of ITU-R P.2040-4 that a scene file may name.
pub const ITU_CLASSES: [&str; 19] = [
    "vacuum",
    "concrete",
    "brick",
    "plasterboard",
    "wood",
    "glass",
    "clear_acrylic",
    "ceiling_board",
    "chipboard",
    "plywood",
    "marble",
    "floorboard",
    "vinyl_tile",
    "carpet_tile",
    "asphalt_concrete",
    "metal",
    "very_dry_ground",
    "medium_dry_ground",
    "wet_ground",
];

/// The ITU class that a name means: exact, or with `-` for `_`, as in `wet-ground`.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    let name = name.replace('-', "_");
    ITU_CLASSES.into_iter().find(|class| *class == name)
}

/// What a material's name claims as its class: the rest after `itu_` or `itu-`, without Blender's copy number.
///
/// Blender calls the copy of a material `itu_concrete.001`; Sionna 2.2 refuses that, we take the class before the
/// number because the copy is of the same stuff.
pub(crate) fn claimed_by(name: &str) -> Option<&str> {
    let claimed = name.strip_prefix("itu_").or_else(|| name.strip_prefix("itu-"))?;
    Some(without_copy_number(claimed))
}

/// The name before a `.001` at its end.
pub(crate) fn without_copy_number(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            stem
        }
        _ => name,
    }
}
