//! One task of a record as decisions see it: what each candidate answered to each case, whether that is right, what it
//! cost, and what is known of it without the label.

#[cfg(test)]
mod prices;
mod signals;
#[cfg(test)]
pub(crate) mod testing;

use std::collections::HashMap;

use eval_metrics::task::{CaseFacts, TaskMetric};
use eval_record::{Plan, PlannedProvider, PlannedTask};
use eval_summary::{AnswerView, CaseView, LossTable, Scope, SummaryError, TrialStatus};

use crate::reading::{Comparer, Reading, is_judged, is_on};
use crate::signal::{Signal, Signals};

/// The answers to one task.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// Dataset and task.
    pub scope: Scope,
    /// The fields that must be right; empty if the whole answer must be.
    pub on: Vec<String>,
    /// Their labels in the order of the plan, without controls.
    pub candidates: Vec<String>,
    /// Source documents.
    pub documents: usize,
    /// How often each case was asked.
    pub repeats: u32,
    /// The cases with a label.
    pub cases: Vec<StudyCase>,
    /// Cases that label none of the fields.
    pub unlabelled: usize,
    /// Cases without any answer, which can be neither right nor wrong.
    pub unanswered: usize,
}

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyCase {
    /// Its id.
    pub case: String,
    /// The number of its source document.
    pub document: usize,
    /// By candidate; nothing where it could not be asked, or was not.
    pub answers: Vec<Option<StudyAnswer>>,
}

/// The first answer of a candidate to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyAnswer {
    /// Whether all fields are right. A failed trial is not.
    pub right: bool,
    /// Whether there is an answer.
    pub answered: bool,
    /// Dollars, if known.
    pub usd: Option<f64>,
    /// Dollars of the other repeats, if known.
    pub repeats_usd: Option<f64>,
    /// The second reading of the case; nothing where it was asked once.
    pub again: Option<SecondReading>,
    /// What its mistakes in the fields that must be right cost, where mistakes have a price.
    pub loss: Option<f64>,
    /// What tells how far it can be trusted.
    pub signals: Signals,
    /// Per candidate: how much its answer agrees with this one, where both answered.
    pub agreement: Vec<Option<f64>>,
}

/// What the same candidate said when it was asked a second time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondReading {
    /// How much it agrees with the first answer; 0 if it failed.
    pub agreement: f64,
    /// Dollars, if known. A failure costs nothing.
    pub usd: Option<f64>,
}

impl StudyAnswer {
    /// One of the signals that are read from the record.
    #[must_use]
    pub fn signal(&self, signal: Signal) -> Option<f64> {
        self.signals.get(signal.place()).copied().flatten()
    }
}

impl Study {
    /// What the mistakes of a wrong answer cost on average, over all candidates; nothing without prices.
    #[must_use]
    pub fn usd_per_wrong_answer(&self) -> Option<f64> {
        let answers = self.cases.iter().flat_map(|case| case.answers.iter().flatten());
        let wrong = answers.filter(|answer| answer.answered && !answer.right);
        wrong.filter_map(|answer| answer.loss).collect::<eval_statistics::Moments>().mean()
    }

    /// What the mistakes in a wrong document cost on average, over all candidates; nothing without prices.
    ///
    /// A document of which a case has no answer goes to a person, whatever else is wrong in it.
    #[must_use]
    pub fn usd_per_wrong_document(&self) -> Option<f64> {
        let of_candidate = |at: usize| {
            let mut documents: Vec<Option<f64>> = vec![Some(0.0); self.documents];
            let mut is_wrong = vec![false; self.documents];
            for case in &self.cases {
                let Some(answer) = &case.answers[at] else { continue };
                let loss = answer.loss.filter(|_| answer.answered);
                is_wrong[case.document] |= !answer.right;
                let sum = &mut documents[case.document];
                *sum = sum.zip(loss).map(|(sum, loss)| sum + loss);
            }
            let wrong = documents.into_iter().zip(is_wrong).filter(|(_, is_wrong)| *is_wrong);
            wrong.filter_map(|(sum, _)| sum).collect::<Vec<_>>()
        };
        let all = (0..self.candidates.len()).flat_map(of_candidate);
        all.collect::<eval_statistics::Moments>().mean()
    }
}

/// What a study is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// The fields that must be right; empty for the whole answer.
    pub on: Vec<String>,
    /// `DATASET` or `DATASET/TASK`; every task that has the fields if nothing is said.
    pub scope: Option<String>,
    /// What mistakes cost.
    pub loss: Option<LossTable>,
}

/// The tasks of a record that a question is about.
///
/// # Errors
/// If no task has the fields, or the cases cannot be read.
pub fn studies(
    plan: &Plan,
    cases: impl Iterator<Item = Result<CaseView, SummaryError>>,
    question: &Question,
) -> Result<Vec<Study>, SummaryError> {
    let mut builders = Vec::new();
    let mut fields = Vec::new();
    for dataset in plan.clean_datasets() {
        for (task, planned) in &dataset.tasks {
            let scope = Scope::Task { dataset: dataset.name.clone(), task: *task };
            let metric = metric(planned);
            let names: Vec<String> =
                metric.iter().flat_map(TaskMetric::fields).map(|field| field.name).collect();
            let has = |wanted: &String| names.iter().any(|name| is_on(name, std::slice::from_ref(wanted)));
            if is_about(question.scope.as_deref(), &scope) {
                if question.on.iter().all(has) {
                    builders.push(Builder::new(plan, scope, planned, metric, question));
                }
                fields.extend(names);
            }
        }
    }
    if builders.is_empty() {
        return Err(nothing(question, fields));
    }
    for case in cases {
        let case = case?;
        let own = |it: &&mut Builder<'_>| {
            it.study.scope == Scope::Task { dataset: case.dataset.clone(), task: case.task }
        };
        if let Some(builder) = builders.iter_mut().find(own) {
            builder.add(&case);
        }
    }
    Ok(builders.into_iter().map(|it| it.study).filter(|study| !study.cases.is_empty()).collect())
}

fn nothing(question: &Question, mut fields: Vec<String>) -> SummaryError {
    fields.sort_unstable();
    fields.dedup();
    let of = question.scope.as_deref().map_or_else(|| "this run".to_owned(), |scope| format!("`{scope}`"));
    SummaryError::Setting(match (question.on.is_empty(), fields.is_empty()) {
        (true, _) => format!("no task of this run is {of}"),
        (false, true) => format!("no task of {of} has fields: leave out --on to judge whole answers"),
        (false, false) => {
            format!(
                "no task of {of} has the fields {} (there are {})",
                question.on.join(", "),
                fields.join(", ")
            )
        }
    })
}

fn is_about(wanted: Option<&str>, scope: &Scope) -> bool {
    let Scope::Task { dataset, task } = scope else { return false };
    wanted.is_none_or(|wanted| wanted == dataset || wanted == format!("{dataset}/{task}"))
}

fn metric(planned: &PlannedTask) -> Option<TaskMetric> {
    let schema = planned.schema.as_ref();
    TaskMetric::from_settings(&planned.metric, &planned.settings, &planned.critical, schema).ok()
}

/// Takes case after case.
struct Builder<'a> {
    study: Study,
    providers: Vec<&'a PlannedProvider>,
    metric: Option<TaskMetric>,
    comparer: Comparer,
    loss: Option<&'a LossTable>,
    documents: HashMap<String, usize>,
}

/// The trials of one candidate on one case.
struct Asked<'v> {
    first: &'v AnswerView,
    reading: Reading,
    others: Vec<&'v AnswerView>,
}

impl<'a> Builder<'a> {
    fn new(
        plan: &'a Plan,
        scope: Scope,
        planned: &PlannedTask,
        metric: Option<TaskMetric>,
        question: &'a Question,
    ) -> Self {
        let providers: Vec<&PlannedProvider> = plan.providers.iter().filter(|it| !it.control).collect();
        Self {
            study: Study {
                scope,
                on: question.on.clone(),
                candidates: providers.iter().map(|provider| provider.label.clone()).collect(),
                documents: 0,
                repeats: plan.repeats,
                cases: Vec::new(),
                unlabelled: 0,
                unanswered: 0,
            },
            providers,
            metric,
            comparer: Comparer::new(planned, &question.on),
            loss: question.loss.as_ref(),
            documents: HashMap::new(),
        }
    }

    fn add(&mut self, view: &CaseView) {
        if !self.is_labelled(view) {
            let asked =
                |answer: &AnswerView| matches!(answer.status, TrialStatus::Answered | TrialStatus::Failed);
            match self.study.on.is_empty() && !view.answers.iter().any(asked) {
                true => self.study.unanswered += 1,
                false => self.study.unlabelled += 1,
            }
            return;
        }
        let next = self.documents.len();
        let document = *self.documents.entry(view.source.clone()).or_insert(next);
        self.study.documents = self.documents.len();
        let asked: Vec<Option<Asked<'_>>> =
            self.study.candidates.iter().map(|candidate| asked(view, candidate)).collect();
        let agreement = self.agreement(&asked);
        let answer = |(at, asked): (usize, &Option<Asked<'_>>)| {
            let asked = asked.as_ref()?;
            let first = asked.first;
            let usd = |views: &[&AnswerView]| views.iter().map(|view| view.usd).sum::<Option<f64>>();
            Some(StudyAnswer {
                right: is_answered(first) && self.is_right(first),
                answered: is_answered(first),
                usd: first.usd,
                repeats_usd: usd(&asked.others),
                again: self.again(asked),
                loss: self.loss.map(|table| table.of_mistakes(first, |field| is_on(field, &self.study.on))),
                signals: self.signals(at, asked, &agreement[at]),
                agreement: agreement[at].clone(),
            })
        };
        let answers = asked.iter().enumerate().map(answer).collect();
        self.study.cases.push(StudyCase { case: view.case.clone(), document, answers });
    }

    /// Whether the label says something about one of the fields, whatever anybody answered.
    fn is_labelled(&self, view: &CaseView) -> bool {
        if self.study.on.is_empty() {
            return view.answers.iter().any(|answer| answer.score.is_some());
        }
        let blank = self
            .metric
            .as_ref()
            .and_then(|it| it.score_case(&view.expected, "", &CaseFacts::from_tags(&view.tags)).ok());
        blank.is_some_and(|scored| scored.explanation.iter().any(|it| is_judged(it, &self.study.on)))
    }

    fn is_right(&self, answer: &AnswerView) -> bool {
        use eval_metrics::value::Verdict;
        if self.study.on.is_empty() {
            return answer.fully_right;
        }
        let mut judged = answer.findings.iter().filter(|it| is_judged(it, &self.study.on)).peekable();
        judged.peek().is_some() && judged.all(|finding| finding.verdict == Verdict::Right)
    }

    /// Of every candidate with every other one.
    fn agreement(&self, asked: &[Option<Asked<'_>>]) -> Vec<Vec<Option<f64>>> {
        let answered = |it: &Option<Asked<'_>>| it.as_ref().is_some_and(|it| is_answered(it.first));
        let mut all = vec![vec![None; asked.len()]; asked.len()];
        for one in 0..asked.len() {
            for other in one + 1..asked.len() {
                let (Some(a), Some(b)) = (&asked[one], &asked[other]) else { continue };
                if answered(&asked[one]) && answered(&asked[other]) {
                    let share = self.comparer.agreement(&a.reading, &b.reading);
                    all[one][other] = Some(share);
                    all[other][one] = Some(share);
                }
            }
        }
        all
    }
}

/// Whether there is an answer that was taken: what a cascade refers to a person has none.
fn is_answered(answer: &AnswerView) -> bool {
    answer.status == TrialStatus::Answered && answer.referred.is_none()
}

/// The first answer or failure of a candidate, and its other repeats.
fn asked<'v>(view: &'v CaseView, candidate: &str) -> Option<Asked<'v>> {
    let there = |answer: &&AnswerView| matches!(answer.status, TrialStatus::Answered | TrialStatus::Failed);
    let mut of_it = view.answers.iter().filter(|answer| answer.provider == candidate).filter(there);
    let first = of_it.next()?;
    Some(Asked { first, reading: Reading::new(&first.text), others: of_it.collect() })
}
