//! Did all providers get the same bytes?

use std::collections::{BTreeMap, HashSet};

use eval_record::{LineReader, MediaEntry, MediaPolicy, Plan, Record};

use crate::cases::{Cases, hash};
use crate::{MediaStep, Pixels, PixelsDiffer, SummaryError};

/// Compares what each provider was sent for a case with what the first one was sent. Where several media settings were
/// tried, those of one setting are compared.
#[derive(Debug, Default)]
pub(crate) struct PixelCheck {
    /// By provider: its media setting.
    settings: Vec<usize>,
    /// By setting and case; 0 for none yet.
    first: Vec<u64>,
    /// By setting and case: the provider that came first.
    by: Vec<u16>,
    state: Vec<State>,
    /// Case, first provider, other provider.
    examples: Vec<(u32, u16, u16)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Alone,
    Same,
    Different,
}

const EXAMPLES: usize = 5;

impl PixelCheck {
    pub fn new(cases: usize, plan: &Plan) -> Self {
        let mut policies: Vec<&MediaPolicy> = Vec::new();
        let mut setting = |provider| {
            let policy = plan.media_for(provider);
            policies.iter().position(|known| *known == policy).unwrap_or_else(|| {
                policies.push(policy);
                policies.len() - 1
            })
        };
        let settings: Vec<usize> = plan.providers.iter().map(&mut setting).collect();
        let places = cases * policies.len();
        Self {
            settings,
            first: vec![0; places],
            by: vec![0; places],
            state: vec![State::Alone; places],
            examples: Vec::new(),
        }
    }

    pub fn add(&mut self, case: u32, provider: u16, media: &[String]) {
        if media.is_empty() {
            return;
        }
        let settings = self.settings.iter().max().map_or(1, |last| last + 1);
        let at = case as usize * settings + self.settings[usize::from(provider)];
        let sent = hash(&media).max(1);
        if self.first[at] == 0 {
            (self.first[at], self.by[at]) = (sent, provider);
        } else if self.by[at] != provider || self.first[at] != sent {
            let same = self.first[at] == sent && self.state[at] != State::Different;
            self.state[at] = if same { State::Same } else { State::Different };
            if self.first[at] != sent {
                self.examples.push((case, self.by[at], provider));
                self.keep_first_examples();
            }
        }
    }

    /// The first by case, whatever the order in which trials ended.
    fn keep_first_examples(&mut self) {
        self.examples.sort_unstable();
        self.examples.dedup_by_key(|example| example.0);
        self.examples.truncate(EXAMPLES);
    }

    pub fn finish(&self, record: &Record, cases: &Cases) -> Result<Pixels, SummaryError> {
        let count = |wanted: State| self.state.iter().filter(|state| **state == wanted).count() as u64;
        let different = count(State::Different);
        let mut pixels = Pixels {
            same: different == 0,
            compared: count(State::Same) + different,
            different,
            ..Pixels::default()
        };
        let label = |provider: u16| record.plan.providers[usize::from(provider)].label.clone();
        if !self.examples.is_empty() {
            let mut reader = cases.reader()?;
            for (case, provider, other) in &self.examples {
                let line = reader.read(*case)?;
                pixels.examples.push(PixelsDiffer {
                    dataset: line.dataset,
                    case: line.case,
                    provider: label(*provider),
                    other: label(*other),
                });
            }
        }
        add_media(&mut pixels, record)?;
        Ok(pixels)
    }
}

/// Counts what was done to media, without holding all of them. Twins are made worse on purpose.
fn add_media(pixels: &mut Pixels, record: &Record) -> Result<(), SummaryError> {
    let path = record.path("media.jsonl");
    if !path.exists() {
        return Ok(());
    }
    let failed = |error| SummaryError::file(&path, error);
    let mut reader = LineReader::open(&path).map_err(failed)?;
    let clean: HashSet<&str> = record.plan.clean_datasets().map(|dataset| dataset.name.as_str()).collect();
    let mut steps: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(line) = reader.read::<MediaEntry>().map_err(failed)? {
        let Ok(entry) = line.value else { continue };
        if !clean.contains(entry.dataset.as_str()) {
            continue;
        }
        pixels.media += 1;
        pixels.changed += u64::from(entry.source_hash != entry.sent_hash);
        pixels.misnamed += u64::from(entry.declared.is_some_and(|declared| declared != entry.sniffed));
        for step in entry.steps {
            *steps.entry(step).or_default() += 1;
        }
    }
    let mut steps: Vec<MediaStep> =
        steps.into_iter().map(|(step, media)| MediaStep { step, media }).collect();
    steps.sort_by(|a, b| b.media.cmp(&a.media).then_with(|| a.step.cmp(&b.step)));
    steps.truncate(20);
    pixels.steps = steps;
    Ok(())
}
