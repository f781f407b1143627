//! Dates in three columns.

use std::collections::BTreeMap;

use vision_core::Task;

use super::super::path::{self, Step};
use super::{DatePart, Role};

/// Day, month and year in columns of their own, where they would otherwise not make a date.
pub(super) fn dates(
    names: &[Option<String>],
    task: Task,
    roles: &mut [Role],
    unknown: &mut Vec<usize>,
) -> Vec<Vec<Step>> {
    if !matches!(task, Task::Receipt | Task::Document | Task::Extract) {
        return Vec::new();
    }
    const PARTS: [(&str, DatePart); 12] = [
        ("day", DatePart::Day),
        ("tag", DatePart::Day),
        ("jour", DatePart::Day),
        ("dd", DatePart::Day),
        ("month", DatePart::Month),
        ("monat", DatePart::Month),
        ("mois", DatePart::Month),
        ("mm", DatePart::Month),
        ("year", DatePart::Year),
        ("jahr", DatePart::Year),
        ("annee", DatePart::Year),
        ("yyyy", DatePart::Year),
    ];
    let mut found: BTreeMap<String, Vec<(DatePart, usize)>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let lower = name.as_deref().unwrap_or_default().trim().to_lowercase();
        for (word, part) in PARTS {
            if let Some(prefix) = lower.strip_suffix(word)
                && (prefix.is_empty() || prefix.ends_with(['_', '-', ' ', '.']))
            {
                let prefix = prefix.trim_end_matches(['_', '-', ' ', '.']).to_owned();
                found.entry(prefix).or_default().push((part, at));
            }
        }
    }
    let mut dates = Vec::new();
    for (prefix, mut parts) in found {
        parts.sort_unstable();
        let whole: Vec<DatePart> = parts.iter().map(|(part, _)| *part).collect();
        let name = if prefix.is_empty() || task == Task::Receipt { "date".to_owned() } else { prefix };
        let Ok(steps) = path::parse(&name) else { continue };
        let taken = roles.contains(&Role::Label(steps.clone())) || dates.contains(&steps);
        if whole == [DatePart::Day, DatePart::Month, DatePart::Year] && !taken {
            for (part, at) in parts {
                roles[at] = Role::Part(dates.len(), part);
                unknown.retain(|other| *other != at);
            }
            dates.push(steps);
        }
    }
    dates
}
