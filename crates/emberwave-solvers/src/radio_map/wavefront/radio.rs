//! What fields depend on: materials, frequency and antennas, or the functions in their place.

use burn::tensor::Tensor;
use emberwave_em::{
    ComplexTensor, FieldTensor, IncidenceTensor, PatternTensor, RadiatorTensor, SlabTensor, radiate,
    slab_coefficients,
};
use emberwave_kernels::{Antenna, Pattern, TraceInputs};

use super::custom::{CustomParts, MaterialQuery};
use super::interactions::{Places, Surfaces};
use super::rays::indices;

/// The fields' inputs at the first frequency, in one element type.
#[derive(Debug)]
pub(super) struct Radio<'a> {
    inputs: TraceInputs,
    custom: &'a CustomParts,
    /// Materials, `[materials, 8]`.
    pub materials: Tensor<2>,
    /// 1/λ, `[1]`.
    wavelengths_per_metre: Tensor<1>,
}

impl<'a> Radio<'a> {
    /// From inputs of one element type.
    pub fn new(inputs: TraceInputs, custom: &'a CustomParts) -> Self {
        let wavenumber = inputs.wavenumber.clone().narrow(0, 0, 1);
        Self {
            materials: inputs.materials.clone().narrow(0, 0, 1).squeeze_dim(0),
            // Not divided: Burn 0.22.1 rounds the slope of `div_scalar` to f32.
            wavelengths_per_metre: wavenumber.mul_scalar(1.0 / std::f64::consts::TAU),
            inputs,
            custom,
        }
    }

    /// The range-free fields that a transmitter radiates along `directions`, `[n, 3]`.
    pub fn radiate(&self, transmitter: usize, antenna: &Antenna, directions: Tensor<2>) -> FieldTensor {
        let radiator = self.radiator(transmitter, antenna);
        match &self.custom.antenna {
            None => radiator.field(directions),
            Some(antenna) => radiate(directions, radiator.rotation, |local| antenna(transmitter, local)),
        }
    }

    /// A transmitter's antenna with the weights of its first beam.
    fn radiator(&self, transmitter: usize, antenna: &Antenna) -> RadiatorTensor {
        let of_source = self.inputs.sources.clone().narrow(0, transmitter, 1);
        let offsets: Tensor<2> = self.inputs.ports.clone().narrow(0, transmitter, 1).squeeze_dim(0);
        let weights = self.inputs.precoding.clone().narrow(0, transmitter, 1).narrow(1, 0, 1);
        let num_ports = offsets.dims()[0];
        let per_slant = num_ports.div_ceil(antenna.slants.len().max(1));
        let slants = antenna.slants.iter().flat_map(|&slant| std::iter::repeat_n(slant, per_slant));
        RadiatorTensor {
            pattern: self.pattern(antenna),
            model: antenna.model,
            slants: slants.take(num_ports).map(f64::from).collect(),
            rotation: of_source.narrow(1, 3, 9).reshape([3, 3]),
            weights: weights.reshape([num_ports, 2]),
            offsets,
            wavenumber: self.inputs.wavenumber.clone().narrow(0, 0, 1),
        }
    }

    /// Whether antennas may look into tables.
    pub fn has_tables(&self) -> bool {
        self.inputs.pattern_tables.dims()[0] > 0
    }

    /// What an antenna's elements radiate.
    fn pattern(&self, antenna: &Antenna) -> PatternTensor {
        match antenna.pattern {
            Pattern::Named(pattern) => PatternTensor::Named(pattern),
            Pattern::Table(table) => {
                let table = self.inputs.pattern_tables.clone().narrow(0, table, 1).squeeze_dim(0);
                PatternTensor::Table(Box::new(table))
            }
        }
    }

    /// What waves along `directions` meet at planes with unit `normals`, both `[n, 3]`, of these materials; `places` is
    /// asked if a function stands in for materials.
    pub fn surfaces(
        &self,
        directions: Tensor<2>,
        normals: Tensor<2>,
        materials: impl Iterator<Item = u32>,
        places: impl FnOnce() -> Places,
    ) -> Surfaces {
        let materials = indices(materials.map(|material| material as i32), &self.materials.device());
        let incidence = IncidenceTensor::new(directions, normals);
        let own = self.materials.clone().select(0, materials.clone());
        let rows = match &self.custom.material {
            None => own.clone(),
            Some(material) => {
                let Places { positions, triangles } = places();
                material(MaterialQuery { positions, triangles, materials, rows: own.clone() })
            }
        };
        Surfaces { slab: self.slab(&rows, &incidence), scattering: column(&rows, 3), own, incidence }
    }

    /// What events at surfaces are drawn for, as constants: coefficients and scattering coefficients of the scene's own
    /// materials.
    pub fn drawn(&self, surfaces: &Surfaces) -> (SlabTensor, Tensor<1>) {
        let slab = match &self.custom.material {
            None => surfaces.slab.clone(),
            Some(_) => self.slab(&surfaces.own, &surfaces.incidence),
        };
        (slab.detach(), column(&surfaces.own, 3).detach())
    }

    fn slab(&self, rows: &Tensor<2>, incidence: &IncidenceTensor) -> SlabTensor {
        let eta = ComplexTensor::new(column(rows, 0), column(rows, 1));
        let thickness = column(rows, 2) * self.wavelengths_per_metre.clone();
        slab_coefficients(eta, incidence.cos_theta.clone(), thickness)
    }
}

fn column(rows: &Tensor<2>, column: usize) -> Tensor<1> {
    rows.clone().narrow(1, column, 1).squeeze_dim(1)
}
