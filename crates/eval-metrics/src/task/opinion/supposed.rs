//! Answers that are only supposed: `probably yes`, `I think so`, `wahrscheinlich nicht`.

use super::super::category::words;
use super::super::claims::{denies, plainly};
use super::{NO, YES, yes_or_no};

/// A longer text is a reasoning.
const LONGEST: usize = 200;

/// Words that suppose wherever they stand.
const SUPPOSES: &[&str] = &["perhaps", "maybe", "possibly", "might"];

/// Words that suppose an answer of a few words, folded.
const SUPPOSES_BRIEFLY: &[&str] = &[
    "probably",
    "likely",
    "unlikely",
    "presumably",
    "apparently",
    "seemingly",
    "supposedly",
    "think",
    "believe",
    "guess",
    "suppose",
    "assume",
    "reckon",
    "suspect",
    "seems",
    "appears",
    "doubt",
    "doubtful",
    "wahrscheinlich",
    "vielleicht",
    "vermutlich",
    "eventuell",
    "moglicherweise",
    "unwahrscheinlich",
    "glaube",
    "denke",
    "vermute",
    "probablement",
    "possible",
    "crois",
    "pense",
    "suppose",
    "probablemente",
    "quiza",
    "quizas",
    "posiblemente",
    "creo",
    "supongo",
    "probabilmente",
    "forse",
    "credo",
    "penso",
    "suppongo",
    "provavelmente",
    "talvez",
    "acho",
    "waarschijnlijk",
    "misschien",
    "denk",
    "wellicht",
    "prawdopodobnie",
    "chyba",
    "moze",
    "pravdepodobne",
    "troligen",
    "kanske",
    "tror",
    "sannolikt",
    "maske",
    "sandsynligvis",
    "наверное",
    "наверно",
    "вероятно",
    "возможно",
    "кажется",
    "думаю",
    "скорее",
    "пожалуй",
    "полагаю",
    "мабуть",
    "можливо",
    "ймовірно",
    "belki",
    "muhtemelen",
    "sanirim",
    "galiba",
    "mungkin",
    "barangkali",
    "sepertinya",
    "ربما",
    "اظن",
    "اعتقد",
    "محتمل",
    "غالبا",
    "אולי",
    "כנראה",
    "शायद",
    "संभवतः",
    "อาจจะ",
    "น่าจะ",
    "บางที",
    "ισως",
    "μαλλον",
    "πιθανον",
    "talan",
    "valoszinuleg",
    "poate",
    "probabil",
    "ehka",
    "varmaan",
    "아마",
    "아마도",
];

/// The same in several words.
const PHRASES: &[&str] = &["peut-être", "sans doute", "tal vez", "a lo mejor"];

/// The same in scripts that do not part words.
const JOINED: &[&str] = &[
    "可能",
    "也许",
    "或许",
    "大概",
    "應該",
    "应该",
    "たぶん",
    "多分",
    "おそらく",
    "恐らく",
    "かもしれ",
    "でしょう",
    "と思",
    "것 같",
];

/// Whether a statement is only supposed: `Perhaps it is signed`, and of a few words also `probably yes`.
pub(in crate::task) fn is_supposed(text: &str) -> bool {
    let said = if text.len() <= LONGEST { words(&plainly(text)) } else { Vec::new() };
    let is = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    let asks_back = text.trim_end().ends_with('?') && !text.contains(['.', '!', ',']);
    asks_back || is(SUPPOSES) && !is(&["yes", "no", "definitely"])
}

/// Whether an answer of a few words supposes, and whether it supposes a yes.
pub(in crate::task) fn supposed_answer(text: &str, question: &str) -> Option<Option<bool>> {
    const MOST: usize = 6;
    if text.len() > LONGEST {
        return None;
    }
    let (plain, asked) = (plainly(text), words(&plainly(question)));
    let said = words(&plain);
    // `Is it likely to rain?` is answered by `Yes, likely.`
    if said.iter().any(|word| SUPPOSES_BRIEFLY.contains(&word.as_str()) && asked.contains(word)) {
        return None;
    }
    let joined = JOINED.iter().any(|word| text.contains(word)) && text.chars().count() <= 12;
    let has = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    let has_phrase = PHRASES.iter().any(|phrase| plain.contains(phrase));
    let is_sure = has(&["definitely", "certainly", "sure", "know", "clearly"]);
    if is_sure || !joined && (said.len() > MOST || !(has(SUPPOSES) || has(SUPPOSES_BRIEFLY) || has_phrase)) {
        return None;
    }
    let is_said = |list: &[&str]| list.iter().any(|word| said.iter().any(|it| it == word));
    let no = is_said(NO) || has(&["no"]) || said.iter().any(|word| denies(word));
    let doubts = has(&["unlikely", "doubt", "doubtful", "unwahrscheinlich"]);
    let yes = is_said(YES) || has(&["so", "true", "correct"]);
    let yes_joined = joined
        && (text.contains('是') || text.contains("はい") || text.contains("そう") || text.contains("有"));
    let no_joined = joined
        && (text.contains('不') || text.contains("いいえ") || text.contains("ない") || text.contains("没"));
    let is_bare = said.iter().all(|word| {
        SUPPOSES_BRIEFLY.contains(&word.as_str())
            || matches!(word.as_str(), "very" | "most" | "quite" | "i" | "it" | "would" | "d" | "etre")
    });
    match (no || no_joined || doubts, yes || yes_joined || is_bare) {
        (true, _) => Some(Some(doubts && no && has(&["not"]))),
        (false, true) => Some(Some(true)),
        (false, false) => yes_or_no(text).map(Some),
    }
}
