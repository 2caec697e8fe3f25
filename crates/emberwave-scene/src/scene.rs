//! A scene on a device.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use emberwave_formats::{ObjectDescription, SceneDescription};
use emberwave_geometry::Aabb;
use emberwave_kernels::Topology;

use crate::error::{SceneError, require};
use crate::material::{ItuEdition, ItuPolicy, OutOfRange, RadioMaterial};
use crate::object::SceneObject;
use crate::transmitter::Transmitter;

/// Carrier frequency of a new scene \[Hz\].
pub const DEFAULT_FREQUENCY: f64 = 3.5e9;

/// Bandwidth of a new scene \[Hz\].
pub const DEFAULT_BANDWIDTH: f64 = 1e6;

/// Temperature of a new scene \[K\].
pub const DEFAULT_TEMPERATURE: f64 = 293.0;

/// Objects, materials and transmitters at a carrier frequency, on a Burn device.
///
/// Whatever is wrong with a number set by a `with_…` method is reported by [`Self::validate`] and by every solver
/// before it starts.
#[derive(Clone, Debug)]
pub struct Scene {
    pub(crate) vertices: Tensor<2>,
    pub(crate) topology: Arc<Topology>,
    objects: Arc<[SceneObject]>,
    materials: Vec<RadioMaterial>,
    transmitters: Vec<Transmitter>,
    frequency: f64,
    bandwidth: f64,
    temperature: f64,
    itu: ItuPolicy,
    bounds: Aabb,
    warnings: Vec<String>,
}

impl Scene {
    /// Reads a scene file made for Sionna RT (Mitsuba XML with PLY meshes).
    ///
    /// # Errors
    ///
    /// If a file cannot be read or something in it is wrong; the message names file, line and item.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, SceneError> {
        Self::from_description(emberwave_formats::load_scene(path.as_ref())?, device)
    }

    /// Puts a scene on a device and prepares it for ray queries.
    ///
    /// # Errors
    ///
    /// If a material is out of range.
    pub fn from_description(description: SceneDescription, device: &Device) -> Result<Self, SceneError> {
        let bounds = description.bounds();
        let geometry = Geometry::gather(description.objects);
        let topology = Topology::new(geometry.triangles, geometry.materials, geometry.coordinates.len() / 3);
        topology.prepare(&geometry.coordinates);
        let shape = [geometry.coordinates.len() / 3, 3];
        let scene = Self {
            vertices: Tensor::from_data(TensorData::new(geometry.coordinates, shape), device),
            topology: Arc::new(topology),
            objects: geometry.objects.into(),
            materials: description.materials.into_iter().map(RadioMaterial::from).collect(),
            transmitters: Vec::new(),
            frequency: DEFAULT_FREQUENCY,
            bandwidth: DEFAULT_BANDWIDTH,
            temperature: DEFAULT_TEMPERATURE,
            itu: ItuPolicy::default(),
            bounds,
            warnings: description.warnings.iter().map(ToString::to_string).collect(),
        };
        scene.materials.iter().try_for_each(RadioMaterial::validate)?;
        Ok(scene)
    }

    /// Sets the carrier frequency \[Hz\]; materials of an ITU class follow it.
    #[must_use]
    pub fn with_frequency(mut self, frequency: f64) -> Self {
        self.frequency = frequency;
        self
    }

    /// Sets the bandwidth \[Hz\] over which thermal noise is received.
    #[must_use]
    pub fn with_bandwidth(mut self, bandwidth: f64) -> Self {
        self.bandwidth = bandwidth;
        self
    }

    /// Sets the temperature \[K\] of the thermal noise.
    #[must_use]
    pub fn with_temperature(mut self, temperature: f64) -> Self {
        self.temperature = temperature;
        self
    }

    /// Sets what holds for materials of an ITU class at a frequency outside of its ranges; by default an error.
    #[must_use]
    pub fn with_out_of_range(mut self, policy: OutOfRange) -> Self {
        self.itu.out_of_range = policy;
        self
    }

    /// Sets the edition of ITU-R P.2040; by default the fourth.
    #[must_use]
    pub fn with_itu_edition(mut self, edition: ItuEdition) -> Self {
        self.itu.edition = edition;
        self
    }

    /// Adds a transmitter.
    #[must_use]
    pub fn with_transmitter(mut self, transmitter: Transmitter) -> Self {
        self.transmitters.push(transmitter);
        self
    }

    /// Removes all transmitters.
    #[must_use]
    pub fn without_transmitters(mut self) -> Self {
        self.transmitters.clear();
        self
    }

    /// Replaces the material that has the same name.
    ///
    /// # Errors
    ///
    /// If there is none, or a number of the material is out of range.
    pub fn with_material(mut self, material: RadioMaterial) -> Result<Self, SceneError> {
        material.validate()?;
        let known = || self.materials.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(", ");
        let Some(index) = self.materials.iter().position(|m| m.name == material.name) else {
            return Err(SceneError::Unknown { kind: "material", known: known(), name: material.name });
        };
        self.materials[index] = material;
        Ok(self)
    }

    /// Checks everything a solver relies on.
    ///
    /// # Errors
    ///
    /// If a number is out of range, two transmitters have one name, or a material has no value at the frequency.
    pub fn validate(&self) -> Result<(), SceneError> {
        let subject = || "scene".to_owned();
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let (frequency, bandwidth) = (self.frequency, self.bandwidth);
        require(positive(frequency), subject, "frequency", "positive and finite [Hz]", frequency)?;
        require(positive(bandwidth), subject, "bandwidth", "positive and finite [Hz]", bandwidth)?;
        let temperature = self.temperature;
        let valid = temperature.is_finite() && temperature >= 0.0;
        require(valid, subject, "temperature", "finite and at least 0 [K]", temperature)?;
        for (index, transmitter) in self.transmitters.iter().enumerate() {
            transmitter.validate()?;
            if self.transmitters[..index].iter().any(|other| other.name == transmitter.name) {
                return Err(SceneError::Duplicate { kind: "transmitter", name: transmitter.name.clone() });
            }
        }
        self.materials
            .iter()
            .try_for_each(|material| material.properties_under(frequency, self.itu).map(drop))
    }

    /// The device that holds the scene's tensors.
    #[must_use]
    pub fn device(&self) -> Device {
        self.vertices.device()
    }

    /// Vertex positions \[m\], `[num_vertices, 3]`.
    #[must_use]
    pub fn vertices(&self) -> Tensor<2> {
        self.vertices.clone()
    }

    /// Triangles and the material of each.
    #[must_use]
    pub fn topology(&self) -> &Arc<Topology> {
        &self.topology
    }

    /// Objects in the order of the scene file.
    #[must_use]
    pub fn objects(&self) -> &[SceneObject] {
        &self.objects
    }

    /// Materials in the order of the scene file.
    #[must_use]
    pub fn materials(&self) -> &[RadioMaterial] {
        &self.materials
    }

    /// Transmitters in the order in which they were added.
    #[must_use]
    pub fn transmitters(&self) -> &[Transmitter] {
        &self.transmitters
    }

    /// Carrier frequency \[Hz\].
    #[must_use]
    pub fn frequency(&self) -> f64 {
        self.frequency
    }

    /// Bandwidth \[Hz\].
    #[must_use]
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// Temperature \[K\].
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    /// How materials of an ITU class are evaluated.
    #[must_use]
    pub fn itu_policy(&self) -> ItuPolicy {
        self.itu
    }

    /// Power of the thermal noise k·T·B \[W\].
    #[must_use]
    pub fn noise_power(&self) -> f64 {
        emberwave_physics::constants::BOLTZMANN * self.temperature * self.bandwidth
    }

    /// The smallest box around all objects.
    #[must_use]
    pub fn bounds(&self) -> Aabb {
        self.bounds
    }

    /// What the scene file holds that was ignored or looks wrong, one line each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// All meshes of a scene in one.
#[derive(Default)]
struct Geometry {
    coordinates: Vec<f32>,
    triangles: Vec<[u32; 3]>,
    materials: Vec<u32>,
    objects: Vec<SceneObject>,
}

impl Geometry {
    fn gather(objects: Vec<ObjectDescription>) -> Self {
        let mut all = Self::default();
        for object in objects {
            let (first_vertex, first_triangle) = (all.coordinates.len() / 3, all.triangles.len());
            let offset = first_vertex as u32;
            all.coordinates.extend(object.mesh.vertices.iter().flat_map(|v| v.to_array()));
            all.triangles.extend(object.mesh.triangles.iter().map(|t| t.map(|vertex| vertex + offset)));
            all.materials.resize(all.triangles.len(), object.material as u32);
            all.objects.push(SceneObject {
                id: object.id,
                material: object.material,
                triangles: first_triangle..all.triangles.len(),
                vertices: first_vertex..all.coordinates.len() / 3,
            });
        }
        all
    }
}
