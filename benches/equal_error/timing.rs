//! Times that other programs did not disturb.

use std::fs;

/// Times that are wanted; their median counts.
const WANTED: usize = 3;

/// Times that are taken at most in search of undisturbed ones.
const ATTEMPTS: usize = 6;

/// Share of the machine that other programs may take during an undisturbed time.
const OTHERS: f64 = 0.05;

/// A pass shorter than this \[s\] is repeated, so that the operating system's clock ticks tell who was busy.
const SHORTEST: f64 = 0.4;

/// A median of three times.
#[derive(Clone, Copy)]
pub struct Timing {
    pub seconds: f64,
    /// Whether other programs were busy in one of the three.
    pub disturbed: bool,
}

/// The median of three undisturbed times of a pass that returns its seconds and runs in `process` (0: our own).
///
/// Where there are not three undisturbed ones in six, the three least disturbed count.
pub fn median(process: u32, mut pass: impl FnMut() -> f64) -> Timing {
    let mut times: Vec<(f64, f64)> = Vec::new();
    while times.len() < ATTEMPTS && times.iter().filter(|(others, _)| *others <= OTHERS).count() < WANTED {
        let before = Ticks::now(process);
        let seconds = mean_of_long_run(&mut pass);
        let others = match (before, Ticks::now(process)) {
            (Some(before), Some(after)) => after.others_since(&before),
            _ => 0.0,
        };
        times.push((others, seconds));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    times.truncate(WANTED);
    let disturbed = times.iter().any(|(others, _)| *others > OTHERS);
    times.sort_by(|a, b| a.1.total_cmp(&b.1));
    Timing { seconds: times[WANTED / 2].1, disturbed }
}

/// Mean seconds of as many passes as it takes to last.
fn mean_of_long_run(pass: &mut impl FnMut() -> f64) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    while sum < SHORTEST {
        sum += pass();
        count += 1.0;
    }
    sum / count
}

/// The operating system's clock ticks since it started (Linux).
struct Ticks {
    busy: u64,
    all: u64,
    own: u64,
}

impl Ticks {
    fn now(process: u32) -> Option<Self> {
        let machine = fs::read_to_string("/proc/stat").ok()?;
        // user, nice, system, idle, waiting, interrupts (2), taken by other virtual machines
        let columns = machine.lines().next()?.split_whitespace().skip(1).take(8);
        let columns: Vec<u64> = columns.map(|number| number.parse().ok()).collect::<Option<_>>()?;
        let (all, idle) = (columns.iter().sum::<u64>(), columns.get(3)? + columns.get(4)?);
        let name = if process == 0 { "self".to_owned() } else { process.to_string() };
        let process = fs::read_to_string(format!("/proc/{name}/stat")).ok()?;
        let columns: Vec<&str> = process.rsplit_once(')')?.1.split_whitespace().collect();
        let own = columns.get(11)?.parse::<u64>().ok()? + columns.get(12)?.parse::<u64>().ok()?;
        Some(Self { busy: all - idle, all, own })
    }

    /// Share of the machine that other programs took.
    fn others_since(&self, before: &Self) -> f64 {
        let own = self.own - before.own;
        self.busy.saturating_sub(before.busy).saturating_sub(own) as f64
            / self.all.saturating_sub(before.all).max(1) as f64
    }
}
