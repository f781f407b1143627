//! Where most is lost: fields and tags over all tasks, the worst first, each with the way to its cases.

use eval_summary::{Failings, FieldCounts, Scope, Summary};
use serde::Serialize;

use super::hints::Hints;
use crate::figures::percent;

/// Longer lists are in the parts of each task.
const MOST: usize = 10;
/// With fewer trials the score of a tag says nothing.
const LEAST_TRIALS: u64 = 5;

/// One line of a list of what is worst.
#[derive(Debug, Serialize)]
pub(super) struct Worst {
    name: String,
    of: String,
    figure: String,
    /// What its mistakes have in common.
    hint: String,
    /// The filter of the case browser that shows its cases.
    filter: String,
}

/// What is worst.
#[derive(Debug, Serialize)]
pub(super) struct WorstOf {
    fields: Vec<Worst>,
    tags: Vec<Worst>,
}

impl WorstOf {
    pub fn of(summary: &Summary, hints: &Hints) -> Self {
        let is_control = |label: &str| summary.providers.iter().any(|one| one.control && one.label == label);
        Self { fields: fields(summary, hints, &is_control), tags: tags(summary, &is_control) }
    }
}

fn fields(summary: &Summary, hints: &Hints, is_control: &dyn Fn(&str) -> bool) -> Vec<Worst> {
    let mut found: Vec<(u64, Worst)> = Vec::new();
    for failings in &summary.failings {
        let Scope::Task { dataset, task } = &failings.scope else { continue };
        let mut names: Vec<&str> = failings.fields.iter().map(|one| one.field.as_str()).collect();
        names.dedup();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let counts: Vec<&FieldCounts> = failings
                .fields
                .iter()
                .filter(|one| one.field == name && !is_control(&one.provider))
                .collect();
            let judged: u64 = counts.iter().map(|one| one.judged).sum();
            let wrong = judged - counts.iter().map(|one| one.right).sum::<u64>().min(judged);
            if wrong == 0 {
                continue;
            }
            let hint = hints.of(dataset, task.name(), name);
            let critical = counts.iter().any(|one| one.critical);
            found.push((
                wrong,
                Worst {
                    name: name.to_owned(),
                    of: format!("{}{}", failings.scope, if critical { ", critical" } else { "" }),
                    figure: format!("{wrong} of {judged} wrong"),
                    hint: hint.map_or_else(String::new, |it| {
                        format!("{} of {} mistakes {}.", it.count, it.of, it.cause.phrase())
                    }),
                    filter: filter(&[("dataset", dataset), ("field", name)]),
                },
            ));
        }
    }
    found.sort_by_key(|(wrong, _)| std::cmp::Reverse(*wrong));
    found.into_iter().take(MOST).map(|(_, worst)| worst).collect()
}

/// Tags whose cases score lower than all cases of their task.
fn tags(summary: &Summary, is_control: &dyn Fn(&str) -> bool) -> Vec<Worst> {
    let mut found: Vec<(f64, Worst)> = Vec::new();
    for failings in &summary.failings {
        let Scope::Task { dataset, .. } = &failings.scope else { continue };
        let board = summary.board(&failings.scope);
        let rows = board.map(|board| board.rows.as_slice()).unwrap_or_default();
        let all =
            mean(rows.iter().filter(|row| !row.control).filter_map(|row| Some(row.score.as_ref()?.mean)));
        for (tag, value) in names(failings) {
            let of = || {
                let same = failings.tags.iter().filter(|one| one.tag == tag && one.value == value);
                same.filter(|one| !is_control(&one.provider))
            };
            let (Some(all), Some(here)) = (all, mean(of().map(|one| one.score.mean))) else { continue };
            let trials = of().map(|one| one.score.n).max().unwrap_or(0);
            if trials < LEAST_TRIALS || here >= all - 0.005 {
                continue;
            }
            let name = format!("{tag} = {value}");
            found.push((
                here - all,
                Worst {
                    of: failings.scope.to_string(),
                    figure: format!("{} instead of {}", percent(here), percent(all)),
                    hint: format!("{trials} trials of each candidate."),
                    filter: filter(&[("dataset", dataset), ("tag", &name)]),
                    name,
                },
            ));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().take(MOST).map(|(_, worst)| worst).collect()
}

fn names(failings: &Failings) -> Vec<(&str, &str)> {
    let mut names: Vec<(&str, &str)> =
        failings.tags.iter().map(|one| (one.tag.as_str(), one.value.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

/// As the script of the page reads it behind `#cases?`.
fn filter(parts: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let parts: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("#cases?{}", parts.join("&"))
}
