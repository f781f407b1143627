//! The unit beside a number.

use crate::value::currency;

/// What stands around a number.
#[derive(Default, Clone, PartialEq, Debug)]
pub(in crate::task) struct Unit {
    pub(in crate::task) currency: Option<&'static str>,
    /// 1,000 for K; nothing if none is written.
    pub(in crate::task) scale: Option<f64>,
    pub(super) percent: bool,
    /// A unit of measure with its kind and size: watts in GW are 10^9.
    pub(super) measure: Option<(&'static str, f64)>,
}

impl Unit {
    /// Reads `$K`, `million USD`, `%`.
    pub(in crate::task) fn read(text: &str) -> Self {
        const SCALES: [(f64, &[&str]); 8] = [
            (12.0, &["dozen", "dutzend"]),
            (1e2, &["hundred", "hundreds"]),
            (1e3, &["k", "thousand", "thousands", "tsd", "tausend", "tys", "mil", "тыс", "千"]),
            (1e5, &["lakh", "lakhs", "lac", "lacs"]),
            (
                1e6,
                &["m", "mn", "mio", "mln", "million", "millions", "millionen", "millones", "milioni", "млн"],
            ),
            (1e7, &["crore", "crores", "cr"]),
            (
                1e9,
                &[
                    "b",
                    "bn",
                    "mrd",
                    "bln",
                    "mld",
                    "billion",
                    "billions",
                    "milliard",
                    "milliards",
                    "milliarden",
                    "miliardi",
                    "miliardo",
                    "млрд",
                ],
            ),
            (1e12, &["t", "tn", "trn", "trillion", "trillions"]),
        ];
        let lower = text.to_lowercase();
        let symbol = |c: char| "$€£¥₹₽₩₺₫%".contains(c);
        let spaced: String =
            lower.chars().flat_map(|c| if symbol(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let mut unit = Self::default();
        for word in
            spaced.split(|c: char| !(c.is_alphanumeric() || symbol(c))).filter(|word| !word.is_empty())
        {
            unit.percent |=
                matches!(word, "%" | "percent" | "pct" | "percentage" | "prozent" | "pp" | "pourcent");
            unit.measure = unit.measure.or_else(|| {
                MEASURES
                    .iter()
                    .find(|(_, _, list)| list.contains(&word))
                    .map(|(kind, size, _)| (*kind, *size))
            });
            // `real` and `won` are English words first.
            let is_word = matches!(word, "real" | "won" | "try" | "dong" | "ft" | "kr" | "fr" | "rs");
            unit.currency = unit.currency.or_else(|| if is_word { None } else { currency(word) });
            unit.scale = unit
                .scale
                .or_else(|| SCALES.iter().find(|(_, list)| list.contains(&word)).map(|(scale, _)| *scale));
        }
        unit
    }

    pub(in crate::task) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether two written units cannot mean the same.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let different = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        let measured = |unit: &Self| unit.measure.map(|(kind, _)| kind);
        different(self.currency, other.currency)
            || different(measured(self), measured(other))
            || (self.percent != other.percent && (self.percent || !self.is_none()))
    }
}

/// Units of measure by kind, size and spelling.
const MEASURES: [(&str, f64, &[&str]); 20] = [
    ("power", 1.0, &["w", "watt", "watts"]),
    ("power", 1e3, &["kw", "kilowatt", "kilowatts"]),
    ("power", 1e6, &["mw", "megawatt", "megawatts"]),
    ("power", 1e9, &["gw", "gigawatt", "gigawatts"]),
    ("power", 1e12, &["tw", "terawatt", "terawatts"]),
    ("energy", 1e3, &["kwh"]),
    ("energy", 1e6, &["mwh"]),
    ("energy", 1e9, &["gwh"]),
    ("energy", 1e12, &["twh"]),
    ("mass", 1.0, &["g", "gram", "grams"]),
    ("mass", 1e3, &["kg", "kilogram", "kilograms"]),
    ("mass", 1e6, &["tonne", "tonnes", "ton", "tons"]),
    ("mass", 1e9, &["kt", "kilotonnes"]),
    ("mass", 1e12, &["mt", "megatonnes"]),
    ("length", 1e-3, &["mm"]),
    ("length", 1e-2, &["cm"]),
    ("length", 1e3, &["km", "kilometers", "kilometres"]),
    ("time", 1e-3, &["ms", "milliseconds"]),
    ("time", 1.0, &["s", "sec", "seconds"]),
    ("time", 60.0, &["min", "minutes"]),
];
