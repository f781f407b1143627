//! What charts are about: believable subjects with their categories, units and ranges.

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
use Shape::{Explosive, Free, Seasonal, Signed, Trend};

const NONE: (&str, &str) = ("", "");
const PERCENT: (&str, &str) = ("", "%");

/// One series over time.
pub const TIME: &[Theme] = &[
    theme(
        "{year} Quarterly Revenue",
        ("Quarter", "Revenue ($K)"),
        Quarters,
        Trend,
        (280.0, 900.0),
        0,
        ("$", "K"),
    ),
    theme(
        "Monthly Active Users, {year}",
        ("Month", "Users (thousands)"),
        Months,
        Trend,
        (42.0, 186.0),
        0,
        NONE,
    ),
    theme("New Subscriptions", ("Month", "Subscriptions"), Months, Free, (320.0, 1450.0), 0, NONE),
    theme(
        "Average Temperature in {place}",
        ("Month", "Temperature (°C)"),
        Months,
        Seasonal,
        (2.0, 27.0),
        1,
        ("", "°C"),
    ),
    theme(
        "Rainfall in {place}, {year}",
        ("Month", "Rainfall (mm)"),
        Months,
        Free,
        (18.0, 140.0),
        0,
        ("", " mm"),
    ),
    theme(
        "Global Solar Capacity Added",
        ("Year", "Capacity (GW)"),
        Years,
        Trend,
        (40.0, 450.0),
        0,
        ("", " GW"),
    ),
    theme("Support Tickets per Day", ("Day", "Tickets"), Weekdays, Free, (35.0, 190.0), 0, NONE),
    theme(
        "Median House Price in {place}",
        ("Year", "Price (€ thousand)"),
        Years,
        Trend,
        (185.0, 520.0),
        0,
        ("€", "k"),
    ),
    theme("Customer Churn Rate", ("Quarter", "Churn (%)"), Quarters, Trend, (1.8, 6.4), 1, PERCENT),
    theme("Atmospheric CO₂ at {place}", ("Year", "CO₂ (ppm)"), Years, Trend, (340.0, 425.0), 0, ("", " ppm")),
    theme("Operating Margin", ("Quarter", "Margin (%)"), Quarters, Free, (8.0, 24.0), 1, PERCENT),
    theme(
        "Passengers at {place} Airport",
        ("Year", "Passengers (millions)"),
        Years,
        Free,
        (8.0, 64.0),
        1,
        ("", "M"),
    ),
    theme(
        "p95 Response Time by Weekday",
        ("Day", "Latency (ms)"),
        Weekdays,
        Free,
        (120.0, 480.0),
        0,
        ("", " ms"),
    ),
    theme(
        "Umsatz nach Quartal {year}",
        ("Quartal", "Umsatz (Tsd. €)"),
        Quarters,
        Trend,
        (210.0, 780.0),
        0,
        ("", " €"),
    ),
];

/// Several series over time.
pub const TIME_SERIES: &[Theme] = &[
    with(
        theme(
            "Electricity Generation by Source",
            ("Year", "Generation (TWh)"),
            Years,
            Free,
            (20.0, 160.0),
            0,
            ("", " TWh"),
        ),
        &["Coal", "Gas", "Nuclear", "Wind", "Solar", "Hydro"],
    ),
    with(
        theme(
            "Website Sessions by Channel",
            ("Month", "Sessions (thousands)"),
            Months,
            Trend,
            (12.0, 95.0),
            0,
            ("", "K"),
        ),
        &["Organic", "Paid search", "Referral", "Social", "E-mail"],
    ),
    with(
        theme(
            "Revenue by Region, {year}",
            ("Quarter", "Revenue ($M)"),
            Quarters,
            Trend,
            (12.0, 88.0),
            1,
            ("$", "M"),
        ),
        &["North America", "Europe", "Asia Pacific", "Latin America"],
    ),
    with(
        theme(
            "Unit Sales by Product Line",
            ("Year", "Units (thousands)"),
            Years,
            Free,
            (30.0, 240.0),
            0,
            ("", "k"),
        ),
        &["Laptops", "Tablets", "Phones", "Wearables"],
    ),
    with(
        theme("Hospital Admissions", ("Quarter", "Patients"), Quarters, Free, (140.0, 920.0), 0, NONE),
        &["Cardiology", "Oncology", "Surgery", "Paediatrics"],
    ),
    with(
        theme("Unemployment Rate", ("Year", "Rate (%)"), Years, Free, (3.0, 13.5), 1, PERCENT),
        &["Spain", "Italy", "France", "Germany", "Poland"],
    ),
    with(
        theme("Cloud Spending by Service", ("Month", "Cost ($K)"), Months, Trend, (8.0, 64.0), 0, ("$", "K")),
        &["Compute", "Storage", "Network", "Database"],
    ),
    with(
        theme(
            "Particulate Matter at Monitoring Sites",
            ("Month", "PM2.5 (µg/m³)"),
            Months,
            Free,
            (6.0, 48.0),
            0,
            ("", " µg/m³"),
        ),
        &["City centre", "Harbour", "Suburb"],
    ),
    with(
        theme("Crop Yield", ("Year", "Yield (t/ha)"), Years, Free, (2.2, 9.8), 1, ("", " t/ha")),
        &["Wheat", "Maize", "Barley", "Rye"],
    ),
    with(
        theme(
            "Absatz nach Produktgruppe",
            ("Jahr", "Absatz (Mio. Stück)"),
            Years,
            Free,
            (4.0, 38.0),
            1,
            NONE,
        ),
        &["Getränke", "Backwaren", "Milchprodukte"],
    ),
];

/// One value per named thing.
pub const NAMED: &[Theme] = &[
    theme(
        "Most Used Programming Languages",
        ("Language", "Respondents (%)"),
        Named(&[
            "JavaScript",
            "Python",
            "SQL",
            "TypeScript",
            "Java",
            "C#",
            "C++",
            "Go",
            "Rust",
            "Kotlin",
            "Swift",
            "PHP",
        ]),
        Free,
        (6.0, 66.0),
        0,
        PERCENT,
    ),
    theme(
        "CO₂ Emissions per Person, {year}",
        ("Country", "Emissions (t)"),
        Named(&[
            "Canada",
            "United States",
            "Germany",
            "Japan",
            "China",
            "Norway",
            "Brazil",
            "India",
            "France",
            "Poland",
        ]),
        Free,
        (1.8, 16.4),
        1,
        ("", " t"),
    ),
    theme(
        "Employees by Department",
        ("Department", "Employees"),
        Named(&[
            "Engineering",
            "Sales",
            "Marketing",
            "Support",
            "Finance",
            "Operations",
            "Legal",
            "Research",
        ]),
        Free,
        (12.0, 148.0),
        0,
        NONE,
    ),
    theme(
        "Average Delivery Time by Carrier",
        ("Carrier", "Days"),
        Named(&["NordPost", "SwiftLine", "ParcelOne", "Bluebird", "Kurier24", "Atlas"]),
        Free,
        (1.4, 6.8),
        1,
        NONE,
    ),
    theme(
        "Reasons for Customer Complaints",
        ("Reason", "Complaints"),
        Named(&[
            "Late delivery",
            "Damaged item",
            "Wrong item",
            "Billing error",
            "Poor support",
            "Website fault",
            "Missing part",
        ]),
        Free,
        (18.0, 240.0),
        0,
        NONE,
    ),
    theme(
        "Energy Content of Breakfast Cereals",
        ("Cereal", "Energy (kcal per 100 g)"),
        Named(&["Oat flakes", "Corn flakes", "Granola", "Rice puffs", "Muesli", "Bran"]),
        Free,
        (290.0, 480.0),
        0,
        ("", " kcal"),
    ),
    theme(
        "Annual Rainfall by City",
        ("City", "Rainfall (mm)"),
        Named(&["Bergen", "Lisbon", "Vienna", "Athens", "Dublin", "Oslo", "Rome", "Prague"]),
        Free,
        (380.0, 2250.0),
        0,
        ("", " mm"),
    ),
    theme(
        "Store Sales, Week 38",
        ("Store", "Sales (€)"),
        Named(&["Hauptplatz", "Bahnhof", "Nordpark", "Altstadt", "Seeufer", "Westring"]),
        Free,
        (4200.0, 18600.0),
        0,
        ("€", ""),
    ),
    theme(
        "Protein Expression after 24 h",
        ("Sample", "Fold change"),
        Named(&["Control", "Ctrl + DMSO", "siRNA-1", "siRNA-2", "Drug A", "Drug B", "Drug A+B"]),
        Free,
        (0.6, 5.8),
        1,
        NONE,
    ),
];

/// Several values per named thing.
pub const NAMED_SERIES: &[Theme] = &[
    with(
        theme(
            "Exam Results by Subject",
            ("Subject", "Average score"),
            Named(&["Mathematics", "Physics", "Biology", "History", "English", "Art"]),
            Free,
            (48.0, 94.0),
            0,
            NONE,
        ),
        &["Class 9A", "Class 9B", "Class 9C"],
    ),
    with(
        theme(
            "Workforce by Site",
            ("Site", "Headcount"),
            Named(&["Austin", "Berlin", "Kraków", "Lisbon", "Toronto", "Osaka"]),
            Free,
            (18.0, 130.0),
            0,
            NONE,
        ),
        &["Full-time", "Part-time", "Contractors"],
    ),
    with(
        theme(
            "Ticket Sales by Venue",
            ("Venue", "Tickets (thousands)"),
            Named(&["Opera", "Arena", "Stadium", "Theatre", "Museum"]),
            Free,
            (6.0, 72.0),
            0,
            ("", "k"),
        ),
        &["2023", "2024", "2025"],
    ),
    with(
        theme(
            "Benchmark Throughput",
            ("Workload", "Requests/s (thousands)"),
            Named(&["Read", "Write", "Mixed", "Scan", "Batch"]),
            Free,
            (14.0, 118.0),
            0,
            ("", "k"),
        ),
        &["v1.8", "v2.0", "v2.1"],
    ),
    with(
        theme(
            "Time Use on Weekdays",
            ("Group", "Hours per day"),
            Named(&["Students", "Parents", "Retired", "Employed"]),
            Free,
            (1.0, 8.5),
            1,
            ("", " h"),
        ),
        &["Work or study", "Household", "Leisure", "Care"],
    ),
];

/// Shares of a whole.
pub const PARTS: &[Theme] = &[
    theme(
        "Household Spending, {year}",
        ("Item", "Share of spending (%)"),
        Named(&["Housing", "Food", "Transport", "Leisure", "Health", "Clothing", "Other"]),
        Free,
        (5.0, 40.0),
        0,
        PERCENT,
    ),
    theme(
        "Browser Market Share",
        ("Browser", "Share (%)"),
        Named(&["Chrome", "Safari", "Edge", "Firefox", "Opera", "Other"]),
        Free,
        (3.0, 60.0),
        1,
        PERCENT,
    ),
    theme(
        "City Budget {year}",
        ("Department", "Share of budget (%)"),
        Named(&["Education", "Health", "Transport", "Housing", "Culture", "Administration"]),
        Free,
        (5.0, 35.0),
        0,
        PERCENT,
    ),
    theme(
        "How Employees Get to Work",
        ("Means", "Share (%)"),
        Named(&["Car", "Train", "Bus", "Bicycle", "On foot"]),
        Free,
        (5.0, 45.0),
        0,
        PERCENT,
    ),
    theme(
        "Traffic by Device",
        ("Device", "Share of sessions (%)"),
        Named(&["Mobile", "Desktop", "Tablet", "TV"]),
        Free,
        (4.0, 60.0),
        1,
        PERCENT,
    ),
    theme(
        "Land Use in {place}",
        ("Use", "Share of area (%)"),
        Named(&["Forest", "Farmland", "Settlement", "Water", "Wetland"]),
        Free,
        (5.0, 50.0),
        0,
        PERCENT,
    ),
    theme(
        "Cause of Downtime",
        ("Cause", "Share of minutes (%)"),
        Named(&["Deployments", "Hardware", "Network", "Configuration", "Third party"]),
        Free,
        (6.0, 44.0),
        0,
        PERCENT,
    ),
];

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
