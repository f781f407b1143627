//! What judges and people said of the open answers of a record, ready to be scored by.

use std::collections::{BTreeMap, HashMap, HashSet};

use eval_metrics::task::checks::PlacedCheck;
use eval_metrics::task::{CaseFacts, Judgement, Scored};
use eval_record::{JudgeName, JudgedAnswer, PersonJudgement, Record, answer_id};
use serde_json::Value;

use crate::cases::{CaseNumbers, Cases};
use crate::judge::Judge;
use crate::scored::Unit;
use crate::{JudgeStanding, Options, SummaryError};

/// Answers that people must have judged before a judge decides anything: below, the intervals of corrected scores are too
/// narrow (docs/judge.md).
pub(crate) const NEEDED: u64 = 20;

/// What judges and people said.
#[derive(Debug, Default)]
pub(crate) struct Judgements {
    pub judges: Vec<OneJudge>,
    /// Whose word counts; nobody's if no judge was asked.
    used: Option<usize>,
    /// What judges said of two answers beside each other, by the names of both.
    pub pairs: HashMap<(String, String), Vec<JudgedAnswer>>,
    /// By answer.
    pub people: HashMap<String, Vec<PersonJudgement>>,
    /// Cases of which people judged an answer, by their numbers.
    pub drawn: HashSet<u32>,
    standings: HashMap<u16, JudgeStanding>,
    /// Answers that judge and people judged, by task.
    pub labelled: HashMap<u16, u64>,
}

/// Everything that one judge said.
#[derive(Debug)]
pub(crate) struct OneJudge {
    pub name: JudgeName,
    /// By answer.
    pub answers: HashMap<String, JudgedAnswer>,
    pub canaries: Vec<JudgedAnswer>,
}

impl OneJudge {
    fn new(name: JudgeName) -> Self {
        Self { name, answers: HashMap::new(), canaries: Vec::new() }
    }

    fn add(&mut self, line: JudgedAnswer) {
        match line.canary {
            None => _ = self.answers.insert(line.answer.clone(), line),
            Some(_) => {
                self.canaries.retain(|known| known.answer != line.answer);
                self.canaries.push(line);
            }
        }
    }

    /// Whether it judged any answer of a task.
    pub fn has_judged(&self, unit: &Unit) -> bool {
        let lines = self.answers.values().chain(&self.canaries);
        lines.into_iter().any(|line| line.dataset == unit.dataset && line.task == unit.task)
    }

    /// The tricks that it fell for: it says yes to more than half of the checks of an answer that meets none.
    pub fn obeyed(&self) -> impl Iterator<Item = &JudgedAnswer> {
        let is_caught = |line: &&JudgedAnswer| {
            line.checks.iter().filter(|check| check.met || check.misquoted).count() * 2 > line.checks.len()
        };
        self.canaries.iter().filter(is_caught)
    }
}

/// The score of one answer by everybody who judges it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct OpenScores {
    /// The answer's name.
    pub answer: String,
    /// By the accepted wordings.
    pub rule: f64,
    /// By the judge; `None` where it has not judged.
    pub judge: Option<f64>,
    /// By people, their mean; `None` where nobody has judged.
    pub people: Option<f64>,
    /// Of each check that both judged: its kind, what the judge said, what a person said.
    pub agreed: Vec<(String, bool, bool)>,
}

impl Judgements {
    /// Nothing for a record that nobody has judged.
    pub fn read(
        record: &Record,
        options: &Options,
        (units, cases, numbers): (&[Unit], &Cases, &CaseNumbers),
    ) -> Result<Option<Self>, SummaryError> {
        let (lines, people) = (record.judgements()?, record.judged_by_people()?);
        if lines.is_empty() && people.is_empty() {
            return Ok(None);
        }
        let mut all = Self::default();
        let last = lines.iter().rev().find(|line| line.pair.is_none()).map(|line| line.judge.clone());
        for line in lines {
            if let Some(pair) = &line.pair {
                let said = all.pairs.entry((pair.first.clone(), pair.second.clone())).or_default();
                said.retain(|other| other.judge != line.judge);
                said.push(line);
                continue;
            }
            let at = all.judges.iter().position(|judge| judge.name == line.judge);
            let at = at.unwrap_or_else(|| {
                all.judges.push(OneJudge::new(line.judge.clone()));
                all.judges.len() - 1
            });
            all.judges[at].add(line);
        }
        for line in people {
            if let Some(case) = numbers.get(&line.dataset, &line.case) {
                all.drawn.insert(case);
            }
            let known = all.people.entry(line.answer.clone()).or_default();
            known.retain(|other| other.author != line.author);
            known.push(line);
        }
        all.used = all.choose(last.as_ref(), options.judge.name.as_deref())?;
        all.stand(options, (units, cases, numbers));
        Ok(Some(all))
    }

    /// The judge that is named, or the one that spoke last of those that fell for no trick.
    fn choose(&self, last: Option<&JudgeName>, wanted: Option<&str>) -> Result<Option<usize>, SummaryError> {
        if let Some(wanted) = wanted {
            let is_wanted =
                |judge: &OneJudge| judge.name.provider == wanted || judge.name.to_string() == wanted;
            return match self.judges.iter().rposition(is_wanted) {
                Some(at) => Ok(Some(at)),
                None => {
                    let known: Vec<String> = self.judges.iter().map(|judge| judge.name.to_string()).collect();
                    let known = if known.is_empty() { "no judge".to_owned() } else { known.join(", ") };
                    Err(SummaryError::Setting(format!("`{wanted}` did not judge this run ({known} did)")))
                }
            };
        }
        let is_last = |judge: &OneJudge| Some(&judge.name) == last;
        let is_honest = |judge: &OneJudge| judge.obeyed().next().is_none();
        let honest = self.judges.iter().position(|judge| is_last(judge) && is_honest(judge));
        Ok(honest
            .or_else(|| self.judges.iter().rposition(is_honest))
            .or_else(|| self.judges.iter().position(is_last)))
    }

    fn stand(&mut self, options: &Options, (units, cases, numbers): (&[Unit], &Cases, &CaseNumbers)) {
        for (answer, people) in &self.people {
            let Some(first) = people.first() else { continue };
            let case = numbers.get(&first.dataset, &first.case);
            let Some(unit) = case.and_then(|case| cases.unit(case)) else { continue };
            if self.judge().is_none_or(|judge| judge.answers.contains_key(answer)) {
                *self.labelled.entry(unit).or_default() += 1;
            }
        }
        let caught = self.judge().is_some_and(|judge| judge.obeyed().next().is_some());
        for (unit, _) in (0_u16..).zip(units).filter(|(_, unit)| unit.judge.is_by_wordings()) {
            let labelled = self.labelled.get(&unit).copied().unwrap_or_default();
            let standing = match () {
                () if caught => JudgeStanding::Caught,
                () if labelled >= NEEDED => JudgeStanding::Calibrated,
                () if options.judge.allow_uncalibrated => JudgeStanding::Allowed,
                () => JudgeStanding::Uncalibrated,
            };
            self.standings.insert(unit, standing);
        }
    }

    /// Whose word counts.
    pub fn judge(&self) -> Option<&OneJudge> {
        self.used.map(|at| &self.judges[at])
    }

    /// What the judge's word counts on a task; `None` where nothing is judged.
    pub fn standing(&self, unit: u16) -> Option<JudgeStanding> {
        self.standings.get(&unit).copied()
    }

    /// The score that counts, and what everybody says of an open answer.
    pub fn score(
        &self,
        (unit, judge): (u16, &Judge),
        (dataset, case): (&str, &str),
        (expected, text): (&Value, &str),
        facts: CaseFacts,
    ) -> Result<(Scored, Option<OpenScores>), String> {
        let by_rule = judge.score(expected, text, &facts)?;
        let (Some(standing), Judge::Task(metric), Some(rule)) =
            (self.standing(unit), judge, by_rule.headline)
        else {
            return Ok((by_rule, None));
        };
        let checks = metric.checks(expected).map_err(|error| error.to_string())?.unwrap_or_default();
        let answer = answer_id(dataset, case, text);
        let by = |judged: BTreeMap<String, Judgement>| {
            judge.score(expected, text, &CaseFacts { judged, ..facts.clone() })
        };
        let said =
            self.judge().and_then(|judge| judge.answers.get(&answer)).map(|line| by_judge(line, &checks));
        let said = said.filter(|said| !said.is_empty());
        let judged = said.clone().map(by).transpose()?;
        let people: Vec<_> =
            self.people.get(&answer).into_iter().flatten().map(|it| by_person(it, &checks)).collect();
        let people: Vec<_> = people.into_iter().filter(|said| said.len() == checks.len()).collect();
        let of_people: Vec<f64> = people.iter().filter_map(|said| by(said.clone()).ok()?.headline).collect();
        let scores = OpenScores {
            answer,
            rule,
            judge: judged.as_ref().and_then(|scored| scored.headline),
            people: (!of_people.is_empty()).then(|| of_people.iter().sum::<f64>() / of_people.len() as f64),
            agreed: people.iter().flat_map(|person| agreed(said.as_ref(), person)).collect(),
        };
        let counts = if standing.decides() { judged.unwrap_or(by_rule) } else { by_rule };
        Ok((counts, Some(scores)))
    }
}

/// Checks whose text has changed since are not judged.
fn by_judge(line: &JudgedAnswer, checks: &[PlacedCheck]) -> BTreeMap<String, Judgement> {
    let same =
        |path: &str, text: &str| checks.iter().any(|(known, _, check)| known == path && check.text == text);
    let judged = line.checks.iter().filter(|check| same(&check.path, &check.text));
    judged
        .map(|check| (check.path.clone(), Judgement { said: check.met, quote: check.quote.clone() }))
        .collect()
}

fn by_person(line: &PersonJudgement, checks: &[PlacedCheck]) -> BTreeMap<String, Judgement> {
    let same =
        |path: &str, text: &str| checks.iter().any(|(known, _, check)| known == path && check.text == text);
    let judged = line.checks.iter().filter(|check| same(&check.path, &check.text));
    judged.map(|check| (check.path.clone(), Judgement { said: check.met, quote: String::new() })).collect()
}

/// Both verdicts on every check that both gave one on, under the check's kind: `must`, `must_not`, `rubric[0]`.
fn agreed<'a>(
    judge: Option<&'a BTreeMap<String, Judgement>>,
    person: &'a BTreeMap<String, Judgement>,
) -> impl Iterator<Item = (String, bool, bool)> + 'a {
    person.iter().filter_map(move |(path, by_person)| {
        let by_judge = judge?.get(path)?;
        let kind = if path.starts_with("rubric") { path } else { path.split('[').next()? };
        Some((kind.to_owned(), by_judge.said, by_person.said))
    })
}
