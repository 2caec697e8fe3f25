//! What a solver reads of a scene.

use std::sync::Arc;

use burn::tensor::{Device, FloatDType, Tensor, TensorData};
use emberwave_geometry::Aabb;
use emberwave_kernels::{Antenna, Pattern, Topology};
use emberwave_physics::PATTERN_COLUMNS;
use emberwave_physics::constants::SPEED_OF_LIGHT;

use crate::error::{SceneError, require};
use crate::parameter::with_derivative;
use crate::scene::{Checked, Scene};
use crate::transmitter::Transmitter;

/// The continuous inputs of a solver as tensors, and what is discrete beside them.
///
/// Taken from a scene by [`Scene::tensors`]; any tensor can be replaced by one that comes from elsewhere (a network, a
/// rigid motion, another law for the permittivity) before a solver reads it.
#[derive(Clone, Debug)]
pub struct SceneTensors {
    /// Vertex positions \[m\], `[num_vertices, 3]`.
    pub vertices: Tensor<2>,
    /// Materials, `[num_frequencies, num_materials, 8]`; columns as in `emberwave_kernels::MATERIAL_COLUMNS`.
    pub materials: Tensor<3>,
    /// Wavenumbers 2πf/c \[rad/m\], `[num_frequencies]`.
    pub wavenumber: Tensor<1>,
    /// Positions \[m\] and rotations of the transmitters, `[num_tx, 12]`.
    pub sources: Tensor<2>,
    /// Far fields of tabulated patterns, `[num_tables, num_theta, num_phi, 4]`, as `emberwave_kernels::TraceInputs`
    /// has them; [`antennas`](Self::antennas) say which transmitter has which.
    pub pattern_tables: Tensor<4>,
    /// Port offsets \[m\], `[num_tx, num_ports, 3]`.
    pub ports: Tensor<3>,
    /// Complex port weights, `[num_tx, num_beams, num_ports, 2]`.
    pub precoding: Tensor<4>,
    /// Transmit powers \[W\], `[num_tx]`.
    pub power: Tensor<1>,
    /// The measurement surface in place of the solver's, `[1, 3, 3]`: the corner where both cell indices are 0, the edge along
    /// x and the edge along y \[m\]; the number of cells stays the solver's.
    pub surface: Option<Tensor<3>>,
    /// Power of the thermal noise \[W\].
    pub noise_power: f64,
    /// Antenna of each transmitter.
    pub antennas: Vec<Antenna>,
    /// Name of each transmitter.
    pub tx_names: Vec<String>,
    /// Triangles and materials.
    pub topology: Arc<Topology>,
    /// The box around the scene.
    pub bounds: Aabb,
}

impl SceneTensors {
    /// Replaces the vertex positions, `[num_vertices, 3]`.
    #[must_use]
    pub fn with_vertices(mut self, vertices: Tensor<2>) -> Self {
        assert_eq!(vertices.dims(), self.vertices.dims(), "vertices keep their shape");
        self.vertices = vertices;
        self
    }

    /// Replaces the materials, `[num_frequencies, num_materials, 8]`.
    #[must_use]
    pub fn with_materials(mut self, materials: Tensor<3>) -> Self {
        assert_eq!(materials.dims(), self.materials.dims(), "materials keep their shape");
        self.materials = materials;
        self
    }

    /// Replaces positions and rotations of the transmitters, `[num_tx, 12]`.
    #[must_use]
    pub fn with_sources(mut self, sources: Tensor<2>) -> Self {
        assert_eq!(sources.dims(), self.sources.dims(), "sources keep their shape");
        self.sources = sources;
        self
    }

    /// Replaces the far fields of tabulated patterns, `[num_tables, num_theta, num_phi, 4]`; the number of angles
    /// may be another.
    ///
    /// So a pattern can come from a network or a sum of modes; the transmitters that it is for have a
    /// [`PatternTable`](crate::PatternTable) in the scene.
    #[must_use]
    pub fn with_pattern_tables(mut self, pattern_tables: Tensor<4>) -> Self {
        let [num_tables, num_theta, num_phi, columns] = pattern_tables.dims();
        let kept = [num_tables, columns] == [self.pattern_tables.dims()[0], PATTERN_COLUMNS];
        assert!(kept, "pattern tables keep their number and their four columns");
        assert!(num_theta >= 2 && num_phi >= 1, "pattern tables have at least 2 zenith angles and 1 azimuth");
        self.pattern_tables = pattern_tables;
        self
    }

    /// Puts the measurement surface elsewhere: corner, edge along x, edge along y \[m\], `[1, 3, 3]`.
    #[must_use]
    pub fn with_surface(mut self, surface: Tensor<3>) -> Self {
        assert_eq!(surface.dims(), [1, 3, 3], "a surface is a corner and two edges");
        self.surface = Some(surface);
        self
    }

    /// Replaces the wavenumbers \[rad/m\], `[num_frequencies]`; materials stay what they are. [`Scene::tensors_at`]
    /// takes them along.
    #[must_use]
    pub fn with_wavenumber(mut self, wavenumber: Tensor<1>) -> Self {
        assert_eq!(wavenumber.dims(), self.wavenumber.dims(), "wavenumbers keep their shape");
        self.wavenumber = wavenumber;
        self
    }

    /// Replaces the transmit powers \[W\], `[num_tx]`.
    #[must_use]
    pub fn with_power(mut self, power: Tensor<1>) -> Self {
        assert_eq!(power.dims(), self.power.dims(), "power keeps its shape");
        self.power = power;
        self
    }
}

impl Scene {
    /// The tensors that solvers read.
    ///
    /// Their values are computed on the host in f64 from the description and from parameters that have changed, so they do
    /// not depend on what is trained; gradients flow from them to the trained parameters.
    ///
    /// # Errors
    ///
    /// As [`Scene::validate`].
    pub fn tensors(&self) -> Result<SceneTensors, SceneError> {
        let Checked { materials, transmitters } = self.checked()?;
        if self.materials.xpd_coefficient.val().is_tracked() {
            log::warn!("the gradient by materials.xpd_coefficient is 0: nothing diffuse is computed");
        }
        let device = &self.device();
        let of_transmitter =
            |(index, transmitter)| antenna(transmitter, self.transmitters.solver_pattern(index));
        let antennas: Vec<Antenna> = transmitters.iter().enumerate().map(of_transmitter).collect();
        let num_ports = antennas.iter().map(|antenna| antenna.slants.len()).max().unwrap_or(1);
        let num_tx = transmitters.len();
        let wavenumber = std::f64::consts::TAU * self.frequency() / SPEED_OF_LIGHT;
        let precoding = antennas.iter().flat_map(|antenna| default_precoding(antenna, num_ports)).collect();
        Ok(SceneTensors {
            vertices: self.moving_vertices(),
            materials: self.materials.tensor(&materials, self.frequency()),
            wavenumber: tensor(vec![wavenumber as f32], [1], device),
            sources: self.transmitters.sources(&transmitters),
            pattern_tables: self.transmitters.tables(),
            ports: tensor(vec![0.0; num_tx * num_ports * 3], [num_tx, num_ports, 3], device),
            precoding: tensor(precoding, [num_tx, 1, num_ports, 2], device),
            power: self.transmitters.power(&transmitters),
            surface: None,
            noise_power: self.noise_power(),
            antennas,
            tx_names: transmitters.into_iter().map(|tx| tx.name).collect(),
            topology: Arc::clone(&self.topology),
            bounds: self.bounds(),
        })
    }

    /// The tensors at another carrier frequency \[Hz\], `[1]`, which they are differentiated by.
    ///
    /// Values are those of `with_frequency(f).tensors()`. Wavenumber 2πf/c and permittivities of materials carry
    /// the derivative: ε_r = a f^b and σ = c f^d of an ITU class (f in GHz), unless it is trained or was changed,
    /// and the loss σ/(2πf ε₀) of all. A frequency outside of a class's ranges that is clamped has the derivative
    /// of constants. The tensor must be on the scene's device.
    ///
    /// ```
    /// # use burn::tensor::{Device, Tensor};
    /// # use emberwave_scene::{Scene, Transmitter};
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/scenes/floor/floor.xml");
    /// let device = Device::default().autodiff();
    /// let scene = Scene::load(path, &device)?.with_transmitter(Transmitter::new("tx", [0.0, 0.0, 5.0]));
    /// let frequency = Tensor::<1>::from_data([5e9], &device).require_grad();
    /// let tensors = scene.tensors_at(frequency.clone())?;
    /// let gradient = frequency.grad(&tensors.wavenumber.sum().backward()).map(|slope| slope.into_scalar::<f32>());
    /// assert!((gradient.unwrap_or_default() - 2.0958e-8).abs() < 1e-11); // 2π/c
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Scene::validate`] at that frequency, and if it is not one number.
    pub fn tensors_at(&self, frequency: Tensor<1>) -> Result<SceneTensors, SceneError> {
        let values: Vec<f64> = frequency.to_data().iter::<f64>().collect();
        let subject = || "scene".to_owned();
        let &[value] = values.as_slice() else {
            let expected = "one number [Hz] to differentiate by";
            return require(false, subject, "frequency", expected, values).and_then(|()| self.tensors());
        };
        let scene = self.clone().with_frequency(value);
        let tensors = scene.tensors()?;
        if !frequency.is_tracked() {
            return Ok(tensors);
        }
        let slopes = scene.materials.by_frequency(&scene.current_materials()?, value, scene.itu_policy())?;
        let path = frequency.cast(FloatDType::F32);
        let wavenumber = path.clone().mul_scalar(std::f64::consts::TAU / SPEED_OF_LIGHT);
        Ok(SceneTensors {
            materials: with_derivative(tensors.materials, path.reshape([1, 1, 1]) * slopes, None),
            wavenumber: with_derivative(tensors.wavenumber, wavenumber, None),
            ..tensors
        })
    }

    /// The vertices, of which only trained ones have a derivative.
    fn moving_vertices(&self) -> Tensor<2> {
        let vertices = self.vertices();
        let Some(trained) = self.trained_vertices.as_ref().filter(|_| vertices.is_tracked()) else {
            return vertices;
        };
        let num_vertices = vertices.dims()[0];
        let weight = |vertex| if trained.contains(&vertex) { 1.0 } else { 0.0 };
        let weights = tensor((0..num_vertices).map(weight).collect(), [num_vertices, 1], &self.device());
        with_derivative(vertices.clone().detach(), vertices, Some(weights))
    }
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn antenna(transmitter: &Transmitter, pattern: Pattern) -> Antenna {
    Antenna {
        pattern,
        model: transmitter.polarization_model,
        slants: transmitter.polarization.slants().iter().map(|&slant| slant as f32).collect(),
    }
}

/// 1/√ports on every port of the antenna, 0 on those it does not have.
fn default_precoding(antenna: &Antenna, num_ports: usize) -> impl Iterator<Item = f32> + use<> {
    let own = antenna.slants.len();
    let weight = 1.0 / (own as f32).sqrt();
    (0..num_ports).flat_map(move |port| [if port < own { weight } else { 0.0 }, 0.0])
}
