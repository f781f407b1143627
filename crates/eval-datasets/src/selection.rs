use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use vision_core::Task;

/// Which cases of a dataset are wanted. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// Only these tasks.
    pub tasks: Vec<Task>,
    /// Only these ids; a `*` at the end matches any rest.
    pub ids: Vec<String>,
    /// Only these ids, of which there may be very many.
    pub listed: Option<HashSet<String>>,
    /// Only cases with all these tags.
    pub tags: Vec<(String, String)>,
    /// Only one part of several, by a hash of the id.
    pub partition: Option<Partition>,
    /// Only these positions, counted among the cases that everything above leaves.
    pub range: Option<Range>,
    /// Only this many, drawn by `seed` from what everything above leaves.
    pub sample: Option<(usize, u64)>,
}

/// `2/5`: the second of five parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// From 1.
    pub part: u64,
    /// How many there are.
    pub of: u64,
}

/// `20` (the first twenty) or `10-20` (both included, from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// From 1.
    pub first: usize,
    /// Included.
    pub last: usize,
}

impl Selection {
    /// Whether a case is wanted, as far as its own line can tell.
    pub(crate) fn wants(&self, id: &str, task: Task, tags: &BTreeMap<String, String>) -> bool {
        (self.tasks.is_empty() || self.tasks.contains(&task))
            && (self.ids.is_empty() || self.ids.iter().any(|pattern| matches(pattern, id)))
            && self.listed.as_ref().is_none_or(|listed| listed.contains(id))
            && self.tags.iter().all(|(key, value)| tags.get(key).is_some_and(|tag| matches(value, tag)))
            && self.partition.is_none_or(|partition| partition.holds(id))
    }

    /// Narrows what `wants` left by position and by lot.
    pub(crate) fn narrow<T>(&self, mut cases: Vec<T>) -> Vec<T> {
        if let Some(range) = self.range {
            cases.truncate(range.last);
            cases.drain(..(range.first - 1).min(cases.len()));
        }
        if let Some((count, seed)) = self.sample {
            cases = draw(cases, count, seed);
        }
        cases
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => pattern == text,
    }
}

/// `count` of `cases`, drawn by `seed`, in their old order.
fn draw<T>(cases: Vec<T>, count: usize, seed: u64) -> Vec<T> {
    let mut lots: Vec<(u64, usize)> = (0..cases.len()).map(|at| (mix(seed ^ mix(at as u64)), at)).collect();
    lots.sort_unstable();
    lots.truncate(count);
    let drawn: std::collections::BTreeSet<usize> = lots.into_iter().map(|(_, at)| at).collect();
    cases.into_iter().enumerate().filter(|(at, _)| drawn.contains(at)).map(|(_, case)| case).collect()
}

/// A number that looks like chance, the same for the same value in every version.
fn mix(value: u64) -> u64 {
    SplitMix64::seed_from_u64(value).next_u64()
}

impl Partition {
    fn holds(self, id: &str) -> bool {
        // FNV-1a, spelled out because the split must be the same on every machine and in every version.
        let hash = id.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        mix(hash) % self.of == self.part - 1
    }
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Self { part, of }),
            _ => Err(format!("`{text}` is not a part such as 2/5")),
        }
    }
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or(("1", text));
        match (first.trim().parse(), last.trim().parse()) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last => Ok(Self { first, last }),
            _ => Err(format!("`{text}` is neither a count such as 20 nor a range such as 10-20")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use vision_core::Task;

    use super::{Partition, Range, Selection};

    fn wants(selection: &Selection, id: &str) -> bool {
        let tags = BTreeMap::from([("look".to_owned(), "photo".to_owned())]);
        selection.wants(id, Task::Receipt, &tags)
    }

    #[test]
    fn the_parts_of_a_partition_cover_every_case_once() {
        for id in (0..500).map(|n| format!("case-{n}")) {
            let holders = (1..=5).filter(|&part| Partition { part, of: 5 }.holds(&id)).count();
            assert_eq!(holders, 1, "{id}");
        }
    }

    #[test]
    fn a_partition_is_about_even() {
        let part = Partition { part: 1, of: 4 };
        let held = (0..4000).filter(|n| part.holds(&format!("case-{n}"))).count();
        assert!((900..1100).contains(&held), "{held}");
    }

    #[test]
    fn tags_and_ids_narrow() {
        let by_tag = Selection { tags: vec![("look".into(), "photo".into())], ..Selection::default() };
        assert!(wants(&by_tag, "a"));
        let other = Selection { tags: vec![("look".into(), "clean".into())], ..Selection::default() };
        assert!(!wants(&other, "a"));
        let by_id = Selection { ids: vec!["rec-*".into()], ..Selection::default() };
        assert!(wants(&by_id, "rec-1") && !wants(&by_id, "doc-1"));
    }

    #[test]
    fn a_sample_is_repeatable_and_keeps_the_order() {
        let selection = Selection { sample: Some((10, 7)), ..Selection::default() };
        let drawn = selection.narrow((0..1000).collect());
        assert_eq!(drawn, selection.narrow((0..1000).collect()));
        assert!(drawn.is_sorted() && drawn.len() == 10);
        let other = Selection { sample: Some((10, 8)), ..Selection::default() };
        assert_ne!(drawn, other.narrow((0..1000).collect()));
    }

    #[test]
    fn ranges_count_from_one() {
        let narrow = |text: &str| {
            let selection = Selection { range: Some(text.parse().unwrap()), ..Selection::default() };
            selection.narrow(vec![1, 2, 3, 4, 5])
        };
        assert_eq!(narrow("2"), [1, 2]);
        assert_eq!(narrow("2-3"), [2, 3]);
        assert_eq!(narrow("9-12"), [0; 0]);
        assert!("0".parse::<Range>().is_err() && "3-2".parse::<Range>().is_err());
        assert!("6/5".parse::<Partition>().is_err() && "0/5".parse::<Partition>().is_err());
    }
}
