//! What charts are about: believable subjects with their categories, units and ranges.

mod named;
mod time;

pub use named::{NAMED, NAMED_SERIES, PARTS};
pub use time::{TIME, TIME_SERIES};

/// Where the categories of a chart come from.
#[derive(Debug, Clone, Copy)]
pub enum Categories {
    /// Q1 to Q4, of one or two years.
    Quarters,
    /// Six to twelve months.
    Months,
    /// Consecutive years.
    Years,
    /// Monday to Sunday.
    Weekdays,
    /// Some of these.
    Named(&'static [&'static str]),
}

/// How values run along the categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Upwards or downwards with small set-backs.
    Trend,
    /// High in summer.
    Seasonal,
    /// No pattern.
    Free,
    /// Around zero, some of them negative.
    Signed,
    /// Over several powers of ten.
    Explosive,
}

/// A subject.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// `{year}` and `{place}` are filled in.
    pub title: &'static str,
    /// What the categories are.
    pub category_title: &'static str,
    /// What is measured, with its unit.
    pub value_title: &'static str,
    /// Names of the series; empty for a single one.
    pub series: &'static [&'static str],
    pub categories: Categories,
    pub shape: Shape,
    /// Range of typical values.
    pub range: (f64, f64),
    pub decimals: usize,
    /// Unit as written before and after a value.
    pub unit: (&'static str, &'static str),
}

impl Theme {
    /// The unit as an answer would give it.
    pub fn unit_name(&self) -> Option<String> {
        let name = format!("{}{}", self.unit.0, self.unit.1);
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }
}

const fn theme(
    title: &'static str,
    titles: (&'static str, &'static str),
    categories: Categories,
    shape: Shape,
    range: (f64, f64),
    decimals: usize,
    unit: (&'static str, &'static str),
) -> Theme {
    Theme {
        title,
        category_title: titles.0,
        value_title: titles.1,
        series: &[],
        categories,
        shape,
        range,
        decimals,
        unit,
    }
}

const fn with(theme: Theme, series: &'static [&'static str]) -> Theme {
    Theme { series, ..theme }
}

use Categories::{Months, Named, Quarters, Weekdays, Years};
use Shape::{Explosive, Seasonal, Signed};

const NONE: (&str, &str) = ("", "");
const PERCENT: (&str, &str) = ("", "%");

/// Values on both sides of zero.
pub const SIGNED: &[Theme] = &[
    theme(
        "Net Profit by Quarter",
        ("Quarter", "Net profit ($M)"),
        Quarters,
        Signed,
        (-24.0, 46.0),
        1,
        ("$", "M"),
    ),
    theme("Annual GDP Growth", ("Year", "Growth (%)"), Years, Signed, (-5.5, 6.5), 1, PERCENT),
    theme(
        "Mean Temperature in {place}",
        ("Month", "Temperature (°C)"),
        Months,
        Seasonal,
        (-14.0, 22.0),
        1,
        ("", "°C"),
    ),
    theme("Change in Stock Level", ("Day", "Change (pallets)"), Weekdays, Signed, (-80.0, 120.0), 0, NONE),
    theme("Temperature Anomaly", ("Year", "Anomaly (°C)"), Years, Signed, (-0.6, 1.2), 2, ("", "°C")),
    theme(
        "Budget Variance by Department",
        ("Department", "Variance ($K)"),
        Named(&["Engineering", "Sales", "Marketing", "Support", "Finance", "Legal"]),
        Signed,
        (-60.0, 75.0),
        0,
        ("$", "K"),
    ),
    theme(
        "Cash Flow, {year}",
        ("Month", "Cash flow (€ thousand)"),
        Months,
        Signed,
        (-120.0, 210.0),
        0,
        ("€", "k"),
    ),
];

/// Values over several powers of ten.
pub const LOGARITHMIC: &[Theme] = &[
    theme(
        "Transistors per Processor",
        ("Year", "Transistors (millions)"),
        Years,
        Explosive,
        (1.0, 90_000.0),
        0,
        ("", "M"),
    ),
    theme(
        "Bacterial Growth, Strain K-12",
        ("Time", "Cells (CFU/mL)"),
        Named(&["0 h", "2 h", "4 h", "6 h", "8 h", "10 h", "12 h"]),
        Explosive,
        (20.0, 900_000.0),
        0,
        NONE,
    ),
    theme(
        "Earthquakes per Year by Magnitude",
        ("Magnitude", "Earthquakes"),
        Named(&["8+", "7–7.9", "6–6.9", "5–5.9", "4–4.9", "3–3.9"]),
        Explosive,
        (1.0, 100_000.0),
        0,
        NONE,
    ),
    theme("Downloads since Launch", ("Month", "Downloads"), Months, Explosive, (50.0, 800_000.0), 0, NONE),
    theme(
        "Size of Training Data",
        ("Model", "Tokens (billions)"),
        Named(&["M-1", "M-2", "M-3", "M-4", "M-5", "M-6"]),
        Explosive,
        (1.0, 20_000.0),
        0,
        ("", "B"),
    ),
];

/// A cloud of points: title, x title, y title, x range and step, y range and step, slope sign.
pub struct Cloud {
    pub title: &'static str,
    pub x_title: &'static str,
    pub y_title: &'static str,
    pub x: (f64, f64, f64),
    pub y: (f64, f64, f64),
    pub rising: bool,
}

const fn cloud(
    title: &'static str,
    titles: (&'static str, &'static str),
    x: (f64, f64, f64),
    y: (f64, f64, f64),
    rising: bool,
) -> Cloud {
    Cloud { title, x_title: titles.0, y_title: titles.1, x, y, rising }
}

/// Subjects of scatter plots.
pub const CLOUDS: &[Cloud] = &[
    cloud(
        "Hours Studied and Exam Score",
        ("Hours studied", "Score"),
        (2.0, 40.0, 1.0),
        (35.0, 98.0, 1.0),
        true,
    ),
    cloud(
        "Advertising and Sales",
        ("Advertising ($K)", "Sales ($K)"),
        (5.0, 60.0, 1.0),
        (80.0, 420.0, 5.0),
        true,
    ),
    cloud(
        "Engine Size and Fuel Economy",
        ("Engine size (L)", "Economy (km/L)"),
        (1.0, 5.0, 0.1),
        (6.0, 22.0, 0.5),
        false,
    ),
    cloud(
        "Tree Diameter and Height",
        ("Diameter (cm)", "Height (m)"),
        (10.0, 60.0, 1.0),
        (6.0, 34.0, 0.5),
        true,
    ),
    cloud(
        "Distance and Delivery Time",
        ("Distance (km)", "Time (min)"),
        (1.0, 24.0, 0.5),
        (12.0, 78.0, 1.0),
        true,
    ),
    cloud(
        "Altitude and Air Temperature",
        ("Altitude (m)", "Temperature (°C)"),
        (200.0, 2800.0, 50.0),
        (2.0, 24.0, 0.5),
        false,
    ),
    cloud("Price and Demand", ("Price (€)", "Units sold"), (4.0, 19.0, 0.5), (120.0, 860.0, 10.0), false),
];

/// Places that fill `{place}`.
pub const PLACES: &[&str] = &[
    "Helsinki",
    "Porto",
    "Toronto",
    "Innsbruck",
    "Denver",
    "Sapporo",
    "Bergen",
    "Zagreb",
    "Wellington",
    "Leeds",
];

/// Months, short.
pub const MONTHS: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days, short.
pub const WEEKDAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
