//! A scene on a device.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use emberwave_formats::{ObjectDescription, SceneDescription};
use emberwave_geometry::Aabb;
use emberwave_kernels::Topology;

use crate::error::{SceneError, require};
use crate::material::{ItuEdition, ItuPolicy, OutOfRange, RadioMaterial};
use crate::object::SceneObject;
use crate::parameter::{first_not_finite, frozen, overwritten, read};
use crate::radio_materials::RadioMaterials;
use crate::transmitter::Transmitter;
use crate::transmitters::Transmitters;

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
///
/// A scene is a Burn [`Module`] whose parameters are `vertices`, `materials.*` ([`RadioMaterials`]) and `transmitters.*`
/// ([`Transmitters`]); optimisers of `burn::optim` train it, records save it. [`Self::materials`] and
/// [`Self::transmitters`] tell how it was described, [`Self::current_materials`] and [`Self::current_transmitters`] what
/// training or a record has made of it.
#[derive(Module, Debug)]
pub struct Scene {
    vertices: Param<Tensor<2>>,
    pub(crate) materials: RadioMaterials,
    pub(crate) transmitters: Transmitters,
    /// Which vertices receive gradients; all if absent.
    #[module(skip)]
    pub(crate) trained_vertices: Option<Range<usize>>,
    #[module(skip)]
    pub(crate) topology: Arc<Topology>,
    #[module(skip)]
    objects: Arc<[SceneObject]>,
    #[module(skip)]
    frequency: f64,
    #[module(skip)]
    bandwidth: f64,
    #[module(skip)]
    temperature: f64,
    #[module(skip)]
    itu: ItuPolicy,
    #[module(skip)]
    bounds: Aabb,
    #[module(skip)]
    warnings: Vec<String>,
}

/// A scene whose numbers are all in range, at this moment.
pub(crate) struct Checked {
    pub materials: Vec<RadioMaterial>,
    pub transmitters: Vec<Transmitter>,
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
        let materials: Vec<_> = description.materials.into_iter().map(RadioMaterial::from).collect();
        materials.iter().try_for_each(RadioMaterial::validate)?;
        let itu = ItuPolicy::default();
        Ok(Self {
            vertices: frozen(geometry.coordinates, shape, device),
            materials: RadioMaterials::new(materials, DEFAULT_FREQUENCY, itu, device),
            transmitters: Transmitters::none(device),
            trained_vertices: None,
            topology: Arc::new(topology),
            objects: geometry.objects.into(),
            frequency: DEFAULT_FREQUENCY,
            bandwidth: DEFAULT_BANDWIDTH,
            temperature: DEFAULT_TEMPERATURE,
            itu,
            bounds,
            warnings: description.warnings.iter().map(ToString::to_string).collect(),
        })
    }

    /// Sets the carrier frequency \[Hz\]; materials of an ITU class follow it unless they are trained or were changed.
    #[must_use]
    pub fn with_frequency(mut self, frequency: f64) -> Self {
        self.frequency = frequency;
        self.following()
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
        self.following()
    }

    /// Sets the edition of ITU-R P.2040; by default the fourth.
    #[must_use]
    pub fn with_itu_edition(mut self, edition: ItuEdition) -> Self {
        self.itu.edition = edition;
        self.following()
    }

    /// Adds a transmitter.
    #[must_use]
    pub fn with_transmitter(mut self, transmitter: Transmitter) -> Self {
        self.transmitters = self.transmitters.with(transmitter);
        self
    }

    /// Removes all transmitters.
    #[must_use]
    pub fn without_transmitters(mut self) -> Self {
        self.transmitters = Transmitters::none(&self.device());
        self
    }

    /// Replaces the material that has the same name.
    ///
    /// # Errors
    ///
    /// If there is none, or a number of the material is out of range.
    pub fn with_material(mut self, material: RadioMaterial) -> Result<Self, SceneError> {
        material.validate()?;
        let index = self.material_index(&material.name)?;
        self.materials = self.materials.replacing(index, material, self.frequency, self.itu);
        Ok(self)
    }

    /// Checks everything a solver relies on.
    ///
    /// # Errors
    ///
    /// If a number is out of range, two transmitters have one name, or a material has no value at the frequency.
    pub fn validate(&self) -> Result<(), SceneError> {
        self.checked().map(drop)
    }

    /// Reads the parameters, each once, and checks them and everything else.
    pub(crate) fn checked(&self) -> Result<Checked, SceneError> {
        let subject = || "scene".to_owned();
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let (frequency, bandwidth) = (self.frequency, self.bandwidth);
        require(positive(frequency), subject, "frequency", "positive and finite [Hz]", frequency)?;
        require(positive(bandwidth), subject, "bandwidth", "positive and finite [Hz]", bandwidth)?;
        let temperature = self.temperature;
        let valid = temperature.is_finite() && temperature >= 0.0;
        require(valid, subject, "temperature", "finite and at least 0 [K]", temperature)?;
        let transmitters = self.transmitters.current()?;
        for (index, transmitter) in transmitters.iter().enumerate() {
            if transmitters[..index].iter().any(|other| other.name == transmitter.name) {
                return Err(SceneError::Duplicate { kind: "transmitter", name: transmitter.name.clone() });
            }
        }
        let materials = self.materials.current(frequency, self.itu)?;
        let wrong = first_not_finite(&self.vertices);
        require(wrong.is_none(), subject, "vertices", "finite", wrong)?;
        Ok(Checked { materials, transmitters })
    }

    /// Takes the parameters' values from the same scene elsewhere.
    pub(crate) fn with_values_of(mut self, other: &Self) -> Self {
        self.materials = self.materials.with_values_of(&other.materials);
        self.transmitters = self.transmitters.with_values_of(&other.transmitters);
        self.vertices = overwritten(self.vertices, read(&other.vertices));
        self
    }

    fn following(mut self) -> Self {
        self.materials = self.materials.following(self.frequency, self.itu);
        self
    }

    pub(crate) fn material_index(&self, name: &str) -> Result<usize, SceneError> {
        let materials = self.materials();
        materials.iter().position(|material| material.name == name).ok_or_else(|| {
            let known =
                materials.iter().map(|material| material.name.as_str()).collect::<Vec<_>>().join(", ");
            SceneError::Unknown { kind: "material", known, name: name.to_owned() }
        })
    }

    /// The device that holds the scene's tensors.
    #[must_use]
    pub fn device(&self) -> Device {
        self.vertices.device()
    }

    /// Vertex positions \[m\], `[num_vertices, 3]`.
    #[must_use]
    pub fn vertices(&self) -> Tensor<2> {
        self.vertices.val()
    }

    /// The vertices as a parameter.
    #[must_use]
    pub fn vertex_parameter(&self) -> &Param<Tensor<2>> {
        &self.vertices
    }

    /// The materials as parameters.
    #[must_use]
    pub fn material_parameters(&self) -> &RadioMaterials {
        &self.materials
    }

    /// The transmitters as parameters.
    #[must_use]
    pub fn transmitter_parameters(&self) -> &Transmitters {
        &self.transmitters
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

    /// Materials in the order of the scene file, as described by the file and [`Self::with_material`].
    #[must_use]
    pub fn materials(&self) -> &[RadioMaterial] {
        self.materials.described()
    }

    /// The materials as constants at the scene's frequency, with what training or a record has changed.
    ///
    /// # Errors
    ///
    /// If one has no value at the frequency, or a number is out of range.
    pub fn current_materials(&self) -> Result<Vec<RadioMaterial>, SceneError> {
        self.materials.current(self.frequency, self.itu)
    }

    /// Transmitters in the order in which they were added, as described.
    #[must_use]
    pub fn transmitters(&self) -> &[Transmitter] {
        self.transmitters.described()
    }

    /// The transmitters with what training or a record has changed.
    ///
    /// # Errors
    ///
    /// If a number is out of range.
    pub fn current_transmitters(&self) -> Result<Vec<Transmitter>, SceneError> {
        self.transmitters.current()
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
