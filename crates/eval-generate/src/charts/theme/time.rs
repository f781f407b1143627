//! Subjects that go over time.

use super::Categories::{Months, Quarters, Weekdays, Years};
use super::Shape::{Free, Seasonal, Trend};
use super::{NONE, PERCENT, Theme, theme, with};

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
