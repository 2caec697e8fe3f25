//! Flags that are given once for all transmitters or once for each.

use emberwave::scene::Transmitter;

use crate::args::TransmitterArguments;
use crate::failure::Failure;

/// The name of the transmitter at `index` of `count` that was not given one.
pub(crate) fn default_name(index: usize, count: usize) -> String {
    if count == 1 { "tx".to_owned() } else { format!("tx-{}", index + 1) }
}

/// Replaces the transmitters if positions are given, and changes what the other flags say.
pub(super) fn apply(
    flags: &TransmitterArguments,
    transmitters: &mut Vec<Transmitter>,
) -> Result<(), Failure> {
    if !flags.tx.is_empty() {
        let new = |(index, &position)| Transmitter::new(default_name(index, flags.tx.len()), position);
        *transmitters = flags.tx.iter().enumerate().map(new).collect();
    }
    spread("--tx-pattern", &flags.tx_pattern, transmitters, |tx, it| tx.pattern = it.into())?;
    spread("--tx-polarization", &flags.tx_polarization, transmitters, |tx, it| tx.polarization = it)?;
    spread("--tx-orientation-deg", &flags.tx_orientation_deg, transmitters, |tx, degrees| {
        tx.orientation = degrees.map(f64::to_radians);
    })?;
    spread("--power-dbm", &flags.power_dbm, transmitters, |tx, power| tx.power_dbm = power)?;
    look_at(&flags.tx_look_at, transmitters)
}

fn look_at(targets: &[[f64; 3]], transmitters: &mut [Transmitter]) -> Result<(), Failure> {
    let mut lost = None;
    spread("--tx-look-at", targets, transmitters, |tx, target| {
        if tx.position == target {
            lost = Some(tx.name.clone());
        }
        *tx = tx.clone().with_look_at(target);
    })?;
    match lost {
        None => Ok(()),
        Some(name) => Err(Failure::input(format!(
            "--tx-look-at: transmitter `{name}` is at the point it should look at"
        ))),
    }
}

/// Gives one value to all transmitters, or each its own.
fn spread<T: Copy>(
    flag: &str,
    values: &[T],
    transmitters: &mut [Transmitter],
    mut set: impl FnMut(&mut Transmitter, T),
) -> Result<(), Failure> {
    let count = transmitters.len();
    match values {
        [] => {}
        &[value] => transmitters.iter_mut().for_each(|tx| set(tx, value)),
        // Without transmitters there is a clearer error to come.
        values if values.len() == count || count == 0 => {
            transmitters.iter_mut().zip(values).for_each(|(tx, &value)| set(tx, value));
        }
        values => {
            return Err(Failure::input(format!(
                "{flag} is given {} times for {count} {}: give it once, or once per transmitter",
                values.len(),
                if count == 1 { "transmitter" } else { "transmitters" },
            )));
        }
    }
    Ok(())
}
