//! A file manager with folders and a listing.

use super::Ui;
use crate::{
    rng::Rng,
    svg::{Svg, count, fill, stroke},
};

const NAMES: &[(&str, &str)] = &[
    ("Contracts", "Folder"),
    ("Photos 2024", "Folder"),
    ("Invoices", "Folder"),
    ("Presentation final v3.pptx", "Presentation"),
    ("budget.xlsx", "Spreadsheet"),
    ("minutes-march.docx", "Document"),
    ("scan_0042.pdf", "PDF"),
    ("logo.svg", "Image"),
    ("IMG_2231.jpg", "Image"),
    ("backup.zip", "Archive"),
    ("notes.txt", "Text"),
    ("interview.mp3", "Audio"),
    ("site-plan.dwg", "Drawing"),
    ("passwords.kdbx", "Database"),
];

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (1020.0, 620.0);
    let mut svg = ui.window(width, height, "Documents");
    svg.rect(0.0, 37.0, 190.0, height, &fill(ui.panel));
    for (at, place) in
        ["Home", "Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos", "Bin"].iter().enumerate()
    {
        let y = 72.0 + 34.0 * count(at);
        if at == 2 {
            svg.rounded(8.0, y - 21.0, 174.0, 30.0, 6.0, &fill(ui.selected));
        }
        folder(&mut svg, 22.0, y - 13.0, 0.8, ui.accent);
        svg.text(50.0, y, place, &ui.text(13.5));
    }
    svg.rounded(206.0, 48.0, width - 420.0, 30.0, 6.0, &stroke(ui.line, 1.0));
    svg.text(220.0, 68.0, "Home  ›  Documents", &ui.text(13.0));
    svg.rounded(width - 200.0, 48.0, 184.0, 30.0, 6.0, &stroke(ui.line, 1.0));
    svg.text(width - 186.0, 68.0, "Search", &ui.muted(13.0));
    for (heading, x) in [("Name", 246.0), ("Modified", 560.0), ("Type", 730.0), ("Size", 980.0)] {
        let style = ui.muted(12.5);
        svg.text(x, 106.0, heading, &if heading == "Size" { style.end() } else { style });
    }
    let mut names = rng.sample(NAMES, 12);
    names.sort_by_key(|(_, kind)| *kind != "Folder");
    let chosen = rng.below(12);
    for (at, (name, kind)) in names.into_iter().enumerate() {
        let y = 140.0 + 36.0 * count(at);
        if at == chosen {
            svg.rect(198.0, y - 24.0, width - 206.0, 34.0, &fill(ui.selected));
        }
        svg.line(206.0, y + 11.5, width - 14.0, y + 11.5, &stroke(ui.line, 0.7));
        if *kind == "Folder" {
            folder(&mut svg, 214.0, y - 15.0, 1.0, "#e8b33d");
        } else {
            sheet(ui, &mut svg, 216.0, y - 16.0);
        }
        svg.text(246.0, y, name, &ui.text(13.5));
        let date = format!("{:02}/{:02}/2025 {}", rng.whole(1, 28), rng.whole(1, 12), super::clock(rng));
        svg.text(560.0, y, &date, &ui.muted(12.5));
        svg.text(730.0, y, kind, &ui.muted(12.5));
        if *kind != "Folder" {
            svg.text(980.0, y, &format!("{} KB", rng.whole(4, 9800)), &ui.muted(12.5).end());
        }
    }
    svg.text(206.0, height - 14.0, "12 items, 41.8 GB free", &ui.muted(12.0));
    svg.finish()
}

fn folder(svg: &mut Svg, x: f64, y: f64, scale: f64, colour: &str) {
    svg.rounded(x, y, 9.0 * scale, 6.0 * scale, 1.5, &fill(colour));
    svg.rounded(x, y + 3.0 * scale, 22.0 * scale, 14.0 * scale, 2.0, &fill(colour));
}

fn sheet(ui: &Ui, svg: &mut Svg, x: f64, y: f64) {
    svg.polygon(
        &[(x, y), (x + 11.0, y), (x + 16.0, y + 5.0), (x + 16.0, y + 20.0), (x, y + 20.0)],
        &format!("fill=\"#ffffff\" stroke=\"{}\"", ui.muted),
    );
    for line in 0..3 {
        let at = y + 8.0 + 4.0 * count(line);
        svg.line(x + 3.0, at, x + 13.0, at, &stroke(ui.accent, 1.0));
    }
}
