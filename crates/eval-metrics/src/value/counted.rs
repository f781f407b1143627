//! Units of quantities that look alike or count alike and are others: `5 M` and `5 m`, `5 boxes` and `5 pcs`.

/// A longer text is prose.
const LONGEST: usize = 40;

/// Whether the units behind two numbers are others; nothing is said of a unit that only one of them has.
pub(super) fn is_other_unit(expected: &str, got: &str) -> bool {
    if expected.len() > LONGEST || got.len() > LONGEST {
        return false;
    }
    let (a, b) = (unit(expected), unit(got));
    let packages = (package(a), package(b));
    differs_by_prefix(a, b) || matches!(packages, (Some(a), Some(b)) if a != b)
}

/// What stands behind the last digit.
fn unit(text: &str) -> &str {
    let start = text.rfind(|c: char| c.is_ascii_digit()).map_or(text.len(), |at| at + 1);
    text[start..].trim().trim_end_matches('.')
}

/// Whether a milli is a mega: `mg` and `Mg`; in `MG` everything is in capitals.
fn differs_by_prefix(a: &str, b: &str) -> bool {
    const UNITS: [&str; 12] = ["", "g", "m", "l", "L", "V", "W", "J", "N", "Wh", "Hz", "Pa"];
    match (a.strip_prefix(['m', 'M']), b.strip_prefix(['m', 'M'])) {
        (Some(rest), Some(other)) => a != b && rest == other && UNITS.contains(&rest),
        _ => false,
    }
}

/// What counts things by one or by several; nothing for any other word.
fn package(unit: &str) -> Option<usize> {
    const PACKAGES: [&[&str]; 11] = [
        &["pcs", "pc", "piece", "pieces", "stk", "stück", "ea", "each", "unit", "units"],
        &["box", "boxes"],
        &["carton", "cartons", "karton", "kartons"],
        &["crate", "crates"],
        &["case", "cases"],
        &["pack", "packs", "pk", "packet", "packets", "package", "packages"],
        &["pallet", "pallets", "palette", "paletten"],
        &["bag", "bags", "sack", "sacks"],
        &["bundle", "bundles"],
        &["pair", "pairs", "paar"],
        &["dozen", "dozens", "dutzend"],
    ];
    let lower = unit.to_lowercase();
    PACKAGES.iter().position(|names| names.contains(&lower.as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_other_unit;

    #[test]
    fn case_and_packages_tell_units_apart() {
        for (a, b) in [("5 m", "5 M"), ("5 mg", "5 Mg"), ("5 pcs", "5 boxes"), ("5 cartons", "5 boxes")] {
            assert!(is_other_unit(a, b) && is_other_unit(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("5 mg", "5 MG"),
            ("5 min", "5 Min"),
            ("5 pcs", "5"),
            ("5 pcs", "5 pieces"),
            ("5 pcs", "5 bolts"),
        ] {
            assert!(!is_other_unit(a, b) && !is_other_unit(b, a), "{a} {b}");
        }
    }
}
