//! How many documents can run unattended, with which promise, and what the rest costs.

mod lines;
mod model;

use eval_summary::Scope;

use crate::promise::{Target, naive, needed, promise, promised_today};
use crate::study::Study;

pub use lines::{Line, lines};
pub use model::{
    AUTOMATION_VERSION, Automation, AutomationLine, People, Recommended, RecommendedToday, TaskAutomation,
    Total, Wanted,
};

/// What can run unattended in each task of a run.
#[must_use]
pub fn automation(run: &str, studies: &[Study], wanted: &Wanted) -> Automation {
    Automation {
        v: AUTOMATION_VERSION,
        run: run.to_owned(),
        wanted: *wanted,
        tasks: studies.iter().map(|study| of_task(study, wanted)).collect(),
    }
}

fn of_task(study: &Study, wanted: &Wanted) -> TaskAutomation {
    let wanted =
        &Wanted { wrong_usd: wanted.wrong_usd.or_else(|| study.usd_per_wrong_document()), ..*wanted };
    let all = lines(study);
    let mut rows: Vec<AutomationLine> = all.iter().map(|line| of_line(line, wanted)).collect();
    rows.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| share(b).total_cmp(&share(a))));
    let people = people_only(wanted);
    let recommended = recommended(&all, wanted);
    TaskAutomation {
        scope: study.scope.clone(),
        on: study.on.clone(),
        documents: study.documents as u64,
        cases: study.cases.len() as u64,
        unlabelled: study.unlabelled as u64,
        unanswered: study.unanswered as u64,
        wrong_usd: wanted.wrong_usd,
        needed: if recommended.is_some() { None } else { needed_for_a_choice(&all, wanted) },
        recommended,
        today: today(&all, wanted),
        people,
        lines: rows,
    }
}

/// The cheapest promise first; then those without one, by the error that can be promised today.
fn rank(line: &AutomationLine) -> f64 {
    match (&line.promised, &line.total) {
        (Some(_), Some(total)) => total.usd,
        (Some(accepted), None) => 1e9 - accepted.share,
        (None, _) => 1e12 + line.today.as_ref().map_or(1.0, |today| today.error),
    }
}

fn share(line: &AutomationLine) -> f64 {
    let today = line.today.as_ref().map_or(0.0, |today| today.accepted.share);
    line.promised.as_ref().map_or(today, |accepted| accepted.share)
}

fn of_line(line: &Line, wanted: &Wanted) -> AutomationLine {
    let target = target(wanted);
    let promised = promise(&line.documents, target);
    AutomationLine {
        provider: line.provider.clone(),
        signal: line.signal,
        documents: line.documents.count() as u64,
        usd_per_1000: line.usd_per_document.map(|usd| usd * 1000.0),
        promised,
        today: promised_today(&line.documents, target),
        needed: promised.is_none().then(|| needed(&line.documents, target)),
        naive: naive(&line.documents, target),
        total: promised.and_then(|accepted| total(line, accepted.share, accepted.observed_error, wanted)),
        error_if_all: 1.0 - line.documents.right.iter().sum::<f64>() / line.documents.count().max(1) as f64,
        calibration: crate::calibration::calibration(&line.documents.right, &line.documents.confidence),
        curve: crate::promise::band(&line.documents, wanted.delta),
    }
}

/// What 1,000 documents cost if this share of them runs unattended with this error.
fn total(line: &Line, share: f64, error: f64, wanted: &Wanted) -> Option<Total> {
    let answers = line.usd_per_document? * 1000.0;
    let people = (1.0 - share) * wanted.people.usd * 1000.0;
    let wrong = (share * error + (1.0 - share) * wanted.people.error) * 1000.0;
    let errors = wrong * wanted.wrong_usd.unwrap_or(0.0);
    Some(Total { answers, people, wrong, errors, usd: answers + people + errors })
}

fn people_only(wanted: &Wanted) -> Total {
    let people = wanted.people.usd * 1000.0;
    let wrong = wanted.people.error * 1000.0;
    let errors = wrong * wanted.wrong_usd.unwrap_or(0.0);
    Total { answers: 0.0, people, wrong, errors, usd: people + errors }
}

fn target(wanted: &Wanted) -> Target {
    Target { error: wanted.max_error, delta: wanted.delta }
}

/// What is left of the error rate for each of several lines, so that any of them may be chosen.
fn shared(lines: &[Line], wanted: &Wanted) -> Target {
    Target { delta: wanted.delta / lines.len().max(1) as f64, ..target(wanted) }
}

/// The cheapest of the lines that keep the promise at their part of the error rate; where prices are not known, the one
/// that lets most run unattended.
fn recommended(lines: &[Line], wanted: &Wanted) -> Option<Recommended> {
    let target = shared(lines, wanted);
    let holding = lines.iter().filter_map(|line| {
        let promised = promise(&line.documents, target)?;
        let total_with = |error: f64| total(line, promised.share, error, wanted);
        Some(Recommended {
            provider: line.provider.clone(),
            signal: line.signal,
            chosen_from: lines.len() as u64,
            promised,
            total: total_with(promised.observed_error),
            total_at_most: total_with(wanted.max_error),
        })
    });
    let cost = |it: &Recommended| it.total.map_or(f64::INFINITY, |total| total.usd);
    holding.min_by(|a, b| {
        cost(a).total_cmp(&cost(b)).then_with(|| b.promised.share.total_cmp(&a.promised.share))
    })
}

/// The documents with which a line would keep the promise at its part of the error rate.
fn needed_for_a_choice(lines: &[Line], wanted: &Wanted) -> Option<u64> {
    let target = shared(lines, wanted);
    lines.iter().filter_map(|line| needed(&line.documents, target).documents).min()
}

/// The smallest error with which there would be a recommendation, and that one.
fn today(lines: &[Line], wanted: &Wanted) -> Option<RecommendedToday> {
    let target = shared(lines, wanted);
    let levels = lines.iter().filter_map(|line| promised_today(&line.documents, target));
    let error = levels.map(|it| it.error).min_by(f64::total_cmp)?;
    let best = recommended(lines, &Wanted { max_error: error, ..*wanted })?;
    Some(RecommendedToday { error, best })
}

/// The task of a run.
impl TaskAutomation {
    /// The line of a candidate with a signal.
    #[must_use]
    pub fn line(&self, provider: &str, signal: crate::Signal) -> Option<&AutomationLine> {
        self.lines.iter().find(|line| line.provider == provider && line.signal == signal)
    }

    /// Whether people alone cost no more than the cheapest line that keeps the promise, as far as that is known.
    #[must_use]
    pub fn people_alone_cost_less(&self) -> bool {
        let total = self.recommended.as_ref().and_then(|best| best.total.as_ref());
        total.is_some_and(|total| total.usd >= self.people.usd)
    }

    /// Whether it may cost more than people alone if as many documents are wrong as the promise allows.
    #[must_use]
    pub fn may_cost_more(&self) -> bool {
        let total = self.recommended.as_ref().and_then(|best| best.total_at_most.as_ref());
        total.is_some_and(|total| total.usd > self.people.usd)
    }

    /// Whether it is about this task.
    #[must_use]
    pub fn is_of(&self, scope: &Scope) -> bool {
        self.scope == *scope
    }
}

#[cfg(test)]
mod tests;
