//! How far labels can be trusted: what was confirmed is not what was labeled blind.

use eval_decide::labels::{Annotation, AnnotatorAgreement, annotator_agreement};
use eval_statistics::{Level, wilson};
use serde::Serialize;
use serde_json::Value;

use crate::Result;
use crate::board::{Board, Standing};
use crate::event::{Label, Origin};
use crate::field::Field;
use crate::proposals::Proposals;
use crate::studio::Studio;
use crate::typed::same;

/// So many of so many, with a 95% interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Share {
    /// So many.
    pub count: u64,
    /// Of so many.
    pub of: u64,
    /// The lower end of the interval; nothing of none.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Share {
    fn new(count: u64, of: u64) -> Self {
        let interval = wilson(count, of, Level::P95);
        Self { count, of, low: interval.map(|it| it.low), high: interval.map(|it| it.high) }
    }
}

/// What the labels that stand are worth.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Trust {
    /// Labels given without any proposal in sight.
    pub blind: u64,
    /// Labels that take a proposal as it was.
    pub confirmed: u64,
    /// Labels that replace a value that was filled in.
    pub corrected: u64,
    /// Labels where nothing was filled in.
    pub entered: u64,
    /// Labels read from a file.
    pub imported: u64,
    /// Of the values that would have been filled in where people labeled blind: those that people say are wrong.
    pub misleading: Share,
    /// Of the values that were filled in: those that people replaced. Far fewer than above is anchoring.
    pub replaced: Share,
    /// How far people agree who labeled the same fields.
    pub people: Vec<AnnotatorAgreement>,
}

/// The figures of a studio, over the labels that stand on documents that are there.
///
/// # Errors
/// If the folder cannot be read.
pub fn trust(studio: &Studio) -> Result<Trust> {
    let found = studio.documents()?;
    studio.look(|board, proposals| figures(board, proposals, &found.paths, studio.fields()))
}

fn figures(board: &Board, proposals: &Proposals, documents: &[String], fields: &[Field]) -> Trust {
    let mut trust = Trust::default();
    let (mut misled, mut blind, mut replaced, mut assisted) = (0, 0, 0, 0);
    let mut annotations = Vec::new();
    for document in documents {
        for field in fields {
            for standing in board.all(document, &field.name) {
                annotations.extend(annotation(document, field, standing));
                if standing.label == Label::Unlabeled {
                    continue;
                }
                let filled = || proposals.of(document, field).filled().cloned();
                match standing.origin {
                    Origin::Blind => {
                        trust.blind += 1;
                        if let Some(filled) = filled() {
                            blind += 1;
                            misled += u64::from(!same(field, &filled, &standing.label));
                        }
                    }
                    Origin::Confirmed => {
                        trust.confirmed += 1;
                        assisted += u64::from(filled().is_some());
                    }
                    Origin::Corrected => {
                        trust.corrected += 1;
                        (assisted, replaced) = (assisted + 1, replaced + 1);
                    }
                    Origin::Entered => trust.entered += 1,
                    Origin::Imported => trust.imported += 1,
                }
            }
        }
    }
    trust.misleading = Share::new(misled, blind);
    trust.replaced = Share::new(replaced, assisted);
    trust.people = annotator_agreement(&annotations).into_iter().filter(|it| it.values > 0).collect();
    trust
}

/// What a person said on their own; whoever settles a disagreement has seen the other's word.
fn annotation(document: &str, field: &Field, standing: &Standing) -> Option<Annotation> {
    let value = match &standing.label {
        _ if standing.settles || standing.origin == Origin::Imported => return None,
        Label::Value(value) => value.clone(),
        Label::Absent => Value::Null,
        Label::Unlabeled => return None,
    };
    let (case, field, annotator) = (document.to_owned(), field.name.clone(), standing.by.clone());
    Some(Annotation { case, field, annotator, value })
}
