//! What is said, and in whose voice.

use crate::rng::Rng;

/// A sentence and its speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script {
    /// Two-letter code.
    pub language: &'static str,
    /// The synthesiser's name of the voice.
    pub voice: &'static str,
    /// The transcript; no digits.
    pub text: String,
}

/// A language's voices, and its sentences with words to choose from in `{a|b|c}`.
struct Cast {
    language: &'static str,
    voices: &'static [&'static str],
    sentences: &'static [&'static str],
}

const ENGLISH: Cast = Cast {
    language: "en",
    voices: &["en-us", "en-us+f3", "en-gb", "en-gb+f2", "en-gb-scotland", "en-us+m3"],
    sentences: &[
        "Please send {two|three|seven} boxes of printer paper to the {second|fourth|ground} floor before {Monday|Thursday|Friday} morning.",
        "The train to {Bristol|Leeds|Oxford} leaves from platform {five|nine|eleven} at a quarter past {six|eight|ten}.",
        "I would like to cancel my {appointment|booking|order} and move it to the {third|tenth|twentieth} of {March|June|October}.",
        "Your total comes to {forty|sixty|ninety} {two|five|eight} dollars, and the {soup|salad|coffee} is on the house.",
        "We found a small {leak|crack|scratch} behind the {kitchen|bathroom|garage} wall, but it can be repaired {today|tomorrow|next week}.",
        "Turn {left|right} after the {church|bridge|library}, then walk straight on until you see the {green|yellow|wooden} gate.",
        "The quarterly report shows that sales of {bicycles|lamps|tents} grew faster than anyone {expected|had hoped|predicted}.",
        "Hello, this is {Martin|Sarah|Oliver} calling about the {red|blue|grey} car you advertised in the {paper|window|newsletter}.",
    ],
};

const GERMAN: Cast = Cast {
    language: "de",
    voices: &["de", "de+f2"],
    sentences: &[
        "Bitte bringen Sie {zwei|drei|vier} Kisten Wasser in den {ersten|zweiten|dritten} Stock und klingeln Sie bei {Schneider|Hoffmann|Lange}.",
        "Der nächste Zug nach {Hamburg|Leipzig|Freiburg} fährt heute von Gleis {sieben|acht|zwölf} ab.",
    ],
};

const FRENCH: Cast = Cast {
    language: "fr",
    voices: &["fr-fr", "fr-fr+f4"],
    sentences: &[
        "Je voudrais réserver une table pour {deux|quatre|six} personnes {ce soir|demain soir|samedi soir} près de la fenêtre.",
        "La réunion de {lundi|mardi|jeudi} est reportée à {dix|onze|quinze} heures dans la {grande|petite} salle.",
    ],
};

const SPANISH: Cast = Cast {
    language: "es",
    voices: &["es", "es+f1"],
    sentences: &[
        "El próximo autobús a {Sevilla|Granada|Toledo} sale a las {siete|nueve|once} de la {mañana|noche}.",
        "Quisiera {dos|tres|cuatro} entradas para la película de {hoy|mañana}, por favor.",
    ],
};

/// Five English clips to three others.
const TURN: [&Cast; 8] = [&ENGLISH, &ENGLISH, &GERMAN, &ENGLISH, &FRENCH, &ENGLISH, &SPANISH, &ENGLISH];

impl Script {
    /// The language follows the index; the rest is drawn.
    pub(super) fn draw(rng: &mut Rng, index: usize) -> Self {
        let cast = TURN[index % TURN.len()];
        // How often this language spoke before: its sentences come in turn, so that none repeats early.
        let in_turn = |end: usize| TURN[..end].iter().filter(|other| other.language == cast.language).count();
        let before = index / TURN.len() * in_turn(TURN.len()) + in_turn(index % TURN.len());
        let sentence = cast.sentences[before % cast.sentences.len()];
        Self { language: cast.language, voice: *rng.pick(cast.voices), text: choose(sentence, rng) }
    }
}

/// Replaces every `{a|b|c}` by one of its words.
fn choose(sentence: &str, rng: &mut Rng) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some((before, choice)) = rest.split_once('{') {
        let (words, after) = choice.split_once('}').expect("every choice is closed");
        text.push_str(before);
        let words: Vec<&str> = words.split('|').collect();
        let word: &&str = rng.pick(&words);
        text.push_str(word);
        rest = after;
    }
    text + rest
}
