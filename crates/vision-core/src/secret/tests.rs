use proptest::prelude::*;

use super::Secret;
use super::search::Search;

#[track_caller]
fn check(key: &str, text: &str, clean: &str) {
    assert_eq!(Secret::new(key).scrub(text), clean);
}

#[test]
fn prints_stars() {
    assert_eq!(format!("{:?}", Secret::new("sk-abc")), "***");
}

#[test]
fn drops_the_newline_of_a_copied_key() {
    assert_eq!(Secret::new(" sk-abc\n").expose(), "sk-abc");
}

#[test]
fn stars_the_whole_key() {
    check("sk-abcdefghij", "bad key sk-abcdefghij.", "bad key ***.");
}

#[test]
fn stars_a_key_that_lost_its_ends() {
    check("sk-abcdefghijklm", "bad key abcdefghij…", "bad key ***…");
}

#[test]
fn keeps_short_chance_matches() {
    check("sk-abcdefghij", "the sk-abc prefix", "the sk-abc prefix");
}

#[test]
fn stars_even_a_very_short_key() {
    check("k1", "your key k1 is bad", "your key *** is bad");
}

#[test]
fn stars_any_eight_characters_wherever_they_are_cut() {
    let key = "ab-Cd3fGh1jKlMnOpQr";
    for start in 0..=key.len() - 8 {
        check(key, &format!("<{}>", &key[start..start + 8]), "<***>");
    }
}

#[test]
fn a_key_that_repeats_itself_leaves_nothing() {
    check("ababababab", "xabababababababy", "x***y");
    check("aaaaaaaaab", "aaaaaaaaaaaaab", "***");
}

#[test]
fn stars_the_whole_key_in_base64_whatever_stands_before() {
    // Made with `base64`.
    check("sk-abcdefghij>?~~~", "[c2stYWJjZGVmZ2hpaj4/fn5+]", "[***]");
    check("sk-abcdefghij>?~~~", "[c2stYWJjZGVmZ2hpaj4_fn5-]", "[***]");
    check("sk-abcdefghij>?~~~", "[eHNrLWFiY2RlZmdoaWo+P35+fnk=]", "[e***k=]");
    check("sk-abcdefghij>?~~~", "[Onhzay1hYmNkZWZnaGlqPj9+fn46]", "[On***6]");
    check("sk-abc", "c2stYWJj", "c2stYWJj");
}

#[test]
fn an_empty_key_changes_nothing() {
    check("", "text", "text");
}

#[test]
fn stars_a_key_however_it_is_spelled() {
    let key = r#"a"b\c/d<e>f&g'h+i=j"#;
    for spelled in [
        r#"a"b\c/d<e>f&g'h+i=j"#,
        r#"a\"b\\c/d<e>f&g'h+i=j"#,
        r#"a\"b\\c\/d\u003ce\u003Ef\u0026g'h+i=j"#,
        "a&quot;b\\c/d&lt;e&gt;f&amp;g&#39;h+i=j",
        "a%22b%5Cc%2Fd%3Ce%3Ef%26g%27h%2bi%3dj",
    ] {
        check(key, &format!("<{spelled}>"), "<***>");
    }
    check(key, r#"{"a": "b\\c", "d": "e"}"#, r#"{"a": "b\\c", "d": "e"}"#);
    check(r"1\\2\\3\\", r"so: 1\\2\\3\\", "so: ***");
}

#[test]
fn letters_that_need_no_escape_are_found_escaped_all_the_same() {
    for spelled in [
        r"\u0073\u006b\u002d\u0061\u0062\u0063\u0064\u0065\u0066\u0067",
        "%73%6b%2d%61%62%63%64%65%66%67",
        "&#115;&#107;&#45;&#97;&#x62;&#x63;defg",
        r"sk-a\u0062cdefg",
    ] {
        check("sk-abcdefg", &format!("<{spelled}>"), "<***>");
    }
}

#[test]
fn invisible_letters_between_those_of_a_key_do_not_hide_it() {
    check("sk-abcdefg", "<s\0k\0-\0a\0b\0c\0d\0e\0f\0g\0>", "<***\0>");
    check("sk-abcdefg", r"<s\u0000k\u0000-ab\u200bcdefg>", "<***>");
    check("sk-abcdefg", "<sk-\u{200b}abc\u{feff}defg>", "<***>");
}

#[test]
fn a_key_that_a_host_has_rewritten_is_starred() {
    let key = "sk-Qz7Wv3Xk9Jp2Ry6T";
    let hex: Vec<String> = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    let each = |mark: &str| hex.iter().map(|code| format!("{mark}{code}")).collect::<String>();
    let apart = |mark: &str| key.chars().map(String::from).collect::<Vec<_>>().join(mark);
    for rewritten in [
        key.to_uppercase(),
        key.to_lowercase(),
        key.chars().rev().collect(),
        apart("-"),
        apart(" "),
        apart("\n"),
        apart(r"\n"),
        apart("_"),
        apart(", "),
        "sk-Qz7 Wv3X k9Jp 2Ry6 T".to_owned(),
        hex.concat(),
        hex.concat().to_uppercase(),
        hex.join(" "),
        hex.join(":"),
        each("0x"),
        each(r"\x"),
        each("%"),
        each("%").to_uppercase(),
        // `sk-Qz7Wv3Xk9Jp2Ry6T` in Base64.
        "c2stUXo3V3YzWGs5SnAyUnk2VA==".to_owned(),
        "c2stUXo3V3YzWGs5\nSnAyUnk2VA==".to_owned(),
    ] {
        check(key, &format!("<{rewritten}>"), "<***>");
    }
}

#[test]
fn no_letter_of_base64_with_a_part_of_the_key_is_left() {
    let key = "sk-Qz7Wv3Xk9Jp2RyU";
    // `Bearer KEY`, `a KEY`, `{"key":"KEY"}`
    check(key, "<QmVhcmVyIHNrLVF6N1d2M1hrOUpwMlJ5VQ==>", "<QmVhcmVyI***>");
    check(key, "<YSBzay1RejdXdjNYazlKcDJSeVU=>", "<YS***>");
    check(key, "<eyJrZXkiOiJzay1RejdXdjNYazlKcDJSeVUifQ==>", "<eyJrZXkiOi***ifQ==>");
}

#[test]
fn words_that_a_key_is_made_of_may_be_said() {
    for text in ["Invoice number: 17", "the reader of this invoice", r#"{"invoice_number": "reader"}"#] {
        check("invoice-number-of-the-reader", text, text);
    }
}

#[test]
fn a_short_key_changes_no_answer() {
    for (key, answer) in [("1", r#"{"total":11}"#), ("cash", r#"{"payment_method":"cash"}"#)] {
        assert_eq!(Secret::new(key).scrub_answer(answer), answer);
        assert!(Secret::new(key).is_short());
    }
    assert_eq!(Secret::new("sk-abcde").scrub_answer("key sk-abcde"), "key ***");
}

#[test]
fn whatever_the_text_holds_it_is_walked_through_once() {
    let key: String = ('a'..='z').cycle().take(2_000).collect();
    let texts =
        [r"\u0061".repeat(100_000), "%61".repeat(200_000), "abcdefg".repeat(90_000), "\0".repeat(600_000)];
    let begun = std::time::Instant::now();
    for text in texts {
        let _ = Secret::new(&key).scrub(&text);
    }
    // Letter by letter of the key for each letter of the text would take minutes.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn a_picture_of_many_megabytes_takes_no_longer_than_reading_it() {
    // Pieces of four letters of any key turn up in so much Base64, but none of eight.
    let letters = (0_u64..).map(|step| {
        let mixed = (step ^ (step >> 7)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(mixed >> 58) as usize]
    });
    let text: Vec<u8> = letters.take(4 << 20).collect();
    let text = String::from_utf8(text).unwrap();
    for key in ["sk-Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf0", "k/Qz7Wv3Xk9Jp2Ry6Tm4Lb8Nc5Hd1Gf+"] {
        let letter_by_letter: usize =
            Search::new(key).suspicious(&text).iter().map(|place| place.len()).sum();
        assert!(letter_by_letter < text.len() / 20, "{letter_by_letter} of {}", text.len());
        assert_eq!(Secret::new(key).scrub(&text), text);
    }
}

proptest! {
    #[test]
    fn finds_a_spelled_key_wherever_it_stands(
        key in r#"[a-z0-9/+"&<é-]{8,20}"#,
        before in r#"[a-z\\%&é ]{0,30}"#,
        after in r#"[A-Z\\%& ]{0,30}"#,
        ways in proptest::collection::vec(0_usize..7, 20),
    ) {
        let spelled: String = key.trim().chars().zip(ways).map(|(letter, way)| spelling(letter, way)).collect();
        let clean = Secret::new(&key).scrub(&format!("{before}<{spelled}>{after}"));
        prop_assert!(clean.contains("***"), "{clean}");
        prop_assert!(!clean.contains(&spelled), "{clean}");
    }

    #[test]
    fn never_panics(key in ".{0,20}", text in r".{0,20}[\\%&u0-9;#x]{0,20}.{0,20}") {
        let _ = Secret::new(key).scrub(&text);
    }
}

/// One of the ways in which texts spell a letter.
fn spelling(letter: char, way: usize) -> String {
    let code = u32::from(letter);
    match way {
        0 => format!("\\u{code:04x}"),
        1 => format!("\\u{code:04X}"),
        2 => format!("%{code:02X}"),
        3 => format!("&#{code};"),
        4 => format!("&#x{code:x};"),
        5 if letter == '"' => "&quot;".to_owned(),
        5 if !letter.is_alphanumeric() => format!("\\{letter}"),
        // What is not to be escaped may stay as it is.
        _ if letter.is_alphanumeric() || letter == '-' => letter.to_string(),
        _ => format!("%{code:02x}"),
    }
}

#[test]
fn works_on_keys_that_are_not_ascii() {
    check("schlüssel-日本語", "no: schlüssel-日本語!", "no: ***!");
}
