//! Head and foot of the receipt: who, where, when, and goodbye.

use super::{Line, Printer, Size};

impl Printer<'_> {
    /// Prints the head and returns the store as printed.
    pub(super) fn header(&mut self) -> Option<String> {
        let (sale, country) = (self.sale, self.sale.country);
        if !sale.shown.store {
            let heading = self.word(&sale.language.heading);
            self.centre(&heading, Size::Bold);
            self.gap();
            return None;
        }
        if self.rng.chance(30) {
            let shape = self.rng.bits();
            self.lines.push(Line::Emblem(shape));
        }
        let store = self.letters(&sale.store);
        let wide = store.chars().count() * 2 <= self.style.columns;
        let size = match self.rng.below(5) {
            0 | 1 if wide => Size::Large,
            2 if !wide || self.rng.chance(30) => Size::Inverse,
            0..3 => Size::Tall,
            _ => Size::Bold,
        };
        self.lines.push(Line::Centre(store.clone(), size));
        let number = self.rng.whole(1, 148).to_string();
        let street = self.rng.pick(&country.streets).replace("{}", &number);
        let town = self.word(&country.towns);
        self.centre(&street, Size::Normal);
        self.centre(&town, Size::Normal);
        if self.rng.chance(60) {
            let phone = self.digits(&country.phone);
            self.centre(&format!("Tel {phone}"), Size::Normal);
        }
        if self.rng.chance(60) && !country.tax_id.is_empty() {
            let id = self.digits(&country.tax_id);
            self.centre(&id, Size::Normal);
        }
        if self.rng.chance(22) {
            let heading = self.word(&sale.language.heading);
            self.gap();
            self.centre(&heading, Size::Bold);
        }
        self.gap();
        Some(store)
    }

    /// Receipt number, cashier and, where the till puts it here, the date.
    pub(super) fn date_above(&mut self) -> Option<String> {
        let (sale, language) = (self.sale, self.sale.language);
        let here = !self.style.date_last || sale.shown.torn();
        let date = if here { self.date() } else { None };
        if self.rng.chance(65) {
            let (word, number) = (self.word(&language.receipt_number), self.digits("#####"));
            let till = self.word(&language.till);
            let till_number = self.rng.whole(1, 9);
            let colon = self.style.colon;
            self.pair(&format!("{word}{colon} {number}"), &format!("{till} {till_number}"), Size::Normal);
        }
        if sale.kind == "restaurant" && self.rng.chance(50) {
            let table = self.rng.whole(1, 40);
            self.left(&format!("{}{} {table}", language.table, self.style.colon));
        }
        if self.rng.chance(45) {
            let word = self.word(&language.cashier);
            let name = *self.rng.pick(&[
                "M. Keller",
                "Anna",
                "J. Okafor",
                "Lea",
                "Tom B.",
                "0417",
                "R. Silva",
                "Kim",
                "Eva",
            ]);
            self.left(&format!("{word}{} {name}", self.style.colon));
        }
        date
    }

    /// The date at the foot, where the till puts it there.
    pub(super) fn date_below(&mut self) -> Option<String> {
        if !self.style.date_last {
            return None;
        }
        self.gap();
        self.date()
    }

    pub(super) fn footer(&mut self) {
        let language = self.sale.language;
        self.gap();
        if self.rng.chance(80) {
            let thanks = self.word(&language.thanks);
            self.centre(&thanks, Size::Normal);
        }
        if self.rng.chance(45) {
            let policy = self.word(&language.policy);
            self.centre(&policy, Size::Normal);
        }
        match self.rng.below(100) {
            0..30 => {
                let digits = self.digits("20##########");
                self.gap();
                self.lines.push(Line::Barcode(digits));
            }
            30..45 => {
                let dots = self.rng.bits();
                self.gap();
                self.lines.push(Line::Square(dots));
            }
            _ => {}
        }
    }

    /// Prints date and time; returns the ISO date.
    fn date(&mut self) -> Option<String> {
        let sale = self.sale;
        if !sale.shown.date {
            return None;
        }
        let date = sale.date.format(self.style.date, &sale.country.language);
        let time = self.time();
        match self.rng.below(4) {
            0 => self.pair(&date, &time, Size::Normal),
            1 => self.centre(&format!("{date} {time}"), Size::Normal),
            2 => {
                let word = self.word(&sale.language.date);
                self.left(&format!("{word}{} {date}", self.style.colon));
            }
            _ => {
                let word = self.word(&sale.language.date);
                self.pair(&format!("{word}{} {date}", self.style.colon), &time, Size::Normal);
            }
        }
        Some(sale.date.iso())
    }

    fn time(&mut self) -> String {
        let (hour, minute) = (self.sale.minutes / 60, self.sale.minutes % 60);
        if self.sale.country.hours == 12 {
            let half = if hour < 12 { "AM" } else { "PM" };
            let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
            return format!("{hour}:{minute:02} {half}");
        }
        let seconds = self.rng.below(60);
        if self.rng.chance(40) {
            format!("{hour:02}:{minute:02}:{seconds:02}")
        } else {
            format!("{hour:02}:{minute:02}")
        }
    }
}
