//! Words and signs that bound a number and do not state it: `> 200`, `up to 200`, `ab 200`, `200+`.

/// What bounds the number behind it.
const BEFORE: &[&str] = &[
    "more than",
    "less than",
    "fewer than",
    "greater than",
    "higher than",
    "lower than",
    "larger than",
    "smaller than",
    "at least",
    "at most",
    "above",
    "below",
    "under",
    "over",
    "exceeds",
    "exceeding",
    "beyond",
    "minimum of",
    "maximum of",
    "minimum",
    "maximum",
    "min",
    "max",
    "up to",
    "starting at",
    "starting from",
    "from",
    "until",
    "till",
    "as many as",
    "as few as",
    "half of",
    "half",
    "twice",
    "double",
    "triple",
    "a third of",
    "a quarter of",
    "a tenth of",
    "ref",
    "almost no",
    "mehr als",
    "weniger als",
    "mindestens",
    "höchstens",
    "maximal",
    "minimal",
    "ab",
    "bis",
    "bis zu",
    "unter",
    "über",
    "plus de",
    "moins de",
    "jusqu à",
    "jusqu a",
    "au moins",
    "au plus",
    "à partir de",
    "más de",
    "mas de",
    "menos de",
    "hasta",
    "desde",
    "al menos",
    "a partir de",
    "mais de",
    "até",
    "più di",
    "meno di",
    "fino a",
    "oltre",
    "almeno",
    "ponad",
    "powyżej",
    "poniżej",
    "co najmniej",
    "do",
    "od",
    "meer dan",
    "minder dan",
    "tot",
    "vanaf",
    "более",
    "менее",
    "свыше",
    "fra",
];

/// What bounds or changes the number before it.
const BEHIND: &[&str] = &[
    "max",
    "maximum",
    "at most",
    "at best",
    "at least",
    "plus",
    "or more",
    "or less",
    "or fewer",
    "or higher",
    "or lower",
    "and above",
    "and up",
    "and more",
    "and over",
    "and below",
    "upwards",
    "squared",
    "cubed",
    "oder mehr",
    "et plus",
    "y más",
    "lub więcej",
    "ou plus",
    "minimum",
];

/// The same in scripts that do not part words.
const JOINED: &[&str] =
    &["以上", "以下", "未満", "未满", "超过", "から", "まで", "以内", "至少", "最多", "이상", "이하"];

/// Whether the text before a number bounds it.
pub(crate) fn bounds_before(before: &str) -> bool {
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || "$€£¥₹₽.:(~=".contains(c));
    // The `>` of a tag bounds nothing.
    if let Some(lead) = before.strip_suffix(['<', '>', '≤', '≥', '≦', '≧', '＜', '＞']) {
        return !lead.ends_with(char::is_alphanumeric);
    }
    let before = before.replace(['\'', '’'], " ");
    BEFORE.iter().any(|bound| {
        before
            .strip_suffix(bound)
            .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
    })
}

/// Whether the text behind a number bounds it; units may stand between.
pub(crate) fn bounds_behind(after: &str, is_unit: impl Fn(&str) -> bool) -> bool {
    let after = after.trim_start();
    let signs = after.trim_start_matches(|c: char| c.is_whitespace() || "$€£¥₹₽%".contains(c));
    let plus = signs.strip_prefix('+');
    if plus.is_some_and(|rest| !rest.trim_start().starts_with(|c: char| c.is_ascii_digit())) {
        return true;
    }
    if JOINED.iter().any(|word| after.chars().take(8).collect::<String>().contains(word)) {
        return true;
    }
    let apart = |c: char| c.is_whitespace() || "$€£¥₹₽%.,".contains(c);
    let words: Vec<&str> = signs.split(apart).filter(|word| !word.is_empty()).take(4).collect();
    let own = words.iter().position(|word| !is_unit(word)).unwrap_or(words.len());
    // `64 times 2`
    if let [_, "times", factor, ..] | ["times", factor, ..] = words.as_slice()
        && factor.starts_with(|c: char| c.is_ascii_digit())
    {
        return true;
    }
    let behind = words[own..].join(" ");
    BEHIND
        .iter()
        .any(|bound| behind.strip_prefix(bound).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}
