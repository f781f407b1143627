//! Screenshots of programs that do not exist.

use crate::{
    fonts::Family,
    rng::Rng,
    svg::{Svg, TextStyle, fill, stroke},
};

mod chat;
mod dashboard;
mod editor;
mod files;
mod mail;
mod settings;
mod spreadsheet;
mod terminal;

/// Draws one of the programs; `index` goes through them all.
pub fn screen(index: usize, rng: &mut Rng) -> (&'static str, String) {
    let ui = Ui::draw(rng);
    match index % 8 {
        0 => ("mail", mail::draw(&ui, rng)),
        1 => ("spreadsheet", spreadsheet::draw(&ui, rng)),
        2 => ("terminal", terminal::draw(rng)),
        3 => ("settings", settings::draw(&ui, rng)),
        4 => ("chat", chat::draw(&ui, rng)),
        5 => ("editor", editor::draw(&ui, rng)),
        6 => ("dashboard", dashboard::draw(&ui, rng)),
        _ => ("files", files::draw(&ui, rng)),
    }
}

/// Colours and typeface of a desktop.
struct Ui {
    page: &'static str,
    panel: &'static str,
    line: &'static str,
    text: &'static str,
    muted: &'static str,
    accent: &'static str,
    selected: &'static str,
    family: Family,
    mac: bool,
}

impl Ui {
    fn draw(rng: &mut Rng) -> Self {
        let family = *rng.pick(&[Family::Inter, Family::Roboto, Family::OpenSans, Family::Arimo]);
        let accent = rng.word(&["#2563eb", "#0d9488", "#7c3aed", "#c2410c", "#0369a1"]);
        let mac = rng.chance(50);
        if rng.chance(40) {
            let (page, panel, line) = ("#1e1f24", "#26282e", "#3a3d45");
            Self {
                page,
                panel,
                line,
                text: "#e6e7ea",
                muted: "#9499a3",
                accent,
                selected: "#343a48",
                family,
                mac,
            }
        } else {
            let (page, panel, line) = ("#ffffff", "#f3f4f6", "#d9dce1");
            Self {
                page,
                panel,
                line,
                text: "#1f2328",
                muted: "#6b7280",
                accent,
                selected: "#dbe7fb",
                family,
                mac,
            }
        }
    }

    fn text(&self, size: f64) -> TextStyle<'static> {
        TextStyle::new(self.family, size, self.text)
    }

    fn muted(&self, size: f64) -> TextStyle<'static> {
        TextStyle::new(self.family, size, self.muted)
    }

    /// A window with a title bar; the content begins at y = 36.
    fn window(&self, width: f64, height: f64, title: &str) -> Svg {
        let mut svg = Svg::new(width, height, self.page);
        svg.rect(0.0, 0.0, width, 36.0, &fill(self.panel));
        svg.line(0.0, 36.5, width, 36.5, &stroke(self.line, 1.0));
        svg.text(width / 2.0, 23.0, title, &self.text(13.0).middle());
        if self.mac {
            for (x, colour) in [(20.0, "#ff5f57"), (40.0, "#febc2e"), (60.0, "#28c840")] {
                svg.circle(x, 18.0, 6.0, &fill(colour));
            }
        } else {
            let (line, x) = (stroke(self.text, 1.2), width - 22.0);
            svg.line(x - 5.0, 13.0, x + 5.0, 23.0, &line);
            svg.line(x + 5.0, 13.0, x - 5.0, 23.0, &line);
            svg.rect(x - 45.0, 13.0, 10.0, 10.0, &line);
            svg.line(x - 85.0, 19.0, x - 75.0, 19.0, &line);
        }
        svg
    }
}

/// A round picture with initials, as programs show people.
fn avatar(svg: &mut Svg, x: f64, y: f64, radius: f64, name: &str) {
    // The same person has the same colour everywhere.
    let colours = ["#f97316", "#22c55e", "#3b82f6", "#a855f7", "#ec4899", "#14b8a6"];
    let colour = colours[name.len() % colours.len()];
    svg.circle(x, y, radius, &fill(colour));
    let initials: String = name.split(' ').filter_map(|part| part.chars().next()).collect();
    let style = TextStyle::new(Family::Inter, radius * 0.85, "#ffffff").middle();
    svg.text(x, y + radius * 0.32, &initials, &style);
}

/// A time of day.
fn clock(rng: &mut Rng) -> String {
    format!("{:02}:{:02}", rng.whole(7, 20), rng.whole(0, 59))
}

/// A text shortened to a width.
fn shortened(text: &str, style: &TextStyle<'_>, width: f64) -> String {
    if style.width(text) <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if style.width(&short) + style.width("…") + style.size > width {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}
