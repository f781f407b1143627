//! Tables as the series of a plotting library: `{"labels": […], "datasets": [{"label": …, "data": […]}]}`.

use serde_json::{Map, Value, json};

use super::{Shape, TITLE, heading, named};

const LABELS: [&str; 5] = ["labels", "categories", "xlabels", "xaxis", "x"];
const SERIES: [&str; 3] = ["datasets", "series", "traces"];
const NAMES: [&str; 3] = ["name", "label", "series"];
const VALUES: [&str; 4] = ["data", "values", "y", "points"];

/// The table of the series in an object; nothing if there are none.
pub(super) fn in_object(fields: &Map<String, Value>, most: usize) -> Option<Shape> {
    let series = named(fields, &SERIES)?.as_array().filter(|series| series.len() <= most)?;
    // `{"series": ["Sales"], "data": [[420], …]}` names columns of rows.
    let labels = named(fields, &LABELS)
        .and_then(|labels| labels.as_array().or_else(|| labels.get("categories")?.as_array()));
    let mut table = Table { rows: labels.cloned().unwrap_or_default(), columns: Vec::new(), most };
    if series.iter().all(|one| !one.is_object()) {
        let data = named(fields, &VALUES)?.as_array()?;
        table.add_plain(series, data)?;
    } else {
        for (at, one) in series.iter().enumerate() {
            table.add(one.as_object()?, at)?;
        }
    }
    Some(table.shape(named(fields, &TITLE).filter(|title| title.is_string()).cloned()))
}

struct Table {
    rows: Vec<Value>,
    /// The name of a series and its values by row.
    columns: Vec<(Value, Vec<Value>)>,
    most: usize,
}

impl Table {
    fn add(&mut self, series: &Map<String, Value>, at: usize) -> Option<()> {
        let name = named(series, &NAMES).map_or_else(|| json!(format!("{}", at + 1)), heading);
        let data = named(series, &VALUES)?;
        let mut values = vec![Value::Null; self.rows.len()];
        match data {
            Value::Array(points) => {
                for (index, point) in points.iter().take(self.most).enumerate() {
                    let (row, value) = pair(point);
                    let at = match row {
                        Some(row) => self.row(row)?,
                        None => index,
                    };
                    if values.len() <= at {
                        values.resize(at + 1, Value::Null);
                    }
                    values[at] = value.clone();
                }
            }
            Value::Object(points) => {
                for (row, value) in points.iter().take(self.most) {
                    let at = self.row(&json!(row))?;
                    if values.len() <= at {
                        values.resize(at + 1, Value::Null);
                    }
                    values[at] = value.clone();
                }
            }
            _ => return None,
        }
        self.columns.push((name, values));
        Some(())
    }

    /// `{"series": ["Sales", "Costs"], "data": [[1, 2], …]}`, or the rows named and one value each.
    fn add_plain(&mut self, names: &[Value], data: &[Value]) -> Option<()> {
        if data.iter().all(|value| !value.is_array()) && data.len() == names.len() {
            self.rows = names.to_vec();
            self.columns.push((json!("Value"), data.to_vec()));
            return Some(());
        }
        let wide = data.iter().all(|row| row.as_array().is_some_and(|row| row.len() == names.len() + 1));
        for (at, name) in names.iter().enumerate() {
            let values: Option<Vec<Value>> = if wide {
                Some(data.iter().map(|row| row[at + 1].clone()).collect())
            } else if names.len() == 1 && data.iter().all(|value| !value.is_array()) {
                Some(data.to_vec())
            } else {
                data.get(at)?.as_array().cloned()
            };
            self.columns.push((name.clone(), values?));
        }
        if wide {
            self.rows = data.iter().map(|row| row[0].clone()).collect();
        }
        (!self.rows.is_empty()).then_some(())
    }

    /// The place of a row, which is added if it is new.
    fn row(&mut self, name: &Value) -> Option<usize> {
        if let Some(at) = self.rows.iter().position(|row| row == name) {
            return Some(at);
        }
        (self.rows.len() < self.most.min(500)).then(|| {
            self.rows.push(name.clone());
            self.rows.len() - 1
        })
    }

    fn shape(self, title: Option<Value>) -> Shape {
        let columns =
            std::iter::once(json!("")).chain(self.columns.iter().map(|column| column.0.clone())).collect();
        let cell = |column: &(Value, Vec<Value>), at: usize| column.1.get(at).cloned().unwrap_or_default();
        let row = |(at, name): (usize, &Value)| {
            std::iter::once(name.clone()).chain(self.columns.iter().map(|column| cell(column, at))).collect()
        };
        let rows = self.rows.iter().enumerate().map(row).collect();
        Shape { title, columns, rows, in_place: false }
    }
}

/// `{"x": "Q1", "y": 420}` and `["Q1", 420]` as name and value; a bare value has no name.
fn pair(point: &Value) -> (Option<&Value>, &Value) {
    match point {
        Value::Object(fields) => {
            let name = named(fields, &["x", "label", "name", "category"]);
            let value = named(fields, &["y", "value", "count", "amount"]);
            match (name, value) {
                (name, Some(value)) => (name, value),
                _ => (None, point),
            }
        }
        Value::Array(cells) if cells.len() == 2 => (Some(&cells[0]), &cells[1]),
        _ => (None, point),
    }
}
