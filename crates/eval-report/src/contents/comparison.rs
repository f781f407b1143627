//! Two or more runs: the verdict in one sentence, every candidate before and now, then what stands behind it.

use eval_summary::{Against, CandidateChange, Difference, Opinion, RunComparison, Unmatched};

use super::against::{deciding, details, results, said, undecided, word};
use super::differences::INTERVAL;
use super::promises::promises;
use crate::document::{Block, Document, Section, Tone};
use crate::figures::{and, capital, counted, minute, points};

pub(crate) fn comparison(comparison: &RunComparison) -> Document {
    let names: Vec<&str> = comparison.sides.iter().map(|side| side.name.as_str()).collect();
    let (first, rest) =
        names.split_first().map_or(("nothing", [].as_slice()), |(first, rest)| (*first, rest));
    let mut section = Section::open("Results");
    for (name, against) in rest.iter().zip(&comparison.against) {
        if rest.len() == 1 {
            results(&mut section, against, word);
            section.list(undecided(against));
        } else {
            let mut part = Section::open(format!("{name} vs. {first}"));
            results(&mut part, against, word);
            part.list(undecided(against));
            section.fold(part);
        }
    }
    section.note(vec![format!(
        "Better or worse: significant at 5% after correction for all comparisons of a run, paired by case. {INTERVAL} \
         Cost and latency are those of each whole run."
    )]);
    if let Some(command) = &comparison.command {
        section.blocks.push(Block::Command(command.clone()));
    }
    let mut sections = vec![section];
    for (name, against) in rest.iter().zip(&comparison.against) {
        sections.extend(details(against, if rest.len() == 1 { "" } else { name }, said));
    }
    if !comparison.promises.is_empty() {
        sections.push(promises(&comparison.promises));
    }
    let began = |side: &eval_summary::Side| format!("{}: {}", side.name, minute(&side.started));
    Document {
        title: format!("{} vs. {first}", rest.join(", ")),
        about: comparison.sides.iter().map(began).collect::<Vec<_>>().join(" · "),
        headline: headline(first, rest, &comparison.against),
        tone: tone(&comparison.against),
        sections,
    }
}

fn has(against: &Against, wanted: Opinion) -> bool {
    against.differences.iter().any(|one| one.difference.opinion == wanted)
}

fn tone(against: &[Against]) -> Tone {
    if against.iter().any(|one| has(one, Opinion::Worse)) {
        Tone::Bad
    } else if against.iter().any(|one| has(one, Opinion::Better)) {
        Tone::Good
    } else if against.iter().all(|one| one.broken_total + one.fixed_total == 0 && !one.differences.is_empty())
    {
        Tone::Plain
    } else {
        Tone::Unsure
    }
}

/// The verdict in one sentence; of many runs, how many are worse.
fn headline(first: &str, rest: &[&str], against: &[Against]) -> String {
    if let [against] = against {
        return capital(&verdict(first, rest.first().unwrap_or(&""), against));
    }
    if against.len() <= 3 {
        let said = rest
            .iter()
            .zip(against)
            .map(|(name, against)| format!("{name}: {}", verdict(first, name, against)));
        return said.collect::<Vec<_>>().join(" ");
    }
    let count = |wanted| against.iter().filter(|one| has(one, wanted)).count();
    format!(
        "Of {} compared with {first}, {} are worse somewhere and {} are better somewhere.",
        counted(against.len() as u64, "run"),
        count(Opinion::Worse),
        count(Opinion::Better)
    )
}

fn verdict(first: &str, name: &str, against: &Against) -> String {
    if against.differences.is_empty() {
        return nothing_shared(first, name, against);
    }
    if against.broken_total + against.fixed_total == 0 {
        return format!("no score changed from {first}.");
    }
    let moved = format!(
        "{} broken, {} fixed",
        counted(against.broken_cases, "case"),
        crate::figures::count(against.fixed_cases)
    );
    let said: Vec<String> = [(Opinion::Worse, "worse"), (Opinion::Better, "better")]
        .into_iter()
        .filter_map(|(wanted, word)| Some(format!("{word} than {first}: {}", who(against, wanted)?)))
        .collect();
    let is_open = against.differences.iter().all(|one| one.undecided.is_some());
    match said.as_slice() {
        [] if is_open => format!("not decided, as a judge is not calibrated; {moved}."),
        [] => format!("no significant change from {first}; {moved}."),
        said => format!("{}; {moved}.", said.join("; ")),
    }
}

/// What each of the two is about, where they have nothing in common.
fn nothing_shared(first: &str, name: &str, against: &Against) -> String {
    if against.shared_cases > 0 {
        return no_candidate_shared(first, name, against);
    }
    let scopes = |has: fn(&Unmatched) -> u64| {
        let mut scopes: Vec<String> =
            against.unmatched.iter().filter(|one| has(one) > 0).map(|one| one.scope.to_string()).collect();
        scopes.dedup();
        scopes
    };
    let (before, now) = (scopes(|one| one.only_before), scopes(|one| one.only_now));
    let plain = format!("nothing to compare: {name} and {first} share no scored cases");
    match before.iter().any(|scope| now.contains(scope)) {
        _ if before.is_empty() || now.is_empty() => {
            format!("{plain}: no candidate has the same cases of the same dataset in both.")
        }
        true => format!("{plain}: each has other cases of {}.", and(&before)),
        false => format!("{plain}: {first} is about {}, {name} about {}.", and(&before), and(&now)),
    }
}

/// Two runs of the same cases with other candidates, and how one of each is compared.
fn no_candidate_shared(first: &str, name: &str, against: &Against) -> String {
    let only = |is_there: fn(&CandidateChange) -> bool| {
        against.candidates.iter().find(|one| is_there(one)).map(|one| one.provider.as_str())
    };
    let shared = format!(
        "nothing to compare: {name} and {first} share {}, but no candidate",
        counted(against.shared_cases, "case")
    );
    match (only(|one| one.before.is_some()), only(|one| one.now.is_some())) {
        (Some(before), Some(now)) => format!(
            "{shared}. Name one of each to compare them: `vision-eval compare {first}@{before} {name}@{now}`."
        ),
        _ => format!("{shared}."),
    }
}

/// The candidates of which that is said, the largest change first; each overall, or else on its tasks.
fn who(against: &Against, wanted: Opinion) -> Option<String> {
    const MOST: usize = 2;
    let mut found: Vec<(&Difference, String)> = Vec::new();
    for candidate in &against.candidates {
        let Some(overall) = deciding(against, &candidate.provider) else { continue };
        if overall.difference.opinion == wanted {
            found.push((&overall.difference, String::new()));
            continue;
        }
        let tasks = against.differences.iter().filter(|one| one.difference.b == candidate.provider);
        let of_task = |one: &'_ eval_summary::Paired| format!(" on {}", one.scope);
        found.extend(
            tasks.filter(|one| one.difference.opinion == wanted).map(|one| (&one.difference, of_task(one))),
        );
    }
    found.sort_by(|a, b| b.0.difference.abs().total_cmp(&a.0.difference.abs()));
    let rest = found.len().saturating_sub(MOST);
    let mut names: Vec<String> = found
        .iter()
        .take(MOST)
        .map(|(it, on)| {
            format!("{}{on} by {} points", it.b, points(it.difference.abs()).trim_start_matches('+'))
        })
        .collect();
    if rest > 0 {
        names.push(format!("{rest} more"));
    }
    (!names.is_empty()).then(|| and(&names))
}
