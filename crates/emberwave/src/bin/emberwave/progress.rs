//! Progress of a solve on a terminal.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use emberwave::solvers::{Monitor, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::interrupt;

/// Shortest time between two drawings.
const PERIOD: Duration = Duration::from_millis(100);

/// A monitor that ends the solve after Ctrl-C, and the bar that it moves.
pub(crate) struct Watch {
    pub(crate) monitor: Arc<Monitor>,
    bar: Option<ProgressBar>,
}

impl Watch {
    /// Shows a bar on the standard error unless that is not a terminal or `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = (!quiet && io::stderr().is_terminal()).then(new_bar);
        let monitor = match bar.clone() {
            None => Monitor::with_callback(|_| flow()),
            Some(bar) => {
                let started = Instant::now();
                Monitor::with_callback(move |progress| {
                    advance(&bar, progress, started.elapsed());
                    flow()
                })
            }
        };
        Self { monitor: Arc::new(monitor), bar }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn flow() -> ControlFlow<()> {
    if interrupt::is_interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn new_bar() -> ProgressBar {
    let template = "{bar:40} {percent:>3} %  {msg}  {eta} left";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let rate = (1000 / PERIOD.as_millis()) as u8;
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(rate));
    bar.set_style(style.progress_chars("━╸ "));
    bar
}

fn advance(bar: &ProgressBar, progress: Progress, elapsed: Duration) {
    bar.set_length(progress.rays_total);
    bar.set_message(rate(progress.rays_done, elapsed));
    bar.set_position(progress.rays_done);
}

/// Rays per second, with a unit that keeps it short.
pub(crate) fn rate(rays: u64, elapsed: Duration) -> String {
    let per_second = rays as f64 / elapsed.as_secs_f64().max(1e-6);
    match per_second {
        0.0..1e3 => format!("{per_second:.0} rays/s"),
        0.0..1e6 => format!("{:.1} k rays/s", per_second * 1e-3),
        _ => format!("{:.2} M rays/s", per_second * 1e-6),
    }
}
