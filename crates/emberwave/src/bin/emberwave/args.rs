//! Flags of the command line.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, Parser, Subcommand};
use emberwave::physics::{AntennaPattern, Polarization};
use emberwave::solvers::Reconstruction;

use crate::console;
use crate::failure::{Failure, one_line};
use crate::itu::ItuArguments;
use crate::numbers;
use crate::outputs::{Output, Shown};

/// Radio maps of scenes by differentiable ray tracing.
#[derive(Debug, Parser)]
#[command(name = "emberwave", version, max_term_width = 100)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Info(InfoArguments),
    Map(Box<MapArguments>),
}

/// Tell what a scene file holds.
///
/// With --check, also look for what is probably not meant: degenerate, doubled and coplanar overlapping faces,
/// transmitters (--tx) inside closed objects, materials without values at the frequency; open edges are a note.
/// The exit code is then 1 if there are findings besides notes, and 2 if the scene cannot be read at all.
#[derive(Debug, Args)]
pub(crate) struct InfoArguments {
    /// Scene file (Mitsuba XML as Sionna RT reads it, or a mesh, .obj or .ply; also compressed, .gz)
    pub(crate) scene: PathBuf,
    /// Frequency at which materials are evaluated, in Hz or with a unit
    #[arg(long, value_name = "F", default_value = "3.5GHz", value_parser = numbers::frequency,
          allow_hyphen_values = true)]
    pub(crate) frequency: f64,
    /// List every object, however many there are
    #[arg(long)]
    pub(crate) all: bool,
    /// Look for faults of the scene; exit code 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
    /// Position of a transmitter that --check looks for inside objects; repeat the flag for more
    #[arg(long, value_name = "X,Y,Z", value_parser = numbers::triple, allow_hyphen_values = true,
          requires = "check")]
    pub(crate) tx: Vec<[f64; 3]>,
    #[command(flatten)]
    pub(crate) itu: ItuArguments,
}

/// Compute the radio map of a scene.
///
/// Lengths are in metres, and z points up. Flags override what a run file says. A flag of transmitters is given once
/// for all of them, or once per transmitter in their order.
#[derive(Debug, Args)]
#[command(after_help = "Example: emberwave map assets/scenes/street/street.xml --tx 0,0,20 --cell-size 1 \
                        --max-depth 5 --output map.png --output map.npz")]
pub(crate) struct MapArguments {
    /// Scene file (.xml, .obj or .ply, also compressed, .gz) or run file (.toml)
    #[arg(value_name = "SCENE|RUN.toml")]
    pub(crate) input: PathBuf,
    /// Carrier frequency in Hz or with a unit, as in 3.5GHz [default: 3.5GHz]
    #[arg(long, value_name = "F", value_parser = numbers::frequency, allow_hyphen_values = true)]
    pub(crate) frequency: Option<f64>,
    #[command(flatten)]
    pub(crate) transmitters: TransmitterArguments,
    #[command(flatten)]
    pub(crate) itu: ItuArguments,
    #[command(flatten)]
    pub(crate) measurement: MeasurementArguments,
    #[command(flatten)]
    pub(crate) solver: SolverArguments,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Transmitters")]
pub(crate) struct TransmitterArguments {
    /// Position of a transmitter; repeat the flag for more
    #[arg(long, value_name = "X,Y,Z", value_parser = numbers::triple, allow_hyphen_values = true)]
    pub(crate) tx: Vec<[f64; 3]>,
    /// Antenna pattern: iso, dipole, hw_dipole or tr38901 [default: iso]
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<AntennaPattern>())]
    pub(crate) tx_pattern: Vec<AntennaPattern>,
    /// Polarization: V, H, VH or cross [default: V]
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<Polarization>())]
    pub(crate) tx_polarization: Vec<Polarization>,
    /// Yaw, pitch and roll; a positive pitch looks down [default: 0,0,0]
    #[arg(long, value_name = "A,B,C", value_parser = numbers::triple, allow_hyphen_values = true,
          conflicts_with = "tx_look_at")]
    pub(crate) tx_orientation_deg: Vec<[f64; 3]>,
    /// Point that the antenna looks at
    #[arg(long, value_name = "X,Y,Z", value_parser = numbers::triple, allow_hyphen_values = true)]
    pub(crate) tx_look_at: Vec<[f64; 3]>,
    /// Transmit power [default: 44]
    #[arg(long, value_name = "DBM", value_parser = numbers::number, allow_hyphen_values = true)]
    pub(crate) power_dbm: Vec<f64>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Measurement plane")]
pub(crate) struct MeasurementArguments {
    /// Centre of the plane [default: the scene's centre at z = 1.5]
    #[arg(long, value_name = "X,Y,Z", value_parser = numbers::triple, allow_hyphen_values = true)]
    pub(crate) center: Option<[f64; 3]>,
    /// Height of the plane, its centre otherwise that of the scene [default: 1.5]
    #[arg(long, value_name = "Z", value_parser = numbers::number, allow_hyphen_values = true,
          conflicts_with = "center")]
    pub(crate) height: Option<f64>,
    /// Yaw, pitch and roll of the plane [default: 0,0,0, horizontal]
    #[arg(long, value_name = "A,B,C", value_parser = numbers::triple, allow_hyphen_values = true)]
    pub(crate) orientation_deg: Option<[f64; 3]>,
    /// Extent of the plane [default: the scene's]
    #[arg(long, value_name = "X,Y", value_parser = numbers::size, allow_hyphen_values = true)]
    pub(crate) size: Option<[f64; 2]>,
    /// Extent of a cell, one number or two [default: 10]
    #[arg(long, value_name = "X[,Y]", value_parser = numbers::cell_size, allow_hyphen_values = true)]
    pub(crate) cell_size: Option<[f64; 2]>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Solver")]
pub(crate) struct SolverArguments {
    /// Rays per transmitter, as in 1e7; with --target-error and cell the most that are launched [default: 1e6]
    #[arg(long, value_name = "N", value_parser = numbers::samples, allow_hyphen_values = true)]
    pub(crate) samples: Option<u64>,
    /// Largest number of interactions of a path [default: 3]
    #[arg(long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u32).range(0..=65536))]
    pub(crate) max_depth: Option<u32>,
    /// Leave out the line of sight
    #[arg(long)]
    pub(crate) no_los: bool,
    /// Leave out specular reflections
    #[arg(long)]
    pub(crate) no_specular: bool,
    /// Leave out transmission through walls
    #[arg(long)]
    pub(crate) no_refraction: bool,
    /// Seed of all random numbers [default: 42]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) seed: Option<u64>,
    /// Interaction from which Russian roulette may end a path, -1 for never [default: -1]
    #[arg(long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(i32).range(-1..))]
    pub(crate) rr_depth: Option<i32>,
    /// Largest probability with which roulette lets a path go on [default: 0.95]
    #[arg(long, value_name = "P", value_parser = numbers::probability, allow_hyphen_values = true)]
    pub(crate) rr_prob: Option<f64>,
    /// Path gain at which paths end, which biases the map low [default: none]
    #[arg(long, value_name = "DB", value_parser = numbers::number, allow_hyphen_values = true)]
    pub(crate) stop_threshold_db: Option<f64>,
    /// How cells get their values: cell (rays: unbiased, speckled) or tubes (adaptive ray tubes: smooth, and many times
    /// faster at equal error); auto is tubes unless a number of samples, roulette or a stop threshold ask for rays
    /// [default: auto]
    #[arg(long, value_name = "NAME", value_parser = |name: &str| name.parse::<Reconstruction>())]
    pub(crate) reconstruction: Option<Reconstruction>,
    /// Mean error of a cell in dB that is good enough: tubes are made fine enough for it [default: 0.3], and cell launches
    /// rays until its own estimate says so or --samples are launched [default: launch them all]
    #[arg(long, value_name = "DB", value_parser = numbers::positive_number, allow_hyphen_values = true)]
    pub(crate) target_error: Option<f64>,
    /// Search tubes for thin things that hide between their corners; takes several times as long
    #[arg(long)]
    pub(crate) conservative: bool,
    /// Also estimate the error of every cell: relative_error in files and pictures
    #[arg(long)]
    pub(crate) error_estimate: bool,
    /// Also compute mean delay and RMS delay spread
    #[arg(long)]
    pub(crate) delays: bool,
    /// Also compute mean direction and direction spread of arrival
    #[arg(long)]
    pub(crate) directions_of_arrival: bool,
    /// Also compute mean direction and direction spread of departure
    #[arg(long)]
    pub(crate) directions_of_departure: bool,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", allow_hyphen_values = true,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArguments {
    /// File to write, .npz, .safetensors, .png or .json; repeat the flag for more [default: map.png]
    #[arg(long, short, value_name = "FILE", value_parser = Output::parser())]
    pub(crate) output: Vec<Output>,
    /// What a picture shows: path_gain, rss, sinr, rms_delay_spread, mean_direction_of_arrival,
    /// mean_direction_of_departure, direction_spread_of_arrival, direction_spread_of_departure or relative_error with
    /// a panel per transmitter, best_path_gain, best_rss or best_sinr of all transmitters, or which is the best_server
    #[arg(long, value_name = "NAME", default_value = "path_gain", value_parser = Shown::parse)]
    pub(crate) quantity: Shown,
    /// Value of a picture's lowest colour, in its unit [default: from the values]
    #[arg(long, value_name = "VALUE", value_parser = numbers::single, allow_hyphen_values = true)]
    pub(crate) vmin: Option<f32>,
    /// Value of a picture's highest colour, in its unit [default: from the values]
    #[arg(long, value_name = "VALUE", value_parser = numbers::single, allow_hyphen_values = true)]
    pub(crate) vmax: Option<f32>,
    /// Write a coarse map at once, and write it again whenever it is better
    #[arg(long)]
    pub(crate) progressive: bool,
    /// Print nothing but errors
    #[arg(long, short, action = ArgAction::SetTrue)]
    pub(crate) quiet: bool,
}

/// The command line, or nothing where help or version was asked for and printed.
pub(crate) fn parse() -> Result<Option<CommandLine>, Failure> {
    match CommandLine::try_parse() {
        Ok(command_line) => Ok(Some(command_line)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                console::print(&error.to_string()).map(|()| None)
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Err(Failure::input("a command is missing: `emberwave --help` lists them"))
            }
            _ => Err(Failure::input(summary(&error))),
        },
    }
}

/// What clap says in its first paragraph, and its tip, on one line.
fn summary(error: &clap::Error) -> String {
    let text = error.to_string();
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.strip_prefix("error: ").unwrap_or(paragraph);
    let lines: Vec<&str> = paragraph.lines().map(str::trim).collect();
    let summary = one_line(&lines.join(" "));
    match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(flag)) => format!("{summary} (did you mean `{flag}`?)"),
        _ => summary,
    }
}
