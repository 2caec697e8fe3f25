//! Colour maps and the colours of categories.

use colorous::Gradient;

use crate::canvas::Rgb;

/// A colour map. All but turbo are perceptually uniform: equal steps in dB look equally large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourMap {
    /// Dark violet, green, yellow.
    #[default]
    Viridis,
    /// Black, red, pale yellow.
    Inferno,
    /// Black, magenta, pale yellow.
    Magma,
    /// Blue, magenta, yellow.
    Plasma,
    /// Blue, grey, yellow; made for colour-blind readers.
    Cividis,
    /// A smooth rainbow: more contrast, not uniform.
    Turbo,
}

impl ColourMap {
    /// The sRGB colour at `position`, from 0 (smallest value) to 1 (largest); outside it is the end's colour.
    ///
    /// ```
    /// # use emberwave_viz::ColourMap;
    /// assert_eq!(ColourMap::Viridis.colour(0.0), [68, 1, 84]);
    /// ```
    #[must_use]
    pub fn colour(self, position: f32) -> [u8; 3] {
        let colour = self.gradient().eval_continuous(f64::from(position).clamp(0.0, 1.0));
        [colour.r, colour.g, colour.b]
    }

    fn gradient(self) -> Gradient {
        match self {
            Self::Viridis => colorous::VIRIDIS,
            Self::Inferno => colorous::INFERNO,
            Self::Magma => colorous::MAGMA,
            Self::Plasma => colorous::PLASMA,
            Self::Cividis => colorous::CIVIDIS,
            Self::Turbo => colorous::TURBO,
        }
    }
}

/// The colour of a category out of `count`: Tableau's ten, or hues a golden angle apart when there are more.
pub(crate) fn category_colour(index: usize, count: usize) -> Rgb {
    let palette = colorous::TABLEAU10;
    if count <= palette.len() {
        let colour = palette[index % palette.len()];
        return [colour.r, colour.g, colour.b];
    }
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let hue = colorous::RAINBOW.eval_continuous((index as f64 * GOLDEN).fract());
    let brightness = [1.0, 0.72, 0.88][index % 3];
    [hue.r, hue.g, hue.b].map(|channel| (f64::from(channel) * brightness).round() as u8)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn categories_have_distinct_colours() {
        for count in [3, 10, 11, 40] {
            let colours: HashSet<Rgb> = (0..count).map(|index| category_colour(index, count)).collect();
            assert_eq!(colours.len(), count);
        }
    }

    #[test]
    fn positions_outside_take_the_colour_of_the_end() {
        assert_eq!(ColourMap::Magma.colour(-3.0), ColourMap::Magma.colour(0.0));
        assert_eq!(ColourMap::Magma.colour(7.0), ColourMap::Magma.colour(1.0));
    }
}
