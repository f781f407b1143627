//! Inventing a chart: subject, numbers, axis and dress.

use super::{
    axis::{Axis, tidy},
    chart::{Chart, Form, Series, is_stack, rounded},
    look::{LOOKS, Legend, Look},
    runs::run,
    scatter::scatter,
    size::{size, snapped},
    theme::{self, Categories, Shape, Theme},
};
use crate::{recipe::Difficulty, rng::Rng, svg::count as count_of};

/// The chart of the tutorial.
pub fn tutorial() -> Chart {
    let theme = &theme::TIME[0];
    let values = [420.0, 510.0, 480.0, 620.0];
    Chart {
        form: Form::Bar,
        look: &LOOKS[0],
        width: 800.0,
        height: 520.0,
        title: Some("2025 Quarterly Revenue".to_owned()),
        category_title: theme.category_title.to_owned(),
        category_title_printed: true,
        value_title: theme.value_title.to_owned(),
        value_title_printed: true,
        categories: ["Q1", "Q2", "Q3", "Q4"].map(str::to_owned).to_vec(),
        in_order: true,
        series: vec![Series { name: "Revenue".to_owned(), values: values.map(Some).to_vec() }],
        axis: Axis::linear(&values, false, 5.0),
        x_axis: None,
        legend: None,
        printed: true,
        decimals: 0,
        unit: theme.unit,
        unit_name: theme.unit_name(),
        unit_on_labels: true,
        comma: false,
        first_colour: 0,
        font_size: 14.0,
        source: None,
    }
}

/// The looks of a difficulty.
pub fn looks(difficulty: Difficulty) -> &'static [Look] {
    match difficulty {
        Difficulty::Easy => &LOOKS[..8],
        Difficulty::Normal | Difficulty::Hard => LOOKS,
    }
}

/// A new chart of a given form and look.
pub fn chart(form: Form, look: &'static Look, difficulty: Difficulty, rng: &mut Rng) -> Chart {
    if form == Form::Scatter {
        return scatter(rng.pick(theme::CLOUDS), look, difficulty, rng);
    }
    let printed = rng.chance(match difficulty {
        Difficulty::Easy => 85,
        Difficulty::Normal => 62,
        Difficulty::Hard => 20,
    });
    let theme = subject(form, printed, difficulty, rng);
    let mut chart = dress(form, theme, look, printed, difficulty, rng);
    if form.is_round() {
        shares(&mut chart, theme, rng);
    } else {
        numbers(&mut chart, theme, difficulty, rng);
    }
    chart
}

fn subject(form: Form, printed: bool, difficulty: Difficulty, rng: &mut Rng) -> &'static Theme {
    let odd = match difficulty {
        Difficulty::Easy => 0,
        Difficulty::Normal => 25,
        Difficulty::Hard => 30,
    };
    let named = |theme: &&Theme| matches!(theme.categories, Categories::Named(_));
    match form {
        Form::Bar | Form::Line if rng.chance(odd) => rng.pick(theme::LOGARITHMIC),
        Form::Bar | Form::Line | Form::Horizontal if rng.chance(odd) => {
            let fitting: Vec<&'static Theme> =
                theme::SIGNED.iter().filter(|theme| form != Form::Line || !named(theme)).collect();
            fitting[rng.below(fitting.len())]
        }
        Form::Bar if rng.chance(50) => rng.pick(theme::NAMED),
        Form::Bar | Form::Line => rng.pick(theme::TIME),
        Form::Horizontal if rng.chance(25) => rng.pick(theme::NAMED_SERIES),
        Form::Horizontal => rng.pick(theme::NAMED),
        Form::Grouped if rng.chance(50) => rng.pick(theme::NAMED_SERIES),
        Form::Stacked if rng.chance(25) => &theme::NAMED_SERIES[1],
        Form::Area if rng.chance(45) => rng.pick(theme::TIME),
        Form::Area | Form::Stacked => {
            let parts: Vec<&'static Theme> = theme::TIME_SERIES
                .iter()
                .filter(|theme| !theme.value_title.contains("Rate") && !theme.value_title.contains("PM2.5"))
                .filter(|theme| !theme.value_title.contains("Yield"))
                .collect();
            parts[rng.below(parts.len())]
        }
        Form::Grouped | Form::MultiLine => rng.pick(theme::TIME_SERIES),
        // Absolute numbers need their labels: a slice alone tells a share only.
        Form::Pie | Form::Donut if printed && rng.chance(25) => &theme::NAMED[2],
        Form::Pie | Form::Donut | Form::Scatter => rng.pick(theme::PARTS),
    }
}

/// Everything but the numbers.
fn dress(
    form: Form,
    theme: &'static Theme,
    look: &'static Look,
    printed: bool,
    difficulty: Difficulty,
    rng: &mut Rng,
) -> Chart {
    let year = rng.whole(2019, 2026);
    let title = theme.title.replace("{year}", &year.to_string()).replace("{place}", rng.word(theme::PLACES));
    let german = theme.title.starts_with("Umsatz") || theme.title.starts_with("Absatz");
    let names = series_names(form, theme, difficulty, rng);
    let (categories, in_order) = categories(form, theme, names.len(), year, difficulty, rng);
    let (width, height) = size(form, difficulty, rng);
    let legend =
        (names.len() > 1 || (form.is_round() && rng.chance(50))).then(|| match rng.pick(look.legends) {
            Legend::Inside if form == Form::Horizontal || form.is_round() => Legend::Right,
            other => *other,
        });
    let round = form.is_round();
    Chart {
        form,
        look,
        width,
        height,
        title: (!rng.chance(if difficulty == Difficulty::Hard { 15 } else { 4 })).then_some(title),
        category_title: theme.category_title.to_owned(),
        category_title_printed: !round && rng.chance(55),
        value_title: theme.value_title.to_owned(),
        // Without labels, the unit of a share must be said somewhere.
        value_title_printed: look.value_title_as_subtitle
            || (round && !printed)
            || (!round && rng.chance(80)),
        categories,
        in_order,
        series: names.into_iter().map(|name| Series { name, values: vec![] }).collect(),
        axis: Axis::linear(&[1.0], false, 5.0),
        x_axis: None,
        legend,
        printed,
        decimals: theme.decimals,
        unit: theme.unit,
        unit_name: theme.unit_name(),
        unit_on_labels: round || rng.chance(45),
        comma: german || (difficulty == Difficulty::Hard && rng.chance(15)),
        first_colour: if round { 0 } else { rng.below(3) },
        font_size: match difficulty {
            Difficulty::Easy => 15.0,
            Difficulty::Normal => *rng.pick(&[13.0, 14.0, 15.0]),
            Difficulty::Hard => *rng.pick(&[11.0, 12.0, 13.0]),
        },
        source: look.source.then(|| {
            let office =
                rng.word(&["National statistics office", "Company reports", "Own calculations", "Eurostat"]);
            format!("Source: {office}")
        }),
    }
}

fn series_names(form: Form, theme: &Theme, difficulty: Difficulty, rng: &mut Rng) -> Vec<String> {
    if theme.series.is_empty() {
        return vec![theme.value_title.to_owned()];
    }
    let most = match (difficulty, form) {
        (Difficulty::Easy, _) | (_, Form::Horizontal) => 2,
        (Difficulty::Normal, _) => 4,
        (Difficulty::Hard, _) => 6,
    };
    let least = if difficulty == Difficulty::Hard { 3 } else { 2 };
    let count = usize::try_from(rng.whole(least.min(most), most)).expect("a small count");
    theme.series.iter().take(count).map(|name| (*name).to_owned()).collect()
}

fn categories(
    form: Form,
    theme: &Theme,
    series: usize,
    year: i64,
    difficulty: Difficulty,
    rng: &mut Rng,
) -> (Vec<String>, bool) {
    let crowded = difficulty == Difficulty::Hard;
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let names = match theme.categories {
        Categories::Quarters if form != Form::Grouped && rng.chance(if crowded { 80 } else { 30 }) => {
            let name = |at: i64| format!("Q{} {}", at % 4 + 1, year - 1 + at / 4);
            (0..8).map(name).collect()
        }
        Categories::Quarters => (1..=4).map(|quarter| format!("Q{quarter}")).collect(),
        Categories::Months => {
            let count = if crowded || theme.shape == Shape::Seasonal { 12 } else { *rng.pick(&[6, 12]) };
            owned(&theme::MONTHS[..if series > 2 && form == Form::Grouped { 6 } else { count }])
        }
        Categories::Years => {
            let count = if crowded { rng.whole(9, 14) } else { rng.whole(5, 8) };
            let count = if form == Form::Grouped { count.min(6) } else { count };
            (0..count).map(|at| (year - count + at).to_string()).collect()
        }
        Categories::Weekdays => owned(theme::WEEKDAYS),
        Categories::Named(names) if theme.shape == Shape::Explosive => owned(names),
        Categories::Named(names) => {
            let most = if crowded { 12 } else { 7 };
            let count = usize::try_from(rng.whole(4, most)).expect("a small count");
            rng.sample(names, count).into_iter().map(|name| (*name).to_owned()).collect()
        }
    };
    let in_order = !matches!(theme.categories, Categories::Named(_)) || theme.category_title == "Time";
    (names, in_order)
}

/// Values for everything with axes.
fn numbers(chart: &mut Chart, theme: &Theme, difficulty: Difficulty, rng: &mut Rng) {
    let stacked = is_stack(chart);
    let count = chart.categories.len();
    let mut rows: Vec<Vec<f64>> = chart.series.iter().map(|_| run(theme, count, rng)).collect();
    if chart.series.len() == 1 && !chart.in_order && theme.shape == Shape::Free && rng.chance(50) {
        rows[0].sort_by(|a, b| b.total_cmp(a));
    }
    let heights = heights_of(&rows, stacked);
    chart.axis = axis(chart, theme, &heights, rng);
    for row in &mut rows {
        for value in row {
            *value = settle(*value, chart, theme);
        }
    }
    if !chart.axis.log {
        // Rounding may have lifted a stack above the axis.
        chart.axis = chart.axis.clone().with_headroom(&heights_of(&rows, stacked), 0.0);
    }
    for (series, row) in chart.series.iter_mut().zip(rows) {
        series.values = row.into_iter().map(Some).collect();
    }
    make_room_for_labels(chart);
    let holes = match difficulty {
        Difficulty::Easy => 0,
        Difficulty::Normal => 20,
        Difficulty::Hard => 35,
    };
    if matches!(chart.form, Form::Grouped | Form::MultiLine) && rng.chance(holes) {
        let series = rng.below(chart.series.len());
        // An end of a line is missing more visibly than a point within it.
        let at = if chart.form == Form::MultiLine { count - 1 } else { rng.below(count) };
        chart.series[series].values[at] = None;
    }
}

/// How high marks reach: each for itself, or on top of each other.
fn heights_of(rows: &[Vec<f64>], stacked: bool) -> Vec<f64> {
    if stacked {
        (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at]).sum()).collect()
    } else {
        rows.concat()
    }
}

/// Labels that would not fit anywhere are left out of the whole chart.
fn make_room_for_labels(chart: &mut Chart) {
    if !chart.printed || chart.form == Form::Horizontal || chart.form.is_round() {
        return;
    }
    let (series, count) = (chart.series.len(), chart.categories.len());
    let span = chart.axis.high - chart.axis.low;
    let too_flat = is_stack(chart) && chart.values().any(|value| value < 0.06 * span);
    let too_many = match chart.form {
        Form::MultiLine => series > 2 || count > 8,
        Form::Grouped => series * count > 20,
        Form::Area => series > 1 || count > 12,
        _ => count > 14,
    };
    if too_flat || too_many {
        chart.printed = false;
        let resolution = chart.axis.resolution();
        for value in chart.series.iter_mut().flat_map(|series| series.values.iter_mut().flatten()) {
            *value = snapped(*value, resolution);
        }
    }
}

fn axis(chart: &Chart, theme: &Theme, heights: &[f64], rng: &mut Rng) -> Axis {
    if theme.shape == Shape::Explosive {
        return Axis::log(heights).with_decade_above(heights, if chart.printed { 0.08 } else { 0.0 });
    }
    let zoom = matches!(chart.form, Form::Line | Form::MultiLine) && rng.chance(40);
    let intervals = *rng.pick(&[4.0, 5.0, 5.0, 7.0]);
    let axis = Axis::linear(heights, zoom, intervals);
    let legend =
        if chart.legend == Some(Legend::Inside) { 0.1 + 0.07 * count_of(chart.series.len()) } else { 0.0 };
    let labels = if chart.printed { 0.07 } else { 0.0 };
    axis.with_headroom(heights, legend + labels).with_footroom(heights, labels)
}

/// The value as it is drawn: rounded if it is printed, else on a place that can be read off the axis.
fn settle(value: f64, chart: &Chart, theme: &Theme) -> f64 {
    if theme.shape == Shape::Explosive {
        return leading_digit(value, if chart.printed { 2 } else { 1 });
    }
    if chart.printed { rounded(value, chart.decimals) } else { snapped(value, chart.axis.resolution()) }
}

fn leading_digit(value: f64, keep: i32) -> f64 {
    let mut power = 1.0;
    while value / power >= 10.0 {
        power *= 10.0;
    }
    let fine = if keep == 2 && power > 1.0 { power / 10.0 } else { power };
    tidy((value / fine).round().max(1.0) * fine)
}

/// Slices that fill the circle, the largest first and "Other" last.
fn shares(chart: &mut Chart, theme: &Theme, rng: &mut Rng) {
    let count = chart.categories.len();
    let percent = theme.unit.1 == "%";
    let fine = chart.printed && theme.decimals == 1;
    // Without labels only large round shares can be told apart.
    let (unit, total, least) = match (chart.printed, percent, fine) {
        (false, _, _) => (5.0, 20, 1),
        (true, true, true) => (0.1, 1000, 30),
        (true, true, false) => (1.0, 100, 4),
        (true, false, _) => (1.0, rng.whole(160, 480), 12),
    };
    let weights: Vec<f64> = (0..count).map(|_| rng.between(0.3, 1.0) * rng.between(0.3, 1.0)).collect();
    let free = total - least * i64::try_from(count).expect("few slices");
    let sum: f64 = weights.iter().sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "below 1000")]
    let mut parts: Vec<i64> =
        weights.iter().map(|weight| least + (weight / sum * free as f64).floor() as i64).collect();
    parts[0] += total - parts.iter().sum::<i64>();
    parts.sort_by_key(|part| std::cmp::Reverse(*part));
    chart.categories.sort_by_key(|category| category == "Other");
    #[expect(clippy::cast_precision_loss, reason = "below 1000")]
    let values = parts.into_iter().map(|part| Some(tidy(part as f64 * unit))).collect();
    chart.series[0].values = values;
}
