//! Answers from the table behind a chart.

use serde_json::{Value, json};

use super::asked::{Asked, End};
use crate::chart::{Row, Table, plain};
use crate::words::{edits, words};

/// The answer, or nothing where the table or the rules give none.
pub fn answer(table: &Table, asked: &Asked) -> Option<Value> {
    if asked.is_beyond_words() {
        return None;
    }
    if asked.is_title() && asked.end().is_none() {
        return table.title.clone().map(Value::from);
    }
    Reader::of(table, asked)?.answer()
}

/// Whether the table has values to speak of, or the question names its rows.
pub fn fits(table: &Table, asked: &Asked) -> bool {
    let values = table.rows.iter().flat_map(|row| &row.values).flatten().count();
    values >= 2 && (!named(table, asked).0.is_empty() || asked.end().is_some())
}

/// A table with the rows and the series that the question is about.
struct Reader<'a> {
    table: &'a Table,
    asked: &'a Asked,
    /// In the order in which they are named.
    rows: Vec<usize>,
    series: Vec<usize>,
}

impl<'a> Reader<'a> {
    /// Nothing if the question names what the table does not have.
    fn of(table: &'a Table, asked: &'a Asked) -> Option<Self> {
        let (mut rows, series, unknown) = named(table, asked);
        if unknown || table.rows.is_empty() {
            return None;
        }
        if rows.is_empty() {
            rows.extend(asked.numbers.first().and_then(|x| point_at(table, *x)));
        }
        Some(Self { table, asked, rows, series })
    }

    fn answer(&self) -> Option<Value> {
        let asked = self.asked;
        match () {
            () if asked.is_trend() => Some(json!(trend(&self.values()?))),
            () if asked.is_yes_no() => self.comparison().map(|holds| json!(holds)),
            () if asked.is_difference() => self.difference(),
            () if asked.is_count() && self.rows.is_empty() => self.count(),
            () if asked.end().is_some() => match asked.step() {
                Some(direction) if self.rows.is_empty() => self.step(direction),
                _ => self.extreme(asked.end()?),
            },
            () if asked.is_mean() => {
                let values = self.chosen()?;
                number(values.iter().sum::<f64>() / values.len() as f64)
            }
            () if asked.is_sum() => number(self.chosen()?.iter().sum()),
            () if asked.wants_name() && !asked.numbers.is_empty() => self.beyond(),
            () if asked.wants_name() => self.better(),
            () => self.value(*self.rows.first()?).filter(|_| self.rows.len() == 1).and_then(number),
        }
    }

    /// The series asked about: the one named, or the only one.
    fn series(&self) -> Option<usize> {
        match self.series[..] {
            [only] => Some(only),
            _ => (self.table.columns.len() <= 2).then_some(0),
        }
    }

    fn value(&self, row: usize) -> Option<f64> {
        self.at(row, self.series()?)
    }

    fn at(&self, row: usize, series: usize) -> Option<f64> {
        self.table.rows.get(row)?.values.get(series).copied().flatten()
    }

    /// Two rows of one series, or two series in one row.
    fn pair(&self) -> Option<(f64, f64)> {
        match (&self.rows[..], &self.series[..]) {
            ([a, b], _) => Some((self.value(*a)?, self.value(*b)?)),
            ([row], [a, b]) => Some((self.at(*row, *a)?, self.at(*row, *b)?)),
            _ => None,
        }
    }

    /// All values of the series.
    fn values(&self) -> Option<Vec<f64>> {
        let series = self.series()?;
        let values: Vec<f64> =
            self.table.rows.iter().filter_map(|row| row.values.get(series).copied().flatten()).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The values of the rows named, of all if none is.
    fn chosen(&self) -> Option<Vec<f64>> {
        if self.rows.is_empty() {
            return self.values();
        }
        let row = |at: &usize| match self.series[..] {
            [] => self.table.rows[*at].values.iter().copied().collect::<Option<Vec<_>>>(),
            _ => self.value(*at).map(|value| vec![value]),
        };
        let values: Vec<Vec<f64>> = self.rows.iter().map(row).collect::<Option<_>>()?;
        Some(values.concat()).filter(|values| !values.is_empty())
    }

    /// The row, series or value at one end.
    fn extreme(&self, end: End) -> Option<Value> {
        let mut ranked: Vec<(f64, &str)> = match self.rows.as_slice() {
            // Several lines at one place: the question is which of them.
            [row] if self.series.is_empty() && self.table.columns.len() > 2 => {
                let values = self.table.rows[*row].values.iter().zip(&self.table.columns[1..]);
                values.filter_map(|(value, name)| Some(((*value)?, name.as_str()))).collect()
            }
            _ => {
                let rows: Vec<usize> = if self.rows.len() > 1 {
                    self.rows.clone()
                } else {
                    (0..self.table.rows.len()).collect()
                };
                let named = |row: usize| Some((self.value(row)?, self.table.rows[row].category.as_str()));
                rows.into_iter().filter_map(named).collect()
            }
        };
        ranked.sort_by(|a, b| match end {
            End::High => b.0.total_cmp(&a.0),
            End::Low => a.0.total_cmp(&b.0),
        });
        let (value, name) = ranked.get(self.asked.rank())?;
        if self.asked.wants_name() { Some(json!(name)) } else { number(*value) }
    }

    /// The row with the largest step from the one before it.
    fn step(&self, direction: Option<End>) -> Option<Value> {
        let series = self.series()?;
        let change = |pair: &[Row]| -> Option<f64> {
            let value = |row: &Row| row.values.get(series).copied().flatten();
            let change = value(&pair[1])? - value(&pair[0])?;
            Some(match direction {
                None => change.abs(),
                Some(End::High) => change,
                Some(End::Low) => -change,
            })
        };
        let steps = self.table.rows.windows(2).filter_map(|pair| Some((change(pair)?, &pair[1].category)));
        let (size, name) = steps.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(size, _)| *size > 0.0)?;
        if self.asked.wants_name() || !self.asked.says(&["how much", "how large", "what is"]) {
            Some(json!(name))
        } else {
            number(size)
        }
    }

    /// Between two rows, or of one row with a number.
    fn comparison(&self) -> Option<bool> {
        let (first, other) = match self.pair() {
            Some(pair) => pair,
            None => (self.value(*self.rows.first()?)?, *self.asked.numbers.last()?),
        };
        if self.asked.says(&["equal", "same", "as many", "as much", "exactly"]) {
            return Some((first - other).abs() <= 0.01 * first.abs().max(other.abs()));
        }
        match self.asked.compares()? {
            End::High => Some(first > other),
            End::Low => Some(first < other),
        }
    }

    fn difference(&self) -> Option<Value> {
        let (first, second) = self.pair()?;
        number((first - second).abs())
    }

    /// How many rows there are, or lie on one side of a number.
    fn count(&self) -> Option<Value> {
        let Some(limit) = self.asked.numbers.first() else {
            if self.asked.says(&["series", "lines", "legend", "groups"]) {
                return Some(json!(self.table.columns.len() - 1));
            }
            // Anything else may be counted elsewhere on the page.
            let heading = self.table.columns.first().map(|name| words(name)).unwrap_or_default();
            let stem = |word: &String| word.trim_end_matches('s').to_owned();
            let is_heading =
                heading.iter().any(|part| self.asked.words.iter().any(|word| stem(word) == stem(part)));
            let is_row = self.asked.says(&["bars", "categories", "slices", "points", "columns", "rows"]);
            return (is_row || is_heading).then(|| json!(self.table.rows.len()));
        };
        let side = self.asked.compares()?;
        let counted = self.values()?.into_iter().filter(|value| lies(*value, side, *limit)).count();
        Some(json!(counted))
    }

    /// The only row on one side of a number.
    fn beyond(&self) -> Option<Value> {
        let (side, limit) = (self.asked.compares()?, *self.asked.numbers.first()?);
        let mut found = (0..self.table.rows.len())
            .filter(|row| self.value(*row).is_some_and(|value| lies(value, side, limit)));
        let row = found.next().filter(|_| found.next().is_none())?;
        Some(json!(self.table.rows[row].category))
    }

    /// Which of two is more.
    fn better(&self) -> Option<Value> {
        let side = self.asked.compares()?;
        let (first, second) = self.pair()?;
        let at = usize::from((first > second) != (side == End::High));
        Some(match self.rows[..] {
            [a, b] => json!(self.table.rows[[a, b][at]].category),
            _ => json!(self.table.columns[1 + self.series[at]]),
        })
    }
}

fn lies(value: f64, side: End, limit: f64) -> bool {
    match side {
        End::High => value > limit,
        End::Low => value < limit,
    }
}

/// Without the noise of binary fractions.
fn number(value: f64) -> Option<Value> {
    value.is_finite().then(|| plain(Some((value * 1e6).round() / 1e6)))
}

/// The rows and the series a question names, and whether it quotes what is neither.
fn named(table: &Table, asked: &Asked) -> (Vec<usize>, Vec<usize>, bool) {
    let row_names: Vec<&str> = table.rows.iter().map(|row| row.category.as_str()).collect();
    let series_names: Vec<&str> = table.columns.iter().skip(1).map(String::as_str).collect();
    let (mut rows, mut series, mut unknown) = (Vec::new(), Vec::new(), false);
    for name in &asked.quoted {
        match (nearest(&row_names, name), nearest(&series_names, name)) {
            (Some((_, far)), Some((at, near))) if near < far => series.push(at),
            (Some((at, _)), _) => rows.push(at),
            (None, Some((at, _))) => series.push(at),
            (None, None) => unknown = true,
        }
    }
    if rows.is_empty() {
        rows = standing(&row_names, &asked.words);
    }
    if series.is_empty() && series_names.len() > 1 {
        series = standing(&series_names, &asked.words);
    }
    (rows, series, unknown)
}

/// The names that stand among the words, in the words' order.
fn standing(names: &[&str], text: &[String]) -> Vec<usize> {
    let mut found: Vec<(usize, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let wanted = words(name);
            let place = text.windows(wanted.len().max(1)).position(|window| window == wanted)?;
            Some((place, at))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// The name most like `wanted` and the share of letters that differ, if it is like it at all.
fn nearest(names: &[&str], wanted: &str) -> Option<(usize, usize)> {
    let wanted = wanted.trim().to_lowercase();
    let distance = |name: &str| {
        let name = name.trim().to_lowercase();
        let length = name.chars().count().max(wanted.chars().count()).max(1);
        (edits(&name, &wanted), length)
    };
    let (at, (distance, length)) = names
        .iter()
        .map(|name| distance(name))
        .enumerate()
        .min_by_key(|(_, (distance, length))| distance * 1000 / length)?;
    // Short labels differ by one letter and mean another row: Q1 is not Q2.
    let is_like = distance == 0 || (length > 3 && distance * 3 <= length);
    is_like.then_some((at, distance * 1000 / length))
}

/// The point of a scatter plot nearest to an x, where x is what its rows are called.
fn point_at(table: &Table, x: f64) -> Option<usize> {
    let places: Option<Vec<f64>> = table.rows.iter().map(|row| row.category.parse().ok()).collect();
    let away = |place: &f64| (place - x).abs();
    let nearest = places?.into_iter().enumerate().min_by(|a, b| away(&a.1).total_cmp(&away(&b.1)))?;
    (away(&nearest.1) <= 0.05 * x.abs()).then_some(nearest.0)
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

#[cfg(test)]
mod tests;
