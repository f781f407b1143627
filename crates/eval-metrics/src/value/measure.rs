//! Units of measure.

mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a unit measures: a length, or one thing for each of another, as a speed is. A temperature is no multiple of
/// another one, so each scale is a kind of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    per: Option<&'static str>,
}

impl Kind {
    fn plain(name: &'static str) -> Self {
        Self { name, per: None }
    }
}

/// A unit of measure: its kind, and how many of the unit that its kind is counted in it is.
pub(crate) type Measure = (Kind, f64);

/// A unit by one word, in lower case.
pub(crate) fn measure(word: &str) -> Option<Measure> {
    UNITS.get(word).map(|(kind, size)| (Kind::plain(kind), *size))
}

/// The kind and the size of every unit by its name; a name of two units is that of the first.
static UNITS: LazyLock<HashMap<&'static str, (&'static str, f64)>> = LazyLock::new(|| {
    let mut units = HashMap::new();
    for (kind, size, names) in table::UNITS {
        names.iter().for_each(|name| _ = units.entry(*name).or_insert((*kind, *size)));
    }
    for line in include_str!("measure/abroad.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let kind = words.next().unwrap_or_default();
        let size = words.next().and_then(|size| size.parse().ok()).expect("a line has a kind and a size");
        words.for_each(|name| _ = units.entry(name).or_insert((kind, size)));
    }
    units
});

/// A unit however it is composed: `mg/dl`, `m²`, `km per hour`.
pub(crate) fn composed(text: &str) -> Option<Measure> {
    const LONGEST: usize = 40;
    let text = text.trim().trim_matches(['°', '.']);
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    // Case tells these apart from larger ones.
    if let Some((kind, size)) = match text {
        "mW" => Some(("power", 1e-3)),
        "A" => Some(("current", 1.0)),
        "Kb" => Some(("data", 125.0)),
        "Mb" => Some(("data", 125e3)),
        "Gb" => Some(("data", 125e6)),
        "Tb" => Some(("data", 125e9)),
        _ => None,
    } {
        return Some((Kind::plain(kind), size));
    }
    let text = text.to_lowercase().replace('²', "2").replace('³', "3").replace('^', "");
    let whole = text.replace([' ', '.'], "");
    if let Some(found) = measure(&text).or_else(|| measure(&whole)) {
        return Some(found);
    }
    let (above, below) = text.split_once('/').or_else(|| text.split_once(" per "))?;
    let ((above, size), (below, of)) = (measure(above.trim())?, measure(below.trim())?);
    // Both must be plain: a speed over a time is no unit that we compare.
    (above.per.is_none() && below.per.is_none())
        .then_some((Kind { name: above.name, per: Some(below.name) }, size / of))
        .map(named)
}

/// A speed by its own name, so that `km/h` and `mph` are of one kind.
fn named((kind, size): Measure) -> Measure {
    match kind {
        Kind { name: "length", per: Some("time") } => (Kind::plain("speed"), size),
        other => (other, size),
    }
}

/// The only number of a text, and the unit behind it, if there is nothing else: `5 mg`, `1.5kg`, `5 mmol/L`.
pub(crate) fn measured(text: &str) -> Option<(&str, Kind, f64)> {
    let text = text.trim().trim_end_matches('.');
    let start = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    // The digit of `5 m2` belongs to the unit.
    let start = match text[..start].strip_suffix(['2', '3']) {
        Some(rest) if rest.ends_with(char::is_alphabetic) || rest.ends_with('^') => {
            rest.rfind(|c: char| c.is_ascii_digit())? + 1
        }
        _ => start,
    };
    let (number, unit) = (&text[..start], &text[start..]);
    let is_number = number.chars().all(|c| c.is_ascii_digit() || " .,+-".contains(c));
    let (kind, size) = composed(unit).filter(|_| is_number)?;
    Some((number, kind, size))
}

#[cfg(test)]
mod tests {
    use super::{composed, measured};

    #[test]
    fn units_are_composed() {
        let kind = |text: &str| composed(text).map(|it| it.0);
        assert_eq!(kind("km/h"), kind("mph"));
        assert_eq!(kind("m²"), kind("sqm"));
        assert_eq!(kind("mg/dL"), kind("g per litre"));
        assert_ne!(kind("mg/dL"), kind("mmol/L"));
        assert_ne!(kind("m"), kind("m²"));
        assert_ne!(kind("V"), kind("W"));
        assert_eq!(kind("people"), None);
    }

    #[test]
    fn sizes_are_known() {
        let size = |text: &str| composed(text).unwrap().1;
        assert_eq!(size("GB") / size("MB"), 1000.0);
        assert_eq!(size("kPa") / size("Pa"), 1000.0);
        assert_eq!(size("years") / size("months"), 12.0);
        assert!((size("km/h") / size("m/s") - 1.0 / 3.6).abs() < 1e-12);
    }

    #[test]
    fn a_number_has_its_unit_behind_it() {
        assert_eq!(measured("5 m²").map(|it| it.0), Some("5"));
        assert_eq!(measured("5 m2").map(|it| it.0), Some("5"));
        assert_eq!(measured("1,250.5 kWh").map(|it| it.0), Some("1,250.5"));
        assert!(measured("5 cars").is_none());
    }
}
