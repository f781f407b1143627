//! Reads one strip: a class per step, repeats and blanks folded away.

use crate::Failure;
use crate::page::Glyph;

use super::crop::{HEIGHT, Strip};
use super::network;

/// What one strip says.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub text: String,
    /// Mean of its characters; 0 without any.
    pub confidence: f32,
    pub glyphs: Vec<Glyph>,
}

/// Reads one strip of text.
pub fn recognise(strip: Strip) -> Result<Reading, Failure> {
    let shape = [1, 3, HEIGHT, strip.width];
    let ([_, _, classes], scores) = network::recogniser().run(shape, strip.values)?;
    let alphabet = network::alphabet();
    let reading = decode(&scores, classes, alphabet, |_| true);
    let ideographs = reading.glyphs.iter().filter(|glyph| !is_western(glyph.character)).count();
    // A stray ideograph in a western line is a misreading: read on without them.
    if ideographs > 0 && ideographs * 2 < reading.glyphs.len() {
        return Ok(decode(&scores, classes, alphabet, is_western));
    }
    Ok(reading)
}

/// Greedy CTC over the classes whose character is `allowed`.
fn decode(scores: &[f32], classes: usize, alphabet: &[char], allowed: fn(char) -> bool) -> Reading {
    let steps = scores.len() / classes.max(1);
    let mut text = String::new();
    let mut glyphs = Vec::new();
    let mut total = 0.0;
    let mut previous = 0;
    for (step, scores) in scores.chunks_exact(classes.max(1)).enumerate() {
        let (class, score) = best(scores, alphabet, allowed);
        if class != 0 && class != previous {
            let character = alphabet.get(class).copied().unwrap_or(' ');
            text.push(character);
            if character != ' ' {
                total += score;
                glyphs.push(Glyph { character, position: (step as f32 + 0.5) / steps as f32 });
            }
        }
        previous = class;
    }
    let confidence = if glyphs.is_empty() { 0.0 } else { total / glyphs.len() as f32 };
    Reading { text: text.trim().to_owned(), confidence, glyphs }
}

fn best(scores: &[f32], alphabet: &[char], allowed: fn(char) -> bool) -> (usize, f32) {
    let highest = |scores: &[f32]| scores.iter().copied().fold(0.0f32, f32::max);
    let top = highest(scores);
    let class = scores.iter().position(|&score| score == top).unwrap_or(0);
    if class == 0 || alphabet.get(class).is_some_and(|&character| allowed(character)) {
        return (class, top);
    }
    let classes = scores.iter().zip(alphabet).enumerate();
    classes
        .filter(|(class, (_, character))| *class == 0 || allowed(**character))
        .map(|(class, (score, _))| (class, *score))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, 0.0))
}

/// Latin, Greek and Cyrillic letters, signs and currency, but no ideographs or full-width forms.
fn is_western(character: char) -> bool {
    (character as u32) < 0x2E80
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHABET: [char; 5] = ['\0', 'a', 'b', '好', ' '];

    fn scores(steps: &[usize]) -> Vec<f32> {
        let one = |&class: &usize| {
            (0..5).map(move |c| {
                if c == class {
                    0.9
                } else if c == 1 {
                    0.05
                } else {
                    0.01
                }
            })
        };
        steps.iter().flat_map(one).collect()
    }

    #[test]
    fn folds_repeats_and_drops_blanks() {
        let reading = decode(&scores(&[1, 1, 0, 1, 2, 2]), 5, &ALPHABET, |_| true);
        assert_eq!(reading.text, "aab");
        assert!((reading.confidence - 0.9).abs() < 1e-6);
    }

    #[test]
    fn characters_remember_their_place() {
        let reading = decode(&scores(&[0, 1, 4, 2]), 5, &ALPHABET, |_| true);
        assert_eq!(reading.text, "a b");
        let places: Vec<f32> = reading.glyphs.iter().map(|glyph| glyph.position).collect();
        assert_eq!(places, [0.375, 0.875]);
    }

    #[test]
    fn takes_the_next_best_for_a_character_that_is_not_allowed() {
        assert_eq!(decode(&scores(&[2, 3]), 5, &ALPHABET, is_western).text, "ba");
    }
}
