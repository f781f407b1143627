//! One spelling for the words of names.

use super::Bearer;
use crate::speech::american;

/// A text without what announces a name: `To: Rosa Delgado`.
pub(super) fn without_label(text: &str) -> &str {
    const LABELS: [&str; 16] = [
        "to",
        "attn",
        "attn.",
        "attention",
        "for",
        "from",
        "name",
        "bill to",
        "ship to",
        "sold to",
        "an",
        "von",
        "c/o",
        "z. hd.",
        "dear",
        "customer",
    ];
    let text = text.trim();
    let Some((label, name)) =
        text.split_once(':').or_else(|| text.split_once(' ').filter(|it| it.0 == "c/o"))
    else {
        return text;
    };
    let is_label = LABELS.contains(&label.trim().to_lowercase().as_str());
    if is_label && !name.trim().is_empty() { name.trim() } else { text }
}

/// A word in full: `St.` is `Saint`, and in names of things British spelling is American.
pub(super) fn spelled_out(word: &str, bearer: Bearer) -> String {
    const SHORT: [(&str, &str); 18] = [
        ("st", "saint"),
        ("ste", "sainte"),
        ("mt", "mount"),
        ("ft", "fort"),
        ("bros", "brothers"),
        ("gebr", "gebruder"),
        ("intl", "international"),
        ("natl", "national"),
        ("svc", "service"),
        ("svcs", "services"),
        ("mkt", "market"),
        ("ctr", "center"),
        ("dept", "department"),
        ("univ", "university"),
        ("assoc", "association"),
        ("mfg", "manufacturing"),
        ("govt", "government"),
        ("rest", "restaurant"),
    ];
    let full = SHORT.iter().find(|(short, _)| *short == word).map(|(_, full)| *full);
    match (full, bearer) {
        (Some(full), Bearer::Thing) => full.to_owned(),
        (Some(full), Bearer::Person) if full.starts_with("saint") => full.to_owned(),
        (None, Bearer::Thing) if word.len() >= 5 => american(word).to_owned(),
        _ => word.to_owned(),
    }
}

/// Whether a word tells no name from another: an article, an "and", a form of address.
pub(super) fn is_filler(word: &str, bearer: Bearer) -> bool {
    const GENERAL: [&str; 17] = [
        "the",
        "and",
        "und",
        "et",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "doctor",
        "herr",
        "frau",
        "mme",
        "sir",
        "prof",
        "professor",
        "herrn",
    ];
    const TITLES: [&str; 25] = [
        "med", "dent", "phil", "jur", "rer", "nat", "habil", "dipl", "ing", "mba", "phd", "esq", "md", "hon",
        "rev", "mlle", "monsieur", "madame", "senor", "senora", "sr", "sra", "sig", "dott", "mag",
    ];
    // `Sr.` before a name is a form of address in Spanish, behind it a generation; the latter must stay.
    let is_title = TITLES.contains(&word) && word != "sr";
    GENERAL.contains(&word) || bearer == Bearer::Person && is_title
}
