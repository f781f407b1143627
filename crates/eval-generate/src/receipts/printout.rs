//! What the till prints, line by line, together with the label of exactly that.
//!
//! The label is taken from the printed strings: a name cut off by the paper's edge is labelled cut off,
//! and what is not printed is labelled as absent.

mod frame;
mod items;
mod totals;

use serde_json::{Value, json};

use super::{catalogue::TaxMode, sale::Sale, style::Style};
use crate::rng::Rng;

/// A printed receipt.
#[derive(Debug, Clone)]
pub struct Printout {
    /// From top to bottom.
    pub lines: Vec<Line>,
    /// Characters in a line.
    pub columns: usize,
    /// The truth about what can be seen.
    pub label: Value,
    /// The lower part is torn off.
    pub torn: bool,
    /// A waiter's pen was used.
    pub handwritten: bool,
}

/// One line of paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Centred text.
    Centre(String, Size),
    /// Pieces of text at their columns.
    Cells(Vec<Cell>, Size),
    /// A separating line.
    Rule(char),
    /// Half an empty line.
    Gap,
    /// Bars above their digits.
    Barcode(String),
    /// A square code; the number decides its dots.
    Square(u64),
    /// The shop's emblem; the number decides its shape.
    Emblem(u64),
    /// A printed word, a dotted line, and what somebody wrote on it (possibly nothing).
    Pen {
        /// The printed word.
        word: String,
        /// Written by hand.
        written: String,
    },
}

/// A piece of text in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is printed.
    pub text: String,
    /// First column, or the column after the last if `right`.
    pub at: usize,
    /// The text ends at `at`.
    pub right: bool,
}

/// The sizes a receipt printer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// One column a character.
    Normal,
    /// The same, struck twice.
    Bold,
    /// Twice as high.
    Tall,
    /// Twice as high and wide.
    Large,
    /// White on black.
    Inverse,
}

impl Printout {
    /// Prints the sale.
    pub fn new(sale: &Sale, style: &Style, rng: &mut Rng) -> Self {
        let handwritten = pen(sale, rng);
        let mut printer = Printer { sale, style, rng, lines: Vec::new(), handwritten };
        let store = printer.header();
        let mut date = printer.date_above();
        let items = printer.items();
        let torn = sale.shown.torn();
        if !torn {
            printer.totals();
            date = date.or_else(|| printer.date_below());
            printer.footer();
        }
        let lines = printer.lines;
        let label = label(sale, store, date, items);
        Self { lines, columns: style.columns, label, torn, handwritten: handwritten && !torn }
    }

    /// All that is written on the paper, for tests of the label.
    #[cfg(test)]
    pub fn text(&self) -> String {
        let line = |line: &Line| match line {
            Line::Centre(text, _) => text.clone(),
            Line::Cells(cells, _) => {
                cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
            }
            Line::Pen { word, written } => format!("{word} {written}"),
            Line::Barcode(digits) => digits.clone(),
            Line::Rule(_) | Line::Gap | Line::Square(_) | Line::Emblem(_) => String::new(),
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Tip and total are filled in by hand on some North American card slips.
fn pen(sale: &Sale, rng: &mut Rng) -> bool {
    let slip = ["US", "CA"].contains(&sale.country.code.as_str())
        && sale.payment.method == "card"
        && sale.shown.payment;
    slip && sale.tip > 0 && rng.chance(75)
}

fn label(sale: &Sale, store: Option<String>, date: Option<String>, items: Vec<Value>) -> Value {
    let format = sale.country.format();
    let shown = |shown: bool, amount: i64| if shown { format.json(amount) } else { Value::Null };
    let visible = !sale.shown.torn();
    json!({
        "store": store,
        "date": date,
        "items": items,
        "subtotal": shown(sale.shown.subtotal, sale.subtotal),
        "tax": shown(sale.shown.tax && !sale.taxes.is_empty(), sale.tax()),
        "tip": shown(visible && sale.tip > 0, sale.tip),
        "total": shown(visible, sale.total),
        "payment_method": sale.shown.payment.then_some(sale.payment.method),
    })
}

/// The print head on its way down.
struct Printer<'a> {
    sale: &'a Sale,
    style: &'a Style,
    rng: &'a mut Rng,
    lines: Vec<Line>,
    handwritten: bool,
}

impl Printer<'_> {
    /// The text in the letters that this till has.
    fn letters(&self, text: &str) -> String {
        let text = if self.style.capitals { text.to_uppercase() } else { text.to_owned() };
        if self.style.ascii { fold(&text) } else { text }
    }

    /// An amount with this till's minus.
    fn amount(&self, template: &str, amount: i64) -> String {
        let format = self.sale.country.format();
        if self.style.trailing_minus && amount < 0 {
            format!("{}-", format.with(template, -amount))
        } else {
            format.with(template, amount)
        }
    }

    fn bare(&self, amount: i64) -> String {
        self.amount("{}", amount)
    }

    fn centre(&mut self, text: &str, size: Size) {
        let text = self.letters(text);
        self.lines.push(Line::Centre(fit(&text, self.style.columns), size));
    }

    fn cells(&mut self, cells: Vec<Cell>, size: Size) {
        self.lines.push(Line::Cells(cells, size));
    }

    /// A word at the left edge and an amount at the right.
    fn pair(&mut self, left: &str, right: &str, size: Size) {
        let columns = self.style.columns;
        let right = self.letters(right);
        let left = fit(&self.letters(left), columns.saturating_sub(right.chars().count() + 1));
        self.cells(vec![Cell::left(left, 0), Cell::right(right, columns)], size);
    }

    fn left(&mut self, text: &str) {
        let text = fit(&self.letters(text), self.style.columns);
        self.cells(vec![Cell::left(text, 0)], Size::Normal);
    }

    fn rule(&mut self) {
        let line = if self.style.rule == ' ' { Line::Gap } else { Line::Rule(self.style.rule) };
        self.lines.push(line);
    }

    fn gap(&mut self) {
        self.lines.push(Line::Gap);
    }

    fn word(&mut self, words: &[String]) -> String {
        self.rng.pick(words).clone()
    }

    /// Digits for every `#`.
    fn digits(&mut self, pattern: &str) -> String {
        let mut digit = || char::from(b'0' + u8::try_from(self.rng.below(10)).expect("one digit"));
        pattern.chars().map(|letter| if letter == '#' { digit() } else { letter }).collect()
    }

    fn tax_is_added(&self) -> bool {
        self.sale.mode == TaxMode::Added
    }
}

impl Cell {
    fn left(text: impl Into<String>, at: usize) -> Self {
        Self { text: text.into(), at, right: false }
    }

    fn right(text: impl Into<String>, at: usize) -> Self {
        Self { text: text.into(), at, right: true }
    }
}

/// The first `width` characters, as a till cuts them off.
fn fit(text: &str, width: usize) -> String {
    text.chars().take(width).collect::<String>().trim_end().to_owned()
}

/// Letters without their accents.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        folded.push_str(match letter {
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
            'À' | 'Á' | 'Â' | 'Ã' | 'Å' | 'Ą' => "A",
            'ä' => "ae",
            'Ä' => "AE",
            'ç' | 'ć' => "c",
            'Ç' | 'Ć' => "C",
            'è' | 'é' | 'ê' | 'ë' | 'ę' => "e",
            'È' | 'É' | 'Ê' | 'Ë' | 'Ę' => "E",
            'ì' | 'í' | 'î' => "i",
            'Ì' | 'Í' | 'Î' => "I",
            'ł' => "l",
            'Ł' => "L",
            'ñ' | 'ń' => "n",
            'Ñ' | 'Ń' => "N",
            'ò' | 'ó' | 'ô' | 'õ' => "o",
            'Ò' | 'Ó' | 'Ô' | 'Õ' => "O",
            'ö' => "oe",
            'Ö' => "OE",
            'ś' => "s",
            'Ś' => "S",
            'ß' => "ss",
            'ù' | 'ú' | 'û' => "u",
            'Ù' | 'Ú' | 'Û' => "U",
            'ü' => "ue",
            'Ü' => "UE",
            'ź' | 'ż' => "z",
            'Ź' | 'Ż' => "Z",
            other => {
                folded.push(other);
                continue;
            }
        });
    }
    folded
}

#[cfg(test)]
mod tests;
