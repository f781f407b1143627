//! Figures with their targets.

use std::fmt;

#[derive(Debug, Default)]
pub struct Table(Vec<Line>);

#[derive(Debug)]
enum Line {
    About(String),
    Figure {
        what: String,
        unit: String,
        value: f64,
        target: Target,
        reference: Option<f64>,
        growth: Option<f64>,
    },
}

#[derive(Debug, Clone, Copy)]
enum Target {
    Most(f64),
    Least(f64),
    None,
}

impl Table {
    pub fn about(&mut self, what: &str) {
        self.0.push(Line::About(what.to_owned()));
    }

    /// A figure that must not be larger.
    pub fn most(&mut self, what: &str, unit: &str, value: f64, target: f64, reference: Option<f64>) {
        self.add(what, unit, value, Target::Most(target), reference);
    }

    /// A figure that must not be smaller.
    pub fn least(&mut self, what: &str, unit: &str, value: f64, target: f64, reference: Option<f64>) {
        self.add(what, unit, value, Target::Least(target), reference);
    }

    /// A figure beside another.
    pub fn beside(&mut self, what: &str, unit: &str, value: f64, reference: Option<f64>) {
        self.add(what, unit, value, Target::None, reference);
    }

    /// Says of the last figure that its time grows with this power of the size.
    pub fn grows(&mut self, power: Option<f64>) {
        if let Some(Line::Figure { growth, .. }) = self.0.last_mut() {
            *growth = power;
        }
    }

    /// A figure without a target.
    pub fn only(&mut self, what: &str, unit: &str, value: f64) {
        self.add(what, unit, value, Target::None, None);
    }

    fn add(&mut self, what: &str, unit: &str, value: f64, target: Target, reference: Option<f64>) {
        let (what, unit) = (what.to_owned(), unit.to_owned());
        self.0.push(Line::Figure { what, unit, value, target, reference, growth: None });
    }
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::Most(most) => value <= most,
            Self::Least(least) => value >= least,
            Self::None => true,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Most(most) => f.pad(&format!("≤ {}", short(*most))),
            Self::Least(least) => f.pad(&format!("≥ {}", short(*least))),
            Self::None => f.pad(""),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:44} {:>14} {:>10} {:>12} {:>8} {:>7}",
            "figure", "measured", "target", "reference", "ratio", "growth"
        )?;
        for line in &self.0 {
            match line {
                Line::About(what) => writeln!(f, "\n{what}")?,
                Line::Figure { what, unit, value, target, reference, growth } => {
                    let measured = format!("{} {unit}", short(*value));
                    let ratio = reference.map_or(String::new(), |it| format!("{:.2}", value / it));
                    let reference = reference.map_or(String::new(), short);
                    let growth = growth.map_or(String::new(), |power| format!("n^{power:.2}"));
                    let mark = if target.is_met(*value) { "" } else { "  MISSED" };
                    writeln!(
                        f,
                        "{what:44} {measured:>14} {target:>10} {reference:>12} {ratio:>8} {growth:>7}{mark}"
                    )?;
                }
            }
        }
        Ok(())
    }
}

/// Three figures that count.
fn short(value: f64) -> String {
    match value.abs() {
        ..1.0 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
