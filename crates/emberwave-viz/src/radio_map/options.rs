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
    /// Root-mean-square delay spread \[ns\], where the solver was asked for delays.
    RmsDelaySpread,
    /// Azimuth of the mean direction of arrival \[deg\], where the solver was asked for directions of arrival.
    MeanDirectionOfArrival,
    /// Azimuth of the mean direction of departure \[deg\], where the solver was asked for directions of departure.
    MeanDirectionOfDeparture,
    /// Direction spread of arrival, in \[0, 1\].
    DirectionSpreadOfArrival,
    /// Direction spread of departure, in \[0, 1\].
    DirectionSpreadOfDeparture,
    /// Estimated error of the path gain \[%\], where the solver was asked for error estimates.
    RelativeError,
}

impl MapQuantity {
    /// All quantities.
    pub const ALL: [Self; 9] = [
        Self::PathGain,
        Self::Rss,
        Self::Sinr,
        Self::RmsDelaySpread,
        Self::MeanDirectionOfArrival,
        Self::MeanDirectionOfDeparture,
        Self::DirectionSpreadOfArrival,
        Self::DirectionSpreadOfDeparture,
        Self::RelativeError,
    ];

    /// The name of the array that holds it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PathGain => "path_gain",
            Self::Rss => "rss",
            Self::Sinr => "sinr",
            Self::RmsDelaySpread => "rms_delay_spread",
            Self::MeanDirectionOfArrival => "mean_direction_of_arrival",
            Self::MeanDirectionOfDeparture => "mean_direction_of_departure",
            Self::DirectionSpreadOfArrival => "direction_spread_of_arrival",
            Self::DirectionSpreadOfDeparture => "direction_spread_of_departure",
            Self::RelativeError => "relative_error",
        }
    }

    /// Text beside the colour bar.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PathGain => "Path gain [dB]",
            Self::Rss => "Received signal strength [dBm]",
            Self::Sinr => "SINR [dB]",
            Self::RmsDelaySpread => "RMS delay spread [ns]",
            Self::MeanDirectionOfArrival => "Azimuth of arrival [°]",
            Self::MeanDirectionOfDeparture => "Azimuth of departure [°]",
            Self::DirectionSpreadOfArrival => "Direction spread of arrival",
            Self::DirectionSpreadOfDeparture => "Direction spread of departure",
            Self::RelativeError => "Estimated error of the path gain [%]",
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
