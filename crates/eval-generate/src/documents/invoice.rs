//! Invoices in a few house styles.

use serde_json::json;

use super::{
    Document,
    page::{Page, typeface},
    place::{Setting, number},
};
use crate::{money::divide, rng::Rng, svg::TextStyle};

const MARGIN: f64 = 56.0;
const INK: &str = "#1c1c1c";
const SOFT: &str = "#666a70";

/// A position of the invoice.
struct Position {
    text: &'static str,
    quantity: i64,
    price: i64,
}

struct Sums {
    subtotal: i64,
    tax: i64,
    total: i64,
}

pub(super) fn invoice(setting: &Setting, rng: &mut Rng) -> Document {
    let accent = *rng.pick(&["#1f4e79", "#8a2b2b", "#2f6f4f", "#3b3b3b", "#a8641a", "#51338a"]);
    let plain = TextStyle::new(typeface(rng), 9.5, INK);
    let positions = positions(setting, rng);
    let sums = sums(setting, &positions);
    let number = number(rng, setting.date.year);
    let due = rng.chance(85).then(|| setting.date.plus_days(*rng.pick(&[14, 21, 30])));
    let mut sheet = Sheet { page: Page::new(setting.place.letter_paper), setting, plain, accent };
    sheet.letterhead(rng);
    let words = setting.words;
    let mut facts = vec![(&words.number, number.clone()), (&words.date, setting.written(setting.date))];
    if let Some(due) = due {
        facts.push((&words.due, setting.written(due)));
    }
    if rng.chance(40) {
        facts.push((&words.customer, format!("K{}", rng.whole(1_000, 9_999))));
    }
    sheet.facts(&facts);
    let y = sheet.table(&positions, rng.chance(50));
    sheet.sums(y, &sums);
    sheet.foot(rng);
    let format = setting.format();
    let label = json!({
        "type": "invoice",
        "date": setting.date.iso(),
        "number": number,
        "sender": setting.firm,
        "recipient": setting.person,
        "due_date": due.map(|due| due.iso()),
        "subtotal": format.json(sums.subtotal),
        "tax": format.json(sums.tax),
        "total": format.json(sums.total),
        "currency": setting.place.currency,
        "date_of_birth": null,
        "checked": null,
    });
    Document { kind: "invoice", page: sheet.page, label }
}

fn positions(setting: &Setting, rng: &mut Rng) -> Vec<Position> {
    let count = usize::try_from(rng.whole(2, 6)).expect("a few");
    let services = rng.sample(&setting.words.services, count);
    let position = |service: &'static String| {
        let (text, price) = service.split_once('|').expect("a service has a price");
        let price = price.replace([',', '.'], "").parse().expect("a price is a number");
        Position { text, quantity: if rng.chance(50) { 1 } else { rng.whole(2, 12) }, price }
    };
    services.into_iter().map(position).collect()
}

fn sums(setting: &Setting, positions: &[Position]) -> Sums {
    let subtotal = positions.iter().map(|position| position.quantity * position.price).sum();
    let (whole, fraction) = setting.place.tax.1.split_once('.').unwrap_or((&setting.place.tax.1, ""));
    let percent: i64 = format!("{whole}{fraction:0<2}").parse().expect("a rate is a number");
    let tax = divide(subtotal * percent, 10_000);
    Sums { subtotal, tax, total: subtotal + tax }
}

struct Sheet<'a> {
    page: Page,
    setting: &'a Setting,
    plain: TextStyle<'static>,
    accent: &'static str,
}

impl Sheet<'_> {
    fn right(&self) -> f64 {
        self.page.width - MARGIN
    }

    fn letterhead(&mut self, rng: &mut Rng) {
        let (plain, right, setting) = (self.plain, self.right(), self.setting);
        let title = plain.size(22.0).bold().colour(self.accent);
        let banner = rng.chance(35);
        if banner {
            self.page.bar([0.0, 0.0, self.page.width, 84.0], self.accent);
        } else if rng.chance(50) {
            self.page.bar([MARGIN, 50.0, 26.0, 26.0], self.accent);
        }
        let firm = plain.size(15.0).bold().colour(if banner { "#ffffff" } else { INK });
        let x = if banner { MARGIN } else { MARGIN + 36.0 };
        self.page.write(x, 68.0, setting.firm, &firm);
        let address = setting.firm_address.join(" · ");
        let small = plain.size(8.0).colour(SOFT);
        self.page.write(MARGIN, 104.0, &address, &small);
        self.page.write(right, 150.0, &setting.words.invoice.to_uppercase(), &title.end());
        self.page.write(MARGIN, 150.0, &setting.words.bill_to, &small.bold());
        let [street, town] = setting.person_address;
        for (line, y) in [setting.person, street, town].into_iter().zip([165.0, 179.0, 193.0]) {
            self.page.write(MARGIN, y, line, &plain.size(10.5));
        }
    }

    fn facts(&mut self, facts: &[(&String, String)]) {
        let (plain, right) = (self.plain, self.right());
        let mut y = 172.0;
        for (word, value) in facts {
            self.page.write(right - 110.0, y, word, &plain.colour(SOFT).end());
            self.page.write(right, y, value, &plain.bold().end());
            y += 15.0;
        }
    }

    /// Draws the positions and returns the y below them.
    fn table(&mut self, positions: &[Position], striped: bool) -> f64 {
        let (plain, right, format) = (self.plain, self.right(), self.setting.format());
        let columns = [right - 190.0, right - 90.0, right - 6.0];
        let mut y = 266.0;
        self.page.bar([MARGIN, y - 14.0, right - MARGIN, 21.0], self.accent);
        let head = plain.bold().colour("#ffffff");
        let [text, quantity, price, amount] = &self.setting.words.table;
        self.page.write(MARGIN + 6.0, y, text, &head);
        for (word, x) in [quantity, price, amount].into_iter().zip(columns) {
            self.page.write(x, y, word, &head.end());
        }
        for (index, position) in positions.iter().enumerate() {
            y += 21.0;
            if striped && index % 2 == 1 {
                self.page.bar([MARGIN, y - 14.0, right - MARGIN, 21.0], "#f0f2f5");
            }
            self.page.write(MARGIN + 6.0, y, position.text, &plain);
            let cells = [
                position.quantity.to_string(),
                format.plain(position.price),
                format.plain(position.quantity * position.price),
            ];
            for (cell, x) in cells.iter().zip(columns) {
                self.page.write(x, y, cell, &plain.end());
            }
        }
        self.page.stroke(&[(MARGIN, y + 9.0), (right, y + 9.0)], 0.8, SOFT);
        y + 28.0
    }

    fn sums(&mut self, y: f64, sums: &Sums) {
        let (plain, right, setting) = (self.plain, self.right(), self.setting);
        let (name, percent) = &setting.place.tax;
        let rate = percent.replace('.', setting.format().decimal_mark);
        let rows = [
            (setting.words.subtotal.clone(), sums.subtotal, plain),
            (format!("{name} {rate}%"), sums.tax, plain),
            (setting.words.total.clone(), sums.total, plain.size(12.0).bold().colour(self.accent)),
        ];
        for ((word, amount, style), line) in rows.into_iter().zip([0.0, 17.0, 40.0]) {
            self.page.write(right - 110.0, y + line, &word, &style.end());
            self.page.write(right - 6.0, y + line, &setting.money(amount), &style.end());
        }
        self.page.stroke(&[(right - 210.0, y + 25.0), (right, y + 25.0)], 0.8, self.accent);
    }

    fn foot(&mut self, rng: &mut Rng) {
        let (plain, setting) = (self.plain, self.setting);
        let y = self.page.height - 96.0;
        self.page.write(MARGIN, y, rng.pick(&setting.words.thanks).as_str(), &plain);
        self.page.stroke(&[(MARGIN, y + 24.0), (self.right(), y + 24.0)], 0.5, SOFT);
        // Check digits 00 never occur in a real account number.
        let account =
            format!("XX00 {:04} {:04} {:04}", rng.below(10_000), rng.below(10_000), rng.below(10_000));
        let bank = format!("{}: {account}", setting.words.bank);
        self.page.write(self.page.width / 2.0, y + 40.0, &bank, &plain.size(8.0).colour(SOFT).middle());
    }
}
