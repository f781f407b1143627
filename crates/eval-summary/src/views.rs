//! Case by case, in the order of the record's cases, holding one case at a time.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use eval_metrics::task::{CaseFacts, Scored as Judgement};
use eval_record::{CaseLine, LineReader, Outcome, PlannedTask, Record, Trial, TrialKey};
use vision_core::{Response, Usage};

use crate::cases::{CaseNumbers, Cases};
use crate::judge::{fully_right, is_scored, with_evidence};
use crate::judgements::Judgements;
use crate::scored::{Kept, Part, Place, Places, Prices, Unit};
use crate::view::{AnswerView, CaseView, TrialStatus};
use crate::{Labels, Options, Scored, SummaryError};

/// Every case of a record with all its answers.
pub fn case_views<'r>(record: &'r Record, options: &Options) -> Result<CaseViews<'r>, SummaryError> {
    let units = Unit::all(&record.plan, options, Part::Clean)?;
    let places = Places::new(&units, &record.plan.providers);
    let (cases, numbers) = Cases::read(record, |dataset, task| places.unit(dataset, task))?;
    let (trials, reader) = trials(record, &places, &numbers)?;
    let prices = Held::Own(Prices::new(record, options));
    let judgements = Judgements::read(record, options, (&units, &cases, &numbers))?;
    Ok(CaseViews {
        record,
        units: Held::Own(units),
        cases: Held::Own(cases),
        numbers,
        prices,
        kept: Held::Own(Kept::default()),
        judgements: judgements.map(Held::Own),
        labels: options.labels.clone(),
        trials,
        reader,
        next_case: 0,
        next_trial: 0,
    })
}

impl Scored<'_> {
    /// Every case with all its answers. What was kept is not scored again.
    pub fn case_views(&self) -> Result<CaseViews<'_>, SummaryError> {
        let record = self.record;
        let places = Places::new(&self.units, &record.plan.providers);
        let (_, numbers) = Cases::read(record, |dataset, task| places.unit(dataset, task))?;
        let (trials, reader) = trials(record, &places, &numbers)?;
        Ok(CaseViews {
            record,
            units: Held::Lent(&self.units),
            cases: Held::Lent(&self.cases),
            numbers,
            prices: Held::Lent(&self.prices),
            kept: Held::Lent(&self.kept),
            judgements: self.open.as_ref().map(|open| Held::Lent(&open.judgements)),
            labels: self.labels.clone(),
            trials,
            reader,
            next_case: 0,
            next_trial: 0,
        })
    }
}

/// Where the last line of every trial is, in the order of cases, providers and repeats.
fn trials(record: &Record, places: &Places, numbers: &CaseNumbers) -> Result<Trials, SummaryError> {
    // Later lines of the same trial replace earlier ones.
    let mut trials: HashMap<Place, u64> = HashMap::new();
    record.lines(|key: TrialKey, offset| {
        let case = numbers.get(&key.dataset, &key.case);
        if let (Some(case), Some(provider)) = (case, places.provider(&key.provider)) {
            trials.insert((case, provider, key.repeat), offset);
        }
    })?;
    let mut trials: Vec<(Place, u64)> = trials.into_iter().collect();
    trials.sort_unstable();
    Ok((trials, record.trial_reader()?))
}

type Trials = (Vec<(Place, u64)>, Option<LineReader>);

/// What is made for the views, or there already.
#[derive(Debug)]
enum Held<'s, T> {
    Own(T),
    Lent(&'s T),
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Own(it) => it,
            Self::Lent(it) => it,
        }
    }
}

/// Every case of a record with all its answers: cases in their own order, answers by provider in the order of the plan
/// and by repeat.
#[derive(Debug)]
pub struct CaseViews<'r> {
    record: &'r Record,
    units: Held<'r, Vec<Unit>>,
    cases: Held<'r, Cases>,
    numbers: CaseNumbers,
    prices: Held<'r, Prices>,
    kept: Held<'r, Kept>,
    judgements: Option<Held<'r, Judgements>>,
    labels: Labels,
    trials: Vec<(Place, u64)>,
    reader: Option<LineReader>,
    next_case: u32,
    next_trial: usize,
}

impl CaseViews<'_> {
    /// How many cases there are in all.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.cases.len()
    }

    /// A single case, out of the order; nothing if the record has none of this name.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn find(&mut self, dataset: &str, case: &str) -> Result<Option<CaseView>, SummaryError> {
        let Some(number) = self.numbers.get(dataset, case) else { return Ok(None) };
        self.next_case = number + 1;
        self.next_trial = self.trials.partition_point(|((case, ..), _)| *case < number);
        self.view(number)
    }

    fn view(&mut self, number: u32) -> Result<Option<CaseView>, SummaryError> {
        let mut case = self.cases.reader()?.read(number)?;
        self.labels.replace(&case.dataset, &case.case, &mut case.expected, &mut case.evidence);
        let from = self.next_trial;
        let until = from + self.trials[from..].partition_point(|((case, ..), _)| *case == number);
        self.next_trial = until;
        let Some(unit) = self.cases.unit(number).map(usize::from) else { return Ok(None) };
        let mut answers = Vec::new();
        for at in from..until {
            let (place, offset) = self.trials[at];
            if let Some(trial) = self.trial(offset)? {
                answers.push((place.1, self.answer(unit, place, &case, trial)));
            }
        }
        let answers = self.with_missing(unit, answers);
        let planned = &self.units[unit].planned;
        Ok(Some(CaseView {
            folder: self.folder(&case.dataset),
            system: planned.system.as_ref().map(|text| fill(text, &case.fields)),
            prompt: prompt(planned, &case.fields),
            dataset: case.dataset,
            case: case.case,
            task: case.task,
            expected: case.expected,
            media: case.media,
            tags: case.tags,
            source: case.source,
            answers,
        }))
    }

    /// What was planned and is not there stands where it would stand.
    fn with_missing(&self, unit: usize, answers: Vec<(u16, AnswerView)>) -> Vec<AnswerView> {
        let (plan, unit) = (&self.record.plan, &self.units[unit]);
        let mut there = answers.into_iter().peekable();
        let mut all = Vec::with_capacity(plan.providers.len() * plan.repeats as usize);
        for (at, provider) in (0_u16..).zip(&plan.providers) {
            let is_never_asked = plan.skipped.iter().any(|skip| {
                (&skip.provider, &skip.dataset, skip.task) == (&provider.label, &unit.dataset, unit.task)
            });
            let mut next = 0;
            while let Some((_, answer)) = there.next_if(|(owner, _)| *owner == at) {
                all.extend((next..answer.repeat).map(|repeat| missing(&provider.label, repeat)));
                next = answer.repeat + 1;
                all.push(answer);
            }
            if !is_never_asked {
                all.extend((next..plan.repeats).map(|repeat| missing(&provider.label, repeat)));
            }
        }
        all
    }

    fn folder(&self, dataset: &str) -> String {
        let planned = self.record.plan.datasets.iter().find(|planned| planned.name == dataset);
        planned.map_or_else(String::new, |planned| planned.folder.clone())
    }

    /// Nothing for a line that is damaged behind its key.
    fn trial(&mut self, offset: u64) -> Result<Option<Trial>, SummaryError> {
        let path = self.record.path("trials.jsonl");
        let failed = |error| SummaryError::file(&path, error);
        let Some(reader) = self.reader.as_mut() else { return Ok(None) };
        reader.seek(offset).map_err(failed)?;
        Ok(reader.read::<Trial>().map_err(failed)?.and_then(|line| line.value.ok()))
    }

    fn answer(&self, unit: usize, place: Place, case: &CaseLine, trial: Trial) -> AnswerView {
        let variant = self.record.plan.providers[usize::from(place.1)].variant.as_ref();
        let own = variant.and_then(|variant| variant.prompt(&case.dataset, case.task));
        let mut view = AnswerView {
            status: TrialStatus::of(trial.failure()),
            prompt: own.map(|own| fill(&own.prompt, &case.fields)),
            usd: self.prices.cost(place.1, &trial),
            usage: trial.usage(),
            attempts: trial.attempts().len() as u32,
            ..empty(trial.key.provider.clone(), trial.key.repeat)
        };
        let referred = trial.response().and_then(|response| response.referred);
        match (self.judged(unit, place, case, &trial), trial.response().is_some()) {
            (Ok(judged), true) if referred.is_some() => {
                let right = referred.and_then(|person| person.error).map(|error| 1.0 - error);
                view.score = judged.headline.and(right);
            }
            (Ok(judged), true) => view.judge(judged),
            (Ok(judged), false) => view.score = judged.headline.map(|_| 0.0),
            (Err(reason), _) if !reason.is_empty() => view.notes.push(format!("not scored: {reason}")),
            (Err(_), _) => {}
        }
        view.media = trial.media;
        match trial.outcome {
            Outcome::Answered(response) => view.respond(response, !trial.untimed),
            Outcome::Failed(failure) => view.failure = Some(failure),
        }
        view
    }

    /// What the metric says of a trial; an error without words is that it was never asked.
    fn judged(&self, unit: usize, place: Place, case: &CaseLine, trial: &Trial) -> Result<Judgement, String> {
        if !trial.failure().is_none_or(|failure| is_scored(failure.kind)) {
            return Err(String::new());
        }
        if let Some(kept) = self.kept.get(place) {
            return Ok(kept.clone());
        }
        let judge = &self.units[unit].judge;
        let text = trial.response().map_or("", |response| response.text.as_str());
        let facts = CaseFacts::from_tags(&case.tags).asked(&case.fields);
        let facts = CaseFacts { own_schema: case.own_schema.clone().map(Arc::new), ..facts };
        let facts = with_evidence(facts, case.schema.clone(), &case.evidence, trial)?;
        let Some(judgements) = &self.judgements else { return judge.score(&case.expected, text, &facts) };
        let number = u16::try_from(unit).unwrap_or(u16::MAX);
        let of = (case.dataset.as_str(), case.case.as_str());
        judgements.score((number, judge), of, (&case.expected, text), facts).map(|(scored, _)| scored)
    }
}

impl AnswerView {
    fn judge(&mut self, judged: Judgement) {
        self.score = judged.headline;
        self.fully_right = fully_right(&judged);
        self.values = judged.values;
        self.parse = Some(judged.parse);
        self.malformed = judged.malformed;
        self.findings = judged.explanation;
        self.notes = judged.notes;
    }

    fn respond(&mut self, response: Response, is_timed: bool) {
        let speed = response.tokens_per_second();
        let first = response.timing.first_token.filter(|_| is_timed);
        self.text = response.text;
        self.refusal = response.refusal;
        self.stop = Some(response.stop);
        self.seconds = is_timed.then_some(response.timing.total.as_secs_f64());
        self.first_token_seconds = first.map(|first| first.as_secs_f64());
        self.tokens_per_second = first.and(speed);
        self.cached = response.cached;
        self.served = response.model;
        self.fingerprint = response.fingerprint;
        self.request_id = response.request_id;
        self.evidence = response.evidence;
        self.token_probabilities = response.token_probabilities;
        self.referred = response.referred;
    }
}

fn missing(provider: &str, repeat: u32) -> AnswerView {
    AnswerView { status: TrialStatus::Missing, ..empty(provider.to_owned(), repeat) }
}

/// Nothing is known of it.
fn empty(provider: String, repeat: u32) -> AnswerView {
    AnswerView {
        provider,
        repeat,
        status: TrialStatus::default(),
        prompt: None,
        text: String::new(),
        score: None,
        values: BTreeMap::new(),
        fully_right: false,
        parse: None,
        malformed: false,
        findings: Vec::new(),
        notes: Vec::new(),
        failure: None,
        refusal: None,
        stop: None,
        seconds: None,
        first_token_seconds: None,
        tokens_per_second: None,
        cached: false,
        usd: None,
        usage: Usage::default(),
        attempts: 0,
        served: None,
        fingerprint: None,
        request_id: None,
        media: Vec::new(),
        referred: None,
        evidence: Vec::new(),
        token_probabilities: None,
    }
}

impl Iterator for CaseViews<'_> {
    type Item = Result<CaseView, SummaryError>;

    fn next(&mut self) -> Option<Self::Item> {
        while (self.next_case as usize) < self.cases.len() {
            self.next_case += 1;
            if let Some(view) = self.view(self.next_case - 1).transpose() {
                return Some(view);
            }
        }
        None
    }
}

fn prompt(planned: &PlannedTask, fields: &BTreeMap<String, String>) -> String {
    fill(&planned.prompt, fields)
}

/// The text with `{{name}}` replaced by the case's field of that name. A place without a field stays as it is: such
/// a case was never asked.
fn fill(text: &str, fields: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, after)) = opened.split_once("}}") else {
            filled.push_str("{{");
            rest = opened;
            continue;
        };
        match fields.get(name.trim()) {
            Some(value) => filled.push_str(value),
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::fill;

    #[track_caller]
    fn check(text: &str, filled: &str) {
        let fields = BTreeMap::from([("question".to_owned(), "How {{many}}?".to_owned())]);
        assert_eq!(fill(text, &fields), filled);
    }

    #[test]
    fn fills_prompts_as_they_were_asked() {
        check("Q: {{ question }} A:", "Q: How {{many}}? A:");
        check("{{unknown}} {{question}}", "{{unknown}} How {{many}}?");
        check("{{question", "{{question");
    }
}
