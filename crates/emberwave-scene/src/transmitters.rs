//! The transmitters of a scene as parameters.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use emberwave_kernels::{Pattern, SOURCE_COLUMNS};
use emberwave_physics::{PATTERN_COLUMNS, rotation_matrix};

use crate::error::{SceneError, require};
use crate::parameter::{extended, frozen, overwritten, read, unchanged, with_derivative};
use crate::pattern_table::{PatternTable, TransmitterPattern};
use crate::transmitter::Transmitter;

/// The transmitters of a [`Scene`](crate::Scene) as parameters, in the order of
/// [`Scene::transmitters`](crate::Scene::transmitters).
#[derive(Module, Debug)]
pub struct Transmitters {
    /// Positions \[m\], `[num_tx, 3]`.
    pub position: Param<Tensor<2>>,
    /// Yaw, pitch and roll \[rad\], `[num_tx, 3]`.
    pub orientation: Param<Tensor<2>>,
    /// Transmit powers \[dBm\], `[num_tx]`; any number is a power, so no step of an optimiser leaves the range.
    pub power_dbm: Param<Tensor<1>>,
    /// Far fields, `[num_tables, num_theta, num_phi, 4]` with the columns Re C_θ, Im C_θ, Re C_φ, Im C_φ: the
    /// different tables of the transmitters in the order in which they came; none if all patterns are named.
    pub pattern_tables: Option<Param<Tensor<4>>>,
    #[module(skip)]
    described: Vec<Transmitter>,
    /// The tables as described.
    #[module(skip)]
    tables: Vec<PatternTable>,
}

impl Transmitters {
    pub(crate) fn none(device: &Device) -> Self {
        Self {
            position: frozen(Vec::new(), [0, 3], device),
            orientation: frozen(Vec::new(), [0, 3], device),
            power_dbm: frozen(Vec::new(), [0], device),
            pattern_tables: None,
            described: Vec::new(),
            tables: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, transmitter: Transmitter) -> Self {
        self.position = extended(&self.position, &transmitter.position.map(|x| x as f32));
        self.orientation = extended(&self.orientation, &transmitter.orientation.map(|x| x as f32));
        self.power_dbm = extended(&self.power_dbm, &[transmitter.power_dbm as f32]);
        if let TransmitterPattern::Table(table) = &transmitter.pattern {
            self.add_table(table);
        }
        self.described.push(transmitter);
        self
    }

    /// Takes the values of the same transmitters elsewhere.
    pub(crate) fn with_values_of(mut self, other: &Self) -> Self {
        self.position = overwritten(self.position, read(&other.position));
        self.orientation = overwritten(self.orientation, read(&other.orientation));
        self.power_dbm = overwritten(self.power_dbm, read(&other.power_dbm));
        if let (Some(tables), Some(others)) = (&mut self.pattern_tables, &other.pattern_tables) {
            *tables = overwritten(tables.clone(), read(others));
        }
        self
    }

    /// Makes a table a parameter, unless it is one, or fits neither itself nor the others: then no solver takes the
    /// scene.
    fn add_table(&mut self, table: &PatternTable) {
        let [rows, columns] = table.shape();
        let fits = self.tables.first().is_none_or(|first| first.shape() == table.shape());
        if !fits || !table.is_filled() || self.table_index(table).is_some() {
            return;
        }
        let values = table.fields().as_flattened();
        self.pattern_tables = Some(match &self.pattern_tables {
            Some(tables) => extended(tables, values),
            None => frozen(values.to_vec(), [1, rows, columns, PATTERN_COLUMNS], &self.position.device()),
        });
        self.tables.push(table.clone());
    }

    fn table_index(&self, table: &PatternTable) -> Option<usize> {
        self.tables.iter().position(|other| other.is_clone_of(table))
    }

    /// The transmitters as described.
    pub(crate) fn described(&self) -> &[Transmitter] {
        &self.described
    }

    /// The transmitters as they are, each in its range.
    pub(crate) fn current(&self) -> Result<Vec<Transmitter>, SceneError> {
        let (position, orientation) = (read(&self.position), read(&self.orientation));
        let power = read(&self.power_dbm);
        let tables = self.current_tables();
        // A value that is still what was written stands for the number it was written from.
        let value =
            |value: f32, from: f64| if unchanged(value, from as f32) { from } else { f64::from(value) };
        let transmitter = |(index, described): (usize, &Transmitter)| {
            let vector = |values: &[f32], from: [f64; 3]| {
                [0, 1, 2].map(|axis| value(values[3 * index + axis], from[axis]))
            };
            let current = Transmitter {
                position: vector(&position, described.position),
                orientation: vector(&orientation, described.orientation),
                power_dbm: value(power[index], described.power_dbm),
                pattern: self.pattern(described, &tables)?,
                ..described.clone()
            };
            current.validate().map(|()| current)
        };
        self.described.iter().enumerate().map(transmitter).collect()
    }

    /// The tables as they are.
    fn current_tables(&self) -> Vec<PatternTable> {
        let Some(values) = self.pattern_tables.as_ref().map(read) else { return self.tables.clone() };
        let length = values.len() / self.tables.len().max(1);
        let tables = self.tables.iter().zip(values.chunks_exact(length.max(1)));
        tables.map(|(table, values)| table.with_values(values)).collect()
    }

    /// A transmitter's pattern, given the current tables.
    fn pattern(
        &self,
        described: &Transmitter,
        current: &[PatternTable],
    ) -> Result<TransmitterPattern, SceneError> {
        let TransmitterPattern::Table(table) = &described.pattern else {
            return Ok(described.pattern.clone());
        };
        if let Some(index) = self.table_index(table) {
            return Ok(current[index].clone().into());
        }
        let subject = || format!("transmitter `{}`", described.name);
        table.validate(subject)?;
        let ([rows, columns], first) =
            (table.shape(), self.tables.first().map_or([0; 2], PatternTable::shape));
        let value = format_args!("{rows} by {columns} beside {} by {}", first[0], first[1]);
        let expected = "a table of the same shape as those of other transmitters";
        require(false, subject, "pattern", expected, value)?;
        Ok(table.clone().into())
    }

    /// What the antennas of solvers call a transmitter's pattern, of those described.
    pub(crate) fn solver_pattern(&self, transmitter: usize) -> Pattern {
        match &self.described[transmitter].pattern {
            TransmitterPattern::Named(pattern) => Pattern::Named(*pattern),
            TransmitterPattern::Table(table) => Pattern::Table(self.table_index(table).unwrap_or_default()),
        }
    }

    /// The tables as a solver reads them, `[num_tables, num_theta, num_phi, 4]`.
    pub(crate) fn tables(&self) -> Tensor<4> {
        match &self.pattern_tables {
            Some(tables) => tables.val(),
            None => Tensor::zeros([0, 2, 1, PATTERN_COLUMNS], &self.position.device()),
        }
    }

    /// Positions and rotations as a solver reads them, `[num_tx, 12]`.
    pub(crate) fn sources(&self, current: &[Transmitter]) -> Tensor<2> {
        let shape = [current.len(), SOURCE_COLUMNS];
        let rows = current.iter().flat_map(source_row).collect();
        let values = Tensor::from_data(TensorData::new::<f32, _>(rows, shape), &self.position.device());
        let (position, orientation) = (self.position.val(), self.orientation.val());
        if !position.is_tracked() && !orientation.is_tracked() {
            return values;
        }
        let rotation = emberwave_em::rotation_matrices(orientation).reshape([current.len(), 9]);
        with_derivative(values, Tensor::cat(vec![position, rotation], 1), None)
    }

    /// Transmit powers \[W\], `[num_tx]`.
    pub(crate) fn power(&self, current: &[Transmitter]) -> Tensor<1> {
        let watts = current.iter().map(|transmitter| transmitter.power() as f32).collect();
        let shape = [current.len()];
        let values = Tensor::from_data(TensorData::new::<f32, _>(watts, shape), &self.power_dbm.device());
        let decibels = self.power_dbm.val();
        if !decibels.is_tracked() {
            return values;
        }
        let watts = ((decibels - 30.0) * (std::f64::consts::LN_10 / 10.0)).exp();
        with_derivative(values, watts, None)
    }
}

/// Position, then the rotation from the antenna's frame to the world's, row by row.
fn source_row(transmitter: &Transmitter) -> impl Iterator<Item = f32> {
    let rotation = rotation_matrix(transmitter.orientation);
    transmitter.position.into_iter().chain(rotation.into_iter().flatten()).map(|x| x as f32)
}
