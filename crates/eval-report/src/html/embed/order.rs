//! Whose media a page shows first.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::Embed;

/// How many media of cases in which all is well a page holds: a sample is enough to see what was asked.
pub(super) const SAMPLE: usize = 24;
/// Of a page that embeds everything, the media that are worth preparing before its run has ended.
const EARLY: usize = 2_000;
/// Cases that share their media would leave fewer of them than are wanted.
const SPARE: usize = 4;

/// How much a reader wants to see the media of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::html) enum Interest {
    /// Candidates disagree.
    Split,
    /// Something is wrong or failed.
    Wrong,
    /// Every answer is right.
    Sample,
}

/// The media of one case.
#[derive(Debug)]
pub(in crate::html) struct CaseMedia {
    pub dataset: String,
    pub names: Vec<String>,
    pub interest: Interest,
    /// Decides between cases of equal interest: by chance, and known before anything is answered.
    lot: u64,
}

impl CaseMedia {
    pub fn new(dataset: String, case: &str, names: Vec<String>, interest: Interest) -> Self {
        Self { dataset, names, interest, lot: lot(case) }
    }
}

fn lot(case: &str) -> u64 {
    let digest = Sha256::digest(case);
    u64::from_be_bytes(*digest.first_chunk().expect("32 bytes"))
}

/// The places of the cases that have media, the most interesting first. Equally interesting ones take turns by dataset, so
/// that whatever there is room for is spread over all of them.
pub(super) fn in_order(cases: &[CaseMedia]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cases.len()).filter(|at| !cases[*at].names.is_empty()).collect();
    order.sort_by_key(|at| (cases[*at].lot, *at));
    let mut turns: HashMap<(&str, Interest), usize> = HashMap::new();
    let mut turn_of = vec![0; cases.len()];
    for at in &order {
        let turn = turns.entry((&cases[*at].dataset, cases[*at].interest)).or_default();
        turn_of[*at] = *turn;
        *turn += 1;
    }
    // Stable: the lot decides within a turn.
    order.sort_by_key(|at| (cases[*at].interest, turn_of[*at]));
    order
}

/// The media that a page will hold if every answer is right, which is known before there is one.
///
/// Whoever makes their previews while a run waits for its answers need not make them at its end.
#[derive(Debug)]
pub struct EarlyMedia {
    most: usize,
    cases: Vec<CaseMedia>,
}

impl EarlyMedia {
    /// Of a page that embeds so many.
    #[must_use]
    pub fn new(embed: Embed) -> Self {
        let most = match embed {
            Embed::None => 0,
            Embed::Some => SAMPLE,
            Embed::All => EARLY,
        };
        Self { most, cases: Vec::new() }
    }

    /// Adds a case of the run. However many there are, few are kept.
    pub fn add(&mut self, dataset: String, case: &str, names: Vec<String>) {
        self.cases.push(CaseMedia::new(dataset, case, names, Interest::Sample));
        if self.cases.len() > 2 * SPARE * self.most {
            self.narrow();
        }
    }

    /// The media by dataset and name, in the order in which the page takes them.
    #[must_use]
    pub fn into_list(mut self) -> Vec<(String, String)> {
        self.narrow();
        let (mut list, mut seen) = (Vec::new(), HashSet::new());
        for case in self.cases {
            for name in case.names {
                let medium = (case.dataset.clone(), name);
                if list.len() < self.most && seen.insert(medium.clone()) {
                    list.push(medium);
                }
            }
        }
        list
    }

    /// Further cases only move these ones back, so that none of those left out would come before them.
    fn narrow(&mut self) {
        let order = in_order(&self.cases);
        let mut cases: Vec<_> = std::mem::take(&mut self.cases).into_iter().map(Some).collect();
        let first = order.into_iter().take(SPARE * self.most);
        self.cases = first.filter_map(|at| cases[at].take()).collect();
    }
}
