//! Two pictures of the table, as SVG.

use std::fs;

use crate::cached::{self, THREADS};
use crate::command::file;
use crate::measured::Column;
use crate::sizes;
use crate::table::{Row, Table};

const WIDTH: f64 = 640.0;

pub(crate) fn write_all(table: &Table) {
    for (name, picture) in [("cached", cached_cost(table)), ("sizes", all_sizes(table))] {
        fs::write(file(&format!("benches/{name}.svg")), picture).expect("the plot can be written");
    }
}

fn colour(column: Column) -> &'static str {
    match column {
        Column::Ours => "#1f6feb",
        Column::Floor => "#8c959f",
        Column::Libcurl => "#bf3989",
        Column::Oauth2 => "#bc4c00",
        Column::Go => "#1a7f37",
    }
}

fn title(column: Column) -> String {
    let title = if column == Column::Floor { "floor in C" } else { column.title() };
    title.replace('`', "")
}

fn row<'a>(table: &'a Table, what: &str) -> Option<&'a Row> {
    table.rows.iter().find(|row| row.what == what)
}

/// Lines: nanoseconds a call against threads.
fn cached_cost(table: &Table) -> String {
    let (left, right, top, bottom) = (60.0, 500.0, 50.0, 290.0);
    let rows: Vec<(usize, &Row)> =
        THREADS.iter().filter_map(|&threads| Some((threads, row(table, &cached::title(threads))?))).collect();
    let figures = rows.iter().flat_map(|(_, row)| row.series.iter().map(|(_, series)| series.median()));
    let step = step_for(figures.fold(0.0, f64::max));
    let steps = figures_up_to(&rows, step);
    let x = |index: usize| left + (right - left) * index as f64 / (THREADS.len() - 1) as f64;
    let y = |figure: f64| bottom - (bottom - top) * figure / (step * steps as f64);

    let mut body = text(20.0, 26.0, "start", "A cached token: ns of wall time a call, by threads that share a client");
    for index in 0..=steps {
        let figure = step * index as f64;
        body += &line(left, y(figure), right, y(figure));
        body += &text(left - 8.0, y(figure) + 4.0, "end", &format!("{figure:.0}"));
    }
    for (index, (threads, _)) in rows.iter().enumerate() {
        body += &text(x(index), bottom + 20.0, "middle", &threads.to_string());
    }
    body += &text(f64::midpoint(left, right), bottom + 40.0, "middle", "threads");
    let columns = [Column::Floor, Column::Go, Column::Ours];
    for (position, column) in columns.into_iter().enumerate() {
        let points: Vec<(f64, f64)> = rows
            .iter()
            .enumerate()
            .filter_map(|(index, (_, row))| Some((x(index), y(row.series_of(column)?.median()))))
            .collect();
        if points.is_empty() {
            continue;
        }
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let colour = colour(column);
        body += &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n",
            path.join(" ")
        );
        for (x, y) in points {
            body += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>\n");
        }
        let beside = top + 24.0 * position as f64;
        body += &bar(right + 24.0, beside, 14.0, column);
        body += &text(right + 44.0, beside + 12.0, "start", &title(column));
    }
    picture(bottom + 54.0, &body)
}

fn figures_up_to(rows: &[(usize, &Row)], step: f64) -> usize {
    let figures = rows.iter().flat_map(|(_, row)| row.series.iter().map(|(_, series)| series.median()));
    (figures.fold(0.0, f64::max) / step).ceil().max(1.0) as usize
}

/// Four to ten steps of 1, 2 or 5 times a power of ten.
fn step_for(largest: f64) -> f64 {
    let power = 10_f64.powf((largest.max(1.0) / 4.0).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|factor| factor * power).find(|step| largest / step >= 4.0).unwrap_or(power)
}

/// Bars: what is shipped.
fn all_sizes(table: &Table) -> String {
    let mut bars: Vec<(String, Column, f64)> = Vec::new();
    for (what, label) in [(sizes::WITH_HTTP, "shared library"), (sizes::WITHOUT_HTTP, "shared library without HTTP")] {
        if let Some(series) = row(table, what).and_then(|row| row.series_of(Column::Ours)) {
            bars.push((label.to_owned(), Column::Ours, series.median()));
        }
    }
    for (column, series) in row(table, sizes::PROGRAM).map(|row| &row.series[..]).unwrap_or_default() {
        let label =
            if *column == Column::Ours { "static program".to_owned() } else { format!("program, {}", title(*column)) };
        bars.push((label, *column, series.median()));
    }
    let (left, right, height) = (210.0, 560.0, 26.0);
    let largest = bars.iter().map(|(_, _, bytes)| *bytes).fold(1.0, f64::max);
    let mut body = text(20.0, 26.0, "start", "Sizes: MB, stripped, with all that is loaded beside libc and libgcc_s");
    for (index, (label, column, bytes)) in bars.iter().enumerate() {
        let top = 46.0 + height * index as f64;
        let width = (right - left) * bytes / largest;
        body += &text(left - 10.0, top + 13.0, "end", label);
        body += &bar(left, top, width, *column);
        body += &text(left + width + 8.0, top + 13.0, "start", &format!("{:.2}", bytes / 1e6));
    }
    picture(56.0 + height * bars.len() as f64, &body)
}

fn picture(height: f64, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#1f2328\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n"
    )
}

fn text(x: f64, y: f64, anchor: &str, words: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>\n")
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64) -> String {
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#d1d9e0\"/>\n")
}

fn bar(x: f64, y: f64, width: f64, column: Column) -> String {
    format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"16\" fill=\"{}\"/>\n", colour(column))
}
