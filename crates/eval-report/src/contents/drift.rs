//! What a difference between two runs is due to, and one model at several hosts.

use eval_summary::{Against, CanaryCheck, Cause, Drift, DriftPart, Estimate, Parity};

use crate::document::{Cell, Column, Line, Section, Tone};
use crate::figures::{and, interval, interval_of_points, percent, points};

/// Nothing where no score moved, or a record is missing.
pub(super) fn drift(against: &Against) -> Section {
    let mut section = Section::open("What the difference is due to");
    let moved = |one: &&Drift| one.parts.iter().any(|part| part.moved > 0);
    let lines: Vec<Line> = against.drift.iter().filter(moved).flat_map(parts).collect();
    if lines.is_empty() {
        return section;
    }
    let columns = [
        Column::new("Candidate"),
        Column::new("Due to"),
        Column::new("Points").about("Its part of the difference; every case has the same weight"),
        Column::new("Noise")
            .about("How far the score moves by noise alone on these cases (95%), from repeats of one case"),
        Column::new("Cases").detail("moved").about("Cases of which that is true"),
        Column::new("Result"),
    ];
    section.whole_table("", &columns, lines);
    section.note(vec![
        "Labels and scoring rules: the earlier answers, scored by either. The rest by what changed for each case; changes of \
         the same cases cannot be told apart. “No recorded change” is noise, or something that the host does not say."
            .to_owned(),
    ]);
    section
}

fn parts(one: &Drift) -> Vec<Line> {
    let part = |(at, part): (usize, &DriftPart)| {
        let name = if at == 0 { one.provider.as_str() } else { "" };
        let (word, tone) = word(part);
        let noise = part.noise.map_or_else(
            || Cell::text(if is_of_answers(part) { "unknown" } else { "–" }),
            |noise| Cell::text(format!("±{}", points(1.96 * noise).trim_start_matches('+'))),
        );
        let cells = vec![
            Cell::text(name),
            Cell::text(causes(&part.causes)),
            Cell::number(Some(part.difference), points),
            noise,
            Cell::count(part.cases).with(part.moved.to_string()),
            Cell::text(word),
        ];
        Line { cells, tone }
    };
    let shown = one.parts.iter().filter(|part| part.moved > 0);
    shown.enumerate().map(part).collect()
}

/// Whether it is about other answers, which noise can explain, and not about the same ones judged otherwise.
fn is_of_answers(part: &DriftPart) -> bool {
    !matches!(part.causes.as_slice(), [Cause::Scorer] | [Cause::Labels])
}

fn word(part: &DriftPart) -> (&'static str, Tone) {
    match (is_of_answers(part), part.is_beyond_noise(), part.causes.is_empty()) {
        (false, ..) => ("not the model", Tone::Unsure),
        (true, Some(false), _) => ("within noise", Tone::Plain),
        (true, Some(true), true) => ("beyond noise: unexplained", Tone::Bad),
        (true, Some(true), false) => ("beyond noise", Tone::Bad),
        (true, None, _) => ("noise unknown: use --repeat", Tone::Unsure),
    }
}

fn causes(causes: &[Cause]) -> String {
    let name = |cause: &Cause| {
        match cause {
            Cause::Scorer => "scoring rules",
            Cause::Labels => "labels",
            Cause::Metric => "metric",
            Cause::Model => "model asked for",
            Cause::ServedModel => "served model or fingerprint",
            Cause::Prompt => "prompt",
            Cause::Settings => "settings",
            Cause::Media => "media as sent",
        }
        .to_owned()
    };
    match causes {
        [] => "no recorded change".to_owned(),
        causes => and(&causes.iter().map(name).collect::<Vec<_>>()),
    }
}

/// Cases that every version of a model should answer alike.
pub(super) fn canaries(against: &Against) -> Section {
    let mut section = Section::open("Canary cases");
    let lines = against.drift.iter().filter_map(|one| Some(canary(&one.provider, one.canaries.as_ref()?)));
    let lines: Vec<Line> = lines.collect();
    if lines.is_empty() {
        return section;
    }
    let columns = [
        Column::new("Candidate"),
        Column::new("Changed").detail("cases").about("Canaries that are answered otherwise than before"),
        Column::new("Points").about("Change of their mean score"),
        Column::new("Replaced")
            .about("Canaries whose file or label is not what it was: they are not compared"),
        Column::new("Result"),
    ];
    section.whole_table("", &columns, lines);
    section.note(vec![
        "Canaries are the cases with the tag `canary`. Their file and label are the same in both runs, so that the data is \
         not why an answer changed."
            .to_owned(),
    ]);
    section
}

fn canary(provider: &str, it: &CanaryCheck) -> Line {
    let (word, tone) = match (it.changed, it.is_host()) {
        _ if it.cases == 0 => ("none to compare".to_owned(), Tone::Unsure),
        (0, _) => ("unchanged".to_owned(), Tone::Good),
        (_, true) => (format!("the host or its model changed: {}", named(it)), Tone::Bad),
        (_, false) => (format!("changed along with {}: {}", causes(&it.causes), named(it)), Tone::Unsure),
    };
    let points = Cell::number((it.cases > 0).then_some(it.difference), points);
    let changed = Cell::count(it.changed).with(format!("of {}", it.cases));
    Line {
        cells: vec![Cell::text(provider), changed, points, Cell::count(it.replaced), Cell::text(word)],
        tone,
    }
}

/// `c1, c2, c3 and 4 more`.
fn named(it: &CanaryCheck) -> String {
    const SHOWN: usize = 3;
    let first = it.examples.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    let rest = it.changed.saturating_sub(first.len() as u64);
    let names = first.join(", ");
    if rest > 0 { format!("{names} and {rest} more") } else { names }
}

/// One model at several hosts of the later run.
pub(super) fn parity(against: &Against) -> Section {
    let mut section = Section::open("Host parity");
    if against.parity.is_empty() {
        return section;
    }
    let columns = [
        Column::new("Model"),
        Column::new("Hosts"),
        Column::new("Points").detail("95% CI").about("Score at the second minus score at the first, by case"),
        Column::new("Same answers").about("Share of answers that are the same at both hosts"),
        Column::new("Same repeats").about("Share of repeats that are the same at one host"),
        Column::new("Cases"),
        Column::new("Result"),
    ];
    section.whole_table("", &columns, against.parity.iter().map(hosts).collect());
    section.note(vec![
        "Hosts differ if the scores differ significantly, or if two repeats at one host agree significantly more often than \
         the answers of the two hosts."
            .to_owned(),
    ]);
    section
}

fn hosts(one: &Parity) -> Line {
    let share = |it: &Estimate| Cell::number(Some(it.mean), percent).with(interval(it.interval.as_ref()));
    let (word, tone) = match one.differ() {
        Some(true) => ("differ beyond noise", Tone::Bad),
        Some(false) => ("no difference beyond noise", Tone::Good),
        None => ("noise unknown: use --repeat", Tone::Unsure),
    };
    let cells = vec![
        Cell::text(&one.model),
        Cell::text(format!("{} vs. {}", one.one, one.other)),
        Cell::number(Some(one.difference.mean), points)
            .with(interval_of_points(one.difference.interval.as_ref())),
        share(&one.same_across),
        one.same_within.as_ref().map_or_else(|| Cell::text("–"), share),
        Cell::count(one.cases),
        Cell::text(word),
    ];
    Line { cells, tone }
}
