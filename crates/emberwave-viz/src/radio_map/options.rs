//! What a picture of a radio map shows.

/// A quantity of a radio map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapQuantity {
    /// Path gain \[dB\].
    #[default]
    PathGain,
    /// Received signal strength \[dBm\].
    Rss,
    /// Signal to interference and noise ratio \[dB\].
    Sinr,
}

impl MapQuantity {
    /// All quantities.
    pub const ALL: [Self; 3] = [Self::PathGain, Self::Rss, Self::Sinr];

    /// The name of the array that holds it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PathGain => "path_gain",
            Self::Rss => "rss",
            Self::Sinr => "sinr",
        }
    }

    /// Text beside the colour bar.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PathGain => "Path gain [dB]",
            Self::Rss => "Received signal strength [dBm]",
            Self::Sinr => "SINR [dB]",
        }
    }
}

/// How the transmitters of a map share a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapView {
    /// One panel per transmitter.
    #[default]
    EachTransmitter,
    /// One panel with the largest value over the transmitters.
    BestServer,
    /// One panel that tells which transmitter has the largest value.
    Association,
}

/// What a picture shows, and on which scale.
///
/// ```
/// # use emberwave_viz::{MapQuantity, MapView, PictureOptions};
/// let options = PictureOptions::new(MapQuantity::Rss).with_view(MapView::BestServer).with_range(-120.0, -40.0);
/// assert_eq!((options.vmin, options.vmax), (Some(-120.0), Some(-40.0)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PictureOptions {
    /// What is shown; path gain by default.
    pub quantity: MapQuantity,
    /// One panel per transmitter by default.
    pub view: MapView,
    /// Value of the lowest colour; by default the values decide.
    pub vmin: Option<f32>,
    /// Value of the highest colour; by default the values decide.
    pub vmax: Option<f32>,
}

impl PictureOptions {
    /// One panel per transmitter on a scale that fits the values.
    #[must_use]
    pub fn new(quantity: MapQuantity) -> Self {
        Self { quantity, ..Self::default() }
    }

    /// Sets how the transmitters share the picture.
    #[must_use]
    pub fn with_view(mut self, view: MapView) -> Self {
        self.view = view;
        self
    }

    /// Sets the values of the lowest and highest colour.
    #[must_use]
    pub fn with_range(mut self, vmin: f32, vmax: f32) -> Self {
        (self.vmin, self.vmax) = (Some(vmin), Some(vmax));
        self
    }
}
