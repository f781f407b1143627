//! The unit beside a number.

use crate::value::fold::is_of_word;
use crate::value::measure::{Measure, composed, measure};
use crate::value::scales::power_of_ten;
use crate::value::{mark_of, may_be_one};

/// What stands around a number.
#[derive(Default, Clone, PartialEq, Debug)]
pub(in crate::task) struct Unit {
    pub(in crate::task) currency: Option<&'static str>,
    /// 1,000 for K; nothing if none is written.
    pub(in crate::task) scale: Option<f64>,
    pub(in crate::task) percent: bool,
    /// A unit of measure with its kind and size: watts in GW are 10^9.
    pub(in crate::task) measure: Option<Measure>,
}

/// Letters for powers of ten, and a dozen, which no other reader takes for one.
const SCALES: [(f64, &[&str]); 5] =
    [(12.0, &["dozen", "dutzend", "dozens"]), (1e6, &["m"]), (1e7, &["cr"]), (1e9, &["b"]), (1e12, &["t"])];

/// How many a word stands for: `K`, `million`, `dozen`.
fn scale_of(word: &str) -> Option<f64> {
    let own = SCALES.iter().find(|(_, list)| list.contains(&word)).map(|(scale, _)| *scale);
    own.or_else(|| power_of_ten(word).map(|power| 10_f64.powi(power)))
}

impl Unit {
    /// Reads `$K`, `million USD`, `%`, `C$`.
    pub(in crate::task) fn read(text: &str) -> Self {
        let lower = text.to_lowercase();
        // `C$`, `Canadian dollars`
        let name = lower.trim();
        if let Some(code) = mark_of(name).filter(|_| name.ends_with('$') || name.contains(' ')) {
            return Self { currency: Some(code), ..Self::default() };
        }
        let symbol = |c: char| "$€£¥₹₽₩₺₫₱₦₸₾₴₪฿%‰".contains(c);
        let spaced: String =
            lower.chars().flat_map(|c| if symbol(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let rate = lower.contains('/').then_some(lower.as_str());
        let measured = composed(&lower).or_else(|| lower.split_whitespace().find_map(composed));
        // `230 A`; anywhere else it is an article.
        let amperes = || if lower.trim() == "a" { measure("ampere") } else { None };
        let mut unit = Self { measure: measured.or_else(amperes), ..Self::default() };
        let words = spaced.split(|c: char| !(is_of_word(c) || symbol(c))).filter(|word| !word.is_empty());
        for word in words.flat_map(pieces) {
            unit.percent |= PERCENT.contains(&word);
            // Of `patients/month` nothing is known.
            unit.measure = unit.measure.or_else(|| if rate.is_some() { None } else { measure(word) });
            // `real` and `won` are English words first.
            let is_word =
                matches!(word, "real" | "won" | "try" | "dong" | "pen" | "din" | "cop" | "gel" | "kip");
            unit.currency = unit.currency.or_else(|| if is_word { None } else { mark_of(word) });
            unit.scale = match (unit.scale, scale_of(word)) {
                // `mil millones`
                (Some(1e3), Some(scale)) if scale >= 1e6 => Some(1e3 * scale),
                (known, found) => known.or(found),
            };
        }
        if let Some(part) = part_of_percent(&lower) {
            unit = Self { percent: true, scale: Some(part), ..Self::default() };
        }
        // `$5 m` are millions, and so is a capital M; `5 m` may be meters as well.
        let is_both = ["pounds", "pfund", "ft"].iter().any(|name| unit.measure == measure(name));
        if unit.currency.is_some() && !is_both || unit.percent || text.trim() == "M" || text.trim() == "T" {
            unit.measure = None;
        }
        unit
    }

    /// Whether it says no more than how long, how far or how warm: beside a number of something else it is a detail.
    pub(super) fn is_detail(&self) -> bool {
        let kind = self.measure.map(|(kind, _)| kind.name);
        let plain = self.currency.is_none() && !self.percent;
        plain
            && kind.is_some_and(|kind| ["time", "length", "celsius", "fahrenheit", "volume"].contains(&kind))
    }

    /// Whether it is a share or measures something, which nothing that is counted does.
    pub(super) fn is_of_no_count(&self) -> bool {
        self.percent || self.scale.is_none() && (self.measure.is_some() || self.currency.is_some())
    }

    pub(in crate::task) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether two written units cannot mean the same.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let differ = |a: Option<&str>, b: Option<&str>| a.zip(b).is_some_and(|(a, b)| !may_be_one(a, b));
        // `5 pounds` are a mass beside kilograms and money beside dollars; euros are no mass.
        let pays = |it: &Self| it.currency.is_some() && it.measure.is_none();
        let measures = |it: &Self| it.measure.is_some() && it.currency.is_none() && it.scale.is_none();
        let other_kind = matches!((self.measure, other.measure), (Some((a, _)), Some((b, _))) if a != b);
        differ(self.currency, other.currency)
            || other_kind
            || pays(self) && measures(other)
            || measures(self) && pays(other)
            || (self.percent != other.percent && (self.percent || !self.is_none()))
    }
}

const PERCENT: &[&str] = &[
    "%",
    "percent",
    "pct",
    "percentage",
    "prozent",
    "pp",
    "pourcent",
    "процент",
    "процента",
    "процентов",
    "procent",
    "proc",
    "パーセント",
    "퍼센트",
    "por ciento",
    "بالمئة",
    "प्रतिशत",
];

/// The units at the beginning of a word of a script that does not part words: `時間です`; else the word.
fn pieces(word: &str) -> Vec<&str> {
    const LONGEST: usize = 6;
    if word.starts_with(|c: char| c.is_ascii() || !parts_no_words(c)) {
        return vec![word];
    }
    let is_known = |piece: &&str| {
        measure(piece).is_some()
            || mark_of(piece).is_some()
            || scale_of(piece).is_some()
            || PERCENT.contains(piece)
    };
    let (mut found, mut rest) = (Vec::new(), word);
    loop {
        let ends = rest.char_indices().skip(1).map(|(at, _)| at).chain([rest.len()]).take(LONGEST);
        let Some(piece) = ends.map(|end| &rest[..end]).filter(is_known).last().filter(|it| !it.is_empty())
        else {
            break;
        };
        found.push(piece);
        rest = &rest[piece.len()..];
    }
    if found.is_empty() { vec![word] } else { found }
}

/// A letter of a script that writes words without blanks between them.
pub(super) fn parts_no_words(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// How many percent one of a smaller share is: a basis point is a hundredth of one.
fn part_of_percent(lower: &str) -> Option<f64> {
    let is = |names: &[&str]| {
        lower.split(|c: char| !(c.is_alphanumeric() || c == '‰')).any(|it| names.contains(&it))
    };
    if lower.contains("basis point") || is(&["bp", "bps"]) {
        Some(0.01)
    } else {
        is(&["‰", "permille", "promille"]).then_some(0.1)
    }
}
