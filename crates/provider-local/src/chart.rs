//! The `chart-table` task: labels by OCR, values as printed or as measured on the axis.

mod categories;
mod colour;
mod label;
mod marks;
mod names;
mod number;
mod printed;
mod round;
mod rounding;
mod scale;
mod scatter;

use image::{RgbImage, imageops};
use serde_json::{Map, Value, json};

use crate::geometry::Rect;
use crate::page::Page;

use colour::Key;
use label::Label;
use marks::Form;
use scale::Axis;

pub use number::{Marks, number};

/// How `text` parts thousands and decimals.
pub fn marks(text: &str) -> Marks {
    number::marks(text.split_whitespace())
}

/// The data behind a chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Nothing where no marks were found.
    pub kind: Option<Kind>,
    pub title: Option<String>,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

/// How a chart draws its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bars,
    HorizontalBars,
    StackedBars,
    Lines,
    Areas,
    Slices,
    Points,
}

impl Kind {
    fn of(form: Form, transposed: bool) -> Self {
        match form {
            Form::Bars if transposed => Self::HorizontalBars,
            Form::Bars => Self::Bars,
            Form::Stack => Self::StackedBars,
            Form::Lines => Self::Lines,
            Form::Areas => Self::Areas,
        }
    }
}

/// One category and its value in every series.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub category: String,
    pub values: Vec<Option<f64>>,
}

/// Reads a page as a chart and answers with its table.
pub fn chart_table(page: &Page) -> Map<String, Value> {
    let table = read(page);
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            std::iter::once(json!(row.category)).chain(row.values.iter().map(|value| plain(*value))).collect()
        })
        .collect();
    [("title", json!(table.title)), ("columns", json!(table.columns)), ("rows", Value::Array(rows))]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Whole numbers without a fraction.
pub fn plain(value: Option<f64>) -> Value {
    match value {
        Some(value) if value == value.round() && value.abs() < 1e15 => json!(value as i64),
        Some(value) => json!(value),
        None => Value::Null,
    }
}

/// A chart taken apart, upright or mirrored at the diagonal so that values run along y.
struct Chart {
    image: RgbImage,
    labels: Vec<Label>,
    axis: Axis,
    transposed: bool,
}

impl Chart {
    fn upright(page: &Page, labels: &[Label]) -> Option<Self> {
        let axis = scale::axis(labels)?;
        Some(Self { image: page.image.clone(), labels: labels.to_vec(), axis, transposed: false })
    }

    fn transposed(page: &Page, labels: &[Label]) -> Option<Self> {
        let labels: Vec<Label> = labels.iter().map(Label::transposed).collect();
        let axis = scale::axis(&labels)?;
        if is_calendar(&axis, &labels) {
            return None;
        }
        let image = imageops::rotate90(&imageops::flip_vertical(&page.image));
        Some(Self { image, labels, axis, transposed: true })
    }

    /// Labels that are not ticks of the axis.
    fn others(&self) -> impl Iterator<Item = (usize, &Label)> {
        self.labels.iter().enumerate().filter(|(index, _)| !self.axis.ticks.contains(index))
    }
}

/// A row of years names categories and is no scale.
fn is_calendar(axis: &Axis, labels: &[Label]) -> bool {
    axis.ticks.iter().all(|&tick| {
        let bare = labels[tick].text.len() == 4;
        bare && labels[tick]
            .value
            .is_some_and(|value| (1900.0..2100.0).contains(&value) && value.fract() == 0.0)
    })
}

/// The chart's table, as far as it can be made out.
pub fn read(page: &Page) -> Table {
    let (labels, marks) = label::labels(page);
    let keys = colour::legend(&page.image, &labels);
    let upright = Chart::upright(page, &labels);
    let across = Chart::transposed(page, &labels);
    match (upright, across) {
        (Some(up), Some(across)) => match scatter::read(&up, &across) {
            Some(table) => table,
            None => cartesian(&up, &keys),
        },
        (Some(chart), None) | (None, Some(chart)) => cartesian(&chart, &keys),
        (None, None) => round::read(page, &labels, &keys, marks).unwrap_or_else(|| names_only(&labels)),
    }
}

/// Bars, lines and areas.
fn cartesian(chart: &Chart, keys: &[Key]) -> Table {
    let places = categories::find(chart, keys);
    let names = names::find(chart, &places, keys);
    let plot = plot(chart, &places);
    let mut grid = marks::measure(chart, &places, keys, plot);
    printed::snap(&mut grid, chart, &places, keys);
    let rows = places
        .iter()
        .enumerate()
        .map(|(at, place)| Row {
            category: place.name.clone(),
            values: grid.marks.iter().map(|series| series[at].as_ref().map(|mark| mark.value)).collect(),
        })
        .collect();
    let mut columns = vec![names.category.unwrap_or_else(|| "Category".to_owned())];
    if keys.len() > 1 {
        columns.extend(keys.iter().map(|key| key.name.clone()));
    } else {
        columns.push(names.value.unwrap_or_else(|| "Value".to_owned()));
    }
    let kind = Some(Kind::of(grid.form, chart.transposed));
    Table { kind, title: names.title, columns, rows }
}

/// Where the marks are: between the axis' ends, and as wide as the categories with their room.
fn plot(chart: &Chart, places: &[categories::Place]) -> Rect {
    let step = categories::step(places);
    let (first, last) = (places.first().map_or(0.0, |p| p.x), places.last().map_or(0.0, |p| p.x));
    let (left, right) = (first - step * 0.5, last + step * 0.5);
    // Ticks that end short of the largest mark: there is a little room beyond them.
    Rect::new(
        left.max(0.0),
        chart.axis.low - 0.02 * (chart.axis.high - chart.axis.low),
        right.min(chart.image.width() as f32),
        chart.axis.high + 1.0,
    )
}

/// Without axis and circle: the title, and what numbers there are beside words.
fn names_only(labels: &[Label]) -> Table {
    let columns = vec!["Category".into(), "Value".into()];
    Table { title: names::title(labels), columns, ..Table::default() }
}

#[cfg(test)]
mod tests;
