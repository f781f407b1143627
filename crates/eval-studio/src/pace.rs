//! How long a document takes.

use jiff::Timestamp;

use crate::board::Board;
use crate::field::Field;

/// Who takes longer was away.
const LONGEST: f64 = 600.0;

/// So many documents, the last ones, tell the pace.
const LAST: usize = 20;

/// The median seconds between showing a document to a person and its last label, over the documents labeled last.
pub fn seconds(board: &Board, documents: &[String], fields: &[Field], by: &str) -> Option<f64> {
    let mut times: Vec<(Timestamp, f64)> =
        documents.iter().filter_map(|document| spent(board, document, fields, by)).collect();
    times.sort_by_key(|(ended, _)| std::cmp::Reverse(*ended));
    let mut last: Vec<f64> = times.into_iter().take(LAST).map(|(_, seconds)| seconds).collect();
    last.sort_by(f64::total_cmp);
    last.get(last.len() / 2).copied()
}

fn spent(board: &Board, document: &str, fields: &[Field], by: &str) -> Option<(Timestamp, f64)> {
    let (_, begun, _) = board.shown(document, by)?;
    let begun: Timestamp = begun.parse().ok()?;
    let mut ended = begun;
    for field in fields {
        ended = ended.max(board.standing(document, &field.name, by)?.at.parse().ok()?);
    }
    let seconds = ended.duration_since(begun).as_secs_f64();
    (seconds <= LONGEST).then_some((ended, seconds))
}
