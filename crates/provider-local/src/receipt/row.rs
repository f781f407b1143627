//! A row of a receipt: its words and the amount at its right end.

use crate::layout;
use crate::page::{Line, Page};

use super::label::{Label, label};
use super::{Amount, Money, Shape, Style, amounts};

/// One row, taken apart.
#[derive(Debug, Clone)]
pub struct Row {
    /// Everything printed on it.
    pub text: String,
    /// The words before the price.
    pub name: String,
    pub label: Option<Label>,
    /// The amount at the right end.
    pub price: Option<Money>,
    /// The numbers before it.
    pub numbers: Vec<Amount>,
    /// Height of its print.
    pub height: f32,
    /// The lowest confidence of its parts.
    pub confidence: f32,
}

impl Row {
    /// The number of letters in its name.
    pub fn letters(&self) -> usize {
        self.name.chars().filter(|c| c.is_alphabetic()).count()
    }
}

/// The rows of a page, from the top.
pub fn rows(page: &Page, style: Style) -> Vec<Row> {
    let column = price_column(page, style);
    layout::rows(&page.lines).iter().map(|row| take_apart(row, style, column)).collect()
}

/// The right edge most prices share: the row's end must reach it.
fn price_column(page: &Page, style: Style) -> f32 {
    let mut edges: Vec<f32> = page
        .lines
        .iter()
        .filter(|line| last_price(&line.text, style).is_some_and(|price| trails(&line.text[price.end..])))
        .map(|line| line.rect.right)
        .collect();
    edges.sort_by(f32::total_cmp);
    edges.get(edges.len() / 2).copied().unwrap_or(0.0)
}

fn take_apart(row: &layout::Row<'_>, style: Style, column: f32) -> Row {
    let text = row.text();
    let heights = row.lines.iter().map(|line| line.region.height);
    let mut taken = Row {
        label: None,
        name: text.clone(),
        text,
        price: None,
        numbers: Vec::new(),
        height: heights.fold(0.0, f32::max),
        confidence: row.lines.iter().map(|line| line.confidence).fold(1.0, f32::min),
    };
    let cells: Vec<String> = row.lines.iter().map(|line| without_gaps(&line.text)).collect();
    let reach = column - 4.0 * taken.height;
    let ends = |(line, cell): (&&Line, &String)| last_price(cell, style).is_some() && line.rect.right > reach;
    let last = (0..cells.len()).rfind(|&index| ends((&row.lines[index], &cells[index])));
    if let Some(index) = last.filter(|&index| row.lines[index + 1..].iter().all(|line| trails(&line.text))) {
        let before: Vec<&str> = cells[..index].iter().map(String::as_str).collect();
        let cell = &cells[index];
        if let Some(price) = last_price(cell, style).filter(|price| trails(&cell[price.end..])) {
            taken.price = Some(price.money);
            taken.name = format!("{} {}", before.join(" "), &cell[..price.start]);
            let numbers = before.iter().flat_map(|text| amounts(text, style));
            taken.numbers = numbers.chain(amounts(&cell[..price.start], style)).collect();
        }
    } else {
        taken.numbers = row.lines.iter().flat_map(|line| amounts(&line.text, style)).collect();
    }
    taken.name = taken.name.trim().trim_end_matches([':', '.', '-', '_', '=']).trim().to_owned();
    taken.label = label(&taken.name);
    taken
}

fn last_price(text: &str, style: Style) -> Option<Amount> {
    amounts(text, style).into_iter().rfind(|amount| amount.shape == Shape::Price)
}

/// Whether `text` is no more than what may stand behind a price: a tax group, a rate, a currency.
fn trails(text: &str) -> bool {
    let bare = text.trim().trim_matches(['.', ',', '*', '-', ')', '|', ':', '%']);
    let short = bare.chars().count() <= 2 && bare.chars().all(char::is_alphanumeric);
    short || super::amount::is_currency(bare)
}

/// OCR puts a blank behind a mark: `1, 356`.
fn without_gaps(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let characters: Vec<char> = text.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        let digit =
            |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
        let mark =
            |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(|c| matches!(c, '.' | ','));
        let behind_mark = mark(index.checked_sub(1)) && digit(index.checked_sub(2)) && digit(Some(index + 1));
        if !(character == ' ' && behind_mark) {
            out.push(character);
        }
    }
    out
}
