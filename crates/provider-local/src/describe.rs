//! The `describe` task: what kind of picture it is, and what is printed on it. What a photograph shows is not known.

use serde_json::Value;

use crate::chart::{self, Kind, Row, Table, plain};
use crate::page::Page;
use crate::{Failure, classify, text};

/// A few sentences, or a refusal where nothing is printed.
pub fn describe(page: &Page) -> Result<String, Failure> {
    if page.lines.is_empty() {
        return Err(Failure::Unanswered(
            "this reader finds no text in the picture, and only describes what is printed".to_owned(),
        ));
    }
    let label = classify::best(page);
    let table = chart::read(page);
    let values = table.rows.iter().flat_map(|row| &row.values).flatten().count();
    if label == "chart" && values >= 2 {
        return Ok(of_chart(&table));
    }
    Ok(format!("This is a {label}. It says:\n{}", text::text(page)))
}

fn of_chart(table: &Table) -> String {
    let kind = table.kind.map_or("chart", in_words);
    let title = table.title.as_ref().map(|title| format!(" titled “{title}”")).unwrap_or_default();
    let article = if kind.starts_with('a') { "an" } else { "a" };
    let mut sentences = vec![format!("This is {article} {kind}{title}.")];
    if table.kind == Some(Kind::Points) {
        sentences.push(format!("It shows {} points.", table.rows.len()));
        return sentences.join(" ");
    }
    let series = table.columns.get(1..).unwrap_or_default();
    match series {
        [only] => sentences.extend(ends(table, 0, only)),
        several => {
            sentences.push(format!("It shows {}.", several.join(", ")));
            sentences.extend(several.iter().enumerate().flat_map(|(at, name)| ends(table, at, name)));
        }
    }
    sentences.join(" ")
}

/// What is highest and lowest of a series; nothing of fewer than two values.
fn ends(table: &Table, series: usize, name: &str) -> Vec<String> {
    let value = |row: &Row| row.values.get(series).copied().flatten();
    let mut ranked: Vec<(&str, f64)> =
        table.rows.iter().filter_map(|row| Some((row.category.as_str(), value(row)?))).collect();
    ranked.retain(|(category, _)| !category.is_empty());
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [lowest, .., highest] = ranked.as_slice() else { return Vec::new() };
    let of = if table.columns.len() > 2 { format!("Of {name}, ") } else { String::new() };
    let sentence = |(category, value): &(&str, f64), end: &str| {
        format!("{of}{category} has the {end} value, {}.", number(*value))
    };
    vec![sentence(highest, "highest"), sentence(lowest, "lowest")]
}

fn number(value: f64) -> String {
    match plain(Some(value)) {
        Value::Null => value.to_string(),
        plain => plain.to_string(),
    }
}

fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Bars => "bar chart",
        Kind::HorizontalBars => "bar chart with horizontal bars",
        Kind::StackedBars => "stacked bar chart",
        Kind::Lines => "line chart",
        Kind::Areas => "area chart",
        Kind::Slices => "pie chart",
        Kind::Points => "scatter plot",
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::layout::tests::line;

    fn row(category: &str, values: &[f64]) -> Row {
        Row { category: category.into(), values: values.iter().copied().map(Some).collect() }
    }

    fn table(kind: Kind, columns: &[&str], rows: Vec<Row>) -> Table {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Table { kind: Some(kind), title: Some("Sales".into()), columns, rows }
    }

    #[test]
    fn a_chart_is_described_by_its_title_and_its_ends() {
        let rows = vec![row("Q1", &[3.5]), row("Q2", &[9.0]), row("Q3", &[4.0])];
        assert_eq!(
            of_chart(&table(Kind::Bars, &["Quarter", "Sales"], rows)),
            "This is a bar chart titled “Sales”. Q2 has the highest value, 9. Q1 has the lowest value, 3.5."
        );
    }

    #[test]
    fn of_several_series_each_has_its_ends() {
        let rows = vec![row("Q1", &[1.0, 8.0]), row("Q2", &[2.0, 7.0])];
        let said = of_chart(&table(Kind::Areas, &["Quarter", "North", "South"], rows));
        assert!(said.starts_with("This is an area chart titled “Sales”. It shows North, South."), "{said}");
        assert!(said.contains("Of North, Q2 has the highest value, 2."), "{said}");
        assert!(said.contains("Of South, Q2 has the lowest value, 7."), "{said}");
    }

    #[test]
    fn points_have_no_names_that_could_be_highest() {
        let said = of_chart(&table(Kind::Points, &["x", "y"], vec![row("1", &[2.0]), row("2", &[3.0])]));
        assert_eq!(said, "This is a scatter plot titled “Sales”. It shows 2 points.");
    }

    #[test]
    fn a_page_is_described_by_what_it_says_and_a_picture_without_text_not_at_all() {
        let page = |lines| Page { image: RgbImage::new(40, 60), lines };
        let said = describe(&page(vec![line("Corner Bakery", 5.0, 10.0)])).expect("there is text");
        assert!(said.starts_with("This is a ") && said.ends_with("It says:\nCorner Bakery"), "{said}");
        assert!(matches!(describe(&page(vec![])), Err(Failure::Unanswered(_))));
    }
}
