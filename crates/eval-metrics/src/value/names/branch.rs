//! The number and kind of a branch behind the name of a shop.

/// A name before `#1234`, if it says more than that it is a store.
pub(super) fn without_branch(text: &str) -> Option<&str> {
    let marked = text.find('#').filter(|at| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    // `Walmart Store 2041`
    let worded = || {
        let at = text.trim_end().rfind(' ')?;
        let number = text[at..].trim();
        let is_number = number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && without_kind(&text[..at]) != text[..at].trim()).then_some(at)
    };
    let name = text[..marked.or_else(worded)?].trim();
    let general = ["store", "shop", "branch", "no", "unit", "location"];
    (!name.is_empty() && !general.contains(&name.to_lowercase().as_str())).then_some(name)
}

/// A name without the word for a branch that ends it: `Walmart Supercenter`.
pub(super) fn without_kind(text: &str) -> &str {
    let Some((name, kind)) = text.trim().rsplit_once(' ') else { return text.trim() };
    let kinds = ["store", "supercenter", "restaurant", "branch", "station", "filiale", "outlet"];
    if kinds.contains(&kind.to_lowercase().as_str()) { name.trim() } else { text.trim() }
}

/// Whether a word says what kind of business it is and not which.
pub(super) fn is_general(word: &str) -> bool {
    const WORDS: [&str; 41] = [
        "coffee",
        "cafe",
        "services",
        "service",
        "station",
        "supermarket",
        "supermarkt",
        "supermarche",
        "super",
        "restaurant",
        "ristorante",
        "pizzeria",
        "store",
        "stores",
        "shop",
        "market",
        "markt",
        "bar",
        "deli",
        "bakery",
        "grill",
        "group",
        "holding",
        "holdings",
        "international",
        "dienstleistung",
        "filiale",
        "retail",
        "express",
        "outlet",
        "hypermarket",
        "supercenter",
        "online",
        "company",
        "branch",
        "usa",
        "uk",
        "deutschland",
        "germany",
        "france",
        "america",
    ];
    WORDS.contains(&word)
}
