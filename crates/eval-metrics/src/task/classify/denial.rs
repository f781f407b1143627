//! Denials in the form of a list: `malignant: no`.

/// A text where `malignant: no`, `malignant = false` and `malignant: 3%` say that it is not, and `ruled out: x` is one clause.
pub(super) fn with_plain_denials(plain: &str) -> String {
    const DENIED: [&str; 10] =
        ["no", "false", "negative", "absent", "none", "not present", "nein", "non", "excluded", "unlikely"];
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(at) = rest.find([':', '=']) {
        let (before, behind) = (&rest[..at], rest[at + 1..].trim_start());
        out.push_str(before);
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
        let denied = DENIED.iter().find_map(|word| {
            behind.strip_prefix(word).filter(|rest| {
                ends(rest)
                    && (rest.trim_start().is_empty()
                        || rest.trim_start().starts_with(|c: char| ",;.\n|)".contains(c)))
            })
        });
        let share =
            behind.split_once('%').filter(|(share, _)| share.trim().parse().is_ok_and(|it: f64| it < 50.0));
        let joins = ["ruled out", "excluded", "not"].iter().any(|word| before.trim_end().ends_with(word));
        rest = match denied.or(share.map(|parts| parts.1)) {
            Some(rest) => {
                out.push_str(" is not");
                rest
            }
            None if joins => {
                out.push(' ');
                &rest[at + 1..]
            }
            None => {
                out.push_str(&rest[at..=at]);
                &rest[at + 1..]
            }
        };
    }
    out.push_str(rest);
    out
}
