//! Business letters, one column, so that their reading order is beyond doubt.

use serde_json::json;

use super::{
    Document,
    page::{Page, typeface},
    place::{Setting, number},
};
use crate::{rng::Rng, svg::TextStyle};

const MARGIN: f64 = 70.0;

pub(super) fn letter(setting: &Setting, rng: &mut Rng) -> Document {
    let words = setting.words;
    let plain = TextStyle::new(typeface(rng), 10.5, "#151515");
    let mut page = Page::new(setting.place.letter_paper);
    let width = page.width - 2.0 * MARGIN;
    let letter = rng.pick(&words.letter);
    let text = Filler::draw(setting, rng);
    let reference = rng.chance(60).then(|| number(rng, setting.date.year));

    let accent = *rng.pick(&["#26415e", "#6a1f2b", "#1f5a46", "#222222"]);
    let mut y = 78.0;
    page.write(MARGIN, y, setting.firm, &plain.size(16.0).bold().colour(accent));
    y += 16.0;
    page.write(MARGIN, y, &setting.firm_address.join(", "), &plain.size(8.5).colour("#5a5f66"));
    page.stroke(&[(MARGIN, y + 10.0), (MARGIN + width, y + 10.0)], 1.0, accent);
    y += 58.0;
    let [street, town] = setting.person_address;
    for line in [setting.person, street, town] {
        page.write(MARGIN, y, line, &plain);
        y += 15.0;
    }
    y += 26.0;
    if let Some(reference) = &reference {
        page.write(MARGIN, y, &format!("{} {reference}", words.reference), &plain);
        y += 16.0;
    }
    page.write(MARGIN, y, &words.letter_date.replace("{}", &setting.written(setting.date)), &plain);
    y += 38.0;
    let subject = text.fill(&letter.subject);
    y = page.paragraph(MARGIN, y, width, &subject, &plain.bold());
    y += 14.0;
    let greeting = rng.pick(&words.greeting).replace("{person}", setting.person);
    page.write(MARGIN, y, &greeting, &plain);
    y += 26.0;
    for paragraph in &letter.body {
        y = page.paragraph(MARGIN, y, width, &text.fill(paragraph), &plain) + 9.0;
    }
    y += 12.0;
    page.write(MARGIN, y, rng.pick(&words.regards).as_str(), &plain);
    signature(&mut page, MARGIN, y + 36.0, rng);
    page.write(MARGIN, y + 70.0, text.signer, &plain);
    let label = json!({
        "type": "letter",
        "date": setting.date.iso(),
        "number": reference,
        "sender": setting.firm,
        "recipient": setting.person,
        "subject": subject,
        "date_of_birth": null,
        "checked": null,
    });
    Document { kind: "letter", page, label }
}

/// A scrawl in pen; it is illegible, and not part of the label.
pub(super) fn signature(page: &mut Page, x: f64, y: f64, rng: &mut Rng) {
    let mut points = Vec::new();
    let mut at = x + 4.0;
    for _ in 0..rng.whole(9, 14) {
        points.push((at, y + rng.between(-13.0, 9.0)));
        at += rng.between(2.0, 11.0);
    }
    points.push((at + 24.0, y - 2.0));
    page.stroke(&smooth(&points), 1.3, "#1d2f7a");
}

/// Corners cut twice, which makes a zigzag look written.
fn smooth(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let cut = |points: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
        let quarter = |a: (f64, f64), b: (f64, f64)| (a.0 * 0.75 + b.0 * 0.25, a.1 * 0.75 + b.1 * 0.25);
        points.windows(2).flat_map(|pair| [quarter(pair[0], pair[1]), quarter(pair[1], pair[0])]).collect()
    };
    cut(cut(cut(points.to_vec())))
}

/// What stands for the placeholders.
struct Filler<'a> {
    setting: &'a Setting,
    date: String,
    number: String,
    sum: String,
    signer: &'static str,
}

impl<'a> Filler<'a> {
    fn draw(setting: &'a Setting, rng: &mut Rng) -> Self {
        let other = setting.date.plus_days(u32::try_from(rng.whole(5, 40)).expect("some days"));
        let signers = ["M. Adler", "Clara Winter", "P. Laurent", "J. Hale"];
        Self {
            setting,
            date: setting.written(other),
            number: format!("V-{}", rng.whole(10_000, 99_999)),
            sum: setting.money(rng.whole(40, 900) * 50),
            signer: *rng.pick(&signers),
        }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{date}", &self.date)
            .replace("{number}", &self.number)
            .replace("{sum}", &self.sum)
            .replace("{firm}", self.setting.firm)
            .replace("{place}", &self.setting.town())
            .replace("{person}", self.setting.person)
    }
}
