//! A table of named rows and columns.

use serde_json::Value;

use super::label;
use crate::MetricError;
use crate::metric::deplot_rms::Point;
use crate::value::{is_absent, quantity, text};

/// An answer may list anything; rows and columns beyond this are not read.
const MOST_ROWS: usize = 4_000;

/// A table. Cells without a value are left out.
#[derive(Default, Clone)]
pub(super) struct Grid {
    /// The title; null if labelled absent, nothing if not labelled.
    pub(super) title: Option<Value>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<String>,
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone)]
pub(super) struct Cell {
    row: String,
    column: String,
    pub(super) value: Value,
}

impl Cell {
    pub(super) fn path(&self) -> String {
        format!("{} / {}", self.row, self.column)
    }
}

impl Grid {
    pub(super) fn expected(value: &Value) -> Result<Self, MetricError> {
        crate::arguments::list("expected.columns", &value["columns"])?;
        let rows = crate::arguments::list("expected.rows", &value["rows"])?;
        for row in rows {
            crate::arguments::list("each row of expected.rows", row)?;
        }
        if rows.len() > MOST_ROWS {
            return Err(MetricError::new(format!(
                "a table of {} rows is too much; at most {MOST_ROWS} are read",
                rows.len()
            )));
        }
        Ok(Self::answered(value).unwrap_or_default())
    }

    /// The table in `{"columns": […], "rows": […]}`, or in a list of rows.
    pub(super) fn answered(value: &Value) -> Option<Self> {
        let table = match value {
            Value::Object(fields) if !fields.contains_key("rows") && fields.len() == 1 => {
                fields.values().next()?
            }
            value => value,
        };
        let rows = table.get("rows").unwrap_or(table).as_array()?;
        let mut columns: Vec<String> = table
            .get("columns")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |columns| columns.iter().map(label).collect());
        let mut rows = &rows[..rows.len().min(MOST_ROWS)];
        if columns.is_empty() {
            columns = match rows.split_first()? {
                (Value::Object(fields), _) => fields.keys().cloned().collect(),
                (Value::Array(header), body) => {
                    rows = body;
                    header.iter().map(label).collect()
                }
                _ => return None,
            };
        }
        columns.truncate(MOST_ROWS);
        let rows = rows.iter().filter_map(|row| match row {
            Value::Array(cells) => Some(cells.clone()),
            Value::Object(fields) => {
                Some(columns.iter().map(|column| fields.get(column).cloned().unwrap_or_default()).collect())
            }
            _ => None,
        });
        Some(Self::new(table.get("title").cloned(), &columns, rows.collect()))
    }

    fn new(title: Option<Value>, columns: &[String], rows: Vec<Vec<Value>>) -> Self {
        let mut grid = Self { title, columns: columns.iter().skip(1).cloned().collect(), ..Self::default() };
        for row in rows {
            let mut values = row.into_iter();
            let Some(name) = values.next().map(|name| label(&name)) else { continue };
            for (column, value) in grid.columns.iter().zip(values) {
                if !is_absent(&value) {
                    grid.cells.push(Cell { row: name.clone(), column: column.clone(), value });
                }
            }
            grid.rows.push(name);
        }
        grid
    }

    /// A table with `|` between its cells.
    pub(super) fn markdown(text: &str) -> Option<Self> {
        let mut title = None;
        let mut lines: Vec<Vec<Value>> = Vec::new();
        for line in text.lines().filter(|line| line.contains('|')).take(MOST_ROWS) {
            let cells: Vec<&str> =
                line.trim().trim_start_matches('|').trim_end_matches('|').split('|').map(str::trim).collect();
            match cells.as_slice() {
                ["title" | "Title" | "TITLE", rest @ ..]
                    if lines.is_empty() && title.is_none() && rest.len() == 1 =>
                {
                    title = Some(Value::from(rest[0]));
                }
                cells
                    if cells
                        .iter()
                        .all(|cell| !cell.is_empty() && cell.chars().all(|c| "-: ".contains(c))) => {}
                cells => lines.push(cells.iter().map(|cell| Value::from(*cell)).collect()),
            }
        }
        let rows = lines.split_off(1.min(lines.len()));
        let header: Vec<String> = lines.pop()?.iter().map(label).collect();
        Some(Self::new(title, &header, rows))
    }

    pub(super) fn transposed(&self) -> Self {
        let turn = |cell: &Cell| Cell {
            row: cell.column.clone(),
            column: cell.row.clone(),
            value: cell.value.clone(),
        };
        Self {
            title: self.title.clone(),
            columns: self.rows.clone(),
            rows: self.columns.clone(),
            cells: self.cells.iter().map(turn).collect(),
        }
    }

    /// Cells with their names as key, in lower case, numbers in plain digits.
    pub(super) fn points(&self) -> Vec<Point> {
        let point = |cell: &Cell| {
            let value = quantity(&cell.value)
                .map_or_else(|| text(&cell.value).to_lowercase(), |number| number.to_string());
            (format!("{} {}", cell.row, cell.column).to_lowercase(), value)
        };
        self.cells.iter().map(point).collect()
    }
}
