//! The plane of a run; what it leaves out follows from the scene.

use emberwave::geometry::Aabb;
use emberwave::scene::MeasurementPlane;

/// A measurement plane of which any part may be left to the scene.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Measurement {
    pub(crate) center: Option<[f64; 3]>,
    /// Height of the centre \[m\], instead of the centre's or the default's.
    pub(crate) height: Option<f64>,
    /// Yaw, pitch and roll \[rad\].
    pub(crate) orientation: Option<[f64; 3]>,
    pub(crate) size: Option<[f64; 2]>,
    pub(crate) cell_size: Option<[f64; 2]>,
}

impl Measurement {
    /// The plane in a scene of these bounds.
    pub(crate) fn resolve(&self, bounds: Aabb) -> MeasurementPlane {
        let default = MeasurementPlane::over(bounds);
        let [x, y, z] = self.center.unwrap_or(default.center);
        MeasurementPlane {
            center: [x, y, self.height.unwrap_or(z)],
            orientation: self.orientation.unwrap_or(default.orientation),
            size: self.size.unwrap_or(default.size),
            cell_size: self.cell_size.unwrap_or(default.cell_size),
        }
    }
}
