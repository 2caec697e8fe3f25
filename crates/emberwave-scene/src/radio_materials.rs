//! The materials of a scene as parameters.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use emberwave_formats::Permittivity;
use emberwave_kernels::MATERIAL_COLUMNS;
use emberwave_physics::{Dual, complex_permittivity};

use crate::constraint::{PhysicalRanges, Within};
use crate::error::SceneError;
use crate::material::{ItuPolicy, RadioMaterial};
use crate::parameter::{frozen, overwritten, read, unchanged, with_derivative};

/// Names of the parameters, in the order of [`RadioMaterials::columns`].
const NAMES: [&str; 5] =
    ["relative_permittivity", "conductivity", "thickness", "scattering_coefficient", "xpd_coefficient"];

/// Values of the five parameters.
type Columns = [Vec<f32>; 5];

/// The materials of a [`Scene`](crate::Scene) as parameters, `[num_materials]` each, in the order of
/// [`Scene::materials`](crate::Scene::materials).
///
/// As long as a value is the one that the description gave, it follows the description: that of an ITU class changes with the
/// frequency. A value that is trained, or was changed by an optimiser or a record, is a constant.
#[derive(Module, Debug)]
pub struct RadioMaterials {
    /// ε_r, at least 1.
    pub relative_permittivity: Param<Tensor<1>>,
    /// σ \[S/m\], at least 0.
    pub conductivity: Param<Tensor<1>>,
    /// Thickness of the slab \[m\], at least 0.
    pub thickness: Param<Tensor<1>>,
    /// Scattering coefficient S, in \[0, 1\].
    pub scattering_coefficient: Param<Tensor<1>>,
    /// Cross-polarisation coefficient K_x, in \[0, 1\].
    pub xpd_coefficient: Param<Tensor<1>>,
    #[module(skip)]
    described: Vec<RadioMaterial>,
    #[module(skip)]
    written: Columns,
    /// Which materials receive gradients; all if absent.
    #[module(skip)]
    trained: Option<Vec<bool>>,
}

impl RadioMaterials {
    pub(crate) fn new(
        described: Vec<RadioMaterial>,
        frequency: f64,
        itu: ItuPolicy,
        device: &Device,
    ) -> Self {
        // Where a law has no value, the vacuum stands in until the frequency has one; such a scene cannot be solved.
        let rows = described.iter().map(|material| f32_columns(material, frequency, itu).unwrap_or(VACUUM));
        let written = transposed(rows);
        let column = |index: usize| frozen(written[index].clone(), [described.len()], device);
        Self {
            relative_permittivity: column(0),
            conductivity: column(1),
            thickness: column(2),
            scattering_coefficient: column(3),
            xpd_coefficient: column(4),
            described,
            written,
            trained: None,
        }
    }

    /// The materials as described.
    pub(crate) fn described(&self) -> &[RadioMaterial] {
        &self.described
    }

    /// The materials as they are, as constants at a frequency, each in its range.
    pub(crate) fn current(&self, frequency: f64, itu: ItuPolicy) -> Result<Vec<RadioMaterial>, SceneError> {
        let values = self.read();
        let follows = self.follows(&values);
        let material = |(index, described): (usize, &RadioMaterial)| {
            let [eps_follows, sigma_follows, ..] = follows.each_ref().map(|column| column[index]);
            let (eps, sigma) = if eps_follows || sigma_follows {
                described.properties_under(frequency, itu)?
            } else {
                (0.0, 0.0)
            };
            let of_description = [
                eps,
                sigma,
                described.thickness,
                described.scattering_coefficient,
                described.xpd_coefficient,
            ];
            let value = |column: usize| match follows[column][index] {
                true => of_description[column],
                false => f64::from(values[column][index]),
            };
            let material = RadioMaterial {
                name: described.name.clone(),
                permittivity: Permittivity::Constant {
                    relative_permittivity: value(0),
                    conductivity: value(1),
                },
                thickness: value(2),
                scattering_coefficient: value(3),
                xpd_coefficient: value(4),
            };
            material.validate().map(|()| material)
        };
        self.described.iter().enumerate().map(material).collect()
    }

    /// What a solver reads of the current materials, `[1, num_materials, 8]`.
    pub(crate) fn tensor(&self, current: &[RadioMaterial], frequency: f64) -> Tensor<3> {
        let rows = current.iter().flat_map(|material| row(material, frequency)).collect();
        let shape = [1, current.len(), MATERIAL_COLUMNS];
        let device = &self.thickness.device();
        let values = Tensor::from_data(TensorData::new::<f32, _>(rows, shape), device);
        let mut columns = self.columns().map(Param::val);
        if !columns.iter().any(Tensor::is_tracked) {
            return values;
        }
        let loss = -complex_permittivity(1.0, 1.0, frequency).im;
        columns[1] = columns[1].clone().mul_scalar(-loss);
        let none = columns[0].zeros_like();
        let columns = columns.into_iter().chain(std::iter::repeat_n(none, MATERIAL_COLUMNS - NAMES.len()));
        let path = Tensor::stack::<2>(columns.collect(), 1).unsqueeze_dim(0);
        let trained = self.trained.as_ref().map(|trained| {
            let weights = trained.iter().map(|&trained| if trained { 1.0 } else { 0.0 }).collect();
            Tensor::from_data(TensorData::new::<f32, _>(weights, [1, trained.len(), 1]), device)
        });
        with_derivative(values, path, trained)
    }

    /// Derivatives of [`Self::tensor`] by the frequency \[1/Hz\], `[1, num_materials, 8]`: those of ITU laws where
    /// values follow them, and of the loss of conductors.
    pub(crate) fn by_frequency(
        &self,
        current: &[RadioMaterial],
        frequency: f64,
        itu: ItuPolicy,
    ) -> Result<Tensor<3>, SceneError> {
        let follows = self.follows(&self.read());
        let frequency = Dual::variable(frequency);
        let mut rows = Vec::with_capacity(current.len() * MATERIAL_COLUMNS);
        for (index, (material, described)) in current.iter().zip(&self.described).enumerate() {
            let constant = material.properties_of(frequency, itu)?;
            let law = if follows[0][index] || follows[1][index] {
                described.properties_of(frequency, itu)?
            } else {
                constant
            };
            let eps = if follows[0][index] { law } else { constant }.relative_permittivity;
            let sigma = if follows[1][index] { law } else { constant }.conductivity;
            let eta = complex_permittivity(eps, sigma, frequency);
            rows.extend([eta.re.d as f32, eta.im.d as f32]);
            rows.resize((index + 1) * MATERIAL_COLUMNS, 0.0);
        }
        let shape = [1, current.len(), MATERIAL_COLUMNS];
        Ok(Tensor::from_data(TensorData::new::<f32, _>(rows, shape), &self.thickness.device()))
    }

    /// Writes what changed of the description into parameters that still follow it and are not trained.
    pub(crate) fn following(mut self, frequency: f64, itu: ItuPolicy) -> Self {
        let values = self.read();
        let follows = self.follows(&values);
        let laws: Vec<_> =
            self.described.iter().map(|material| f32_columns(material, frequency, itu)).collect();
        let trained = self.columns().map(|parameter| parameter.val().is_tracked());
        for column in 0..NAMES.len() {
            let wanted = |index: usize| match laws[index] {
                Some(law) if follows[column][index] => law[column],
                _ => values[column][index],
            };
            let wanted: Vec<f32> = (0..laws.len()).map(wanted).collect();
            if !trained[column] && wanted != values[column] {
                self = self.with_column(column, wanted);
            }
        }
        self.noting(&follows)
    }

    /// Replaces a material, whose values then follow the new description.
    pub(crate) fn replacing(
        mut self,
        index: usize,
        material: RadioMaterial,
        frequency: f64,
        itu: ItuPolicy,
    ) -> Self {
        let values = self.read();
        let mut follows = self.follows(&values);
        let new = f32_columns(&material, frequency, itu).unwrap_or(VACUUM);
        self.described[index] = material;
        for (column, mut values) in values.into_iter().enumerate() {
            follows[column][index] = true;
            if !unchanged(values[index], new[column]) {
                values[index] = new[column];
                self = self.with_column(column, values);
            }
        }
        self.noting(&follows)
    }

    /// Writes the values of all materials, given as constants.
    pub(crate) fn holding(self, current: &[RadioMaterial], frequency: f64) -> Self {
        let columns = |material| f32_columns(material, frequency, ItuPolicy::default()).unwrap_or(VACUUM);
        let values = transposed(current.iter().map(columns));
        self.with_columns(values)
    }

    /// Takes the values of the same materials elsewhere.
    pub(crate) fn with_values_of(self, other: &Self) -> Self {
        self.with_columns(other.read())
    }

    /// Chooses which materials receive gradients.
    pub(crate) fn training(mut self, trained: Option<Vec<bool>>) -> Self {
        self.trained = trained;
        self
    }

    /// Puts the physical ranges on those parameters that are trained and have none yet.
    pub(crate) fn constrained(self) -> Self {
        let follows = self.follows(&self.read());
        let free = |parameter: &Param<Tensor<1>>| {
            parameter.is_require_grad() && parameter.reparameterization::<Within>().is_none()
        };
        let columns = self.columns();
        let names =
            NAMES.into_iter().zip(columns).filter(|(_, parameter)| free(parameter)).map(|(name, _)| name);
        let ranges = PhysicalRanges(names.collect());
        self.apply_reparameterization(ranges).noting(&follows)
    }

    fn columns(&self) -> [&Param<Tensor<1>>; 5] {
        [
            &self.relative_permittivity,
            &self.conductivity,
            &self.thickness,
            &self.scattering_coefficient,
            &self.xpd_coefficient,
        ]
    }

    fn read(&self) -> Columns {
        self.columns().map(read)
    }

    /// Which values are what the description gave, and may change with it: that of an ITU class may not while it is trained.
    fn follows(&self, values: &Columns) -> [Vec<bool>; 5] {
        let tracked = self.columns().map(|parameter| parameter.val().is_tracked());
        let receives = |index: usize| self.trained.as_ref().is_none_or(|trained| trained[index]);
        std::array::from_fn(|column| {
            let follows = |(index, described): (usize, &RadioMaterial)| {
                let moves = column < 2 && matches!(described.permittivity, Permittivity::Itu { .. });
                let held = moves && tracked[column] && receives(index);
                !held && unchanged(values[column][index], self.written[column][index])
            };
            self.described.iter().enumerate().map(follows).collect()
        })
    }

    /// Notes what the parameters hold where they follow the description.
    fn noting(mut self, follows: &[Vec<bool>; 5]) -> Self {
        for (column, values) in self.read().into_iter().enumerate() {
            for (index, value) in values.into_iter().enumerate() {
                if follows[column][index] {
                    self.written[column][index] = value;
                }
            }
        }
        self
    }

    fn with_columns(self, values: Columns) -> Self {
        values.into_iter().enumerate().fold(self, |scene, (column, values)| scene.with_column(column, values))
    }

    fn with_column(mut self, column: usize, values: Vec<f32>) -> Self {
        let parameter = match column {
            0 => &mut self.relative_permittivity,
            1 => &mut self.conductivity,
            2 => &mut self.thickness,
            3 => &mut self.scattering_coefficient,
            _ => &mut self.xpd_coefficient,
        };
        *parameter = overwritten(parameter.clone(), values);
        self
    }
}

/// What stands in for a material without values.
const VACUUM: [f32; 5] = [1.0, 0.0, 0.0, 0.0, 0.0];

/// The parameters of a material at a frequency, unless its law has no value there.
fn f32_columns(material: &RadioMaterial, frequency: f64, itu: ItuPolicy) -> Option<[f32; 5]> {
    let (eps, sigma) = material.properties_under(frequency, itu).ok()?;
    let (s, k) = (material.scattering_coefficient, material.xpd_coefficient);
    Some([eps, sigma, material.thickness, s, k].map(|value| value as f32))
}

fn transposed(rows: impl Iterator<Item = [f32; 5]>) -> Columns {
    let mut columns = Columns::default();
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    columns
}

/// A row of the solver's tensor.
fn row(material: &RadioMaterial, frequency: f64) -> [f32; MATERIAL_COLUMNS] {
    let (eps, sigma) = match material.permittivity {
        Permittivity::Constant { relative_permittivity, conductivity } => {
            (relative_permittivity, conductivity)
        }
        Permittivity::Itu { .. } => unreachable!("current materials are constants"),
    };
    let eta = complex_permittivity(eps, sigma, frequency);
    let (s, k) = (material.scattering_coefficient, material.xpd_coefficient);
    [eta.re, eta.im, material.thickness, s, k, 0.0, 0.0, 0.0].map(|x| x as f32)
}
