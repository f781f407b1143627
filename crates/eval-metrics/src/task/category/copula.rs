//! Answers that only say that it is a name: `It's Germany.`, `C'est la France.`, `日本です。`.

use crate::value::fold::narrow;

/// A longer text is a sentence of its own.
const LONGEST: usize = 200;

/// What announces the answer.
const ANNOUNCES: &[&str] = &[
    "the answer is ",
    "answer: ",
    "die antwort ist ",
    "die antwort lautet ",
    "antwort: ",
    "la réponse est ",
    "réponse : ",
    "réponse: ",
    "la respuesta es ",
    "respuesta: ",
    "la risposta è ",
    "risposta: ",
    "a resposta é ",
    "resposta: ",
    "het antwoord is ",
    "antwoord: ",
    "svaret är ",
    "svaret er ",
    "svar: ",
    "odpowiedź to ",
    "odpowiedź: ",
    "odpověď: ",
    "ответ - ",
    "ответ: ",
    "ответ ",
    "відповідь: ",
    "cevap: ",
    "cevabı ",
    "jawabannya adalah ",
    "jawaban: ",
    "đáp án là ",
    "câu trả lời là ",
    "الإجابة هي ",
    "الإجابة: ",
    "الجواب هو ",
    "الجواب: ",
    "התשובה היא ",
    "תשובה: ",
    "उत्तर है ",
    "उत्तर: ",
    "उत्तर ",
    "η απάντηση είναι ",
    "答案是",
    "答案:",
    "答案为",
    "回答是",
    "答えは",
    "回答は",
    "正解は",
    "정답은 ",
    "답은 ",
    "정답: ",
    "คำตอบคือ",
    "vastaus on ",
    "a válasz: ",
    "răspunsul este ",
];

/// `It is`, in the languages of the world.
const IS: &[&str] = &[
    "it's ",
    "that's ",
    "this is ",
    "that is ",
    "it is ",
    "that would be ",
    "it would be ",
    "they're ",
    "they are ",
    "these are ",
    "those are ",
    "it was ",
    "that was ",
    "es ist ",
    "das ist ",
    "dies ist ",
    "es sind ",
    "das sind ",
    "es handelt sich um ",
    "es war ",
    "c'est ",
    "ce sont ",
    "c'était ",
    "il s'agit de ",
    "il s'agit d'",
    "es ",
    "son ",
    "se trata de ",
    "fue ",
    "è ",
    "e' ",
    "sono ",
    "si tratta di ",
    "si tratta del",
    "é ",
    "são ",
    "trata-se de ",
    "het is ",
    "dat is ",
    "dit is ",
    "det är ",
    "det er ",
    "se on ",
    "to jest ",
    "to ",
    "je to ",
    "jsou to ",
    "это ",
    "це ",
    "това е ",
    "to je ",
    "este ",
    "ez ",
    "bu ",
    "ini adalah ",
    "ini ",
    "itu adalah ",
    "itu ",
    "adalah ",
    "đó là ",
    "đây là ",
    "là ",
    "إنها ",
    "إنه ",
    "هذه ",
    "هذا ",
    "هي ",
    "هو ",
    "זו ",
    "זה ",
    "זהו ",
    "यह ",
    "ये ",
    "वह ",
    "είναι ",
    "这是",
    "這是",
    "那是",
    "它是",
    "是",
    "これは",
    "それは",
    "あれは",
    "นี่คือ",
    "คือ",
    "เป็น",
    "이것은 ",
    "그것은 ",
];

/// Articles that a name may have or not.
const ARTICLES: &[&str] = &[
    "the ", "la ", "le ", "les ", "l'", "el ", "los ", "las ", "il ", "lo ", "gli ", "i ", "o ", "a ", "os ",
    "as ", "der ", "die ", "das ", "den ", "de ", "het ", "du ", "des ", "d'", "dell'", "η ", "ο ", "το ",
    "οι ", "τα ", "ال",
];

/// `is`, behind the name.
const ENDS: &[&str] = &[
    "でございます",
    "でした",
    "である",
    "です",
    "だ",
    "입니다",
    "이었습니다",
    "이에요",
    "예요",
    "이다",
    "ครับ",
    "ค่ะ",
    "คะ",
    " है",
    " हैं",
    "'dir",
    "'dır",
    "'dur",
    "'dür",
    "'tir",
    "'tır",
    "'tur",
    "'tür",
];

/// The name in lower case, in every form that is left of the text; nothing where the text says more or only the name.
pub(super) fn named(text: &str) -> Vec<String> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let plain = narrow(text).to_lowercase();
    let whole = plain.trim().trim_end_matches(['.', '!', ' ']);
    let announced = without_lead(whole, ANNOUNCES).unwrap_or(whole);
    let stated = without_lead(announced, IS).unwrap_or(announced);
    let mut forms = vec![announced, stated];
    forms.extend(ENDS.iter().filter_map(|end| stated.strip_suffix(end)));
    let bare: Vec<&str> = forms.iter().filter_map(|form| without_lead(form.trim(), ARTICLES)).collect();
    forms.extend(bare);
    forms
        .into_iter()
        .map(str::trim)
        .filter(|form| !form.is_empty() && *form != whole)
        .map(str::to_owned)
        .collect()
}

fn without_lead<'a>(text: &'a str, leads: &[&str]) -> Option<&'a str> {
    // `To be approved` is no Polish.
    let rest = leads.iter().find_map(|lead| text.strip_prefix(lead)).map(str::trim_start);
    rest.filter(|rest| !rest.starts_with("be "))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn what_only_says_that_it_is_a_name_names_it() {
        for (text, name) in [
            ("It's Germany.", "germany"),
            ("C'est la France.", "france"),
            ("L’Italia", "italia"),
            ("答案是中国。", "中国"),
            ("それは日本です。", "日本"),
            ("한국입니다", "한국"),
        ] {
            assert!(named(text).iter().any(|form| form == name), "{text}");
        }
        for (text, other) in [("It's not Germany.", "germany"), ("E class", "class"), ("Nadir", "na")] {
            assert!(!named(text).iter().any(|form| form == other), "{text}");
        }
    }
}
