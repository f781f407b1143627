use serde_json::{Value, json};
use vision_core::Evidence;

use crate::amount;
use crate::found::plain;

/// A table as an engine found it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    /// What stands above it.
    pub title: Option<String>,
    /// All cells, in any order.
    pub cells: Vec<Cell>,
}

/// A cell, which may span several places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// From 0.
    pub row: usize,
    /// From 0.
    pub column: usize,
    /// Its words.
    pub text: String,
    /// Whether it is a heading.
    pub heading: bool,
    /// Where it stands.
    pub evidence: Option<Evidence>,
}

/// No page holds more; what an engine says beyond it is no table.
const MOST: usize = 2_000;

impl Grid {
    /// The answer to the task `chart-table`: headings, and rows of a label and numbers.
    ///
    /// Where no cell is a heading, the first row is. An engine that found no table gives an empty one.
    pub fn answer(tables: Vec<Self>) -> (Value, Vec<Evidence>) {
        // A page may hold several: the largest is what the question is about.
        let Some(table) = tables.into_iter().max_by_key(|table| table.cells.len()) else {
            return (json!({"title": null, "columns": [], "rows": []}), Vec::new());
        };
        table.one()
    }

    fn one(mut self) -> (Value, Vec<Evidence>) {
        self.cells.retain(|cell| cell.row < MOST && cell.column < MOST);
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        let width = self.cells.iter().map(|cell| cell.column + 1).max().unwrap_or(0);
        let first = self.cells.first().map_or(0, |cell| cell.row);
        let headings: Vec<usize> =
            self.cells.iter().filter(|cell| cell.heading).map(|cell| cell.row).collect();
        let is_heading =
            |row: usize| if headings.is_empty() { row == first } else { headings.contains(&row) };
        let mut columns = vec![String::new(); width];
        let mut rows: Vec<(usize, Vec<Value>)> = Vec::new();
        let mut evidence = Vec::new();
        for cell in self.cells {
            if is_heading(cell.row) {
                let words = [columns[cell.column].as_str(), cell.text.trim()];
                columns[cell.column] =
                    words.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
                continue;
            }
            if rows.last().is_none_or(|(row, _)| *row != cell.row) {
                rows.push((cell.row, vec![Value::Null; width]));
            }
            let at = rows.len() - 1;
            rows[at].1[cell.column] = content(&cell);
            let path = format!("rows[{at}][{}]", cell.column);
            evidence.extend(cell.evidence.map(|it| Evidence { path, text: Some(cell.text), ..it }));
        }
        let rows: Vec<Value> = rows.into_iter().map(|(_, row)| Value::Array(row)).collect();
        (json!({"title": self.title, "columns": columns, "rows": rows}), evidence)
    }
}

/// The first cell of a row is its label; any other is a number if it can be read as one.
fn content(cell: &Cell) -> Value {
    let text = cell.text.trim();
    match (cell.column, text) {
        (_, "") => Value::Null,
        (0, text) => json!(text),
        (_, text) => amount(text).map_or_else(|| json!(text), |number| plain(Some(number))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Cell, Grid};

    fn cell(row: usize, column: usize, text: &str, heading: bool) -> Cell {
        Cell { row, column, text: text.to_owned(), heading, evidence: Some(vision_core::Evidence::default()) }
    }

    #[test]
    fn rows_are_a_label_and_numbers() {
        let cells = vec![
            cell(1, 1, "$420", false),
            cell(0, 0, "Quarter", true),
            cell(0, 1, "Revenue", true),
            cell(1, 0, "1", false),
            cell(2, 0, "2", false),
            cell(2, 1, "n/a", false),
        ];
        let (answer, evidence) = Grid::answer(vec![Grid { title: Some("Sales".to_owned()), cells }]);
        let rows = json!([["1", 420], ["2", "n/a"]]);
        assert_eq!(answer, json!({"title": "Sales", "columns": ["Quarter", "Revenue"], "rows": rows}));
        assert_eq!((evidence.len(), evidence[1].path.as_str()), (4, "rows[0][1]"));
    }

    #[test]
    fn without_headings_the_first_row_is_one_and_without_a_table_all_is_empty() {
        let cells = vec![cell(3, 0, "A", false), cell(3, 1, "B", false), cell(4, 1, "7", false)];
        let (answer, _) = Grid::answer(vec![Grid::default(), Grid { title: None, cells }]);
        assert_eq!(answer, json!({"title": null, "columns": ["A", "B"], "rows": [[null, 7]]}));
        assert_eq!(Grid::answer(vec![]).0, json!({"title": null, "columns": [], "rows": []}));
    }

    #[test]
    fn an_absurd_place_takes_no_memory() {
        let (answer, _) =
            Grid::answer(vec![Grid { title: None, cells: vec![cell(usize::MAX, 7, "x", false)] }]);
        assert_eq!(answer["rows"], json!([]));
    }
}
