//! Which parameters of a scene are trained.

use burn::module::{Module, ParamGroup};

use crate::error::SceneError;
use crate::scene::Scene;

/// The parameters of materials that [`Scene::train_materials`] trains.
const PERMITTIVITY: [&str; 2] = ["materials.relative_permittivity", "materials.conductivity"];

/// What is trained. A new scene trains nothing; its device must have autodiff (`Device::default().autodiff()`) for
/// gradients to exist.
///
/// | parameter | gradient |
/// |---|---|
/// | `materials.*` but `xpd_coefficient` | exact |
/// | `materials.xpd_coefficient` | 0: nothing diffuse is computed |
/// | `transmitters.power_dbm`, `transmitters.orientation`, `transmitters.pattern_tables` | exact |
/// | `transmitters.position`, `vertices` | exact to the tubes' error, or in the mean of rays; borders that move included |
///
/// Any other choice is made with Burn's own groups:
/// `scene.no_grad().set_require_grad_group(ParamGroup::from_path("materials.thickness"), true)`.
impl Scene {
    /// Trains ε_r and σ of all materials, and nothing else.
    ///
    /// Not the thickness: a map is close to periodic in it, so a descent ends in the nearest of many minima. And not the scattering
    /// coefficients, which a map without diffuse reflection hardly tells from the permittivity. Materials of an ITU class
    /// stay what they are at the scene's frequency, so set that first.
    #[must_use]
    pub fn train_materials(mut self) -> Self {
        self.materials = self.materials.training(None);
        self.training_only(&PERMITTIVITY)
    }

    /// Trains ε_r and σ of the materials of these names, and nothing else.
    ///
    /// The other materials receive no gradient (a weight decay would still move them).
    ///
    /// # Errors
    ///
    /// If the scene has no material of a name.
    pub fn train_materials_named<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, SceneError> {
        let mut trained = vec![false; self.materials().len()];
        for name in names {
            trained[self.material_index(name)?] = true;
        }
        self.materials = self.materials.training(Some(trained));
        Ok(self.training_only(&PERMITTIVITY))
    }

    /// Trains positions, orientations and powers of the transmitters, and nothing else.
    ///
    /// Not their pattern tables, whose scale a map cannot tell from the power: [`Self::train_pattern_tables`].
    #[must_use]
    pub fn train_transmitters(self) -> Self {
        self.training_only(&["transmitters.position", "transmitters.orientation", "transmitters.power_dbm"])
    }

    /// Trains the fields of all tabulated patterns ([`PatternTable`](crate::PatternTable)), and nothing else.
    ///
    /// Transmitters whose tables are clones of one another train one table.
    #[must_use]
    pub fn train_pattern_tables(self) -> Self {
        self.training_only(&["transmitters.pattern_tables"])
    }

    /// Trains all vertices, and nothing else.
    #[must_use]
    pub fn train_vertices(mut self) -> Self {
        self.trained_vertices = None;
        self.training_only(&["vertices"])
    }

    /// Trains the vertices of one object, and nothing else; the other objects receive no gradient.
    ///
    /// # Errors
    ///
    /// If the scene has no object of this identifier.
    pub fn train_vertices_of(mut self, id: &str) -> Result<Self, SceneError> {
        let Some(object) = self.objects().iter().find(|object| object.id == id) else {
            let known = self.objects().iter().map(|object| object.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(SceneError::Unknown { kind: "object", name: id.to_owned(), known });
        };
        self.trained_vertices = Some(object.vertices.clone());
        Ok(self.training_only(&["vertices"]))
    }

    /// Keeps the materials' parameters that are trained in their physical ranges: ε_r at least 1, σ and thickness at least 0,
    /// S and K_x between 0 and 1.
    ///
    /// From then on an optimiser moves free numbers that [`Within`](crate::Within) takes to values in the range, so a
    /// scene stays solvable after any step. Values at the very end of a range start a millionth inside.
    #[must_use]
    pub fn constrained(mut self) -> Self {
        self.materials = self.materials.constrained();
        self
    }

    fn training_only(self, paths: &[&str]) -> Self {
        self.no_grad().set_require_grad_group(ParamGroup::from_paths(paths.to_vec()), true)
    }
}
