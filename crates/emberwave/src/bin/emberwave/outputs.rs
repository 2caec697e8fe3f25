//! Files that a map is written to.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use emberwave::solvers::{RadioMap, RadioMapSolverConfig};
use emberwave::viz::{
    ExportError, MapQuantity, MapView, PictureOptions, RadioMapExport, RadioMapFile, check_writable,
    write_atomically,
};

use crate::failure::Failure;
use crate::interrupt;

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) quantity: MapQuantity,
    pub(crate) view: MapView,
}

impl Shown {
    const NAMES: [(&str, MapQuantity, MapView); 13] = [
        ("path_gain", MapQuantity::PathGain, MapView::EachTransmitter),
        ("rss", MapQuantity::Rss, MapView::EachTransmitter),
        ("sinr", MapQuantity::Sinr, MapView::EachTransmitter),
        ("rms_delay_spread", MapQuantity::RmsDelaySpread, MapView::EachTransmitter),
        ("mean_direction_of_arrival", MapQuantity::MeanDirectionOfArrival, MapView::EachTransmitter),
        ("mean_direction_of_departure", MapQuantity::MeanDirectionOfDeparture, MapView::EachTransmitter),
        ("direction_spread_of_arrival", MapQuantity::DirectionSpreadOfArrival, MapView::EachTransmitter),
        ("direction_spread_of_departure", MapQuantity::DirectionSpreadOfDeparture, MapView::EachTransmitter),
        ("relative_error", MapQuantity::RelativeError, MapView::EachTransmitter),
        ("best_path_gain", MapQuantity::PathGain, MapView::BestServer),
        ("best_rss", MapQuantity::Rss, MapView::BestServer),
        ("best_sinr", MapQuantity::Sinr, MapView::BestServer),
        ("best_server", MapQuantity::Rss, MapView::Association),
    ];

    /// Asks the solver for what the picture shows.
    pub(crate) fn require(self, solver: &mut RadioMapSolverConfig) {
        match self.quantity {
            MapQuantity::RmsDelaySpread => solver.delays = true,
            MapQuantity::MeanDirectionOfArrival | MapQuantity::DirectionSpreadOfArrival => {
                solver.directions_of_arrival = true;
            }
            MapQuantity::MeanDirectionOfDeparture | MapQuantity::DirectionSpreadOfDeparture => {
                solver.directions_of_departure = true;
            }
            MapQuantity::RelativeError => solver.error_estimate = true,
            _ => {}
        }
    }

    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        match Self::NAMES.into_iter().find(|(known, ..)| *known == name) {
            Some((_, quantity, view)) => Ok(Self { quantity, view }),
            None => Err(format!("known are {}", Self::NAMES.map(|(known, ..)| known).join(", "))),
        }
    }
}

/// The kinds of file that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Npz,
    Safetensors,
    Png,
    Json,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

impl Output {
    pub(crate) fn parser() -> impl TypedValueParser<Value = Self> {
        OsStringValueParser::new().try_map(|path| Self::new(path.into()))
    }

    /// The kind follows from the extension.
    pub(crate) fn new(path: PathBuf) -> Result<Self, String> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        let kind = match extension.as_deref() {
            Some("npz") => Kind::Npz,
            Some("safetensors") => Kind::Safetensors,
            Some("png") => Kind::Png,
            Some("json") => Kind::Json,
            _ => return Err("the extension must be .npz, .safetensors, .png or .json".to_owned()),
        };
        Ok(Self { path, kind })
    }
}

/// The files of a run, known to be writable before it starts.
pub(crate) struct Outputs {
    files: Vec<Output>,
    picture: PictureOptions,
}

impl Outputs {
    /// Refuses files that could not be written.
    pub(crate) fn prepare(asked_for: &[Output], picture: PictureOptions) -> Result<Self, Failure> {
        let mut files = asked_for.to_vec();
        if files.is_empty() {
            files.push(Output { path: "map.png".into(), kind: Kind::Png });
        }
        for (index, file) in files.iter().enumerate() {
            if files[..index].contains(file) {
                return Err(Failure::input(format!("`{}` is given twice as output", file.path.display())));
            }
            check_writable(&file.path).map_err(|error| Failure::input(error.to_string()))?;
        }
        if let (Some(vmin), Some(vmax)) = (picture.vmin, picture.vmax)
            && vmin >= vmax
        {
            return Err(Failure::input(format!("--vmin {vmin} must be below --vmax {vmax}")));
        }
        Ok(Self { files, picture })
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Writes the map itself; the record, which tells how long this took, comes after.
    pub(crate) fn write_map(&self, map: &RadioMap) -> Result<(), Failure> {
        for file in &self.files {
            interrupt::check()?;
            let written = match file.kind {
                Kind::Npz | Kind::Safetensors => map.save(&file.path),
                Kind::Png => map.save_picture(&file.path, &self.picture),
                Kind::Json => Ok(()),
            };
            written.map_err(|error| not_written(&file.path, &error))?;
        }
        Ok(())
    }

    /// Writes the record of the run wherever it was asked for.
    pub(crate) fn write_record(&self, record: &str) -> Result<(), Failure> {
        for file in self.files.iter().filter(|file| file.kind == Kind::Json) {
            interrupt::check()?;
            let io_error = |source| ExportError::Io { path: file.path.clone(), source };
            write_atomically(&file.path, |writer| writer.write_all(record.as_bytes()).map_err(io_error))
                .map_err(|error| not_written(&file.path, &error))?;
        }
        Ok(())
    }
}

/// Errors of drawing do not name the file by themselves.
fn not_written(path: &Path, error: &ExportError) -> Failure {
    let message = error.to_string();
    let path = path.display().to_string();
    if message.contains(&path) {
        Failure::runtime(message)
    } else {
        Failure::runtime(format!("cannot write `{path}`: {message}"))
    }
}
