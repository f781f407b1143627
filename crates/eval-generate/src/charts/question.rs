//! Questions about a chart, with answers that follow from its table.

use serde_json::{Value, json};

use super::chart::{Chart, Form, Series, plain, rounded};
use crate::rng::Rng;

/// A question and its typed answer.
#[derive(Debug)]
pub struct Question {
    /// The tag.
    pub kind: &'static str,
    pub ask: String,
    pub expected: Value,
}

/// One or two questions whose answers are beyond doubt.
pub fn questions(chart: &Chart, rng: &mut Rng) -> Vec<Question> {
    let series = rng.pick(&chart.series).clone();
    let mut all: Vec<Question> = [
        value(chart, &series, rng),
        extreme(chart, &series, rng),
        change(chart, &series),
        trend(chart, &series),
        comparison(chart, &series, rng),
        above(chart, &series),
        difference(chart, &series, rng),
    ]
    .into_iter()
    .flatten()
    .collect();
    rng.shuffle(&mut all);
    all.truncate(1 + usize::from(rng.chance(60)));
    all
}

/// The questions of the tutorial's chart.
pub fn tutorial(chart: &Chart) -> Vec<Question> {
    let series = &chart.series[0];
    let value = Question {
        kind: "value",
        ask: format!("What is the value for \"Q4\"?{}", in_unit(chart)),
        expected: number(chart, 620.0),
    };
    let highest = Question {
        kind: "highest",
        ask: "Which quarter has the highest value?".to_owned(),
        expected: json!({"type": "category", "value": "Q4", "aliases": ["Q4 2025", "fourth quarter"]}),
    };
    [Some(value), Some(highest), change(chart, series)].into_iter().flatten().collect()
}

fn value(chart: &Chart, series: &Series, rng: &mut Rng) -> Option<Question> {
    let large = drawn(chart, series).filter(|(_, value)| value.abs() > 0.2 * chart.axis.high.abs());
    let known: Vec<(&str, f64)> =
        if chart.form.is_round() { drawn(chart, series).collect() } else { large.collect() };
    if known.is_empty() {
        return None;
    }
    let (category, value) = *rng.pick(&known);
    let ask = if chart.form == Form::Scatter {
        format!(
            "What is the {} of the point where the {} is {category}?",
            chart.value_title, chart.category_title
        )
    } else {
        format!("What is the value {}for \"{category}\"?{}", of_series(chart, series), in_unit(chart))
    };
    Some(Question { kind: "value", ask, expected: number(chart, value) })
}

fn extreme(chart: &Chart, series: &Series, rng: &mut Rng) -> Option<Question> {
    if chart.form == Form::Scatter {
        return None;
    }
    let highest = rng.chance(70);
    let mut ranked: Vec<(&str, f64)> = drawn(chart, series).collect();
    ranked.sort_by(|a, b| if highest { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
    let [(category, first), (_, second), ..] = ranked[..] else { return None };
    if !differ(chart, first, second) || ranked.len() < series.values.len() {
        return None;
    }
    let (kind, word) = if highest { ("highest", "highest") } else { ("lowest", "lowest") };
    Some(Question {
        kind,
        ask: format!(
            "Which category has the {word} value{}? Answer with its label.",
            of_series_end(chart, series)
        ),
        expected: category_answer(category),
    })
}

fn change(chart: &Chart, series: &Series) -> Option<Question> {
    let values: Vec<f64> = series.values.iter().flatten().copied().collect();
    if !chart.in_order || values.len() < series.values.len().max(4) {
        return None;
    }
    let rise = |at: &usize| values[*at] - values[at - 1];
    let mut steps: Vec<usize> = (1..values.len()).collect();
    steps.sort_by(|a, b| rise(b).total_cmp(&rise(a)));
    if rise(&steps[0]) <= 0.0 || !differ(chart, rise(&steps[0]), rise(&steps[1])) {
        return None;
    }
    Some(Question {
        kind: "change",
        ask: format!(
            "In which category is the increase over the one before it the largest{}? Answer with its label.",
            of_series_end(chart, series)
        ),
        expected: category_answer(&chart.categories[steps[0]]),
    })
}

fn trend(chart: &Chart, series: &Series) -> Option<Question> {
    let values: Vec<f64> = series.values.iter().flatten().copied().collect();
    if !(chart.in_order || chart.form == Form::Scatter) || values.len() < 4 {
        return None;
    }
    let (first, last) = (values[0], values[values.len() - 1]);
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (span, net) = (high - low, last - first);
    let against: f64 =
        values.windows(2).map(|pair| (pair[1] - pair[0]) * net.signum()).filter(|step| *step < 0.0).sum();
    let answer = if span < 0.05 * high.abs() {
        // On a cut axis even small changes look large.
        if chart.axis.low > 0.0 {
            return None;
        }
        "flat"
    } else if net.abs() > 0.75 * span && -against < 0.25 * span {
        if net > 0.0 { "up" } else { "down" }
    } else if net.abs() < 0.35 * span && -against > 0.4 * span && chart.form != Form::Scatter {
        "mixed"
    } else {
        return None;
    };
    let ask = if chart.form == Form::Scatter {
        format!("As the {} grows, how does the {} tend to change?", chart.category_title, chart.value_title)
    } else {
        format!(
            "How does the value {}develop from \"{}\" to \"{}\" as a whole?",
            of_series(chart, series),
            chart.categories[0],
            chart.categories[chart.categories.len() - 1]
        )
    };
    Some(Question {
        kind: "trend",
        ask: format!("{ask} Answer up, down, flat or mixed (rising and falling with no clear direction)."),
        expected: json!({"type": "trend", "value": answer}),
    })
}

fn comparison(chart: &Chart, series: &Series, rng: &mut Rng) -> Option<Question> {
    if chart.form == Form::Scatter {
        return None;
    }
    let known: Vec<(&str, f64)> = drawn(chart, series).collect();
    let pair = rng.sample(&known, 2);
    let [(a, first), (b, second)] = pair[..] else { return None };
    if !differ(chart, *first, *second) {
        return None;
    }
    Some(Question {
        kind: "comparison",
        ask: format!(
            "Is the value {}for \"{a}\" higher than for \"{b}\"? Answer true or false.",
            of_series(chart, series)
        ),
        expected: json!({"type": "yes_no", "value": first > second}),
    })
}

/// How many values lie above a tick of the axis.
fn above(chart: &Chart, series: &Series) -> Option<Question> {
    if chart.form.is_round() || chart.axis.log || (chart.form == Form::Stacked) || chart.form == Form::Area {
        return None;
    }
    let values: Vec<f64> = drawn(chart, series).map(|(_, value)| value).collect();
    let margin = if chart.printed { 0.0 } else { 0.03 * (chart.axis.high - chart.axis.low) };
    let middle = chart.axis.ticks[chart.axis.ticks.len() / 2];
    let count = values.iter().filter(|value| **value > middle).count();
    if count == 0 || count == values.len() || values.iter().any(|value| (value - middle).abs() <= margin) {
        return None;
    }
    let what = if chart.form == Form::Scatter { "points" } else { "categories" };
    Some(Question {
        kind: "count",
        ask: format!(
            "How many {what} have a value above {}{}?",
            chart.tick_label(middle),
            of_series_end(chart, series)
        ),
        expected: json!({"type": "number", "value": count, "unit": null, "tolerance": 0.0}),
    })
}

fn difference(chart: &Chart, series: &Series, rng: &mut Rng) -> Option<Question> {
    if !chart.printed {
        return None;
    }
    let known: Vec<(&str, f64)> = drawn(chart, series).collect();
    let pair = rng.sample(&known, 2);
    let [(a, first), (b, second)] = pair[..] else { return None };
    let (high, low, value) = if first > second { (a, b, first - second) } else { (b, a, second - first) };
    let value = rounded(value, 3);
    (value > 0.0).then(|| Question {
        kind: "difference",
        ask: format!(
            "How much higher is the value {}for \"{high}\" than for \"{low}\"?{}",
            of_series(chart, series),
            in_unit(chart)
        ),
        expected: number(chart, value),
    })
}

fn drawn<'a>(chart: &'a Chart, series: &'a Series) -> impl Iterator<Item = (&'a str, f64)> {
    let pairs = chart.categories.iter().zip(&series.values);
    pairs.filter_map(|(category, value)| value.map(|value| (category.as_str(), value)))
}

/// True if the eye can tell which of two values is the larger.
fn differ(chart: &Chart, a: f64, b: f64) -> bool {
    if chart.printed {
        return (a - b).abs() > 1e-9;
    }
    if chart.axis.log {
        return (a / b).max(b / a) > 1.3;
    }
    let span = if chart.form.is_round() { 100.0 } else { chart.axis.high - chart.axis.low };
    (a - b).abs() > 0.025 * span
}

fn of_series(chart: &Chart, series: &Series) -> String {
    if chart.series.len() > 1 { format!("of \"{}\" ", series.name) } else { String::new() }
}

fn of_series_end(chart: &Chart, series: &Series) -> String {
    if chart.series.len() > 1 { format!(" for \"{}\"", series.name) } else { String::new() }
}

fn in_unit(chart: &Chart) -> String {
    chart.unit_name.as_ref().map_or(String::new(), |unit| format!(" Give the number in {unit}."))
}

fn number(chart: &Chart, value: f64) -> Value {
    let tolerance = if chart.printed { 0.01 } else { 0.05 };
    json!({"type": "number", "value": plain(value), "unit": chart.unit_name, "tolerance": tolerance})
}

fn category_answer(category: &str) -> Value {
    json!({"type": "category", "value": category, "aliases": aliases(category)})
}

/// Other ways to write a category.
fn aliases(category: &str) -> Vec<String> {
    const LONG: &[(&str, &str)] = &[
        ("Jan", "January"),
        ("Feb", "February"),
        ("Mar", "March"),
        ("Apr", "April"),
        ("May", "May"),
        ("Jun", "June"),
        ("Jul", "July"),
        ("Aug", "August"),
        ("Sep", "September"),
        ("Oct", "October"),
        ("Nov", "November"),
        ("Dec", "December"),
        ("Mon", "Monday"),
        ("Tue", "Tuesday"),
        ("Wed", "Wednesday"),
        ("Thu", "Thursday"),
        ("Fri", "Friday"),
        ("Sat", "Saturday"),
        ("Sun", "Sunday"),
        ("Q1", "first quarter"),
        ("Q2", "second quarter"),
        ("Q3", "third quarter"),
        ("Q4", "fourth quarter"),
    ];
    let long = LONG.iter().filter(|(short, long)| *short == category && short != long);
    long.map(|(_, long)| (*long).to_owned()).collect()
}
