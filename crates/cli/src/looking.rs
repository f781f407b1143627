//! What somebody is told beforehand whose run ends when it is decided: when a fixed number of cases is cheaper.

use std::collections::HashSet;

use eval::Planned;
use eval_record::{About, Sequential};
use eval_referee::{expected, usual_spread};
use eval_report::figures::{count, points_of};
use eval_summary::Scorable;

use crate::exit::Failure;

/// Below so many documents a look saves hardly anything, and costs certainty.
const WORTH_LOOKING: usize = 60;

/// Differences that somebody may want to know of.
const WANTED: [f64; 3] = [0.05, 0.1, 0.2];

/// Nothing for a run that does not look.
pub fn hint(planned: &Planned) -> Result<Option<String>, Failure> {
    let Some(sequential) = planned.plan.sequential else { return Ok(None) };
    let documents = documents(planned)?;
    if documents < WORTH_LOOKING {
        return Ok(Some(format!(
            "note: with {documents} documents a run of all cases decides as much for about the same cost; --until-decided pays \
             from about {WORTH_LOOKING} documents on, and where the difference is not known beforehand"
        )));
    }
    let right_or_wrong = Scorable::new(&planned.plan)?.is_right_or_wrong();
    Ok(fixed_is_cheaper(sequential, documents, usual_spread(right_or_wrong)))
}

/// Nothing where these documents are too few for any of the differences, or are all that is spoken of.
fn fixed_is_cheaper(sequential: Sequential, documents: usize, spread: f64) -> Option<String> {
    let Sequential { tolerance, about: About::DocumentsLikeThese, .. } = sequential else { return None };
    let beyond = WANTED.into_iter().filter(|wanted| *wanted > tolerance);
    let shown = beyond.map(|wanted| (wanted, expected(wanted - tolerance, spread)));
    let lines: Vec<String> = shown
        .filter(|(_, it)| it.fixed <= documents as u64)
        .map(|(wanted, it)| {
            format!("{} by about {} instead of {}", points_of(wanted), count(it.fixed), count(it.looks))
        })
        .collect();
    (!lines.is_empty()).then(|| {
        format!(
            "note: --until-decided pays where the difference is not known beforehand; one of a known size is shown by fewer \
             documents if their number is fixed (--sample): {}",
            lines.join(", ")
        )
    })
}

fn documents(planned: &Planned) -> Result<usize, Failure> {
    let mut sources = HashSet::new();
    for case in planned.cases() {
        let (dataset, case, _) = case?;
        sources.insert((dataset.to_owned(), case.source));
    }
    Ok(sources.len())
}

#[cfg(test)]
mod tests {
    use eval_record::{About, Sequential};

    use super::fixed_is_cheaper;

    fn hint(documents: usize, tolerance: f64, about: About) -> Option<String> {
        let sequential = Sequential { block: 5, tolerance, prefer_time: false, about };
        fixed_is_cheaper(sequential, documents, 0.4)
    }

    #[test]
    fn a_fixed_number_is_named_for_differences_that_the_documents_can_show() {
        let text = hint(200, 0.01, About::DocumentsLikeThese).unwrap();
        assert!(text.contains("10 points by about ") && text.contains(", 20 points by about "), "{text}");
        assert!(!text.contains(" 5 points"), "200 documents do not show it: {text}");
        let tolerant = hint(200, 0.1, About::DocumentsLikeThese).unwrap();
        assert!(!tolerant.contains(" 10 points by") && tolerant.contains(": 20 points by"), "{tolerant}");
        assert_eq!(hint(20, 0.01, About::DocumentsLikeThese), None);
        assert_eq!(hint(200, 0.01, About::TheseDocuments), None);
    }
}
