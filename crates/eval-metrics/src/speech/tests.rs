use super::*;

#[track_caller]
fn english_words(text: &str, expected: &str) {
    assert_eq!(spoken_words(text, Language::English).join(" "), expected, "{text}");
}

#[test]
fn brings_english_into_one_form() {
    for (text, expected) in [
        ("I'm sure they won't, but we've got it.", "i am sure they will not but we have got it"),
        ("Dr. Smith's colour — grey!", "doctor smith is color gray"),
        ("three boxes", "3 boxes"),
        ("twenty twenty-five", "2025"),
        ("one oh one", "101"),
        ("ten thousand dollars", "$10000"),
        ("$10,000", "$10000"),
        ("the fourth floor", "the 4th floor"),
        ("the 4th floor", "the 4th floor"),
        ("forty-five percent", "45%"),
        ("45 per cent", "45%"),
        ("two dollars and seven cents", "$2.07"),
        ("two point five million", "2500000"),
        ("one of us", "one of us"),
        ("um, two hundred and five", "205"),
        ("nineteen eighties", "1980s"),
        ("minus five", "-5"),
        ("[music] hello (laughs)", "hello"),
        ("Café naïve", "cafe naive"),
        ("It’s late.", "it is late"),
    ] {
        english_words(text, expected);
    }
}

#[test]
fn takes_away_what_tools_put_around_the_words() {
    for text in [
        "Speaker 1: Good morning.\nSpeaker 2: Hello there.",
        "[00:00] Good morning.\n[00:03] Hello there.",
        "[00:00:01.200] SPEAKER_00: Good morning.\n00:03 - Hello there.",
        "Here is the transcript:\n\nGood morning. Hello there.",
        "1\n00:00:00,000 --> 00:00:02,000\nGood morning.\n\n2\n00:00:02,000 --> 00:00:04,000\nHello there.",
        "**Speaker A:** Good morning.\n**Speaker B:** Hello there.",
        "Transcript: Good morning. Hello there.",
    ] {
        english_words(text, "good morning hello there");
    }
    english_words("At 6:15 we left: late.", "at 615 we left late");
}

#[test]
fn hears_times_and_days_however_they_are_written() {
    for (spoken, written) in [
        ("a quarter past six", "6:15"),
        ("half past three", "3:30"),
        ("quarter to seven", "6:45"),
        ("five o'clock", "5:00"),
        ("ten thirty a m", "10:30 AM"),
        ("at three p.m.", "at 15:00"),
        ("the third of May", "May 3rd"),
        ("call five five five one two three four", "call 555-1234"),
        ("main street", "Main St."),
    ] {
        assert_eq!(
            spoken_words(spoken, Language::English),
            spoken_words(written, Language::English),
            "{spoken}"
        );
    }
    assert_ne!(spoken_words("3 am", Language::English), spoken_words("3 pm", Language::English));
}

#[test]
fn hears_numbers_in_other_languages() {
    for (language, spoken, written) in [
        (Language::German, "fünfundzwanzig Euro", "25 €"),
        (Language::German, "zwei Euro fünfzig", "2,50 €"),
        (Language::German, "am dritten Mai um fünfzehn Uhr dreißig", "am 3. Mai um 15:30 Uhr"),
        (Language::French, "quatre-vingt-dix-sept euros", "97 euros"),
        (Language::French, "à quinze heures trente", "à 15h30"),
        (Language::Spanish, "dos cajas y treinta y uno", "2 cajas y 31"),
    ] {
        assert_eq!(spoken_words(spoken, language), spoken_words(written, language), "{spoken}");
    }
    assert_eq!(spoken_words("私は学生です。", Language::Other).len(), 6);
}

#[test]
fn knows_english_by_its_words() {
    assert_eq!(Language::of(Some("en-GB"), ""), Language::English);
    assert_eq!(Language::of(Some("de"), "the"), Language::German);
    assert_eq!(Language::of(None, "Please send three boxes to the fourth floor"), Language::English);
    assert_eq!(Language::of(None, "Bitte bringen Sie vier Kisten und klingeln Sie"), Language::Other);
    assert_eq!(Language::of(None, "Je voudrais réserver une table pour deux"), Language::Other);
}

proptest::proptest! {
    #[test]
    fn reads_any_text(text in "\\PC{0,80}", words in "(one|two|oh|hundred|thousand|point|and|double|dollars|cents|percent|minus|fifth|twenty|7|2\\.5| ){0,30}") {
        for text in [&text, &words] {
            let _ = spoken_words(text, Language::English);
            for other in [Language::German, Language::French, Language::Spanish, Language::Other] {
                let _ = spoken_words(text, other);
            }
        }
    }
}
