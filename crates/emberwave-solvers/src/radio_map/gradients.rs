//! Which derivatives of a solve can only be 0, and which lack a part.

use emberwave_scene::SceneTensors;

use super::RadioMapSolver;

impl RadioMapSolver {
    /// Tells in a line each which derivatives that are asked for (of tensors that an autodiff graph tracks) can only be 0
    /// with this solver's options, or lack the motion of borders. A solve logs them as warnings.
    ///
    /// ```
    /// # use emberwave_solvers::RadioMapSolverConfig;
    /// # use emberwave_scene::{Scene, Transmitter};
    /// # use burn::tensor::Device;
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/scenes/floor/floor.xml");
    /// let scene = Scene::load(path, &Device::default().autodiff())?
    ///     .with_transmitter(Transmitter::new("tx", [0.0, 0.0, 5.0]))
    ///     .train_materials();
    /// let line_of_sight = RadioMapSolverConfig::new().with_max_depth(0).init();
    /// let warnings = line_of_sight.gradient_warnings(&scene.tensors()?);
    /// assert_eq!(warnings, ["the gradient by materials is 0: no path interacts (max_depth 0)"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn gradient_warnings(&self, tensors: &SceneTensors) -> Vec<String> {
        let surface = tensors.surface.as_ref().is_some_and(|surface| surface.is_tracked());
        let places = [
            ("positions", tensors.sources.is_tracked()),
            ("vertices", tensors.vertices.is_tracked()),
            ("the measurement surface", surface),
        ];
        let mut warnings = Vec::new();
        let idle = self.why_nothing_interacts();
        if let Some(why) = idle.filter(|_| tensors.materials.is_tracked()) {
            warnings.push(format!("the gradient by materials is 0: {why}"));
        }
        if tensors.pattern_tables.is_tracked() && self.custom().antenna.is_some() {
            warnings
                .push("the gradient by pattern tables is 0: a function stands in for antennas".to_owned());
        }
        if self.config().visibility_gradient {
            return warnings;
        }
        for (what, _) in places.into_iter().filter(|(_, is_tracked)| *is_tracked) {
            warnings.push(match idle {
                Some(why) if what == "vertices" => format!(
                    "the gradient by vertices is 0: {why}, and the motion of borders is off (visibility_gradient)"
                ),
                _ => format!("the gradient by {what} lacks the motion of borders (visibility_gradient is off)"),
            });
        }
        warnings
    }

    /// Why no path meets anything, if so.
    fn why_nothing_interacts(&self) -> Option<&'static str> {
        let config = self.config();
        if config.max_depth == 0 {
            Some("no path interacts (max_depth 0)")
        } else if !config.specular_reflection && !config.refraction {
            Some("no path interacts (specular_reflection and refraction are off)")
        } else {
            None
        }
    }
}
