//! A chat on a phone or beside a list of channels.

use super::{Ui, avatar, clock};
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
    words,
};

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    if rng.chance(50) { phone(ui, rng) } else { channels(ui, rng) }
}

fn phone(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (440.0, 840.0);
    let mut svg = Svg::new(width, height, ui.page);
    svg.rect(0.0, 0.0, width, 74.0, &fill(ui.panel));
    let friend = rng.word(words::PEOPLE);
    svg.text(16.0, 46.0, "‹", &ui.text(30.0).colour(ui.accent));
    avatar(&mut svg, 60.0, 38.0, 20.0, friend);
    svg.text(92.0, 36.0, friend, &ui.text(16.0).bold());
    svg.text(92.0, 55.0, "online", &ui.muted(12.5));
    let mut y = 96.0;
    svg.text(width / 2.0, y + 8.0, "Today", &ui.muted(12.0).middle());
    y += 26.0;
    let mut mine = rng.chance(50);
    while y < height - 150.0 {
        let lines = wrapped(rng.word(words::SENTENCES), 26);
        let style = ui.text(15.0);
        let wide = lines.iter().map(|line| style.width(line)).fold(40.0, f64::max) + 28.0;
        let tall = 21.0 * count(lines.len()) + 30.0;
        let x = if mine { width - wide - 16.0 } else { 16.0 };
        let (bubble, ink) = if mine { (ui.accent, "#ffffff") } else { (ui.panel, ui.text) };
        svg.rounded(x, y, wide, tall, 16.0, &fill(bubble));
        for (at, line) in lines.iter().enumerate() {
            svg.text(x + 14.0, y + 23.0 + 21.0 * count(at), line, &style.colour(ink));
        }
        svg.text(x + wide - 12.0, y + tall - 9.0, &clock(rng), &ui.muted(10.5).colour(ink).end());
        y += tall + 10.0;
        mine = rng.chance(if mine { 35 } else { 65 });
    }
    svg.rounded(14.0, height - 58.0, width - 84.0, 42.0, 21.0, &stroke(ui.line, 1.3));
    svg.text(34.0, height - 32.0, "Message", &ui.muted(14.5));
    svg.circle(width - 36.0, height - 37.0, 21.0, &fill(ui.accent));
    let (x, y) = (width - 42.0, height - 37.0);
    svg.polygon(&[(x, y - 9.0), (x + 16.0, y), (x, y + 9.0)], &fill("#ffffff"));
    svg.finish()
}

fn channels(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (1060.0, 660.0);
    let company = rng.word(words::COMPANIES);
    let mut svg = ui.window(width, height, company);
    svg.rect(0.0, 37.0, 220.0, height, &fill("#3a1d4d"));
    svg.text(20.0, 72.0, company, &ui.text(17.0).bold().colour("#ffffff"));
    let names = ["# general", "# releases", "# design", "# support", "# random", "# incidents", "# hiring"];
    let chosen = rng.below(names.len());
    for (at, name) in names.iter().enumerate() {
        let y = 112.0 + 30.0 * count(at);
        if at == chosen {
            svg.rounded(8.0, y - 20.0, 204.0, 28.0, 6.0, &fill("#6d3f8c"));
        }
        svg.text(22.0, y, name, &ui.text(14.0).colour("#e9ddf2"));
    }
    svg.text(22.0, 348.0, "Direct messages", &ui.text(12.5).colour("#bfa6cf"));
    for (at, name) in rng.sample(words::PEOPLE, 5).into_iter().enumerate() {
        let y = 378.0 + 30.0 * count(at);
        svg.circle(28.0, y - 5.0, 5.0, &fill(rng.word(&["#2bac76", "#8a7a94"])));
        svg.text(42.0, y, name, &ui.text(14.0).colour("#e9ddf2"));
    }
    svg.text(244.0, 70.0, names[chosen], &ui.text(18.0).bold());
    svg.line(220.0, 88.5, width, 88.5, &stroke(ui.line, 1.0));
    for at in 0..7 {
        let (y, name) = (104.0 + 68.0 * count(at), rng.word(words::PEOPLE));
        avatar(&mut svg, 264.0, y + 20.0, 18.0, name);
        svg.text(294.0, y + 16.0, name, &ui.text(14.5).bold());
        svg.text(302.0 + ui.text(14.5).bold().width(name), y + 16.0, &clock(rng), &ui.muted(11.5));
        svg.text(294.0, y + 38.0, rng.word(words::SENTENCES), &ui.text(14.5));
    }
    svg.rounded(240.0, height - 66.0, width - 262.0, 46.0, 8.0, &stroke(ui.line, 1.3));
    svg.text(258.0, height - 38.0, &format!("Message {}", names[chosen]), &ui.muted(14.0));
    svg.finish()
}

/// Lines of at most `most` letters.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.len() + word.len() > most && !line.is_empty() {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
