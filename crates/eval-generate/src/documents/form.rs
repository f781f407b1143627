//! Forms, filled in by hand or by machine.

use serde_json::{Value, json};

use super::{
    Document,
    letter::signature,
    page::{Page, typeface},
    place::{Form, Setting, number},
};
use crate::{calendar::Date, fonts::Family, rng::Rng, svg::TextStyle};

const MARGIN: f64 = 58.0;
const INK: &str = "#1a1a1a";
const PEN: &str = "#1d2f7a";

pub(super) fn form(setting: &Setting, rng: &mut Rng) -> Document {
    let words = rng.pick(&setting.words.form);
    let by_hand = rng.chance(55);
    let plain = TextStyle::new(typeface(rng), 10.0, INK);
    let answer = if by_hand {
        TextStyle::new(Family::Caveat, 17.0, PEN)
    } else {
        TextStyle::new(Family::CourierPrime, 11.5, INK)
    };
    let birth = rng.chance(85).then(|| Date::draw(rng, 1950, 2006));
    let form_number = rng.chance(60).then(|| number(rng, setting.date.year));
    let mut sheet = Sheet { page: Page::new(setting.place.letter_paper), plain, answer };

    let mut y = sheet.head(setting, words, form_number.as_deref());
    let [street, town] = setting.person_address;
    let phone = format!("0{} 55 {:02} {:02}", rng.whole(100, 999), rng.below(100), rng.below(100));
    let rows = [
        (&words.name, setting.person.to_owned()),
        (&words.birth, birth.map(|birth| setting.written(birth)).unwrap_or_default()),
        (&words.address, format!("{street}, {town}")),
        (&words.phone, if rng.chance(70) { phone } else { String::new() }),
    ];
    for (word, value) in &rows {
        y = sheet.row(y, word, value);
    }
    let (mut y, checked) = sheet.boxes(y + 12.0, words, rng);
    y += 34.0;
    let right = sheet.page.width - MARGIN;
    sheet.line(MARGIN, y, 150.0, &words.signed, &setting.written(setting.date));
    sheet.line(MARGIN + 190.0, y, right - MARGIN - 190.0, &words.signature, "");
    signature(&mut sheet.page, MARGIN + 210.0, y - 8.0, rng);
    let label = json!({
        "type": "form",
        "date": setting.date.iso(),
        "number": form_number,
        "sender": setting.firm,
        "recipient": setting.person,
        "subject": words.title,
        "due_date": null,
        "subtotal": null,
        "tax": null,
        "total": null,
        "currency": null,
        "date_of_birth": birth.map(|birth| birth.iso()),
        "checked": checked,
    });
    Document { kind: "form", page: sheet.page, label }
}

struct Sheet {
    page: Page,
    plain: TextStyle<'static>,
    answer: TextStyle<'static>,
}

impl Sheet {
    fn head(&mut self, setting: &Setting, words: &Form, number: Option<&str>) -> f64 {
        let right = self.page.width - MARGIN;
        self.page.write(MARGIN, 64.0, setting.firm, &self.plain.size(9.5).colour("#55585e"));
        if let Some(number) = number {
            let text = format!("No. {number}");
            self.page.write(right, 64.0, &text, &self.plain.size(9.5).colour("#55585e").end());
        }
        self.page.write(MARGIN, 98.0, &words.title, &self.plain.size(20.0).bold());
        self.page.bar([MARGIN, 108.0, right - MARGIN, 2.0], INK);
        142.0
    }

    /// A framed field with its word in small print.
    fn row(&mut self, y: f64, word: &str, value: &str) -> f64 {
        let right = self.page.width - MARGIN;
        let (top, bottom) = (y - 14.0, y + 26.0);
        let frame = [(MARGIN, top), (right, top), (right, bottom), (MARGIN, bottom), (MARGIN, top)];
        self.page.stroke(&frame, 0.8, "#8b8f96");
        self.page.write(MARGIN + 6.0, y - 3.0, word, &self.plain.size(7.5).colour("#55585e"));
        if !value.is_empty() {
            self.page.write(MARGIN + 12.0, y + 17.0, value, &self.answer);
        }
        y + 50.0
    }

    /// Two columns of boxes; returns the y below and the labels of the ticked ones.
    fn boxes(&mut self, y: f64, words: &Form, rng: &mut Rng) -> (f64, Value) {
        self.page.write(MARGIN, y, &words.ask, &self.plain.bold());
        let mut checked = Vec::new();
        let mut y = y + 24.0;
        for pair in words.options.chunks(2) {
            for (option, x) in pair.iter().zip([MARGIN + 4.0, self.page.width / 2.0 + 4.0]) {
                let frame =
                    [(x, y - 9.0), (x + 11.0, y - 9.0), (x + 11.0, y + 2.0), (x, y + 2.0), (x, y - 9.0)];
                self.page.stroke(&frame, 1.0, INK);
                self.page.write(x + 20.0, y, option, &self.plain);
                if rng.chance(38) {
                    self.tick(x, y, rng);
                    checked.push(option.as_str());
                }
            }
            y += 24.0;
        }
        let checked = if checked.is_empty() { Value::Null } else { checked.join("; ").into() };
        (y, checked)
    }

    fn tick(&mut self, x: f64, y: f64, rng: &mut Rng) {
        let colour = self.answer.colour;
        let mut wobble = || rng.between(-1.0, 1.0);
        if colour == PEN {
            let points = [
                (x - 1.0 + wobble(), y - 5.0),
                (x + 4.0, y + 2.0 + wobble()),
                (x + 14.0 + wobble(), y - 13.0),
            ];
            self.page.stroke(&points, 1.8, PEN);
        } else {
            self.page.stroke(&[(x + 1.5, y - 7.5), (x + 9.5, y + 0.5)], 1.4, INK);
            self.page.stroke(&[(x + 9.5, y - 7.5), (x + 1.5, y + 0.5)], 1.4, INK);
        }
    }

    /// A line to write on, its word below.
    fn line(&mut self, x: f64, y: f64, width: f64, word: &str, value: &str) {
        self.page.stroke(&[(x, y), (x + width, y)], 0.8, INK);
        if !value.is_empty() {
            self.page.write(x + 6.0, y - 4.0, value, &self.answer);
        }
        self.page.write(x, y + 12.0, word, &self.plain.size(7.5).colour("#55585e"));
    }
}
