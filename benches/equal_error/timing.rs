//! Times that other programs did not disturb.

use std::fs;

/// Rounds that are wanted; their medians count.
const WANTED: usize = 5;

/// Rounds that are made at most in search of undisturbed ones.
const ATTEMPTS: usize = 8;

/// Share of the machine that other programs may take during an undisturbed round.
const OTHERS: f64 = 0.05;

/// A pass shorter than this \[s\] is repeated, so that the operating system's clock ticks tell who was busy.
const SHORTEST: f64 = 0.4;

/// What takes its turn.
pub struct Turn<'a> {
    /// The process that works, 0 for our own.
    pub process: u32,
    /// Returns the seconds that it took.
    pub pass: Box<dyn FnMut() -> f64 + 'a>,
}

/// Times by round.
pub struct Timing {
    rounds: Vec<f64>,
    /// Whether other programs were busy in one of the rounds.
    pub disturbed: bool,
}

impl Timing {
    /// Of one that nothing takes turns with.
    pub fn of(pass: impl FnMut() -> f64) -> Self {
        in_turn(vec![Turn { process: 0, pass: Box::new(pass) }]).swap_remove(0)
    }

    /// The median \[s\].
    pub fn seconds(&self) -> f64 {
        median(self.rounds.iter().copied())
    }

    /// How many times as long as another's: the median over the rounds that they were in together.
    pub fn over(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(own, other)| own / other))
    }
}

/// Times of what takes turns, round by round, so that a machine whose speed changes is as fast for all.
///
/// Where there are not five undisturbed rounds in eight, the five least disturbed count.
pub fn in_turn(mut turns: Vec<Turn<'_>>) -> Vec<Timing> {
    let mut rounds: Vec<(f64, Vec<f64>)> = Vec::new();
    while rounds.len() < ATTEMPTS && rounds.iter().filter(|(others, _)| *others <= OTHERS).count() < WANTED {
        let (others, times): (Vec<f64>, Vec<f64>) = turns.iter_mut().map(timed).unzip();
        rounds.push((others.into_iter().fold(0.0, f64::max), times));
    }
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    rounds.truncate(WANTED);
    let disturbed = rounds.iter().any(|(others, _)| *others > OTHERS);
    let of_turn =
        |turn: usize| Timing { rounds: rounds.iter().map(|(_, times)| times[turn]).collect(), disturbed };
    (0..turns.len()).map(of_turn).collect()
}

/// The share of the machine that others took meanwhile, and seconds of a pass.
fn timed(turn: &mut Turn<'_>) -> (f64, f64) {
    let before = Ticks::now(turn.process);
    let seconds = mean_of_long_run(&mut turn.pass);
    let others = match (before, Ticks::now(turn.process)) {
        (Some(before), Some(after)) => after.others_since(&before),
        _ => 0.0,
    };
    (others, seconds)
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
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
