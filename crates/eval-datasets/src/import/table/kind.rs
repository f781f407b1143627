//! What a column's cells are, judged by all of them.

use std::collections::BTreeSet;

use eval_metrics::task::field_types;
use eval_metrics::value::FieldType;
use serde_json::Value;

use super::date::{self, DateOrder};
use super::number::{self, Decimals, Mark};
use super::question::{Question, Said, Seen, ask_mark, ask_order};

/// What a task wants at a place of the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Text,
    Date,
    Number,
    Money,
    Payment,
}

/// How the cells of a column, or all values at a place of the labels, are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// As they stand.
    Text,
    /// One of a few words, in whatever spelling.
    Word,
    /// As true or false.
    Flag,
    /// As numbers.
    Number {
        /// What separates decimals.
        decimals: Decimals,
        /// Whether they are amounts of money.
        money: bool,
        /// The currencies that stand beside the numbers.
        currencies: Vec<&'static str>,
        /// Whether per cent signs stand beside the numbers.
        percent: bool,
    },
    /// As dates.
    Date {
        /// The order of day and month, where it matters.
        order: Option<DateOrder>,
    },
}

/// All values at one place, counted.
#[derive(Debug, Default)]
pub(super) struct Column {
    values: usize,
    absent: Option<Seen>,
    numbers: usize,
    flags: usize,
    /// Numbers that are nothing but digits.
    digits: usize,
    dates: usize,
    compact_dates: usize,
    word: Option<Seen>,
    no_date: Option<Seen>,
    /// The first cell that the mark does not fit, for each.
    no_point: Option<Seen>,
    no_comma: Option<Seen>,
    two_numbers: Option<Seen>,
    no_order: [Option<Seen>; 3],
    two_dates: Option<Seen>,
    all_points: bool,
    times: Option<Seen>,
    currencies: BTreeSet<&'static str>,
    percents: usize,
}

/// Words that say that there is nothing.
pub(super) fn is_absent(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.as_str(),
        "null" | "none" | "n/a" | "n.a." | "na" | "nan" | "-" | "–" | "—" | "#n/a" | "nil"
    )
}

/// `true` and `false`, as tables write them.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

impl Column {
    pub fn see(&mut self, value: &Value, line: usize) {
        let text = match value {
            Value::Null => return,
            Value::String(text) if text.trim().is_empty() => return,
            Value::String(text) => text.as_str(),
            Value::Number(_) => {
                self.values += 1;
                self.numbers += 1;
                return;
            }
            other => {
                self.values += 1;
                self.flags += usize::from(other.is_boolean());
                self.word.get_or_insert_with(|| seen(line, &other.to_string()));
                return;
            }
        };
        if is_absent(text) {
            self.absent.get_or_insert_with(|| seen(line, text));
            return;
        }
        self.values += 1;
        self.flags += usize::from(flag(text).is_some());
        self.digits += usize::from(text.trim().bytes().all(|byte| byte.is_ascii_digit()));
        match number::read(text) {
            Some(number) => {
                self.numbers += 1;
                self.currencies.extend(number.currency);
                self.percents += usize::from(number.percent);
                for (mark, slot) in [(Mark::Point, &mut self.no_point), (Mark::Comma, &mut self.no_comma)] {
                    if number.by(mark).is_none() {
                        slot.get_or_insert_with(|| seen(line, text));
                    }
                }
                if number.is_ambiguous() {
                    self.two_numbers.get_or_insert_with(|| seen(line, text));
                }
            }
            None => _ = self.word.get_or_insert_with(|| seen(line, text)),
        }
        self.see_date(text, line);
    }

    fn see_date(&mut self, text: &str, line: usize) {
        let Some(date) = date::read(text) else {
            self.no_date.get_or_insert_with(|| seen(line, text));
            return;
        };
        self.all_points = date.points && (self.all_points || self.dates == 0);
        self.dates += 1;
        self.compact_dates += usize::from(date.compact);
        if date.time {
            self.times.get_or_insert_with(|| seen(line, text));
        }
        for order in DateOrder::ALL {
            if date.by(order).is_none() {
                self.no_order[order as usize].get_or_insert_with(|| seen(line, text));
            }
        }
        if date.is_ambiguous() {
            self.two_dates.get_or_insert_with(|| seen(line, text));
        }
    }

    /// Whether only one mark can be meant, which tells about the other columns of a file.
    pub fn clear_mark(&self) -> Option<Mark> {
        match (&self.no_point, &self.no_comma) {
            (None, Some(_)) => Some(Mark::Point),
            (Some(_), None) => Some(Mark::Comma),
            _ => None,
        }
    }

    /// The reading, with notes on what is not as it looks; or what somebody has to say first.
    pub fn reading(
        &self,
        name: &str,
        wanted: Option<Wanted>,
        said: &Said,
        notes: &mut Vec<(usize, String)>,
    ) -> Result<Reading, Question> {
        let named_date =
            || ["date", "datum", "fecha", "data"].iter().any(|word| name.to_lowercase().contains(word));
        let reading = match wanted {
            Some(Wanted::Text) => return Ok(Reading::Text),
            Some(Wanted::Payment) => return Ok(Reading::Word),
            Some(Wanted::Date) => self.date(name, said, notes)?,
            Some(Wanted::Money) => self.number(name, true, said, notes)?,
            Some(Wanted::Number) => self.number(name, false, said, notes)?,
            None if self.values == 0 || said.texts.contains(name) => Reading::Text,
            None if self.flags == self.values => Reading::Flag,
            None if self.is_nearly_all(self.dates) && (self.compact_dates < self.dates || named_date()) => {
                self.date(name, said, notes)?
            }
            // `000076` is no amount, and the number of an invoice is no quantity.
            None if (self.digits == self.values || self.numbers < self.values) && is_code(name) => {
                Reading::Text
            }
            None if self.is_nearly_all(self.numbers) => {
                let named_money = field_types::of_number(name) == FieldType::Money;
                self.number(name, named_money || !self.currencies.is_empty(), said, notes)?
            }
            None => {
                self.note_mixture(name, notes);
                Reading::Text
            }
        };
        if let (Some(absent), true) =
            (&self.absent, reading != Reading::Text && !absent_is_null(&self.absent))
        {
            notes.push((
                absent.line,
                format!("`{}` in the column `{name}` is read as null: nothing is there", absent.cell),
            ));
        }
        Ok(reading)
    }

    /// Whether a column is of the kind of so many cells: the others are mistakes, and are refused with their rows.
    fn is_nearly_all(&self, count: usize) -> bool {
        count == self.values
            || match self.values {
                0..3 => false,
                3..10 => 3 * count >= 2 * self.values,
                _ => 10 * count >= 9 * self.values,
            }
    }

    fn note_mixture(&self, name: &str, notes: &mut Vec<(usize, String)>) {
        let (odd, what) = match (&self.word, &self.no_date) {
            (_, Some(odd)) if self.dates > 0 && self.dates >= self.numbers => (odd, "date"),
            (Some(odd), _) if self.numbers > 0 => (odd, "number"),
            _ => return,
        };
        let cell: String = odd.cell.chars().take(40).collect();
        notes.push((
            odd.line,
            format!("`{cell}` is no {what}, so that all of the column `{name}` is read as text"),
        ));
    }

    /// What separates decimals; nothing where it does not matter.
    fn mark(
        &self,
        name: &str,
        money: bool,
        said: &Said,
        notes: &mut Vec<(usize, String)>,
    ) -> Result<Option<Mark>, Question> {
        Ok(match (said.mark(name), self.clear_mark(), &self.two_numbers) {
            (Some(mark), _, _) | (None, Some(mark), _) => Some(mark),
            (None, None, None) => None,
            // Both marks are excluded by some cell: what can be read in one way only is, and the rest is refused.
            (None, None, Some(_)) if self.no_point.is_some() => None,
            (None, None, Some(odd)) => match said.usual_mark {
                // Such a cell is refused.
                Some(mark) if money && has_tenths_of_cents(&odd.cell, mark) => Some(mark),
                Some(mark) => {
                    notes.push((
                        odd.line,
                        format!(
                            "`{}` in the column `{name}` is read as {} as in the other columns",
                            odd.cell,
                            spell(&odd.cell, mark)
                        ),
                    ));
                    Some(mark)
                }
                // Amounts have no tenths of cents.
                None if money => {
                    let mark = if odd.cell.contains(',') { Mark::Point } else { Mark::Comma };
                    notes.push((
                        odd.line,
                        format!(
                            "`{}` in the column `{name}` is read as {}: amounts have no tenths of cents",
                            odd.cell,
                            spell(&odd.cell, mark)
                        ),
                    ));
                    Some(mark)
                }
                None => return Err(ask_mark(name, odd)),
            },
        })
    }

    /// Of the answers to questions, which may be numbers or not.
    pub fn mark_of_answers(
        &self,
        name: &str,
        said: &Said,
        notes: &mut Vec<(usize, String)>,
    ) -> Result<Decimals, Question> {
        let mark = self.mark(name, !self.currencies.is_empty(), said, notes)?;
        Ok(Decimals { mark, said: said.mark(name).is_some() })
    }

    fn number(
        &self,
        name: &str,
        money: bool,
        said: &Said,
        notes: &mut Vec<(usize, String)>,
    ) -> Result<Reading, Question> {
        let mark = self.mark(name, money, said, notes)?;
        if let (None, Some(point), Some(comma)) = (mark, &self.no_point, &self.no_comma) {
            notes.push((
                point.line,
                format!(
                    "the column `{name}` has decimal commas (`{}`) and decimal points (`{}`, line {})",
                    point.cell, comma.cell, comma.line
                ),
            ));
        }
        if self.currencies.len() > 1 {
            let all: Vec<&str> = self.currencies.iter().copied().collect();
            notes.push((
                1,
                format!(
                    "the column `{name}` has several currencies ({}); the label holds the amount alone",
                    all.join(", ")
                ),
            ));
        }
        if self.percents > 0 && self.percents < self.numbers {
            notes.push((1, format!("the column `{name}` has numbers with and without %; 5% is stored as 5")));
        }
        let currencies = self.currencies.iter().copied().collect();
        let decimals = Decimals { mark, said: said.mark(name).is_some() };
        Ok(Reading::Number { decimals, money, currencies, percent: self.percents > 0 })
    }

    fn date(&self, name: &str, said: &Said, notes: &mut Vec<(usize, String)>) -> Result<Reading, Question> {
        if let Some(time) = &self.times {
            notes.push((
                time.line,
                format!("`{}` in the column `{name}`: the time of day is left out", time.cell),
            ));
        }
        let fits: Vec<DateOrder> =
            DateOrder::ALL.into_iter().filter(|order| self.no_order[*order as usize].is_none()).collect();
        let order = match (said.order(name), fits.as_slice(), &self.two_dates) {
            (Some(order), ..) => Some(order),
            (None, [order], _) => Some(*order),
            (None, _, None) => None,
            (None, _, Some(_)) if self.all_points => Some(DateOrder::Dmy),
            (None, _, Some(odd)) => return Err(ask_order(name, odd)),
        };
        Ok(Reading::Date { order })
    }
}

fn is_code(name: &str) -> bool {
    matches!(field_types::of_name(name), FieldType::Code | FieldType::Phone)
}

fn absent_is_null(absent: &Option<Seen>) -> bool {
    absent.as_ref().is_some_and(|absent| absent.cell == "null")
}

fn has_tenths_of_cents(cell: &str, mark: Mark) -> bool {
    number::read(cell).is_some_and(|number| number.has_tenths_of_cents(mark))
}

fn spell(cell: &str, mark: Mark) -> String {
    number::read(cell).and_then(|number| number.by(mark).map(Value::to_string)).unwrap_or_default()
}

fn seen(line: usize, cell: &str) -> Seen {
    Seen { line, cell: cell.to_owned() }
}
