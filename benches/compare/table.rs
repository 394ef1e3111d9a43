//! What was measured, as a table.

use crate::measured::{Column, Series};
use crate::units::Unit;

pub(crate) struct Table {
    pub rows: Vec<Row>,
    left_out: Vec<String>,
}

/// One thing that was measured of one or several.
pub(crate) struct Row {
    pub what: String,
    unit: Unit,
    pub series: Vec<(Column, Series)>,
    /// At most this much is wanted of ours.
    limit: Option<f64>,
    /// Ours is wanted to be at most so many times theirs.
    targets: Vec<(Column, f64)>,
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, unit: Unit, series: Vec<(Column, Series)>) -> Self {
        Self { what: what.into(), unit, series, limit: None, targets: Vec::new() }
    }

    /// For a figure of ours alone.
    pub(crate) fn ours(what: impl Into<String>, unit: Unit, series: Series) -> Self {
        Self::new(what, unit, vec![(Column::Ours, series)])
    }

    pub(crate) fn limit(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self
    }

    pub(crate) fn target(mut self, column: Column, ratio: f64) -> Self {
        self.targets.push((column, ratio));
        self
    }

    pub(crate) fn series_of(&self, column: Column) -> Option<&Series> {
        self.series.iter().find(|(each, _)| *each == column).map(|(_, series)| series)
    }

    fn cell(&self, column: Column) -> String {
        let Some(series) = self.series_of(column) else {
            return String::new();
        };
        let figure = series.median();
        let mut cell = self.unit.write(figure);
        if column == Column::Ours {
            if let Some(limit) = self.limit {
                cell += &format!(" ({})", verdict(&self.unit.write(limit), figure <= limit));
            }
        } else if let Some(ours) = self.series_of(Column::Ours) {
            let ratio = ours.ratio_to(series);
            cell += &format!(", × {ratio:.2}");
            if let Some((_, target)) = self.targets.iter().find(|(each, _)| *each == column) {
                cell += &format!(" ({})", verdict(&format!("{target:.2}"), ratio <= *target));
            }
        }
        cell
    }
}

impl Table {
    pub(crate) fn new(left_out: Vec<String>) -> Self {
        Self { rows: Vec::new(), left_out }
    }

    pub(crate) fn extend(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    /// As Markdown, in columns that line up.
    pub(crate) fn to_text(&self) -> String {
        let columns = [&[Column::Ours][..], &Column::RIVALS].concat();
        let titles = [String::new()].into_iter().chain(columns.iter().map(|column| column.title().to_owned()));
        let mut lines: Vec<Vec<String>> = vec![titles.collect()];
        for row in &self.rows {
            lines.push([row.what.clone()].into_iter().chain(columns.iter().map(|&column| row.cell(column))).collect());
        }
        let width = |index: usize| lines.iter().map(|line| line[index].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..=columns.len()).map(width).collect();
        let rule = format!("|{}|\n", widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("|"));
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            for (cell, width) in line.iter().zip(&widths) {
                text += &format!("| {cell}{} ", " ".repeat(width - cell.chars().count()));
            }
            text += "|\n";
            if index == 0 {
                text += &rule;
            }
        }
        for reason in &self.left_out {
            text += &format!("\nLeft out here: {reason}\n");
        }
        text
    }
}

fn verdict(target: &str, is_met: bool) -> String {
    format!("≤ {target}: {}", if is_met { "met" } else { "**missed**" })
}
