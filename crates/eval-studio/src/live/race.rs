//! What is known of each candidate while a run goes on, document by document.

use std::collections::{BTreeMap, HashMap};

use eval_decide::betting::{Betting, confidence_sequence};
use eval_record::{CaseLine, Plan, Trial};
use vision_core::Task;

/// Steps of the grid of means.
const BREAKS: usize = 1_000;

/// All candidates of a run.
#[derive(Debug, Default)]
pub struct Race {
    cases: HashMap<(String, String), CaseLine>,
    /// By case: its document, and what it weighs in the mean over everything.
    places: HashMap<(String, String), (usize, f64)>,
    /// By document: what all its cases weigh.
    documents: Vec<f64>,
    repeats: usize,
    /// The part of the run that was begun last, from 0.
    pub part: usize,
    /// Whether the answer to each document is right or wrong, and all weigh the same.
    right_or_wrong: bool,
    /// By candidate, dataset, case and repeat: what is done again replaces what failed.
    known: HashMap<String, HashMap<(String, String, u32), Known>>,
    /// By candidate: tasks that it cannot be asked.
    skipped: HashMap<String, Vec<(String, Task)>>,
}

/// What is known of one trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its score.
    pub score: Option<f64>,
    /// When it was begun: the part of the run, and milliseconds of it.
    pub begun: (usize, u64),
    /// What it cost, as far as that is known.
    pub usd: Option<f64>,
    /// Seconds of the answer.
    pub seconds: Option<f64>,
    /// Why there is no answer: the kind, and the host's words.
    pub failure: Option<(String, String)>,
}

/// A mean with an interval that holds however often one looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnytimeMean {
    /// The mean.
    pub mean: f64,
    /// Where the true one begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Documents behind it.
    pub documents: usize,
}

impl Race {
    /// Of a plan with these cases, whose answers may all be right or wrong. Worse twins of pictures take no part.
    pub fn new(plan: &Plan, cases: Vec<CaseLine>, right_or_wrong: bool) -> Self {
        let clean: Vec<&str> = plan.clean_datasets().map(|dataset| dataset.name.as_str()).collect();
        let mut counts: HashMap<(String, Task), f64> = HashMap::new();
        for case in cases.iter().filter(|case| clean.contains(&case.dataset.as_str())) {
            *counts.entry((case.dataset.clone(), case.task)).or_default() += 1.0;
        }
        let mut race = Self { repeats: plan.repeats as usize, ..Self::default() };
        let mut numbers: HashMap<(String, String), usize> = HashMap::new();
        for case in cases {
            let key = (case.dataset.clone(), case.case.clone());
            if let Some(count) = counts.get(&(case.dataset.clone(), case.task)) {
                let weight = 1.0 / (counts.len() as f64 * count);
                let next = numbers.len();
                let document = *numbers.entry((case.dataset.clone(), case.source.clone())).or_insert(next);
                race.documents.resize(race.documents.len().max(document + 1), 0.0);
                race.documents[document] += weight;
                race.places.insert(key.clone(), (document, weight));
            }
            race.cases.insert(key, case);
        }
        let is_one_case = race.places.len() == race.documents.len() && race.repeats == 1;
        let are_alike = race.documents.windows(2).all(|two| two[0] == two[1]);
        race.right_or_wrong = right_or_wrong && is_one_case && are_alike;
        for skip in &plan.skipped {
            race.skipped.entry(skip.provider.clone()).or_default().push((skip.dataset.clone(), skip.task));
        }
        race
    }

    /// The case of a trial.
    pub fn case(&self, trial: &Trial) -> Option<&CaseLine> {
        self.cases.get(&(trial.key.dataset.clone(), trial.key.case.clone()))
    }

    /// A trial of this part of the run has ended.
    pub fn note(&mut self, trial: &Trial, score: Option<f64>, part: usize) {
        let key = (trial.key.dataset.clone(), trial.key.case.clone(), trial.key.repeat);
        let known = Known {
            score,
            begun: (part, trial.at_ms),
            usd: trial.cost.map(|usd| usd.0),
            seconds: trial.latency().map(|time| time.as_secs_f64()),
            failure: trial.failure().map(|it| (it.kind.name().to_owned(), it.message.clone())),
        };
        self.known.entry(trial.key.provider.clone()).or_default().insert(key, known);
    }

    /// What is known of a candidate, trial by trial.
    pub fn of(&self, candidate: &str) -> impl Iterator<Item = (&(String, String, u32), &Known)> {
        self.known.get(candidate).into_iter().flatten()
    }

    /// The score of a candidate on the documents that it has answered, up to the first that is still under way, in the order
    /// in which the last trial of each was begun: a later one that is there already may just be an easy one, and what was
    /// counted once stays where it was counted.
    pub fn mean(&self, candidate: &str, under_way_since: Option<u64>) -> Option<AnytimeMean> {
        let most = self.documents.iter().copied().fold(0.0, f64::max);
        let scores = self.shares(candidate, under_way_since, most)?;
        let betting = Betting::on_documents_like_these(0.05, BREAKS, self.right_or_wrong);
        let sequence = confidence_sequence(&scores, &[scores.len()], &betting);
        let whole = |mean: f64| (mean * most * self.documents.len() as f64).clamp(0.0, 1.0);
        let bound = |bounds: &[Option<f64>], none: f64| bounds.first().copied().flatten().unwrap_or(none);
        Some(AnytimeMean {
            mean: whole(*sequence.mean.first()?),
            low: whole(bound(&sequence.low, 0.0)),
            high: whole(bound(&sequence.high, 1.0)),
            documents: scores.len(),
        })
    }

    /// By document, in that order: its part of the score, as a share of the heaviest one's.
    fn shares(&self, candidate: &str, under_way_since: Option<u64>, most: f64) -> Option<Vec<f64>> {
        let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
        for ((dataset, case, _), known) in self.of(candidate) {
            let Some((document, weight)) = self.places.get(&(dataset.clone(), case.clone())) else {
                continue;
            };
            parts.entry(*document).or_default().add(known, *weight);
        }
        let wanted = self.wanted(candidate);
        let is_whole =
            |(document, part): &(usize, Part)| part.trials >= wanted[*document] && part.weight > 0.0;
        let is_before = |part: &Part| under_way_since.is_none_or(|since| part.begun < (self.part, since));
        let mut whole: Vec<(usize, Part)> = parts.into_iter().filter(is_whole).collect();
        whole.retain(|(_, part)| is_before(part));
        whole.sort_by_key(|(document, part)| (part.begun, *document));
        let share = |(document, part): &(usize, Part)| {
            (part.score / part.weight * self.documents[*document] / most).clamp(0.0, 1.0)
        };
        let shares: Vec<f64> = whole.iter().map(share).collect();
        (!shares.is_empty()).then_some(shares)
    }

    /// By document: how many trials a candidate has in it.
    fn wanted(&self, candidate: &str) -> Vec<usize> {
        let mut wanted = vec![0; self.documents.len()];
        let skipped = self.skipped.get(candidate).map_or(&[][..], Vec::as_slice);
        for (key, (document, _)) in &self.places {
            let is_skipped =
                skipped.iter().any(|(dataset, task)| *dataset == key.0 && *task == self.cases[key].task);
            wanted[*document] += if is_skipped { 0 } else { self.repeats };
        }
        wanted
    }
}

/// The trials of one document.
#[derive(Debug, Default)]
struct Part {
    trials: usize,
    /// When the last of them was begun.
    begun: (usize, u64),
    score: f64,
    weight: f64,
}

impl Part {
    fn add(&mut self, known: &Known, weight: f64) {
        self.trials += 1;
        self.begun = self.begun.max(known.begun);
        if let Some(score) = known.score {
            self.score += score * weight;
            self.weight += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use eval_record::Record;
    use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
    use eval_summary::{Options, Scorable, Summary};
    use vision_core::Task;

    use super::Race;

    fn record(dir: &std::path::Path) -> Record {
        let run = SyntheticRun {
            cases: 60,
            repeats: 1,
            tasks: vec![Task::Receipt],
            providers: vec![SyntheticProvider::new("synthetic/a", 1, 0.9)],
            ..SyntheticRun::varied()
        };
        run.write(dir).unwrap();
        Record::open(dir).unwrap()
    }

    fn race(record: &Record) -> Race {
        let mut cases = Vec::new();
        record.cases(|_, case| cases.push(case)).unwrap();
        let scorable = Scorable::new(&record.plan).unwrap();
        let mut race = Race::new(&record.plan, cases, scorable.is_right_or_wrong());
        for trial in record.trials(&mut Vec::new()).unwrap() {
            let trial = trial.unwrap();
            let score = scorable.score(race.case(&trial).unwrap(), &trial);
            race.note(&trial, score, 0);
        }
        race
    }

    #[test]
    fn a_run_that_goes_on_adds_to_what_was_counted_and_moves_none_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(&folder.path().join("run"));
        let label = record.plan.providers[0].label.clone();
        let trials: Vec<_> = record.trials(&mut Vec::new()).unwrap().map(Result::unwrap).collect();
        let mut race = race(&record);
        let most = race.documents.iter().copied().fold(0.0, f64::max);
        race.known.clear();
        let scorable = Scorable::new(&record.plan).unwrap();
        let mut sequences = Vec::new();
        for (number, trial) in trials.iter().enumerate() {
            let part = usize::from(number >= trials.len() / 2);
            // The second part counts its time anew.
            let mut trial = trial.clone();
            trial.at_ms = (number as u64 - part as u64 * trials.len() as u64 / 2) * 100;
            race.part = part;
            let score = scorable.score(race.case(&trial).unwrap(), &trial);
            race.note(&trial, score, part);
            sequences.push(race.shares(&label, Some(trial.at_ms + 1), most).unwrap_or_default());
        }
        assert!(sequences.last().unwrap().len() > 10);
        for two in sequences.windows(2) {
            assert!(two[1].starts_with(&two[0]), "{:?} is not the beginning of {:?}", two[0], two[1]);
        }
    }

    #[test]
    fn at_the_end_the_mean_is_that_of_the_report_and_the_interval_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(&folder.path().join("run"));
        let label = record.plan.providers[0].label.clone();
        let mean = race(&record).mean(&label, None).unwrap();
        let summary = Summary::of(&record, &Options::default()).unwrap();
        let score = summary.overall.rows[0].score.as_ref().unwrap().mean;
        assert!((mean.mean - score).abs() < 0.02, "{mean:?} {score}");
        assert!(mean.low < mean.mean && mean.mean < mean.high && mean.high - mean.low < 0.6, "{mean:?}");
    }

    #[test]
    fn documents_begun_after_one_under_way_are_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let record = record(&folder.path().join("run"));
        let label = record.plan.providers[0].label.clone();
        let race = race(&record);
        let all = race.mean(&label, None).unwrap().documents;
        assert_eq!(race.mean(&label, Some(0)), None);
        assert!(all > 10 && race.mean("stranger/none", None).is_none());
    }
}
