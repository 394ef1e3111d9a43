//! Figures, taken round after round.

/// Whose figures they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// This library.
    Ours,
    /// The least that it could cost: a few lines of C, or ureq alone.
    Floor,
    Libcurl,
    Oauth2,
    Go,
}

impl Column {
    pub(crate) const RIVALS: [Self; 4] = [Self::Floor, Self::Libcurl, Self::Oauth2, Self::Go];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Ours => "oauth-token",
            Self::Floor => "floor",
            Self::Libcurl => "libcurl, jansson",
            Self::Oauth2 => "`oauth2` crate",
            Self::Go => "Go",
        }
    }
}

/// One figure of one program, once for each round.
#[derive(Clone, Debug)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    /// For what is the same in every round.
    pub(crate) fn of(figure: f64) -> Self {
        Self(vec![figure])
    }

    pub(crate) fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The largest, where one exception is one too many.
    pub(crate) fn worst(&self) -> Self {
        Self::of(self.0.iter().copied().fold(f64::NAN, f64::max))
    }

    /// The median of the ratios of each round: what slows a whole round down is in both of its figures.
    pub(crate) fn ratio_to(&self, other: &Self) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect())
    }
}

/// Measures one after another, round after round, after a first round that counts for nothing. What `measure` returns are
/// the figures of one program, of which each becomes a series.
pub(crate) fn interleave<Program, const COUNT: usize>(
    programs: &mut [(Column, Program)],
    rounds: usize,
    mut measure: impl FnMut(&mut Program) -> [f64; COUNT],
) -> [Vec<(Column, Series)>; COUNT] {
    let mut all: [Vec<(Column, Series)>; COUNT] =
        std::array::from_fn(|_| programs.iter().map(|(column, _)| (*column, Series(Vec::new()))).collect());
    let count = programs.len();
    for round in 0..=rounds {
        // Nobody always comes after the same one.
        for index in (0..count).map(|turn| (turn + round) % count) {
            let figures = measure(&mut programs[index].1);
            for (series, figure) in all.iter_mut().zip(figures) {
                if round > 0 {
                    series[index].1.0.push(figure);
                }
            }
        }
    }
    all
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => figures[middle],
        _ => (figures[middle - 1] + figures[middle]) / 2.0,
    }
}
