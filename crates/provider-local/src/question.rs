//! The `chart-question` task: a question in plain English, answered from the chart's table.

use serde_json::{Map, Value, json};

use crate::chart::{Row, Table, plain};
use crate::words::{contains_any, edits, words};

/// Answers a question, or says null where the table or the question gives nothing.
pub fn answer(table: &Table, prompt: &str) -> Map<String, Value> {
    let question = Question::of(table, prompt);
    [("answer".to_owned(), question.answer(table))].into_iter().collect()
}

/// What the words ask for.
struct Question {
    words: Vec<String>,
    /// Rows named, in the order of their names.
    rows: Vec<usize>,
    /// The series asked about.
    series: usize,
    /// Numbers that name nothing.
    numbers: Vec<f64>,
}

impl Question {
    fn of(table: &Table, prompt: &str) -> Self {
        let text = asked(prompt);
        let mut names = quoted(text);
        let is_series = |name: &String| table.columns.iter().skip(1).any(|column| close(column, name));
        let is_row = |name: &String| table.rows.iter().any(|row| close(&row.category, name));
        let series_name =
            names.iter().position(|name| is_series(name) && !is_row(name)).map(|at| names.remove(at));
        let unquoted = unquoted_names(table, text);
        let series = series_name.or_else(|| unquoted.iter().find(|name| is_series(name)).cloned());
        if names.is_empty() {
            names = unquoted.into_iter().filter(is_row).collect();
        }
        let outside: String = text.split('"').step_by(2).collect();
        let mut rows: Vec<usize> = names
            .iter()
            .filter_map(|name| nearest(table.rows.iter().map(|row| row.category.as_str()), name))
            .collect();
        if rows.is_empty() {
            rows.extend(numbers(&outside).first().and_then(|x| point_at(table, *x)));
        }
        Self {
            words: words(&outside),
            rows,
            series: series
                .and_then(|name| nearest(table.columns.iter().skip(1).map(String::as_str), &name))
                .unwrap_or(0),
            numbers: numbers(&outside),
        }
    }

    fn says(&self, phrases: &[&str]) -> bool {
        contains_any(&self.words, phrases)
    }

    fn answer(&self, table: &Table) -> Value {
        let values = self.values(table);
        let value =
            |at: usize| table.rows.get(at).and_then(|row| row.values.get(self.series).copied().flatten());
        let (first, second) =
            (self.rows.first().and_then(|&at| value(at)), self.rows.get(1).and_then(|&at| value(at)));
        if self.says(&["up down flat", "trend", "develop", "tend to change"]) {
            return json!(trend(&values));
        }
        if self.says(&["true or false", "yes or no"])
            || self
                .words
                .first()
                .is_some_and(|word| ["is", "was", "does", "did", "are"].contains(&word.as_str()))
        {
            return self.comparison(first, second);
        }
        if self.says(&["how many"]) {
            return self.count(table);
        }
        if self.says(&["increase", "rise", "growth", "decrease", "drop", "fall", "change"])
            && self.says(&["largest", "biggest", "greatest", "steepest", "most"])
        {
            return self.step(table);
        }
        if self.says(&["how much", "difference"]) {
            return first.zip(second).map_or(Value::Null, |(a, b)| plain(Some(tidy((a - b).abs()))));
        }
        if self.says(&["sum", "total", "altogether"]) && self.rows.is_empty() {
            return plain(Some(tidy(values.iter().sum())));
        }
        if self.says(&["average", "mean"]) && !values.is_empty() {
            return plain(Some(tidy(values.iter().sum::<f64>() / values.len() as f64)));
        }
        self.extreme(table).unwrap_or_else(|| plain(first))
    }

    fn values(&self, table: &Table) -> Vec<f64> {
        table.rows.iter().filter_map(|row| row.values.get(self.series).copied().flatten()).collect()
    }

    /// The row, or its value, at one end.
    fn extreme(&self, table: &Table) -> Option<Value> {
        let highest =
            self.says(&["highest", "largest", "most", "biggest", "maximum", "peak", "best", "greatest"]);
        let lowest = self.says(&["lowest", "smallest", "least", "minimum", "worst", "fewest"]);
        if !(highest || lowest) {
            return None;
        }
        let known = || {
            table.rows.iter().filter_map(|row| Some((row, row.values.get(self.series).copied().flatten()?)))
        };
        let order = |a: &(&Row, f64), b: &(&Row, f64)| a.1.total_cmp(&b.1);
        let (row, value) = if highest { known().max_by(order) } else { known().min_by(order) }?;
        let names = self.says(&["which", "what category", "label", "who", "when", "where"]);
        Some(if names { json!(row.category) } else { plain(Some(value)) })
    }

    /// The row with the largest change from the one before it.
    fn step(&self, table: &Table) -> Value {
        let falls = self.says(&["decrease", "drop", "fall", "decline"]);
        let either = self.says(&["change"]) && !self.says(&["increase", "rise", "growth"]) && !falls;
        let change = |pair: &[Row]| -> Option<f64> {
            let value = |row: &Row| row.values.get(self.series).copied().flatten();
            let change = value(&pair[1])? - value(&pair[0])?;
            Some(if either {
                change.abs()
            } else if falls {
                -change
            } else {
                change
            })
        };
        let largest = table
            .rows
            .windows(2)
            .filter_map(|pair| Some((change(pair)?, pair[1].category.as_str())))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        largest.map_or(Value::Null, |(_, category)| json!(category))
    }

    fn comparison(&self, first: Option<f64>, second: Option<f64>) -> Value {
        let other = second.or_else(|| self.numbers.first().copied());
        let Some((a, b)) = first.zip(other) else { return Value::Null };
        let less = self.says(&["lower", "less", "smaller", "fewer", "below", "under"]);
        let equal = self.says(&["equal", "same"]);
        json!(if equal {
            (a - b).abs() <= 0.01 * a.abs().max(b.abs())
        } else if less {
            a < b
        } else {
            a > b
        })
    }

    fn count(&self, table: &Table) -> Value {
        let Some(&limit) = self.numbers.first() else { return json!(table.rows.len()) };
        let below = self.says(&["below", "under", "less", "lower", "fewer"]);
        let counted = self
            .values(table)
            .into_iter()
            .filter(|value| if below { *value < limit } else { *value > limit });
        json!(counted.count())
    }
}

/// The question itself, where a prompt surrounds it.
fn asked(prompt: &str) -> &str {
    let from = prompt.rfind("Question:").map_or(prompt, |at| &prompt[at + "Question:".len()..]);
    from.trim().split("\n\n").next().unwrap_or(from).trim()
}

fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Names of rows and series that stand in the text without quotes.
fn unquoted_names(table: &Table, text: &str) -> Vec<String> {
    let text = words(text);
    let names = table.rows.iter().map(|row| &row.category).chain(table.columns.iter().skip(1));
    let mut found: Vec<(usize, String)> = names
        .filter_map(|name| {
            let wanted = words(name);
            let at = text
                .windows(wanted.len().max(1))
                .position(|window| !wanted.is_empty() && window == wanted)?;
            Some((at, name.clone()))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// Numbers in the text, units and separators put aside.
fn numbers(text: &str) -> Vec<f64> {
    let marks = crate::chart::marks(text);
    text.split_whitespace()
        .filter_map(|word| crate::chart::number(word.trim_matches(['?', '.', ',', '!', ';']), marks))
        .collect()
}

/// The point of a scatter plot nearest to an x, where x is what its rows are called.
fn point_at(table: &Table, x: f64) -> Option<usize> {
    let places: Option<Vec<f64>> = table.rows.iter().map(|row| row.category.parse().ok()).collect();
    let away = |place: &f64| (place - x).abs();
    let nearest = places?.into_iter().enumerate().min_by(|a, b| away(&a.1).total_cmp(&away(&b.1)))?;
    (away(&nearest.1) <= 0.05 * x.abs()).then_some(nearest.0)
}

fn close(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim().to_lowercase(), b.trim().to_lowercase());
    a == b || edits(&a, &b) * 4 <= b.chars().count().min(a.chars().count())
}

/// The name most like `wanted`, if any is like it at all.
fn nearest<'a>(names: impl Iterator<Item = &'a str>, wanted: &str) -> Option<usize> {
    let wanted = wanted.trim().to_lowercase();
    let (at, distance, length) = names
        .enumerate()
        .map(|(at, name)| (at, edits(&name.trim().to_lowercase(), &wanted), name.chars().count()))
        .min_by_key(|(_, distance, _)| *distance)?;
    (distance * 2 <= length.max(wanted.chars().count())).then_some(at)
}

/// Up or down if nearly all of it goes one way, flat if it hardly moves.
fn trend(values: &[f64]) -> &'static str {
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return "flat" };
    let high = values.iter().copied().fold(f64::MIN, f64::max);
    let low = values.iter().copied().fold(f64::MAX, f64::min);
    let (span, net) = (high - low, last - first);
    if span <= 0.05 * high.abs().max(low.abs()) {
        "flat"
    } else if net.abs() < 0.55 * span {
        "mixed"
    } else if net > 0.0 {
        "up"
    } else {
        "down"
    }
}

/// Without the noise of binary fractions.
fn tidy(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |category: &str, a: f64, b: f64| Row {
            category: category.into(),
            values: vec![Some(a), Some(b)],
        };
        Table {
            title: Some("2025 Quarterly Revenue".into()),
            columns: vec!["Quarter".into(), "North".into(), "South".into()],
            rows: vec![
                row("Q1", 420.0, 90.0),
                row("Q2", 510.0, 80.0),
                row("Q3", 480.0, 60.0),
                row("Q4", 620.0, 20.0),
            ],
        }
    }

    #[track_caller]
    fn check(question: &str, wanted: Value) {
        let prompt = format!("Answer from the chart.\n\nQuestion: {question}\n\nReturn JSON.");
        assert_eq!(answer(&table(), &prompt)["answer"], wanted, "{question}");
    }

    #[test]
    fn values_and_extremes() {
        check("What is the value for \"Q4\"?", json!(620));
        check("What is the value of \"South\" for \"Q2\"? Give the number in $K.", json!(80));
        check("Which quarter has the highest value?", json!("Q4"));
        check("Which category has the lowest value for \"South\"? Answer with its label.", json!("Q4"));
        check("What is the lowest value?", json!(420));
        check("What was North in Q3?", json!(480));
    }

    #[test]
    fn changes_and_trends() {
        check(
            "In which category is the increase over the one before it the largest? Answer with its label.",
            json!("Q4"),
        );
        check("Where is the largest drop of \"South\"?", json!("Q4"));
        check(
            "How does the value develop from \"Q1\" to \"Q4\" as a whole? Answer up, down, flat or mixed.",
            json!("up"),
        );
        check("What is the trend of \"South\"?", json!("down"));
    }

    #[test]
    fn comparisons_and_sums() {
        check("Is the value for \"Q3\" higher than for \"Q2\"? Answer true or false.", json!(false));
        check("Is Q3 lower than Q2?", json!(true));
        check("How much higher is the value for \"Q4\" than for \"Q1\"?", json!(200));
        check("How many categories have a value above 450?", json!(3));
        check("What is the total of all quarters?", json!(2030));
        check("What is the average of \"South\"?", json!(62.5));
    }

    #[test]
    fn a_point_is_named_by_its_x() {
        let point = |x: &str, y: f64| Row { category: x.into(), values: vec![Some(y)] };
        let columns = vec!["Price (€)".into(), "Units sold".into()];
        let table = Table { title: None, columns, rows: vec![point("4.5", 850.0), point("13.51", 325.0)] };
        let asked = "What is the Units sold of the point where the Price (€) is 13.5?";
        assert_eq!(answer(&table, asked)["answer"], json!(325));
    }

    #[test]
    fn what_the_table_does_not_say_is_null() {
        check("What is the value for \"Paris\"?", Value::Null);
        assert_eq!(answer(&Table::default(), "Is A higher than B?")["answer"], Value::Null);
    }
}
