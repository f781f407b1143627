//! Who writes to whom, where, and in which language: `data/documents.toml`, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::{calendar::Date, money::MoneyFormat, rng::Rng};

static STATIONERY: LazyLock<Stationery> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/documents.toml")).expect("the embedded stationery is well-formed")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stationery {
    place: Vec<Place>,
    language: BTreeMap<String, Language>,
}

/// A country with its firms, people and habits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub code: String,
    pub language: String,
    pub currency: String,
    pub letter_paper: bool,
    decimal_mark: String,
    group_mark: String,
    money: String,
    dates: Vec<String>,
    pub tax: (String, String),
    firms: Vec<String>,
    people: Vec<String>,
    streets: Vec<String>,
    towns: Vec<String>,
}

/// The words of invoices, letters and forms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    pub invoice: String,
    pub number: String,
    pub date: String,
    pub due: String,
    pub customer: String,
    pub bill_to: String,
    pub table: [String; 4],
    pub subtotal: String,
    pub total: String,
    pub thanks: Vec<String>,
    pub bank: String,
    pub reference: String,
    pub letter_date: String,
    pub regards: Vec<String>,
    pub greeting: Vec<String>,
    pub services: Vec<String>,
    pub letter: Vec<Letter>,
    pub form: Vec<Form>,
}

/// A letter with placeholders.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    pub subject: String,
    pub body: Vec<String>,
}

/// The printed words of a form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub title: String,
    pub name: String,
    pub birth: String,
    pub address: String,
    pub phone: String,
    pub signed: String,
    pub signature: String,
    pub ask: String,
    pub options: Vec<String>,
}

/// The draws that a whole document shares.
#[derive(Debug, Clone)]
pub struct Setting {
    pub place: &'static Place,
    pub words: &'static Language,
    pub firm: &'static str,
    pub firm_address: [&'static str; 2],
    pub person: &'static str,
    pub person_address: [&'static str; 2],
    pub date: Date,
    date_pattern: &'static str,
}

impl Setting {
    pub fn draw(rng: &mut Rng) -> Self {
        let place = rng.pick(&STATIONERY.place);
        let streets = rng.sample(&place.streets, 2);
        let towns = rng.sample(&place.towns, 2);
        Self {
            place,
            words: &STATIONERY.language[&place.language],
            firm: rng.pick(&place.firms).as_str(),
            firm_address: [streets[0], towns[0]],
            person: rng.pick(&place.people).as_str(),
            person_address: [streets[1], towns[1]],
            date: Date::draw(rng, 2023, 2025),
            date_pattern: rng.pick(&place.dates).as_str(),
        }
    }

    /// A date in the habit of this document.
    pub fn written(&self, date: Date) -> String {
        date.format(self.date_pattern, &self.place.language)
    }

    pub fn format(&self) -> MoneyFormat {
        let place = self.place;
        MoneyFormat {
            decimals: 2,
            decimal_mark: &place.decimal_mark,
            group_mark: &place.group_mark,
            lakh: false,
        }
    }

    /// An amount with its currency.
    pub fn money(&self, amount: i64) -> String {
        self.format().with(&self.place.money, amount)
    }

    /// The town without its postcode.
    pub fn town(&self) -> String {
        let words = self.firm_address[1]
            .split([' ', ','])
            .filter(|word| !word.chars().any(|letter| letter.is_ascii_digit()));
        let long: Vec<&str> = words.filter(|word| word.len() > 2).collect();
        long.join(" ")
    }
}

/// An invented number such as `2024-0815` or `RE 48213`.
pub fn number(rng: &mut Rng, year: u16) -> String {
    let digits = rng.whole(1_000, 98_999);
    match rng.below(4) {
        0 => format!("{year}-{digits:05}"),
        1 => format!("{}-{digits}", *rng.pick(&["INV", "RE", "F", "A"])),
        2 => format!("{}/{}", digits, year % 100),
        _ => format!("{digits:06}"),
    }
}
