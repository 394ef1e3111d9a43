//! How figures are written.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Milliseconds,
    Megabytes,
    Kilobytes,
    Count,
}

impl Unit {
    /// Durations are nanoseconds, sizes bytes.
    pub(crate) fn write(self, figure: f64) -> String {
        match self {
            Self::Nanoseconds => format!("{figure:.0} ns"),
            Self::Milliseconds => format!("{:.2} ms", figure / 1e6),
            Self::Megabytes => format!("{:.2} MB", figure / 1e6),
            Self::Kilobytes => format!("{:.0} kB", figure / 1e3),
            Self::Count => format!("{figure:.0}"),
        }
    }
}
