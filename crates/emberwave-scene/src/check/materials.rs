//! Materials that have no values at the frequency.

use emberwave_formats::SceneDescription;

use super::{Finding, FindingKind};
use crate::material::{ItuPolicy, RadioMaterial};

pub(super) fn finding(scene: &SceneDescription, frequency: f64, itu: ItuPolicy) -> Finding {
    let mut finding = Finding::new(FindingKind::MaterialsOutOfRange);
    for (index, description) in scene.materials.iter().enumerate() {
        if RadioMaterial::from(description.clone()).properties_under(frequency, itu).is_err() {
            let user = scene.objects.iter().find(|object| object.material == index);
            let of = user.map_or(String::new(), |object| format!(" of `{}`", object.id));
            finding.add(|| format!("`{}`{of} at {} GHz", description.name, frequency * 1e-9));
        }
    }
    finding
}
