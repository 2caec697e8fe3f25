//! Measured powers or path gains at points, from files with comma-separated values.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use thiserror::Error;

use crate::radio_map::RadioMapSamples;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeasuredQuantity {
    /// Received power \[dBm\], column `power_dbm`.
    PowerDbm,
    /// Path gain, linear, column `path_gain`.
    PathGain,
    /// Path gain \[dB\], column `path_gain_db`.
    PathGainDb,
}

impl MeasuredQuantity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PowerDbm, Self::PathGain, Self::PathGainDb];

    /// Name of its column.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::PowerDbm => "power_dbm",
            Self::PathGain => "path_gain",
            Self::PathGainDb => "path_gain_db",
        }
    }
}

/// Measurements that cannot be read. Every message is one line.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MeasurementError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The columns are not those of measurements.
    #[error("{}:1: {message}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A row does not hold what it should.
    #[error("{}:{line}: {message}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line, from 1 on.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// A field does not hold what it should.
    #[error("{}:{line}: column `{column}`: {message}", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// Line, from 1 on.
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// Measured values at points.
///
/// ```
/// use emberwave_solvers::{MeasuredQuantity, Measurements};
/// let text = "x,y,z,power_dbm\n1.0,2.0,1.5,-71.5\n4.0,2.0,1.5,-80\n";
/// let measured = Measurements::read(text.as_bytes(), "walk.csv")?;
/// assert_eq!(measured.quantity, MeasuredQuantity::PowerDbm);
/// assert_eq!((measured.points[1], measured.values[1]), ([4.0, 2.0, 1.5], -80.0));
/// # Ok::<(), emberwave_solvers::MeasurementError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Measurements {
    /// Where was measured \[m\].
    pub points: Vec<[f64; 3]>,
    /// What was measured there.
    pub values: Vec<f64>,
    /// The quantity and unit of the values.
    pub quantity: MeasuredQuantity,
}

impl Measurements {
    /// Reads a file with a header: columns `x`, `y`, `z` \[m\] and one of `power_dbm`, `path_gain`, `path_gain_db`, in
    /// any order; other columns are passed over.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, a column is missing, or a field is not a finite number (not below 0 for a linear
    /// path gain); the message names file, line and column.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, MeasurementError> {
        let path = path.as_ref();
        let file =
            File::open(path).map_err(|source| MeasurementError::Io { path: path.to_owned(), source })?;
        Self::read(file, path)
    }

    /// As [`Self::load`], from anything that can be read; `path` is what errors call it.
    ///
    /// # Errors
    ///
    /// As [`Self::load`].
    pub fn read(reader: impl Read, path: impl AsRef<Path>) -> Result<Self, MeasurementError> {
        let path = path.as_ref();
        let mut rows = ReaderBuilder::new().trim(Trim::All).comment(Some(b'#')).from_reader(reader);
        let header = rows.headers().map_err(|error| refused(path, error))?;
        let table = Table::of(path, header)?;
        let mut read = Self { points: Vec::new(), values: Vec::new(), quantity: table.quantity };
        let mut record = StringRecord::new();
        while rows.read_record(&mut record).map_err(|error| refused(path, error))? {
            let [x, y, z, value] = [0, 1, 2, 3].map(|field| table.number(&record, field));
            read.points.push([x?, y?, z?]);
            read.values.push(value?);
        }
        Ok(read)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The points \[m\] as a tensor, `[num_points, 3]`.
    #[must_use]
    pub fn points_on(&self, device: &Device) -> Tensor<2> {
        let coordinates: Vec<f32> = self.points.iter().flatten().map(|&x| x as f32).collect();
        Tensor::from_data(TensorData::new(coordinates, [self.len(), 3]), device)
    }

    /// The values as a tensor, `[num_points]`.
    #[must_use]
    pub fn values_on(&self, device: &Device) -> Tensor<1> {
        let values: Vec<f32> = self.values.iter().map(|&x| x as f32).collect();
        Tensor::from_data(TensorData::new(values, [self.len()]), device)
    }

    /// What a map says in place of the values, `[num_tx, num_points]`, in their quantity and unit. Differentiable.
    #[must_use]
    pub fn predicted(&self, samples: &RadioMapSamples) -> Tensor<2> {
        match self.quantity {
            MeasuredQuantity::PowerDbm => samples.rss_dbm(),
            MeasuredQuantity::PathGain => samples.path_gain(),
            MeasuredQuantity::PathGainDb => samples.path_gain_db(),
        }
    }
}

/// Where the columns of a file are.
struct Table<'a> {
    path: &'a Path,
    fields: [(&'static str, usize); 4],
    quantity: MeasuredQuantity,
}

impl<'a> Table<'a> {
    fn of(path: &'a Path, header: &StringRecord) -> Result<Self, MeasurementError> {
        let refuse = |message: String| MeasurementError::Header { path: path.to_owned(), message };
        let place = |name: &str| {
            let mut places = header.iter().enumerate().filter(|(_, cell)| cell.eq_ignore_ascii_case(name));
            let first = places.next().map(|(place, _)| place);
            if places.next().is_some() {
                return Err(refuse(format!("two columns are named `{name}`")));
            }
            Ok(first)
        };
        let required = |name| {
            place(name)?
                .ok_or_else(|| refuse(format!("there is no column `{name}` (there are: {})", list(header))))
        };
        let mut measured = Vec::new();
        for quantity in MeasuredQuantity::ALL {
            measured.extend(place(quantity.column())?.map(|place| (quantity, place)));
        }
        let [x, y, z] = ["x", "y", "z"].map(required);
        let [(quantity, value)] = measured[..] else {
            let found = list(header);
            let message =
                format!("one column of power_dbm, path_gain, path_gain_db is needed (there are: {found})");
            return Err(refuse(message));
        };
        let fields = [("x", x?), ("y", y?), ("z", z?), (quantity.column(), value)];
        Ok(Self { path, fields, quantity })
    }

    fn number(&self, record: &StringRecord, field: usize) -> Result<f64, MeasurementError> {
        let (column, place) = self.fields[field];
        let text = record.get(place).unwrap_or_default();
        let refuse = |message: String| {
            let line = record.position().map_or(0, csv::Position::line);
            Err(MeasurementError::Field { path: self.path.to_owned(), line, column, message })
        };
        match text.parse::<f64>() {
            Ok(number) if number < 0.0 && column == MeasuredQuantity::PathGain.column() => {
                refuse(format!("a path gain cannot be below 0, but is {number}"))
            }
            Ok(number) if (number as f32).is_finite() => Ok(number),
            Ok(number) => refuse(format!("a finite number is needed, but is {number}")),
            Err(_) => refuse(format!("`{}` is not a number", text.escape_debug())),
        }
    }
}

fn list(header: &StringRecord) -> String {
    header.iter().map(|name| name.escape_debug().to_string()).collect::<Vec<_>>().join(", ")
}

fn refused(path: &Path, error: csv::Error) -> MeasurementError {
    let path = path.to_owned();
    let line = error.position().map_or(1, csv::Position::line);
    match error.into_kind() {
        ErrorKind::Io(source) => MeasurementError::Io { path, source },
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let message = format!("there are {len} fields, but {expected_len} columns");
            MeasurementError::Row { path, line, message }
        }
        ErrorKind::Utf8 { err, .. } => MeasurementError::Row { path, line, message: err.to_string() },
        other => MeasurementError::Row { path, line, message: format!("{other:?}") },
    }
}
