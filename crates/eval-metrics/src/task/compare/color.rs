//! Colors by name and by number.

/// Basic colors with other names for them.
const NAMES: [(&str, &[&str], [u8; 3]); 14] = [
    ("black", &["black"], [0, 0, 0]),
    ("white", &["white"], [255, 255, 255]),
    ("gray", &["gray", "grey", "silver"], [128, 128, 128]),
    ("red", &["red", "crimson"], [220, 20, 30]),
    ("orange", &["orange"], [255, 150, 0]),
    ("yellow", &["yellow"], [250, 230, 20]),
    ("green", &["green", "lime"], [20, 160, 50]),
    ("teal", &["teal", "turquoise", "cyan"], [0, 160, 160]),
    ("blue", &["blue", "navy"], [30, 80, 220]),
    ("purple", &["purple", "violet"], [128, 0, 160]),
    ("pink", &["pink", "magenta"], [250, 100, 180]),
    ("brown", &["brown"], [140, 80, 30]),
    ("beige", &["beige", "cream"], [240, 230, 200]),
    ("gold", &["gold"], [212, 175, 55]),
];

/// Words that shade a color and do not make another of it.
const SHADES: [&str; 11] =
    ["light", "dark", "bright", "pale", "deep", "medium", "solid", "lighter", "darker", "color", "colored"];

/// A color as it was given.
struct Color {
    basic: &'static str,
    shade: Option<&'static str>,
}

/// Whether two texts are the same color; nothing if they do not both name one, or differ in shade only in their words.
pub(super) fn same(expected: &str, got: &str) -> Option<bool> {
    let (a, b) = (color(expected)?, color(got)?);
    let shades_apart = matches!((a.shade, b.shade), (Some(a), Some(b)) if a != b);
    Some(a.basic == b.basic && !shades_apart)
}

fn color(text: &str) -> Option<Color> {
    const LONGEST: usize = 40;
    let text = text.trim().to_lowercase();
    if text.len() > LONGEST {
        return None;
    }
    // `green (#00ff00)`
    let hex = text.find('#').and_then(|at| by_number(text[at + 1..].trim_end_matches([')', ' '])));
    if let Some(rgb) = hex.or_else(|| by_parts(&text)) {
        return Some(Color { basic: nearest(rgb), shade: None });
    }
    let (mut basic, mut shade) = (None, None);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let named = NAMES.iter().find(|(_, names, _)| names.contains(&word)).map(|(name, ..)| *name);
        match (named, SHADES.iter().find(|shade| **shade == word)) {
            (Some(name), _) if basic.is_none() => basic = Some(name),
            (None, Some(found)) => {
                shade = Some(*found).filter(|it| !it.starts_with("color") && *it != "solid").or(shade);
            }
            _ => return None,
        }
    }
    basic.map(|basic| Color { basic, shade })
}

fn by_number(hex: &str) -> Option<[u8; 3]> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    match digits.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [r, s, g, h, b, c] => Some([r * 16 + s, g * 16 + h, b * 16 + c]),
        _ => None,
    }
}

/// `rgb(0, 255, 0)`
fn by_parts(text: &str) -> Option<[u8; 3]> {
    let inner = text.strip_prefix("rgb(")?.strip_suffix(')')?;
    let parts: Vec<u8> = inner.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    <[u8; 3]>::try_from(parts).ok()
}

/// The basic color nearest in hue; without much hue it is black, gray or white.
fn nearest([r, g, b]: [u8; 3]) -> &'static str {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    if most - least < 24 {
        return match most {
            0..50 => "black",
            50..225 => "gray",
            225.. => "white",
        };
    }
    let hue = |[r, g, b]: [u8; 3]| {
        let (r, g, b) = (f64::from(r), f64::from(g), f64::from(b));
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let spread = (most - least).max(1.0);
        let hue = if most == r {
            (g - b) / spread
        } else if most == g {
            2.0 + (b - r) / spread
        } else {
            4.0 + (r - g) / spread
        };
        (hue * 60.0).rem_euclid(360.0)
    };
    let own = hue([r, g, b]);
    let apart = |other: [u8; 3]| {
        let apart = (own - hue(other)).abs();
        apart.min(360.0 - apart)
    };
    let hues = NAMES
        .iter()
        .filter(|(name, ..)| !matches!(*name, "black" | "white" | "gray" | "brown" | "beige" | "gold"));
    hues.min_by(|a, b| apart(a.2).total_cmp(&apart(b.2))).map_or("gray", |(name, ..)| *name)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn knows_colors_by_name_and_number() {
        for (a, b, wanted) in [
            ("green", "#00ff00", Some(true)),
            ("gray", "#808080", Some(true)),
            ("grey", "gray", Some(true)),
            ("blue", "light blue", Some(true)),
            ("light blue", "dark blue", Some(false)),
            ("blue", "rgb(20, 40, 230)", Some(true)),
            ("red", "#2563eb", Some(false)),
            ("red", "green", Some(false)),
            ("red", "Red Cross", None),
            ("Products", "blue", None),
        ] {
            assert_eq!(same(a, b), wanted, "{a} {b}");
        }
    }
}
