//! From a scene file to a picture of its radio map.

use emberwave::prelude::*;

fn main() -> Result<()> {
    let scene = Scene::load("assets/scenes/street/street.xml", &Device::default())?
        .with_frequency(3.5e9)
        .with_transmitter(Transmitter::new("tx", [0.0, 0.0, 20.0]).with_pattern(AntennaPattern::Tr38901));
    let map = RadioMapSolverConfig::new().with_max_depth(10).init().solve(&scene)?;
    map.save_png("map.png")?;
    Ok(())
}
