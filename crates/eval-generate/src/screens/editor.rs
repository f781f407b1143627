//! A code editor with a file tree and coloured code.

use super::Ui;
use crate::{
    fonts::Family,
    rng::Rng,
    svg::{Svg, TextStyle, count, fill, stroke},
};

const SNIPPETS: &[&[&str]] = &[
    &[
        "use std::collections::HashMap;",
        "",
        "/// Counts words, ignoring case.",
        "pub fn count(text: &str) -> HashMap<String, usize> {",
        "    let mut words = HashMap::new();",
        "    for word in text.split_whitespace() {",
        "        let word = word.to_lowercase();",
        "        *words.entry(word).or_insert(0) += 1;",
        "    }",
        "    words",
        "}",
        "",
        "#[test]",
        "fn counts_twice() {",
        "    let words = count(\"one two One\");",
        "    assert_eq!(words[\"one\"], 2);",
        "}",
    ],
    &[
        "import json",
        "from pathlib import Path",
        "",
        "def load(path: Path) -> dict:",
        "    \"\"\"Reads the settings, or the defaults.\"\"\"",
        "    if not path.exists():",
        "        return {\"theme\": \"dark\", \"lines\": 40}",
        "    with path.open() as file:",
        "        return json.load(file)",
        "",
        "class Window:",
        "    def __init__(self, settings):",
        "        self.settings = settings",
        "        self.open = False",
        "",
        "    def show(self):",
        "        # Nothing to draw before the first event.",
        "        self.open = True",
    ],
    &[
        "export async function fetchOrders(page = 1) {",
        "  const url = `/api/orders?page=${page}`;",
        "  const reply = await fetch(url);",
        "  if (!reply.ok) {",
        "    throw new Error(\"orders are not available\");",
        "  }",
        "  return reply.json();",
        "}",
        "",
        "// Sums the open orders of a customer.",
        "export function total(orders) {",
        "  return orders",
        "    .filter((order) => order.open)",
        "    .reduce((sum, order) => sum + order.price, 0);",
        "}",
    ],
];

const KEYWORDS: &[&str] = &[
    "use", "pub", "fn", "let", "mut", "for", "in", "import", "from", "def", "return", "if", "not", "with",
    "as", "class", "export", "async", "function", "const", "await", "throw", "new",
];

pub fn draw(ui: &Ui, rng: &mut Rng) -> String {
    let (width, height) = (1060.0, 660.0);
    let mut svg = ui.window(width, height, "project — Slate");
    svg.rect(0.0, 37.0, 210.0, height, &fill(ui.panel));
    svg.text(18.0, 62.0, "EXPLORER", &ui.muted(11.0));
    let files = [
        "▾ src",
        "    main.rs",
        "    words.rs",
        "    api.js",
        "    settings.py",
        "▸ tests",
        "▸ docs",
        "Cargo.toml",
        "README.md",
        "LICENSE",
    ];
    for (at, file) in files.iter().enumerate() {
        svg.text(18.0, 90.0 + 26.0 * count(at), file, &TextStyle::new(Family::DejaVuSans, 12.5, ui.text));
    }
    let which = rng.below(SNIPPETS.len());
    let tab = ["words.rs", "settings.py", "api.js"][which];
    svg.rect(210.0, 37.0, width, 34.0, &fill(ui.panel));
    svg.rect(210.0, 37.0, 130.0, 34.0, &fill(ui.page));
    svg.line(210.0, 38.0, 340.0, 38.0, &stroke(ui.accent, 2.0));
    svg.text(230.0, 59.0, tab, &ui.text(13.0));
    let family = *rng.pick(&[Family::Hack, Family::DejaVuSansMono]);
    let style = TextStyle::new(family, 14.5, ui.text);
    let dark = ui.page != "#ffffff";
    let again = SNIPPETS[which].iter().cycle();
    let start = rng.below(60);
    let marked = rng.below(16) + 3;
    for (at, line) in again.take(25).enumerate() {
        let y = 98.0 + 21.5 * count(at);
        if at == marked {
            svg.rect(211.0, y - 16.0, width - 300.0, 21.5, &fill(ui.selected));
        }
        svg.text(252.0, y, &(start + at + 1).to_string(), &style.colour(ui.muted).size(13.0).end());
        code(&mut svg, 268.0, y, line, &style, dark);
    }
    minimap(ui, &mut svg, width, SNIPPETS[which]);
    svg.rect(0.0, height - 26.0, width, 26.0, &fill(ui.accent));
    let status =
        format!("⎇ main    Ln {}, Col {}    UTF-8    Spaces: 4", start + marked + 1, rng.whole(1, 60));
    svg.text(14.0, height - 9.0, &status, &TextStyle::new(Family::DejaVuSans, 12.0, "#ffffff"));
    svg.finish()
}

/// One line of code, word by word in its colour.
fn code(svg: &mut Svg, x: f64, y: f64, line: &str, style: &TextStyle<'_>, dark: bool) {
    let (keyword, string, comment) =
        if dark { ("#c586c0", "#ce9178", "#6a9955") } else { ("#af00db", "#a31515", "#008000") };
    let trimmed = line.trim_start();
    if trimmed.starts_with("//") || trimmed.starts_with('#') || trimmed.starts_with("\"\"\"") {
        svg.text(x, y, line, &style.colour(comment));
        return;
    }
    let letter = style.width(" ");
    let mut at = 0;
    for word in line.split_inclusive(' ') {
        let bare = word.trim_end();
        let colour = if KEYWORDS.contains(&bare) {
            keyword
        } else if bare.contains('"') || bare.contains('`') {
            string
        } else {
            style.colour
        };
        svg.text(x + letter * count(at), y, bare, &style.colour(colour));
        at += word.chars().count();
    }
}

fn minimap(ui: &Ui, svg: &mut Svg, width: f64, lines: &[&str]) {
    for (at, line) in lines.iter().cycle().take(70).enumerate() {
        let indent = count(line.len() - line.trim_start().len());
        let y = 80.0 + 5.0 * count(at);
        svg.rect(width - 80.0 + indent, y, count(line.trim().len()) * 1.1, 2.0, &fill(ui.muted));
    }
}
