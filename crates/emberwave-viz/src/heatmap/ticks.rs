//! Positions and texts of tick marks.

/// A tick mark.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) text: String,
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
pub(crate) fn nice_step(least: f64) -> f64 {
    let decade = 10.0_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * decade >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0) * decade
}

/// Ticks at multiples of the smallest nice step that keeps them apart.
///
/// `pitch` tells from the candidate ticks how many pixels there must be from one to the next on an axis of
/// `length` pixels. At least the coarsest choice is returned, which may be a single tick or none.
pub(crate) fn axis_ticks([low, high]: [f64; 2], length: f32, pitch: impl Fn(&[Tick]) -> f32) -> Vec<Tick> {
    let span = high - low;
    let mut step = nice_step(span / 12.0);
    loop {
        let ticks = multiples([low, high], step);
        let apart = (step / span) as f32 * length;
        if ticks.len() < 2 || apart >= pitch(&ticks) {
            return ticks;
        }
        step = nice_step(step * 1.5);
    }
}

fn multiples([low, high]: [f64; 2], step: f64) -> Vec<Tick> {
    let slack = 1e-6 * (high - low) / step;
    let (first, last) = ((low / step - slack).ceil() as i64, (high / step + slack).floor() as i64);
    (first..=last)
        .map(|index| {
            let value = index as f64 * step;
            Tick { value: value.clamp(low, high), text: number(value, step) }
        })
        .collect()
}

/// A number with the decimals that its step needs and a typographic minus.
fn number(value: f64, step: f64) -> String {
    let decimals = (-(step * (1.0 + 1e-9)).log10().floor()).clamp(0.0, 12.0) as usize;
    let digits = format!("{:.decimals$}", value.abs());
    if value < -0.25 * step { format!("\u{2212}{digits}") } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(range: [f64; 2], length: f32, pitch: f32) -> Vec<String> {
        axis_ticks(range, length, |_| pitch).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn steps_are_one_two_or_five() {
        let expected = [(0.9, 1.0), (1.0, 1.0), (1.1, 2.0), (3.0, 5.0), (6.0, 10.0), (0.03, 0.05)];
        for (least, step) in expected {
            assert!((nice_step(least) / step - 1.0).abs() < 1e-9, "{least}");
        }
    }

    #[test]
    fn ticks_are_multiples_within_the_range() {
        assert_eq!(
            texts([-120.0, -60.0], 700.0, 100.0),
            ["−120", "−110", "−100", "−90", "−80", "−70", "−60"]
        );
        assert_eq!(texts([-0.2, 0.2], 500.0, 120.0), ["−0.2", "−0.1", "0.0", "0.1", "0.2"]);
        assert_eq!(texts([-1000.0, 1000.0], 100.0, 45.0), ["−1000", "0", "1000"]);
    }

    #[test]
    fn no_room_leaves_at_most_one_tick() {
        assert_eq!(texts([-10.0, 10.0], 20.0, 60.0), ["0"]);
        assert!(texts([3.0, 17.0], 20.0, 60.0).len() <= 1);
    }
}
