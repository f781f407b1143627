//! How sure the server is of its tokens, where it is asked to say so.

use serde_json::{Value, json};

/// What it is of everything that no line of an answer file says another number of.
pub(super) const SURE: f64 = 0.999;

/// A token, and the logarithm of its probability.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'t> {
    pub text: &'t str,
    pub log: f64,
}

/// About four bytes each; `sure` holds for tokens with digits, which are what is hard to read.
pub(super) fn tokens(text: &str, sure: f64) -> Vec<Token<'_>> {
    let log = |piece: &str| if piece.contains(|c: char| c.is_ascii_digit()) { sure.ln() } else { SURE.ln() };
    pieces(text).into_iter().map(|piece| Token { text: piece, log: log(piece) }).collect()
}

/// About a token each.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(4));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// As both of OpenAI's doors write it.
pub(super) fn openai(tokens: &[Token<'_>]) -> Vec<Value> {
    let one = |it: &Token<'_>| json!({"token": it.text, "logprob": it.log, "bytes": it.text.as_bytes(), "top_logprobs": []});
    tokens.iter().map(one).collect()
}

/// As Google writes it: the mean, and the tokens.
pub(super) fn gemini(tokens: &[Token<'_>]) -> (f64, Value) {
    let sum: f64 = tokens.iter().map(|it| it.log).sum();
    let one =
        |(at, it): (usize, &Token<'_>)| json!({"token": it.text, "tokenId": at, "logProbability": it.log});
    let chosen: Vec<Value> = tokens.iter().enumerate().map(one).collect();
    (sum / tokens.len().max(1) as f64, json!({"chosenCandidates": chosen, "topCandidates": []}))
}
