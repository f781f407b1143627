//! Answers in other languages than English, as far as the reader of numbers must understand them: what is denied, and
//! numbers in words.

use crate::value::halves::with_plain_halves;
use crate::value::numerals::with_plain_numerals;
use crate::value::spoken;
use crate::value::tongues;

/// What denies the number before it; it ends a clause.
const DENIES_BEFORE: &[&str] = &[
    "ではなかった",
    "ではありません",
    "ではない",
    "ではなく",
    "じゃありません",
    "じゃない",
    "じゃなく",
    "でない",
    "이 아니라",
    "가 아니라",
    "이 아닙니다",
    "가 아닙니다",
    "이 아니다",
    "가 아니다",
    "이 아니에요",
    "은 아닙니다",
    "는 아닙니다",
    "이 아니고",
    "개가 아니",
    "değil",
    "नहीं",
];

/// What denies the number behind it.
const DENIES_BEHIND: &[&str] = &[
    "不是",
    "并非",
    "並非",
    "並不是",
    "没有",
    "沒有",
    "ไม่ใช่",
    "không phải",
    "لا يوجد",
    "ليسوا",
    "ليست",
    "ليس",
];

/// Words that deny a number right behind them, and are other words elsewhere.
const SHORT: &[&str] =
    &["non", "ei", "ne", "není", "nejsou", "tidak", "bukan", "không", "لا", "όχι", "nu", "ni"];

/// A text in lower case, with its denials in English and its numbers in digits.
pub(super) fn in_english(text: &str) -> String {
    let text = with_plain_numerals(text);
    let mut text = if text.is_ascii() { text } else { with_plain_denials(&text) };
    if !has_digits(&text) && !has_digits(&spoken::in_digits(&text)) || starts_abroad(&text) {
        text = tongues::in_digits(&text);
    }
    if text.contains("einhalb") {
        text = text.replace("einhalb", " einhalb").replace("  einhalb", " einhalb");
        text = tongues::in_digits(&text);
    }
    with_short_denials(with_plain_halves(&text))
}

fn has_digits(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a text has no digits and begins with a number of several words, of which English knows the last alone:
/// `quatre-vingt-six`.
fn starts_abroad(text: &str) -> bool {
    !has_digits(text) && !spoken::in_digits(text).starts_with(|c: char| c.is_ascii_digit()) && {
        tongues::in_digits(text).starts_with(|c: char| c.is_ascii_digit())
    }
}

fn with_plain_denials(text: &str) -> String {
    let mut text = text.to_owned();
    for words in DENIES_BEFORE {
        if text.contains(*words) {
            text = text.replace(words, " is wrong ; ");
        }
    }
    text = text.replace("而是", " ; ");
    for words in DENIES_BEHIND {
        if text.contains(*words) {
            text = text.replace(words, " not ");
        }
    }
    text
}

fn with_short_denials(text: String) -> String {
    let parts: Vec<&str> = text.split(' ').collect();
    let is_number =
        |at: usize| parts.get(at).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    let denies = |at: usize| SHORT.contains(&parts[at]) && is_number(at + 1);
    if !(0..parts.len()).any(denies) {
        return text;
    }
    (0..parts.len()).map(|at| if denies(at) { "not" } else { parts[at] }).collect::<Vec<_>>().join(" ")
}

/// Words between two numbers that offer the second in place of the first, or up to which the first may go.
pub(super) fn is_to_or_or(joint: &str) -> bool {
    const JOINTS: &[&str] = &[
        "à",
        "a",
        "al",
        "do",
        "tot",
        "til",
        "till",
        "hasta",
        "até",
        "fino a",
        "jusqu'à",
        "до",
        "по",
        "sampai",
        "hingga",
        "đến",
        "tới",
        "ถึง",
        "से",
        "から",
        "到",
        "至",
        "乃至",
        "에서",
        "부터",
        "إلى",
        "الى",
        "حتى",
        "עד",
        "έως",
        "până la",
        "și",
        "o",
        "u",
        "ou",
        "oder",
        "oppure",
        "lub",
        "albo",
        "nebo",
        "eller",
        "или",
        "або",
        "чи",
        "veya",
        "ya da",
        "atau",
        "hoặc",
        "หรือ",
        "या",
        "または",
        "か",
        "或",
        "或者",
        "还是",
        "또는",
        "أو",
        "או",
        "ή",
        "sau",
        "vagy",
        "tai",
        "-ig",
    ];
    // `3人から5人`
    let counted = |c: char| "個个人名只匹枚本%명개살".contains(c);
    JOINTS.contains(&joint.trim_start_matches(counted)) || JOINTS.contains(&joint)
}

/// Whether the text before a number and what stands behind it are `between` and `and`.
pub(super) fn is_between(before: &str, joint: &str) -> bool {
    const BETWEEN: &[&str] = &[
        "between",
        "entre",
        "zwischen",
        "между",
        "між",
        "tra",
        "fra",
        "tussen",
        "mellan",
        "mellem",
        "między",
        "mezi",
        "بين",
        "בין",
    ];
    const AND: &[&str] = &["and", "et", "und", "y", "e", "и", "і", "en", "och", "og", "a", "و", "i"];
    let last = before.trim_end().rsplit([' ', '\n']).next().unwrap_or_default();
    BETWEEN.contains(&last) && AND.contains(&joint)
}
