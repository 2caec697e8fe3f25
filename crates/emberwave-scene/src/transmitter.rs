//! Transmitters.

use emberwave_physics::{Polarization, PolarizationModel, look_at};

use crate::error::{MAX_COORDINATE, SceneError, require};
use crate::pattern_table::TransmitterPattern;

/// A transmitter: where it is, how it is turned, what antenna it has and how much power it sends.
///
/// ```
/// # use emberwave_scene::Transmitter;
/// let tx = Transmitter::new("tx", [0.0, 0.0, 20.0]).with_look_at([100.0, 0.0, 20.0]).with_power_dbm(30.0);
/// assert_eq!(tx.power(), 1.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Transmitter {
    /// Unique name.
    pub name: String,
    /// Position \[m\].
    pub position: [f64; 3],
    /// Yaw, pitch and roll \[rad\]: Rz(α)·Ry(β)·Rx(γ) turns the antenna's frame, whose boresight is +x, into the
    /// world's. A positive β tilts the boresight down.
    pub orientation: [f64; 3],
    /// Transmit power \[dBm\].
    pub power_dbm: f64,
    /// Field over directions.
    pub pattern: TransmitterPattern,
    /// Slants of the antenna's ports.
    pub polarization: Polarization,
    /// How a slant turns the field.
    pub polarization_model: PolarizationModel,
}

impl Transmitter {
    /// An isotropic, vertically polarised transmitter of 44 dBm.
    #[must_use]
    pub fn new(name: impl Into<String>, position: [f64; 3]) -> Self {
        Self {
            name: name.into(),
            position,
            orientation: [0.0; 3],
            power_dbm: 44.0,
            pattern: TransmitterPattern::default(),
            polarization: Polarization::default(),
            polarization_model: PolarizationModel::default(),
        }
    }

    /// Turns the antenna by yaw, pitch and roll \[rad\].
    #[must_use]
    pub fn with_orientation(mut self, orientation: [f64; 3]) -> Self {
        self.orientation = orientation;
        self
    }

    /// Turns the boresight towards a point \[m\].
    #[must_use]
    pub fn with_look_at(mut self, target: [f64; 3]) -> Self {
        self.orientation = look_at(self.position, target);
        self
    }

    /// Sets the transmit power \[dBm\].
    #[must_use]
    pub fn with_power_dbm(mut self, power_dbm: f64) -> Self {
        self.power_dbm = power_dbm;
        self
    }

    /// Sets the pattern: an [`AntennaPattern`](emberwave_physics::AntennaPattern) or a
    /// [`PatternTable`](crate::PatternTable).
    #[must_use]
    pub fn with_pattern(mut self, pattern: impl Into<TransmitterPattern>) -> Self {
        self.pattern = pattern.into();
        self
    }

    /// Sets the polarisation. With two ports (`VH`, `cross`) both are fed with 1/√2 of the amplitude, coherently.
    #[must_use]
    pub fn with_polarization(mut self, polarization: Polarization) -> Self {
        self.polarization = polarization;
        self
    }

    /// Sets how a slant turns the field.
    #[must_use]
    pub fn with_polarization_model(mut self, model: PolarizationModel) -> Self {
        self.polarization_model = model;
        self
    }

    /// Transmit power \[W\].
    #[must_use]
    pub fn power(&self) -> f64 {
        emberwave_physics::units::watt_from_dbm(self.power_dbm)
    }

    pub(crate) fn validate(&self) -> Result<(), SceneError> {
        let subject = || format!("transmitter `{}`", self.name);
        let within = |v: &[f64; 3], largest: f64| v.iter().all(|x| x.abs() <= largest);
        let position = within(&self.position, MAX_COORDINATE);
        require(position, subject, "position", "finite and within 1e7 m of the origin", self.position)?;
        let orientation = within(&self.orientation, f64::MAX);
        require(orientation, subject, "orientation", "finite", self.orientation)?;
        let sane = self.power_dbm.is_finite() && self.power_dbm.abs() <= 300.0;
        require(sane, subject, "power_dbm", "between -300 and 300", self.power_dbm)?;
        match &self.pattern {
            TransmitterPattern::Named(_) => Ok(()),
            TransmitterPattern::Table(table) => table.validate(subject),
        }
    }
}
