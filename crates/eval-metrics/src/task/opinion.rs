//! Yes or no.

mod contrary;
mod negative;
mod supposed;

use super::category::words;
use super::claims::{denies, plainly, segments};
use super::refusal::declines;
pub(super) use contrary::{contradicts_itself, denies_the_opposite, names_the_contrary, tells_otherwise};
pub(super) use negative::to_a_denial;
pub(super) use supposed::{is_supposed, supposed_answer};

/// A yes or a no in an answer.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    if declines(text) || leaves_open(text) {
        return None;
    }
    let plain = plainly(text);
    // `Without a doubt.` says nothing else.
    if !plain.contains(char::is_alphanumeric) && text.contains(char::is_alphanumeric) {
        return Some(true);
    }
    segments(&plain).into_iter().find_map(|segment| {
        let clauses: Vec<Vec<String>> =
            segment.into_iter().map(words).filter(|clause| !clause.is_empty()).collect();
        let clauses = without_courtesy(clauses);
        // `At first no, but on closer look yes.`
        if let Some(corrected) = clauses.iter().find_map(|clause| correction(clause)) {
            return Some(corrected);
        }
        // What comes first is the answer; what follows explains it.
        let interjection = clauses.iter().find_map(|clause| interjection(clause));
        interjection.or_else(|| clauses.iter().find_map(|clause| statement(clause)))
    })
}

/// The clauses without a yes to the request itself: `Yes, I can see the image, but it is not raining.`
fn without_courtesy(clauses: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let is_courtesy = match clauses.as_slice() {
        [first, second, _, ..] => {
            first.len() == 1
                && YES.contains(&first[0].as_str())
                && matches!(
                    (second[0].as_str(), second.get(1).map(String::as_str)),
                    ("i", Some("can" | "see" | "will"))
                )
        }
        _ => false,
    };
    if is_courtesy { clauses.into_iter().skip(2).collect() } else { clauses }
}

/// `true or false?`, `why not`: nothing is said.
fn leaves_open(text: &str) -> bool {
    let given = words(text);
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let text = text.trim().to_lowercase();
    let counts = ["no", "not"].iter().any(|no| {
        let rest = text.strip_prefix(no).unwrap_or_default().trim_start();
        ["less than", "fewer than", "more than"].iter().any(|bound| rest.starts_with(bound))
    });
    let numbered =
        text.strip_prefix("no. ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let depends = given.first().is_some_and(|first| matches!(*first, "yes" | "no"))
        && given.get(1) == Some(&"if")
        && given.contains(&"otherwise");
    counts
        || numbered
        || depends
        || matches!(
            given.as_slice(),
            ["true", "or", "false"] | ["why", "not"] | ["not", "impossible"] | ["false", "alarm", ..]
        )
}

/// A yes in the main languages, folded.
const YES: &[&str] = &[
    "yes",
    "yep",
    "yeah",
    "yup",
    "aye",
    "indeed",
    "affirmative",
    "y",
    "t",
    "sure",
    "ja",
    "jawohl",
    "doch",
    "oui",
    "si",
    "sim",
    "tak",
    "ano",
    "da",
    "да",
    "так",
    "ναι",
    "evet",
    "igen",
    "kylla",
    "ya",
    "はい",
    "ええ",
    "そうです",
    "是",
    "是的",
    "对",
    "네",
    "예",
    "對",
    "対",
    "对的",
    "對的",
    "有",
    "そう",
    "نعم",
    "اجل",
    "بلي",
    "بله",
    "ہاں",
    "हाँ",
    "हां",
    "হ্যাঁ",
    "ஆம்",
    "అవును",
    "ഉവ്വ്",
    "כן",
    "ใช่",
    "vang",
    "co",
    "jah",
    "ja",
    "taip",
    "tak",
    "ndiyo",
    "oo",
];
/// A no in the main languages, folded.
const NO: &[&str] = &[
    "falsch",
    "faux",
    "falso",
    "nope",
    "nah",
    "nay",
    "n",
    "f",
    "nein",
    "non",
    "nao",
    "nie",
    "ne",
    "nej",
    "nee",
    "nei",
    "нет",
    "ні",
    "οχι",
    "hayir",
    "nem",
    "ei",
    "tidak",
    "いいえ",
    "いえ",
    "不",
    "不是",
    "否",
    "아니요",
    "아니오",
    "아니",
    "没有",
    "沒有",
    "不对",
    "違います",
    "ちがいます",
    "لا",
    "كلا",
    "نه",
    "خير",
    "نہيں",
    "नहीं",
    "না",
    "இல்லை",
    "కాదు",
    "לא",
    "ไม่",
    "ไม่ใช่",
    "ไม่ครับ",
    "ไม่ค่ะ",
    "khong",
    "όχι",
    "hapana",
    "bukan",
    "ikke",
    "hindi",
];

/// `Yes/No`, `oui ou non`: both, and nothing else.
pub(super) fn says_both(text: &str) -> bool {
    // `Yes? No.` asks and answers.
    if text.len() > 60 || text.trim_end_matches('.').contains(['?', '.', '!']) {
        return false;
    }
    let given = words(&text.replace('/', " "));
    let yes = |word: &String| YES.contains(&word.as_str());
    let no = |word: &String| word == "no" || NO.contains(&word.as_str());
    let joint = |word: &String| {
        matches!(word.as_str(), "or" | "either" | "and" | "ou" | "oder" | "o" | "et" | "und" | "y" | "e")
    };
    given.iter().any(yes)
        && given.iter().any(no)
        && given.iter().all(|word| yes(word) || no(word) || joint(word))
}

/// Words before an answer: `So the answer is yes`.
const LEADS: [&str; 13] =
    ["जी", "so", "well", "the", "answer", "is", "i", "would", "say", "it", "there", "hence", "therefore"];

/// A yes or no that stands for itself.
fn interjection(clause: &[String]) -> Option<bool> {
    let word = |at: usize| clause.get(at).map_or("", String::as_str);
    let first = clause.iter().position(|word| !LEADS.contains(&word.as_str()))?;
    let opinion = match word(first) {
        // `N is larger` names something.
        word if word.len() == 1 && clause.len() > first + 1 => None,
        // `Yes is wrong.`, `Sure not.`
        "yes" | "sure" | "true" if refutes(&clause[first + 1..]) => Some(false),
        // `No. 5` names something, and a false alarm denies no more than an alarm.
        "no" | "false"
            if word(first + 1) == "alarm" || word(first + 1).starts_with(|c: char| c.is_ascii_digit()) =>
        {
            None
        }
        word if YES.contains(&word) => Some(true),
        word if NO.contains(&word) => Some(false),
        // `no change` counts something; `no` alone is an answer.
        "no" if clause.len() == first + 1
            || matches!(
                word(first + 1),
                "it" | "they" | "the" | "this" | "that" | "there" | "he" | "she" | "not"
            ) =>
        {
            Some(false)
        }
        "true" | "correct" | "right" if clause.len() == first + 1 => Some(true),
        "false" | "incorrect" | "wrong" | "negative" if clause.len() == first + 1 => Some(false),
        "not" if matches!(word(first + 1), "false" | "wrong" | "incorrect") => Some(true),
        "absolutely" | "certainly" | "definitely" | "clearly" | "surely" | "of"
            if clause.len() <= first + 2 && !clause.iter().any(|word| word == "not") =>
        {
            Some(true)
        }
        "absolutely" | "certainly" | "definitely" | "not" | "clearly"
            if clause.last().is_some_and(|word| word == "not")
                || (word(first) == "not"
                    && clause.len() <= 3
                    && !matches!(word(first + 1), "sure" | "certain" | "clear")) =>
        {
            Some(false)
        }
        _ => None,
    };
    // `yes and no` is neither.
    opinion.filter(|_| !(word(first + 1) == "and" && matches!(word(first + 2), "no" | "yes")))
}

/// `but yes`, `but on closer look no`.
fn correction(clause: &[String]) -> Option<bool> {
    let (first, rest) = clause.split_first()?;
    match (first.as_str(), rest.last()?.as_str()) {
        ("but", "yes") => Some(true),
        ("but", "no") => Some(false),
        _ => None,
    }
}

/// Whether what follows a yes takes it back.
fn refutes(rest: &[String]) -> bool {
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    matches!(
        rest.as_slice(),
        ["not"] | ["is" | "would", "wrong" | "incorrect" | "false"] | ["would", "be", "wrong" | "incorrect"]
    )
}

/// Whether a sentence affirms or denies.
fn statement(clause: &[String]) -> Option<bool> {
    let unsure =
        ["unclear", "unknown", "unsure", "determine", "determined", "tell", "whether", "idea", "clue"];
    // `I know that it is` says so, `I do not know` does not.
    let knows = clause.iter().any(|word| matches!(word.as_str(), "know" | "sure"));
    let not_clear = clause
        .windows(2)
        .any(|pair| pair[0] == "not" && matches!(pair[1].as_str(), "clear" | "certain" | "enough"));
    let asks = knows && clause.iter().any(|word| denies(word) || word == "if");
    if asks || not_clear || clause.iter().any(|word| unsure.contains(&word.as_str())) {
        return None;
    }
    let denies = |word: &&String| denies(word) || *word == "nobody";
    // `It would be wrong to say yes.`
    let is_refuted = clause.windows(3).any(|three| {
        matches!(three[0].as_str(), "wrong" | "incorrect" | "false" | "untrue" | "mistake")
            && three[1] == "to"
            && matches!(three[2].as_str(), "say" | "claim" | "answer" | "state" | "conclude")
    });
    let denied = (clause.iter().filter(denies).count() + usize::from(is_refuted)) % 2 == 1;
    // `I believe so.`
    let thinks = |word: &String| matches!(word.as_str(), "think" | "believe" | "guess" | "seems" | "suppose");
    if clause.last().is_some_and(|word| word == "so") && clause.iter().any(thinks) {
        return Some(!denied);
    }
    let opinion = clause.iter().find_map(|word| match word.as_str() {
        "yes" | "true" | "correct" => Some(true),
        "false" | "incorrect" | "untrue" if !is_refuted => Some(false),
        _ => None,
    });
    let verb = |word: &String| {
        matches!(
            word.as_str(),
            "is" | "are"
                | "was"
                | "were"
                | "does"
                | "do"
                | "did"
                | "has"
                | "have"
                | "had"
                | "can"
                | "will"
                | "would"
        )
    };
    match opinion {
        Some(opinion) => Some(opinion != denied),
        None if denied => Some(false),
        // `It does.`, `It is higher.`
        None => (clause.len() <= 12 && clause.iter().any(verb)).then_some(true),
    }
}
