//! A settings page with switches, on a desktop or a phone.

use super::{Ui, avatar};
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
    words,
};

const OPTIONS: &[(&str, &str)] = &[
    ("Notifications", "Show banners on the lock screen"),
    ("Dark mode", "Follow the system appearance"),
    ("Automatic updates", "Install at night while charging"),
    ("Location", "Allow while the app is in use"),
    ("Two-step verification", "Ask for a code when signing in"),
    ("Backup", "Last backup today"),
    ("Reduce motion", "Limit animation of windows"),
    ("Share diagnostics", "Send crash reports"),
    ("Sound effects", "Play sounds for actions"),
];

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    if rng.chance(50) { phone(ui, rng) } else { desktop(ui, rng) }
}

fn desktop(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (980.0, 620.0);
    let mut svg = ui.window(width, height, "Settings");
    svg.rect(0.0, 37.0, 230.0, height, &fill(ui.panel));
    let sections =
        ["General", "Appearance", "Network", "Privacy", "Accounts", "Keyboard", "Storage", "About"];
    let chosen = rng.below(sections.len());
    for (at, section) in sections.iter().enumerate() {
        let y = 78.0 + 40.0 * count(at);
        if at == chosen {
            svg.rounded(12.0, y - 23.0, 206.0, 34.0, 7.0, &fill(ui.accent));
        }
        let colour = if at == chosen { "#ffffff" } else { ui.text };
        svg.rounded(24.0, y - 14.0, 16.0, 16.0, 4.0, &stroke(colour, 1.4));
        svg.text(52.0, y, section, &ui.text(14.0).colour(colour));
    }
    svg.text(262.0, 86.0, sections[chosen], &ui.text(24.0).bold());
    for (at, option) in rng.sample(OPTIONS, 7).into_iter().enumerate() {
        row(ui, &mut svg, 262.0, 112.0 + 66.0 * count(at), width - 300.0, option, rng.chance(60));
    }
    svg.finish()
}

fn phone(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (420.0, 860.0);
    let mut svg = Svg::new(width, height, ui.panel);
    svg.text(26.0, 28.0, &super::clock(rng), &ui.text(14.0).bold());
    svg.rounded(372.0, 16.0, 26.0, 13.0, 3.0, &stroke(ui.text, 1.2));
    svg.rect(374.0, 18.0, 17.0, 9.0, &fill(ui.text));
    for bar in 0..4 {
        let tall = 4.0 + 3.0 * count(bar);
        svg.rect(336.0 + 6.0 * count(bar), 29.0 - tall, 4.0, tall, &fill(ui.text));
    }
    svg.text(24.0, 88.0, "Settings", &ui.text(30.0).bold());
    let owner = rng.word(words::PEOPLE);
    svg.rounded(16.0, 108.0, width - 32.0, 84.0, 14.0, &fill(ui.page));
    avatar(&mut svg, 62.0, 150.0, 28.0, owner);
    svg.text(106.0, 146.0, owner, &ui.text(18.0).bold());
    svg.text(106.0, 168.0, "Account, payment and media", &ui.muted(13.0));
    svg.rounded(16.0, 212.0, width - 32.0, 8.0 * 66.0 + 12.0, 14.0, &fill(ui.page));
    for (at, option) in rng.sample(OPTIONS, 8).into_iter().enumerate() {
        row(ui, &mut svg, 34.0, 218.0 + 66.0 * count(at), width - 68.0, option, rng.chance(60));
    }
    svg.rounded(width / 2.0 - 66.0, height - 14.0, 132.0, 5.0, 2.5, &fill(ui.text));
    svg.finish()
}

fn row(ui: &Ui, svg: &mut Svg, x: f64, y: f64, width: f64, option: &(&str, &str), on: bool) {
    svg.text(x, y + 28.0, option.0, &ui.text(15.0));
    svg.text(x, y + 48.0, option.1, &ui.muted(12.5));
    let (left, colour) = (x + width - 44.0, if on { ui.accent } else { "#a3a8b2" });
    svg.rounded(left, y + 20.0, 44.0, 24.0, 12.0, &fill(colour));
    svg.circle(if on { left + 32.0 } else { left + 12.0 }, y + 32.0, 9.5, &fill("#ffffff"));
    svg.line(x, y + 66.5, x + width, y + 66.5, &stroke(ui.line, 1.0));
}
