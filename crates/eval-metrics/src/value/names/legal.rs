//! What stands beside the name of a firm and does not tell it from others: legal forms and registration numbers.

/// The legal form that a word stands for; two that say the same are one.
pub(super) fn legal_form(word: &str) -> Option<&'static str> {
    const FORMS: [(&str, &[&str]); 36] = [
        ("ltd", &["ltd", "limited"]),
        ("inc", &["inc", "incorporated"]),
        ("llc", &["llc"]),
        ("llp", &["llp"]),
        ("plc", &["plc"]),
        ("corp", &["corp", "corporation"]),
        ("co", &["co", "company"]),
        ("gmbh", &["gmbh", "mbh"]),
        ("ag", &["ag"]),
        ("kg", &["kg"]),
        ("ohg", &["ohg"]),
        ("ug", &["ug", "haftungsbeschrankt", "haftungsbeschraenkt"]),
        ("sacv", &["sadecv", "sapidecv", "sderldecv"]),
        ("jsc", &["jsc", "ojsc", "cjsc", "pjsc"]),
        ("ek", &["ek"]),
        ("ev", &["ev"]),
        ("sa", &["sa"]),
        ("sas", &["sas"]),
        ("sarl", &["sarl"]),
        ("sl", &["sl", "slu"]),
        ("srl", &["srl"]),
        ("spa", &["spa"]),
        ("bv", &["bv"]),
        ("nv", &["nv"]),
        ("oy", &["oy", "oyj"]),
        ("ab", &["ab"]),
        ("sb", &["sb", "sdn", "bhd", "berhad", "sendirian"]),
        ("pty", &["pty", "pte", "pvt", "private"]),
        ("lda", &["lda", "ltda"]),
        ("as", &["aps", "as", "a/s"]),
        ("kk", &["kk", "株式会社", "有限会社", "合同会社"]),
        ("cn", &["有限公司", "股份有限公司", "有限责任公司"]),
        ("ooo", &["ооо", "оао", "зао", "пао", "ао", "ип", "тов"]),
        ("sp", &["zoo", "spzoo", "oo", "spj"]),
        ("pt", &["pt", "tbk"]),
        ("kft", &["kft", "zrt", "doo", "sro"]),
    ];
    FORMS.iter().find(|(_, words)| words.contains(&word)).map(|(form, _)| *form)
}

/// Forms of several words as one: `Sp. z o.o.`, `S.A. de C.V.`
pub(super) fn join_forms(words: &mut Vec<String>) {
    const FORMS: [(&[&str], &str); 6] = [
        (&["sp", "z", "oo"], "spzoo"),
        (&["sp", "z", "o", "o"], "spzoo"),
        (&["sa", "de", "cv"], "sadecv"),
        (&["s", "a", "de", "c", "v"], "sadecv"),
        (&["sapi", "de", "cv"], "sapidecv"),
        (&["s", "de", "rl", "de", "cv"], "sderldecv"),
    ];
    let is_end = |form: &[&str], words: &[String]| {
        words.len() > form.len() && words[words.len() - form.len()..].iter().zip(form).all(|(a, b)| a == b)
    };
    if let Some((form, joined)) = FORMS.iter().find(|(form, _)| is_end(form, words)) {
        words.truncate(words.len() - form.len());
        words.push((*joined).to_owned());
    }
}

/// A name without the signs for a firm that are written without a blank: `株式会社山田`, `(주)한국`.
pub(super) fn without_joined_form(text: &str) -> (String, Option<&'static str>) {
    const FORMS: [(&str, &str); 9] = [
        ("株式会社", "kk"),
        ("有限会社", "kk"),
        ("合同会社", "kk"),
        ("(株)", "kk"),
        ("㈱", "kk"),
        ("股份有限公司", "cn"),
        ("有限公司", "cn"),
        ("주식회사", "kr"),
        ("(주)", "kr"),
    ];
    let text = text.trim();
    let found = FORMS.iter().find_map(|(sign, form)| {
        let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign))?.trim();
        (!rest.is_empty()).then(|| (rest.to_owned(), Some(*form)))
    });
    found.unwrap_or_else(|| (text.to_owned(), None))
}

/// A name without the domain of its site: `Saathimart.com`.
pub(super) fn without_domain(text: &str) -> (&str, Option<&'static str>) {
    const DOMAINS: [&str; 12] =
        [".com", ".net", ".org", ".co.uk", ".de", ".fr", ".it", ".es", ".eu", ".io", ".shop", ".ch"];
    let found = DOMAINS.iter().find_map(|domain| {
        let at = text.len().checked_sub(domain.len()).filter(|at| text.is_char_boundary(*at) && *at > 1)?;
        text[at..].eq_ignore_ascii_case(domain).then(|| (&text[..at], Some(*domain)))
    });
    found.unwrap_or((text, None))
}

/// A company's number behind its name: `(519537-X)`, `Reg. No. 201901`, `#1234`; the name must remain.
pub(super) fn without_registration(text: &str) -> (String, Option<String>) {
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).count();
    if let Some(open) = text.find('(')
        && let Some(length) = text[open..].find(')')
    {
        let inside = &text[open + 1..open + length];
        if digits(inside) >= 4 && open > 0 {
            let rest = format!("{}{}", &text[..open], &text[open + length + 1..]);
            return (rest, Some(alphanumeric(inside)));
        }
    }
    const CUES: [&str; 13] = [
        " reg no",
        " reg. no",
        " registration",
        " company no",
        " co. no",
        " co no",
        " co. reg",
        " gst",
        " vat",
        " tax id",
        " ust-id",
        " uid",
        " roc",
    ];
    for cue in CUES {
        if let Some(at) = text.find(cue).filter(|at| *at > 0 && digits(&text[*at..]) >= 3) {
            return (text[..at].to_owned(), Some(text[at..].chars().filter(char::is_ascii_digit).collect()));
        }
    }
    // A long number at the end.
    let trimmed = text.trim_end();
    if let Some(at) = trimmed.rfind(' ').filter(|at| *at > 0 && digits(&trimmed[*at..]) >= 6) {
        return (trimmed[..at].trim_end_matches(['-', ' ']).to_owned(), Some(alphanumeric(&trimmed[at..])));
    }
    (text.to_owned(), None)
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// `s.a.r.l.` and `s/b` as one word.
pub(super) fn abbreviated(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let single = |at: usize| {
        letters.get(at).is_some_and(|c| c.is_alphabetic())
            && !at.checked_sub(1).and_then(|before| letters.get(before)).is_some_and(|c| c.is_alphanumeric())
            && !letters.get(at + 1).is_some_and(|c| c.is_alphanumeric())
    };
    let mut out = String::with_capacity(text.len());
    for (at, &c) in letters.iter().enumerate() {
        let joins = (c == '.' || c == '/') && at > 0 && single(at - 1) && single(at + 1);
        if !joins {
            out.push(c);
        }
    }
    out
}
