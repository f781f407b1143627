//! Contractions and titles, written out.

/// Words for words.
const WHOLE: [(&str, &str); 42] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("let's", "let us"),
    ("ain't", "aint"),
    ("y'all", "you all"),
    ("wanna", "want to"),
    ("kinda", "kind of"),
    ("sorta", "sort of"),
    ("dunno", "do not know"),
    ("gotta", "got to"),
    ("gonna", "going to"),
    ("i'ma", "i am going to"),
    ("imma", "i am going to"),
    ("woulda", "would have"),
    ("coulda", "could have"),
    ("shoulda", "should have"),
    ("cause", "because"),
    ("'cause", "because"),
    ("ma'am", "madam"),
    ("mr", "mister"),
    ("mrs", "missus"),
    ("st", "saint"),
    ("dr", "doctor"),
    ("prof", "professor"),
    ("capt", "captain"),
    ("gov", "governor"),
    ("ald", "alderman"),
    ("gen", "general"),
    ("sen", "senator"),
    ("rep", "representative"),
    ("pres", "president"),
    ("rev", "reverend"),
    ("hon", "honorable"),
    ("asst", "assistant"),
    ("assoc", "associate"),
    ("lt", "lieutenant"),
    ("col", "colonel"),
    ("jr", "junior"),
    ("sr", "senior"),
    ("esq", "esquire"),
    ("alright", "all right"),
];
const FILLERS: [&str; 6] = ["hmm", "mm", "mhm", "mmm", "uh", "um"];
const ENDINGS: [(&str, &str); 8] = [
    ("n't", " not"),
    ("'re", " are"),
    ("'s", " is"),
    ("'d", " would"),
    ("'ll", " will"),
    ("'t", " not"),
    ("'ve", " have"),
    ("'m", " am"),
];

/// The text, in lower case already, without contractions and fillers.
pub(super) fn written_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(|c: char| c.is_alphanumeric()).unwrap_or(rest.len());
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '\'')).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        let word = word.trim_end_matches('\'');
        push(word, next_word(tail), &mut out);
        rest = tail;
    }
    out
}

fn next_word(text: &str) -> &str {
    let text = text.trim_start_matches(' ');
    &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())]
}

fn push(word: &str, next: &str, out: &mut String) {
    if FILLERS.contains(&word) {
        return;
    }
    if let Some((_, long)) = WHOLE.iter().find(|(short, _)| *short == word) {
        out.push_str(long);
        return;
    }
    if let Some(stem) = word.strip_suffix("'d").filter(|_| matches!(next, "been" | "gone" | "done")) {
        out.push_str(stem);
        out.push_str(" had");
        return;
    }
    if let Some(stem) = word.strip_suffix("'s").filter(|_| matches!(next, "been" | "gone" | "got")) {
        out.push_str(stem);
        out.push_str(" has");
        return;
    }
    let ending = ENDINGS.iter().find_map(|(short, long)| Some((word.strip_suffix(short)?, long)));
    let (stem, long) = ending.unwrap_or((word, &""));
    out.push_str(stem);
    out.push_str(long);
}
