//! A chart as data: what is drawn, and the table behind it.

use serde_json::{Value, json};

use super::{
    axis::Axis,
    look::{Legend, Look},
};

/// How values become marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Bar,
    Grouped,
    Stacked,
    Horizontal,
    Line,
    MultiLine,
    Area,
    Pie,
    Donut,
    Scatter,
}

impl Form {
    /// The order in which a dataset goes through the forms; the commonest two come twice.
    pub const ROUND: &[Self] = &[
        Self::Bar,
        Self::Line,
        Self::Grouped,
        Self::Horizontal,
        Self::MultiLine,
        Self::Stacked,
        Self::Pie,
        Self::Area,
        Self::Bar,
        Self::Scatter,
        Self::Donut,
        Self::Line,
    ];

    /// The tag.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Grouped => "grouped",
            Self::Stacked => "stacked",
            Self::Horizontal => "horizontal",
            Self::Line => "line",
            Self::MultiLine => "multi-line",
            Self::Area => "area",
            Self::Pie => "pie",
            Self::Donut => "donut",
            Self::Scatter => "scatter",
        }
    }

    /// Slices of a circle.
    pub fn is_round(self) -> bool {
        matches!(self, Self::Pie | Self::Donut)
    }
}

/// One row of marks.
#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    /// None where nothing is drawn.
    pub values: Vec<Option<f64>>,
}

/// Everything that is needed to draw a chart and to ask about it.
#[derive(Debug, Clone)]
pub struct Chart {
    pub form: Form,
    pub look: &'static Look,
    pub width: f64,
    pub height: f64,
    pub title: Option<String>,
    /// What the categories are called: printed if `category_title_printed`.
    pub category_title: String,
    pub category_title_printed: bool,
    pub value_title: String,
    pub value_title_printed: bool,
    pub categories: Vec<String>,
    /// The categories follow each other in time.
    pub in_order: bool,
    pub series: Vec<Series>,
    pub axis: Axis,
    /// The horizontal axis of a scatter plot.
    pub x_axis: Option<Axis>,
    pub legend: Option<Legend>,
    /// Values stand beside their marks.
    pub printed: bool,
    pub decimals: usize,
    /// Unit as written before and after a value.
    pub unit: (&'static str, &'static str),
    pub unit_name: Option<String>,
    /// Tick and value labels carry the unit.
    pub unit_on_labels: bool,
    /// Decimal comma, and a point between thousands.
    pub comma: bool,
    /// Where in the palette of the look this chart begins.
    pub first_colour: usize,
    pub font_size: f64,
    pub source: Option<String>,
}

impl Chart {
    /// The truth, in the shape an answer has.
    pub fn table(&self) -> Value {
        let first = if self.category_title_printed { self.category_title.as_str() } else { "Category" };
        let mut columns = vec![first.to_owned()];
        match &self.series[..] {
            [_] if !self.value_title_printed => columns.push("Value".to_owned()),
            [_] => columns.push(self.value_title.clone()),
            several => columns.extend(several.iter().map(|series| series.name.clone())),
        }
        let rows: Vec<Value> = self
            .categories
            .iter()
            .enumerate()
            .map(|(at, category)| {
                let values = self.series.iter().map(|series| series.values[at].map_or(Value::Null, plain));
                std::iter::once(json!(category)).chain(values).collect()
            })
            .collect();
        json!({"title": self.title, "columns": columns, "rows": rows})
    }

    /// All values that are drawn.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.values.iter().flatten().copied())
    }

    /// The colour of a series or slice.
    pub fn colour(&self, at: usize) -> &'static str {
        self.look.palette[(self.first_colour + at) % self.look.palette.len()]
    }

    /// The tag for the axis.
    pub fn axis_name(&self) -> &'static str {
        if self.axis.log {
            "log"
        } else if self.values().any(|value| value < 0.0) {
            "negative"
        } else {
            "linear"
        }
    }

    /// A value as the picture writes it.
    pub fn label(&self, value: f64) -> String {
        self.written(value, self.decimals)
    }

    /// A tick as the picture writes it.
    pub fn tick_label(&self, value: f64) -> String {
        let decimals = (0..=3).find(|decimals| is_whole(value * scale(*decimals))).unwrap_or(3);
        let steps = (0..=3).find(|decimals| is_whole(self.axis.step * scale(*decimals))).unwrap_or(3);
        self.written(value, if self.axis.log { decimals } else { steps })
    }

    fn written(&self, value: f64, decimals: usize) -> String {
        let (before, after) = if self.unit_on_labels { self.unit } else { ("", "") };
        let sign = if value < 0.0 { "−" } else { "" };
        format!("{sign}{before}{}{after}", digits(value.abs(), decimals, self.comma))
    }
}

/// A number as JSON: whole ones without a fraction.
pub fn plain(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "chart values are far below 2^53")]
    if is_whole(value) { json!(value.round() as i64) } else { json!(value) }
}

/// Digits with separators between thousands.
pub fn digits(value: f64, decimals: usize, comma: bool) -> String {
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (separator, point) = if comma { ('.', ',') } else { (',', '.') };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    if fraction.is_empty() { grouped } else { format!("{grouped}{point}{fraction}") }
}

/// Rounded to a number of decimals.
pub fn rounded(value: f64, decimals: usize) -> f64 {
    (value * scale(decimals)).round() / scale(decimals)
}

fn scale(decimals: usize) -> f64 {
    [1.0, 10.0, 100.0, 1000.0][decimals.min(3)]
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6
}

/// True if series stand on each other.
pub fn is_stack(chart: &Chart) -> bool {
    matches!(chart.form, Form::Stacked | Form::Area) && chart.series.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_the_way_of_the_country() {
        assert_eq!(digits(1234567.0, 0, false), "1,234,567");
        assert_eq!(digits(1234.5, 1, true), "1.234,5");
        assert_eq!(digits(0.25, 2, false), "0.25");
    }
}
