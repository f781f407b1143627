//! A mail program: folders, list, message.

use super::{Ui, avatar, clock, shortened};
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
    words,
};

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (1100.0, 680.0);
    let mut svg = ui.window(width, height, "Inbox — Postbox");
    svg.rect(0.0, 37.0, 190.0, height, &fill(ui.panel));
    svg.rounded(16.0, 52.0, 158.0, 34.0, 8.0, &fill(ui.accent));
    svg.text(95.0, 74.0, "New message", &ui.text(13.0).bold().colour("#ffffff").middle());
    for (at, folder) in ["Inbox", "Starred", "Sent", "Drafts", "Archive", "Spam", "Bin"].iter().enumerate() {
        let y = 118.0 + 32.0 * count(at);
        if at == 0 {
            svg.rounded(8.0, y - 21.0, 174.0, 30.0, 6.0, &fill(ui.selected));
            svg.text(166.0, y, &rng.whole(2, 48).to_string(), &ui.muted(12.0).end());
        }
        svg.text(40.0, y, folder, &ui.text(13.5));
        svg.rect(18.0, y - 10.0, 12.0, 10.0, &stroke(ui.muted, 1.3));
    }
    svg.line(190.5, 37.0, 190.5, height, &stroke(ui.line, 1.0));
    svg.line(520.5, 37.0, 520.5, height, &stroke(ui.line, 1.0));
    let people = rng.sample(words::PEOPLE, 9);
    let subjects = rng.sample(words::SUBJECTS, 9);
    for at in 0..9 {
        let y = 37.0 + 72.0 * count(at);
        if at == 1 {
            svg.rect(191.0, y, 329.0, 72.0, &fill(ui.selected));
        }
        avatar(&mut svg, 216.0, y + 28.0, 15.0, people[at]);
        let sender = if at < 3 { ui.text(13.5).bold() } else { ui.text(13.5) };
        svg.text(242.0, y + 24.0, people[at], &sender);
        svg.text(508.0, y + 24.0, &clock(rng), &ui.muted(11.5).end());
        svg.text(242.0, y + 43.0, &shortened(subjects[at], &ui.text(12.5), 264.0), &ui.text(12.5));
        svg.text(
            242.0,
            y + 60.0,
            &shortened(rng.word(words::SENTENCES), &ui.muted(12.0), 264.0),
            &ui.muted(12.0),
        );
        svg.line(191.0, y + 72.5, 520.0, y + 72.5, &stroke(ui.line, 1.0));
    }
    message(ui, &mut svg, people[1], subjects[1], rng);
    svg.finish()
}

fn message(ui: &Ui, svg: &mut Svg, sender: &str, subject: &str, rng: &mut Rng) {
    svg.text(546.0, 78.0, subject, &ui.text(19.0).bold());
    avatar(svg, 564.0, 114.0, 18.0, sender);
    svg.text(594.0, 110.0, sender, &ui.text(13.5).bold());
    svg.text(594.0, 127.0, "to me", &ui.muted(12.0));
    let mut y = 172.0;
    for paragraph in 0..3 {
        let greeting = ["Hello,", "", ""][paragraph];
        for line in std::iter::once(greeting).chain(rng.sample(words::SENTENCES, 3).into_iter().copied()) {
            if !line.is_empty() {
                svg.text(546.0, y, line, &ui.text(14.0));
                y += 22.0;
            }
        }
        y += 12.0;
    }
    svg.text(546.0, y, "Best regards", &ui.text(14.0));
    svg.text(546.0, y + 22.0, sender, &ui.text(14.0));
    for (at, label) in ["Reply", "Forward"].iter().enumerate() {
        let x = 546.0 + 100.0 * count(at);
        svg.rounded(x, 620.0, 88.0, 32.0, 16.0, &stroke(ui.line, 1.2));
        svg.text(x + 44.0, 641.0, label, &ui.text(13.0).middle());
    }
}
